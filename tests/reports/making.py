"""Makers of papers for tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.organizations.models import Unit
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import Bulletin
from chuangwen.reports.paper import TO_FILL
from chuangwen.reports.periods import Period, week_of
from chuangwen.reports.services import approve_bulletin, draft_bulletin, issue_bulletin, submit_bulletin
from tests.support.factories import DAY, NOON, make_campaign, make_problem, make_root, make_unit, make_user

WEEK = week_of(DAY)
LATER = NOON + timedelta(days=2)


class Office:
    """A region with two units, a problem closed in time and one late, and who draws papers up, approves and signs."""

    def __init__(self) -> None:
        self.root = make_root()
        self.unit, self.other = make_unit(self.root, name="市城管局"), make_unit(self.root, name="东关街道")
        self.campaign: Campaign = make_campaign(self.root)
        self.office, self.colleague = make_user(Role.OFFICE, self.root), make_user(Role.OFFICE, self.root)
        self.leader = make_user(Role.LEADER, self.root)
        self.liaison = make_user(Role.LIAISON, self.unit)
        self.good = make_problem(
            self.unit, state="closed", closed_in_time=True, fixed_at=NOON, closed_at=NOON, campaign=self.campaign
        )
        self.late = make_problem(self.other, due_at=NOON + timedelta(hours=3), campaign=self.campaign)

    def draft(self, kind: str = PaperKind.RECTIFICATION, period: Period = WEEK, at: datetime = LATER) -> Bulletin:
        """A draft as of `at`."""
        with clock.at(at):
            return draft_bulletin(self.campaign, kind, period, actor=self.office)

    def submitted(self, **fields: Any) -> Bulletin:
        """A paper that waits for its approval."""
        made = self.draft(**fields)
        if TO_FILL in made.body:
            Bulletin.objects.filter(pk=made.pk).update(body=made.body.replace(TO_FILL, "抓紧整改。"))
            made.refresh_from_db()
        submit_bulletin(made, actor=self.office)
        return made

    def issued(self, **fields: Any) -> Bulletin:
        """A paper that was issued to both units."""
        made = self.submitted(**fields)
        with clock.at(LATER):
            approve_bulletin(made, actor=self.leader)
            issue_bulletin(made, actor=self.office)
        return made


def stranger() -> Any:
    """The office of another region."""
    return make_user(Role.OFFICE, make_root())


def unit_of_another_region() -> Unit:
    """A unit elsewhere."""
    return make_unit(make_root())


def month(year: int, number: int) -> date:
    """The first day of a month."""
    return date(year, number, 1)
