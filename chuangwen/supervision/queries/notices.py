"""Reads notices: what runs, what waits for whom, what comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.supervision.enums import RUNNING_STATES, NoticeState, Signer
from chuangwen.supervision.ladder import COLOURS, Finding, Matter, outlook
from chuangwen.supervision.models import NoticeItem, NoticeStep, SupervisionNotice
from chuangwen.supervision.queries.matters import Facts, rules_in_force
from chuangwen.supervision.workflow import EDIT, SIGNING, own_offices

RUNNING = Q(state__in=[str(state) for state in RUNNING_STATES])
OPEN = Q(state__in=[str(NoticeState.PROPOSED), *(str(state) for state in RUNNING_STATES)])
UNANSWERED = Q(state__in=[str(NoticeState.SENT), str(NoticeState.ACKNOWLEDGED)])


def late() -> Q:
    """Sent, not answered, and the time to answer is over."""
    return UNANSWERED & Q(due_at__lt=clock.now())


def talks_due() -> Q:
    """Sent with a talk that was not held yet."""
    return RUNNING & Q(talk_due_on__isnull=False, talks__isnull=True)


def to_sign(user: Any) -> QuerySet[Any]:
    """The proposals that `user` signs in person; not those of which only a body's signature is asked."""
    mine = Q(pk__in=[])
    for signer, permission in SIGNING.items():
        mine |= Q(signer=signer) & _within(user, permission)
    return SupervisionNotice.objects.visible_to(user).filter(mine, state=NoticeState.PROPOSED)


def to_judge(user: Any) -> QuerySet[Any]:
    """The answers that `user` judges in person: the office those of units, the deputy head the office's own."""
    own = Q(unit__in=own_offices())
    mine = (_within(user, EDIT) & ~own) | (_within(user, SIGNING[Signer.DEPUTY]) & own)
    return SupervisionNotice.objects.visible_to(user).filter(mine, state=NoticeState.ANSWERED)


def _within(user: Any, permission: str) -> Q:
    """Notices over which `user` holds the permission."""
    scope = scope_of(user, permission)
    return Q(region__in=scope.regions) | Q(unit__in=scope.unit_ids)


def to_answer(user: Any) -> QuerySet[Any]:
    """What the own units have to answer."""
    units = scope_of(user, "supervision.answer").unit_ids
    return SupervisionNotice.objects.visible_to(user).filter(UNANSWERED, unit__in=units)


def items_of(notice: SupervisionNotice) -> list[NoticeItem]:
    """The notice's lines with their matters: one query."""
    joined = ("problem__place", "problem__lead", "problem__problem_type", "task__node", "dossier__node", "rule")
    return list(notice.items.select_related(*joined).order_by("pk"))


def step_row(region: Region, step: str) -> NoticeStep | None:
    """How the office has this rung; None where the ladder was not written yet."""
    return NoticeStep.objects.filter(region=region, step=step).first()


def has_ladder(region: Region) -> bool:
    return NoticeStep.objects.filter(region=region).exists()


def comes_next(facts: Facts, region: Region) -> list[Finding]:
    """What the ladder will do with a matter if nothing is done: one query."""
    return Outlooks(region).of(facts.matter)


class Outlooks:
    """What comes next for many matters at one moment: those that stand alike are looked at once. One query."""

    def __init__(self, region: Region) -> None:
        self._rules, self._now, self._calendar = rules_in_force(region), clock.now(), default_calendar()
        self._known: dict[Matter, list[Finding]] = {}

    def of(self, matter: Matter) -> list[Finding]:
        """The steps that follow if nothing is done, the nearest first."""
        alike = replace(matter, key="", unit=0)
        if alike not in self._known:
            self._known[alike] = list(outlook(alike, self._rules, self._now, self._calendar))
        return self._known[alike]


def signed_in_year(colour: str, year: int) -> str:
    """The counter of a region by which sheets of one colour are numbered in one year."""
    return f"notice-{colour}-{year}"


def notices_of(name: str, pk: int) -> QuerySet[Any]:
    """The notices that list one problem, task or dossier, the latest first."""
    return SupervisionNotice.objects.filter(**{f"items__{name}": pk}).order_by("-day", "-pk")


def colours_of_unit(unit_id: int, days: int = 365) -> dict[str, int]:
    """How many notices of each colour a unit got lately: one query."""
    since = clock.today() - timedelta(days=days)
    rows = SupervisionNotice.objects.filter(unit=unit_id, day__gte=since, signed_at__isnull=False)
    counted = list(rows.exclude(state=NoticeState.WITHDRAWN).values_list("colour", flat=True))
    return {str(colour): counted.count(str(colour)) for colour in COLOURS}
