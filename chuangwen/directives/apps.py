from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectivesConfig(AppConfig):
    name = "chuangwen.directives"
    label = "directives"

    def ready(self) -> None:
        from chuangwen.accounts.matters import register_matter
        from chuangwen.core.gram_index import register_grams
        from chuangwen.core.lists.response import register_list
        from chuangwen.core.panels import register_desk, register_navigation, register_panel
        from chuangwen.core.search import register_search
        from chuangwen.core.workbook_templates.registry import register_own_table
        from chuangwen.directives import (  # noqa: F401 (most register themselves)
            agenda,
            asked,
            beside,
            due,
            head_acts,
            jobs,
            letter_panels,
            level_facts,
            panels,
        )
        from chuangwen.directives.lists import DOCUMENTS
        from chuangwen.directives.models import Document
        from chuangwen.directives.own_workbooks import BREAKDOWN
        from chuangwen.directives.search import search_documents
        from chuangwen.directives.views import passing, slips, written
        from chuangwen.directives.views.attendance_list import ATTENDANCE
        from chuangwen.directives.views.letter_list import LETTERS, SLIPS
        from chuangwen.directives.views.meeting_list import MEETINGS, SERIES
        from chuangwen.directives.views.passing import PASSINGS
        from chuangwen.directives.views.topics import TOPICS
        from chuangwen.directives.views.written_list import CALLS, REPORTS

        register_search(search_documents, 50)
        register_own_table(BREAKDOWN)
        register_grams(4, Document, ("title",))
        for one in (DOCUMENTS, MEETINGS, SERIES, ATTENDANCE, TOPICS, PASSINGS, CALLS, REPORTS, LETTERS, SLIPS):
            register_list(one)
        register_navigation(panels.NAVIGATION, panels.MEETINGS, letter_panels.NAVIGATION)
        register_desk(panels.desk)
        register_desk(panels.meeting_lines)
        register_desk(letter_panels.letter_lines)
        register_panel("task", beside.task_source)
        register_matter(
            passing.KIND,
            passing.show,
            _("Meeting to pass on"),
            actions={"pass": passing.take},
            page_url=passing.page_url,
        )
        register_matter(
            written.KIND, written.show, _("Written report"), actions={"hand-in": written.take}, files=written.files,
            page_url=written.page_url,
        )  # fmt: skip
        register_matter(
            slips.KIND, slips.show, _("Reply slip"), actions={"reply": slips.take}, files=slips.files,
            page_url=slips.page_url,
        )  # fmt: skip
