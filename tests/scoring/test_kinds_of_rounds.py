"""Drawn and ad hoc places of a real visit, and the same rules for mock rounds, look-backs and official rounds."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round, RoundKind
from chuangwen.core import clock
from chuangwen.core.files.services import read
from chuangwen.inspections.models import Answer, Observation, Visit
from chuangwen.inspections.services.finishing import finish_visit
from chuangwen.scoring.frozen import thaw
from chuangwen.scoring.models import NodeResult, Run
from chuangwen.scoring.queries.results import places_of
from chuangwen.scoring.queries.seen import ad_hoc_places
from chuangwen.scoring.services import run_scoring, verify_run
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Check, PlaceType
from chuangwen.standards.services import publish_standard
from tests.support.factories import DAY, NOON, make_campaign, make_place, make_root, make_round, make_unit, make_user

pytestmark = pytest.mark.django_db

STANDARD = """
urn: urn:chuangwen:standard:kinds
version: "1"
title: 测试
subject: city
scale: 100
place_types: [{code: market, name: 农贸市场}, {code: corner, name: 随机街角, ad_hoc: true}]
nodes:
  - code: "1"
    title: 公共环境
    children: [{code: "1.1", title: 整洁, points: 60, method: field, place_types: [market, corner]}]
checks: [{code: c1, place_types: [market, corner], text: 整洁, criteria: ["1.1"], photo: never}]
"""


class Streets:
    """A street with five markets, of which a round sees three, and corners that are looked at in passing."""

    def __init__(self) -> None:
        self.root = make_root()
        region = self.root.region
        self.version, _new = publish_standard(read_standard(STANDARD.encode(), "s.yaml"), region=region, actor=None)
        self.campaign = make_campaign(self.root, version=self.version, ends=date(2026, 12, 31))
        self.street = make_unit(self.root, name="东关街道", kind="street", branch="territory")
        self.inspector, self.office = make_user(Role.INSPECTOR, self.root), make_user(Role.OFFICE, self.root)
        types = {one.code: one for one in PlaceType.objects.filter(region=region)}
        self.markets = [self._place(types["market"], n) for n in range(5)]
        self.corners = [self._place(types["corner"], n) for n in range(2)]
        self.check = Check.objects.get(version=self.version)

    def _place(self, place_type: PlaceType, number: int) -> Any:
        return make_place(
            self.street, place_type=place_type, code=f"{place_type.code}-{number}", declared=place_type.code == "market"
        )

    def seen(self, kind: str, starts: date = DAY, **fields: Any) -> Round:
        """A round of `kind` that saw three markets (two met) and two corners (neither met)."""
        round_ = make_round(self.campaign, kind=kind, name=kind, starts=starts, ends=starts, **fields)
        for place, value in zip(self.markets, ("met", "met", "not-met"), strict=False):
            self.visit(round_, place, "drawn", value)
        for place in self.corners:
            self.visit(round_, place, "ad-hoc", "not-met")
        return round_

    def visit(self, round_: Round, place: Any, kind: str, value: str) -> None:
        visit = Visit.objects.create(
            region=self.root.region, round=round_, place=place, kind=kind, inspector=self.inspector, planned_on=DAY,
            state="started", started_at=NOON,
        )  # fmt: skip
        Answer.objects.create(
            region=self.root.region, uid=uuid.uuid4(), visit=visit, checked=self.check, value=value,
            answered_by=self.inspector,
        )  # fmt: skip
        finish_visit(visit, actor=self.inspector)

    def run(self, round_: Round) -> Run:
        return run_scoring(round_, self.version, actor=None)


@pytest.fixture
def streets() -> Any:
    with clock.at(NOON):
        yield Streets()


def test_ad_hoc_visits_come_without_place_and_with_unit(streets: Streets) -> None:
    round_ = streets.seen("mock")
    rows = Observation.objects.filter(round=round_).order_by("pk")
    assert list(rows.values_list("place__code", "unit", "value")) == [
        ("market-0", streets.street.pk, 1.0), ("market-1", streets.street.pk, 1.0),
        ("market-2", streets.street.pk, 0.0), (None, streets.street.pk, 0.0), (None, streets.street.pk, 0.0),
    ]  # fmt: skip
    frozen = thaw(read(streets.run(round_).observations))
    assert frozen["place"].to_list() == ["market-0", "market-1", "market-2", None, None]
    assert frozen["unit"].to_list() == [streets.street.code] * 5


def test_ad_hoc_places_count_in_the_share_and_not_in_the_interval(streets: Streets) -> None:
    found = streets.run(streets.seen("mock"))
    # rate 2/5; eff 100, M 5. z = 20 x (0.6, 0.6, -0.4), mean 16/3, squares 800/3; var = (1 - 3/5) 3/2 800/3 = 160
    assert (found.total, found.drawn_places, ad_hoc_places(found)) == (40.0, 3, 2)
    assert found.se == pytest.approx(160**0.5)
    leaf = NodeResult.objects.get(run=found, code="1.1")
    shown = [(one.ad_hoc, one.seen, round(one.lost, 9)) for one in places_of(found, leaf)]
    assert sorted(shown) == [(False, 1, 0.0), (False, 1, 0.0), (False, 1, 20.0), (True, 1, 20.0), (True, 1, 20.0)]
    assert verify_run(found) == []


def test_result_page_tells_ad_hoc_places_apart(streets: Streets, sign_in: Any) -> None:
    found = streets.run(streets.seen("mock"))
    page = sign_in(streets.office).get(reverse("scoring:run", args=[found.pk]) + "?node=1&leaf=1.1").content.decode()
    assert ("随机看的2处，计分但不进区间" in page, page.count('<span class="cw-tag">随机</span>')) == (True, 2)
    Visit.objects.update(kind="drawn")
    page = sign_in(streets.office).get(reverse("scoring:run", args=[found.pk])).content.decode()
    assert "随机看的" not in page


def test_rounds_of_every_kind_are_collected_by_the_same_rules(streets: Streets) -> None:
    runs = [streets.run(streets.seen(str(kind), starts=date(2026, 3 + n, 1))) for n, kind in enumerate(RoundKind)]
    inputs = {(one.observations.sha256, one.places.sha256, one.frames.sha256, one.leads.sha256) for one in runs}
    figures = {(one.total, one.se, one.low, one.high, one.rows, one.drawn_places) for one in runs}
    assert (len(runs), len(inputs), len(figures)) == (4, 1, 1)
