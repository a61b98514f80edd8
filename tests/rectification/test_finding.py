"""From something seen to a problem with a lead and a deadline."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import BadUpload, Refusal
from chuangwen.core.files.services import Upload
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import Branch, SuccessionKind, UnitKind
from chuangwen.organizations.models import UnitSuccession
from chuangwen.rectification.enums import PhotoRole, ProblemState, Routed, Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import close_problem, report_problem, save_rule, suggest_route
from chuangwen.workflow.queries import history_of
from tests.rectification.making import TUESDAY, make_city, photo, photo_bytes, shows
from tests.support.factories import make_campaign, make_place, make_round, make_unit, make_user

pytestmark = pytest.mark.django_db


def actions(problem):
    return list(history_of(problem).order_by("pk").values_list("action", flat=True))


def test_finding_becomes_an_assigned_problem_by_its_rule():
    city = make_city()
    rule = save_rule(city.problem_type, city.place_type, city.street, lead=city.line, actor=city.office)
    problem, new = report_problem(city.finding(), actor=city.office, photos=[photo()])
    problem.refresh_from_db()
    assert new
    assert (problem.state, problem.lead, problem.territory) == (ProblemState.ASSIGNED, city.line, city.street)
    assert (problem.routed_by, problem.routing_rule) == (Routed.RULE, rule)
    assert problem.number == "2026-0001"
    assert problem.assigned_at == TUESDAY
    assert problem.due_at == TUESDAY.replace(day=18, hour=10)  # Wednesday 18:00 in Shanghai: one working day
    assert (problem.longitude, problem.latitude) == (113.2, 29.8)
    assert actions(problem) == ["find", "assign", "photo"]


def test_finding_tells_lead_and_territory():
    city = make_city()
    report_problem(city.finding(), actor=city.office, lead=city.line)
    told = set(Notice.objects.values_list("user", flat=True))
    assert told == {city.liaison.pk, city.street_liaison.pk}


def test_finding_without_title_is_refused_and_leaves_nothing():
    city = make_city()
    with pytest.raises(Refusal):
        report_problem(city.finding(title="  "), actor=city.office)
    assert Problem.objects.count() == 0


def test_finding_with_a_bad_photo_leaves_nothing():
    city = make_city()
    with pytest.raises(BadUpload):
        report_problem(city.finding(), actor=city.office, photos=[Upload("a.jpg", b"%PDF-1.7 no picture")])
    assert Problem.objects.count() == 0


def test_finding_without_place_keeper_and_rule_waits_for_the_office():
    city = make_city()
    problem, _new = report_problem(city.finding(place=None, spot="解放路118号", territory=None), actor=city.office)
    assert (problem.state, problem.lead, problem.routed_by) == (ProblemState.FOUND, city.root, Routed.OFFICE)
    assert list(Notice.objects.values_list("user", flat=True)) == [city.office.pk]


def test_finding_without_rule_goes_to_the_keeper():
    city = make_city()
    keeper = make_unit(city.root)
    city.place.keeper = keeper
    city.place.save()
    problem, _new = report_problem(city.finding(), actor=None)
    assert (problem.lead, problem.routed_by) == (keeper, Routed.KEEPER)


def test_finding_without_rule_and_keeper_goes_to_the_territory():
    city = make_city()
    city.place.keeper = None
    city.place.save()
    problem, _new = report_problem(city.finding(), actor=None)
    assert (problem.lead, problem.routed_by) == (city.street, Routed.TERRITORY)


def test_rule_for_a_street_holds_in_its_communities():
    city = make_city()
    community = make_unit(city.street, kind=UnitKind.COMMUNITY, branch=Branch.TERRITORY)
    place = make_place(community, place_type=city.place_type)
    save_rule(city.problem_type, None, city.street, lead=city.other_line, actor=None)
    problem, _new = report_problem(city.finding(place=place), actor=None)
    assert (problem.lead, problem.territory) == (city.other_line, community)


def test_rule_of_a_renamed_lead_goes_to_its_successor():
    city = make_city()
    save_rule(city.problem_type, None, None, lead=city.line, actor=None)
    city.line.valid_to = date(2026, 1, 1)
    city.line.save()
    UnitSuccession.objects.create(
        region=city.region, old=city.line, new=city.other_line, kind=SuccessionKind.RENAMED, day=date(2026, 1, 1)
    )
    assert suggest_route(city.finding()).lead == city.other_line
    city.other_line.valid_to = date(2026, 2, 1)  # the successor was dissolved without one of its own
    city.other_line.save()
    assert (suggest_route(city.finding()).lead, suggest_route(city.finding()).by) == (None, Routed.OFFICE)


@pytest.mark.parametrize("heirs", [0, 2])
def test_rule_of_a_lead_without_one_successor_is_for_the_office(heirs):
    city = make_city()
    save_rule(city.problem_type, None, None, lead=city.line, actor=None)
    city.line.valid_to = date(2026, 1, 1)
    city.line.save()
    for _number in range(heirs):
        UnitSuccession.objects.create(
            region=city.region, old=city.line, new=make_unit(city.root), kind=SuccessionKind.SPLIT,
            day=date(2026, 1, 1),
        )  # fmt: skip
    assert (suggest_route(city.finding()).lead, suggest_route(city.finding()).by) == (None, Routed.OFFICE)


def test_second_finding_of_an_open_problem_joins_it():
    city = make_city()
    first = city.problem()
    second, new = report_problem(city.finding(title="还是占道"), actor=city.office, photos=[photo(5)])
    assert (second, new, Problem.objects.count()) == (first, False, 1)
    assert shows(first, PhotoRole.BEFORE) == 2
    assert actions(first)[-2:] == ["seen_again", "photo"]


@pytest.mark.parametrize("other", ["place", "type", "none"])
def test_finding_elsewhere_or_of_another_type_is_a_problem_of_its_own(other):
    city = make_city()
    city.problem()
    fields = {
        "place": {"place": make_place(city.street)},
        "type": {"problem_type": make_city().problem_type},
        "none": {"place": None, "spot": "路边"},
    }
    if other == "type":
        fields["type"]["problem_type"].region = city.region
        fields["type"]["problem_type"].save()
    _problem, new = report_problem(city.finding(**fields[other]), actor=None, lead=city.line)
    assert new


@pytest.mark.parametrize(("days", "recurs"), [(29, True), (31, False)])
def test_finding_after_closing_is_a_recurrence_within_thirty_days(days, recurs):
    city = make_city()
    begin = TUESDAY - timedelta(days=60)
    first = city.problem(at=begin)
    Problem.objects.filter(pk=first.pk).update(state="closed", closed_at=begin)
    again = city.problem(at=begin + timedelta(days=days))
    assert again.recurrence_of == (first if recurs else None)


def test_numbers_run_by_year_of_finding():
    city = make_city()
    other = make_place(city.street)
    numbers = [city.problem(place=None, spot="a").number, city.problem(place=other).number]
    numbers.append(city.problem(place=None, spot="b", at=TUESDAY - timedelta(days=400)).number)
    assert numbers == ["2026-0001", "2026-0002", "2025-0001"]


def test_finding_of_a_round_belongs_to_its_campaign():
    city = make_city()
    one_round = make_round(make_campaign(city.root))
    problem = city.problem(round=one_round, node_codes=["urn:x#1.1"], check_code="c1")
    assert (problem.campaign, problem.round, problem.node_codes) == (one_round.campaign, one_round, ["urn:x#1.1"])


def test_stranger_of_another_region_sees_nothing():
    city, other = make_city(), make_city()
    problem = city.problem()
    assert not Problem.objects.visible_to(other.office).filter(pk=problem.pk).exists()
    assert not Problem.objects.visible_to(make_user(Role.LIAISON, city.other_line)).filter(pk=problem.pk).exists()
    for person in (city.office, city.liaison, city.street_liaison, city.verifier):
        assert Problem.objects.visible_to(person).filter(pk=problem.pk).exists()


def test_source_and_its_number_are_kept():
    city = make_city()
    problem = city.problem(source=Source.HOTLINE, source_number="X" * 80)
    assert (problem.source, problem.source_number) == (Source.HOTLINE, "X" * 60)


def test_photo_bytes_differ_by_seed():
    assert photo_bytes(1) != photo_bytes(2)


def test_closing_and_finding_again_joins_nothing():
    city = make_city()
    first = city.fixed()
    close_problem(first, actor=city.office)
    assert city.problem(at=None).recurrence_of == first
