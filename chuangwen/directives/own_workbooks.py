"""The breakdown table in an authority's own Excel form: which document a new form is looked at with."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangwen.core.workbook_templates.registry import OwnTable
from chuangwen.core.workbook_templates.vocabulary import Content
from chuangwen.directives.breakdown import OWN_WORKBOOK, lines, workbook_content
from chuangwen.directives.models import CandidateState, Document
from chuangwen.directives.queries.documents import review_of


def _example(request: HttpRequest) -> Content | None:
    """The latest document of which something was accepted."""
    documents = Document.objects.visible_to(request.user).filter(candidates__state=CandidateState.ACCEPTED)
    document = documents.order_by("-day", "-pk").first()
    return workbook_content(document, lines(review_of(document)), request.user) if document else None


BREAKDOWN = OwnTable(
    "task-breakdown", _("Task breakdown of a document or meeting"), "directives.view", "directives.edit",
    lambda: OWN_WORKBOOK, lambda: reverse("directives:list"), _example,
)  # fmt: skip
