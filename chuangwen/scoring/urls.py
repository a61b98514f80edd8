from django.urls import path

from chuangwen.scoring.views import own, result, runs

app_name = "scoring"
urlpatterns = [
    path("scores/", runs.run_list, name="runs"),
    path("scores/new/", runs.new_run, name="new"),
    path("scores/<int:pk>/", result.run, name="run"),
    path("scores/<int:pk>/own/", own.own_losses, name="own"),
    path("scores/<int:pk>/verify/", runs.verify, name="verify"),
    path("scores/<int:pk>/export/", runs.export, name="export"),
]
