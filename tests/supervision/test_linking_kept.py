"""What linking rules count in a year, what they propose, and what is kept of them, value for value."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.core.workdays import ZONE
from chuangwen.evidence.models import Dossier
from chuangwen.notifications.models import Notice
from chuangwen.rectification.enums import Source
from chuangwen.responsibilities.models import Task
from chuangwen.standards.models import Node
from chuangwen.supervision.models import (
    Consequence,
    ConsequenceKind,
    Flag,
    LinkRule,
    ListLine,
    Story,
    SupervisionNotice,
    WeekList,
)
from chuangwen.supervision.queries.linking import reached_in, trial_of_link
from chuangwen.supervision.services import propose_consequences, save_link, switch_link
from chuangwen.supervision.services.linking import link_defaults
from tests.supervision.kept import facts, told
from tests.supervision.making import NOW, make_world
from tests.supervision.test_linking import pressed  # noqa: F401  (three red notices of this year)
from tests.support.factories import make_campaign, make_unit
from tests.support.leaving import audited, fields, kept
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = date(2026, 11, 18)
MOMENT = timedelta(microseconds=1)


def local(month, day, hour=0, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def days_of(figure, unit, year=2026):
    """The days on which the figure of a unit reached one, two, three …"""
    found = []
    while True:
        rule = LinkRule(pk=1, figure=figure, number=len(found) + 1)
        reached = [one for one in reached_in(unit.region, [rule], year) if one.unit == unit.pk]
        if not reached:
            return found
        found.append(reached[0].day)


def notice(unit, colour, day, state="sent", signed=NOW):
    number = f"9-{SupervisionNotice.objects.count()}"
    values = {"signed_at": signed, "signed_name": "某" if signed else "", "proposed_at": NOW, "due_at": NOW}
    SupervisionNotice.objects.create(
        region=unit.region, unit=unit, number=number, colour=colour, day=day, state=state, signer="deputy", **values
    )


def flag(unit, colour, given, state, running=1):
    Flag.objects.create(
        region=unit.region, unit=unit, colour=colour, peer_group="x", starts=given, ends=given, score=1,
        state=state, given_on=given, running=running,
    )  # fmt: skip


def listed(unit, at, running, *, side="black", state="released"):
    week = WeekList.objects.create(
        region=unit.region, starts=at.date(), ends=at.date(), made_at=at, released_at=at, state=state
    )
    ListLine.objects.create(
        region=unit.region, week=week, unit=unit, branch="line", rank=1, numerator=1, denominator=2, side=side,
        running=running,
    )  # fmt: skip


def story(unit, at, **fields):
    values = {"kind": "exposure", "state": "released", "title": "某", "text": "某", "outlet": "报"} | fields
    Story.objects.create(region=unit.region, unit=unit, proposed_on=at.date(), released_at=at, **values)


@pytest.mark.usefixtures("noon")
def test_figures_count_what_went_out_in_the_year_and_still_stands(world):
    theirs = make_world()

    for day in (date(2026, 1, 1), date(2026, 11, 18), date(2025, 12, 31), date(2026, 11, 19)):
        notice(world.unit, "red", day)
    notice(world.unit, "red", date(2026, 3, 1), state="withdrawn")
    notice(world.unit, "red", date(2026, 3, 2), state="dropped", signed=None)
    notice(world.unit, "yellow", date(2026, 3, 3), state="settled")
    notice(world.unit, "white", date(2026, 3, 4))
    notice(world.other, "red", date(2026, 3, 5))
    notice(theirs.unit, "red", date(2026, 3, 6))
    first, last = date(2026, 1, 1), date(2026, 11, 18)
    assert (days_of("red-year", world.unit), days_of("yellow-year", world.unit)) == ([first, last], [date(2026, 3, 3)])
    assert (days_of("red-year", world.other), days_of("red-year", theirs.unit)) == (
        [date(2026, 3, 5)], [date(2026, 3, 6)],
    )  # fmt: skip

    for colour in ("black", "red"):
        flag(world.unit, colour, date(2026, 1, 1), "given")
        flag(world.unit, colour, date(2026, 5, 1), "back", running=2)
        flag(world.unit, colour, date(2026, 6, 1), "dropped", running=3)
        flag(world.unit, colour, date(2025, 12, 31), "given", running=4)
        flag(theirs.unit, colour, date(2026, 5, 2), "given", running=5)
    assert days_of("red-flags-year", world.unit) == days_of("black-running", world.unit) == [
        date(2026, 1, 1), date(2026, 5, 1),
    ]  # fmt: skip

    listed(world.unit, local(1, 1), 1)
    listed(world.unit, local(11, 18), 2)
    listed(world.unit, local(12, 31, 23, 59, year=2025), 3)
    listed(world.unit, local(5, 1), 3, side="red")
    listed(world.unit, local(5, 8), 3, state="draft")
    listed(theirs.unit, local(5, 8), 1)
    assert days_of("list-running", world.unit) == [first, last]

    for at in (local(1, 1), local(11, 18), local(12, 31, 23, 59, year=2025)):
        story(world.unit, at)
    story(world.unit, local(5, 1), kind="praise")
    story(world.unit, local(5, 1), state="taken-down")
    story(theirs.unit, local(5, 1))
    assert days_of("exposed-year", world.unit) == [first, last]
    with clock.at(local(6, 1, year=2027)):
        for figure in ("red-year", "list-running", "exposed-year", "black-running"):
            assert days_of(figure, theirs.unit, 2025) == days_of(figure, theirs.unit, 2027) == []
        assert days_of("exposed-year", world.unit, 2025) == [date(2025, 12, 31)]


def test_clean_year_asks_for_every_kind_of_matter(world):
    theirs = make_world()
    late = ("late problem", "late task", "open task", "late dossier", "open dossier", "pressed")
    units = {name: make_unit(world.root) for name in ("clean", "withdrawn", "none", *late)}
    campaign = make_campaign(world.root)
    node = Node.objects.get(version__in=campaign.standards.values("version"), code="1.1")
    due = local(10, 9, 18)

    def problem(unit, *, good, **fields):
        values = {"due_at": due, "state": "closed", "closed_at": due, "closed_in_time": good, "is_open": False}
        world.problem(lead=unit, **values | fields)

    def task(unit, **fields):
        Task.objects.create(
            region=unit.region, campaign=campaign, unit=unit, number=f"T{Task.objects.count()}", title="某",
            **{"due_at": due, "state": "confirmed", "finished_at": due} | fields,
        )  # fmt: skip

    def dossier(unit, year=2026, **fields):
        values = {"due_on": date(2026, 10, 9), "state": "approved", "submitted_at": local(10, 9, 23, 59)}
        Dossier.objects.create(
            region=unit.region, campaign=campaign, node=node, unit=unit, year=year, **values | fields
        )

    for name, unit in units.items():
        if name != "none":
            problem(unit, good=True)
            task(unit)
            dossier(unit)
    clean = units["clean"]
    task(clean, state="draft", finished_at=None)
    task(clean, state="cancelled", finished_at=None)
    task(clean, due_at=local(1, 1, year=2027), finished_at=local(1, 2, year=2027))
    task(clean, due_at=local(12, 31, 23, year=2025), finished_at=local(1, 2))
    dossier(clean, year=2025, due_on=date(2025, 12, 31), submitted_at=local(5, 1))
    problem(clean, good=False, source=Source.SELF)
    problem(units["late problem"], good=False)
    task(units["late task"], finished_at=due + MOMENT)
    task(units["open task"], state="accepted", finished_at=None)
    dossier(units["late dossier"], year=2027, submitted_at=local(10, 10))
    dossier(units["open dossier"], year=2027, state="open", submitted_at=None)
    for name, state in (("pressed", "settled"), ("withdrawn", "withdrawn")):
        SupervisionNotice.objects.create(
            region=world.region, unit=units[name], number=name[:4], colour="white", day=TODAY, state=state,
            signer="clerk", proposed_at=NOW, due_at=NOW, signed_at=NOW, signed_name="某",
        )  # fmt: skip
    rule = LinkRule.objects.get(region=world.region, figure="clean-year")
    rule.number = 3
    with clock.at(local(1, 1, year=2027)):
        found = {one.unit: (one.day, one.found) for one in trial_of_link(rule, 2026).reached}
        foreign = LinkRule.objects.get(region=theirs.region, figure="clean-year")
        foreign.number = 1
        assert trial_of_link(foreign, 2026).reached == []
    new_year = date(2027, 1, 1)
    assert found == {clean.pk: (new_year, 3), units["withdrawn"].pk: (new_year, 3)}
    with clock.at(local(10, 9, 12)):
        year = [one.unit for one in reached_in(world.region, [rule], 2025)]
    assert year == []


@pytest.mark.usefixtures("noon")
def test_proposal_is_kept_and_told_and_made_once(pressed):  # noqa: F811
    world, theirs = pressed, make_world()
    rule = LinkRule.objects.get(region=world.region, figure="red-year")
    (made,) = propose_consequences(world.region, actor=world.office)
    assert {name: value for name, value in facts(made).items() if value not in (None, "")} == {
        "region_id": world.region.pk, "unit_id": world.unit.pk, "kind_id": rule.kind_id, "day": date(2026, 10, 31),
        "year": 2026, "until": date(2026, 12, 31), "title": "2026年：一年内红单3次", "rule_id": rule.pk, "found": 3,
        "state": "proposed",
    }  # fmt: skip
    assert kept(made) == [("propose", world.office.pk, NOW, made.title, "", {"rule": rule.pk, "found": 3})]
    assert Notice.objects.get(user=world.colleague).key == "consequences-2026-11-18"
    assert told(world.office) == [("规则建议1项奖惩", "", "/consequences/?tab=proposed", False)]
    assert told(theirs.office) == []
    assert propose_consequences(theirs.region) == []
    with clock.at(local(3, 31, year=2027)):
        Consequence.objects.filter(pk=made.pk).update(year=2025)
        (again,) = propose_consequences(world.region)
        assert (again.year, again.day) == (2026, made.day)
        Consequence.objects.filter(pk=again.pk).delete()
    with clock.at(local(4, 1, year=2027)):
        assert propose_consequences(world.region) == []
    with clock.at(local(11, 19)):
        switch_link(rule, on=False, actor=world.office)
        assert propose_consequences(world.region) == []
    trial = trial_of_link(LinkRule.objects.get(pk=rule.pk), 2026)
    assert (len(trial.reached), trial.kept) == (1, [])
    values = {"region": world.region, "kind": rule.kind, "year": 2026, "title": "某", "unit": world.unit,
              "issuer": "某", "paper": "1号"}  # fmt: skip
    rows = [
        Consequence.objects.create(day=TODAY - timedelta(days=at), state=state, **values)
        for at, state in enumerate(("reported", "lifted", "confirmed", "proposed", "rejected"))
    ]
    Consequence.objects.create(day=TODAY, state="reported", **values | {"year": 2025})
    other = ConsequenceKind.objects.get(region=world.region, name="通报批评")
    Consequence.objects.create(day=TODAY, state="reported", **values | {"kind": other})
    assert trial_of_link(rule, 2026).kept == [rows[2], rows[1], rows[0]]


@pytest.mark.usefixtures("noon")
def test_linking_rules_are_kept_switched_and_filled(world):
    theirs, office = make_world(), world.office
    kind = ConsequenceKind.objects.get(region=world.region, name="通报批评")
    at = LinkRule.objects.filter(region=world.region).count()
    keep = {"figure": "yellow-year", "kind": kind, "source": "site: 试", "actor": office}
    rule = save_link(world.region, number=500, **keep)
    assert facts(rule) == {
        "region_id": world.region.pk, "figure": "yellow-year", "number": 500, "kind_id": kind.pk,
        "source": "site: 试", "is_on": False, "position": at,
    }  # fmt: skip
    beside = LinkRule.objects.get(region=world.region, figure="red-year")
    row = fields(beside)
    switch_link(rule, on=True, actor=office)
    switch_link(rule, on=True, actor=office)
    assert (rule.is_on, fields(rule)["is_on"]) == (True, True)
    changed = save_link(world.region, number=1, rule=rule, **keep | {"figure": "red-year"})
    assert (changed.pk, changed.is_on, changed.position, changed.number) == (rule.pk, False, at, 1)
    switch_link(rule, on=True, actor=office)
    switch_link(rule, on=False, actor=office)
    assert (rule.is_on, fields(rule)["is_on"], fields(beside)) == (False, False, row)
    data = {"figure": "red-year", "number": 1, "kind": "通报批评"}
    assert audited("supervision.link-rule.save")[-1] == (str(office.pk), str(rule.pk), data)
    switched = [len(audited(f"supervision.link-rule.{action}")) for action in ("on", "off")]
    assert (switched, audited("supervision.link-rule.off")[0]) == (
        [2, 1], (str(office.pk), str(rule.pk), {"rule": str(rule)}),
    )  # fmt: skip
    for number in (0, 501):
        assert said(save_link, world.region, number=number, **keep) == "数值应在1到500之间。请填这之间的数。"
    foreign = ConsequenceKind.objects.filter(region=theirs.region).first()
    assert said(save_link, world.region, number=1, **keep | {"kind": foreign}) == "这个种类没有启用。请换一个。"
    assert said(save_link, world.region, number=1, **keep | {"figure": "x"}) == "没有这个指标。请换一个。"
    kind.is_on = False
    assert said(save_link, world.region, number=1, **keep) == "这个种类没有启用。请换一个。"
    kind.is_on = True
    with pytest.raises(PermissionDenied):
        save_link(world.region, number=1, rule=LinkRule.objects.filter(region=theirs.region).first(), **keep)
    assert link_defaults(world.region) == 0
    LinkRule.objects.filter(region=world.region).delete()
    assert propose_consequences(world.region) == []
    kind.delete()
    assert link_defaults(world.region) == 4  # three rules ask for the kind that the office took away
    rules = LinkRule.objects.filter(region=world.region).values_list("figure", "position", "is_on")
    assert list(rules) == [
        ("red-year", 0, True), ("exposed-year", 3, True), ("red-flags-year", 4, True), ("clean-year", 5, True),
    ]  # fmt: skip
    LinkRule.objects.filter(region=world.region).delete()
    ConsequenceKind.objects.filter(region=world.region).delete()
    assert link_defaults(world.region) == 5 + 7
    kinds = ConsequenceKind.objects.filter(region=world.region).values_list("position", flat=True)
    assert (list(kinds), ConsequenceKind.objects.filter(region=theirs.region).count()) == ([0, 1, 2, 3, 4], 5)
