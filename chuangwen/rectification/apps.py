from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "chuangwen.rectification"
    label = "rectification"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from chuangwen.accounts.matters import register_matter
        from chuangwen.accounts.roles import Role
        from chuangwen.core.gram_index import register_grams
        from chuangwen.core.imports import register_importer
        from chuangwen.core.lists import register_list
        from chuangwen.core.panels import (
            NavGroup,
            NavItem,
            register_desk,
            register_figures,
            register_navigation,
            register_panel,
        )
        from chuangwen.core.search import register_search
        from chuangwen.places.queries import register_plate_opener
        from chuangwen.places.services import register_on_place_gone
        from chuangwen.rectification import agenda, asked, beside, due, head_acts, level_facts, weekly  # noqa: F401
        from chuangwen.rectification.desk import desk, figures, open_rows
        from chuangwen.rectification.importers import ProblemImporter, RoutingRuleImporter
        from chuangwen.rectification.models import Problem
        from chuangwen.rectification.search import search_problems
        from chuangwen.rectification.services import end_problems_of_gone_place
        from chuangwen.rectification.views import at_place, matter
        from chuangwen.rectification.views.ledger import LEDGER
        from chuangwen.rectification.views.rules import RULES

        register_search(search_problems, 10)
        register_grams(1, Problem, ("title", "source_number"), numbers=("number",))
        register_importer(RoutingRuleImporter())
        register_importer(ProblemImporter())
        register_list(LEDGER)
        register_list(RULES)
        register_matter(
            matter.KIND, matter.show, _("Problem"), files=matter.files, page_url=matter.page_url,
            actions={
                "receive": matter.receive, "fix": matter.fix, "dispute": matter.dispute, "explain": matter.explain,
                "extension": matter.extension,
            },
        )  # fmt: skip
        register_on_place_gone(end_problems_of_gone_place)
        register_panel("place", at_place.problems_of_place)
        register_plate_opener(at_place.plate_target, 60)
        register_desk(desk)
        register_figures(figures)
        register_panel("campaign", beside.campaign_problems)
        register_panel("unit", beside.unit_problems)
        register_panel("task", beside.task_problems)
        register_panel("site-visit", beside.visit_problems)
        register_panel("area", beside.area_problems)
        register_panel("handover", beside.post_problems)
        register_navigation(
            NavItem(
                NavGroup.RECTIFICATION, 40, _("Problems"), "flag", "rectification:ledger", ("rectification.view",),
                phone=(Role.OFFICE, Role.LIAISON, Role.KEEPER, Role.VERIFIER), phone_order=-1, waiting=open_rows,
                prefixes=("/problems/", "/imports/problems/", "/imports/routing-rules/"),
            )
        )  # fmt: skip
