"""The list of conditions with its verdict: the same part on the check page and on an application's page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.templatetags.wording import between, day, span
from chuangwen.honors import eligibility as e
from chuangwen.honors.customs import CIVIL, MODEL
from chuangwen.honors.enums import ApplicationState, ProgrammeState
from chuangwen.honors.models import Application, Award, Programme
from chuangwen.honors.queries import elsewhere
from chuangwen.honors.queries.facts import current_figures, outcome_of, outcomes
from chuangwen.honors.queries.family_facts import for_families, outcome_for, outcomes_by_application
from chuangwen.honors.queries.subjects import near_units
from chuangwen.honors.services.applications import SETTLED_IN
from chuangwen.honors.wording import Condition, condition_of, submitted_title, verdict_text, verdict_title
from chuangwen.honors.workflow import APPLY, CONTEST, REVIEW
from chuangwen.organizations.models import Unit

STEPS = ("check", "write", "submit", "review", "decide", "award")


def verdict_context(
    request: HttpRequest, programme: Programme, unit: Unit, application: Application | None
) -> dict[str, Any]:
    """Everything for honors/parts/verdict.html: a fixed number of queries."""
    family = application.family if application is not None else None
    outcome = outcome_for(application) if application is not None and family else outcome_of(programme, unit)
    rules = {rule.pk: rule for rule in programme.rules.select_related("lower")}
    rows = [condition_of(one, rules.get(one.rule.key), programme.apply_until) for one in outcome.verdicts]
    rows = with_source(rows, unit, programme.year)
    total = len(rows)
    submitted = application is not None and application.state != ApplicationState.DRAFT
    return {
        "outcome": outcome, "met": outcome.met, "total": total,
        "ring_words": _("%(met)d of %(total)d conditions are met") % {"met": outcome.met, "total": total},
        "verdict_title": submitted_title(outcome) if submitted else verdict_title(outcome),
        "verdict_text": "" if submitted else verdict_text(outcome, clock.today()),
        "conditions": [(row, _action(request, row, unit, application, programme.year)) for row in rows],
        "checked_at": clock.now(), "unit": unit, "programme": programme,
        **({} if family else lacking_context(request, programme, unit)),
    }  # fmt: skip


def _action(  # noqa: PLR0911 (one answer a kind)
    request: HttpRequest, row: Condition, unit: Unit, application: Application | None, year: int
) -> dict[str, Any] | None:
    """What to press beside a condition: what to do where it is not met, what it rests on where it is."""
    user = request.user
    if application is not None and application.family_id is not None:
        return _family_action(request, row, application)
    if row.kind in e.BY_FIGURES:
        return _figures(request, row, unit, year)
    if row.waits_for == e.OFFICE or row.kind == e.BY_HAND:
        open_now = application is not None and application.state in SETTLED_IN and row.key
        if open_now and application is not None and may(user, REVIEW, application):
            return _button(pgettext("condition", "Settle"), reverse("honors:condition", args=[application.pk, row.key]))
        return None
    if row.kind == e.SELF_SCORE and application is not None and application.state == ApplicationState.DRAFT:
        return _button(_("Write"), reverse("honors:assessment", args=[application.pk]))
    if row.kind == e.DOSSIERS:
        return _ledger(request, row, unit, year)
    if row.kind == e.NO_VETO:
        return _link(f"{reverse('supervision:events')}?unit={unit.pk}") if may(user, "supervision.view") else None
    if row.kind == e.NO_CONSEQUENCE:
        return _link(f"{reverse('supervision:consequences')}?unit={unit.pk}") if may(user, "supervision.view") else None
    titles = reverse("honors:titles")
    if row.kind in {e.CIVIL_SHARE, e.CIVIL_COUNT, e.MODEL_COUNT}:
        if row.state == e.NOT_MET and may(user, CONTEST, Award(region=unit.region, unit=unit)):
            level = MODEL if row.kind == e.MODEL_COUNT else CIVIL
            return _button(_("Plan a contest"), reverse("honors:contest_new") + f"?unit={unit.pk}&level={level}")
        return _link(f"{titles}?of={unit.pk}")
    if row.kind in {e.HELD, e.NO_CARD, e.NOT_HELD, e.NOT_BARRED}:
        return _link(f"{titles}?unit={unit.pk}" + ("&tab=ended" if row.kind == e.NOT_BARRED else ""))
    return None


def _family_action(request: HttpRequest, row: Condition, application: Application) -> dict[str, Any] | None:
    """What to press beside a family's condition."""
    if row.kind == e.BY_HAND:
        if application.state in SETTLED_IN and row.key and may(request.user, REVIEW, application):
            return _button(pgettext("condition", "Settle"), reverse("honors:condition", args=[application.pk, row.key]))
        return None
    draft = application.state == ApplicationState.DRAFT and may(request.user, APPLY, application)
    if row.kind == e.CONSENT and row.waits_for and draft:
        return _button(_("Write"), reverse("honors:application_act", args=[application.pk, "write"]))
    if row.kind == e.RECOMMENDER:
        sees = may(request.user, "organizations.view")
        return _link(reverse("organizations:unit", args=[application.unit_id])) if sees else None
    return _link(reverse("honors:family", args=[application.family_id]))


