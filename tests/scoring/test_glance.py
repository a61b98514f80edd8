"""Where the points went, on the start page."""

from __future__ import annotations

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core.files.services import store_bytes
from chuangwen.scoring.glance import SHOWN, last_score, score_of_rounds, unit_losses
from chuangwen.scoring.models import Loss, Run
from tests.support.factories import make_campaign, make_root, make_round, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    campaign = make_campaign(make_root())
    round_ = make_round(campaign)
    frozen = store_bytes(b"frozen")
    return Run.objects.create(
        region=campaign.region, round=round_, version=round_.versions.get(), total=80.0,
        observations=frozen, places=frozen, frames=frozen, leads=frozen,
    )  # fmt: skip


def _lose(run, unit, code, points):
    Loss.objects.create(region=run.region, run=run, unit=unit, code=code, points=points)


def _desk(sign_in, user) -> str:
    return sign_in(user).get("/desk/").content.decode()


def test_leader_sees_the_units_that_lost_most_and_no_more_than_five(sign_in, run):
    root = run.round.campaign.subject
    for number in range(SHOWN + 1):
        unit = make_unit(root, name=f"第{number}局")
        _lose(run, unit, "1.1", number + 1.0)
        _lose(run, unit, "1.2", 0.5)
    page = _desk(sign_in, make_user(Role.LEADER, root))
    order = [page.index(f"第{number}局") for number in range(SHOWN, 0, -1)]
    assert (order, "第0局" in page, "−6.50" in page) == (sorted(order), False, True)


def test_leader_sees_what_no_unit_answers_for(sign_in, run):
    _lose(run, None, "1.1", 3.0)
    assert "没有责任单位" in _desk(sign_in, make_user(Role.LEADER, run.round.campaign.subject))


def test_liaison_sees_the_criteria_of_her_own_unit_and_nothing_of_others(sign_in, run):
    own, other = (make_unit(run.round.campaign.subject, name=name) for name in ("城管局", "教育局"))
    _lose(run, own, "1.1", 1.25)
    _lose(run, other, "1.2", 2.75)
    page = _desk(sign_in, make_user(Role.LIAISON, own))
    assert ("我们失分在哪里" in page, "−1.25" in page, "−2.75" in page, "教育局" in page) == (True, True, False, False)


def test_panel_is_absent_where_nothing_was_lost_or_nobody_of_the_region_asks(sign_in, run):
    _lose(run, make_unit(run.round.campaign.subject), "1.1", 0.0)
    assert "失分最多的单位" not in _desk(sign_in, make_user(Role.LEADER, run.round.campaign.subject))
    stranger = make_user(Role.LEADER, make_root())
    _lose(run, make_unit(run.round.campaign.subject), "1.1", 1.0)
    assert "失分最多的单位" not in _desk(sign_in, stranger)


def test_last_score_stands_on_the_desk_with_its_interval(sign_in, run):
    leader = make_user(Role.LEADER, run.round.campaign.subject)
    assert "95%" not in _desk(sign_in, leader)
    Run.objects.filter(pk=run.pk).update(low=77.5, high=82.25)
    page = _desk(sign_in, leader)
    assert ("80.00" in page, "77.50" in page, "82.25" in page) == (True, True, True)


def test_run_is_named_with_the_points_that_people_read(run):
    run.total = 83.32693060122449
    assert str(run) == f"{run.round} 83.33"
    run.total = None
    assert str(run) == str(run.round)


def test_run_without_a_total_is_no_score(rf, run):
    Run.objects.filter(pk=run.pk).update(total=None)
    request = _request(rf, make_user(Role.LEADER, run.round.campaign.subject))
    assert list(last_score(request)) == []
    assert score_of_rounds(request, [run.round]) == {}


def test_round_tells_its_newest_total_to_who_may_see_scores(rf, run):
    root = run.round.campaign.subject
    frozen = run.observations
    newer = Run.objects.create(
        region=run.region, round=run.round, version=run.version, total=81.0, low=80.0, high=82.0,
        observations=frozen, places=frozen, frames=frozen, leads=frozen,
    )  # fmt: skip
    leader = _request(rf, make_user(Role.LEADER, root))
    fact = score_of_rounds(leader, [run.round])[run.round_id]
    assert (str(fact.text), fact.url) == ("得分81.00(80.00—82.00)", f"/scores/{newer.pk}/")
    Run.objects.filter(pk=newer.pk).update(low=None, high=None)
    assert str(score_of_rounds(leader, [run.round])[run.round_id].text) == "得分81.00"
    stranger = _request(rf, make_user(Role.LEADER, make_root()))
    assert score_of_rounds(stranger, [run.round]) == {}


def test_page_of_a_unit_shows_its_own_losses_only(rf, run):
    root = run.round.campaign.subject
    own, other = (make_unit(root, name=name) for name in ("城管局", "教育局"))
    _lose(run, own, "1.1", 1.25)
    _lose(run, other, "1.2", 2.75)
    leader, liaison = make_user(Role.LEADER, root), make_user(Role.LIAISON, own)
    panels = [unit_losses(_request(rf, user), own) for user in (leader, liaison)]
    assert [panel.context["url"] for panel in panels] == [f"/scores/{run.pk}/", f"/scores/{run.pk}/own/"]
    assert [[line.points for line in panel.context["lines"]] for panel in panels] == [[1.25], [1.25]]
    assert unit_losses(_request(rf, liaison), other) is None


def test_page_of_a_unit_shows_nothing_before_the_first_run(rf, run):
    root = run.round.campaign.subject
    leader = make_user(Role.LEADER, root)
    run.delete()
    assert unit_losses(_request(rf, leader), root) is None
    assert unit_losses(_request(rf, make_user(Role.LEADER, make_root())), root) is None


def _request(rf, user):
    request = rf.get("/")
    request.user, request.session = user, {}
    return request
