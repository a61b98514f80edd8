"""Makes what tests of supervision need: an office, a leader, two units, late matters, a written ladder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.files.services import Upload
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.services import ensure_defaults, propose_notices, sign_notice
from tests.support.factories import (
    make_campaign,
    make_problem,
    make_problem_type,
    make_root,
    make_task,
    make_unit,
    make_user,
)

NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)  # Wednesday 18 November 2026, 12:00 in Shanghai
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # Monday before, 17:00
SATURDAY = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
SCAN = Upload("督办单.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")


@dataclass
class World:
    root: Unit
    unit: Unit
    other: Unit
    office: User
    colleague: User
    leader: User
    liaison: User

    @property
    def region(self) -> Any:
        return self.root.region

    def problem(self, **fields: Any) -> Problem:
        """Late since Monday evening."""
        unit = fields.pop("lead", self.unit)
        return make_problem(unit, **{"due_at": MONDAY, "problem_type": self.kind} | fields)

    @property
    def kind(self) -> Any:
        if not hasattr(self, "_kind"):
            self._kind = make_problem_type(self.region)
        return self._kind

    def task(self, **fields: Any) -> Any:
        if not hasattr(self, "_campaign"):
            self._campaign = make_campaign(self.root)
        return make_task(self.unit, **{"campaign": self._campaign, "due_at": MONDAY, "state": "accepted"} | fields)

    def proposed(self, *, at: datetime = NOW) -> list[SupervisionNotice]:
        with clock.at(at):
            return propose_notices(self.region)

    def sent(self, **fields: Any) -> SupervisionNotice:
        """A white notice over one late problem, signed on Wednesday."""
        self.problem(**fields)
        with clock.at(NOW):
            notice = propose_notices(self.region)[0]
            sign_notice(notice, actor=self.office)
        return notice


def make_world() -> World:
    root = make_root()
    unit, other = make_unit(root, name="市城市管理局", short_name="城管局"), make_unit(root)
    people = [make_user(role, root) for role in (Role.OFFICE, Role.OFFICE, Role.LEADER)]
    world = World(root, unit, other, *people, make_user(Role.LIAISON, unit))
    with clock.at(NOW - timedelta(days=60)):
        ensure_defaults(root.region, actor=None)
    return world


@contextmanager
def days_later(number: int) -> Iterator[None]:
    """So many days after Wednesday."""
    with clock.at(NOW + timedelta(days=number)):
        yield
