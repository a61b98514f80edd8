from django.urls import path

from chuangwen.evidence.views import completeness, dossiers, matter, opening, pieces, review, sheets, steps

app_name = "evidence"
urlpatterns = [
    path("dossiers/", dossiers.dossiers, name="dossiers"),
    path("dossiers/completeness/", completeness.completeness, name="completeness"),
    path("dossiers/open/", opening.open_page, name="open"),
    path("dossiers/review/", review.review, name="review"),
    path("dossiers/pieces/", pieces.pieces, name="pieces"),
    path("dossiers/pieces/<int:pk>/", pieces.piece, name="piece"),
    path("dossiers/pieces/<int:pk>/edit/", pieces.edit, name="piece_edit"),
    path("dossiers/pieces/<int:pk>/drop/", pieces.drop, name="piece_drop"),
    path("dossiers/pieces/<int:pk>/pages/<int:number>.jpg", pieces.page, name="piece_page"),
    path("dossiers/units/<int:pk>/", sheets.submission, name="submission"),
    path("dossiers/units/<int:pk>/package/", sheets.package, name="package"),
    path("dossiers/<int:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<int:pk>/give/", dossiers.give, name="give"),
    path("dossiers/<int:pk>/use/", dossiers.use, name="use"),
    path("dossiers/<int:pk>/write/", dossiers.write, name="write"),
    path("dossiers/<int:pk>/links/<int:link_pk>/", dossiers.link, name="link"),
    path("dossiers/<int:pk>/link/", matter.hand_out, name="hand_out"),
    path("dossiers/<int:pk>/review/", review.review_dossier, name="review_dossier"),
    path("dossiers/<int:pk>/<slug:action>/", steps.step, name="step"),
]
