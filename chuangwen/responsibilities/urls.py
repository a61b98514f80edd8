from django.urls import path

from chuangwen.responsibilities import views

app_name = "responsibilities"
urlpatterns = [
    path("breakdown/", views.breakdown, name="breakdown"),
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/<int:pk>/", views.task, name="task"),
]
