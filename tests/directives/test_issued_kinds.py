"""Accepted directives become tasks, recurring duties and standing rules in one step, each once."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.breakdown import lines
from chuangwen.directives.comparing import difference_of, unsettled_number
from chuangwen.directives.models import Candidate, Document
from chuangwen.directives.plans import loads
from chuangwen.directives.queries.documents import review_of
from chuangwen.directives.services import (
    accept_candidate,
    discard_document,
    drop_candidate,
    issue_accepted,
    issue_plan,
    reopen_candidate,
    settle_issued,
    take_as_revision,
    turn_candidate,
)
from chuangwen.notifications.models import Notice
from chuangwen.responsibilities.models import Duty, StandingRule, Task
from chuangwen.responsibilities.services import end_duty, end_rule
from tests.directives.making import RHYTHM, Desk, candidate
from tests.support.factories import NOON, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def accepted(desk: Desk, text: str = RHYTHM) -> Document:
    """Everything accepted; the last one made a rule."""
    document = desk.document(text)
    rule = candidate(document, "一律不得")
    turn_candidate(rule, "rule", revision=1, actor=desk.office)
    for row in document.candidates.select_related("document", "region"):
        accept_candidate(row, revision=row.revision, actor=desk.office)
    return document


def test_one_press_issues_each_as_what_it_becomes(desk, sign_in):
    liaison = make_user("liaison", desk.east)
    document = accepted(desk)
    plan = issue_plan(document)
    assert (plan.tasks, plan.new_duties, len(plan.rules), plan.number) == (1, 3, 1, 5)
    assert [row.frequency for row in plan.without_rhythm] == ["定期"]
    assert plan.without_lead == []  # a rule that names nobody holds for everybody
    assert [(one.unit, one.new, one.running) for one in loads(plan)] == [
        (desk.city, 1, 0), (desk.schools, 1, 0), (desk.east, 1, 0), (desk.west, 1, 0),
    ]  # fmt: skip
    with pytest.raises(Refusal, match="定期检查校园周边"):
        issue_accepted(document, actor=desk.office, measure="完成")
    page = sign_in(desk.office)
    issue = reverse("directives:issue", args=[document.pk])
    html = page.get(issue).content.decode()
    assert "下发1件任务、3项定期工作、1条长期规定" in html
    assert "所有单位" in html
    assert page.post(issue, {"measure": "完成", "rhythm": "每晚"}).status_code == 422
    assert not (Task.objects.exists())
    assert not (Duty.objects.exists())
    assert not (StandingRule.objects.exists())
    assert page.post(issue, {"measure": "完成", "rhythm": "每月"}).status_code == 302
    duties = {duty.unit: duty for duty in Duty.objects.all()}
    assert set(duties) == {desk.schools, desk.east, desk.west}
    weekly, row = duties[desk.east], candidate(document, "巡查")
    assert (weekly.title, weekly.measure, weekly.origin, weekly.origin_text) == (
        "每周巡查一次背街小巷", "完成", "directive", row.quote,
    )  # fmt: skip
    assert (weekly.plan.every, duties[desk.schools].plan.every) == ("week", "month")
    rule = StandingRule.objects.get()
    assert (rule.text, list(rule.units.all())) == ("凡是接到群众来电，一律不得推诿", [])
    assert Task.objects.filter(duty=None).get().unit == desk.city
    assert Notice.objects.filter(user=liaison).count() == 1
    # Nothing twice, and what is out can no longer be rewritten here.
    assert (issue_plan(document).number, issue_plan(document).done) == (0, 4)
    with pytest.raises(Refusal):
        issue_accepted(document, actor=desk.office, measure="完成", rhythm="每月")
    for words, word in (("巡查", duties[desk.east].number), ("一律不得", "长期规定")):
        for act in (reopen_candidate, drop_candidate):
            one = candidate(document, words)
            with pytest.raises(Refusal, match=word):
                act(one, revision=one.revision, actor=desk.office)
    with pytest.raises(Refusal, match="其中4条"):
        discard_document(document, actor=desk.office)
    review = page.get(reverse("directives:review", args=[document.pk])).content.decode()
    assert duties[desk.schools].number in review
    assert "2项定期工作" in review
    progress = [line.progress for line in lines(review_of(document))]
    assert [one[:3] for one in progress] == ["定期做", "定期做", "待接受", "长期规"]
    # Ended, the directive is open to change again.
    for duty in duties.values():
        end_duty(duty, reason="重复", actor=desk.office)
    end_rule(rule, reason="重复", actor=desk.office)
    one = candidate(document, "一律不得")
    reopen_candidate(one, revision=one.revision, actor=desk.office)
    assert lines(review_of(document))[0].progress == "未下发"


def test_breakdown_says_when_what_is_out_is_due_and_what_was_asked_for(desk):
    document = accepted(desk)
    issue_accepted(document, actor=desk.office, measure="完成", rhythm="每月")
    line = next(line for line in lines(review_of(document)) if "巡查" in line.action)
    out = Task.objects.filter(duty__candidates__quote__contains="巡查").order_by("due_at").first()
    assert line.measure == out.measure == "完成"
    assert line.progress == f"定期做，下次{day(clock.local(out.due_at).date())}"
    Task.objects.filter(duty__isnull=False).update(state="confirmed")
    upcoming = Duty.objects.filter(candidates__quote__contains="巡查").earliest("next_on").next_on
    line = next(line for line in lines(review_of(document)) if "巡查" in line.action)
    assert line.progress == f"定期做，下次{day(upcoming)}"


def test_duty_that_never_falls_due_is_refused_by_name(desk):
    document = accepted(desk)
    Candidate.objects.filter(document=document, quote__contains="巡查").update(
        frequency="每年1月", due_on=date(2026, 12, 1)
    )
    with pytest.raises(Refusal, match="每周巡查一次"):
        issue_accepted(document, actor=desk.office, measure="完成", rhythm="每月")
    assert not Duty.objects.exists()


def test_duties_and_rules_are_settled_when_their_sentence_goes(desk, sign_in):
    before = accepted(desk)
    issue_accepted(before, actor=desk.office, measure="完成", rhythm="每月")
    later = desk.document(
        RHYTHM.replace("各街道要每周巡查一次背街小巷。", "").replace("凡是接到群众来电，一律不得推诿。", "")
    )
    assert take_as_revision(later, before, actor=desk.office) == {"same": 2, "changed": 0, "gone": 2, "new": 0}
    assert unsettled_number(later) == 2
    weekly, rule = difference_of(later).unsettled
    assert (weekly.number, rule.number, weekly.may_postpone) == (2, 1, False)
    html = sign_in(desk.office).get(reverse("directives:changes", args=[later.pk])).content.decode()
    assert "撤销已下发的2件" in html
    out = Task.objects.filter(duty__candidates=weekly.carried.old)
    assert {task.state for task in out} == {"issued"}
    settle_issued(weekly.carried, "cancel", actor=desk.office)
    assert {task.state for task in out.all()} == {"cancelled"}  # what is out would go late for a sentence that is gone
    assert {duty.state for duty in Duty.objects.filter(candidates=weekly.carried.old)} == {"ended"}
    settle_issued(rule.carried, "cancel", actor=desk.office)
    assert StandingRule.objects.get().ended_on == clock.today()
    assert unsettled_number(later) == 0
    kept = candidate(later, "校园")
    assert kept.duties.get().unit == desk.schools
    assert issue_plan(later).number == 0
