from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "chuangwen.scoring"
    label = "scoring"

    def ready(self) -> None:
        from chuangwen.accounts.roles import Role
        from chuangwen.campaigns.round_facts import register_round_facts
        from chuangwen.core.imports import register_importer
        from chuangwen.core.lists.response import register_list
        from chuangwen.core.panels import NavGroup, NavItem, register_figures, register_navigation, register_panel
        from chuangwen.scoring import jobs, lags  # noqa: F401 (they register themselves)
        from chuangwen.scoring.compared_list import ComparedList
        from chuangwen.scoring.cycle import years_of_campaign
        from chuangwen.scoring.glance import last_score, score_of_rounds, unit_losses, where_points_went
        from chuangwen.scoring.importers import OutsideImporter
        from chuangwen.scoring.lists import RunList
        from chuangwen.scoring.loss_list import LossList
        from chuangwen.scoring.next_up_list import NextUpList, OwnNextUpList
        from chuangwen.scoring.views.goals import desk_goals, goals_panel
        from chuangwen.scoring.views.so_far import so_far_panel

        register_importer(OutsideImporter())
        for one in (RunList(), LossList(), NextUpList(), OwnNextUpList(), ComparedList()):
            register_list(one)
        register_figures(last_score)
        register_panel("desk", where_points_went)
        register_panel("desk", desk_goals)
        register_panel("campaign", years_of_campaign)
        register_panel("campaign", where_points_went)
        register_panel("campaign", goals_panel)
        register_panel("unit", unit_losses)
        register_panel("round", so_far_panel)
        register_round_facts(score_of_rounds)
        register_navigation(
            NavItem(
                NavGroup.RESULTS, 50, _("Scores"), "chart-bar", "scoring:runs", ("scoring.view",),
                phone=(Role.LEADER, Role.ASSESSOR, Role.AUDITOR),
            )
        )  # fmt: skip
