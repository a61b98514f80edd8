from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "chuangwen.public"
    label = "public"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from chuangwen.core.panels import NavGroup, NavItem, register_desk, register_navigation, register_panel
        from chuangwen.public.beside import draw_address, notice_address, release_address
        from chuangwen.public.desk import desk

        register_desk(desk)
        register_panel("programme", notice_address)
        register_panel("release", release_address)
        register_panel("draw", draw_address)
        register_navigation(
            NavItem(NavGroup.SITE, 62, _("Public pages"), "world", "public:settings", ("public.arrange",),
                    prefixes=("/settings/public/",))
        )  # fmt: skip
