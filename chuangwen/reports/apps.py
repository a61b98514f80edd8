from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "chuangwen.reports"
    label = "reports"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from chuangwen.core.lists import register_list
        from chuangwen.core.panels import NavItem, register_desk, register_navigation, register_panel
        from chuangwen.core.search import register_search
        from chuangwen.reports.beside import unit_papers
        from chuangwen.reports.desk import desk
        from chuangwen.reports.lists import BULLETINS, PROBLEM_CELL, RECEIPTS, TASK_CELL
        from chuangwen.reports.search import search_bulletins

        for page in (BULLETINS, PROBLEM_CELL, TASK_CELL, RECEIPTS):
            register_list(page)
        register_search(search_bulletins, 60)
        register_desk(desk)
        register_panel("unit", unit_papers)
        register_navigation(
            NavItem(
                "results", 55, _("Bulletins and reports"), "speakerphone", "reports:list", ("reports.view",),
                prefixes=("/bulletins/",),
            )
        )  # fmt: skip
