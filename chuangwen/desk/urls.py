from django.urls import path

from chuangwen.desk import views

app_name = "desk"
urlpatterns = [path("desk/", views.desk, name="desk"), path("desk/weekly/", views.weekly, name="weekly")]
