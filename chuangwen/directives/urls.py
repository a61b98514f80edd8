from django.urls import path

from chuangwen.directives.letter_urls import LETTER_PATHS
from chuangwen.directives.meeting_urls import MEETING_PATHS
from chuangwen.directives.views import candidates, documents, excerpt, names, review, revisions, second_reading

app_name = "directives"
urlpatterns = [
    path("directives/", documents.document_list, name="list"),
    path("directives/new/", documents.new, name="new"),
    path("directives/<int:pk>/facts/", documents.facts, name="facts"),
    path("directives/<int:pk>/discard/", documents.discard, name="discard"),
    path("directives/<int:pk>/table/", documents.table, name="table"),
    path("directives/<int:pk>/review/", review.review, name="review"),
    path("directives/<int:pk>/mine/", excerpt.excerpt, name="excerpt"),
    path("directives/<int:pk>/units/", review.units, name="units"),
    path("directives/<int:pk>/names/", names.names, name="names"),
    path("directives/<int:pk>/presence/", review.presence, name="presence"),
    path("directives/<int:pk>/mark/", review.mark, name="mark"),
    path("directives/<int:pk>/undo/", review.undo, name="undo"),
    path("directives/<int:pk>/issue/", review.issue, name="issue"),
    path("directives/<int:pk>/changes/", revisions.changes, name="changes"),
    path("directives/<int:pk>/revises/", revisions.revises, name="revises"),
    path("directives/<int:pk>/proposals/", second_reading.proposals, name="proposals"),
    path("directives/proposals/<int:pk>/<str:act>/", second_reading.decide_proposal, name="proposal"),
    path("directives/carried/<int:pk>/settle/", revisions.settle, name="settle"),
    path("directives/candidates/<int:pk>/edit/", candidates.edit, name="edit"),
    path("directives/candidates/<int:pk>/split/", candidates.split, name="split"),
    path("directives/candidates/<int:pk>/turn/", candidates.turn, name="turn"),
    path("directives/candidates/<int:pk>/<str:act>/", candidates.decide, name="decide"),
    *LETTER_PATHS,
    *MEETING_PATHS,
]
