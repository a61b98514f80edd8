"""A speech of 8,000 characters becomes 45 tasks with owners and dates, every key and click counted.

Typed Chinese is counted by the letters that an input method takes for it (two for a character).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from chuangwen.core import clock
from chuangwen.core.workdays import ZONE
from chuangwen.directives.models import Candidate, Document
from chuangwen.organizations.enums import Branch, PostKind, UnitKind
from chuangwen.organizations.models import Post
from chuangwen.responsibilities.models import Task, WeekReport
from chuangwen.responsibilities.services import open_weeks
from tests.directives.acceptance import ASKED, SPEECH, STREETS, UNITS, as_docx
from tests.support.factories import make_campaign, make_root, make_unit, make_user

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = Path(__file__).parents[2] / "chuangwen/core/static/chuangwen/main.js"
MOST = 150  # keys and clicks from the upload to the issued tasks
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MORNING = datetime(2026, 11, 17, 9, 0, tzinfo=ZONE)  # the day after the meeting
THURSDAY = datetime(2026, 11, 19, 10, 0, tzinfo=ZONE)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the front end is not built"),
]


class Clerk:
    """Works the page and counts what she presses."""

    def __init__(self, page) -> None:
        self.page, self.keys, self.clicks = page, 0, 0

    @property
    def spent(self) -> int:
        return self.keys + self.clicks

    def press(self, key: str) -> None:
        self.keys += key.count("+") + 1
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type; a Chinese character takes two letters of an input method, and each word a key to choose it."""
        chinese = sum(ord(one) > 127 for one in text)
        self.keys += len(text) + chinese + bool(chinese)
        self.page.keyboard.type(text)

    def click(self, locator) -> None:
        self.clicks += 1
        locator.click()

    def here(self) -> Candidate:
        """The directive that the page stands on."""
        return Candidate.objects.get(pk=self.page.locator("[data-candidate].is-here").get_attribute("data-candidate"))

    def waits(self, decided: int) -> None:
        playwright.expect(self.page.locator("#review-head b").first).to_have_text(str(decided))


@pytest.fixture
def browser(live_server, monkeypatch) -> Iterator[object]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's own loop runs in this thread
    monkeypatch.setattr(clock, "now", lambda: MORNING)  # in the server's thread as well
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def page_of(browser, live_server, user, **given):
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", base_url=live_server.url, **given)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return context.new_page()


@pytest.fixture
def city():
    root = make_root()
    units = {name: make_unit(root, name=f"云川{name}", short_name=name) for name in UNITS}
    territory = {"kind": UnitKind.STREET, "branch": Branch.TERRITORY}
    units |= {name: make_unit(root, name=f"{name}办事处", short_name=name, **territory) for name in STREETS}
    for unit in units.values():
        Post.objects.create(region=root.region, unit=unit, kind=PostKind.ACTING, title="具体责任人")
    make_campaign(root)
    return make_user("office", root), make_user("liaison", units["市总工会"])


def test_a_speech_becomes_45_tasks_in_at_most_150_keys_and_clicks(browser, live_server, city, monkeypatch):
    office, liaison = city
    assert len(SPEECH.replace("\n", "")) >= 8000
    clerk = Clerk(page_of(browser, live_server, office, viewport={"width": 1440, "height": 900}))
    upload(clerk)
    review(clerk)
    issue(clerk)
    told = {task.origin_text: task for task in Task.objects.select_related("unit", "post")}
    assert Task.objects.count() == len(ASKED) == 45
    for asked in ASKED:
        (task,) = [task for quote, task in told.items() if asked.words in quote]
        due = task.due_at.astimezone(ZONE)
        assert (asked.words, task.unit.short_name, due.date()) == (asked.words, asked.lead, asked.due)
        assert (due.hour, due.minute, task.state, bool(task.measure), bool(task.post)) == (18, 0, "issued", True, True)
    print(f"keys {clerk.keys}, clicks {clerk.clicks}, together {clerk.spent} for {Task.objects.count()} tasks")  # noqa: T201
    assert clerk.spent <= MOST
    phone = liaison_sees_hers(browser, live_server, liaison)
    monkeypatch.setattr(clock, "now", lambda: THURSDAY)
    liaison_reports(phone)
    liaison_reports_the_task(phone)


