"""What is kept of documents, directives and their tasks: columns, history, audit, notices, and nothing beside."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.models import Attachment
from chuangwen.core.workdays import ZONE
from chuangwen.directives import services
from chuangwen.directives.addressees import Party
from chuangwen.directives.models import Candidate, Document, Presence
from chuangwen.directives.queries import documents as queries
from chuangwen.directives.services import Wanted
from chuangwen.notifications.models import Notice
from chuangwen.organizations.models import Post
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.services import cancel_task
from chuangwen.workflow.queries import history_of
from tests.directives.making import DAY, SPEECH, Desk, candidate
from tests.support.factories import NOON, make_campaign, make_user

pytestmark = pytest.mark.django_db
TWO_STREETS = "讲话\n（2026年11月16日）\n\n各街道要在11月30日前清理楼道。各街道要每周巡查背街小巷。\n"


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def kept(obj):
    return [(row.action, row.actor_id, row.data) for row in history_of(obj).order_by("pk")]


def columns(rows):
    return list(rows.order_by("pk").values())


def fields(row, **but):
    values = {name: getattr(row, name) for name in services.deciding.KEPT} | but
    return {**values, "due_on": values["due_on"].isoformat() if values["due_on"] else None}


def test_every_column_of_a_document_and_its_directives(desk):
    document = desk.document(kind="poem", title=" " + "长" * 201)
    digest = hashlib.sha256(SPEECH.encode()).hexdigest()
    assert (document.region, document.campaign, document.made_by) == (desk.root.region, desk.campaign, desk.office)
    assert (document.title, document.kind, document.digest) == ("长" * 200, "speech", digest)
    assert (document.text, Document.objects.get().file) == (SPEECH, document.file)
    assert kept(document) == [("upload", desk.office.pk, {"file": "讲话.txt", "digest": digest, "candidates": 4})]
    lanes, wires = candidate(document, "背街小巷"), candidate(document, "飞线充电")
    assert {row.region for row in document.candidates.all()} == {desk.root.region}
    assert (lanes.deadline, lanes.frequency, lanes.headings, lanes.by_hand) == ("11月30日前", "", ["盯住短板"], False)
    assert lanes.words == ["市城管局", "各街道", "11月30日前"]
    assert (lanes.measure, lanes.kind, wires.needs_unit) == ("；".join(lanes.targets)[:300], "deadline", True)
    weekly = candidate(document, "每周检查")
    assert (weekly.frequency, weekly.words, weekly.due_on) == ("每周检查一次", ["市教育局", "每周检查一次"], None)
    other = make_campaign(desk.root, name="另一个周期")
    again = services.add_document(other, SPEECH.encode(), actor=None)
    assert (again.made_by, again.campaign, kept(again)[0][2]["file"]) == (None, other, "")


def test_a_change_is_kept_with_before_and_after_and_leaves_the_rest(desk):
    document, beside = desk.document(), desk.document(SPEECH + "\n")
    rows = columns(beside.candidates)
    meeting = candidate(document, "会后三天")
    others = columns(document.candidates.exclude(pk=meeting.pk))
    day = date(2026, 11, 23)
    services.change_document(document, actor=desk.office, title=f" {'长' * 201}", kind="minutes", day=day)
    stored = Document.objects.get(pk=document.pk)
    assert (stored.title, stored.kind, stored.day, stored.day_source) == ("长" * 200, "minutes", day, "given")
    before = {"title": "在创建工作推进会上的讲话", "kind": "speech", "day": "2026-11-16"}
    after = {"title": "长" * 200, "kind": "minutes", "day": "2026-11-23", "moved": 1}
    assert kept(document)[1:] == [("change", desk.office.pk, {"before": before, "after": after})]
    assert columns(document.candidates.exclude(pk=meeting.pk)) == others
    assert Candidate.objects.get(pk=meeting.pk).revision == 2
    assert columns(beside.candidates) == rows
    services.change_document(beside, actor=None, title="讲话", kind="minutes", day=DAY)
    assert (Document.objects.get(pk=beside.pk).day_source, columns(beside.candidates)) == ("text", rows)


def test_a_date_whose_task_is_out_stays(desk):
    document = desk.document()
    meeting = candidate(document, "会后三天")
    services.accept_candidate(meeting, revision=1, actor=None)
    services.issue_accepted(document, actor=None, measure="完成")
    assert services.change_document(document, actor=None, title="讲话", kind="speech", day=date(2026, 11, 23)) == 0
    assert Candidate.objects.get(pk=meeting.pk).due_on == date(2026, 11, 19)


def test_discarding_takes_one_document_and_says_which(desk):
    document, beside = desk.document(), desk.document(SPEECH + "\n")
    pk, digest = document.pk, document.digest
    services.discard_document(document, actor=desk.office)
    entry = Entry.objects.get(action="directives.document.discard")
    assert (entry.object_id, entry.actor_id, entry.data) == (str(pk), str(desk.office.pk), {"digest": digest})
    assert list(Document.objects.all()) == [beside]
    assert list(Attachment.objects.all()) == [beside.file]
    row = candidate(beside, "背街小巷")
    services.accept_candidate(row, revision=1, actor=None)
    services.issue_accepted(beside, actor=None, measure="完成")
    cancel_task(Task.objects.get(), reason="重复", actor=desk.office)
    services.discard_document(beside, actor=None)
    assert Document.objects.count() == 0


def test_presence_is_one_row_for_each_person_and_document(desk):
    document, beside = desk.document(), desk.document(SPEECH + "\n")
    row = candidate(document, "背街小巷")
    services.note_presence(document, None, actor=desk.colleague)
    services.note_presence(beside, None, actor=desk.office)
    services.note_presence(document, None, actor=desk.office)
    with clock.at(NOON + timedelta(seconds=61)):
        services.note_presence(document, row, actor=desk.office)
        assert Presence.objects.count() == 3
        review = queries.review_of(document)
        assert queries.others_present(review, desk.office) == []
        assert queries.others_present(review, desk.colleague) == [queries.Onlooker(str(desk.office), 1, row.pk)]
    with clock.at(NOON + timedelta(seconds=60)):
        assert queries.others_present(review, desk.office) == [queries.Onlooker(str(desk.colleague), 0)]


def test_a_decision_writes_one_row_and_its_history(desk):
    document = desk.document()
    row = candidate(document, "背街小巷")
    beside = columns(Candidate.objects.exclude(pk=row.pk))
    with clock.at(NOON + timedelta(minutes=1)):
        services.accept_candidate(row, revision=1, actor=desk.office)
    stored = Candidate.objects.get(pk=row.pk)
    assert (stored.state, stored.revision, stored.updated_at) == ("accepted", 2, NOON + timedelta(minutes=1))
    before = [{"pk": row.pk, "state": "open", "fields": fields(row)}]
    assert kept(row) == [("accept", desk.office.pk, {})]
    told = {"act": "accept", "before": before, "left": {str(row.pk): 2}, "made": []}
    assert kept(document)[1:] == [("review", desk.office.pk, told)]
    services.drop_candidate(row, revision=2, actor=desk.office)
    services.reopen_candidate(row, revision=3, actor=desk.colleague)
    assert [(step[1], step[2]["act"], step[2]["left"]) for step in kept(document)[2:]] == [
        (desk.office.pk, "drop", {str(row.pk): 3}), (desk.colleague.pk, "reopen", {str(row.pk): 4}),
    ]  # fmt: skip
    assert columns(Candidate.objects.exclude(pk=row.pk)) == beside


def test_an_edit_writes_every_column_of_one_row(desk):
    document = desk.document()
    row = candidate(document, "飞线充电")
    beside, old = columns(Candidate.objects.exclude(pk=row.pk)), fields(row)
    lead = [Party("市城管局", (desk.city.pk,))]
    helping = [Party("两家", (desk.city.pk, desk.schools.pk)), Party("城管", (desk.city.pk,)), Party("相关单位")]
    wanted = Wanted(" 拿出方案 ", lead, helping, date(2026, 12, 11), f" {'周' * 81}", f" {'份' * 301}")
    with clock.at(NOON + timedelta(minutes=1)):
        services.edit_candidate(row, wanted, revision=1, actor=desk.office)
    stored = Candidate.objects.get(pk=row.pk)
    assert stored.updated_at == NOON + timedelta(minutes=1)
    assert fields(stored) == fields(row) == old | {
        "action": "拿出方案", "lead": [{"name": "市城管局", "units": [desk.city.pk]}], "needs_unit": False,
        "cooperate": [{"name": "两家", "units": [desk.schools.pk]}, {"name": "相关单位", "units": []}],
        "due_on": "2026-12-11", "frequency": "周" * 80, "measure": "份" * 300,
    }  # fmt: skip
    assert (stored.state, stored.revision, kept(row)) == ("open", 2, [])
    before = [{"pk": row.pk, "state": "open", "fields": old}]
    told = {"act": "edit", "before": before, "left": {str(row.pk): 2}, "made": []}
    assert kept(document)[1:] == [("review", desk.office.pk, told)]
    services.edit_candidate(row, wanted, revision=2, actor=desk.office, accept=True)
    services.edit_candidate(row, wanted, revision=3, actor=desk.office, accept=True)
    assert [step[2]["act"] for step in kept(document)[2:]] == ["accept", "edit"]
    assert kept(row) == [("accept", desk.office.pk, {})]
    assert columns(Candidate.objects.exclude(pk=row.pk)) == beside


def test_a_task_is_made_whole_and_told_in_words(desk):
    liaison = make_user("liaison", desk.east)
    post = Post.objects.create(region=desk.root.region, unit=desk.east, kind="acting", title="科长")
    Post.objects.create(region=desk.root.region, unit=desk.east, kind="first", title="主任")
    document = desk.document(TWO_STREETS)
    beside = desk.document(SPEECH)
    for row in Candidate.objects.select_related("document", "region").order_by("start"):
        services.accept_candidate(row, revision=1, actor=desk.office)
    first, second = candidate(document, "清理楼道"), candidate(document, "巡查")
    Candidate.objects.update(becomes="task")
    Candidate.objects.filter(pk=first.pk).update(measure=" 无堆物 ", cooperate=[*first.lead, party(desk.schools)])
    steps = []
    issued = services.issue_accepted(
        document, actor=desk.office, measure=f" {'成' * 301}", due_on=date(2026, 12, 1), step=lambda: steps.append(1)
    )
    assert (issued, len(steps)) == (services.Issued(2, 4, ()), 4)
    made = {(task.unit, task.origin_text): task for task in Task.objects.all()}
    task = made[desk.east, first.quote]
    assert (task.region, task.campaign, task.post, task.measure) == (desk.root.region, desk.campaign, post, "无堆物")
    assert (task.due_at, list(task.cooperating.all())) == (datetime(2026, 11, 30, 18, 0, tzinfo=ZONE), [desk.schools])
    assert made[desk.west, first.quote].post == desk.west.posts.get(kind="acting")
    weekly = made[desk.west, second.quote]
    assert (weekly.measure, weekly.frequency) == ("成" * 300, "每周")
    assert weekly.due_at == datetime(2026, 12, 1, 18, 0, tzinfo=ZONE)
    assert kept(document)[-1] == ("issue", desk.office.pk, {"directives": 2, "tasks": 4})
    assert {kept(task)[-1][:2] for task in made.values()} == {("issue", desk.office.pk)}
    notice = Notice.objects.get(user=liaison)
    assert notice.title == "《讲话》下发2件新任务"
    assert not Task.objects.filter(candidates__document=beside).exists()
    assert services.issue_plan(document).done == 2


def party(unit):
    return {"name": unit.name, "units": [unit.pk]}


def test_a_new_leading_unit_gets_what_the_others_have(desk):
    document = desk.document(TWO_STREETS)
    row = candidate(document, "清理楼道")
    services.accept_candidate(row, revision=1, actor=None)
    services.issue_accepted(document, actor=None, measure="完成")
    Candidate.objects.filter(pk=row.pk).update(lead=[*row.lead, party(desk.city)])
    plan = services.issue_plan(document)
    assert ([units for _row, units in plan.ready], plan.tasks, plan.done, plan.undated) == ([[desk.city.pk]], 1, 0, 0)
    assert services.issue_accepted(document, actor=None, measure="完成").tasks == 1


def test_a_plan_tells_what_is_missing(desk):
    document = desk.document()
    for row in document.candidates.select_related("document", "region"):
        services.accept_candidate(row, revision=1, actor=None)
    wires, weekly, meeting = (candidate(document, words) for words in ("飞线充电", "每周检查", "会后三天"))
    Candidate.objects.update(becomes="task")
    Candidate.objects.filter(pk=wires.pk).update(lead=[party(desk.city), *wires.lead])  # half named: those after go on
    with clock.at(datetime(2026, 11, 19, 18, 0, tzinfo=ZONE)):  # the moment at which the meeting's is due
        plan = services.issue_plan(document)
    assert (plan.without_lead, plan.without_due, plan.late) == ([wires], [weekly], [meeting])
    assert (plan.tasks, plan.undated, plan.done) == (4, 2, 0)
    assert plan.without_measure == [weekly, meeting]
    with clock.at(datetime(2026, 11, 19, 17, 29, tzinfo=ZONE)):
        assert services.issue_plan(document).late == []


def test_undo_is_kept_and_brings_back_only_its_rows(desk):
    document = desk.document()
    row = candidate(document, "背街小巷")
    services.drop_candidate(row, revision=1, actor=desk.office)
    before = columns(Candidate.objects.exclude(pk=row.pk))
    act = history_of(document).order_by("-pk").first()
    assert services.undo_last(document, actor=desk.office) == ("drop", [row.pk])
    told = {"undoes": act.pk, "act": "drop", "left": {str(row.pk): 3}}
    assert kept(document)[-1] == ("undo", desk.office.pk, told)
    assert [step[:2] for step in kept(row)] == [("drop", desk.office.pk), ("reopen", desk.office.pk)]
    assert columns(Candidate.objects.exclude(pk=row.pk)) == before


def test_review_leads_to_what_waits_and_counts_it(desk):
    document = desk.document()
    lanes, wires, weekly, meeting = document.candidates.order_by("start")
    services.accept_candidate(lanes, revision=1, actor=None)
    services.drop_candidate(weekly, revision=1, actor=None)
    review = queries.review_of(document)
    assert (review.open, review.accepted, review.dropped, review.decided) == (2, 1, 1, 2)
    assert (review.unclear, review.to_issue, len(review.rows)) == (1, 1, 4)
    assert [row.shape for row in review.rows] == ["met", "found", "not-applicable", "found"]
    assert [row.number for row in review.shown("open")] == [2, 4]
    assert [row.number for row in review.shown("unclear")] == [2]
    assert review.shown("all") == review.rows
    assert [review.next_open(one.pk, "open") for one in (lanes, wires, weekly, meeting)] == [
        wires.pk, meeting.pk, meeting.pk, wires.pk,
    ]  # fmt: skip
    assert (review.next_open(0), review.next_open(wires.pk, "unclear")) == (wires.pk, None)
    assert (review.row(wires.pk), review.row(0)) == (review.rows[1], None)
    counted = queries.documents_with_counts(Document.objects.all()).get()
    assert (counted.open_count, counted.accepted_count, counted.dropped_count) == (2, 1, 1)
    assert (counted.unclear_count, counted.task_count) == (1, 0)
    assert set(queries.open_candidates(desk.office, desk.campaign)) == {wires, meeting}
    assert list(queries.open_candidates(desk.office, None)) == []
    services.issue_accepted(document, actor=None, measure="完成")
    first = queries.review_of(document).rows[0]
    assert (first.is_issued, queries.review_of(document).to_issue) == (True, 0)
    cancel_task(Task.objects.get(), reason="重复", actor=desk.office)
    assert queries.review_of(document).rows[0].is_issued is False


def test_address_of_a_directive_opens_it(desk):
    row = candidate(desk.document(), "背街小巷")
    assert services.issuing.candidate_url(row) == (
        f"{reverse('directives:review', args=[row.document_id])}?at={row.pk}#c{row.pk}"
    )


def test_chips_show_units_by_their_own_name_and_ask_for_the_unknown(desk):
    one, many = party(desk.city), {"name": "各街道", "units": [desk.east.pk, desk.west.pk]}
    chips = queries.chips([one, many, {"name": "相关单位", "units": []}])
    assert chips == (
        queries.Chip("市城管局", f"u{desk.city.pk}"), queries.Chip("各街道", "n各街道", count=2),
        queries.Chip("相关单位", "n相关单位", ask=True),
    )  # fmt: skip
    assert queries.chips([one], {}) == (queries.Chip(desk.city.name, f"u{desk.city.pk}"),)


def test_what_is_guessed_uses_the_name_of_the_file_and_the_day_of_today(desk):
    document = desk.document("各街道要在三天内清理楼道堆物。\n", name="清理楼道通知.txt")
    assert (document.title, document.kind, document.day) == ("清理楼道通知", "notice", NOON.date())
    opened = desk.document("关于清理的通知\n\n11月16日，市创建办召开会议，要求市城管局在11月30日前完成清理。\n")
    assert (opened.day, opened.day_source) == (DAY, "text")
