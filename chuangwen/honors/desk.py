"""What titles put on a person's start page, and into the key figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.panels import DeskItem, DeskLine, waiting_line
from chuangwen.core.workdays import default_calendar
from chuangwen.honors.customs import FAMILY, HOLDERS
from chuangwen.honors.enums import ApplicationState, FiguresState, ProgrammeState
from chuangwen.honors.models import Application, Award, Family, Objection, Programme, YearlyFigures
from chuangwen.honors.queries.freezing import frozen_of
from chuangwen.honors.queries.register import STANDING, due_for_check, lost_units, open_appeals, open_cards_over
from chuangwen.honors.queries.subjects import of_kind
from chuangwen.honors.workflow import APPLY, AWARD, DELIBERATE, REVIEW
from chuangwen.organizations.models import Unit
from chuangwen.organizations.scopes import units_of_user


def desk(request: HttpRequest) -> Iterable[DeskLine]:
    """Decisions of the office and the guiding group as counts; a unit's own programmes and applications one by one."""
    user = request.user
    yield from _reviews(user)
    yield from _frozen(user)
    yield from _measures(user)
    yield from _programmes(user)
    if scope_of(user, APPLY).unit_ids:
        yield from _own(user)


def _reviews(user: Any) -> Iterator[DeskItem]:
    if not scope_of(user, REVIEW):
        return
    rows = Application.objects.visible_to(user, REVIEW).filter(state=ApplicationState.SUBMITTED)
    found = rows.aggregate(n=Count("pk"), due=Min("programme__review_until"))
    if n := found["n"]:
        words = ngettext("%d application to be reviewed", "%d applications to be reviewed", n) % n
        url, due = reverse("honors:applications") + "?tab=submitted", default_calendar().end_of_day(found["due"])
        yield DeskItem("decide", words, url, icon="award", due=due, action=_("Review"), count=n)


def _frozen(user: Any) -> Iterator[DeskItem]:
    """Applications that wait for an event: for who decides about them, and for the unit."""
    if not scope_of(user, AWARD) and not scope_of(user, APPLY).unit_ids:
        return
    found = frozen_of(user)
    if len(found) == 1:
        one = Application.objects.select_related("unit").get(pk=next(iter(found)))
        words, url = _("Frozen: %s") % one, reverse("honors:application", args=[one.pk])
    elif found:
        words = ngettext("%d application is frozen", "%d applications are frozen", len(found)) % len(found)
        url = reverse("honors:applications") + "?tab=frozen"
    else:
        return
    sub = _("Until the reported event is confirmed or dropped")
    group = "decide" if scope_of(user, AWARD) else "mine"
    yield DeskItem(group, words, url, sub, icon="hand-stop", action=_("Open"), count=len(found))


def _measures(user: Any) -> Iterator[DeskLine]:
    """What the office decides about titles in force."""
    if not scope_of(user, AWARD):
        return
    mine = Award.objects.visible_to(user, AWARD)
    titles = reverse("honors:titles")
    found: list[tuple[QuerySet[Any], Any, str, str, str]] = [
        (Objection.objects.visible_to(user, AWARD).filter(ruled_on__isnull=True),
         lambda n: ngettext("%d objection to be answered", "%d objections to be answered", n) % n,
         reverse("honors:objections"), "hand-stop", _("Answer")),
        (mine.filter(open_appeals()),
         lambda n: ngettext("%d appeal to be decided", "%d appeals to be decided", n) % n,
         f"{titles}?tab=appeals", "gavel", _("Decide")),
        (mine.filter(open_cards_over()),
         lambda n: ngettext("%d yellow card is over its term", "%d yellow cards are over their term", n) % n,
         f"{titles}?tab=overdue", "alert-triangle", pgettext("desk", "Check")),
        (mine.filter(lost_units()),
         lambda n: ngettext("%d title of a unit that has ended", "%d titles of units that have ended", n) % n,
         f"{titles}?tab=carry", "arrow-right", _("Decide")),
        (YearlyFigures.objects.visible_to(user, REVIEW).filter(state=FiguresState.GIVEN),
         lambda n: ngettext("Yearly figures of %d unit to be confirmed", "Yearly figures of %d units to be confirmed",
                            n) % n,
         reverse("honors:yearly") + "?tab=given", "users", pgettext("desk", "Confirm")),
        (mine.filter(due_for_check()),
         lambda n: ngettext("%d title to be re-verified in 30 days", "%d titles to be re-verified in 30 days", n) % n,
         f"{titles}?tab=reverify", "refresh", _("Re-verify")),
    ]  # fmt: skip
    for rows, words, url, icon, action in found:
        yield waiting_line("decide", rows, words, url, icon=icon, action=action)


