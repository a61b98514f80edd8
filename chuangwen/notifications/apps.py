from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "chuangwen.notifications"
    label = "notifications"

    def ready(self) -> None:
        from chuangwen.core.lists.response import register_list
        from chuangwen.notifications import jobs  # noqa: F401 (registers its daily work)
        from chuangwen.notifications.lists import Inbox

        register_list(Inbox())
