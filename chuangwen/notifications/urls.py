from django.urls import path, re_path

from chuangwen.notifications.views import calendar, digest, inbox, rules

app_name = "notifications"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_everything, name="read-all"),
    path("inbox/<int:pk>/", inbox.notice, name="notice"),
    path("inbox/digest/", digest.digest, name="digest"),
    path("inbox/digest/<int:pk>/", digest.digest, name="digest-of"),
    path("inbox/quiet/", rules.quiet, name="quiet"),
    path("inbox/quiet/usual/", rules.usual_quiet, name="usual-quiet"),
    path("inbox/calendar/", calendar.mine, name="calendar"),
    path("inbox/calendar/end/", calendar.end, name="end-calendar"),
    path("calendar/<str:token>.ics", calendar.feed, name="feed"),
    path("inbox/rules/", rules.rules, name="rules"),
    path("inbox/rules/<slug:step>/", rules.edit_step, name="step"),
    path("inbox/channels/", inbox.channels, name="channels"),
    re_path(r"^inbox/channels/(?P<pk>\d{1,18})/(?P<act>switch|remove)/$", inbox.change_channel, name="change-channel"),
]
