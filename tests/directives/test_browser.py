"""The way from a document to tasks in a real browser, by keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chuangwen.directives.models import Candidate, Document
from chuangwen.responsibilities.models import Duty, Task
from tests.directives.making import SPEECH, Desk, candidate
from tests.support.browsing import IN_A_BROWSER, context_in, playwright, sign_in, started

pytestmark = IN_A_BROWSER


@pytest.fixture
def page(live_server) -> Iterator[object]:
    with started() as browser:
        yield context_in(browser, live_server.url).new_page()


@pytest.fixture
def desk(page, live_server) -> Desk:
    desk = Desk()
    sign_in(page.context, live_server.url, desk.office)
    return desk


def waits_for(page, words: str, here: Candidate | None = None) -> None:
    """Until the head says `words`, the mark stands on `here`, and what came with the answer takes keys."""
    playwright.expect(page.locator("#review-head")).to_contain_text(words)
    if here:
        playwright.expect(page.locator(f"#c{here.pk}.is-here")).to_be_visible()
    playwright.expect(page.locator(".htmx-added, .htmx-settling, .htmx-swapping")).to_have_count(0)


def test_from_upload_to_tasks_by_keys(page, desk):
    page.goto("/directives/new/")
    page.set_input_files("[name=file]", {"name": "讲话.txt", "mimeType": "text/plain", "buffer": SPEECH.encode()})
    page.get_by_role("button", name="读出部署").click()
    waits_for(page, "0 / 4条")
    first, second, third, fourth = Document.objects.get().candidates.order_by("start")
    waits_for(page, "待定4", first)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")  # text and table scroll, not the page

    page.keyboard.press("Enter")  # right as it is: one key, and the next one is there
    waits_for(page, "采纳1", second)
    playwright.expect(page.locator(f"mark[data-mark='{first.pk}']").first).to_have_class("cw-mark cw-mark--accepted")

    page.keyboard.press("Enter")  # 相关单位: asks who is meant
    field = page.locator("[name=lead_typed]")
    playwright.expect(field).to_be_focused()
    page.keyboard.type("教育")
    playwright.expect(page.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".cw-token")).to_contain_text("市教育局")
    page.locator("[name=measure]").fill("书面方案1份")
    page.keyboard.press("Enter")
    waits_for(page, "采纳2", third)

    page.keyboard.press("x")
    waits_for(page, "舍弃1", fourth)
    page.keyboard.press("z")
    waits_for(page, "舍弃0", third)
    page.keyboard.press("Enter")
    waits_for(page, "采纳3", fourth)
    page.keyboard.press("Enter")
    waits_for(page, "采纳4")

    page.get_by_role("link", name="下发已采纳的4条").click()
    page.locator("[name=due_on]").fill("2030-12-20")
    page.locator("[name=measure]").fill("完成")
    page.get_by_role("button", name="下发4件任务、1项定期工作").click()
    waits_for(page, "4 / 4条")
    assert (Task.objects.filter(duty=None).count(), Duty.objects.count()) == (4, 1)
    assert {one.state for one in Candidate.objects.all()} == {"accepted"}


def test_selected_text_becomes_a_directive_and_keys_merge_it(page, desk):
    document = desk.document()
    page.goto(f"/directives/{document.pk}/review/")
    page.evaluate(
        """() => {
            const leaves = [...document.querySelectorAll('#review-text [data-at]')];
            const leaf = leaves.find((one) => one.textContent.includes('大家下了功夫'));
            const start = leaf.textContent.indexOf('大家');
            const range = document.createRange();
            range.setStart(leaf.firstChild, start);
            range.setEnd(leaf.firstChild, start + 6);
            document.getSelection().removeAllRanges();
            document.getSelection().addRange(range);
        }"""
    )
    playwright.expect(page.locator("#review-quote")).to_have_value("大家下了功夫")
    page.get_by_role("button", name="标为部署").click()
    waits_for(page, "/ 5条")
    made = document.candidates.get(by_hand=True)
    assert document.text[made.start : made.end] == "大家下了功夫"
    playwright.expect(page.locator(f"#c{made.pk}")).to_contain_text("手工标注")

    page.keyboard.press("j")
    page.keyboard.press("m")
    waits_for(page, "/ 4条")
    page.keyboard.press("z")
    waits_for(page, "/ 5条")


def test_on_a_phone_text_and_table_are_two_tabs(page, desk):
    document = desk.document()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/directives/{document.pk}/review/")
    playwright.expect(page.locator("#review-text")).to_be_hidden()
    first = candidate(document, "背街小巷")
    page.locator(f"#c{first.pk}").get_by_role("button", name="采纳").click()
    waits_for(page, "采纳1")
    page.get_by_role("tab", name="原文").click()
    playwright.expect(page.locator("#review-text")).to_be_visible()
    playwright.expect(page.locator("#review-rows")).to_be_hidden()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_two_people_see_each_other_and_lose_nothing_of_what_is_typed(page, desk, live_server):
    document = desk.document()
    first, second = candidate(document, "背街小巷"), candidate(document, "飞线充电")
    theirs = page.context.browser.new_context(locale="zh-CN", base_url=live_server.url)
    sign_in(theirs, live_server.url, desk.colleague)
    other = theirs.new_page()
    page.goto(f"/directives/{document.pk}/review/?at={second.pk}")
    page.keyboard.press("e")  # edits the second one, and types
    page.locator("[name=measure]").fill("书面方案1份")
    other.goto(f"/directives/{document.pk}/review/?at={second.pk}")
    playwright.expect(other.locator("#review-presence")).to_contain_text(f"{desk.office}也在看，第2条", timeout=20_000)
    playwright.expect(other.locator(f"#c{second.pk}.is-watched")).to_be_visible()

    other.keyboard.press("k")
    other.keyboard.press("Enter")  # accepts the first one
    waits_for(other, "采纳1", second)
    other.keyboard.press("x")  # and drops the one that is being edited here
    waits_for(other, "舍弃1")
    playwright.expect(page.locator(f"#c{first.pk}[data-state=accepted]")).to_be_visible(timeout=20_000)
    playwright.expect(page.locator("#review-presence")).to_contain_text("第2条刚被别人改过")
    waits_for(page, "采纳1，舍弃1，待定2")
    playwright.expect(page.locator("[name=measure]")).to_have_value("书面方案1份")

    page.locator("[name=lead_typed]").fill("教育")
    playwright.expect(page.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # saves: nothing is overwritten, both versions are shown
    playwright.expect(page.locator(f"#c{second.pk}")).to_contain_text("现在是")
    playwright.expect(page.locator("[name=measure]")).to_have_value("书面方案1份")
    assert Candidate.objects.get(pk=second.pk).state == "dropped"
    theirs.close()


def test_a_look_at_who_is_here_that_crosses_with_an_act_costs_no_key(page, desk):
    """The server has taken the act, and tells of it in the answer about who is here before the act's own arrives."""
    document = desk.document()
    first, second, third = document.candidates.order_by("start")[:3]

    def late(route) -> None:
        with page.expect_response("**/presence/"):  # the first look comes a second after the page
            answer = route.fetch()
        page.wait_for_timeout(200)
        route.fulfill(response=answer)

    page.route("**/candidates/**", late, times=1)
    page.goto(f"/directives/{document.pk}/review/?at={first.pk}")
    page.keyboard.press("x")
    waits_for(page, "舍弃1", second)
    page.keyboard.press("x")
    waits_for(page, "舍弃2", third)
