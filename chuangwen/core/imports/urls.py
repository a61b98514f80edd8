"""The addresses of the import wizard; mounted by core/urls.py."""

from django.urls import path

from chuangwen.core.imports import views

urlpatterns = [
    path("imports/<slug:key>/", views.upload, name="import"),
    path("imports/<slug:key>/template.xlsx", views.template, name="import-template"),
    path("imports/<slug:key>/<uuid:uid>/", views.result, name="import-result"),
    path("imports/<slug:key>/<uuid:uid>/sheet/", views.sheet, name="import-sheet"),
    path("imports/<slug:key>/<uuid:uid>/columns/", views.columns, name="import-columns"),
    path("imports/<slug:key>/<uuid:uid>/check/", views.check, name="import-check"),
    path("imports/<slug:key>/<uuid:uid>/names/", views.names, name="import-names"),
    path("imports/<slug:key>/<uuid:uid>/look/<slug:field>/", views.look, name="import-look"),
    path("imports/<slug:key>/<uuid:uid>/again/", views.again, name="import-again"),
    path("imports/<slug:key>/<uuid:uid>/faults.xlsx", views.faults, name="import-faults"),
    path("imports/<slug:key>/<uuid:uid>/run/", views.run, name="import-run"),
    path("imports/<slug:key>/<uuid:uid>/drop/", views.drop, name="import-drop"),
]
