from django.urls import path

from chuangwen.core import views
from chuangwen.core.imports.urls import urlpatterns as imports
from chuangwen.core.workbook_templates.urls import urlpatterns as own_forms

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz/", views.health, name="health"),
    path("find/", views.find, name="find"),
    path("pick/<slug:key>/", views.pick, name="pick"),
    path("language/", views.choose_language, name="language"),
    path("files/<uuid:uid>/", views.file, name="file"),
    path("files/<uuid:uid>/<slug:size>.jpg", views.picture, name="picture"),
    path("jobs/<uuid:uid>/", views.job, name="job"),
    path("jobs/<uuid:uid>/file/", views.job_file, name="job-file"),
    *imports,
    *own_forms,
]
