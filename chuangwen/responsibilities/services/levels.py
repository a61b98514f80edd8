"""Marks from level to level: a period that is over is frozen, judged by the unit above, confirmed or objected to."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.audit.settings import keep_setting
from chuangwen.campaigns.models import Campaign, CampaignState
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell
from chuangwen.responsibilities.levels import MONTHS, MOST_POINTS, Period, period_of
from chuangwen.responsibilities.models import LevelMark, LevelState, Verdict
from chuangwen.responsibilities.queries.levels import (
    ANSWER,
    EDIT,
    LevelRule,
    answer_until,
    is_judged,
    judges,
    level_rule,
    own_counts,
    sums_below,
)
from chuangwen.responsibilities.services.papers import Scan, keep_paper
from chuangwen.responsibilities.workflow import LEVEL_WORKFLOW
from chuangwen.workflow.services import advance

PORTION = 500


def freeze_period(campaign: Campaign, period: Period) -> int:
    """Keep what the ledgers say of every unit's period, with all below it; once. Returns how many units it holds.

    Whoever had nothing in the period is not judged for it. The judge is the unit above on that day.
    """
    known = LevelMark.objects.filter(campaign=campaign, first=period.first, months=period.months)
    if known.exists():
        return 0
    counts = own_counts(campaign, period)
    units = {unit.path: unit for unit in Unit.objects.filter(region=campaign.region_id).only("pk", "path", "depth")}
    sums = sums_below((unit for unit in units.values() if unit.depth > 1), counts)
    closes = default_calendar().add_workdays(period.last, level_rule(campaign.region).days)
    rows = [
        LevelMark(
            region_id=campaign.region_id, campaign=campaign, unit_id=unit.pk, first=period.first, months=period.months,
            judge_id=units[path[: -Unit.steplen]].pk, facts=dict(sums[unit.pk]), closes_on=closes,
        )
        for path, unit in units.items()
        if sums.get(unit.pk)
    ]  # fmt: skip
    LevelMark.objects.bulk_create(rows, batch_size=PORTION, ignore_conflicts=True)
    return len(rows)


def freeze_periods(today: date) -> int:
    """For every campaign that is not wound up: the period that is over, its last one too."""
    running = Campaign.objects.exclude(state=CampaignState.ENDED).filter(starts__lt=today)
    made = 0
    for campaign in running.select_related("region"):
        over = period_of(today, level_rule(campaign.region).months).before
        if campaign.starts <= over.last and over.first <= campaign.ends:
            made += freeze_period(campaign, over)
    return made


def judge_unit(
    mark: LevelMark, *, verdict: str, points: int, reason: str, actor: Any, paper: Scan | None = None
) -> None:
    """The unit above says in a word, points and a reason how the period was; the unit is told.

    Changed as long as the unit has not answered; after an objection it is judged anew. Raises Refusal after the days
    of the rule; PermissionDenied for whoever is not of the unit above.
    """
    _check_judge(mark, actor)
    action = "change" if mark.state == LevelState.OBJECTED else "judge"
    if action == "judge" and clock.today() > mark.closes_on:
        raise Refusal(_("The days for judging this period are over."), _("Say it in the next period."))
    if verdict not in Verdict.values or not 0 <= points <= MOST_POINTS:
        raise Refusal(_("Give a judgement and 0 to %d points.") % MOST_POINTS)
    with transaction.atomic():
        changed: dict[str, Any] = {"verdict": verdict, "points": points, "reason": reason.strip()}
        changed |= {"judged_at": clock.now(), "judged_by": actor}
        advance(mark, LEVEL_WORKFLOW, action, actor=actor, note=reason, **changed)
        if paper:
            keep_paper(mark, paper, actor=actor)
        _tell(mark.unit, mark, _("How your period was judged: please confirm or object"))


def agree_to_mark(mark: LevelMark, *, actor: Any, on_behalf: str = "", paper: Scan | None = None) -> None:
    """The unit confirms how it was judged."""
    _check_voice(mark, actor, on_behalf)
    with transaction.atomic():
        advance(mark, LEVEL_WORKFLOW, "agree", actor=actor, on_behalf=on_behalf)
        if paper:
            keep_paper(mark, paper, actor=actor)


def object_to_mark(mark: LevelMark, *, reason: str, actor: Any, on_behalf: str = "", paper: Scan | None = None) -> None:
    """The unit says why the judgement is wrong; the unit above answers. Raises Refusal after the rule's days."""
    _check_voice(mark, actor, on_behalf)
    until = answer_until(mark)
    if until is not None and clock.today() > until:
        raise Refusal(_("The days to object are over."), _("Talk to the unit above; it may judge anew next period."))
    with transaction.atomic():
        advance(mark, LEVEL_WORKFLOW, "object", actor=actor, note=reason, on_behalf=on_behalf)
        if paper:
            keep_paper(mark, paper, actor=actor)
        _tell(mark.judge, mark, _("Objection to a judgement: %s") % mark.unit)


def keep_mark(mark: LevelMark, *, reason: str, actor: Any) -> None:
    """The judgement stays although the unit objected, with the reason that the unit reads."""
    _check_judge(mark, actor)
    with transaction.atomic():
        advance(mark, LEVEL_WORKFLOW, "stay", actor=actor, note=reason)
        _tell(mark.unit, mark, _("Your objection was answered: the judgement stays"))


def set_level_rule(region: Region, rule: LevelRule, *, actor: Any) -> None:
    """Keep the rhythm of marks and their days. What is frozen already stays."""
    if rule.months not in MONTHS or not 1 <= rule.days <= 60 or not 1 <= rule.objection_days <= 60:
        raise Refusal(_("The rule is out of range."), _("Give 1 to 60 working days."))
    said = asdict(rule)
    keep_setting(region, "levels", said, action="responsibilities.levels.rule", actor=actor, permission=EDIT)


def _check_judge(mark: LevelMark, actor: Any) -> None:
    if actor is not None and not judges(actor, mark):
        raise PermissionDenied(ANSWER)


def _check_voice(mark: LevelMark, actor: Any, on_behalf: str) -> None:
    """The unit itself, or the campaign office from paper, saying for whom."""
    if actor is None or is_judged(actor, mark):
        return
    if mark.judge.depth > 1 or not may(actor, EDIT, mark):
        raise PermissionDenied(ANSWER)
    if not on_behalf.strip():
        raise Refusal(_("You enter this for “%s”: say who gave the answer.") % mark.unit, _("Name the unit's post."))


def _tell(unit: Unit, mark: LevelMark, title: str) -> None:
    people = people_to_tell(unit, ANSWER)
    notify(people, "responsibilities", title, region=mark.region,
           url=reverse("responsibilities:level_mark", args=[mark.pk]))  # fmt: skip
