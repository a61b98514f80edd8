"""The addresses of meetings, of passing them on, and of written reports."""

from __future__ import annotations

from django.urls import path

from chuangwen.directives.views import agenda, attendance, attendance_list, meeting_year, meetings, minutes, topics

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
    path("meetings/attendance/", attendance_list.attendance, name="meeting_attendance"),
    path("meetings/topics/", topics.topics, name="topics"),
    path("meetings/topics/new/", topics.new, name="topic_new"),
    path("meetings/topics/<int:pk>/", topics.topic, name="topic"),
    path("meetings/seats/<int:pk>/remove/", attendance.remove, name="seat_remove"),
    path("meetings/decisions/<int:pk>/", minutes.decision, name="meeting_decision"),
    path("meetings/decisions/<int:pk>/drop/", minutes.drop, name="meeting_decision_drop"),
    path("meetings/<int:pk>/roll/", attendance.roll, name="roll"),
    path("meetings/<int:pk>/seats/new/", attendance.add, name="seat_add"),
    path("meetings/<int:pk>/sheet/", attendance.sheet, name="sign_in_sheet"),
    path("meetings/<int:pk>/minutes/", minutes.write, name="minutes"),
    path("meetings/<int:pk>/minutes/word/", minutes.word, name="minutes_word"),
    path("meetings/<int:pk>/minutes/sign/", minutes.sign, name="minutes_sign"),
    path("meetings/<int:pk>/minutes/review/", minutes.review, name="minutes_review"),
    path("meetings/<int:pk>/decisions/new/", minutes.decide, name="meeting_decide"),
    path("meetings/<int:pk>/decisions/issue/", minutes.issue, name="meeting_issue"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/agenda/assemble/", agenda.assemble, name="agenda_assemble"),
    path("meetings/<int:pk>/agenda/new/", agenda.add, name="agenda_add"),
    path("meetings/<int:pk>/agenda/word/", agenda.word, name="agenda_word"),
    path("meetings/<int:pk>/<slug:name>/", meetings.act, name="meeting_act"),
]
