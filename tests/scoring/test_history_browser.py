"""Trend and what is still needed in a real browser: the chart is drawn, and typing a score answers at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import CampaignYear
from chuangwen.core.files.sniffing import XLSX
from chuangwen.scoring.printed import PrintedRow
from chuangwen.scoring.services.outside import Head, enter_outside
from tests.scoring.test_comparing import pair  # noqa: F401 (a fixture)
from tests.scoring.test_outside_importing import HEAD, JINING, sheet
from tests.scoring.test_runs import round_  # noqa: F401 (a fixture)
from tests.support.browsing import IN_A_BROWSER, context_in, playwright, sign_in, started
from tests.support.factories import make_campaign, make_root, make_user

pytestmark = IN_A_BROWSER


@pytest.fixture
def page(live_server) -> Iterator[object]:
    campaign = make_campaign(make_root(), target=90)
    for year, weight, total in ((2023, 0.15, 88.10), (2024, 0.25, 87.20), (2025, 0.60, None)):
        CampaignYear.objects.create(region=campaign.region, campaign=campaign, year=year, weight=weight)
        if total:
            head = Head(year, "official", f"{year}年测评", "省文明办", date(year + 1, 1, 12), campaign)
            enter_outside(campaign.region, head, [PrintedRow("云溪市", total)], actor=None)
    leader = make_user(Role.LEADER, campaign.subject)
    with started() as browser:
        context = context_in(browser, live_server.url)
        sign_in(context, live_server.url, leader)
        yield context.new_page()


def test_typing_a_score_answers_at_once_and_the_chart_is_drawn(page):
    page.goto("/scores/trend/")
    playwright.expect(page.locator("[data-chart=trend-chart] canvas")).to_be_visible()
    playwright.expect(page.locator("#what-if")).to_contain_text("2025年要达到91.65")
    answer = page.locator("#what-if-answer")
    playwright.expect(answer).to_contain_text("90.01")
    page.fill("#what-if-score", "91.63")
    playwright.expect(answer).to_contain_text("89.99")
    playwright.expect(answer).to_contain_text("未达目标分")
    playwright.expect(page.locator("#what-if-score")).to_be_focused()


@pytest.fixture
def office_page(live_server) -> Iterator[object]:
    campaign = make_campaign(make_root(name="曲阜市"))
    CampaignYear.objects.create(region=campaign.region, campaign=campaign, year=2017, weight=1.0)
    office = make_user(Role.OFFICE, campaign.subject)
    with started() as browser:
        context = context_in(browser, live_server.url)
        sign_in(context, live_server.url, office)
        yield context.new_page()


def test_a_provinces_sheet_is_brought_in_as_it_came_and_stands_on_the_trend(office_page):
    office_page.goto("/scores/outside/new/")
    for name in ("year", "name", "issued_by", "issued_on", "weight_field", "weight_survey"):
        office_page.fill(f"[name={name}]", HEAD[name])
    office_page.get_by_role("button", name="下一步").click()
    book = {"name": "成绩.xlsx", "mimeType": XLSX, "buffer": sheet(*JINING)}
    office_page.set_input_files("input[type=file]", book)
    for words in ("上传并查看", "下一步：对应各列", "逐行核对", "导入"):
        office_page.get_by_role("button", name=words).click()
    playwright.expect(office_page.get_by_role("main")).to_contain_text("曲阜市")
    office_page.goto("/scores/trend/")
    playwright.expect(office_page.locator("[data-chart=trend-chart] canvas")).to_be_visible()
    playwright.expect(office_page.get_by_role("main")).to_contain_text("96.01")


@pytest.fixture
def comparing(live_server, pair) -> Iterator[object]:  # noqa: F811
    leader = make_user(Role.LEADER, pair[0].round.campaign.subject)
    with started() as browser:
        context = context_in(browser, live_server.url)
        sign_in(context, live_server.url, leader)
        yield context.new_page()


def test_two_runs_are_compared_sorted_and_narrowed(comparing, pair):  # noqa: F811
    earlier, later = pair
    comparing.goto(f"/scores/compare/?a={earlier.pk}&b={later.pk}")
    playwright.expect(comparing.locator("[data-chart=compare-chart] canvas")).to_be_visible()
    rows = comparing.locator("section[aria-label] tbody tr")
    playwright.expect(rows).to_have_count(1)
    comparing.get_by_role("navigation", name="两次得分对比").get_by_role("link", name="全部").click()
    playwright.expect(rows).to_have_count(3)
    comparing.get_by_role("columnheader", name="测评标准").get_by_role("link").click()
    playwright.expect(rows.first).to_contain_text("1.1")
    assert f"a={earlier.pk}" in comparing.url
    comparing.get_by_role("columnheader", name="测评标准").get_by_role("link").click()
    playwright.expect(rows.first).to_contain_text("2.1")


def test_chart_on_paper_is_a_picture_that_the_sheet_holds(comparing, pair):  # noqa: F811
    comparing.set_viewport_size({"width": 1440, "height": 900})
    comparing.goto("/scores/compare/")
    playwright.expect(comparing.locator("[data-chart=compare-chart] canvas")).to_be_visible()
    comparing.emulate_media(media="print")
    playwright.expect(comparing.locator("[data-chart=compare-chart] canvas")).to_be_hidden()
    picture = comparing.locator("[data-chart=compare-chart] > img")
    playwright.expect(picture).to_be_visible()
    assert picture.evaluate("one => one.naturalWidth / 3") == 700
