"""Makes what tests of titles need: a committee with two bureaus, their offices, and everybody who acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign, Title
from chuangwen.core import clock
from chuangwen.evidence.models import Dossier
from chuangwen.honors.customs import CIVIL, MODEL
from chuangwen.honors.eligibility import OFFICE
from chuangwen.honors.models import Application, Award, Programme
from chuangwen.honors.queries.facts import outcome_of
from chuangwen.honors.services import (
    Meeting,
    Score,
    Told,
    begin_application,
    begin_notice,
    close_review,
    confirm_figures,
    create_programme,
    deliberate,
    ensure_defaults,
    enter_award,
    enter_figures,
    enter_review,
    open_programme,
    settle_condition,
    submit_application,
    write_application,
)
from chuangwen.organizations.enums import UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.services import publish_standard
from tests.support.factories import make_campaign, make_root, make_unit, make_user

STANDARD = """
urn: urn:chuangwen:standard:own
version: "1"
title: 单位标准
subject: unit
scale: 100
cap: 105
grades: {A: 1, B: 0.75, C: 0.5, D: 0}
nodes:
  - code: "1"
    title: 组织
    children:
      - {code: "1.1", title: 有方案, points: 60, method: material, map: {kind: bands, bands: [{min: 0.9, share: A}, {min: 0.75, share: B}, {min: 0.5, share: C}, {share: D}]}, evidence: [{slot: 文, kind: document}, {slot: 成效, kind: statement}]}
  - code: "2"
    title: 观察
    children:
      - {code: "2.1", title: 窗口, points: 40, method: impression}
bonuses: [{code: P1, title: 表彰, cap: 5}]
penalties: [{code: N1, title: 逾期, cap: 3}]
"""  # noqa: E501 (a standard as its file has it)
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)  # Wednesday 18 November 2026, 10:00 in Shanghai
MET_ON = date(2026, 12, 28)  # the meeting of the guiding group
NOTICE = (date(2027, 1, 4), date(2027, 1, 10))
AWARDED = date(2027, 1, 18)


def noon(day: date) -> datetime:
    """Noon in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


@dataclass
class House:
    """A region whose office runs the titles of two bureaus with ten offices each."""

    root: Unit
    office: User
    second: User
    leader: User
    bureau: Unit
    other: Unit
    liaison: User
    offices: dict[int, list[Unit]] = field(default_factory=dict)

    def title(self, level: str) -> Title:
        rows = Title.objects.filter(region=self.root.region, subject__in=["unit", "office"])
        return rows.get(level=level, ladder_step__isnull=False)

    def give(self, unit: Unit, level: str, day: date = date(2020, 1, 8)) -> Award:
        """A title of long ago, from its document."""
        return enter_award(unit, self.title(level), granted_on=day, document="文明委〔2020〕1号", actor=self.office)

    def offices_civil(self, unit: Unit, number: int, model: int = 0) -> None:
        for one in self.offices[unit.pk][:number]:
            self.give(one, CIVIL)
        for one in self.offices[unit.pk][:model]:
            self.give(one, MODEL)


def make_house() -> House:
    root = make_root()
    office, second, leader = (make_user(role, root) for role in (Role.OFFICE, Role.OFFICE, Role.LEADER))
    bureau, other = make_unit(root, name="市水利局"), make_unit(root, name="市财政局")
    house = House(root, office, second, leader, bureau, other, make_user(Role.LIAISON, bureau))
    for unit in (bureau, other):
        house.offices[unit.pk] = [make_unit(unit, kind=UnitKind.OFFICE, name=f"{n}科") for n in range(1, 11)]
    ensure_defaults(root.region, office)
    return house


def make_programme(house: House, level: str = "province", **fields: Any) -> Programme:
    """A programme for the level's title, open for applications until 18 December."""
    values: dict[str, Any] = {
        "title": house.title(level), "year": 2026, "name": f"2026年度{house.title(level)}", "authority": "省文明委",
        "quota": 6, "reviewers": 2, "apply_from": date(2026, 11, 2), "apply_until": date(2026, 12, 18),
        "review_until": date(2026, 12, 25), "deliberate_on": MET_ON, "notice_from": NOTICE[0],
        "notice_until": NOTICE[1], "award_on": AWARDED,
    }  # fmt: skip
    programme = Programme(region=house.root.region, **values | fields)
    create_programme(programme, actor=house.office)
    open_programme(programme, actor=house.office)
    return programme


def fit(house: House, unit: Unit) -> None:
    """Everything that the province's conditions ask of a unit: titles, civil offices, one model office, volunteers."""
    house.give(unit, "city")
    house.offices_civil(unit, 5, model=1)
    told = Told(clock.today().year, 200, 60, Decimal(1500), "注册名册")
    confirm_figures(enter_figures(unit, told, actor=house.office), actor=house.second)


def publish(house: House, text: str = STANDARD) -> StandardVersion:
    """The unit standard, published: programmes made from now on are assessed by its criteria."""
    version, _new = publish_standard(read_standard(text.encode(), "s.yaml"), region=house.root.region, actor=None)
    return version


def make_dossier(version: StandardVersion, unit: Unit, code: str, filled: int, needed: int, **fields: Any) -> Dossier:
    """A dossier of this year that holds so many of its slots."""
    campaign = Campaign.objects.filter(region=unit.region).first() or make_campaign(unit, version=version)
    return Dossier.objects.create(
        region=unit.region, campaign=campaign, node=version.nodes.get(code=code), unit=unit, year=clock.today().year,
        due_on=date(2026, 12, 1), slots_needed=needed, slots_filled=filled,
        missing_since=None if filled >= needed else date(2026, 6, 1), **fields,
    )  # fmt: skip


def make_submitted(house: House, programme: Programme, unit: Unit, *, score: int = 90) -> Application:
    made = begin_application(programme, unit, actor=house.office)
    write_application(made, self_score=Decimal(score), self_report="做了许多", actor=house.office)
    submit_application(made, responsible="王局", signed_on=clock.today(), actor=house.office)
    return made


def settle_all(house: House, application: Application) -> None:
    """What the program does not know is found in order from papers."""
    outcome = outcome_of(application.programme, application.unit)
    for one in outcome.verdicts:
        if one.waits_for == OFFICE:
            rule = application.programme.rules.get(pk=one.rule.key)
            settle_condition(application, rule, met=True, source="征求意见函", actor=house.office)


def make_reviewed(house: House, programme: Programme, unit: Unit, *, points: tuple[int, ...] = (90, 92)) -> Application:
    made = make_submitted(house, programme, unit)
    settle_all(house, made)
    for number, one in enumerate(points):
        enter_review(made, Score(f"评{number}", Decimal(one), clock.today()), actor=house.office)
    close_review(made, actor=house.office)
    return made


def make_noticed(house: House, programme: Programme, unit: Unit) -> Application:
    """On public notice: the clock stands on the notice's first day afterwards only inside."""
    made = make_reviewed(house, programme, unit)
    with clock.at(noon(MET_ON)):
        deliberate(programme, Meeting(MET_ON, "组长", "〔2026〕3号"), {made.pk: ("recommend", "")}, actor=house.office)
        begin_notice(programme, first=NOTICE[0], last=NOTICE[1], actor=house.office)
    made.refresh_from_db()
    programme.refresh_from_db()
    return made


def later(days: int) -> date:
    return clock.today() + timedelta(days=days)
