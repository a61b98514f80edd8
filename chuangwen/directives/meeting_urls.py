"""The addresses of meetings, of passing them on, and of written reports."""

from __future__ import annotations

from django.urls import path

from chuangwen.directives.views import agenda, meeting_year, meetings

MEETING_PATHS = [
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.new, name="meeting_new"),
    path("meetings/year/<int:year>/", meeting_year.year, name="meeting_year"),
    path("meetings/year/<int:year>/plan/", meeting_year.plan, name="meeting_plan"),
    path("meetings/series/", meeting_year.series_list, name="meeting_series"),
    path("meetings/series/new/", meeting_year.new_series, name="meeting_series_new"),
    path("meetings/series/fill/", meeting_year.fill, name="meeting_series_fill"),
    path("meetings/series/<int:pk>/", meeting_year.series, name="meeting_rule"),
    path("meetings/series/<int:pk>/end/", meeting_year.end, name="meeting_series_end"),
    path("meetings/agenda/<int:pk>/", agenda.item, name="agenda_item"),
    path("meetings/agenda/<int:pk>/<slug:way>/", agenda.change, name="agenda_change"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/agenda/assemble/", agenda.assemble, name="agenda_assemble"),
    path("meetings/<int:pk>/agenda/new/", agenda.add, name="agenda_add"),
    path("meetings/<int:pk>/agenda/word/", agenda.word, name="agenda_word"),
    path("meetings/<int:pk>/<slug:name>/", meetings.act, name="meeting_act"),
]
