"""Handing out, deadlines, reminders, routing rules as rows, photos as rows."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from PIL import Image

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from chuangwen.notifications.models import Notice
from chuangwen.rectification import services
from chuangwen.rectification.enums import PhotoRole, ProblemState, Routed, RuleOrigin
from chuangwen.rectification.models import Problem, RoutingRule
from chuangwen.rectification.queries import photos_of, used_elsewhere
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState
from tests.rectification.making import NOW, TUESDAY, make_city, photo_bytes
from tests.support.factories import make_place, make_problem_type, make_unit, make_user

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=2)


def found(city):
    return services.report_problem(city.finding(place=None, spot="路边"), actor=None)[0]


def test_office_assigns_what_no_rule_routes():
    city = make_city()
    problem = found(city)
    services.assign_problem(problem, lead=city.line, actor=city.office)
    problem.refresh_from_db()
    assert (problem.state, problem.lead, problem.routed_by) == (ProblemState.ASSIGNED, city.line, Routed.HAND)
    assert problem.due_at == datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def test_deadline_of_the_source_binds_who_takes_the_lead_later():
    """A superior's ledger names a day and no unit: the day is kept and holds when the office assigns, and after."""
    city = make_city()
    day = NOW + timedelta(days=20)
    problem = services.enter_from_ledger(city.finding(place=None, spot="路边", due_at=day), actor=None)
    assert (problem.state, problem.due_at) == (ProblemState.FOUND, day)
    services.assign_problem(problem, lead=city.line, actor=city.office)
    problem.refresh_from_db()
    assert (problem.state, problem.due_at) == (ProblemState.ASSIGNED, day)
    services.reassign_problem(problem, lead=city.other_line, reason="归交警", actor=city.office)
    problem.refresh_from_db()
    assert problem.due_at == day


def test_deadline_of_the_source_that_is_over_is_counted_anew_for_the_next_lead():
    city = make_city()
    problem = services.enter_from_ledger(city.finding(due_at=TUESDAY + timedelta(days=1)), actor=None, lead=city.line)
    assert problem.due_at == TUESDAY + timedelta(days=1)
    services.reassign_problem(problem, lead=city.other_line, reason="归交警", actor=city.office)
    problem.refresh_from_db()
    assert problem.due_at == datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def test_deadline_of_the_source_is_over_at_its_own_moment():
    city = make_city()
    problem, dues = city.problem(due_at=NOW), []
    for lead, at in ((city.other_line, NOW - timedelta(microseconds=1)), (city.line, NOW)):
        services.reassign_problem(problem, lead=lead, reason="归属有变", actor=city.office, at=at)
        dues.append(problem.due_at)
    assert dues == [NOW, datetime(2026, 11, 25, 10, 0, tzinfo=UTC)]


def test_deadline_of_an_earlier_lead_binds_nobody_later_even_if_dated_before_the_finding():
    city = make_city()
    problem = found(city)
    services.assign_problem(problem, lead=city.line, actor=city.office, at=TUESDAY - timedelta(hours=1))
    wednesday = TUESDAY + timedelta(days=1)
    assert problem.due_at == wednesday.replace(hour=10)
    services.reassign_problem(problem, lead=city.other_line, reason="归交警", actor=city.office, at=wednesday)
    assert problem.due_at == wednesday.replace(day=19, hour=10)


def test_assigning_is_the_offices():
    city = make_city()
    with pytest.raises(PermissionDenied):
        services.assign_problem(found(city), lead=city.line, actor=city.verifier)


def test_ended_or_foreign_unit_gets_nothing():
    city = make_city()
    ended = make_unit(city.root, valid_to=date(2026, 11, 23))
    for lead in (ended, make_city().line):
        with pytest.raises(Refusal):
            services.assign_problem(found(city), lead=lead, actor=city.office)


def test_reassigning_counts_anew_and_tells_both():
    city = make_city()
    problem = city.problem()
    services.receive_problem(problem, actor=city.liaison)
    people = make_user(Role.LIAISON, city.other_line)
    services.reassign_problem(problem, lead=city.other_line, reason="归交警", actor=city.office)
    problem.refresh_from_db()
    assert (problem.lead, problem.received_at, problem.routing_rule) == (city.other_line, None, None)
    assert problem.due_at == datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    assert Notice.objects.filter(user=people).count() == 1
    assert Notice.objects.filter(user=city.liaison).count() == 2