def _figures(request: HttpRequest, row: Condition, unit: Unit, year: int) -> dict[str, Any] | None:
    """The way to the unit's yearly figures: to enter them, to confirm them, or to what it rests on."""
    listed = reverse("honors:yearly") + f"?unit={unit.pk}"
    applies = may(request.user, APPLY, Award(region=unit.region, unit=unit))
    if row.waits_for == e.UNIT or (row.state == e.NOT_MET and applies):
        entry = reverse("honors:yearly_new") + f"?unit={unit.pk}&year={year}"
        return _button(_("Enter the figures"), entry) if applies else None
    if row.waits_for == e.OFFICE and may(request.user, REVIEW, Award(region=unit.region, unit=unit)):
        return _button(_("Confirm the figures"), f"{listed}&tab=given")
    return _link(listed)


def with_source(rows: list[Condition], unit: Unit, year: int) -> list[Condition]:
    """Conditions that rest on the unit's yearly figures say from which paper: one query where there is one."""
    if not any(row.kind in e.BY_FIGURES for row in rows):
        return rows
    found = current_figures([unit.pk], year).order_by("year", "pk").last()
    if found is None:
        return rows
    told = between() + _("Source, %(year)d: %(source)s") % {"year": found.year, "source": found.source}
    return [replace(row, second=row.second + told) if row.kind in e.BY_FIGURES else row for row in rows]


def _ledger(request: HttpRequest, row: Condition, unit: Unit, year: int) -> dict[str, Any] | None:
    """The way to the unit's dossiers of the year, to what lacks where something does."""
    if not may(request.user, "evidence.view"):
        return None
    address = reverse("evidence:dossiers") + f"?unit={unit.pk}&year={year}"
    return (
        _button(_("See what lacks"), f"{address}&tab=missing")
        if row.state == e.NOT_MET
        else _link(f"{address}&tab=all")
    )


LACKING = 6  # dossiers named beside the verdict


def lacking_context(request: HttpRequest, programme: Programme, unit: Unit) -> dict[str, Any]:
    """The dossiers of the year that lack something, the longest missing first: two queries."""
    rows = elsewhere.lacking_dossiers(unit, programme.year, request.user)
    found = list(rows[: LACKING + 1])
    if not found:
        return {}
    number = rows.count() if len(found) > LACKING else len(found)
    lines = [{"dossier": one, "url": reverse("evidence:dossier", args=[one.pk])} for one in found[:LACKING]]
    title = ngettext("%d dossier is incomplete", "%d dossiers are incomplete", number) % number
    papers = reverse("evidence:submission", args=[unit.pk])
    return {"lacking": lines, "lacking_title": title, "package_url": papers}


def _button(label: str, url: str) -> dict[str, Any]:
    return {"label": label, "url": url, "button": True}


