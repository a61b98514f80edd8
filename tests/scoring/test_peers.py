"""The rank among peers: as shown, shared where equal, and told where the intervals overlap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.organizations.models import RoleGrant
from chuangwen.scoring.models import Run
from chuangwen.scoring.printed import PrintedRow
from chuangwen.scoring.queries.peers import standing_of
from chuangwen.scoring.services import run_scoring
from chuangwen.scoring.services.outside import Head, enter_outside
from chuangwen.scoring.standing import Peer, runs_of, standing
from chuangwen.scoring.views.peers import rank_words
from tests.inspections.results_making import Judging, make_judging
from tests.scoring.test_reading import kept_run
from tests.support.factories import NOON, make_round, make_user

pytestmark = pytest.mark.django_db
HEAD = Head(2026, "mock", "省级模拟测评", "省文明办", date(2026, 11, 1))


def words(*peers: Peer) -> str:
    found = standing(peers)
    assert found is not None
    return rank_words(found)


OWN = Peer("我市", 90.0, 88.0, 92.0, own=True)


def test_rank_names_those_whose_intervals_overlap_with_ours() -> None:
    peers = [
        OWN,
        Peer("甲", 95.0, 93.0, 97.0),
        Peer("乙", 91.0, 89.0, 93.0),
        Peer("丙", 88.5),
        Peer("丁", 80.0, 78.0, 82.0),
    ]
    assert words(*peers) == "5个地区中排第3；与第2、第4的区间重叠，分不出先后"
    more = [Peer(f"第{n}", 90.5 + n / 10) for n in range(4)]
    assert words(OWN, *more, Peer("末", 10.0)) == "6个地区中排第5；与第1至第4的区间重叠，分不出先后"


def test_clear_ranks_and_ranks_without_any_interval_say_so() -> None:
    assert words(OWN, Peer("甲", 95.0, 93.0, 97.0)) == "2个地区中排第2；区间都不重叠"
    bare = replace(OWN, low=None, high=None)
    assert words(bare, Peer("甲", 95.0)) == "2个地区中排第2；都没有区间，看不出有多少是抽签的运气"


def test_totals_equal_as_shown_share_a_rank_and_the_next_is_skipped() -> None:
    found = standing([OWN, Peer("甲", 90.004), Peer("乙", 95.0), Peer("丙", 89.0)])
    assert found is not None
    assert [(one.peer.name, one.rank, one.unclear) for one in found.placed] == [
        ("乙", 1, False), ("我市", 2, False), ("甲", 2, False), ("丙", 4, True),
    ]  # fmt: skip
    assert rank_words(found, "地级市") == "“地级市”组4个地区中排第2，与另外1个并列；与第4的区间重叠，分不出先后"


def test_intervals_that_touch_as_shown_overlap() -> None:
    assert OWN.overlaps(Peer("甲", 95.0, 92.004, 97.0))
    assert not OWN.overlaps(Peer("甲", 95.0, 92.006, 97.0))
    assert OWN.overlaps(Peer("甲", 85.0, 80.0, 88.0))
    assert Peer("甲", 85.0, low=80.0).bounds == (85.0, 85.0)  # half an interval is none


def test_nobody_is_ranked_alone_or_without_ours() -> None:
    assert (standing([OWN]), standing([Peer("甲", 1.0), Peer("乙", 2.0)]), runs_of(())) == (None, None, [])
    assert runs_of((2, 3, 4, 7)) == [(2, 4), (7, 7)]


@pytest.fixture
def judging() -> Any:
    with clock.at(NOON):
        yield make_judging()


def scored(judging: Judging, value: float = 88.0) -> Run:
    judging.confirmed("2.3", value=value)
    return run_scoring(judging.round, judging.version, actor=None)


def test_one_region_and_nothing_imported_shows_nothing(judging: Judging, sign_in: Any) -> None:
    other = scored(make_judging(), 95.0)
    found = scored(judging)
    assert standing_of(found, judging.office) is None
    page = sign_in(judging.office).get(reverse("scoring:run", args=[found.pk])).content.decode()
    assert ("同类地区比较" in page, f"/scores/{other.pk}/" in page) == (False, False)


def test_imported_sheet_gives_the_peers_of_our_group(judging: Judging, sign_in: Any) -> None:
    found = scored(judging)  # 80.00
    own = judging.root.region.name
    rows = (PrintedRow("岳阳市", 91.2, {}, 1, "地级市"), PrintedRow(own, 81.0, {}, 2, "地级市"),
            PrintedRow("益阳市", 70.0, {}, 3, "地级市"), PrintedRow("沅江市", 99.0, {}, 1, "县级市"))  # fmt: skip
    enter_outside(judging.root.region, HEAD, rows, actor=None)
    client = sign_in(judging.office)
    address = reverse("scoring:run", args=[found.pk])
    page = client.get(address).content.decode()
    assert "“地级市”组3个地区中排第2" in page
    assert ("岳阳市" in page, "沅江市" in page) == (True, False)
    Run.objects.filter(pk=found.pk).update(vetoed=True)
    found.refresh_from_db()
    assert standing_of(found, judging.office) is None


def test_sheet_of_several_groups_that_does_not_name_us_ranks_nobody(judging: Judging) -> None:
    found = scored(judging)
    rows = (PrintedRow("甲市", 91.2, {}, 1, "地级市"), PrintedRow("乙市", 99.0, {}, 1, "县级市"))
    enter_outside(judging.root.region, HEAD, rows, actor=None)
    assert standing_of(found, judging.office) is None
    one_group = (rows[0], PrintedRow("丙市", 50.0, {}, 2, "地级市"))
    enter_outside(judging.root.region, replace(HEAD, name="单组", issued_on=date(2026, 11, 2)), one_group, actor=None)
    stands, group = standing_of(found, judging.office) or (None, "")
    assert stands is not None
    assert (stands.own.rank, stands.of, group) == (2, 3, "地级市")


def test_peers_are_the_newest_whole_runs_of_one_year_kind_and_standard_that_the_reader_sees(judging: Judging) -> None:
    found, province = kept_run(judging, low=78.0, high=82.0), make_user(Role.LEADER, judging.root)
    seen, without = make_judging(), make_judging()
    for one in (seen, without):
        RoleGrant.objects.create(
            user=province, unit=one.root, role=Role.LEADER, region=one.root.region, starts=date(2026, 1, 1)
        )
    kept_run(seen, total=70.0)
    newest = kept_run(seen, total=90.0, low=88.0, high=92.0)
    campaign = without.round.campaign
    for more in (
        {"vetoed": True}, {"total": None}, {"round": make_round(campaign, name="正式", kind="official")},
        {"round": make_round(campaign, name="去年", year=judging.round.year - 1)},
    ):  # fmt: skip
        kept_run(without, **more)
    kept_run(make_judging(), total=99.0)
    stands, group = standing_of(found, type(province).objects.get(pk=province.pk)) or (None, None)
    assert stands is not None
    assert [(one.peer.name, one.peer.total, one.peer.bounds, one.peer.url) for one in stands.placed] == [
        (seen.root.region.name, 90.0, (88.0, 92.0), reverse("scoring:run", args=[newest.pk])),
        (judging.root.region.name, 80.0, (78.0, 82.0), ""),
    ]  # fmt: skip
    assert (group, stands.own.rank) == ("", 2)


def test_runs_of_other_regions_count_for_who_may_see_them_and_cost_no_more(judging: Judging) -> None:
    found, others = scored(judging), [make_judging() for _number in range(3)]
    province = make_user(Role.LEADER, judging.root)
    counts = []
    for number, other in enumerate(others):
        RoleGrant.objects.create(
            user=province, unit=other.root, role=Role.LEADER, region=other.root.region, starts=date(2026, 1, 1)
        )
        assert scored(other, 94.0 - number).pk
        person = type(province).objects.get(pk=province.pk)
        with CaptureQueriesContext(connection) as made:
            stands, _group = standing_of(found, person) or (None, "")
        counts.append(len(made))
        assert stands is not None
        assert (stands.of, stands.own.rank) == (number + 2, number + 2)
    assert counts[0] == counts[-1]
    assert standing_of(found, judging.office) is None


def test_region_whose_newest_run_is_vetoed_has_no_rank_by_an_older_one(judging: Judging) -> None:
    with clock.at(NOON):
        run, other = scored(judging, 85.0), make_judging()
        sound = scored(other, 95.0)
        user = make_user(Role.LEADER, judging.root)
        RoleGrant.objects.create(
            user=user, unit=other.root, region=other.root.region, role=Role.LEADER, starts=sound.round.starts
        )
        found = standing_of(run, user)
        assert found is not None
        assert found[0].of == 2
        again = run_scoring(sound.round, sound.version, actor=None)
        Run.objects.filter(pk=again.pk).update(vetoed=True)
        assert standing_of(run, user) is None