def test_reassigning_needs_another_unit_and_a_reason():
    city = make_city()
    problem = city.problem()
    with pytest.raises(Refusal):
        services.reassign_problem(problem, lead=city.line, reason="再办", actor=city.office)
    with pytest.raises(Refusal):
        services.reassign_problem(problem, lead=city.other_line, reason="", actor=city.office)
    assert problem.lead == city.line


def test_deadline_moves_with_its_reason():
    city = make_city()
    problem = city.problem()
    services.change_deadline(problem, due_at=SOON, reason="连续下雨", actor=city.office)
    problem.refresh_from_db()
    step = history_of(problem).get(action="deadline")
    assert problem.due_at == SOON
    assert (step.note, step.data["to"]) == ("连续下雨", SOON.isoformat())


def test_deadline_is_not_moved_without_right_reason_or_future():
    city = make_city()
    problem = city.problem()
    with pytest.raises(PermissionDenied):
        services.change_deadline(problem, due_at=SOON, reason="下雨", actor=city.liaison)
    for due, reason in ((SOON, " "), (NOW - timedelta(days=1), "下雨")):
        with pytest.raises(Refusal):
            services.change_deadline(problem, due_at=due, reason=reason, actor=None)
    with pytest.raises(Refusal):
        services.change_deadline(found(city), due_at=SOON, reason="下雨", actor=city.office)


def test_second_of_two_deadlines_finds_it_moved():
    city = make_city()
    problem = city.problem()
    same = Problem.objects.get(pk=problem.pk)
    services.change_deadline(problem, due_at=SOON, reason="下雨", actor=city.office)
    with pytest.raises(StaleState):
        services.change_deadline(same, due_at=SOON + timedelta(days=1), reason="下雨", actor=city.office)


def test_reminder_goes_out_once_a_day():
    city = make_city()
    problem = city.problem()
    for _press in range(2):
        assert services.remind_unit(problem, actor=city.office) == 1
    assert Notice.objects.filter(user=city.liaison, urgent=True).count() == 1


def test_reminder_needs_somebody_a_running_problem_and_the_right():
    city = make_city()
    with pytest.raises(Refusal):
        services.remind_unit(city.problem(lead=city.other_line), actor=None)
    with pytest.raises(Refusal):
        services.remind_unit(found(city), actor=city.office)
    with pytest.raises(PermissionDenied):
        services.remind_unit(city.problem(place=make_place(city.street)), actor=city.liaison)


def test_rule_is_ended_and_begun_anew():
    city = make_city()
    first = services.save_rule(city.problem_type, None, city.street, lead=city.line, actor=city.office)
    again = services.save_rule(city.problem_type, None, city.street, lead=city.line, actor=city.office)
    second = services.save_rule(city.problem_type, None, city.street, lead=city.other_line, actor=city.office)
    first.refresh_from_db()
    assert (again, first.ends, second.ends) == (first, date(2026, 11, 24), None)
    assert RoutingRule.objects.count() == 2
    assert Entry.objects.filter(action="rectification.rule.save").count() == 2


def test_rule_ends_once_and_routes_no_more():
    city = make_city()
    rule = services.save_rule(city.problem_type, None, None, lead=city.line, actor=city.office)
    for _press in range(2):
        services.end_rule(rule, actor=city.office)
    assert rule.ends == date(2026, 11, 24)
    assert Entry.objects.filter(action="rectification.rule.end").count() == 1
    assert services.suggest_route(city.finding()).by != Routed.RULE


def test_rule_over_two_regions_is_refused():
    city = make_city()
    with pytest.raises(Refusal):
        services.save_rule(city.problem_type, None, None, lead=make_city().line, actor=None)


def test_hints_of_the_standard_become_rules_where_they_are_certain():
    city = make_city(lead_hints=["城管局", "属地街道"])
    silent = make_problem_type(city.region)
    vague = make_problem_type(city.region, lead_hints=["某某部门"])
    made, left = services.rules_from_hints(city.region, actor=city.office)
    rule = RoutingRule.objects.get()
    assert (made, left) == (1, [silent, vague])
    assert (rule.lead, rule.origin) == (city.line, RuleOrigin.HINT)
    assert services.rules_from_hints(city.region, actor=city.office) == (0, [silent, vague])