def upload(clerk: Clerk) -> None:
    """Choose the file (the button, the file, open: three clicks), and read it."""
    clerk.page.goto("/directives/new/")
    clerk.clicks += 3
    clerk.page.set_input_files("[name=file]", {"name": "动员讲话.docx", "mimeType": DOCX, "buffer": as_docx()})
    clerk.click(clerk.page.get_by_role("button", name="读出部署"))
    playwright.expect(clerk.page.locator("#review-head")).to_be_visible()


NAMED = {"兜底管理的办法": "住建", "铁路新村两个小区": "供电", "曝光栏目": "融媒"}  # what she types to find the unit


def review(clerk: Clerk) -> None:
    """Down the page: accept what is right, mend what is not, drop what asks nothing."""
    document = Document.objects.get()
    total = document.candidates.count()
    for decided in range(total):
        clerk.waits(decided)
        row = clerk.here()
        asked = next((one for one in ASKED if one.words in row.quote), None)
        if asked is None:
            clerk.press("x")
        elif asked.words in NAMED:
            clerk.press("Enter")
            playwright.expect(clerk.page.locator("[name=lead_typed]")).to_be_focused()
            clerk.write(NAMED[asked.words])
            playwright.expect(clerk.page.locator("[role=option]")).to_have_count(1)
            clerk.press("Enter")
            playwright.expect(clerk.page.locator(".cw-token", has_text=asked.lead).first).to_be_visible()
            clerk.press("Enter")
        elif asked.words == "违章搭建17处":  # what was read begins too late: the whole sentence says it
            clerk.press("e")
            playwright.expect(clerk.page.locator("[name=action]")).to_be_focused()
            clerk.press("Alt+w")
            clerk.press("Enter")
        elif row.due_on != asked.due:
            clerk.press("e")
            playwright.expect(clerk.page.locator("[name=action]")).to_be_focused()
            field = clerk.page.locator("[name=due_on]")
            clerk.click(field)
            clerk.keys += 8  # the figures of a date
            field.fill(asked.due.isoformat())
            clerk.press("Enter")
        else:
            clerk.press("Enter")
    clerk.waits(total)


def issue(clerk: Clerk) -> None:
    """One key to the preview, one to issue: the measure for those without one is filled in."""
    clerk.press("i")
    button = clerk.page.get_by_role("button", name="下发45件任务")
    playwright.expect(button).to_be_focused()
    clerk.press("Enter")
    playwright.expect(clerk.page.get_by_text("已下发：45件任务")).to_be_visible()


def liaison_sees_hers(browser, live_server, liaison):
    """On the phone: one message, which opens her task, and one tap to take it on."""
    phone = page_of(
        browser, live_server, liaison, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
    )
    phone.goto("/inbox/")
    phone.get_by_text("下发1件新任务").first.tap()
    playwright.expect(phone.locator("main")).to_contain_text("评选出一批文明职工标兵")
    phone.screenshot(path="/tmp/review/phone.png", full_page=True)
    phone.get_by_role("button", name="接受").first.tap()
    playwright.expect(phone.locator("main")).to_contain_text("办理中")
    assert Task.objects.get(state="accepted").unit.short_name == "市总工会"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    return phone


def liaison_reports(phone) -> None:
    """On Thursday the week's report lies there, put together: one tap opens it, one confirms it."""
    open_weeks(THURSDAY.date())
    phone.goto("/desk/")
    phone.locator("main a[href^='/weekly/']").first.tap()
    phone.get_by_role("button", name="确认周报").tap()
    playwright.expect(phone.locator("main")).to_contain_text("已确认")
    assert WeekReport.objects.get(unit__short_name="市总工会").confirmed_at == THURSDAY


def liaison_reports_the_task(phone) -> None:
    """The task itself: one tap opens it from her list, one reports it as done; nothing is typed."""
    phone.goto("/tasks/")
    phone.locator("main .cw-hero a", has_text="报告完成").tap()
    phone.get_by_role("button", name="报告完成").tap()
    playwright.expect(phone.locator("main")).to_contain_text("待确认")
    told = Task.objects.get(unit__short_name="市总工会", state="reported")
    assert (told.measures, told.people) == (" ".join(told.origin_text.split()), told.post.title)
