from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "chuangwen.desk"
    label = "desk"

    def ready(self) -> None:
        from chuangwen.accounts.roles import Role
        from chuangwen.core.panels import NavGroup, NavItem, register_navigation
        from chuangwen.desk import own_dates  # noqa: F401 (registers itself)

        register_navigation(
            NavItem(
                NavGroup.TODAY, 10, _("Desk"), "layout-dashboard", "desk:desk", (), phone=tuple(Role), phone_order=-2
            )
        )
