from django.urls import path

from chuangwen.scoring import views

app_name = "scoring"
urlpatterns = [
    path("scores/", views.run_list, name="runs"),
    path("scores/new/", views.new_run, name="new"),
    path("scores/<int:pk>/", views.run, name="run"),
    path("scores/<int:pk>/own/", views.own_losses, name="own"),
    path("scores/<int:pk>/verify/", views.verify, name="verify"),
    path("scores/<int:pk>/export/", views.export, name="export"),
]
