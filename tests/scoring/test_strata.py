"""What a stratum of a run is and how many places it holds, where a round was drawn twice or the register changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chuangwen.campaigns.models import RoundState
from chuangwen.core.files.services import read
from chuangwen.inspections.enums import DrawState
from chuangwen.inspections.models import Draw, Observation, Visit
from chuangwen.inspections.services.draws import draw_now, freeze_draw
from chuangwen.places.models import Place
from chuangwen.scoring.frozen import thaw
from chuangwen.scoring.models import Run
from chuangwen.scoring.services import run_scoring
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import PlaceType
from chuangwen.standards.services import publish_standard
from tests.scoring.test_runs import STANDARD
from tests.support.factories import make_campaign, make_place, make_place_type, make_root, make_round, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Any:
    """A running round of a town with five declared markets."""
    root = make_root()
    version, _new = publish_standard(read_standard(STANDARD.encode(), "s.yaml"), region=root.region, actor=None)
    made = make_round(make_campaign(root, version=version, ends=date(2026, 12, 31)), state=RoundState.RUNNING)
    street = make_unit(root)
    market = PlaceType.objects.get(region=made.region, code="market")
    for number in range(5):
        make_place(street, place_type=market, code=f"M-{number}", declared=True)
    return made


def drawn_and_seen(round_: Any, number: int) -> Draw:
    """Draw so many markets more, and see each: the first is clean, the next is not, and so on."""
    draw = draw_now(round_, {"market": number}, actor=None)
    for count, visit in enumerate(Visit.objects.filter(draw=draw).select_related("place").order_by("pk")):
        Observation.objects.create(
            region=round_.region, round=round_, version=round_.versions.get(), code="1.1", place=visit.place,
            unit=visit.place.keeper, value=float(count % 2 == 0),
        )  # fmt: skip
    return draw


def scored(round_: Any) -> Run:
    return run_scoring(round_, round_.versions.get(), actor=None)


def sizes(run: Run) -> dict[str, float]:
    return dict(thaw(read(run.frames)).select("stratum", "size").rows())


def strata(run: Run) -> dict[str, str]:
    return dict(thaw(read(run.places)).select("place", "stratum").rows())


def test_two_draws_of_a_round_are_one_stratum_of_all_places_that_either_could_draw(round_):
    """The second draw's pool lacks what the first has drawn; the stratum still holds five places, of which four."""
    drawn_and_seen(round_, 3)
    second = drawn_and_seen(round_, 1)
    assert len(second.pool["market"]) == 2
    run = scored(round_)
    assert (sizes(run), run.drawn_places) == ({"market": 5}, 4)
    # values 1, 0, 1, 1 of M = 4 at 100 effective points: z = 25 (v - 3/4), var = (1 - 4/5) 4/3 sum z^2
    squares = 3 * (25 * 0.25) ** 2 + (25 * 0.75) ** 2
    assert run.se == pytest.approx((0.2 * 4 / 3 * squares) ** 0.5, abs=1e-9)


def test_draw_that_is_frozen_but_not_drawn_leaves_the_stratum_whole(round_):
    drawn_and_seen(round_, 3)
    freeze_draw(round_, {"market": 1}, actor=None)
    assert sizes(scored(round_)) == {"market": 5}


def test_draw_that_was_withdrawn_holds_nothing(round_):
    drawn_and_seen(round_, 2)
    Draw.objects.create(
        region=round_.region, round=round_, pool={"market": ["X-1"]}, pool_sha256="0" * 64, state=DrawState.WITHDRAWN
    )
    assert sizes(scored(round_)) == {"market": 5}


def test_drawn_place_stays_in_the_stratum_it_was_drawn_from(round_):
    """Afterwards one becomes a park and another is declared no more: the draw was made from five markets."""
    drawn_and_seen(round_, 5)
    Place.objects.filter(code="M-0").update(place_type=make_place_type(round_.region, code="park"))
    Place.objects.filter(code="M-1").update(declared=False)
    run = scored(round_)
    assert set(strata(run).values()) == {"market"}
    assert (sizes(run), run.se, run.se_partial) == ({"market": 5}, 0.0, False)  # all were seen: nothing is estimated