def _programmes(user: Any) -> Iterator[DeskItem]:
    """Programmes that wait for a step of the office or the guiding group today."""
    today = clock.today()
    if scope_of(user, DELIBERATE):
        rows = Programme.objects.visible_to(user, DELIBERATE).filter(state=ProgrammeState.OPEN, apply_until__lt=today)
        for one in rows.order_by("deliberate_on")[:5]:
            due = default_calendar().end_of_day(one.deliberate_on)
            url = reverse("honors:programme", args=[one.pk])
            yield DeskItem("decide", _("Deliberation: %s") % one, url, icon="gavel", due=due, action=_("Open"))
    if scope_of(user, AWARD):
        over = Q(state=ProgrammeState.NOTICED, notice_until__lt=today)
        rows = Programme.objects.visible_to(user, AWARD).filter(Q(state=ProgrammeState.DELIBERATED) | over)
        for one in rows.order_by("award_on")[:5]:
            noticed = one.state == ProgrammeState.NOTICED
            words = _("Award: %s") if noticed else _("Public notice: %s")
            due = default_calendar().end_of_day(one.award_on if noticed else one.notice_from)
            url = reverse("honors:programme", args=[one.pk])
            yield DeskItem("decide", words % one, url, icon="award", due=due, action=_("Open"))


def _own(user: Any) -> Iterator[DeskItem]:
    """Open programmes of which the own unit has no application yet, and its drafts: two queries.

    Not those for a title that it holds or has left behind: nobody applies for these.
    """
    today, own = clock.today(), units_of_user(user)
    mine = Application.objects.filter(unit__in=own).exclude(state=ApplicationState.WITHDRAWN)
    drafts = mine.filter(state=ApplicationState.DRAFT, programme__apply_until__gte=today).select_related("programme")
    for one in drafts:
        due = default_calendar().end_of_day(one.programme.apply_until)
        url = reverse("honors:application", args=[one.pk])
        told = f"{one.programme} {one.number}" if one.family_id else one.programme
        yield DeskItem("mine", _("Application: %s") % told, url, icon="award", due=due, action=_("Go on"))
    rows = Programme.objects.visible_to(user).filter(
        state=ProgrammeState.OPEN, apply_from__lte=today, apply_until__gte=today
    )
    kinds = Q(Exists(Family.objects.filter(unit__in=own, withdrawn_on=None)), title__subject=FAMILY)
    for subject in HOLDERS:
        if subject not in {"office", FAMILY}:
            kinds |= Q(Exists(Unit.objects.filter(of_kind(subject), pk__in=own)), title__subject=subject)
    held = Award.objects.filter(
        unit__in=own, family__isnull=True, state__in=STANDING, title__subject=OuterRef("title__subject"),
        title__ladder_step__rank__gte=OuterRef("title__ladder_step__rank"),
    )  # fmt: skip
    rows = rows.filter(kinds).exclude(Exists(held))
    for programme in rows.exclude(applications__in=mine).select_related("title").order_by("apply_until")[:3]:
        due = default_calendar().end_of_day(programme.apply_until)
        families = programme.title.subject == FAMILY
        url = reverse("honors:put_forward" if families else "honors:check", args=[programme.pk])
        words = _("Open for applications: %s") % programme
        sub = _("See at once what you meet and what is missing.")
        if families:
            sub = _("See which of your families can be put forward.")
        yield DeskItem("week", words, url, sub=sub, icon="award", due=due, action=pgettext("desk", "Check"))
