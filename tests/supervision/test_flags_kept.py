"""What flags, lists and the figures behind them count and keep, value for value; the unit beside stays as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.core.workdays import ZONE
from chuangwen.evidence.models import Dossier
from chuangwen.rectification.enums import Source
from chuangwen.responsibilities.models import Task
from chuangwen.standards.models import Node
from chuangwen.supervision.models import Flag, FlagLook, PeerNumber, ScoreWeight, SupervisionNotice, WeekList
from chuangwen.supervision.peers import Part, Rate, Share, Standing
from chuangwen.supervision.queries.standings import (
    answered,
    held_black,
    material_given,
    month_of,
    numbers_of,
    quarter_of,
    rates,
    rectified,
    tasks_done,
    unit_scores,
    week_of,
    weights_of,
)
from chuangwen.supervision.services import (
    drop_flag,
    give_flag,
    hand_back,
    make_list,
    propose_flags,
    release_list,
    save_number,
    save_weight,
)
from tests.supervision.kept import facts, told
from tests.supervision.making import NOW, make_world
from tests.supervision.test_flags import LAST_WEEK, OCTOBER, closed
from tests.support.factories import make_campaign, make_unit
from tests.support.leaving import audited, fields, kept
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon"), pytest.mark.once]
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
TODAY = date(2026, 11, 18)


def local(month, day, hour=0, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


START, END = local(10, 1), local(11, 1)


def test_shares_count_what_was_due_in_the_period_and_up_to_now(world):
    unit, region, theirs = world.unit, world.region, make_world()
    for at in (START, END - timedelta(seconds=1), END, START - timedelta(seconds=1)):
        closed(world, unit, good=1, bad=1, at=at)
    closed(theirs, theirs.unit, good=1, bad=0)
    world.problem(due_at=OCTOBER, state="closed", closed_in_time=False, source=Source.SELF)
    assert rectified(region, START, END) == {unit.pk: Share(2, 4)}
    campaign = make_campaign(world.root)

    def task(**fields):
        values = {
            "region": region,
            "campaign": campaign,
            "unit": unit,
            "title": "某",
            "number": f"T{Task.objects.count()}",
        }
        Task.objects.create(**values, **{"due_at": OCTOBER, "state": "confirmed", "finished_at": OCTOBER} | fields)

    task()
    task(state="reported", due_at=START, finished_at=START)
    task(finished_at=OCTOBER + timedelta(seconds=1))
    task(state="accepted", finished_at=None)
    task(state="accepted")
    for state in ("draft", "objected", "cancelled"):
        task(state=state)
    task(due_at=END)
    task(due_at=START - timedelta(seconds=1))
    assert tasks_done(region, START, END) == {unit.pk: Share(2, 5)}
    task(due_at=NOW)
    task(due_at=NOW - timedelta(seconds=1), finished_at=OCTOBER)
    assert tasks_done(region, local(11, 1), local(12, 1)) == {unit.pk: Share(2, 2)}
    node = Node.objects.get(version__in=campaign.standards.values("version"), code="1.1")
    given = [
        ("submitted", FIRST, local(10, 1, 23, 59)), ("accepted", LAST, local(10, 31)), ("approved", LAST, local(11, 1)),
        ("returned", LAST, local(10, 5)), ("open", LAST, None), ("approved", date(2026, 9, 30), local(9, 1)),
        ("approved", date(2026, 11, 1), local(9, 1)), ("approved", TODAY, local(9, 1)),
        ("approved", date(2026, 11, 19), local(9, 1)),
    ]  # fmt: skip
    for year, (state, due, at) in enumerate(given, start=2000):
        Dossier.objects.create(
            region=region, campaign=campaign, node=node, unit=unit, year=year, state=state, due_on=due, submitted_at=at
        )
    assert material_given(region, FIRST, LAST) == {unit.pk: Share(2, 5)}
    assert material_given(region, date(2026, 11, 1), date(2026, 11, 30)) == {unit.pk: Share(2, 2)}
    sheets = [
        ("settled", START, START, NOW), ("sent", OCTOBER, None, NOW), ("answered", OCTOBER, OCTOBER, NOW),
        ("answered", OCTOBER, OCTOBER + timedelta(seconds=1), NOW), ("withdrawn", OCTOBER, OCTOBER, NOW),
        ("proposed", OCTOBER, None, None), ("sent", END, END, NOW), ("sent", START - timedelta(seconds=1), None, NOW),
    ]  # fmt: skip
    for at, (state, due, answer, signed) in enumerate(sheets):
        SupervisionNotice.objects.create(
            region=region, unit=unit, number=f"9-{at}", colour="white", day=date(2026, 9, 1 + at), state=state,
            signer="clerk", proposed_at=START, due_at=due, signed_at=signed, signed_name="某" if signed else "",
            answered_at=answer,
        )  # fmt: skip
    assert answered(region, START, END) == {unit.pk: Share(2, 4)}
    shares = rectified(theirs.region, START, END), tasks_done(theirs.region, START, END)
    assert shares == ({theirs.unit.pk: Share(1, 1)}, {})
    assert material_given(theirs.region, FIRST, LAST) == answered(theirs.region, START, END) == {}


def test_scores_stand_by_group_and_score_with_what_is_late(world, peers):
    outside, theirs = make_unit(world.root), make_world()
    for unit, good in zip([*peers[:3], outside], (1, 2, 0, 2), strict=True):
        closed(world, unit, good=good, bad=2 - good)
    world.problem(lead=peers[0])
    type(outside).objects.filter(pk=peers[3].pk).update(peer_group="乡镇")
    ScoreWeight.objects.filter(region=theirs.region).update(weight=7)
    found = [(one.unit, one.standing, one.shares) for one in unit_scores(world.region, FIRST, LAST)]
    group, part = "市直机关", Part.RECTIFICATION
    assert found == [
        (peers[3], Standing(peers[3].pk, "乡镇", None), {}),
        (peers[1], Standing(peers[1].pk, group, 100, 2, 0), {part: Share(2, 2)}),
        (peers[0], Standing(peers[0].pk, group, 50, 2, 1), {part: Share(1, 2)}),
        (peers[2], Standing(peers[2].pk, group, 0, 2, 0), {part: Share(0, 2)}),
    ]
    assert weights_of(world.region) == {
        "territory": {Part.FIELD: 50, part: 30, Part.MATERIAL: 10, Part.REPORTING: 10},
        "line": {Part.TASKS: 35, part: 30, Part.MATERIAL: 25, Part.REPORTING: 10},
    }  # fmt: skip
    PeerNumber.objects.filter(region=theirs.region, key="peers").update(value=9)
    assert (numbers_of(world.region)["peers"], len(numbers_of(world.region))) == (3, 17)
    street = make_unit(world.root, kind="street", branch="territory")
    village = make_unit(world.root, kind="community", branch="territory")
    for unit in (street, village, world.root):
        closed(world, unit, good=1, bad=2, at=local(10, 31, 23, 59))
        closed(world, unit, good=1, bad=0, at=END)
    assert rates(world.region, FIRST, LAST, "territory") == [Rate(street.pk, 1, 3)]
    lines = {one.unit: (one.numerator, one.denominator) for one in rates(world.region, FIRST, LAST, "line")}
    assert lines == {peers[0].pk: (1, 2), peers[1].pk: (2, 2), peers[2].pk: (0, 2), outside.pk: (2, 2)}
    assert [month_of(date(2026, month, 28)) for month in (2, 12)] == [
        (date(2026, 2, 1), date(2026, 2, 28)), (date(2026, 12, 1), date(2026, 12, 31)),
    ]  # fmt: skip
    assert (quarter_of(date(2026, 9, 30))[0], week_of(date(2026, 11, 16))[0]) == (date(2026, 7, 1), date(2026, 11, 16))


def flag(unit, starts, **fields):
    values = {"colour": "black", "peer_group": "市直机关", "ends": month_of(starts)[1], "score": 1, "state": "given",
              "given_on": starts}  # fmt: skip
    return Flag.objects.create(region=unit.region, unit=unit, starts=starts, **values | fields)


def test_black_flag_keeps_what_it_was_proposed_by_and_counts_the_former(world, peers):
    office, theirs = world.office, make_world()
    for unit, good in zip(peers, (10, 9, 8, 5), strict=True):
        closed(world, unit, good=good, bad=10 - good)
    world.problem(lead=peers[3])
    before = [flag(peers[3], date(2026, 9, 1), state="back"), flag(peers[3], date(2025, 10, 31))]
    flag(peers[3], date(2025, 10, 30), colour="black")
    flag(peers[3], date(2026, 8, 1), state="dropped")
    flag(peers[3], date(2026, 7, 1), colour="red")
    flag(theirs.unit, date(2026, 9, 1))
    assert list(held_black(world.region)) == [peers[3].pk]
    assert held_black(world.region)[peers[3].pk][1:] == before[::-1]
    (made,) = propose_flags(world.region, "black", OCTOBER.date(), actor=office)
    assert facts(made) == {
        "region_id": world.region.pk, "unit_id": peers[3].pk, "colour": "black", "peer_group": "市直机关",
        "starts": FIRST, "ends": LAST, "score": 50, "running": 2, "brings": "referral", "state": "proposed",
        "figures": {"in_year": 3, "parts": {"rectification": [5, 10]}, "due": 10, "overdue": 1},
        "given_by_id": None, "given_on": None, "back_on": None,
    }  # fmt: skip
    look = FlagLook.objects.get()
    assert facts(look) == {"region_id": world.region.pk, "colour": "black", "starts": FIRST, "found": 1}
    assert propose_flags(world.region, "black", LAST, actor=world.colleague) == []
    look.refresh_from_db()
    assert (look.found, audited("supervision.flaglook.look")) == (1, [
        (str(office.pk), str(look.pk), {"found": 1, "proposed": 1}),
        (str(world.colleague.pk), str(look.pk), {"found": 1, "proposed": 0}),
    ])  # fmt: skip
    with clock.at(NOW - timedelta(days=18)):  # the last day of the month itself
        words = said(propose_flags, world.region, "black", FIRST, actor=office)
    assert words == "这段时间还没有结束。结束以后再提出。"
    beside = fields(before[0])
    give_flag(made, actor=office)
    hand_back(made, actor=world.colleague, note="已整改")
    other = flag(peers[1], FIRST, state="proposed", given_on=None)
    drop_flag(other, reason="另有通报", actor=office)
    assert kept(made) == [
        ("propose", office.pk, NOW, "", "", {"score": "50.0"}), ("give", office.pk, NOW, "", "", {}),
        ("back", world.colleague.pk, NOW, "已整改", "", {}),
    ]  # fmt: skip
    assert kept(other) == [("drop", office.pk, NOW, "另有通报", "", {})]
    assert (made.given_by, made.given_on, made.back_on, fields(before[0])) == (office, TODAY, TODAY, beside)
    mine = flag(world.unit, FIRST, state="proposed", given_on=None)
    red = flag(world.unit, FIRST, state="proposed", given_on=None, colour="red")
    for one in (mine, red):
        give_flag(one, actor=office)
    assert told(world.liaison) == [("城管局黑牌", "", "/flags/", True), ("城管局红旗", "", "/flags/", False)]


def test_red_flag_of_a_quarter_brings_nothing(world, peers):
    at = datetime(2026, 8, 12, 4, tzinfo=UTC)
    for unit, good in zip(peers, (10, 9, 8, 5), strict=True):
        closed(world, unit, good=good, bad=10 - good, at=at)
    flag(peers[0], date(2026, 6, 1))
    (made,) = propose_flags(world.region, "red", date(2026, 7, 1), actor=world.office)
    assert (made.unit, made.starts, made.ends, made.running, made.brings, made.figures["in_year"]) == (
        peers[0], date(2026, 7, 1), date(2026, 9, 30), 1, "", 1,
    )  # fmt: skip
    PeerNumber.objects.filter(key="red-due").update(value=11)
    FlagLook.objects.all().delete()
    made.delete()
    assert propose_flags(world.region, "red", date(2026, 7, 1), actor=world.office) == []
    assert FlagLook.objects.get().found == 0


def test_list_keeps_every_line_and_is_told_to_those_on_a_side(world, peers):
    office, region = world.office, world.region
    street = make_unit(world.root, kind="street", branch="territory")
    for unit, good in zip([*peers, street], (10, 9, 8, 5, 3), strict=True):
        closed(world, unit, good=good, bad=10 - good, at=LAST_WEEK)
    for key in ("top-lines", "bottom-lines"):
        PeerNumber.objects.filter(key=key).update(value=1)
    former = WeekList.objects.create(
        region=region, starts=date(2026, 11, 2), ends=date(2026, 11, 8), made_at=NOW, state="released"
    )
    older = WeekList.objects.create(
        region=region, starts=date(2026, 10, 26), ends=date(2026, 11, 1), made_at=NOW, state="released"
    )
    for week, unit, side, running in (
        (former, peers[3], "black", 2), (former, peers[0], "red", 0), (older, street, "black", 4),
    ):  # fmt: skip
        week.lines.create(
            region=region, unit=unit, branch="line", rank=1, numerator=1, denominator=2, side=side, running=running
        )
    beside = fields(former)
    week = make_list(region, date(2026, 11, 15), actor=office)
    with clock.at(NOW + timedelta(hours=1)):
        again = make_list(region, date(2026, 11, 9), actor=world.colleague)
    assert facts(again) == {
        "region_id": region.pk, "starts": date(2026, 11, 9), "ends": date(2026, 11, 15), "state": "draft",
        "made_at": NOW + timedelta(hours=1), "released_by_id": None, "released_at": None,
    }  # fmt: skip
    names = ("region", "unit", "branch", "rank", "numerator", "denominator", "side", "running", "brings")
    assert list(again.lines.order_by("branch", "rank").values_list(*names)) == [
        (region.pk, peers[0].pk, "line", 1, 10, 10, "red", 0, ""),
        (region.pk, peers[1].pk, "line", 2, 9, 10, "", 0, ""), (region.pk, peers[2].pk, "line", 3, 8, 10, "", 0, ""),
        (region.pk, peers[3].pk, "line", 4, 5, 10, "black", 3, "account"),
        (region.pk, street.pk, "territory", 1, 3, 10, "red", 0, ""),
    ]  # fmt: skip
    with clock.at(NOW - timedelta(days=3)):  # the Sunday itself
        assert said(make_list, region, date(2026, 11, 9), actor=office) == "这一周还没有结束。结束以后再生成。"
    release_list(week, actor=office)
    url = f"/lists/{week.pk}/"
    assert told(world.liaison) == [("红榜：城管局", "", url, False)]
    assert kept(week) == [
        ("make", office.pk, NOW, "", "", {"lines": 5}),
        ("make", world.colleague.pk, NOW + timedelta(hours=1), "", "", {"lines": 5}),
        ("release", office.pk, NOW, "", "", {}),
    ]
    assert (week.released_by, week.released_at, fields(former)) == (office, NOW, beside)
    assert said(make_list, region, LAST_WEEK.date(), actor=office) == "这期榜单已经发布。发布后不再改动。"
    former.lines.all().delete()
    assert said(release_list, former, actor=office) == "榜单是空的。那一周没有应办结的问题，不用发布。"
    with pytest.raises(PermissionDenied):
        make_list(region, LAST_WEEK.date(), actor=world.leader)


def test_numbers_and_weights_are_kept_with_what_they_were(world):
    theirs, office = make_world(), world.office
    number = PeerNumber.objects.get(region=world.region, key="peers")
    weight = ScoreWeight.objects.get(region=world.region, branch="line", part="tasks")
    rows = [fields(PeerNumber.objects.get(region=theirs.region, key="peers"))]
    save_number(number, value=4, source="site: 试", actor=office)
    save_weight(weight, value=40, source="site: 改", actor=office)
    number.refresh_from_db(), weight.refresh_from_db()
    assert (number.value, number.source, weight.weight, weight.source) == (4, "site: 试", 40, "site: 改")
    assert audited("supervision.number.save") == [(str(office.pk), str(number.pk), {
        "before": {"value": 3, "source": "proposed: 少于三个单位不排名"}, "now": {"value": 4, "source": "site: 试"},
    })]  # fmt: skip
    assert audited("supervision.weight.save") == [(str(office.pk), str(weight.pk), {
        "before": {"weight": 35, "source": "proposed: 月度得分默认权重"}, "now": {"weight": 40, "source": "site: 改"},
    })]  # fmt: skip
    assert rows == [fields(PeerNumber.objects.get(region=theirs.region, key="peers"))]
    for act, row in ((save_number, number), (save_weight, weight)):
        with pytest.raises(PermissionDenied):
            act(row, value=1, source="x", actor=theirs.office)