def test_photo_takes_time_and_place_from_its_record():
    record = Image.Exif()
    record.get_ifd(0x8769).update({0x9003: "2026:11:17 10:30:00"})
    record.get_ifd(0x8825).update({1: "N", 2: (29.0, 0.0, 0.0), 3: "E", 4: (113.0, 0.0, 0.0)})
    target = io.BytesIO()
    Image.new("RGB", (9, 9)).save(target, "JPEG", exif=record)
    city = make_city()
    problem = city.problem(photos=[])
    photo = services.add_photo(problem, target.getvalue(), "前.jpg", role=PhotoRole.BEFORE, actor=city.office)
    assert photo.taken_at == TUESDAY + timedelta(minutes=30)
    assert (photo.longitude, photo.latitude) == (113.0, 29.0)


def test_photo_from_the_future_has_no_time():
    record = Image.Exif()
    record.get_ifd(0x8769).update({0x9003: "2031:01:01 00:00:00"})
    target = io.BytesIO()
    Image.new("RGB", (9, 9)).save(target, "JPEG", exif=record)
    city = make_city()
    problem = city.problem(photos=[])
    photo = services.add_photo(
        problem, target.getvalue(), "前.jpg", role=PhotoRole.BEFORE, actor=None, longitude=1.0, latitude=2.0
    )
    assert (photo.taken_at, photo.longitude, photo.latitude) == (None, 1.0, 2.0)


def test_photo_is_given_by_who_may():
    city = make_city()
    problem = city.problem()
    data = photo_bytes(9)
    with pytest.raises(PermissionDenied):
        services.add_photo(problem, data, "a.jpg", role=PhotoRole.BEFORE, actor=city.verifier)
    with pytest.raises(PermissionDenied):
        services.add_photo(problem, data, "a.jpg", role=PhotoRole.PROOF, actor=city.verifier)
    with pytest.raises(Refusal):
        services.add_photo(problem, data, "a.jpg", role=PhotoRole.AFTER, actor=city.street_liaison)


def test_photo_of_the_outcome_comes_while_it_is_to_fix_and_none_after_closing():
    city = make_city()
    problem = city.fixed()
    with pytest.raises(Refusal):
        services.add_photo(problem, photo_bytes(9), "a.jpg", role=PhotoRole.AFTER, actor=city.liaison)
    services.close_problem(problem, actor=city.office)
    with pytest.raises(Refusal):
        services.add_photo(problem, photo_bytes(9), "a.jpg", role=PhotoRole.PROOF, actor=city.liaison)


def test_picture_used_in_another_problem_is_found():
    city = make_city()
    first = city.fixed()
    second = city.fixed(place=make_place(city.street), photos=[], seed=2)
    third = city.fixed(place=make_place(city.street), photos=[], seed=3)
    assert used_elsewhere(photos_of(second)[-1]).problem == first
    assert used_elsewhere(photos_of(third)[-1]) is None


def test_picture_saved_again_is_found_by_the_eye():
    city = make_city()
    first = city.fixed()
    with Image.open(io.BytesIO(photo_bytes(2))) as picture:
        target = io.BytesIO()
        picture.save(target, "JPEG", quality=60)
    second = city.problem(place=make_place(city.street), photos=[])
    copy = services.add_photo(second, target.getvalue(), "b.jpg", role=PhotoRole.AFTER, actor=city.liaison)
    assert used_elsewhere(copy).problem == first


def test_even_picture_is_like_no_other():
    target = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(target, "PNG")
    other = io.BytesIO()
    Image.new("RGB", (60, 40), "black").save(other, "PNG")
    city = make_city()
    first, second = city.problem(photos=[]), city.problem(place=make_place(city.street), photos=[])
    services.add_photo(first, target.getvalue(), "a.png", role=PhotoRole.AFTER, actor=None)
    copy = services.add_photo(second, other.getvalue(), "b.png", role=PhotoRole.AFTER, actor=None)
    assert used_elsewhere(copy) is None
