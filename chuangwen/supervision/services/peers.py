"""Flags of a period and lists of a week: proposed from figures, given and released by a person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_actor, require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.notifications.services import notify
from chuangwen.organizations.queries import people_to_tell
from chuangwen.supervision.enums import FlagColour, ListState, NumberKey, Side
from chuangwen.supervision.models import Flag, FlagLook, ListLine, PeerNumber, ScoreWeight, WeekList
from chuangwen.supervision.peers import black_flags, flag_brings, list_brings, placed, red_flags, running
from chuangwen.supervision.queries.standings import (
    UnitScore,
    held_black,
    month_of,
    numbers_of,
    quarter_of,
    rates,
    unit_scores,
    week_of,
)
from chuangwen.supervision.workflow import EDIT, FLAG_WORKFLOW, LIST_WORKFLOW
from chuangwen.workflow.services import advance, note_step

BRANCHES = (
    ("line", NumberKey.TOP_LINES, NumberKey.BOTTOM_LINES),
    ("territory", NumberKey.TOP_TERRITORIES, NumberKey.BOTTOM_TERRITORIES),
)


def propose_flags(region: Region, colour: str, day: date, *, actor: Any) -> list[Flag]:
    """Propose black flags of the month, or red ones of the quarter, in which `day` lies; returns the new ones.

    Refused before the period is over. What was proposed for it already stays as it is.
    """
    require_region(actor, EDIT, region.pk)
    first, last = month_of(day) if colour == FlagColour.BLACK else quarter_of(day)
    if last >= clock.today():
        raise Refusal(_("The period is not over yet."), _("Propose its flags afterwards."))
    numbers = _numbers(region)
    scores = {one.unit.pk: one for one in unit_scores(region, first, last)}
    standings = [one.standing for one in scores.values()]
    peers = numbers[NumberKey.PEERS]
    if colour == FlagColour.BLACK:
        below, due = numbers[NumberKey.BLACK_BELOW], numbers[NumberKey.BLACK_DUE]
        chosen = black_flags(standings, below=below, due=due, peers=peers)
    else:
        chosen = red_flags(standings, start=numbers[NumberKey.RED_FROM], due=numbers[NumberKey.RED_DUE], peers=peers)
    known = set(Flag.objects.filter(region=region, colour=colour, starts=first).values_list("unit", flat=True))
    before = held_black(region) if colour == FlagColour.BLACK else {}
    with transaction.atomic():
        made = [
            _propose(scores[unit], colour, (first, last), before.get(unit, []), numbers, actor)
            for unit in chosen
            if unit not in known
        ]
        look, _new = FlagLook.objects.update_or_create(
            region=region, colour=colour, starts=first, defaults={"found": len(known) + len(made)}
        )
        record("supervision.flaglook.look", look, actor=actor, data={"found": look.found, "proposed": len(made)})
    return made


def give_flag(flag: Flag, *, actor: Any) -> None:
    """The flag goes to the unit, which is told."""
    with transaction.atomic():
        advance(flag, FLAG_WORKFLOW, "give", actor=actor, given_by=actor, given_on=clock.today())
        title = _("%(flag)s for %(unit)s") % {"flag": flag.get_colour_display(), "unit": flag.unit}
        people = people_to_tell(flag.unit, "supervision.answer")
        notify(people, "supervision", title, region=flag.region, url="/flags/", urgent=flag.colour == FlagColour.BLACK)


def drop_flag(flag: Flag, *, reason: str, actor: Any) -> None:
    """The flag is not given, with the reason."""
    with transaction.atomic():
        advance(flag, FLAG_WORKFLOW, "drop", actor=actor, note=reason)


def hand_back(flag: Flag, *, actor: Any, note: str = "") -> None:
    """The unit hands the flag back: a black one at its score and with nothing late, or by the office's word."""
    with transaction.atomic():
        advance(flag, FLAG_WORKFLOW, "back", actor=actor, note=note, back_on=clock.today())


def make_list(region: Region, day: date, *, actor: Any) -> WeekList:
    """Make the red and black list of the week in which `day` lies, or make its draft anew.

    Refused before the week is over, and once it is released.
    """
    require_region(actor, EDIT, region.pk)
    first, last = week_of(day)
    if last >= clock.today():
        raise Refusal(_("The week is not over yet."), _("Make its list afterwards."))
    numbers = _numbers(region)
    with transaction.atomic():
        week, new = WeekList.objects.select_for_update().get_or_create(
            region=region, starts=first, defaults={"ends": last, "made_at": clock.now()}
        )
        if week.state != ListState.DRAFT:
            raise Refusal(_("This list is released."), _("A released list does not change."))
        if not new:
            week.made_at = clock.now()
            week.save(update_fields=["made_at", "updated_at"])
        week.lines.all().delete()
        lines = [line for branch in BRANCHES for line in _lines(week, branch, numbers)]
        ListLine.objects.bulk_create(lines)
        note_step(week, "make", actor=actor, data={"lines": len(lines)})
    return week


