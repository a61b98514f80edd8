from django.urls import path, re_path

from chuangwen.notifications import views

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_everything, name="read-all"),
    path("inbox/<int:pk>/", views.notice, name="notice"),
    path("inbox/channels/", views.channels, name="channels"),
    re_path(r"^inbox/channels/(?P<pk>\d{1,18})/(?P<act>switch|remove)/$", views.change_channel, name="change-channel"),
]
