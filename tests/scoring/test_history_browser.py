"""Trend and what is still needed in a real browser: the chart is drawn, and typing a score answers at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import CampaignYear
from chuangwen.scoring.printed import PrintedRow
from chuangwen.scoring.services.outside import Head, enter_outside
from tests.support.factories import make_campaign, make_root, make_user

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = Path(__file__).parents[2] / "chuangwen/core/static/chuangwen/main.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the front end is not built"),
]


@pytest.fixture
def page(live_server, monkeypatch) -> Iterator[object]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's own loop runs in this thread
    campaign = make_campaign(make_root(), target=90)
    for year, weight, total in ((2023, 0.15, 88.10), (2024, 0.25, 87.20), (2025, 0.60, None)):
        CampaignYear.objects.create(region=campaign.region, campaign=campaign, year=year, weight=weight)
        if total:
            head = Head(year, "official", f"{year}年测评", "省文明办", date(year + 1, 1, 12), campaign)
            enter_outside(campaign.region, head, [PrintedRow("云溪市", total)], actor=None)
    client = Client()
    leader = make_user(Role.LEADER, campaign.subject)
    client.force_login(leader, backend="allauth.account.auth_backends.AuthenticationBackend")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", base_url=live_server.url)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        yield context.new_page()
        browser.close()


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
