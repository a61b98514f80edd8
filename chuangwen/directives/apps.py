from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "chuangwen.directives"
    label = "directives"

    def ready(self) -> None:
        from chuangwen.core.gram_index import register_grams
        from chuangwen.core.lists.response import register_list
        from chuangwen.core.panels import register_desk, register_navigation, register_panel
        from chuangwen.core.search import register_search
        from chuangwen.directives import agenda, beside, jobs, panels  # noqa: F401 (agenda and jobs register themselves)
        from chuangwen.directives.lists import DOCUMENTS
        from chuangwen.directives.models import Document
        from chuangwen.directives.search import search_documents
        from chuangwen.directives.views.attendance_list import ATTENDANCE
        from chuangwen.directives.views.meeting_list import MEETINGS, SERIES
        from chuangwen.directives.views.topics import TOPICS

        register_search(search_documents, 50)
        register_grams(4, Document, ("title",))
        for one in (DOCUMENTS, MEETINGS, SERIES, ATTENDANCE, TOPICS):
            register_list(one)
        register_navigation(panels.NAVIGATION, panels.MEETINGS)
        register_desk(panels.desk)
        register_panel("task", beside.task_source)
