"""What the offices inside a unit are called is the region's own choice, said wherever the word stands."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.campaigns.models import Campaign, Milestone
from chuangwen.campaigns.services import fill_back_plan
from chuangwen.organizations.enums import UnitKind
from chuangwen.organizations.services import set_office_word
from tests.support.factories import make_campaign, make_region, make_unit, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
ADDRESS = "/units/office-word/"


def test_word_is_chosen_from_the_list_and_kept(city):
    region = city.root.region
    assert region.office_word == "处室"
    set_office_word(region, "股室", actor=city.office)
    region.refresh_from_db()
    assert (region.office_word, Entry.objects.latest("pk").action) == ("股室", "organizations.region.office_word")
    assert said(set_office_word, region, "衙门", actor=city.office) == "“衙门”不是这里认识的叫法。请从列表里选。"
    for other in (make_user(Role.OFFICE, city.urban), make_user(Role.LIAISON, city.urban), make_user(Role.OFFICE)):
        with pytest.raises(PermissionDenied):
            set_office_word(region, "科室", actor=other)
    assert make_region().office_word == "处室"


def test_page_sets_the_word_and_the_list_leads_to_it_once_there_are_offices(city, sign_in):
    client = sign_in(city.office)
    assert ADDRESS not in client.get("/units/").content.decode()
    make_unit(city.urban, name="办公室", kind=UnitKind.OFFICE)
    assert ADDRESS in client.get("/units/").content.decode()
    assert client.post(ADDRESS, {"word": "衙门"}).status_code == 422
    assert client.post(ADDRESS, {"word": "科室"}).url == "/units/"
    assert '<option value="科室" selected>' in client.get(ADDRESS).content.decode()
    assert sign_in(make_user(Role.OFFICE, city.urban)).get(ADDRESS).status_code == 403


def test_units_campaign_calls_its_offices_so(city, sign_in):
    set_office_word(city.root.region, "科室", actor=city.office)
    make_unit(city.urban, name="办公室", kind=UnitKind.OFFICE)
    campaign = Campaign.objects.get(pk=make_campaign(city.urban, subject_kind="unit").pk)
    fill_back_plan(campaign, actor=city.office)
    assert "方案印发、任务分到科室" in Milestone.objects.filter(campaign=campaign).values_list("name", flat=True)
    page = sign_in(city.office).get("/breakdown/").content.decode()
    assert ("本单位科室" in page, "处室" in page) == (True, False)
