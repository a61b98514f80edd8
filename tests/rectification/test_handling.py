"""Received, put right, verified: the straight way, and everything that is refused on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import BadUpload, Refusal
from chuangwen.core.files.services import Upload
from chuangwen.notifications.models import Notice
from chuangwen.rectification import services
from chuangwen.rectification.enums import PhotoRole, ProblemState
from chuangwen.rectification.workflow import steps_open_to
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState
from tests.rectification.making import TUESDAY, make_city, photo, photo_bytes, shows
from tests.support.factories import make_unit, make_user

pytestmark = pytest.mark.django_db
PDF = Upload("签收单.pdf", b"%PDF-1.4\n%%EOF")


def last(problem):
    return history_of(problem).order_by("-pk").first()


def test_lead_signs_for_receipt_once():
    city = make_city()
    problem = city.problem()
    services.receive_problem(problem, actor=city.liaison, at=TUESDAY + timedelta(hours=1))
    problem.refresh_from_db()
    assert (problem.state, problem.received_at) == (ProblemState.ASSIGNED, TUESDAY + timedelta(hours=1))
    assert last(problem).on_behalf == ""
    with pytest.raises(Refusal):
        services.receive_problem(problem, actor=city.liaison)


def test_office_enters_receipt_for_the_lead_with_its_scan_and_time():
    city = make_city()
    problem = city.problem()
    services.receive_problem(problem, actor=city.office, scans=[PDF], at=TUESDAY + timedelta(hours=1))
    step = history_of(problem).get(action="receive")
    assert (step.actor_id, step.on_behalf, step.at) == (city.office.pk, str(city.line), TUESDAY + timedelta(hours=1))
    assert shows(problem, PhotoRole.PROOF) == 1


def test_territory_may_explain_but_not_answer():
    city = make_city()
    problem = city.problem()
    for act in (
        lambda: services.receive_problem(problem, actor=city.street_liaison),
        lambda: services.fix_problem(problem, measure="清了", actor=city.street_liaison, photos=[photo(2)]),
        lambda: services.raise_dispute(problem, reason="不归我", actor=city.street_liaison, at=TUESDAY),
    ):
        with pytest.raises(Refusal):
            act()
    services.explain_problem(problem, text="已约谈市场方", actor=city.street_liaison, photos=[photo(3)])
    assert history_of(problem).get(action="explain").note == "已约谈市场方"
    assert shows(problem, PhotoRole.PROOF) == 1


def test_stranger_may_neither_answer_nor_explain():
    city = make_city()
    problem = city.problem()
    stranger = make_user(Role.LIAISON, city.other_line)
    with pytest.raises(PermissionDenied):
        services.receive_problem(problem, actor=stranger)
    with pytest.raises(PermissionDenied):
        services.explain_problem(problem, text="说明", actor=stranger)


def test_explanation_needs_text_and_an_open_problem():
    city = make_city()
    problem = city.fixed()
    with pytest.raises(Refusal):
        services.explain_problem(problem, text=" ", actor=city.liaison)
    services.close_problem(problem, actor=city.office)
    with pytest.raises(Refusal):
        services.explain_problem(problem, text="再说明", actor=city.liaison)


def test_fix_shows_a_photo_and_keeps_the_true_time():
    city = make_city()
    problem = city.problem()
    moment = TUESDAY + timedelta(hours=6)
    services.fix_problem(problem, measure="劝离摊贩6处", actor=city.liaison, photos=[photo(2)], at=moment)
    problem.refresh_from_db()
    assert (problem.state, problem.fixed_at, problem.measure_taken) == (ProblemState.FIXED, moment, "劝离摊贩6处")
    assert shows(problem, PhotoRole.AFTER) == 1


def test_fix_without_photo_or_measure_is_refused_and_changes_nothing():
    city = make_city()
    problem = city.problem()
    with pytest.raises(Refusal):
        services.fix_problem(problem, measure="清了", actor=city.liaison)
    with pytest.raises(Refusal):
        services.fix_problem(problem, measure=" ", actor=city.liaison, photos=[photo(2)])
    with pytest.raises(BadUpload):
        services.fix_problem(problem, measure="清了", actor=city.liaison, photos=[PDF])
    problem.refresh_from_db()
    assert (problem.state, problem.photos.count()) == (ProblemState.ASSIGNED, 1)


def test_fix_after_a_return_needs_a_photo_of_its_own():
    city = make_city()
    problem = city.fixed()
    services.return_problem(problem, reason="只拍了一角", actor=city.office)
    assert (problem.state, problem.returned_times) == (ProblemState.RETURNED, 1)
    with pytest.raises(Refusal):
        services.fix_problem(problem, measure="又清了", actor=city.liaison)
    services.fix_problem(problem, measure="又清了", actor=city.liaison, photos=[photo(4)])
    assert problem.state == ProblemState.FIXED


@pytest.mark.parametrize("moment", [TUESDAY - timedelta(minutes=1), datetime(2100, 1, 1, tzinfo=UTC)])
def test_time_of_a_step_lies_between_finding_and_now(moment):
    city = make_city()
    problem = city.problem()
    with pytest.raises(Refusal):
        services.fix_problem(problem, measure="清了", actor=city.liaison, photos=[photo(2)], at=moment)


def test_verifier_closes_what_was_reported_in_time():
    city = make_city()
    problem = city.fixed()
    services.close_problem(problem, actor=city.verifier, on_site=True)
    problem.refresh_from_db()
    assert (problem.state, problem.closed_in_time, problem.verified_on_site) == (ProblemState.CLOSED, True, True)
    assert Notice.objects.filter(user=city.liaison).count() == 2


def test_office_delay_is_never_the_units():
    city = make_city()
    problem = city.fixed()
    services.close_problem(problem, actor=city.office, at=TUESDAY + timedelta(days=4))
    assert (problem.closed_in_time, problem.closed_at) == (True, TUESDAY + timedelta(days=4))


def test_fix_after_the_deadline_closes_late():
    city = make_city()
    problem = city.fixed(at=TUESDAY + timedelta(days=2))
    services.close_problem(problem, actor=city.office)
    assert problem.closed_in_time is False


def test_fix_at_the_deadline_closes_in_time():
    city = make_city()
    problem = city.fixed(at=TUESDAY.replace(day=18, hour=10))
    services.close_problem(problem, actor=city.office)
    assert problem.closed_in_time is True


def test_recurrence_counts_as_late():
    city = make_city()
    first = city.fixed()
    services.close_problem(first, actor=city.office, at=TUESDAY + timedelta(hours=5))
    again = city.problem(at=TUESDAY + timedelta(hours=6))
    services.fix_problem(again, measure="清了", actor=city.liaison, photos=[photo(8)], at=TUESDAY + timedelta(hours=7))
    services.close_problem(again, actor=city.office)
    assert (again.recurrence_of, again.closed_in_time) == (first, False)


def test_fixer_and_people_of_the_lead_never_verify():
    city = make_city()
    problem = city.problem()
    clerk = make_user(Role.OFFICE, city.root)
    services.fix_problem(problem, measure="清了", actor=clerk, photos=[photo(2)], on_behalf="城管局联络员")
    own = make_user(Role.VERIFIER, city.line)
    for verifier in (clerk, own):
        with pytest.raises(Refusal):
            services.close_problem(problem, actor=verifier)
        with pytest.raises(Refusal):
            services.return_problem(problem, reason="不行", actor=verifier)
    services.close_problem(problem, actor=city.office)
    assert problem.state == ProblemState.CLOSED


def test_giver_of_the_after_photo_never_verifies():
    city = make_city()
    problem = city.problem()
    services.add_photo(problem, photo_bytes(2), "后.jpg", role=PhotoRole.AFTER, actor=city.office)
    services.fix_problem(problem, measure="清了", actor=city.liaison)
    with pytest.raises(Refusal):
        services.close_problem(problem, actor=city.office)


def test_unit_without_permission_may_not_verify():
    city = make_city()
    problem = city.fixed()
    with pytest.raises(PermissionDenied):
        services.close_problem(problem, actor=city.street_liaison)


def test_return_gives_back_the_time_of_verifying():
    city = make_city()
    problem = city.fixed()  # fixed on Tuesday, due on Wednesday
    services.return_problem(problem, reason="没清净", actor=city.office, at=TUESDAY + timedelta(days=3))  # Friday
    problem.refresh_from_db()
    assert problem.due_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # Wednesday and three working days: Monday


def test_return_of_a_late_fix_stays_late():
    city = make_city()
    problem = city.fixed(at=TUESDAY + timedelta(days=2))
    due = problem.due_at
    services.return_problem(problem, reason="没清净", actor=city.office, at=TUESDAY + timedelta(days=4))
    assert problem.due_at == due


def test_return_needs_a_reason():
    city = make_city()
    problem = city.fixed()
    with pytest.raises(Refusal):
        services.return_problem(problem, reason="", actor=city.office)


def test_second_of_two_verifiers_finds_it_moved():
    city = make_city()
    problem = city.fixed()
    same = type(problem).objects.get(pk=problem.pk)
    services.close_problem(problem, actor=city.office)
    with pytest.raises(StaleState):
        services.return_problem(same, reason="没清净", actor=city.verifier)
    problem.refresh_from_db()
    assert (problem.state, problem.returned_times) == (ProblemState.CLOSED, 0)
    assert not history_of(problem).filter(action="return").exists()


def test_closer_takes_the_closing_back_within_an_hour():
    city = make_city()
    problem = city.fixed()
    services.close_problem(problem, actor=city.office)
    with pytest.raises(Refusal):
        services.reopen_problem(problem, actor=city.verifier)
    services.reopen_problem(problem, actor=city.office)
    problem.refresh_from_db()
    assert (problem.state, problem.closed_at, problem.closed_in_time) == (ProblemState.FIXED, None, None)


def test_closing_of_long_ago_stays():
    city = make_city()
    problem = city.fixed()
    services.close_problem(problem, actor=city.office)
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False), pytest.raises(Refusal):
        services.reopen_problem(problem, actor=city.office)


def test_program_itself_may_reopen():
    city = make_city()
    problem = city.fixed()
    services.close_problem(problem, actor=None)
    services.reopen_problem(problem, actor=None)
    assert problem.state == ProblemState.FIXED


def test_steps_open_to_each_person():
    city = make_city()
    problem = city.problem(at=None)

    def open_to(person):
        return {step.action for step in steps_open_to(person, problem)}

    office = {"receive", "fix", "dispute", "reassign", "make_long_term", "merge", "object_gone"}
    assert open_to(city.liaison) == {"receive", "fix", "dispute"}
    assert open_to(city.office) == office
    assert open_to(city.street_liaison) == set()
    assert open_to(city.verifier) == set()
    services.fix_problem(problem, measure="清了", actor=city.liaison, photos=[photo(2)])
    assert open_to(city.liaison) == set()
    assert open_to(city.verifier) == {"close", "return"}


def test_objection_is_not_offered_after_its_time():
    city = make_city()
    problem = city.problem(at=TUESDAY - timedelta(days=10))
    assert "dispute" not in {step.action for step in steps_open_to(city.liaison, problem)}


def test_people_above_the_lead_answer_for_it():
    city = make_city()
    section = make_unit(city.line)
    problem = city.problem(lead=section)
    services.receive_problem(problem, actor=city.liaison)
    assert last(problem).on_behalf == ""
