"""A liaison on the phone: her task is open with one tap and reported as done with the second, from wherever she comes.

Every tap is counted. The page is 390 px wide.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.services import issue_task
from tests.config.doors import picture
from tests.responsibilities.making import make_city
from tests.support.factories import make_task

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = Path(__file__).parents[2] / "chuangwen/core/static/chuangwen/main.js"
SAID = "由城管局牵头,月底前对主次干道乱贴乱画集中清理一遍"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the front end is not built"),
]


class Phone:
    """A page 390 px wide that counts what is tapped on it."""

    def __init__(self, page) -> None:
        self.page, self.taps = page, 0

    def tap(self, locator) -> None:
        self.taps += 1
        locator.first.tap()


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def task(city):
    unit = city.unit("城管局", post="分管副局长")
    made = make_task(
        unit, campaign=city.campaign, title="清理乱贴乱画", measure="主次干道看不到", state="draft", origin_text=SAID,
        post=unit.posts.get(), due_at=clock.now() + timedelta(days=5),
    )  # fmt: skip
    city.liaison(unit)
    issue_task(made, actor=city.office)
    return made


@pytest.fixture
def phone(live_server, monkeypatch, task) -> Iterator[Phone]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's own loop runs in this thread
    client = Client()
    client.force_login(
        Notice.objects.get().user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )  # who was told of the task: its liaison
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="zh-CN", timezone_id="Asia/Shanghai",
            base_url=live_server.url, is_mobile=True, has_touch=True,
        )  # fmt: skip
        context.add_cookies([cookie])
        yield Phone(context.new_page())
        browser.close()


def pressed(phone: Phone, label: str, then: str) -> None:
    """One tap on the button, which stands below the proposal that it confirms, on a page that is not too wide."""
    button = phone.page.get_by_role("button", name=label)
    playwright.expect(button).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.tap(button)
    playwright.expect(phone.page.locator("main")).to_contain_text(then)


@pytest.mark.parametrize(("start", "opens", "words"), [
    ("/desk/", "main a[href^='/tasks/']", "清理乱贴乱画"), ("/inbox/?tab=all", "main a", "清理乱贴乱画"),
    ("/tasks/", "main .cw-hero .cw-btn--primary", ""),
])  # fmt: skip
def test_task_is_taken_on_in_two_taps_and_reported_as_done_in_two_more(phone, task, start, opens, words):
    for label, then, state in (("接受", "办理中", "accepted"), ("报告完成", "待确认", "reported")):
        phone.taps = 0
        phone.page.goto(start)
        phone.tap(phone.page.locator(opens).filter(has_text=words))
        if state == "accepted":
            playwright.expect(phone.page.locator("[name=measures]")).to_have_value(SAID)
        pressed(phone, label, then)
        assert (phone.taps, Task.objects.get().state) == (2, state)
    assert (Task.objects.get().measures, Task.objects.get().people) == (SAID, "分管副局长")


def test_photo_can_be_given_before_the_one_press(phone, task):
    phone.page.goto(f"/tasks/{task.pk}/")
    phone.tap(phone.page.get_by_role("button", name="接受"))
    playwright.expect(phone.page.locator("[name=paper]")).to_be_attached()
    photo = {"name": "清理后.png", "mimeType": "image/png", "buffer": picture()}
    phone.page.set_input_files("[name=paper]", photo)
    pressed(phone, "报告完成", "待确认")
    playwright.expect(phone.page.locator("main img").first).to_be_visible()
