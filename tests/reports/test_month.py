"""The month's bulletin in few clicks, walked in a real browser from the start page to the issued paper."""

import os
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from chuangwen.core import clock
from chuangwen.core.panels import counted
from chuangwen.reports.desk import desk
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.forms import usual_period
from chuangwen.reports.models import Bulletin
from chuangwen.reports.paper import TO_FILL
from chuangwen.reports.periods import Period, month_of, month_to_tell
from tests.reports.making import Office

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = Path(__file__).parents[2] / "chuangwen/core/static/chuangwen/main.js"
MOST_CLICKS = 15
NOVEMBER, DECEMBER = month_of(date(2026, 11, 1)), month_of(date(2026, 12, 1))


@pytest.mark.parametrize(
    ("day", "month"),
    [(date(2026, 11, 25), None), (date(2026, 11, 26), NOVEMBER), (date(2026, 11, 30), NOVEMBER),
     (date(2026, 12, 1), NOVEMBER), (date(2026, 12, 5), NOVEMBER), (date(2026, 12, 6), None)],
)  # fmt: skip
def test_month_is_told_of_around_its_end(day, month):
    assert month_to_tell(day) == month


@pytest.mark.parametrize(
    ("day", "last_end", "period"),
    [(date(2026, 12, 3), None, NOVEMBER), (date(2026, 12, 3), NOVEMBER.last, DECEMBER),
     (date(2026, 12, 20), None, DECEMBER), (date(2026, 12, 20), date(2026, 10, 31), NOVEMBER)],
)  # fmt: skip
def test_new_bulletin_offers_the_month_that_nobody_has_told_of(day, last_end, period):
    assert usual_period(PaperKind.BULLETIN, last_end, day) == period


def test_year_end_sheet_offers_the_year_and_the_handling_sheet_the_month():
    day = date(2026, 12, 20)
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert (usual_period(PaperKind.YEAR, None, day), year.before.last) == (year, date(2025, 12, 31))
    assert usual_period(PaperKind.INSTRUCTIONS, None, day) == DECEMBER


@pytest.mark.django_db
@pytest.mark.once
def test_start_page_calls_for_the_months_bulletin_until_somebody_has_begun_it():
    office = Office()

    def lines(user, when="2026-11-30T04:00+00:00"):
        request = RequestFactory().get("/")
        request.user, request.session = user, {}
        with clock.at(datetime.fromisoformat(when)):
            return [str(one.title) for one in counted(desk(request))]

    assert lines(office.office) == ["该起草月度通报了：2026-11"]
    assert lines(office.office, "2026-11-20T04:00+00:00") == []
    assert lines(office.leader) == []
    office.draft(kind=PaperKind.BULLETIN, period=NOVEMBER)
    assert lines(office.office) == []


@pytest.fixture
def browser(live_server, monkeypatch):
    playwright = pytest.importorskip("playwright.sync_api")
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's own loop runs in this thread
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


class Person:
    """Somebody at a screen whose clicks are counted; going into a field to type is a click as well."""

    def __init__(self, browser, address, user):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", base_url=address)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
        self.page, self.clicks = context.new_page(), 0
        self.page.goto("/desk/")

    def click(self, role, name, exact=True):
        self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.clicks += 1

    def replace(self, field, old, new):
        self.page.locator(field).click()
        self.clicks += 1
        self.page.locator(field).fill(self.page.locator(field).input_value().replace(old, new))


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.skipif(not CHROMIUM or not BUILT.exists(), reason="no Chromium, or the front end is not built")
def test_months_bulletin_is_issued_in_twelve_clicks(browser, live_server):
    office = Office()
    office.draft()  # so that the list is as on any day
    drafter = Person(browser, live_server.url, office.office)
    drafter.click("link", "通报与周报")
    drafter.click("link", "起草")
    drafter.click("link", "通报")
    drafter.click("button", "冻结数字并起草")
    drafter.click("link", "修改正文")
    drafter.replace("[name=body]", TO_FILL, "逐件销号，举一反三。")
    drafter.click("button", "保存")
    drafter.click("button", "送审")
    drafter.page.get_by_text("由他人审批").first.wait_for()
    made = Bulletin.objects.get(kind=PaperKind.BULLETIN)

    leader = Person(browser, live_server.url, office.leader)
    leader.click("link", f"待审批：{made.title}", exact=False)
    leader.click("button", "审批通过")
    leader.page.get_by_text("已审批").first.wait_for()

    drafter.page.goto("/desk/")
    drafter.click("link", f"待签发：{made.title}", exact=False)
    drafter.click("button", "签发")
    drafter.page.get_by_text("已签发，文件已存档").first.wait_for()
    made.refresh_from_db()
    assert (made.state, made.receipts.count()) == ("issued", made.units.count())
    clicks = drafter.clicks + leader.clicks
    assert clicks == 12
    assert clicks <= MOST_CLICKS
