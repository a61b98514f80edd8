"""Answering, photographing and finishing: idempotent, in turns, complete, and never by a stranger."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import CampaignStandard, Round
from chuangwen.core import clock
from chuangwen.core.errors import BadUpload, Conflict, Refusal
from chuangwen.core.models import Attachment
from chuangwen.inspections.models import Answer, AnswerPhoto, AnswerReceipt, Observation, Visit
from chuangwen.inspections.services.answering import save_answers, start_visit
from chuangwen.inspections.services.finishing import finish_visit
from chuangwen.inspections.services.photographing import MOST_PHOTOS, add_answer_photo, remove_answer_photo
from chuangwen.inspections.services.planning import add_ad_hoc_visit, begin_paper_entry
from chuangwen.rectification.models import Problem, ProblemPhoto
from tests.inspections.making import Field, given, make_checks, make_field, photo
from tests.support.factories import NOON, make_check, make_place_type, make_user, make_version
from tests.support.racing import race


@pytest.fixture
def field(db: None) -> Field:
    return make_field()


def started(field: Field) -> Visit:
    visit = field.visit()
    start_visit(visit, actor=field.inspector, longitude=117.1, latitude=34.2)
    return visit


def photographed(visit: Visit, field: Field) -> None:
    for answer in visit.answers.all():
        add_answer_photo(answer, photo(), "p.jpg", uid=uuid4(), actor=field.inspector)


def test_starting_keeps_the_position_of_the_moment_and_is_for_the_inspector(field: Field) -> None:
    visit = field.visit()
    with pytest.raises(Refusal):
        start_visit(visit, actor=make_user(Role.INSPECTOR, field.root))
    start_visit(visit, actor=field.inspector, longitude=117.1, latitude=34.2)
    visit.refresh_from_db()
    assert (visit.state, visit.longitude, visit.latitude) == ("started", 117.1, 34.2)


def test_starting_refuses_a_round_that_is_not_running_and_the_own_unit(field: Field) -> None:
    visit = field.visit()
    Round.objects.update(state="planned")
    with pytest.raises(Refusal):
        start_visit(Visit.objects.get(pk=visit.pk), actor=field.inspector)
    Round.objects.update(state="running")
    keeper = make_user(Role.KEEPER, field.street)
    Visit.objects.update(inspector=keeper)
    with pytest.raises(Refusal):
        start_visit(Visit.objects.get(pk=visit.pk), actor=keeper)


def test_the_last_answer_counts_and_an_old_message_changes_nothing(field: Field) -> None:
    (check,) = make_checks(field, 1)
    visit = started(field)
    first, second = given(check), given(check, "not-met", note="垃圾未清")
    assert save_answers(visit, [first], actor=field.inspector).answered == 1
    save_answers(visit, [second], actor=field.inspector)
    again = save_answers(visit, [first, second, first], actor=field.inspector)
    answer = Answer.objects.get()
    assert (answer.value, answer.note, again.kept, again.not_met) == ("not-met", "垃圾未清", [first.uid, second.uid], 1)
    cleared = given(check, "")
    assert save_answers(visit, [cleared], actor=field.inspector).answered == 0
    save_answers(visit, [first, second], actor=field.inspector)
    assert (Answer.objects.count(), AnswerReceipt.objects.count()) == (0, 3)


def test_a_wrong_answer_is_named_and_keeps_no_other_out(field: Field) -> None:
    good, other = make_checks(field, 2)
    stranger = make_check(field.version, make_place_type(field.root.region))
    visit = started(field)
    wrong = [
        given(stranger), given(other, "perhaps"), given(other, "not-observable", reason=" "), given(other, count=-1),
        given(other, count=float("nan")),
    ]  # fmt: skip
    saved = save_answers(visit, [*wrong, given(good)], actor=field.inspector)
    assert (set(saved.refused), saved.answered, len(saved.kept)) == ({one.uid for one in wrong}, 1, 1)
    elsewhere = started(field)
    used = saved.kept[0]
    assert set(save_answers(elsewhere, [given(good, uid=used)], actor=field.inspector).refused) == {used}


def test_what_was_counted_decides(field: Field) -> None:
    check = make_check(field.version, field.market, quantity_label="公益广告", quantity_at_least=10)
    visit = started(field)
    for value, count, expected in (
        ("met", 9.0, "not-met"), ("not-met", 10.0, "met"), ("met", None, "met"),
        ("not-applicable", 3.0, "not-applicable"),
    ):  # fmt: skip
        save_answers(visit, [given(check, value, count=count)], actor=field.inspector)
        assert Answer.objects.get().value == expected


def test_answers_are_for_the_inspector_while_the_visit_is_under_way(field: Field) -> None:
    (check,) = make_checks(field, 1)
    visit = field.visit()
    with pytest.raises(Conflict):
        save_answers(visit, [given(check)], actor=field.inspector)
    start_visit(visit, actor=field.inspector)
    for person in (field.office, make_user(Role.INSPECTOR, field.root)):
        with pytest.raises(Refusal):
            save_answers(visit, [given(check)], actor=person)
    sent = given(check)
    save_answers(visit, [sent], actor=field.inspector)
    finish_visit(visit, actor=field.inspector)
    assert save_answers(visit, [sent], actor=field.inspector).kept == [sent.uid]
    with pytest.raises(Conflict):
        save_answers(visit, [given(check)], actor=field.inspector)
    assert Answer.objects.count() == 1


def test_the_office_answers_where_it_enters_a_sheet_from_paper(field: Field) -> None:
    (check,) = make_checks(field, 1)
    visit = field.visit(inspector=None)
    with clock.at(NOON):
        begin_paper_entry(
            visit, inspector=field.inspector, seen_at=NOON - timedelta(hours=2), scan=photo(), scan_name="a.jpg",
            actor=field.office,
        )  # fmt: skip
        save_answers(visit, [given(check, "not-met")], actor=field.office)
        answer = visit.answers.get()
        add_answer_photo(answer, photo(), "p.jpg", uid=uuid4(), actor=field.office)
        (problem,) = finish_visit(visit, actor=field.office)
    assert (answer.answered_by, problem.found_at, visit.finished_at) == (
        field.office, NOON - timedelta(hours=2), NOON - timedelta(hours=2),
    )  # fmt: skip


def test_a_photo_is_kept_once_and_can_be_taken_away(field: Field) -> None:
    make_checks(field, 1)
    visit = started(field)
    save_answers(visit, [given(c, "not-met") for c in visit.place.place_type.checks.all()], actor=field.inspector)
    answer, uid, data = visit.answers.get(), uuid4(), photo()
    first = add_answer_photo(answer, data, "../a.jpg", uid=uid, actor=field.inspector, longitude=1.0, latitude=2.0)
    assert add_answer_photo(answer, data, "a.jpg", uid=uid, actor=field.inspector) == first
    assert (AnswerPhoto.objects.count(), first.attachment.name, first.longitude) == (1, "a.jpg", 1.0)
    with pytest.raises(Refusal):
        remove_answer_photo(first, actor=field.office)
    remove_answer_photo(first, actor=field.inspector)
    assert (AnswerPhoto.objects.count(), Attachment.objects.count()) == (0, 0)


def test_photos_refuse_strangers_other_files_too_many_and_other_visits(field: Field) -> None:
    (check,) = make_checks(field, 1)
    visit, other = started(field), started(field)
    for one in (visit, other):
        save_answers(one, [given(check, "not-met")], actor=field.inspector)
    answer = visit.answers.get()
    with pytest.raises(Refusal):
        add_answer_photo(answer, photo(), "a.jpg", uid=uuid4(), actor=field.office)
    with pytest.raises(BadUpload):
        add_answer_photo(answer, b"%PDF-1.4 no picture", "a.jpg", uid=uuid4(), actor=field.inspector)
    kept = [add_answer_photo(answer, photo(), "a.jpg", uid=uuid4(), actor=field.inspector) for _ in range(MOST_PHOTOS)]
    with pytest.raises(Refusal):
        add_answer_photo(answer, photo(), "a.jpg", uid=uuid4(), actor=field.inspector)
    with pytest.raises(Refusal):
        add_answer_photo(other.answers.get(), photo(), "a.jpg", uid=kept[0].uid, actor=field.inspector)
    Visit.objects.filter(pk=visit.pk).update(state="finished")
    with pytest.raises(Conflict):
        remove_answer_photo(kept[0], actor=field.inspector)


def test_finishing_wants_every_answer_and_the_photos_of_the_standard(field: Field) -> None:
    plain, always = make_checks(field, 1)[0], make_checks(field, 1, photo="always")[0]
    never = make_checks(field, 1, photo="never")[0]
    visit = started(field)
    with pytest.raises(Refusal):
        finish_visit(visit, actor=field.inspector)
    save_answers(visit, [given(plain, "not-met"), given(always), given(never, "not-met")], actor=field.inspector)
    with pytest.raises(Refusal):
        finish_visit(visit, actor=field.inspector)
    with pytest.raises(Refusal):
        finish_visit(visit, actor=field.office)
    for check in (plain, always):
        add_answer_photo(visit.answers.get(checked=check), photo(), "a.jpg", uid=uuid4(), actor=field.inspector)
    problems = finish_visit(visit, actor=field.inspector)
    visit.refresh_from_db()
    assert (visit.state, visit.answered, visit.not_met, len(problems)) == ("finished", 3, 2, 2)
    with pytest.raises(Conflict):
        finish_visit(visit, actor=field.inspector)


def test_what_is_not_met_becomes_a_problem_with_photo_place_and_lead(field: Field) -> None:
    (check,) = make_checks(field, 1)
    visit = started(field)
    save_answers(visit, [given(check, "not-met", note="门口有积水")], actor=field.inspector)
    photographed(visit, field)
    (problem,) = finish_visit(visit, actor=field.inspector)
    assert (problem.title, problem.place, problem.lead, problem.check_code, problem.round) == (
        "门口有积水", visit.place, field.street, check.code, field.round,
    )  # fmt: skip
    assert problem.node_codes == [f"{field.version.urn}#1.1"]
    before = ProblemPhoto.objects.get(problem=problem)
    assert before.attachment.file == visit.answers.get().photos.get().attachment.file
    assert visit.answers.get().problem == problem


def test_the_same_problem_at_the_same_place_is_joined(field: Field) -> None:
    first, second = make_checks(field, 1), make_checks(field, 1)
    second[0].problem_type = first[0].problem_type
    second[0].save()
    visit = started(field)
    save_answers(visit, [given(c, "not-met") for c in (*first, *second)], actor=field.inspector)
    photographed(visit, field)
    problems = finish_visit(visit, actor=field.inspector)
    assert (Problem.objects.count(), len(set(problems)), ProblemPhoto.objects.count()) == (1, 1, 2)


def test_a_check_without_problem_type_makes_no_problem(field: Field) -> None:
    (check,) = make_checks(field, 1, problem_type=None, photo="never")
    visit = started(field)
    save_answers(visit, [given(check, "not-met")], actor=field.inspector)
    assert (finish_visit(visit, actor=field.inspector), Observation.objects.get().value) == ([], 0.0)


def test_observations_hold_value_leaf_place_and_unit(field: Field) -> None:
    other = make_version(field.root.region)
    CampaignStandard.objects.create(region=other.region, campaign=field.round.campaign, version=other)
    field.round.versions.add(other)
    also = [f"{other.urn}#1.2", "urn:chuangwen:standard:elsewhere#9"]
    checks = make_checks(field, 4, also=also, photo="never")
    visit = started(field)
    values = ["met", "not-met", "not-applicable", "not-observable"]
    pairs = zip(checks, values, strict=True)
    save_answers(visit, [given(c, v, reason="下雨") for c, v in pairs], actor=field.inspector)
    finish_visit(visit, actor=field.inspector)
    rows = Observation.objects.order_by("answer__checked__position", "pk")
    assert [(row.version, row.code, row.value) for row in rows] == [
        (version, code, value)
        for value in (1.0, 0.0, None, None)
        for version, code in ((field.version, "1.1"), (other, "1.2"))
    ]
    assert {(row.place, row.unit, row.round) for row in rows} == {(visit.place, field.street, field.round)}


def test_an_ad_hoc_visit_gives_observations_without_place_but_with_unit(field: Field) -> None:
    (check,) = make_checks(field, 1, field.toilet)
    visit = add_ad_hoc_visit(field.round, field.place(field.toilet, keeper=None), actor=field.inspector)
    start_visit(visit, actor=field.inspector)
    save_answers(visit, [given(check)], actor=field.inspector)
    finish_visit(visit, actor=field.inspector)
    row = Observation.objects.get()
    assert (row.place, row.unit, row.value) == (None, field.street, 1.0)


@pytest.mark.django_db(transaction=True)
def test_the_same_answers_sent_at_once_are_kept_once() -> None:
    field = make_field()
    checks = make_checks(field, 3)
    visit = started(field)
    batch = [given(check, "not-met") for check in checks]

    def send() -> object:
        return save_answers(Visit.objects.get(pk=visit.pk), batch, actor=field.inspector)

    outcomes = race(send, send, send)
    assert [one.kept for one in outcomes] == [[one.uid for one in batch]] * 3
    assert (Answer.objects.count(), AnswerReceipt.objects.count()) == (3, 3)
    upload = partial(add_answer_photo, visit.answers.first(), photo(), "a.jpg", uid=uuid4(), actor=field.inspector)
    assert len(set(race(upload, upload, upload))) == 1
    assert (AnswerPhoto.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_races_with_finishing_is_in_the_observations_or_refused() -> None:
    field = make_field()
    check = make_checks(field, 1, photo="never")[0]
    for _attempt in range(4):
        visit = started(field)
        save_answers(visit, [given(check)], actor=field.inspector)
        outcomes = race(
            lambda visit=visit: save_answers(visit, [given(check, "not-met")], actor=field.inspector),
            lambda visit=visit: finish_visit(Visit.objects.get(pk=visit.pk), actor=field.inspector),
        )
        value = Observation.objects.get(answer__visit=visit).value
        late = isinstance(outcomes[0], Conflict)
        assert value == (1.0 if late else 0.0)
        assert visit.answers.get().value == ("met" if late else "not-met")
