from django.urls import path

from chuangwen.reports.views import arranging, papers, photos, releasing, steps

app_name = "reports"
urlpatterns = [
    path("bulletins/", papers.bulletins, name="list"),
    path("bulletins/new/", papers.new, name="new"),
    path("bulletins/new/<str:kind>/", papers.draft, name="draft"),
    path("bulletins/layout/", arranging.forms, name="forms"),
    path("bulletins/layout/defaults/", arranging.defaults, name="defaults"),
    path("bulletins/layout/fonts/", arranging.fonts, name="fonts"),
    path("bulletins/layout/fonts/<int:pk>/remove/", arranging.font_remove, name="font-remove"),
    path("bulletins/layout/<str:kind>/", arranging.form, name="form"),
    path("bulletins/layout/<str:kind>/template/", arranging.template, name="template"),
    path("bulletins/layout/<str:kind>/template/drop/", arranging.template_drop, name="template-drop"),
    path("bulletins/<int:pk>/", papers.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/edit/", papers.edit, name="edit"),
    path("bulletins/<int:pk>/refresh/", papers.refresh, name="refresh"),
    path("bulletins/<int:pk>/photos/", photos.photos, name="photos"),
    path("bulletins/<int:pk>/photos/<int:position>/<slug:side>/", photos.picture, name="photo"),
    path("bulletins/<int:pk>/word/", papers.word, name="word"),
    path("bulletins/<int:pk>/pdf/", papers.pdf, name="pdf"),
    path("bulletins/<int:pk>/pdf/make/", steps.make_pdf, name="pdf-make"),
    path("bulletins/<int:pk>/excel/", papers.excel, name="excel"),
    path("bulletins/<int:pk>/figures/<int:row>/<str:key>/", papers.rows_behind, name="rows"),
    path("bulletins/<int:pk>/receipts/", papers.receipts, name="receipts"),
    path("bulletins/<int:pk>/receive/", steps.receive, name="receive"),
    path("bulletins/<int:pk>/remind/", steps.remind, name="remind"),
    path("bulletins/<int:pk>/signature/", steps.signature, name="signature"),
    path("bulletins/<int:pk>/release/", releasing.release, name="release"),
    path("bulletins/<int:pk>/release/<str:action>/", releasing.release_act, name="release_act"),
    path("bulletins/<int:pk>/<str:action>/", steps.step, name="step"),
]
