"""One problem behind a link: seen and put right on a bound phone, without signing in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.accounts.services.links import link_for
from chuangwen.rectification import services
from chuangwen.rectification.enums import ProblemState
from tests.accounts.making import bind
from tests.rectification.making import TUESDAY, make_city, photo_bytes
from tests.support.factories import make_place

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def opened(city, problem, person):
    """The person's bound phone and the path of a new link."""
    phone = bind(person, city.office)
    return phone, "/m/" + link_for(person, problem, made_by=city.office).rsplit("/m/", 1)[1]


def test_link_shows_the_problem_with_its_photo():
    city = make_city()
    problem = city.problem()
    phone, path = opened(city, problem, city.liaison)
    page = phone.get(path)
    assert page.status_code == 200
    assert problem.title in page.content.decode()
    picture = page.context["photos"][0]["url"]
    assert phone.get(picture).status_code == 200


def test_lead_receives_and_fixes_through_the_link():
    city = make_city()
    problem = city.problem()
    phone, path = opened(city, problem, city.liaison)
    assert phone.post(f"{path}receive/").status_code == 302
    assert phone.post(f"{path}explain/", {"text": "下午清运"}).status_code == 302
    after = SimpleUploadedFile("后.jpg", photo_bytes(2), "image/jpeg")
    assert phone.post(f"{path}fix/", {"measure": "清了", "photos": [after]}).status_code == 302
    problem.refresh_from_db()
    assert problem.state == ProblemState.FIXED
    assert problem.received_at


def test_refused_fix_comes_back_with_its_text():
    city = make_city()
    phone, path = opened(city, city.problem(), city.liaison)
    answer = phone.post(f"{path}fix/", {"measure": "清运两车"})
    assert answer.status_code == 422
    assert "清运两车" in answer.content.decode()


def test_lead_objects_through_the_link_while_there_is_time():
    city = make_city()
    with time_machine.travel(TUESDAY + timedelta(hours=2)):
        problem = city.problem()
        phone, path = opened(city, problem, city.liaison)
        assert phone.get(path).context["dispute"] is not None
        assert phone.post(f"{path}dispute/", {"reason": ""}).status_code == 422
        assert phone.post(f"{path}dispute/", {"reason": "已移交街道"}).status_code == 302
        assert phone.get(path).context["dispute"] is None
    problem.refresh_from_db()
    assert problem.state == ProblemState.DISPUTED
    assert problem.disputes.get().reason == "已移交街道"


def test_objection_that_comes_too_late_is_told_so():
    city = make_city()
    phone, path = opened(city, city.problem(), city.liaison)
    assert phone.get(path).context["dispute"] is None
    answer = phone.post(f"{path}dispute/", {"reason": "已移交街道"})
    assert answer.status_code == 422
    assert "异议要在交办后1个工作日内提出。" in answer.content.decode()


def test_territory_may_only_explain():
    city = make_city()
    phone, path = opened(city, city.problem(), city.street_liaison)
    page = phone.get(path)
    assert (page.context["receive"], page.context["fix"], page.context["dispute"]) == (False, None, None)
    assert page.context["explain"] is not None
    assert phone.post(f"{path}receive/").status_code == 422


def test_problem_that_went_to_another_unit_is_out_of_sight():
    city = make_city()
    problem = city.problem(place=None, spot="路边")
    phone, path = opened(city, problem, city.liaison)
    services.reassign_problem(problem, lead=city.other_line, reason="归交警", actor=city.office)
    assert phone.get(path).status_code == 404


def test_closed_problem_is_only_read():
    city = make_city()
    problem = city.fixed()
    services.close_problem(problem, actor=city.office)
    phone, path = opened(city, problem, city.liaison)
    page = phone.get(path)
    assert (page.context["receive"], page.context["fix"], page.context["explain"]) == (False, None, None)


def test_person_signed_in_elsewhere_is_led_to_the_ordinary_page(sign_in):
    city = make_city()
    problem = city.problem()
    _phone, path = opened(city, problem, city.liaison)
    answer = sign_in(city.liaison).get(path)
    assert (answer.status_code, answer.url) == (302, f"/problems/{problem.number}/")


def test_office_hands_out_links(sign_in):
    city = make_city()
    problem = city.problem()
    page = sign_in(city.office).post(f"/problems/{problem.number}/link/").content.decode()
    assert "/m/" in page
    lonely = city.problem(place=make_place(city.street), lead=city.other_line)
    assert "/m/" not in sign_in(city.office).post(f"/problems/{lonely.number}/link/").content.decode()
    assert sign_in(city.liaison).post(f"/problems/{problem.number}/link/").status_code == 403