def release_list(week: WeekList, *, actor: Any) -> None:
    """The list is shown to all units of the region; those on a side are told."""
    if not week.lines.exists():
        raise Refusal(_("The list is empty."), _("No problem was due in that week; nothing is released."))
    with transaction.atomic():
        advance(week, LIST_WORKFLOW, "release", actor=actor, released_by=actor, released_at=clock.now())
        for line in week.lines.exclude(side="").select_related("unit"):
            title = _("%(list)s of %(unit)s") % {"list": line.get_side_display(), "unit": line.unit}
            people = people_to_tell(line.unit, "supervision.answer")
            notify(people, "supervision", title, region=week.region, url=f"/lists/{week.pk}/",
                   urgent=line.side == Side.BLACK)  # fmt: skip


def save_number(number: PeerNumber, *, value: int, source: str, actor: Any) -> None:
    """Change a number of the rules of flags and lists."""
    _save(number, actor, "supervision.number.save", value=value, source=source)


def save_weight(weight: ScoreWeight, *, value: int, source: str, actor: Any) -> None:
    """Change what a part weighs in the monthly score."""
    _save(weight, actor, "supervision.weight.save", weight=value, source=source)


def _save(row: Any, actor: Any, action: str, **values: Any) -> None:
    require_actor(actor, EDIT, row)
    before = {name: getattr(row, name) for name in values}
    with transaction.atomic():
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=[*values, "updated_at"])
        record(action, row, actor=actor, data={"before": before, "now": values})


def _numbers(region: Region) -> dict[str, int]:
    numbers = numbers_of(region)
    if set(NumberKey.values) - set(numbers):
        raise Refusal(_("The numbers of flags and lists are not written yet."), _("Open their page and write them."))
    return numbers


def _propose(
    one: UnitScore, colour: str, period: tuple[date, date], before: list[Flag], numbers: dict[str, int], actor: Any
) -> Flag:
    first, last = period
    times = running([*(_month(flag.starts) for flag in before), _month(first)], _month(first))
    in_year = 1 + sum(flag.starts > last - timedelta(days=366) for flag in before)
    brings = ""
    if colour == FlagColour.BLACK:
        talk, refer = numbers[NumberKey.FLAG_TALK], numbers[NumberKey.FLAG_REFER]
        brings = flag_brings(times, in_year, talk=talk, refer=refer)
    figures = {
        "in_year": in_year, "parts": {str(part): [share.got, share.of] for part, share in one.shares.items()},
        "due": one.standing.due, "overdue": one.standing.overdue,
    }  # fmt: skip
    made: Flag = Flag.objects.create(
        region=one.unit.region, unit=one.unit, colour=colour, peer_group=one.unit.peer_group, starts=first, ends=last,
        score=round(one.standing.score or 0, 2), figures=figures, running=times, brings=brings,
    )  # fmt: skip
    note_step(made, "propose", actor=actor, data={"score": made.score})
    return made


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _lines(week: WeekList, branch: tuple[str, str, str], numbers: dict[str, int]) -> list[ListLine]:
    name, top, bottom = branch
    found = placed(
        rates(week.region, week.starts, week.ends, name), top=numbers[top], bottom=numbers[bottom],
        due=numbers[NumberKey.LIST_DUE],
    )  # fmt: skip
    last_week = week.starts - timedelta(days=7)
    former = WeekList.objects.filter(region=week.region, state=ListState.RELEASED, starts=last_week)
    earlier = dict(ListLine.objects.filter(week__in=former, side=Side.BLACK).values_list("unit", "running"))
    organisation, account = numbers[NumberKey.LIST_ORGANISATION], numbers[NumberKey.LIST_ACCOUNT]
    lines = []
    for one in found:
        times = earlier.get(one.rate.unit, 0) + 1 if one.side == Side.BLACK else 0
        brings = list_brings(times, organisation=organisation, account=account) if times else ""
        lines.append(
            ListLine(
                region=week.region, week=week, unit_id=one.rate.unit, branch=name, rank=one.rank, side=one.side,
                numerator=one.rate.numerator, denominator=one.rate.denominator, running=times, brings=brings,
            )
        )  # fmt: skip
    return lines
