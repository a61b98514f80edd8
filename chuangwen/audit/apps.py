from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "chuangwen.audit"
    label = "audit"

    def ready(self) -> None:
        from chuangwen.audit import forms, jobs, leaving  # noqa: F401 (registers its kind; connects its receivers)
        from chuangwen.audit.lists import EntryList
        from chuangwen.audit.wording import register_action_words
        from chuangwen.core.lists.response import register_list
        from chuangwen.core.panels import NavGroup, NavItem, register_navigation

        register_action_words({"core.list.export": _("List exported")})
        register_list(EntryList())
        register_navigation(NavItem(NavGroup.SITE, 63, _("Audit"), "shield-check", "audit:entries", ("audit.view",)))