def _link(url: str) -> dict[str, Any]:
    return {"label": _("Basis"), "url": url, "button": False}


def timetable(programme: Programme) -> list[dict[str, Any]]:
    """The programme's days with what is over, now and ahead."""
    rows = [
        (_("Units apply"), programme.apply_from, programme.apply_until),
        (_("Review"), programme.apply_until, programme.review_until),
        (_("Deliberation"), programme.deliberate_on, programme.deliberate_on),
        (_("Public notice"), programme.notice_from, programme.notice_until),
        (_("Award"), programme.award_on, programme.award_on),
    ]
    today = clock.today()
    return [
        {
            "label": label, "when": day(first) if first == last else span(first, last),
            "done": last < today, "now": first <= today <= last,
        }
        for label, first, last in rows
    ]  # fmt: skip


def quota_context(programme: Programme) -> dict[str, Any]:
    """How many places there are, and how many applications meet every condition so far: a fixed number of queries."""
    rows = programme.applications.exclude(state__in=[ApplicationState.WITHDRAWN, ApplicationState.REFUSED])
    units = list(rows.select_related("unit", "family"))
    families = for_families(programme)
    judged = bool(units) and programme.state != ProgrammeState.AWARDED
    found = outcomes_by_application(programme, units) if judged else {}
    ready = sum(not one.barred for one in found.values()) if found else len(units)
    applies = ngettext("%d unit applies.", "%d units apply.", len(units))
    if families:
        applies = ngettext("%d family is put forward.", "%d families are put forward.", len(units))
    words = [applies % len(units)]
    if found:
        words.append(ngettext("%d of them is barred by nothing.", "%d of them are barred by nothing.", ready) % ready)
    if programme.quota:
        words.insert(0, ngettext("%d place.", "%d places.", programme.quota) % programme.quota)
        words.append(_("Where the places do not suffice, the guiding group decides by the points."))
    slots = [number < ready for number in range(min(programme.quota or 0, 12))]
    return {"slots": slots, "quota_words": words, "no_quota": programme.quota is None}


NEAREST = 12  # units named on a programme's page


def nearest_context(programme: Programme) -> dict[str, Any]:
    """Which units a programme's conditions bar and which not, the nearest by name: a fixed number of queries.

    What a unit has still to do itself and what the office settles is left out: it bars nobody yet.
    """
    if for_families(programme):
        return {}  # whose families are how near is no list for a programme's page
    units = list(near_units(programme))
    found = outcomes(programme, units)
    rows = sorted(((len(found[unit.pk].barred), unit.path, unit) for unit in units), key=lambda row: row[:2])
    numbers = [sum(barred == n for barred, _path, _unit in rows) for n in (0, 1)]
    check = reverse("honors:check", args=[programme.pk])
    words = [
        ngettext("%d unit is barred by nothing.", "%d units are barred by nothing.", numbers[0]) % numbers[0],
        ngettext("%d unit lacks one condition.", "%d units lack one condition.", numbers[1]) % numbers[1],
    ]
    nearest = [
        {"unit": unit, "barred": barred, "url": f"{check}?unit={unit.pk}"} for barred, _path, unit in rows[:NEAREST]
    ]
    return {"nearest": nearest, "nearest_words": words}


def wizard(application: Application | None) -> list[dict[str, Any]]:
    """The unit's way: where it is now."""
    labels = [
        _("Check the conditions"),
        _("Short text, seen by the family")
        if application is not None and application.family_id
        else _("Self-assessment and papers"),
        _("Sign and submit"),
        _("Review"),
        _("Decision"),
    ]
    state = application.state if application else ""
    at = {"": 0, ApplicationState.DRAFT: 1, ApplicationState.SUBMITTED: 3}.get(state, 4)
    over = state in {ApplicationState.AWARDED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN,
                     ApplicationState.PASSED_OVER}  # fmt: skip
    return [
        {"label": label, "done": number < at or over, "now": number == at and not over}
        for number, label in enumerate(labels)
    ]
