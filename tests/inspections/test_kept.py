"""What each step of fieldwork leaves behind: columns, history, audit, what people are told, and nothing beside it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.campaigns.models import Round
from chuangwen.campaigns.shifting import Move, Stay
from chuangwen.core import clock
from chuangwen.core.errors import BadUpload
from chuangwen.core.models import Attachment
from chuangwen.inspections.models import Answer, AnswerPhoto, EnteredResult, Observation, Recusal, Visit
from chuangwen.inspections.sampling import Chain
from chuangwen.inspections.services import draws, planning, results
from chuangwen.inspections.services.answering import save_answers, start_visit
from chuangwen.inspections.services.finishing import finish_visit
from chuangwen.inspections.services.photographing import add_answer_photo, add_original, remove_answer_photo
from chuangwen.inspections.services.shifting import move_visits, visit_moves
from chuangwen.inspections.services.substituting import substitute_place
from chuangwen.notifications.models import Notice
from chuangwen.rectification.models import ProblemPhoto
from tests.inspections.making import Field, given, make_checks, make_field, photo
from tests.inspections.results_making import make_judging, paper
from tests.support.factories import DAY, NOON, make_round, make_user
from tests.support.leaving import fields, kept

HOUR = timedelta(hours=1)
RELEASE = NOON + 20 * HOUR


@pytest.fixture
def field(db: None) -> Any:
    with clock.at(NOON):
        yield make_field()


def told(person: User) -> list[tuple[str, ...]]:
    return list(Notice.objects.filter(user=person).order_by("pk").values_list("kind", "title", "body", "url"))


def test_answers_keep_every_column_and_no_other_visit_is_touched(field: Field) -> None:
    check, other_check = make_checks(field, 2, photo="never")
    visit, beside, inspector = field.visit(), field.visit(), field.inspector
    for one in (visit, beside):
        start_visit(one, actor=inspector)
        save_answers(one, [given(check, "not-met"), given(other_check)], actor=inspector)
    untouched = [fields(beside), *(fields(answer) for answer in beside.answers.order_by("pk"))]
    words = {"reason": f" {'雨' * 121}", "note": f" {'滑' * 301}"}
    sent = given(check, "not-observable", count=2.0, device_at=NOON - HOUR, **words)
    with clock.at(NOON + HOUR):
        saved = save_answers(visit, [sent, given(other_check, "")], actor=inspector)
    row = fields(visit.answers.get())
    assert (row["uid"], row["value"], row["reason"], row["note"]) == (
        sent.uid, "not-observable", "雨" * 120, "滑" * 300,
    )  # fmt: skip
    assert (row["count"], row["device_at"], row["answered_by_id"], row["region_id"]) == (
        2.0, NOON - HOUR, inspector.pk, field.root.region_id,
    )  # fmt: skip
    assert (saved.answered, saved.not_met, visit.answered, visit.not_met) == (1, 0, 1, 0)
    assert (fields(visit)["answered"], fields(visit)["not_met"], fields(visit)["updated_at"]) == (1, 0, NOON + HOUR)
    assert [fields(beside), *(fields(answer) for answer in beside.answers.order_by("pk"))] == untouched
    again = save_answers(visit, [sent], actor=inspector)
    assert (again.kept, again.refused, again.answered, again.not_met) == ([sent.uid], {}, 1, 0)
    both = save_answers(visit, [sent, given(other_check, "not-met")], actor=inspector)
    assert fields(visit.answers.get(checked=check)) == row
    assert (both.answered, both.not_met, fields(visit)["answered"], fields(visit)["not_met"]) == (2, 1, 2, 1)
    save_answers(visit, [given(other_check, "")], actor=inspector)
    assert fields(visit.answers.get()) == row
    save_answers(visit, [given(other_check, "not-met")], actor=inspector)
    Visit.objects.filter(pk=visit.pk).update(answered=0, not_met=0)
    finish_visit(visit, actor=inspector)
    assert fields(beside) == untouched[0]
    assert (fields(visit)["answered"], fields(visit)["not_met"]) == (2, 1)


def test_what_was_not_met_is_kept_with_its_photos(field: Field) -> None:
    named, plain = make_checks(field, 1)[0], make_checks(field, 1, text_zh="台阶完好")[0]
    visit, inspector, _beside = field.visit(), field.inspector, field.visit()
    start_visit(visit, actor=inspector, longitude=117.5, latitude=34.5)
    save_answers(visit, [given(named, "not-met", note="积水"), given(plain, "not-met")], actor=inspector)
    first, second = visit.answers.order_by("checked__position")
    where = {"longitude": 117.25, "latitude": 34.25}
    one = add_answer_photo(first, photo(), "a.jpg", uid=uuid4(), actor=inspector, taken_at=NOON - HOUR, **where)
    two = add_answer_photo(second, photo(), "b.jpg", uid=uuid4(), actor=inspector, original_waits=True)
    extra = add_answer_photo(second, photo(), "c.jpg", uid=uuid4(), actor=inspector)
    assert [(p.region, p.taken_at, p.longitude, p.latitude, p.original_waits) for p in (one, two)] == [
        (field.root.region, NOON - HOUR, 117.25, 34.25, False), (field.root.region, None, None, None, True),
    ]  # fmt: skip
    digest = extra.attachment.file.sha256
    removed = {"photo": str(extra.uid), "sha256": digest, "check": plain.pk}
    remove_answer_photo(extra, actor=inspector)
    entry = Entry.objects.get(action="inspections.visit.photo-removed")
    assert (entry.object_id, entry.actor_id, entry.data) == (str(visit.pk), str(inspector.pk), removed)
    with clock.at(NOON + HOUR):
        problems = finish_visit(visit, actor=inspector)
    assert [(p.title, p.source, p.check_code, p.region, p.found_at, p.longitude, p.latitude) for p in problems] == [
        ("积水", "inspection", named.code, field.root.region, NOON + HOUR, 117.5, 34.5),
        ("不达标：台阶完好", "inspection", plain.code, field.root.region, NOON + HOUR, 117.5, 34.5),
    ]
    assert [answer.problem for answer in visit.answers.order_by("checked__position")] == problems
    hung = ProblemPhoto.objects.order_by("pk")
    assert [(p.problem, p.role, p.taken_at, p.longitude, p.latitude, p.region) for p in hung] == [
        (problems[0], "before", NOON - HOUR, 117.25, 34.25, field.root.region),
        (problems[1], "before", NOON + HOUR, None, None, field.root.region),
    ]
    shown = [p.attachment for p in hung]
    assert [(a.name, a.owner_type, a.owner_id, a.given_by_id, a.given_by_name, a.region) for a in shown] == [
        (name, "rectification.problem", problem.pk, inspector.pk, str(inspector), field.root.region)
        for name, problem in zip(("a.jpg", "b.jpg"), problems, strict=True)
    ]
    assert [step[:3] for step in kept(visit)] == [
        ("plan", None, NOON), ("start", inspector.pk, NOON), ("finish", inspector.pk, NOON + HOUR),
    ]  # fmt: skip
    assert [(o.region, o.answer, o.note, o.weight) for o in Observation.objects.order_by("pk")] == [
        (field.root.region, first, "", 1.0), (field.root.region, second, "", 1.0),
    ]  # fmt: skip
    visit.refresh_from_db()
    assert (visit.started_at, visit.finished_at, visit.answered, visit.not_met) == (NOON, NOON + HOUR, 2, 2)
    original_takes_its_place(two, shown, inspector)


def original_takes_its_place(small: AnswerPhoto, shown: list[Attachment], inspector: User) -> None:
    copy, other = small.attachment.file, fields(shown[0])
    AnswerPhoto.objects.exclude(pk=small.pk).update(original_waits=True)
    hung = ProblemPhoto.objects.get(attachment=shown[1])
    ProblemPhoto.objects.create(region=hung.region, problem=hung.problem, attachment=shown[0], role=hung.role)
    with pytest.raises(BadUpload):
        add_original(small, b"just text", actor=inspector)
    with clock.at(NOON + 2 * HOUR):
        add_original(small, photo(), actor=inspector)
    stored = Attachment.objects.get(pk=small.attachment_id).file
    assert stored != copy
    assert (Attachment.objects.get(pk=shown[1].pk).file, fields(shown[0])) == (stored, other)
    assert fields(shown[1])["updated_at"] == NOON + 2 * HOUR
    entry = Entry.objects.get(action="inspections.visit.original")
    assert (entry.actor_id, entry.object_id) == (str(inspector.pk), str(small.answer.visit_id))
    assert entry.data == {"photo": str(small.uid), "copy": copy.sha256, "original": stored.sha256}
    add_original(small, photo(), actor=inspector)
    assert Attachment.objects.get(pk=small.attachment_id).file == stored
    assert AnswerPhoto.objects.exclude(original_waits=True).get() == small


def test_plan_is_kept_told_and_changes_no_other_visit(field: Field) -> None:
    visit, beside = field.visit(inspector=None), field.visit(inspector=None)
    office, inspector, place = field.office, field.inspector, visit.place
    assert (visit.order, beside.order, visit.kind, visit.team, visit.region) == (1, 2, "drawn", "", field.root.region)
    before = fields(beside)
    with clock.at(NOON + HOUR):
        planning.assign_visits([visit], inspector, team="第1组", actor=office)
    assert (visit.inspector, visit.team, fields(visit)["updated_at"]) == (inspector, "第1组", NOON + HOUR)
    planning.move_visit(visit, DAY + timedelta(days=1), reason="大雨", actor=office)
    assert visit.planned_on == DAY + timedelta(days=1)
    with clock.at(NOON + 2 * HOUR):
        planning.recuse_inspector(visit, actor=inspector)
    assert (visit.inspector, fields(visit)["updated_at"]) == (None, NOON + 2 * HOUR)
    assert Recusal.objects.get().region == field.root.region
    other = make_user(Role.INSPECTOR, field.root)
    planning.assign_one(visit, other, actor=office)
    planning.skip_visit(visit, reason=f" {'关' * 201}", actor=other)
    assert fields(visit)["skip_reason"] == "关" * 200
    assert kept(visit) == [
        ("plan", None, NOON, "", "", {"kind": "drawn"}),
        ("assign", office.pk, NOON + HOUR, "", "", {"inspector": str(inspector), "team": "第1组"}),
        ("move", office.pk, NOON, "大雨", "", {"from": "2026-11-16", "to": "2026-11-19"}),
        ("recuse", inspector.pk, NOON + 2 * HOUR, "", "", {}),
        ("assign", office.pk, NOON, "", "", {"inspector": str(other), "team": ""}),
        ("skip", other.pk, NOON, f" {'关' * 201}", "", {}),
    ]
    assert fields(beside) == before
    assert told(office) == [
        ("inspections", f"要另派测评员：{place}", "", f"/rounds/{visit.round_id}/"),
        ("inspections", f"关门或不存在：{place}", "关" * 200, f"/visits/{visit.uid}/"),
    ]
    yours = ("inspections", f"有点位派给您：{field.round}", "", "/field/")
    assert (told(inspector), told(other)) == ([yours], [yours])
    planning.assign_one(beside, other, actor=office)
    assert told(other) == [yours]
    with clock.at(NOON + timedelta(days=1)):
        planning.assign_one(beside, other, actor=office)
    assert told(other) == [yours, yours]
    assert set(Notice.objects.values_list("region", flat=True)) == {field.root.region_id}
    planning.skip_visit(beside, reason="关门", actor=office)
    assert len(told(office)) == 2


def test_place_that_goes_ends_only_its_own_waiting_visits(field: Field) -> None:
    visit, beside = field.visit(), field.visit()
    later, over = (make_round(field.round.campaign, name=state, state=state) for state in ("planned", "closed"))
    waiting, closed = (planning.plan_visit(one, visit.place, actor=None) for one in (later, over))
    begun = planning.plan_visit(make_round(field.round.campaign, name="五"), visit.place, actor=None)
    Visit.objects.filter(pk=begun.pk).update(state="started")
    planning.skip_visits_of_gone_place(visit.place, actor=None, day=DAY, reason="")
    rows = Visit.objects.filter(pk__in=[visit.pk, beside.pk, waiting.pk, closed.pk, begun.pk]).order_by("pk")
    assert list(rows.values_list("state", "skip_reason")) == [
        ("skipped", "点位已撤销"), ("planned", ""), ("skipped", "点位已撤销"), ("planned", ""), ("started", ""),
    ]  # fmt: skip


def test_sheet_from_paper_is_kept_with_its_scan(field: Field) -> None:
    visit, beside = field.visit(inspector=None), field.visit(inspector=None)
    before, inspector, office = fields(beside), field.inspector, field.office
    planning.begin_paper_entry(
        visit, inspector=inspector, seen_at=NOON, scan=photo(), scan_name="表.jpg", actor=office
    )  # fmt: skip
    assert kept(visit)[1] == ("start", office.pk, NOON, "", str(inspector), {})
    scan = Attachment.objects.get()
    assert (scan.owner_type, scan.owner_id, scan.given_by_id, scan.region) == (
        "inspections.visit", visit.pk, office.pk, field.root.region,
    )  # fmt: skip
    row = fields(visit)
    assert (row["on_paper"], row["inspector_id"], row["started_at"]) == (True, inspector.pk, NOON)
    assert fields(beside) == before
    (check,) = make_checks(field, 1)
    save_answers(visit, [given(check, "not-met")], actor=office)
    add_answer_photo(visit.answers.get(), photo(), "a.jpg", uid=uuid4(), actor=office)
    with clock.at(NOON + HOUR):
        finish_visit(visit, actor=None)
    assert kept(visit)[2][:3] == ("finish", None, NOON)
    shown = ProblemPhoto.objects.get()
    assert (shown.taken_at, shown.attachment.given_by_id, shown.attachment.given_by_name) == (NOON, None, "")


def test_draw_is_kept_from_freezing_to_its_secret(field: Field) -> None:
    places, office, chain = [field.place(code=f"M-{index}") for index in range(4)], field.office, Chain(b"secret")
    made, form = chain.commitment(), {"strict": True, "source": " 掷骰子 ", "release_at": RELEASE}
    other = draws.freeze_draw(make_round(field.round.campaign, name="回头望"), {"market": 1}, actor=None)
    before = fields(other)
    draw = draws.freeze_draw(field.round, {"market": 1}, actor=office, **form)
    draws.commit_draw(draw, commitment=made.digest, times=made.times, actor=office)
    with clock.at(RELEASE):
        draws.draw_strictly(draw, randomness="2.2.", code=chain.code(), actor=office)
    visit = Visit.objects.select_related("place__place_type").get(draw=draw)
    Visit.objects.filter(pk=visit.pk).update(team="第2组")
    visit.refresh_from_db()
    with clock.at(RELEASE + HOUR):
        instead = substitute_place(visit, reason=" 关门 ", actor=office)
        day = clock.today()
    Visit.objects.update(state="finished")
    Round.objects.filter(pk=field.round.pk).update(state="closed")
    draw.round.refresh_from_db()
    with clock.at(RELEASE + 2 * HOUR):
        draws.close_draw(draw, secret="secret", actor=office)
    data = [one[5] for one in kept(draw)]
    assert [one[:5] for one in kept(draw)] == [
        ("freeze", office.pk, NOON, "", ""), ("commit", office.pk, NOON, "", ""), ("draw", office.pk, RELEASE, "", ""),
        ("substitute", office.pk, RELEASE + HOUR, "关门", ""), ("close", office.pk, RELEASE + 2 * HOUR, "", ""),
    ]  # fmt: skip
    assert data[0] == {
        "pool_sha256": draw.pool_sha256, "places": 4, "quotas": {"market": 1}, "method": "vrs", "source": "掷骰子",
        "strict": True, "release_at": "2026-11-19T00:00:00+00:00",
    }  # fmt: skip
    assert data[1:] == [
        {"commitment": made.digest, "times": made.times}, {"randomness": "2.2.", "code": chain.code()},
        {"for": visit.place.code, "by": instead.place.code}, {"secret": "secret"},
    ]  # fmt: skip
    row = fields(draw)
    assert (row["frozen_at"], row["committed_at"], row["drawn_at"], row["closed_at"], row["updated_at"]) == (
        NOON, NOON, RELEASE, RELEASE + 2 * HOUR, RELEASE + 2 * HOUR,
    )  # fmt: skip
    assert (row["commitment"], row["times"], row["source"], row["secret"]) == (
        made.digest, made.times, "掷骰子", "secret",
    )  # fmt: skip
    assert row["record"]["times_of"] == {
        "frozen": "2026-11-18T12:00:00+08:00", "committed": "2026-11-18T12:00:00+08:00",
        "released": "2026-11-19T08:00:00+08:00", "drawn": "2026-11-19T08:00:00+08:00",
    }  # fmt: skip
    assert (instead.team, instead.planned_on, instead.substitute_for, instead.draw) == ("第2组", day, visit.place, draw)
    result = Entry.objects.get(action="inspections.draw.result")
    assert (result.actor_id, result.object_id, result.data) == (
        str(office.pk), str(draw.pk), {"drawn": {"market": [visit.place.code]}, "not_in_register": []},
    )  # fmt: skip
    assert fields(other) == before
    assert len(places) == 4


def test_results_are_kept_and_the_one_beside_stays(db: None) -> None:
    with clock.at(NOON):
        judging = make_judging()
        beside = judging.confirmed("2.3")
        seen = fields(Observation.objects.get())
        result = judging.entered(unit=judging.bureau, source=" 抽查 ", judged_by=" 李四 ")
    before, first, second = fields(beside), judging.first, judging.second
    assert (result.region, result.entered_by, result.source, result.judged_by) == (
        judging.root.region, first, "抽查", "李四",
    )  # fmt: skip
    with clock.at(NOON + HOUR):
        results.confirm_result(result, revision=1, actor=second)
        better = judging.judged(grade="A", unit=judging.bureau)
        results.correct_result(result, better, reason="看漏", revision=1, actor=second, proof=paper("b.txt", b"b"))
        results.return_result(result, reason="缺页", revision=2, actor=first)
        results.withdraw_result(result, reason="不要了", revision=2, actor=first)
    assert kept(result) == [
        ("enter", first.pk, NOON, "抽查", "李四",
         {"unit": "市城管局", "grade": "B", "value": "0.75", "weight": "1.0", "source": "抽查", "judged_by": "李四",
          "judged_on": "2026-11-18"}),
        ("confirm", second.pk, NOON + HOUR, "", "", {"revision": 1}),
        ("correct", second.pk, NOON + HOUR, "看漏", str(first),
         {"grade": ["B", "A"], "value": ["0.75", "0.9"], "source": ["抽查", "抽查12份台账"],
          "judged_by": ["李四", str(first)]}),
        ("return", first.pk, NOON + HOUR, "缺页", "", {}),
        ("withdraw", first.pk, NOON + HOUR, "不要了", "", {}),
    ]  # fmt: skip
    row = fields(result)
    assert (row["revision"], row["entered_by_id"], row["checked_by_id"], row["checked_at"], row["state"]) == (
        2, second.pk, None, None, "withdrawn",
    )  # fmt: skip
    assert (fields(beside), fields(Observation.objects.get(pk=seen["id"]))) == (before, seen)
    papers = Attachment.objects.filter(owner_type="inspections.enteredresult", owner_id=result.pk).order_by("pk")
    assert [(p.name, p.given_by_id, p.region) for p in papers] == [
        ("评分表.txt", first.pk, judging.root.region), ("b.txt", second.pk, judging.root.region),
    ]  # fmt: skip
    assert EnteredResult.objects.count() == 2
    assert Answer.objects.count() == 0


def test_planned_visits_move_with_the_assessment_and_a_release_stays(field: Field) -> None:
    later = make_round(field.round.campaign, name="第三轮", state="planned", starts=date(2026, 12, 1))
    moving = planning.plan_visit(later, field.place(), actor=None, planned_on=date(2026, 12, 2))
    staying = field.visit()
    before, old, new = fields(staying), date(2026, 12, 20), date(2026, 12, 27)
    field.place()
    draws.freeze_draw(later, {"market": 1}, actor=None, release_at=NOON + 13 * HOUR)
    rows = list(visit_moves(field.round.campaign, old, new))
    assert rows == [
        Move("考察", f"第三轮: {moving.place}", date(2026, 12, 2), date(2026, 12, 9)),
        Stay("抽签", "第三轮", date(2026, 11, 19), "公布时间已对外公布"),
    ]
    with clock.at(NOON + HOUR):
        move_visits(field.round.campaign, old, new, actor=field.office)
    assert (fields(moving)["planned_on"], fields(moving)["updated_at"]) == (date(2026, 12, 9), NOON + HOUR)
    assert kept(moving)[1] == (
        "move",
        field.office.pk,
        NOON + HOUR,
        "测评日期调整。",
        "",
        {"from": "2026-12-02", "to": "2026-12-09"},
    )
    assert fields(staying) == before
