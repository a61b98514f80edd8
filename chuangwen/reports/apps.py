from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "chuangwen.reports"
    label = "reports"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from chuangwen.campaigns.round_facts import register_round_facts
        from chuangwen.core.gram_index import register_grams
        from chuangwen.core.lists import register_list
        from chuangwen.core.panels import NavGroup, NavItem, register_desk, register_navigation, register_panel
        from chuangwen.core.search import register_search
        from chuangwen.reports import head_acts  # noqa: F401 (registers itself)
        from chuangwen.reports.beside import round_papers, unit_papers
        from chuangwen.reports.cells import CELLS
        from chuangwen.reports.desk import desk
        from chuangwen.reports.lists import BULLETINS, RECEIPTS
        from chuangwen.reports.models import Bulletin
        from chuangwen.reports.search import search_bulletins

        register_grams(6, Bulletin, ("title", "number"))
        for page in (BULLETINS, RECEIPTS, *CELLS.values()):
            register_list(page)
        register_search(search_bulletins, 60)
        register_desk(desk)
        register_panel("unit", unit_papers)
        register_round_facts(round_papers)
        register_navigation(
            NavItem(
                NavGroup.RESULTS, 55, _("Bulletins and reports"), "speakerphone", "reports:list", ("reports.view",),
                prefixes=("/bulletins/",),
            )
        )  # fmt: skip
