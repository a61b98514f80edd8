from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "chuangwen.notifications"
    label = "notifications"

    def ready(self) -> None:
        from chuangwen.audit.wording import register_action_words
        from chuangwen.core.lists.response import register_list
        from chuangwen.notifications import jobs  # noqa: F401 (registers its daily work)
        from chuangwen.notifications.lists import Inbox

        register_list(Inbox())
        register_action_words(
            {
                "notifications.step.set": _("Step of reminding set"),
                "notifications.feed.make": _("Calendar address made"),
                "notifications.feed.revoke": _("Calendar address ended"),
                "notifications.quiet.set": _("Quiet hours of the region set"),
                "notifications.quiet.choose": _("Own quiet hours chosen"),
                "notifications.quiet.forget": _("Own quiet hours given up"),
            }
        )
