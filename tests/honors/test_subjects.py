"""Titles of villages, schools and cities: which ladders a region has, and who may apply."""

from __future__ import annotations

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Title
from chuangwen.core.errors import Refusal
from chuangwen.honors.models import LadderStep
from chuangwen.honors.queries.subjects import candidates, fits, lacking_titles, near_units
from chuangwen.honors.services import begin_application, ensure_defaults, enter_award
from tests.honors.making import make_programme
from tests.support.factories import make_unit, make_user


def ladder(house, subject):
    rows = LadderStep.objects.filter(region=house.root.region, title__subject=subject).order_by("rank")
    return list(rows.values_list("title__name", flat=True))


@pytest.fixture
def county(house):
    """A region with a village, a town and a school beside its bureaus."""
    house.town = make_unit(house.root, kind="town", branch="territory", name="东关镇")
    house.village = make_unit(house.town, kind="village", branch="territory", name="柳林村")
    house.school = make_unit(house.root, kind="school", name="第一中学")
    ensure_defaults(house.root.region, house.office)
    return house


def test_committee_of_agencies_has_no_ladder_of_villages_schools_and_cities(house):
    assert {subject: ladder(house, subject) for subject in ("village", "school", "city")} == {
        "village": [], "school": [], "city": []
    }  # fmt: skip
    assert lacking_titles(house.root.region) == []


def test_ladders_come_with_the_units_that_they_are_for(house):
    make_unit(house.root, kind="school", name="第一中学")
    assert lacking_titles(house.root.region) == ["县级文明校园", "市级文明校园", "省级文明校园", "全国文明校园"]
    assert ensure_defaults(house.root.region, house.office)
    assert (lacking_titles(house.root.region), len(ladder(house, "school"))) == ([], 4)


def test_each_ladder_climbs_on_its_own_titles(county):
    for subject, first in (("village", "县级文明村镇"), ("school", "县级文明校园")):
        second = LadderStep.objects.get(region=county.root.region, title__subject=subject, rank=2).title
        assert second.default_rules.get(kind="held").lower.name == first
        assert not second.default_rules.filter(kind__in=["civil-share", "civil-count"]).exists()
    assert ladder(county, "city") == ["省级文明城市", "全国文明城市"]


def test_name_that_the_site_uses_for_another_kind_of_subject_stays_as_it_is(house):
    Title.objects.create(region=house.root.region, name="县级文明校园", subject="unit")
    make_unit(house.root, kind="school", name="第一中学")
    ensure_defaults(house.root.region, house.office)
    assert ladder(house, "school") == ["市级文明校园", "省级文明校园", "全国文明校园"]


def programme(house, subject, rank=1):
    title = LadderStep.objects.get(region=house.root.region, title__subject=subject, rank=rank).title
    return make_programme(house, title=title, name=str(title))


@pytest.mark.parametrize(
    ("subject", "who"),
    [("village", ["东关镇", "柳林村"]), ("school", ["第一中学"]), ("city", ["云溪市"])],
)
def test_only_the_kind_of_unit_that_a_title_is_for_applies(county, subject, who):
    found = programme(county, subject)
    assert sorted(str(unit) for unit in candidates(found)) == sorted(who)
    assert sorted(str(unit) for unit in near_units(found)) == sorted(who)
    for unit in (county.root, county.town, county.village, county.school, county.bureau):
        assert fits(found.title, unit) == (str(unit) in who)
        if str(unit) in who:
            assert begin_application(found, unit, actor=county.office).unit == unit
        else:
            with pytest.raises(Refusal, match="is not for"):
                begin_application(found, unit, actor=county.office)
            with pytest.raises(Refusal, match="is not for"):
                enter_award(unit, found.title, granted_on=found.apply_from, document="1号", actor=county.office)


def test_title_of_families_is_for_no_unit(house):
    title = Title.objects.create(region=house.root.region, name="文明家庭", subject="family")
    assert not any(fits(title, unit) for unit in (house.root, house.bureau, house.offices[house.bureau.pk][0]))


def test_unit_is_called_on_by_its_start_page_for_titles_of_its_own_kind(county, sign_in):
    mine = programme(county, "school")
    programme(county, "village")
    page = sign_in(make_user(Role.LIAISON, county.school)).get("/desk/").content.decode()
    assert str(mine) in page
    assert "县级文明村镇" not in page


def test_office_begins_for_the_city_itself(county, sign_in):
    found = programme(county, "city")
    page = sign_in(county.office).get(f"/programmes/{found.pk}/begin/").content.decode()
    assert "云溪市" in page
