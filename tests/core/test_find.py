"""Finding by name: within what one may see, few of a kind, in words that are safe."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.core.search import MOST
from tests.support.factories import make_campaign, make_place, make_problem, make_root, make_task, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def unit(root):
    return make_unit(root, name="东关街道办事处", short_name="东关街道")


@pytest.fixture
def office(root):
    return make_user(Role.OFFICE, root, name="严立群")


def found(client, words):
    answer = client.get("/find/", {"q": words})
    assert answer.status_code == 200
    return {str(group.title): [str(hit.label) for hit in group.hits] for group in answer.context["groups"]}


def test_each_kind_is_found_by_a_part_of_its_name(sign_in, office, unit):
    make_place(unit, name="东关农贸市场", code="P-0007")
    problem = make_problem(unit, title="东关市场门口积水", number="2026-0012")
    make_task(unit, title="整治东关")
    client = sign_in(office)
    everything = found(client, "东关")
    assert everything["问题整改"] == ["东关市场门口积水"]
    assert everything["任务"] == ["整治东关"]
    assert everything["点位"] == ["东关农贸市场"]
    assert everything["单位"] == ["东关街道"]
    assert found(client, problem.number) == {"问题整改": ["东关市场门口积水"]}
    assert found(client, "P-0007") == {"点位": ["东关农贸市场"]}


def test_a_number_is_found_by_its_beginning_however_it_is_typed(sign_in, office, unit):
    place = make_place(unit, name="文化广场", code="P-0007A")
    make_place(unit, name="文化公园", code="Q-0007")
    client = sign_in(office)
    for typed in ("P-0007A", "p-0007a", "P-0007", "p-"):
        assert found(client, typed) == {"点位": [place.name]}
    assert found(client, "P-0007AB") == {}


def test_criteria_are_found_in_the_standards_of_the_region(sign_in, root, office):
    make_campaign(root)
    make_campaign(make_root())
    assert found(sign_in(office), "标准1") == {"测评标准": ["1.1 标准1"]}


def test_people_are_found_by_who_looks_after_them(sign_in, root, unit, office):
    assert found(sign_in(office), "严立") == {"人员账号": ["严立群"]}
    assert found(sign_in(make_user(Role.LIAISON, unit)), "严立") == {}


def test_nothing_of_others_is_found(sign_in, root, unit):
    other = make_unit(root, name="西关街道")
    make_problem(other, title="西关的问题")
    make_place(other, name="西关公园")
    client = sign_in(make_user(Role.LIAISON, unit))
    assert found(client, "西关") == {}
    assert found(sign_in(make_user(Role.OFFICE, make_root())), "西关") == {}


def test_what_begins_with_the_words_stands_first_and_few_are_shown(sign_in, unit, office):
    for number in range(MOST + 3):
        make_problem(unit, title=f"积水{number}")
    assert len(found(sign_in(office), "积水")["问题整改"]) == MOST


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "\x00", "'; --", "<script>", "x" * 5000, "１２", "1" * 40])
def test_strange_words_do_no_harm(sign_in, unit, office, words):
    make_problem(unit, title="积水")
    answer = sign_in(office).get("/find/", {"q": words})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert answer.context["groups"] == [] or words == "1" * 40


def test_words_are_shown_escaped(sign_in, office):
    page = sign_in(office).get("/find/", {"q": '"><b>x'}).content.decode()
    assert '"><b>x' not in page


def test_every_page_has_the_search_field(sign_in, office):
    page = sign_in(office).get("/accounts/me/").content.decode()
    assert 'action="/find/"' in page
    assert "data-find" in page


def test_stranger_is_led_to_the_sign_in_page(client):
    assert client.get("/find/?q=x").url.startswith("/account/login/")


def test_number_of_queries_does_not_grow(sign_in, unit, office):
    client = sign_in(office)
    make_problem(unit, title="积水一")
    found(client, "积水")
    with CaptureQueriesContext(connection) as one:
        found(client, "积水")
    for _number in range(3):
        make_problem(unit, title="积水又")
    with CaptureQueriesContext(connection) as four:
        found(client, "积水")
    assert len(four) == len(one)
