"""Pages of scores from outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import CampaignYear
from chuangwen.core import clock
from chuangwen.core.models import Attachment
from chuangwen.scoring.models import OutsideResult
from chuangwen.scoring.printed import PrintedRow
from chuangwen.scoring.services.outside import Head, enter_outside, withdraw_outside
from tests.support.factories import NOON, make_campaign, make_root, make_user

pytestmark = pytest.mark.django_db
TYPED = {"year": "2025", "kind": "official", "name": "省级测评", "issued_by": "省文明办", "issued_on": "2026-01-20"}
ROWS = [PrintedRow("甲市", 90.0, {"field": 91.0}, 1), PrintedRow("云溪市", 87.2, {"field": 87.2}, 2)]


@pytest.fixture
def campaign():
    with clock.at(NOON):
        yield make_campaign(make_root())


@pytest.fixture
def office(campaign, sign_in):
    return sign_in(make_user(Role.OFFICE, campaign.subject))


@pytest.fixture
def sheet(campaign):
    head = Head(2025, "official", "省级测评", "省文明办", date(2026, 1, 20), campaign, weights={"field": 1.0})
    return enter_outside(campaign.region, head, ROWS, actor=None)


def test_one_person_enters_our_total_by_hand(office, campaign):
    paper = SimpleUploadedFile("通报.pdf", b"%PDF-1.4 notice")
    typed = TYPED | {"total": "88.1", "rank": "3", "campaign": campaign.pk, "paper": paper}
    answer = office.post("/scores/outside/new/", typed)
    made = OutsideResult.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/scores/outside/{made.uid}/")
    row = made.rows.get()
    assert (row.subject, row.total, row.rank, row.own, made.campaign) == ("云溪市", 88.1, 3, True, campaign)
    assert Attachment.objects.get(owner_id=made.pk, owner_type="scoring.outsideresult").name == "通报.pdf"
    page = office.get("/scores/outside/").content.decode()
    assert "省级测评" in page
    assert "88.10" in page


def test_without_a_total_the_workbook_follows(office):
    answer = office.post("/scores/outside/new/", TYPED | {"weight_field": "85", "weight_survey": "15"})
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/imports/outside/")
    assert "weight_field=85" in answer.url
    assert office.get(answer.url).status_code == 200
    assert not OutsideResult.objects.exists()


def test_what_is_typed_wrong_stays_with_its_words(office, sheet):
    answer = office.post("/scores/outside/new/", TYPED | {"total": "88", "weight_field": "80"})
    assert (answer.status_code, "权重合计不是100%" in answer.content.decode()) == (422, True)
    answer = office.post("/scores/outside/new/", TYPED | {"total": "88"})
    assert (answer.status_code, "已经录入" in answer.content.decode()) == (422, True)


def test_the_form_is_filled_with_what_the_ledger_knows(office, sheet, campaign):
    form = office.get("/scores/outside/new/").context["form"]
    values = {name: form[name].value() for name in ("year", "issued_by", "campaign", "weight_field")}
    assert values == {"year": 2025, "issued_by": "省文明办", "campaign": campaign.pk, "weight_field": 100.0}


def test_sheet_shows_its_regions_ours_marked_and_what_does_not_follow(office, sheet):
    page = office.get(f"/scores/outside/{sheet.uid}/").content.decode()
    assert "按各部分应为91.00" in page
    assert page.count("cw-tag--brand") == 1
    assert "哪一行是本地" not in page


def test_sheet_goes_out_as_a_workbook(office, sheet):
    answer = office.get(f"/scores/outside/{sheet.uid}/?format=xlsx")
    assert (answer.status_code, "spreadsheet" in answer["Content-Type"]) == (200, True)


def test_where_no_name_is_ours_the_page_asks(office, campaign):
    head = Head(2024, "official", "甲", "省文明办", date(2025, 1, 20), campaign)
    made = enter_outside(campaign.region, head, [ROWS[0], replace(ROWS[1], subject="乙市")], actor=None)
    assert "哪一行是本地" in office.get(f"/scores/outside/{made.uid}/").content.decode()
    office.post(f"/scores/outside/{made.uid}/own/", {"row": made.rows.get(subject="乙市").pk})
    assert made.rows.get(own=True).subject == "乙市"
    assert "哪一行是本地" not in office.get(f"/scores/outside/{made.uid}/").content.decode()


def test_correction_and_withdrawal_stand_in_the_history(office, sheet):
    url = f"/scores/outside/{sheet.uid}/"
    form = office.get(f"{url}correct/").context["form"]
    there = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    assert (there["total"], there["weight_field"], there["revision"]) == (87.2, 100.0, 1)
    office.post(f"{url}correct/", there | {"total": "87.30", "reason": "抄错"})
    sheet.refresh_from_db()
    assert (sheet.rows.get(own=True).total, sheet.revision) == (87.3, 2)
    again = office.post(f"{url}correct/", there | {"total": "87.40", "reason": "又错"})
    assert again.status_code == 422
    office.post(f"{url}withdraw/", {"revision": 2, "reason": "发错"})
    sheet.refresh_from_db()
    page = office.get(url).content.decode()
    assert sheet.state == "withdrawn"
    assert "云溪市 87.2 → 87.3" in page
    assert "抄错" in page
    assert "发错" in page
    assert office.get(f"{url}correct/").status_code == 200


def test_reading_needs_no_right_to_change(campaign, sheet, sign_in):
    leader = sign_in(make_user(Role.LEADER, campaign.subject))
    page = leader.get(f"/scores/outside/{sheet.uid}/").content.decode()
    assert "重新导入得分表" not in page
    assert leader.post(f"/scores/outside/{sheet.uid}/withdraw/", {"revision": 1, "reason": "x"}).status_code == 403


def test_official_score_from_outside_goes_before_our_own_in_the_cycle(office, campaign, sheet):
    for year, weight in ((2024, 0.4), (2025, 0.6)):
        CampaignYear.objects.create(region=campaign.region, campaign=campaign, year=year, weight=weight)
    mock = Head(2024, "mock", "模拟", "省文明办", date(2025, 1, 20), campaign)
    enter_outside(campaign.region, mock, [PrintedRow("云溪市", 70)], actor=None)
    page = office.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert ("87.20" in page, "省级测评" in page, "70.00" in page, "还没有2024年的得分" in page) == (
        True,
        True,
        False,
        True,
    )
    withdraw_outside(sheet, reason="撤", revision=1, actor=None)
    assert "周期得分" not in office.get(f"/campaigns/{campaign.pk}/").content.decode()
