"""What the ledger shows elsewhere: the navigation's count, lines of the start page, a figure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.context import current_campaign
from chuangwen.core.access import may, scope_of
from chuangwen.core.panels import Counted, DeskItem, DeskLine, Figure, KeyFigure, waiting_line
from chuangwen.core.wording import figure_words, percent_words
from chuangwen.evidence.enums import DossierState
from chuangwen.evidence.queries.dossiers import (
    INCOMPLETE,
    WITH_UNIT,
    dossiers_of,
    due_this_week,
    lacking_of_all,
    late,
    waiting_for,
)
from chuangwen.evidence.workflow import APPROVE, GIVE, REVIEW


def waiting(request: HttpRequest) -> QuerySet[Any]:
    """Dossiers that wait for this person."""
    return dossiers_of(current_campaign(request), request.user).filter(waiting_for(request.user))


def desk_lines(request: HttpRequest) -> Iterable[DeskLine]:
    """What a reviewer has to decide, and what a unit still lacks."""
    campaign = current_campaign(request)
    if campaign is None or not may(request.user, "evidence.view"):
        return
    reviews, approves = may(request.user, REVIEW, campaign), may(request.user, APPROVE, campaign)
    if reviews or approves:
        yield _review_line(dossiers_of(campaign, request.user), reviews=reviews)
    if own := scope_of(request.user, GIVE).unit_ids:
        yield _unit_lines(dossiers_of(campaign, request.user).filter(unit__in=own))


def figures(request: HttpRequest) -> Iterable[Figure]:
    """How many dossiers are complete, for who sees the whole campaign."""
    campaign = current_campaign(request)
    if campaign is not None and campaign.region_id in scope_of(request.user, "evidence.view").regions:
        yield from _complete(*lacking_of_all(campaign))


def _complete(lacking: int, total: int) -> list[KeyFigure]:
    if not total:
        return []
    complete = total - lacking
    sub = _("%(n)s of %(all)s dossiers") % {"n": figure_words(complete), "all": figure_words(total)}
    url = reverse("evidence:completeness")
    return [KeyFigure(_("Ledger complete"), percent_words(complete / total), url, sub=sub, order=45)]


def _review_line(rows: QuerySet[Any], *, reviews: bool) -> DeskLine:
    """First reviews for the office; second ones for the leader, who opens them one after the other."""
    state = DossierState.SUBMITTED if reviews else DossierState.ACCEPTED

    def words(number: int) -> str:
        if reviews:
            return ngettext("%d dossier to grade", "%d dossiers to grade", number) % number
        return ngettext("%d grade to approve", "%d grades to approve", number) % number

    url = reverse("evidence:dossiers") + f"?tab={state}"
    return waiting_line("decide", rows.filter(state=state), words, url, icon="folder", action=_("Review"))


def _unit_lines(rows: QuerySet[Any]) -> DeskLine:
    """What is late, what came back, what is due this week, what lacks something."""
    returned = rows.filter(state=DossierState.RETURNED)
    kinds = (rows.filter(late()), returned, rows.filter(due_this_week()), rows.filter(WITH_UNIT & INCOMPLETE))
    return Counted(kinds, _unit_items)


def _unit_items(n_late: int, n_returned: int, n_week: int, n_missing: int) -> list[DeskItem]:
    """One line for each kind; what lacks something is told as long as nothing of it presses."""
    ledger = reverse("evidence:dossiers")
    lines = []
    if n_late:
        title = ngettext("%d dossier is late", "%d dossiers are late", n_late) % n_late
        lines.append(_line("late", title, f"{ledger}?tab=late", n_late))
    if n_returned:
        title = ngettext("%d dossier came back", "%d dossiers came back", n_returned) % n_returned
        lines.append(_line("mine", title, f"{ledger}?tab=returned", n_returned))
    if n_week:
        title = ngettext("%d dossier due this week", "%d dossiers due this week", n_week) % n_week
        lines.append(_line("week", title, f"{ledger}?tab=week", n_week))
    if n_missing and not (n_late or n_week):
        title = ngettext("%d dossier still lacks something", "%d dossiers still lack something", n_missing) % n_missing
        lines.append(_line("mine", title, f"{ledger}?tab=missing", n_missing))
    return lines


def _line(group: str, title: str, url: str, count: int) -> DeskItem:
    return DeskItem(group, title, url, icon="folder", action=_("Fill"), count=count)
