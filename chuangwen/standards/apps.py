from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandardsConfig(AppConfig):
    name = "chuangwen.standards"
    label = "standards"

    def ready(self) -> None:
        from chuangwen.core.lists import register_list
        from chuangwen.core.panels import NavGroup, NavItem, register_navigation
        from chuangwen.core.search import register_search
        from chuangwen.standards import jobs  # noqa: F401  (registers its kind of work)
        from chuangwen.standards.listing import PLACE_TYPES, PROBLEM_TYPES, STANDARDS
        from chuangwen.standards.search import search_criteria

        register_search(search_criteria, 40)
        for page in (STANDARDS, PROBLEM_TYPES, PLACE_TYPES):
            register_list(page)
        register_navigation(
            NavItem(NavGroup.STANDARDS, 20, _("Standards"), "list-tree", "standards:list", ("standards.view",))
        )
