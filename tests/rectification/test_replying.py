"""The number of the document by which a superior was answered."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import Refusal
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import enter_answer_number
from chuangwen.workflow.models import Step
from tests.support.factories import make_problem, make_root, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NUMBER = "云创建办〔2026〕8号"


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def unit(root):
    return make_unit(root)


@pytest.fixture
def office(root):
    return make_user(Role.OFFICE, root)


def test_number_is_kept_and_a_later_one_takes_its_place_with_the_former_in_the_history(unit, office):
    problem = make_problem(unit, source="superior", state="closed")
    enter_answer_number(problem, number=f" {NUMBER}  ", actor=office)
    enter_answer_number(problem, number="9号", actor=office)
    problem.refresh_from_db()
    steps = Step.objects.filter(action="answer_number", object_id=problem.pk).order_by("pk")
    assert problem.answer_number == "9号"
    assert [step.data for step in steps] == [{"from": "", "to": NUMBER}, {"from": NUMBER, "to": "9号"}]


@pytest.mark.parametrize(
    ("source", "number", "why"),
    [("hotline", NUMBER, "不是上级反馈"), ("superior", "  ", "没有填"), ("superior", "字" * 101, "超过100字"),
     ("superior", "旧号", "已经是这个")],
)  # fmt: skip
def test_number_that_answers_nothing_is_refused(unit, office, source, number, why):
    problem = make_problem(unit, source=source, answer_number="旧号")
    with pytest.raises(Refusal, match=why):
        enter_answer_number(problem, number=number, actor=office)
    assert Problem.objects.get().answer_number == "旧号"


def test_unit_enters_no_number(unit):
    problem = make_problem(unit, source="superior")
    with pytest.raises(PermissionDenied):
        enter_answer_number(problem, number=NUMBER, actor=make_user(Role.LIAISON, unit))


def test_one_answer_is_entered_for_many_problems_at_once_from_the_ledger(sign_in, unit, office):
    problems = [make_problem(unit, source="superior", title=title) for title in ("甲", "乙")]
    other = make_problem(unit, source="hotline", title="丙")
    client, url = sign_in(office), reverse("rectification:ledger") + "?tab=all&source=superior"
    asked = client.post(url, {"bulk": "answer_number", "select_all": "1"}).content.decode()
    assert "回复文号" in asked
    client.post(url, {"bulk": "answer_number", "select_all": "1", "sure": "1", "number": NUMBER})
    found = dict(Problem.objects.values_list("pk", "answer_number"))
    assert found == {problems[0].pk: NUMBER, problems[1].pk: NUMBER, other.pk: ""}


def test_problem_of_a_superior_offers_the_number_and_shows_it(sign_in, unit, office):
    problem, other = make_problem(unit, source="superior", state="closed"), make_problem(unit, source="hotline")
    client = sign_in(office)
    url = reverse("rectification:act", args=[problem.number, "answer_number"])
    assert url in client.get(reverse("rectification:problem", args=[problem.number])).content.decode()
    away = reverse("rectification:act", args=[other.number, "answer_number"])
    assert away not in client.get(reverse("rectification:problem", args=[other.number])).content.decode()
    assert client.post(away, {"number": NUMBER}).status_code == 422
    assert client.post(url, {"number": NUMBER}).status_code == 302
    page = client.get(reverse("rectification:problem", args=[problem.number])).content.decode()
    assert f"已回复上级：{NUMBER}" in page
