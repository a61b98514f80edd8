from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "chuangwen.audit"
    label = "audit"

    def ready(self) -> None:
        from chuangwen.audit import jobs  # noqa: F401 (registers its kind)
        from chuangwen.audit.lists import EntryList
        from chuangwen.core.lists.response import register_list
        from chuangwen.core.panels import NavItem, register_navigation

        register_list(EntryList())
        register_navigation(NavItem("site", 63, _("Audit"), "shield-check", "audit:entries", ("audit.view",)))
