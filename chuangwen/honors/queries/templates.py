"""Which Word template a paper is filled into."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from chuangwen.campaigns.models import Title
from chuangwen.honors.enums import ApplicationState
from chuangwen.honors.models import Application, FormTemplate, Programme

SHOWN = 30


def template_of(programme: Programme, paper: str) -> FormTemplate | None:
    """The programme's own template, else that of its title; None where the built-in form holds: one query."""
    rows = FormTemplate.objects.filter(
        Q(programme=programme) | Q(title=programme.title_id), paper=paper, ended_at__isnull=True
    )
    found = list(rows.select_related("attachment__file"))
    return min(found, key=lambda one: one.programme_id is None, default=None)


def templates_given(of: Programme | Title, paper: str) -> QuerySet[FormTemplate]:
    """All that this programme or title ever had for a paper, the newest first."""
    own = {"programme": of} if isinstance(of, Programme) else {"title": of}
    return FormTemplate.objects.filter(**own, paper=paper).select_related("attachment", "taken_by").order_by("-pk")


def applications_to_try(of: Programme | Title) -> QuerySet[Application]:
    """Real applications with which a template can be looked at, the newest first, at most SHOWN."""
    own = {"programme": of} if isinstance(of, Programme) else {"programme__title": of}
    rows = Application.objects.filter(**own).exclude(state=ApplicationState.WITHDRAWN)
    return rows.select_related("unit", "programme").order_by("-pk")[:SHOWN]


def handed_in(programme: Programme) -> QuerySet[Application]:
    """What a summary lists: applications that were submitted, by points."""
    rows = programme.applications.exclude(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
    return rows.select_related("unit", "family").order_by("-score", "number")
