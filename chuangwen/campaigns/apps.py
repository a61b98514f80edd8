from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "chuangwen.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        import chuangwen.campaigns.agenda
        import chuangwen.campaigns.jobs  # noqa: F401  (both register themselves)
        from chuangwen.campaigns.desk import desk_items
        from chuangwen.campaigns.listing import CAMPAIGNS
        from chuangwen.campaigns.models import Title
        from chuangwen.core.gram_index import register_grams
        from chuangwen.core.lists import register_list
        from chuangwen.core.panels import NavGroup, NavItem, register_desk, register_navigation

        register_list(CAMPAIGNS)
        register_grams(12, Title, ("name",))
        register_desk(desk_items)
        register_navigation(
            NavItem(NavGroup.STANDARDS, 21, _("Campaigns"), "calendar-event", "campaigns:list", ("campaigns.view",))
        )
