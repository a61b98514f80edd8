"""A revised document: decisions go along, what changed is shown, what was issued is settled by a person."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.panels import panels
from chuangwen.directives.addressees import Party
from chuangwen.directives.comparing import difference_of, unsettled_number
from chuangwen.directives.models import Candidate, Carried, Document
from chuangwen.directives.services import (
    Wanted,
    accept_candidate,
    add_document,
    discard_document,
    drop_candidate,
    edit_candidate,
    issue_accepted,
    issue_plan,
    keep_apart,
    mark_by_hand,
    settle_issued,
    take_as_revision,
    undo_last,
)
from chuangwen.responsibilities.models import Task
from tests.directives.making import SPEECH, Desk, candidate
from tests.support.factories import NOON, make_campaign, make_user

pytestmark = pytest.mark.django_db

REVISED = (
    SPEECH.replace("11月30日前", "12月4日前")
    .replace("市教育局要每周检查一次校园周边。", "")
    .replace("同志们：", "同志们：\n\n今天再强调几点。")
    + "市教育局要在12月20日前公布校园周边检查结果。\n"
)


def issued(desk: Desk) -> Document:
    """Everything decided: one by hand, one dropped, one corrected; the rest issued."""
    document = desk.document()
    mark_by_hand(document, "这一个月大家下了功夫", actor=desk.office)
    drop_candidate(candidate(document, "下了功夫"), revision=1, actor=desk.office)
    for words in ("背街小巷", "每周检查", "会后三天"):
        accept_candidate(candidate(document, words), revision=1, actor=desk.office)
    wanted = Wanted("拿出方案", [Party("市城管局", (desk.city.pk,))], due_on=date(2026, 12, 10), measure="方案1份")
    edit_candidate(candidate(document, "飞线充电"), wanted, revision=1, actor=desk.office, accept=True)
    Candidate.objects.filter(document=document, becomes="duty").update(becomes="task")
    issue_accepted(document, actor=desk.office, due_on=date(2026, 12, 18), measure="完成")
    return document


def revised(desk: Desk, text: str = REVISED) -> Document:
    return add_document(desk.campaign, text.encode(), name="修订稿.txt", actor=desk.office)


def carried(document: Document, words: str) -> Carried:
    rows = Carried.objects.select_related("document__region", "document__campaign", "old", "new__document", "region")
    return rows.get(document=document, old__quote__contains=words)


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def test_decisions_go_along_and_what_was_issued_waits_for_a_word(desk):
    before = issued(desk)
    tasks = list(Task.objects.order_by("pk").values())
    document = revised(desk)
    assert document.resembles == before
    numbers = take_as_revision(document, before, actor=desk.office)
    assert numbers == {"same": 3, "changed": 1, "gone": 1, "new": 1}
    assert list(Task.objects.order_by("pk").values()) == tasks  # an upload changes nothing that is out
    assert (document.replaces, document.resembles) == (before, None)
    document.refresh_from_db()
    assert (document.replaces, document.resembles) == (before, None)
    by_hand, corrected = candidate(document, "下了功夫"), candidate(document, "飞线充电")
    assert (by_hand.state, by_hand.by_hand) == ("dropped", True)
    assert document.text[by_hand.start : by_hand.end] == by_hand.quote == "这一个月大家下了功夫"
    assert (corrected.state, corrected.action, corrected.measure) == ("accepted", "拿出方案", "方案1份")
    assert (candidate(document, "会后三天").tasks.count(), corrected.tasks.count()) == (2, 1)
    assert issue_plan(document).tasks == 0
    changed, gone = carried(document, "背街小巷"), carried(document, "每周检查")
    assert (changed.change, changed.new.state, changed.new.due_on) == ("changed", "open", date(2026, 12, 4))
    assert (gone.change, gone.new) == ("gone", None)
    difference = difference_of(document)
    assert [one.carried for one in difference.unsettled] == [changed, gone]
    assert [one.may_postpone for one in difference.unsettled] == [True, False]
    assert [row.quote[:4] for row in difference.new] == ["市教育局"]
    assert unsettled_number(document) == 2
    kinds = [piece.pair.kind if piece.pair else piece.skipped for piece in difference.pieces()]
    assert kinds == [2, "same", "new", "same", "same", "changed", "same", "same", "gone", "same", "new"]
    # The earlier version is read, no longer worked on.
    old = candidate(before, "会后三天")
    for act in (
        lambda: accept_candidate(old, revision=old.revision, actor=desk.office),
        lambda: edit_candidate(old, Wanted("做"), revision=old.revision, actor=desk.office),
        lambda: mark_by_hand(before, "同志们", actor=desk.office),
        lambda: undo_last(before, actor=desk.office),
        lambda: issue_accepted(before, actor=desk.office, measure="完成"),
    ):
        with pytest.raises(Refusal, match="修订稿"):
            act()
    # Taking it away again leaves the earlier version as it was, unless tasks hang on it.
    with pytest.raises(Refusal):
        discard_document(document, actor=desk.office)


def test_settled_by_keeping_postponing_or_cancelling_once(desk, sign_in):
    before = issued(desk)
    document = revised(desk)
    take_as_revision(document, before, actor=desk.office)
    changed, gone = carried(document, "背街小巷"), carried(document, "每周检查")
    for settlement, row in (("dream", changed), ("postpone", gone), ("keep", carried(document, "会后三天"))):
        with pytest.raises(Refusal):
            settle_issued(row, settlement, actor=desk.office)
    with pytest.raises(PermissionDenied):
        settle_issued(changed, "keep", actor=make_user("leader", desk.root))
    assert unsettled_number(document) == 2
    settle_issued(changed, "postpone", actor=desk.office)
    (task,) = changed.old.tasks.all()
    assert clock.local(task.due_at).isoformat()[:16] == "2026-12-04T18:00"
    row = Candidate.objects.get(pk=changed.new_id)
    assert (row.state, list(row.tasks.all())) == ("accepted", [task])
    with pytest.raises(Conflict):
        settle_issued(carried(document, "背街小巷"), "cancel", actor=desk.office)
    settle_issued(gone, "cancel", actor=desk.office)
    assert Task.objects.get(candidates=gone.old).state == "cancelled"
    assert unsettled_number(document) == 0
    assert [one.settlement for one in difference_of(document).settled] == ["postpone", "cancel"]
    # The task's page names the version that holds now.
    request = sign_in(desk.office).get(reverse("responsibilities:task", args=[task.pk])).wsgi_request
    panel = next(one for one in panels("task", request, task) if one.context["name"] == "source")
    assert [line.url for line in panel.context["lines"]] == [
        reverse("directives:review", args=[document.pk]) + f"#c{row.pk}"
    ]
    # A further version goes on from this one.
    with pytest.raises(Refusal):
        take_as_revision(revised(desk, REVISED + "完。"), before, actor=desk.office)
    third = revised(desk, REVISED + "再见。")
    assert take_as_revision(third, document, actor=desk.office) == {"same": 5, "changed": 0, "gone": 0, "new": 0}


def test_kept_tasks_count_as_issued_from_the_new_words(desk):
    before = issued(desk)
    document = revised(desk)
    take_as_revision(document, before, actor=desk.office)
    settle_issued(carried(document, "背街小巷"), "keep", actor=desk.office)
    settle_issued(carried(document, "每周检查"), "keep", actor=desk.office)
    assert Task.objects.exclude(state="cancelled").count() == 5
    assert (issue_plan(document).tasks, unsettled_number(document)) == (0, 0)


def test_dates_follow_the_new_meeting_day_unless_a_person_set_them(desk):
    before = desk.document()
    accept_candidate(candidate(before, "会后三天"), revision=1, actor=desk.office)
    wanted = Wanted("拿出方案", [Party("市城管局", (desk.city.pk,))], due_on=date(2026, 12, 11))
    edit_candidate(candidate(before, "飞线充电"), wanted, revision=1, actor=desk.office)
    later = desk.document(SPEECH.replace("（2026年11月16日）", "（2026年11月18日）"))
    take_as_revision(later, before, actor=desk.office)
    moved, kept = candidate(later, "会后三天"), candidate(later, "飞线充电")
    assert (moved.state, moved.due_on) == ("accepted", date(2026, 11, 23))
    assert (kept.state, kept.due_on) == ("open", date(2026, 12, 11))
    # A date that moves under an issued task is a change that a person settles.
    issue_accepted(later, actor=desk.office, measure="完成")
    again = desk.document(SPEECH.replace("（2026年11月16日）", "（2026年11月20日）"))
    assert take_as_revision(again, later, actor=desk.office)["changed"] == 1
    assert difference_of(again).unsettled[0].may_postpone


def test_what_a_person_said_is_lent_to_changed_words(desk):
    before = desk.document()
    wanted = Wanted("拿出方案", [Party("市城管局", (desk.city.pk,))], due_on=date(2026, 12, 10), measure="方案1份")
    edit_candidate(candidate(before, "飞线充电"), wanted, revision=1, actor=desk.office, accept=True)
    later = desk.document(SPEECH.replace("12月10日前拿出", "12月14日前拿出"))
    take_as_revision(later, before, actor=desk.office)
    row = candidate(later, "飞线充电")
    assert (row.state, row.due_on, row.measure) == ("open", date(2026, 12, 14), "方案1份")
    assert (row.lead, row.needs_unit) == ([{"name": "市城管局", "units": [desk.city.pk]}], False)


def test_refused_where_it_is_no_revision(desk):
    before, other = desk.document(), desk.document("别的\n（2026年11月16日）\n市城管局要在12月1日前清理楼道。\n")
    foreign = add_document(make_campaign(desk.root), SPEECH.encode(), actor=desk.office)
    assert other.resembles is None
    for earlier in (other, foreign):
        with pytest.raises(Refusal):
            take_as_revision(other, earlier, actor=desk.office)
    row = other.candidates.select_related("document", "region").get()
    drop_candidate(row, revision=1, actor=desk.office)
    with pytest.raises(Refusal, match="核对过"):
        take_as_revision(other, before, actor=desk.office)
    for act in (take_as_revision, lambda one, _two, actor: keep_apart(one, actor=actor)):
        with pytest.raises(PermissionDenied):
            act(other, before, actor=make_user("leader", desk.root))


@pytest.mark.once
def test_pages_from_the_question_to_the_settled(desk, sign_in):
    before = issued(desk)
    document = revised(desk)
    page = sign_in(desk.office)
    review, changes = (reverse(f"directives:{name}", args=[document.pk]) for name in ("review", "changes"))
    assert "是修订稿吗" in page.get(review).content.decode()
    assert page.get(changes).status_code == 404
    revises = reverse("directives:revises", args=[document.pk])
    assert page.post(revises, {"earlier": ""}).url == review
    assert "是修订稿吗" not in page.get(review).content.decode()
    assert page.post(revises, {"earlier": 999999}).status_code == 404
    assert page.post(revises, {"earlier": before.pk}).url == changes
    html = page.get(changes).content.decode()
    assert "<del>11月30日</del><ins>12月4日</ins>" in html
    assert "<ins>今天再强调几点。</ins>" in html
    gone = carried(document, "每周检查")
    settle = reverse("directives:settle", args=[gone.pk])
    assert sign_in(make_user("leader", desk.root)).post(settle, {"settlement": "keep"}).status_code == 403
    assert sign_in(make_user("office")).post(settle, {"settlement": "keep"}).status_code == 404
    page = sign_in(desk.office)
    assert page.post(settle, {"settlement": "keep"}).url == changes
    assert "settlement" in page.get(changes).content.decode()  # one is left
    assert page.post(settle, {"settlement": "keep"}).url == changes  # refused in words, nothing twice
    assert "data-key=" not in page.get(reverse("directives:review", args=[before.pk])).content.decode()
    new = reverse("directives:new")
    assert f'name="revises" value="{document.pk}"' in page.get(f"{new}?revises={document.pk}").content.decode()
    answer = page.post(new, {"text": REVISED + "散会。", "revises": document.pk})
    third = Document.objects.get(replaces=document)
    assert answer.url == reverse("directives:changes", args=[third.pk])
    assert page.post(new, {"text": REVISED + "又一稿。", "revises": document.pk}).status_code == 422  # replaced already
    assert Document.objects.count() == 3
