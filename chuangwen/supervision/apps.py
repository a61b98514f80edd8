from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    name = "chuangwen.supervision"
    label = "supervision"

    def ready(self) -> None:
        from chuangwen.accounts.matters import register_matter
        from chuangwen.accounts.roles import Role
        from chuangwen.audit.wording import register_action_words
        from chuangwen.core.gram_index import register_grams
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
        from chuangwen.supervision import (
            agenda,  # noqa: F401  (registers itself)
            asked,  # noqa: F401  (registers itself)
            beside,
            due,  # noqa: F401  (registers itself)
            head_acts,  # noqa: F401  (registers itself)
            held,  # noqa: F401  (a meeting that is held holds its list)
            jobs,  # noqa: F401  (registers the morning look)
            lags,  # noqa: F401  (registers itself)
            result_sources,  # noqa: F401  (registers itself)
        )
        from chuangwen.supervision.action_words import ACTION_WORDS
        from chuangwen.supervision.desk import desk, figures, waiting_rows
        from chuangwen.supervision.models import Story, SupervisionNotice
        from chuangwen.supervision.search import search_consequences, search_notices, search_stories
        from chuangwen.supervision.views import matter
        from chuangwen.supervision.views.every import LISTS

        for one in LISTS:
            register_list(one)
        register_search(search_notices, 12)
        register_search(search_stories, 60)
        register_search(search_consequences, 61)
        register_grams(9, SupervisionNotice, ("reason", "answer"), numbers=("number",))
        register_grams(10, Story, ("title",))
        register_matter(
            matter.KIND, matter.show, _("Notice"), files=matter.files, page_url=matter.page_url,
            actions={"acknowledge": matter.acknowledge, "answer": matter.answer},
        )  # fmt: skip
        for slot, panel in beside.PANELS:
            register_panel(slot, panel)
        register_desk(desk)
        register_figures(figures)
        register_navigation(
            NavItem(
                NavGroup.RECTIFICATION, 41, _("Supervision"), "alert-triangle", "supervision:register",
                ("supervision.view",), phone=(Role.OFFICE, Role.LEADER, Role.AUDITOR),
                waiting=waiting_rows, prefixes=("/notices/", "/veto-events/", "/flags/", "/lists/", "/exposures/",
                          "/talks/", "/consequences/", "/look-backs/"),
            )
        )  # fmt: skip
        register_action_words(ACTION_WORDS)
