"""Two people at one time: what only rows that are really committed can show."""

from __future__ import annotations

from functools import partial

import pytest
from django.utils import translation

from chuangwen.core import clock
from chuangwen.honors.models import Application
from chuangwen.honors.services import Meeting, deliberate, promote_application
from tests.honors.making import MET_ON, NOW, fit, make_house, make_programme, make_reviewed, noon
from tests.support.racing import race, refusals

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_free_place_is_given_once_to_two_at_once():
    with translation.override("en"), clock.at(NOW):
        house = make_house()
        programme, meeting = make_programme(house, quota=1), Meeting(MET_ON, "组长", "〔2026〕3号")
        for unit in (house.bureau, house.other):
            fit(house, unit)
        rows = [make_reviewed(house, programme, unit) for unit in (house.bureau, house.other)]
    with clock.at(noon(MET_ON)):
        deliberate(programme, meeting, {row.pk: ("reserve", "") for row in rows}, actor=house.office)
    found = [Application.objects.select_related("programme", "unit__region", "region").get(pk=row.pk) for row in rows]

    def promote(row):
        with clock.at(noon(MET_ON)), translation.override("en"):
            promote_application(row, reason="递补", actor=house.leader)

    (late,) = refusals(race(*(partial(promote, row) for row in found)))
    assert "used up" in str(late)
    assert sorted(row.state for row in Application.objects.all()) == ["recommended", "reserve"]
