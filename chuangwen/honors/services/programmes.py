"""Calls for applications: prepared with conditions, quota and timetable, opened, cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core.access import require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.workdays import default_calendar
from chuangwen.honors.enums import RUNNING_APPLICATIONS, ProgrammeState
from chuangwen.honors.models import Application, EligibilityRule, LadderStep, Programme
from chuangwen.honors.queries.assessing import newest_standard
from chuangwen.honors.queries.facts import default_rules
from chuangwen.honors.queries.families import recommenders
from chuangwen.honors.queries.family_facts import for_families
from chuangwen.honors.queries.settings import setting
from chuangwen.honors.queries.subjects import candidates
from chuangwen.honors.services.papers import keep_papers, page_of, tell_unit
from chuangwen.honors.services.stepping import advance
from chuangwen.honors.workflow import APPLICATION, EDIT, PROGRAMME
from chuangwen.notifications.services import notify
from chuangwen.organizations.queries import people_to_tell_of

TIMETABLE = ("apply_from", "apply_until", "review_until", "deliberate_on", "notice_from", "notice_until", "award_on")


def create_programme(programme: Programme, *, actor: Any, papers: Iterable[Upload] = ()) -> Programme:
    """Keep a new programme, in preparation, with the office's default conditions for its title."""
    _refuse_plan(programme, actor)
    try:
        with transaction.atomic():
            programme.reviewers = programme.reviewers or setting(programme.region, "reviewers")
            if not for_families(programme):
                programme.standard = programme.standard or newest_standard(programme)
            programme.save(force_insert=True)
            _copy_rules(programme)
            record("honors.programme.create", programme, actor=actor, data=_told(programme))
            keep_papers(papers, programme, region=programme.region, actor=actor)
    except IntegrityError as error:
        raise _name_taken(programme) from error
    return programme


def edit_programme(programme: Programme, *, actor: Any, papers: Iterable[Upload] = ()) -> Programme:
    """Keep changed facts of a programme that is still being prepared."""
    now = Programme.objects.only("state").get(pk=programme.pk).state
    if now != ProgrammeState.PREPARING:
        raise Refusal(
            _("“%s” has been opened: its title, quota and days stand.") % programme,
            _("Where something has to change, cancel it with the reason and begin another one."),
        )
    _refuse_plan(programme, actor)
    try:
        with transaction.atomic():
            programme.save()
            record("honors.programme.edit", programme, actor=actor, data=_told(programme))
            keep_papers(papers, programme, region=programme.region, actor=actor)
    except IntegrityError as error:
        raise _name_taken(programme) from error
    return programme


def open_programme(programme: Programme, *, actor: Any) -> None:
    """Call on the units to apply. From now on conditions, quota and days stand."""
    with transaction.atomic():
        advance(programme, PROGRAMME, "open", actor=actor, data=_told(programme))
        families = for_families(programme)
        units = list(recommenders(programme.region) if families else candidates(programme))
        url = reverse("honors:put_forward" if families else "honors:check", args=[programme.pk])
        title = _("Open for applications: %s") % programme
        body = (
            _("See which of your families can be put forward.") if families
            else _("See at once what you meet and what is missing.")
        )  # fmt: skip
        people = people_to_tell_of(units, "honors.apply")
        notify(people, "honors", title, region=programme.region, url=url, body=body, key=f"programme-{programme.pk}")


def cancel_programme(programme: Programme, *, reason: str, actor: Any) -> None:
    """Call it off; its applications end with it."""
    with transaction.atomic():
        advance(programme, PROGRAMME, "cancel", actor=actor, note=reason)
        note = _("The programme was cancelled: %s") % reason
        running = Application.objects.filter(programme=programme, state__in=RUNNING_APPLICATIONS)
        for application in running.select_related("unit__region", "region", "programme"):
            advance(application, APPLICATION, "withdraw", actor=None, note=note)
            tell_unit(application.unit, note, page_of(application))


def _refuse_plan(programme: Programme, actor: Any) -> None:
    if actor is not None:
        require(actor, EDIT, programme)
    if not LadderStep.objects.filter(title=programme.title_id).exists():
        raise Refusal(
            _("The title “%s” stands on no ladder.") % programme.title, _("Give it a rank under the settings first.")
        )
    _refuse_kind(programme)
    days = [getattr(programme, name) for name in TIMETABLE]
    for one, (earlier, later) in zip(TIMETABLE[1:], pairwise(days), strict=True):
        if later < earlier:
            label = Programme._meta.get_field(one).verbose_name  # type: ignore[union-attr]
            raise Refusal(_("“%s” lies before the step ahead of it.") % label, _("Put the days in their order."))
    least = setting(programme.region, "notice-workdays")
    if notice_days(programme.notice_from, programme.notice_until) < least:
        raise Refusal(_("A public notice lasts at least %d working days.") % least, _("Let it end later."))


def _refuse_kind(programme: Programme) -> None:
    if for_families(programme) and programme.standard_id is not None:
        raise Refusal(
            _("A family assesses itself by no standard."), _("Leave the standard of the self-assessment empty.")
        )
    if programme.unit_quota is not None and not for_families(programme):
        raise Refusal(_("Only families have a quota of each unit."), _("Leave it empty."))


def notice_days(first: date, last: date) -> int:
    """The working days of a public notice, its first and last day with them."""
    return default_calendar().workdays_between(first - timedelta(days=1), last)


def _copy_rules(programme: Programme) -> None:
    for rule in default_rules(programme):
        rule.pk, rule.programme, rule.of_title = None, programme, None
        rule.save(force_insert=True)


def _told(programme: Programme) -> dict[str, Any]:
    days = {name: getattr(programme, name) for name in TIMETABLE}
    conditions = [str(rule) for rule in EligibilityRule.objects.filter(programme=programme)] if programme.pk else []
    return {"title": str(programme.title), "quota": programme.quota, "conditions": conditions, **days}


def _name_taken(programme: Programme) -> Conflict:
    return Conflict(_("There is a programme called “%s” already.") % programme.name, _("Give it another name."))
