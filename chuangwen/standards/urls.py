from django.urls import path

from chuangwen.standards.views import browsing, importing, types

app_name = "standards"
urlpatterns = [
    path("standards/", browsing.standard_list, name="list"),
    path("standards/ship/", importing.ship, name="ship"),
    path("standards/import/", importing.upload_standard, name="import"),
    path("standards/import/<uuid:uid>/", importing.upload_detail, name="upload"),
    path("standards/compare/", browsing.compare_versions, name="compare"),
    path("standards/problem-types/", types.problem_types, name="problem-types"),
    path("standards/problem-types/<int:pk>/", types.problem_type, name="problem-type"),
    path("standards/problem-types/<int:pk>/restore/", types.restore, name="problem-type-restore"),
    path("standards/place-types/", types.place_types, name="place-types"),
    path("standards/place-types/<int:pk>/", types.place_type, name="place-type"),
    path("standards/<str:slug>/<str:version>/", browsing.version_detail, name="version"),
    path("standards/<str:slug>/<str:version>/checklists/", browsing.checklists, name="checklists"),
    path("standards/<str:slug>/<str:version>/checklists/<str:code>/", browsing.checklist, name="checklist"),
    path("standards/<str:slug>/<str:version>/download/<str:file_format>/", browsing.download, name="download"),
]
