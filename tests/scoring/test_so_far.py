"""What a running round comes to so far: equal to a run over the same rows, not kept, and no unit's to see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.inspections.models import Observation, Visit
from chuangwen.places.models import Place
from chuangwen.scoring.models import NodeResult, Run
from chuangwen.scoring.queries.so_far import Visited, forget, so_far, visited
from chuangwen.scoring.services import run_scoring
from tests.scoring.winning_making import Winning
from tests.support.factories import NOON, make_place, make_root, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Iterator[Winning]:
    forget()
    with clock.at(NOON):
        yield Winning()
    forget()


def seen(made: Winning, place: Place, value: float, *, code: str = "1.1", weight: float = 1.0) -> Observation:
    """A row at a place of the draw."""
    return Observation.objects.create(
        region=made.region, round=made.round, version=made.version, code=code, place=place, value=value, weight=weight
    )


def places(made: Winning, number: int) -> list[Place]:
    return [make_place(made.street, place_type=made.market, declared=True) for _one in range(number)]


def agrees(made: Winning) -> bool:
    """Whether the figures so far are those of a run over what stands now; the run is thrown away again."""
    run = run_scoring(made.round, made.version, actor=None)
    found = so_far(made.round, made.version)
    for name in ("total", "low", "high", "bonus", "penalty"):
        assert getattr(found, name) == pytest.approx(getattr(run, name), abs=1e-9), name
    assert (found.rows, found.se_partial, found.vetoed) == (run.rows, run.se_partial, run.vetoed)
    kept = NodeResult.objects.get(run=run, code="1")
    top = found.sections[0].result
    assert (top.attained, top.lost, top.n) == (pytest.approx(kept.attained), pytest.approx(kept.lost), kept.n)
    return True


def test_figures_equal_a_run_while_rows_arrive_are_corrected_and_come_late(made):
    market, other, third, fourth = places(made, 4)
    spare = seen(made, market, 1.0)
    number = spare.pk
    seen(made, market, 1.0)
    spare.delete()
    last = seen(made, other, 0.0)
    assert agrees(made)
    seen(made, third, 0.5, weight=2.0)
    seen(made, third, 1.0, code="1.2")
    assert agrees(made)  # rows that arrive
    Observation.objects.filter(pk=last.pk).update(withdrawn_at=NOON)
    assert agrees(made)  # taken back
    seen(made, other, 1.0)
    assert agrees(made)
    late = seen(made, fourth, 0.0)
    Observation.objects.filter(pk=late.pk).update(id=number)  # kept late: its number lies below those that were read
    assert agrees(made)


def test_places_and_frames_that_change_are_read_again_after_a_while(made):
    *looked_at, third = places(made, 7)
    for number, place in enumerate(looked_at):
        seen(made, place, number % 2)
    before = so_far(made.round, made.version)
    Place.objects.filter(pk=third.pk).update(state="closed")
    assert so_far(made.round, made.version).low == before.low
    with clock.at(NOON + timedelta(minutes=10)):
        assert so_far(made.round, made.version).low > before.low  # six of seven instead of six of eight
        assert agrees(made)


def test_unassessed_criteria_are_left_out_and_told(made):
    seen(made, places(made, 1)[0], 1.0)
    found = so_far(made.round, made.version)
    assert (found.total, found.points, found.every) == (100.0, 60.0, 100.0)
    assert so_far(make_round(made.round.campaign, name="第三轮"), made.version).total is None


def test_row_that_cannot_be_scored_is_said_and_spoils_nothing_held(made):
    good, bad = places(made, 2)
    seen(made, good, 1.0)
    assert so_far(made.round, made.version).total == 100.0
    wrong = seen(made, bad, 1.5)
    found = so_far(made.round, made.version)
    assert (found.fault, found.total, found.rows) == (True, None, 2)
    Observation.objects.filter(pk=wrong.pk).update(withdrawn_at=NOON)
    assert so_far(made.round, made.version).total == 100.0


def test_visits_are_counted_by_how_they_were_chosen(made):
    def visit(state: str, kind: str = "drawn") -> None:
        Visit.objects.create(
            region=made.region, round=made.round, place=places(made, 1)[0], kind=kind, state=state, planned_on=NOON
        )

    for state in ("finished", "finished", "started", "planned", "skipped"):
        visit(state)
    visit("finished", "substitute")
    visit("finished", "ad-hoc")
    visit("planned", "ad-hoc")
    assert visited(made.round) == Visited(drawn=5, done=3, ad_hoc=1)


def test_page_says_what_is_provisional_and_keeps_nothing(made, sign_in):
    market, other = places(made, 2)
    seen(made, market, 1.0)
    seen(made, other, 0.0)
    seen(made, market, 1.0, code="1.2")
    for place, state in ((market, "finished"), (other, "finished"), (places(made, 1)[0], "planned")):
        Visit.objects.create(region=made.region, round=made.round, place=place, state=state, planned_on=NOON)
    url = f"/scores/rounds/{made.round.pk}/so-far/"
    client = sign_in(made.leader)
    text = client.get(url).content.decode()
    assert "这是暂计，不是成绩。" in text
    assert '<span class="cw-total__value">70.00</span>' in text
    assert "已查2处，共抽3处" in text
    assert "95%置信区间" in text
    assert Run.objects.count() == 0
    short = client.get(url, {"part": 1}).content.decode()
    assert "<html" not in short
    assert '<span class="cw-total__value">70.00</span>' in short
    page = client.get(f"/rounds/{made.round.pk}/").content.decode()
    assert f'hx-get="{url}?part=1"' in page
    assert "cw-total__value" not in page  # fetched when the page is there
    assert url in client.get("/scores/").content.decode()


def test_round_that_is_over_or_empty_shows_no_figures_and_says_where_they_are(made, sign_in):
    client, url = sign_in(made.office), f"/scores/rounds/{made.round.pk}/so-far/"
    assert "查完第一处点位或确认第一条结果后，这里就有数。" in client.get(url).content.decode()
    made.see("1.1", 1.0)
    run = made.score()
    made.round.state = "closed"
    made.round.save()
    page = client.get(url).content.decode()
    assert "这一轮不在进行中。" in page
    assert f"/scores/{run.pk}/" in page
    assert "cw-total__value" not in page
    assert "so-far" not in client.get(f"/rounds/{made.round.pk}/").content.decode()
    assert client.get(url, {"part": 1}).content.decode().startswith("<!doctype html>")


def test_units_inspectors_and_other_regions_learn_nothing_of_a_running_round(made, sign_in):
    made.see("1.1", 0.0)
    url = f"/scores/rounds/{made.round.pk}/so-far/"
    for role, unit in ((Role.LIAISON, made.bureau), (Role.KEEPER, made.street), (Role.INSPECTOR, made.root)):
        assert sign_in(make_user(role, unit)).get(url).status_code == 403
    below = sign_in(make_user(Role.OFFICE, made.street))  # an office of a part does not see the whole
    assert below.get(url).status_code == 404
    assert "so-far" not in below.get(f"/rounds/{made.round.pk}/").content.decode()
    assert sign_in(make_user(Role.OFFICE, make_root())).get(url).status_code == 404
    for role in (Role.AUDITOR, Role.ASSESSOR, Role.LEADER):
        assert sign_in(make_user(role, made.root)).get(url).status_code == 200


def test_another_standard_of_the_round_is_a_tab(made, sign_in):
    made.see("1.1", 1.0)
    client, url = sign_in(made.office), f"/scores/rounds/{made.round.pk}/so-far/"
    assert client.get(url, {"standard": "x"}).context["version"] == made.version
    made.round.versions.clear()
    assert client.get(url).status_code == 404


def questions(client: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    return len(asked)


def test_a_look_asks_no_more_for_more_rows_and_less_where_nothing_arrived(made, sign_in):
    client, url = sign_in(made.office), f"/scores/rounds/{made.round.pk}/so-far/"
    made.see("1.1", 1.0)
    client.get(url)
    again = questions(client, url)
    for _one in range(3):
        made.see("1.1", 1.0)
    arrived = questions(client, url)
    assert arrived == again + 1
    assert questions(client, url) == again
