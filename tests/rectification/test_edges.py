"""Steps at the very moment that bounds them, and what a step says of itself where nothing was said."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.notifications.models import Notice
from chuangwen.rectification import services
from chuangwen.rectification.enums import PhotoRole, ProblemState
from chuangwen.workflow.queries import history_of
from tests.rectification.making import NOW, TUESDAY, make_city, photo
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db


def shot(moment):
    """A picture whose record says when it was taken, in the city's time."""
    record = Image.Exif()
    record.get_ifd(0x8769).update({0x9003: moment})
    target = io.BytesIO()
    Image.new("RGB", (9, 9)).save(target, "JPEG", exif=record)
    return target.getvalue()


def test_what_happens_now_is_not_in_the_future():
    city = make_city()
    with clock.at(NOW):
        problem = city.problem(at=NOW)
        services.receive_problem(problem, actor=city.liaison, at=NOW)
    assert (problem.found_at, problem.received_at) == (NOW, NOW)


@pytest.mark.parametrize(("said", "kept"), [("2026:11:24 13:00:00", True), ("2026:11:24 13:00:01", False)])
def test_camera_may_be_an_hour_ahead(said, kept):
    city = make_city()
    problem = city.problem(photos=[])
    with clock.at(NOW):
        one = services.add_photo(problem, shot(said), "a.jpg", role=PhotoRole.BEFORE, actor=None, longitude=1.0)
    assert (one.taken_at, one.longitude, one.latitude) == (NOW + timedelta(hours=1) if kept else None, None, None)


def test_step_names_for_whom_it_is_entered():
    city = make_city()
    problem = city.problem()
    services.receive_problem(problem, actor=city.office, on_behalf="值班员")
    services.fix_problem(problem, measure="清了", actor=None, photos=[photo(2)])
    steps = {step.action: step.on_behalf for step in history_of(problem)}
    assert (steps["receive"], steps["fix"]) == ("值班员", "")


def test_last_of_two_closings_of_one_moment_is_taken_back_by_its_closer():
    city = make_city()
    problem = city.fixed()
    with clock.at(NOW):
        for closer in (city.office, city.verifier):
            services.close_problem(problem, actor=closer)
            services.reopen_problem(problem, actor=closer)
    assert problem.state == ProblemState.FIXED
    assert not Notice.objects.filter(urgent=True).exists()


def test_rules_for_other_kinds_of_place_and_territories_go_on():
    city = make_city()
    kept = [
        services.save_rule(city.problem_type, city.place_type, city.street, lead=city.line, actor=None),
        services.save_rule(city.problem_type, city.place_type, None, lead=city.line, actor=None),
        services.save_rule(city.problem_type, None, city.street, lead=city.line, actor=None),
    ]
    services.save_rule(city.problem_type, None, None, lead=city.other_line, actor=None)
    services.save_rule(city.problem_type, None, city.other_line, lead=city.other_line, actor=None)
    for rule in kept:
        rule.refresh_from_db()
    assert [rule.ends for rule in kept] == [None, None, None]


def test_who_reports_a_fix_by_the_photo_of_another_never_verifies_it():
    city = make_city()
    problem = city.problem()
    services.add_photo(problem, photo(2).data, "后.jpg", role=PhotoRole.AFTER, actor=city.liaison)
    services.fix_problem(problem, measure="清了", actor=city.office)
    with pytest.raises(Refusal, match="要由别人复核"):
        services.close_problem(problem, actor=city.office)


def test_finder_and_giver_of_an_earlier_photo_verify():
    city = make_city()
    problem, _new = services.report_problem(city.finding(), actor=city.office, lead=city.line, photos=[photo(1)])
    services.fix_problem(problem, measure="清了", actor=city.office, photos=[photo(2)])
    services.return_problem(problem, reason="没清净", actor=city.verifier)
    services.fix_problem(problem, measure="又清了", actor=city.liaison, photos=[photo(3)])
    services.close_problem(problem, actor=city.office)
    assert problem.state == ProblemState.CLOSED
    other, _new = services.report_problem(city.finding(spot="b"), actor=city.office, lead=city.line, photos=[photo(4)])
    services.fix_problem(other, measure="清了", actor=city.liaison, photos=[photo(5)])
    services.close_problem(other, actor=city.office)
    assert other.state == ProblemState.CLOSED


def test_unit_that_got_it_by_a_ruling_may_object_once_too():
    city = make_city()
    problem = city.problem()
    services.raise_dispute(problem, reason="不归我", actor=city.liaison, at=TUESDAY)
    services.rule_dispute(problem, lead=city.other_line, ruling="归交警", actor=city.office, at=TUESDAY)
    services.raise_dispute(problem, reason="也不归我", actor=make_user(Role.LIAISON, city.other_line), at=TUESDAY)
    assert problem.disputes.count() == 2
