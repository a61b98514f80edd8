"""The addresses of an authority's own forms; mounted by core/urls.py."""

from django.urls import path

from chuangwen.core.workbook_templates import views

urlpatterns = [
    path("own-forms/<slug:key>/", views.forms, name="forms"),
    path("own-forms/<slug:key>/example.xlsx", views.example, name="form-example"),
    path("own-forms/<slug:key>/<int:pk>/", views.form, name="form"),
    path("own-forms/<slug:key>/<int:pk>/sheet/", views.sheet, name="form-sheet"),
    path("own-forms/<slug:key>/<int:pk>/columns/", views.columns, name="form-columns"),
    path("own-forms/<slug:key>/<int:pk>/use/", views.use, name="form-use"),
    path("own-forms/<slug:key>/<int:pk>/withdraw/", views.withdraw, name="form-withdraw"),
    path("own-forms/<slug:key>/<int:pk>/file.xlsx", views.file, name="form-file"),
    path("own-forms/<slug:key>/<int:pk>/trial.xlsx", views.trial, name="form-trial"),
]
