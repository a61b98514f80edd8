from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "chuangwen.scoring"
    label = "scoring"

    def ready(self) -> None:
        from chuangwen.core.lists.response import register_list
        from chuangwen.core.panels import NavItem, register_figures, register_navigation, register_panel
        from chuangwen.scoring import jobs  # noqa: F401 (registers its kind)
        from chuangwen.scoring.glance import last_score, where_points_went
        from chuangwen.scoring.lists import RunList

        register_list(RunList())
        register_figures(last_score)
        register_panel("desk", where_points_went)
        register_navigation(NavItem("results", 50, _("Scores"), "chart-bar", "scoring:runs", ("scoring.view",)))
