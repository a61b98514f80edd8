"""Whatever people do on whatever day: no notice goes out unsigned, twice for a unit, colour, day, or on a day off."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar
from chuangwen.rectification.models import Problem
from chuangwen.supervision.enums import UNSENT_STATES
from chuangwen.supervision.ladder import RANK, Step
from chuangwen.supervision.models import NoticeItem, SupervisionNotice
from chuangwen.supervision.services import (
    answer_notice,
    drop_notice,
    propose_by_hand,
    propose_notices,
    return_answer,
    settle_notice,
    sign_notice,
    withdraw_notice,
)
from tests.supervision.making import NOW, SCAN, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ACTS = ("late", "look", "look", "sign", "sign", "leader", "paper", "bare", "urgent", "drop", "answer", "return",
        "settle", "withdraw", "fix", "day", "day")  # fmt: skip


class Walk:
    """One office and its days; what is refused is simply not done."""

    def __init__(self) -> None:
        self.world, self.now = make_world(), NOW

    def take(self, act: str, which: int) -> None:
        if act == "day":
            self.now += timedelta(days=1)
            return
        with clock.at(self.now):
            try:
                with transaction.atomic():
                    self._do(act, which)
            except (Refusal, PermissionDenied):
                pass

    def _do(self, act: str, which: int) -> None:
        world, notices = self.world, list(SupervisionNotice.objects.select_related("unit", "region").order_by("pk"))
        problems = list(Problem.objects.order_by("pk"))
        if act == "late":
            world.problem(lead=(world.unit, world.other)[which % 2], due_at=self.now - timedelta(days=which))
        elif act == "look":
            propose_notices(world.region)
        elif act == "fix" and problems:
            Problem.objects.filter(pk=problems[which % len(problems)].pk).update(state="closed")
        elif act == "urgent" and problems:
            one = problems[which % len(problems)]
            colour = ("white", "yellow", "red")[which % 3]
            propose_by_hand(one.lead, colour=colour, problems=[one], reason="催", actor=world.colleague)
        elif notices and act not in {"fix", "urgent"}:
            self._press(act, notices[which % len(notices)])

    def _press(self, act: str, notice: SupervisionNotice) -> None:
        office, reason = self.world.office, {"reason": "说明", "actor": self.world.office}
        {
            "sign": lambda: sign_notice(notice, actor=office),
            "leader": lambda: sign_notice(notice, actor=self.world.leader),
            "paper": lambda: sign_notice(notice, actor=office, signed_name="副组长", scans=[SCAN]),
            "bare": lambda: sign_notice(notice, actor=office, signed_name="副组长"),
            "drop": lambda: drop_notice(notice, **reason),
            "answer": lambda: answer_notice(notice, text="已办", actor=office),
            "return": lambda: return_answer(notice, **reason),
            "settle": lambda: settle_notice(notice, actor=self.world.colleague),
            "withdraw": lambda: withdraw_notice(notice, **reason),
        }[act]()


def check() -> None:
    """What must hold after every step."""
    calendar, sent = default_calendar(), SupervisionNotice.objects.exclude(state__in=UNSENT_STATES)
    for notice in sent:
        assert notice.signed_name
        assert notice.serial
        assert clock.local(notice.signed_at).date() == notice.day
        assert calendar.is_workday(notice.day)
        assert notice.items.exists()
    assert max(Counter((one.unit_id, one.colour, one.day) for one in sent).values(), default=1) == 1
    by_rule = NoticeItem.objects.exclude(ground="").exclude(notice__state="dropped").select_related("notice")
    climbed: dict[int, list[int]] = {}
    for item in by_rule.order_by("pk"):
        climbed.setdefault(item.problem_id, []).append(RANK[Step(item.notice.colour)])
    assert all(ranks == sorted(set(ranks)) for ranks in climbed.values())


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 8)), min_size=8, max_size=30))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_walk_sends_unsigned_twice_or_on_a_day_off(walk):
    with transaction.atomic():
        office = Walk()
        for act, which in [("late", 3), ("late", 4), *walk]:
            office.take(act, which)
        check()
        transaction.set_rollback(True)
