from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    name = "chuangwen.inspections"
    label = "inspections"

    def ready(self) -> None:
        from chuangwen.audit.wording import register_action_words
        from chuangwen.campaigns.round_facts import register_round_facts
        from chuangwen.campaigns.shifting import Shifter, register_shifter
        from chuangwen.campaigns.workflow import register_close_guard
        from chuangwen.core.imports import register_importer
        from chuangwen.core.lists import register_list
        from chuangwen.core.panels import register_desk, register_figures, register_navigation, register_panel
        from chuangwen.inspections import beside, head_acts, jobs  # noqa: F401 (two register themselves)
        from chuangwen.inspections.importers import ResultImporter
        from chuangwen.inspections.picking import register_sources
        from chuangwen.inspections.services.planning import skip_visits_of_gone_place
        from chuangwen.inspections.services.rounds import what_keeps_open
        from chuangwen.inspections.services.shifting import move_visits, visit_moves
        from chuangwen.inspections.views import at_place, start
        from chuangwen.inspections.views.lists import RoundList, VisitList
        from chuangwen.inspections.views.result_lists import EntryList, LeafList
        from chuangwen.places.queries import register_plate_opener
        from chuangwen.places.services import register_on_place_gone

        register_sources()
        register_navigation(*start.NAVIGATION)
        register_action_words(
            {
                "inspections.visit.original": _("Original photo received"),
                "inspections.visit.photo-removed": _("Photo taken away"),
            }
        )
        register_close_guard(what_keeps_open)
        register_on_place_gone(skip_visits_of_gone_place)
        register_panel("place", at_place.visits_of_place)
        register_plate_opener(at_place.plate_target, 20)
        register_shifter(Shifter("visits", visit_moves, move_visits))
        register_panel("person", beside.person_visits)
        register_panel("dossier", beside.dossier_results)
        register_panel("task", beside.task_round)
        register_desk(start.desk_items)
        register_figures(start.key_figures)
        register_round_facts(start.round_facts)
        register_list(RoundList())
        register_list(VisitList())
        register_list(LeafList())
        register_list(EntryList())
        register_importer(ResultImporter())
