"""Flags and lists from real rows: proposed, given, released, and shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.evidence.models import Dossier
from chuangwen.notifications.models import Notice
from chuangwen.rectification.enums import Source
from chuangwen.supervision.models import Flag, PeerNumber, ScoreWeight, WeekList
from chuangwen.supervision.peers import Part, Share
from chuangwen.supervision.queries.standings import quarter_of, unit_scores, week_of
from chuangwen.supervision.services import (
    drop_flag,
    ensure_defaults,
    give_flag,
    hand_back,
    make_list,
    propose_flags,
    release_list,
    save_number,
    save_weight,
)
from tests.supervision.making import NOW
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
OCTOBER = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)
LAST_WEEK = datetime(2026, 11, 11, 4, 0, tzinfo=UTC)  # Wednesday
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def closed(world, unit, *, good, bad, at=OCTOBER):
    """So many problems due that day, closed in time and late."""
    for number in range(good + bad):
        world.problem(lead=unit, due_at=at, state="closed", closed_at=at, closed_in_time=number < good)


def test_score_of_a_month_is_made_of_what_happened_in_it(world, peers, noon):
    closed(world, world.unit, good=3, bad=1)
    closed(world, world.unit, good=0, bad=5, at=OCTOBER - timedelta(days=40))
    world.problem(due_at=OCTOBER, state="closed", closed_in_time=False, source=Source.SELF)
    world.task(due_at=OCTOBER, state="confirmed", finished_at=OCTOBER - timedelta(hours=1))
    world.task(due_at=OCTOBER, state="accepted")
    world.task(due_at=OCTOBER, state="objected")
    found = next(one for one in unit_scores(world.region, FIRST, LAST) if one.unit.pk == world.unit.pk)
    assert found.shares == {Part.RECTIFICATION: Share(3, 4), Part.TASKS: Share(1, 2)}
    assert found.standing.score == pytest.approx((30 * 0.75 + 35 * 0.5) / 65 * 100)
    assert (found.standing.due, found.standing.overdue) == (4, 0)


def test_material_is_what_was_submitted_by_its_day(world, peers, noon):
    campaign = world.task(due_at=OCTOBER - timedelta(days=60)).campaign
    nodes = campaign.standards.get().version.nodes.filter(is_leaf=True)
    for node, state, days in zip(nodes, ("accepted", "submitted"), (0, 1), strict=True):
        Dossier.objects.create(
            region=world.region, campaign=campaign, node=node, unit=world.unit, year=2026, state=state,
            due_on=OCTOBER.date(), submitted_at=OCTOBER + timedelta(days=days),
        )  # fmt: skip
    found = next(one for one in unit_scores(world.region, FIRST, LAST) if one.unit.pk == world.unit.pk)
    assert found.shares == {Part.MATERIAL: Share(1, 2)}
    assert found.standing.score == 50


def test_black_flag_is_proposed_given_and_handed_back(world, peers, noon):
    for unit, good in zip(peers, (10, 9, 8, 5), strict=True):
        closed(world, unit, good=good, bad=10 - good)
    (flag,) = propose_flags(world.region, "black", OCTOBER.date(), actor=world.office)
    assert (flag.unit, flag.score, flag.starts, flag.ends, flag.running) == (peers[3], 50, FIRST, LAST, 1)
    assert flag.figures == {"in_year": 1, "parts": {"rectification": [5, 10]}, "due": 10, "overdue": 0}
    assert propose_flags(world.region, "black", OCTOBER.date(), actor=world.office) == []
    assert list(Flag.objects.visible_to(world.liaison)) == []
    give_flag(flag, actor=world.office)
    assert (flag.state, flag.given_on, flag.given_by) == ("given", NOW.date(), world.office)
    assert list(Flag.objects.visible_to(world.liaison)) == [flag]  # who holds one is known to all
    with pytest.raises(PermissionDenied):
        hand_back(flag, actor=world.liaison)
    hand_back(flag, actor=world.office, note="已整改")
    assert (flag.state, flag.back_on) == ("back", NOW.date())


def test_flag_twice_running_is_counted(world, peers, noon):
    for at in (OCTOBER - timedelta(days=30), OCTOBER):
        for unit, good in zip(peers, (10, 9, 8, 5), strict=True):
            closed(world, unit, good=good, bad=10 - good, at=at)
    for at in (OCTOBER - timedelta(days=30), OCTOBER):
        (flag,) = propose_flags(world.region, "black", at.date(), actor=world.office)
        give_flag(flag, actor=world.office)
    assert (flag.running, flag.figures["in_year"], flag.brings) == (2, 2, "talk")


def test_red_flag_is_of_a_quarter(world, peers, noon):
    for unit, good in zip(peers, (10, 9, 8, 5), strict=True):
        closed(world, unit, good=good, bad=10 - good, at=datetime(2026, 8, 12, 4, tzinfo=UTC))
    (flag,) = propose_flags(world.region, "red", date(2026, 9, 1), actor=world.office)
    assert (flag.unit, flag.score, flag.starts, flag.ends) == (peers[0], 100, date(2026, 7, 1), date(2026, 9, 30))
    drop_flag(flag, reason="另有通报", actor=world.office)
    assert flag.state == "dropped"


def test_flags_are_refused(world, noon):
    assert said(propose_flags, world.region, "black", NOW.date(), actor=world.office).startswith("这段时间还没有结束。")
    with pytest.raises(PermissionDenied):
        propose_flags(world.region, "black", OCTOBER.date(), actor=world.leader)
    PeerNumber.objects.all().delete()
    assert said(propose_flags, world.region, "black", OCTOBER.date(), actor=world.office).startswith(
        "红旗、黑牌和红黑榜的数值还没有写好。"
    )
    assert said(make_list, world.region, LAST_WEEK.date(), actor=world.office).startswith(
        "红旗、黑牌和红黑榜的数值还没有写好。"
    )
    ensure_defaults(world.region, actor=None)
    assert PeerNumber.objects.count() == 17


def test_list_of_a_week_is_made_again_until_it_is_released(world, peers, noon):
    for unit, good in zip(peers, (10, 9, 8, 5), strict=True):
        closed(world, unit, good=good, bad=10 - good, at=LAST_WEEK)
    save_number(PeerNumber.objects.get(key="top-lines"), value=1, source="site: 试", actor=world.office)
    save_number(PeerNumber.objects.get(key="bottom-lines"), value=1, source="site: 试", actor=world.office)
    week = make_list(world.region, LAST_WEEK.date(), actor=world.office)
    again = make_list(world.region, LAST_WEEK.date(), actor=world.office)
    told = [(one.unit, one.rank, one.numerator, one.denominator, one.side, one.running) for one in again.lines.all()]
    assert (again, told) == (week, [
        (peers[0], 1, 10, 10, "red", 0), (peers[1], 2, 9, 10, "", 0), (peers[2], 3, 8, 10, "", 0),
        (peers[3], 4, 5, 10, "black", 1),
    ])  # fmt: skip
    assert list(WeekList.objects.visible_to(world.liaison)) == []
    week.refresh_from_db()
    release_list(week, actor=world.office)
    assert list(WeekList.objects.visible_to(world.liaison)) == [week]
    assert Notice.objects.get(user=world.liaison).title == "红榜：城管局"
    assert said(make_list, world.region, LAST_WEEK.date(), actor=world.office).startswith("这期榜单已经发布。")


def test_black_list_twice_running_is_counted(world, peers, noon):
    for at in (LAST_WEEK - timedelta(days=7), LAST_WEEK):
        closed(world, peers[0], good=10, bad=0, at=at)
        closed(world, peers[3], good=5, bad=5, at=at)
        with clock.at(NOW):
            release_list(make_list(world.region, at.date(), actor=world.office), actor=world.office)
    save = ScoreWeight.objects.get(branch="line", part="tasks")
    save_weight(save, value=40, source="site: 试", actor=world.office)
    save.refresh_from_db()
    assert save.weight == 40
    latest = WeekList.objects.order_by("starts").last()
    assert [(one.unit, one.running) for one in latest.lines.filter(side="black")] == []  # five of two are all red
    for key, value in (("top-lines", 1), ("bottom-lines", 1)):
        save_number(PeerNumber.objects.get(key=key), value=value, source="site: 试", actor=world.office)
    WeekList.objects.all().delete()
    for at in (LAST_WEEK - timedelta(days=7), LAST_WEEK):
        release_list(make_list(world.region, at.date(), actor=world.office), actor=world.office)
    latest = WeekList.objects.order_by("starts").last()
    assert [(one.unit, one.running, one.brings) for one in latest.lines.filter(side="black")] == [
        (peers[3], 2, "organisation")
    ]


def test_empty_or_running_week_has_no_list(world, noon):
    assert said(make_list, world.region, NOW.date(), actor=world.office).startswith("这一周还没有结束。")
    week = make_list(world.region, LAST_WEEK.date(), actor=world.office)
    assert said(release_list, week, actor=world.office).startswith("榜单是空的。")


@pytest.mark.parametrize(
    ("day", "quarter", "week"),
    [
        (date(2026, 1, 1), (date(2026, 1, 1), date(2026, 3, 31)), (date(2025, 12, 29), date(2026, 1, 4))),
        (date(2026, 12, 31), (date(2026, 10, 1), date(2026, 12, 31)), (date(2026, 12, 28), date(2027, 1, 3))),
    ],
)
def test_periods(day, quarter, week):
    assert (quarter_of(day), week_of(day)) == (quarter, week)


def test_flags_and_lists_through_the_pages(world, peers, noon, sign_in):
    for unit, good in zip(peers, (10, 9, 8, 5), strict=True):
        closed(world, unit, good=good, bad=10 - good)
        closed(world, unit, good=good, bad=10 - good, at=LAST_WEEK)
    client = sign_in(world.office)
    page = client.get(f"{reverse('supervision:scores')}?month=2026-10-01").content.decode()
    assert "5/10 (50%)" in page
    book = client.get(f"{reverse('supervision:scores')}?month=2026-10-01&format=xlsx")
    assert book.content[:2] == b"PK"
    answer = client.post(reverse("supervision:flag_propose"), {"colour": "black", "month": "2026-10-01"})
    assert answer.status_code == 302
    flag = Flag.objects.get()
    assert client.get(reverse("supervision:flag", args=[flag.pk])).status_code == 200
    assert client.post(reverse("supervision:flag_act", args=[flag.pk, "give"])).status_code == 302
    assert (
        client.post(reverse("supervision:flag_propose"), {"colour": "black", "month": "1999-10-01"}).status_code == 422
    )
    assert client.post(reverse("supervision:week_make"), {"week": "2026-11-09"}).status_code == 302
    week = WeekList.objects.get()
    assert client.post(reverse("supervision:week_release", args=[week.pk])).status_code == 302
    number = PeerNumber.objects.get(key="peers")
    form = {"value": 4, "source": "市创建办"}
    assert client.post(reverse("supervision:number", args=[number.pk]), form).status_code == 302
    liaison = sign_in(world.liaison)
    for name, args in (("flags", []), ("weeks", []), ("week", [week.pk]), ("flag", [flag.pk])):
        assert liaison.get(reverse(f"supervision:{name}", args=args)).status_code == 200
    assert "黑牌" in liaison.get(reverse("supervision:flags")).content.decode()
