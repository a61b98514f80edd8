"""Directives and decisions that ask a unit for what is open there already: told before issuing, answered once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.directives.models import Document
from chuangwen.directives.plans import issue_plan, plan_repeats
from chuangwen.directives.services import accept_candidate, issue_accepted, minutes
from chuangwen.directives.services.minutes import Resolved
from chuangwen.responsibilities.models import RepeatedRequest, Task
from chuangwen.responsibilities.services.repeating import Again, Repeated
from tests.directives.making import Desk, candidate
from tests.directives.test_minutes import held
from tests.support.factories import NOON, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


@pytest.fixture
def document(desk) -> Document:
    """One directive accepted, for two streets; the eastern one has a like task open."""
    document = desk.document()
    row = candidate(document, "会后三天")
    accept_candidate(row, revision=row.revision, actor=desk.office)
    make_task(desk.east, campaign=desk.campaign, title=f"请{row.action}", state="accepted")
    return document


def issued() -> list[str]:
    return [one.unit.short_name for one in Task.objects.filter(origin="directive").order_by("unit__path")]


def test_nothing_goes_out_before_it_is_said_why(desk, document):
    with pytest.raises(Repeated):
        issue_accepted(document, actor=desk.office, measure="报送")
    assert issued() == []


def test_one_reason_answers_and_is_kept_with_the_task_that_repeats(desk, document):
    issue_accepted(document, actor=desk.office, measure="报送", again=Again("会议另有要求"))
    kept = RepeatedRequest.objects.get()
    assert (issued(), kept.task.unit, kept.reason) == (["东关街道", "西门街道"], desk.east, "会议另有要求")


def test_unit_left_out_keeps_what_it_has_and_the_rest_goes_out(desk, document):
    assert issue_accepted(document, actor=desk.office, measure="报送", again=Again(leave_out=True)).tasks == 1
    assert (issued(), RepeatedRequest.objects.count()) == (["西门街道"], 0)
    plan = issue_plan(document)  # it waits there, in case it is to be asked after all
    assert [unit for _row, unit in plan_repeats(document, plan)] == [desk.east.pk]


def test_what_is_left_of_nobody_lacks_nothing(desk, document):
    plan = issue_plan(document)
    row = plan.ready[0][0]
    assert plan.without_measure == [row]
    plan.leave_out([(row.pk, desk.east.pk), (row.pk, desk.west.pk)])
    assert (plan.number, plan.without_measure, plan.undated) == (0, [], 0)


def test_preview_shows_units_asked_already_and_one_click_leaves_them_out(desk, document, sign_in):
    client, url = sign_in(desk.office), reverse("directives:issue", args=[document.pk])
    page = client.get(url).content.decode()
    assert page.count("已要过的") == 1
    sent = {"measure": "报送", "due_on": "2026-12-01"}
    assert client.post(url, sent | {"again": ""}).status_code == 422
    assert client.post(url, sent | {"again": "", "leave_out": "1"}).status_code == 302
    assert issued() == ["西门街道"]


def test_preview_without_anything_open_asks_nothing_more(desk, document, sign_in):
    Task.objects.all().delete()
    page = sign_in(desk.office).get(reverse("directives:issue", args=[document.pk])).content.decode()
    assert ("已要过的" in page, 'name="again"' in page, "leave_out" in page) == (False, False, False)


def test_decision_that_is_open_already_asks_for_a_reason_in_place(desk, sign_in):
    meeting = held(desk)
    minutes.write_decision(
        meeting,
        Resolved("清运东关市场周边垃圾", units=[desk.city], due_on=NOON.date().replace(day=27), measure="照片"),
        actor=desk.office,
    )  # fmt: skip
    make_task(desk.city, campaign=desk.campaign, title="清运东关市场周边的垃圾")
    client, url = sign_in(desk.office), reverse("directives:meeting_issue", args=[meeting.pk])
    refused = client.post(url)
    assert (refused.status_code, 'name="again"' in refused.content.decode(), issued()) == (422, True, [])
    assert client.post(url, {"again": "会议再次明确"}).status_code == 302
    assert (issued(), RepeatedRequest.objects.get().reason) == (["市城管局"], "会议再次明确")
