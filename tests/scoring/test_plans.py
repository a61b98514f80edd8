"""Plans under limits, their tasks, and what problems take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.templatetags.wording import day
from chuangwen.organizations.models import Post
from chuangwen.responsibilities.models import RepeatedRequest, Task
from chuangwen.responsibilities.services.repeating import Again, Repeated
from chuangwen.scoring.efforts import LARGEST_COST, LARGEST_DAYS, Effort
from chuangwen.scoring.engine import show
from chuangwen.scoring.models import ActionPlan, EffortRate, Run
from chuangwen.scoring.queries.efforts import efforts_of
from chuangwen.scoring.queries.outlook import outlook_of
from chuangwen.scoring.queries.plans import Plan, PlanAsk, plan_of, problems_of, usual_ask
from chuangwen.scoring.queries.winning import horizon_of
from chuangwen.scoring.services import plans
from chuangwen.scoring.services.efforts import set_efforts
from chuangwen.scoring.services.plans import issue_plan
from tests.scoring.winning_making import Winning, every_standing
from tests.support.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Iterator[Winning]:
    with clock.at(NOON):
        yield Winning()


def plan(run: Run, ask: PlanAsk | None = None) -> Plan:
    horizon = horizon_of(run)
    found = outlook_of(run, horizon)
    return plan_of(run, found, ask or usual_ask(found, horizon))


def test_usual_plan_gives_each_leading_unit_one_person_until_the_next_round(made):
    problems = every_standing(made)
    found = plan(made.score())
    assert (found.ask.people, found.ask.until) == (2, date(2026, 12, 21))
    assert problems_of(found.chosen) == [problems[name] for name in ("fixed", "open", "paving")]
    assert (found.person_days, found.expected - found.before) == (5.5, pytest.approx(3 * 60 / 13))
    assert [(part.unit, part.person_days) for part in found.units] == [(made.bureau, 0.5), (made.street, 5.0)]


def test_what_needs_more_days_than_are_left_is_left_out_with_its_reason(made):
    problems = every_standing(made)
    found = plan(made.score(), PlanAsk(50, 3))
    assert problems_of(found.worked) == [problems["open"]]
    assert problems_of(found.too_long) == [problems["paving"]]


def test_limits_of_people_money_and_units_hold(made):
    problems = every_standing(made)
    run = made.score()
    EffortRate.objects.create(region=made.region, problem_type=made.paving, person_days=5.0, least_days=8, cost=3000.0)
    assert problems_of(plan(run, PlanAsk(1, 8, 2999.0)).no_room) == [problems["paving"]]
    whole = plan(run, PlanAsk(1, 8, 3000.0))
    assert (whole.cost, len(whole.worked), whole.no_room) == (3000.0, 2, [])
    idle = plan(run, PlanAsk(9, 8, units={made.bureau.pk: 0}))
    assert problems_of(idle.worked) == [problems["paving"]]
    assert problems_of(idle.chosen) == [problems["fixed"], problems["paving"]]


def test_problems_that_win_only_together_are_planned_together_or_not_at_all(made):
    for _row in range(2):
        made.see("1.2", 0.0, made.problem())
    for _row in range(2):
        made.see("1.2", 1.0)
    single = made.problem()
    made.see("1.1", 0.0, single)
    made.see("1.1", 1.0)
    for value in (1.0,) * 18:
        made.see("1.1", value)
    run = made.score()
    # the two win 20 points for one person-day, the single one 3 for half a one
    both = plan(run, PlanAsk(1, 1))
    assert (both.person_days, both.expected - both.before) == (1.0, pytest.approx(20.0))
    assert single not in problems_of(both.chosen)
    EffortRate.objects.create(region=made.region, problem_type=made.litter, person_days=0.6, least_days=1)
    assert problems_of(plan(run, PlanAsk(1, 1)).chosen) == [single]


def test_issued_plan_becomes_a_task_for_each_unit_with_its_problems_in_order(made):
    problems = every_standing(made)
    run = made.score()
    kept = issue_plan(run, plan(run), actor=made.office)
    tasks = {task.unit: task for task in Task.objects.all()}
    assert set(tasks) == {made.bureau, made.street}
    task = tasks[made.bureau]
    assert (task.state, task.title, task.post.title) == ("issued", "按提分方案先后整改1件问题", "副局长")
    assert task.measure == "所列问题全部整改到位并经复核销号；已有期限的按各自期限。"
    assert clock.local(task.due_at).date() == date(2026, 12, 21)
    number = problems["open"].number
    assert f"1. {number} 路口有垃圾：+4.62分，已在整改，期限" in task.detail
    assert "不另行报送" in task.detail
    items = [(one.problem, one.task) for one in kept.items.all()]
    assert items == [(problems["fixed"], None), (problems["open"], task), (problems["paving"], tasks[made.street])]
    entry = Entry.objects.get(action="scoring.plan.issue")
    assert (entry.object_id, entry.actor_id, kept.made_by) == (str(kept.pk), str(made.office.pk), made.office)
    assert entry.data == {"problems": 3, "tasks": 2, "people": 2, "days": kept.days, "expected": show(kept.expected)}


def test_every_column_of_an_issued_plan_and_who_may_issue_it(made, monkeypatch):
    every_standing(made)
    new = made.problem(title="新发现的", state="found")
    made.see("1.1", 0.0, new)
    EffortRate.objects.create(region=made.region, problem_type=made.paving, person_days=5.0, least_days=8, cost=3000.0)
    run = made.score()
    asked = []
    monkeypatch.setattr(plans, "require_actor", lambda *given: asked.append(given))
    found = replace(plan(run, PlanAsk(2, 20, 4000.0)), proven=False)
    kept = issue_plan(run, found, actor=made.office)
    assert asked == [(made.office, "scoring.run", run), (made.office, "responsibilities.edit", made.round.campaign)]
    kept.refresh_from_db()
    assert (kept.people, kept.days, kept.until, kept.money) == (2, 20, found.ask.until, 4000.0)
    assert (kept.before, kept.expected) == (found.before, found.expected)
    assert (kept.person_days, kept.cost, kept.proven) == (6.0, 3000.0, False)
    items = list(kept.items.values_list("position", "problem", "unit", "points", "person_days", "cost"))
    assert items == [
        (place, one.problem_id, one.lead_id, one.points, one.person_days, one.cost)
        for place, one in enumerate(found.chosen, 1)
    ]
    assert sorted(item[5] for item in items) == [0.0, 0.0, 0.0, 3000.0]
    task = Task.objects.get(unit=made.bureau)
    assert (task.origin, task.origin_text) == ("hand", f"提分方案（{made.round}）")
    words = f"2. {new.number} 新发现的：+4.29分，请于{day(found.ask.until)}前整改"
    assert task.detail.split("\n")[1] == words


def test_second_plan_asks_why_and_keeps_the_reason(made):
    every_standing(made)
    run = made.score()
    kept = issue_plan(run, plan(run), actor=made.office)
    first = list(kept.items.values_list("task", flat=True))
    with pytest.raises(Repeated):
        issue_plan(run, plan(run), actor=made.office)
    assert ActionPlan.objects.count() == 1
    left = issue_plan(run, plan(run), actor=made.office, again=Again(leave_out=True))
    assert [one.task for one in left.items.all()] == [None, None, None]
    issue_plan(run, plan(run), actor=made.office, again=Again("次序有变"))
    assert (Task.objects.count(), RepeatedRequest.objects.count()) == (4, 2)
    assert list(kept.items.values_list("task", flat=True)) == first  # another plan's tasks are its own


def test_empty_plan_and_units_without_anybody_are_refused(made):
    made.see("1.1", 1.0)
    empty = made.score()
    with pytest.raises(Refusal, match="方案里没有问题。请增加人数或天数"):
        issue_plan(empty, plan(empty), actor=made.office)
    every_standing(made)
    run = made.score()
    Post.objects.all().delete()
    with pytest.raises(Refusal) as nobody:
        issue_plan(run, plan(run), actor=made.office)
    assert str(nobody.value) == "这些单位还没有责任人：东关街道、市城管局。请在各单位页面填上具体责任人。"
    with pytest.raises(PermissionDenied):
        issue_plan(run, plan(run), actor=made.leader)
    assert not ActionPlan.objects.exists()


def test_pages_go_from_the_plan_to_its_tasks_and_papers(made, sign_in):
    every_standing(made)
    run = made.score()
    client = sign_in(made.office)
    page = client.get(f"/scores/{run.pk}/plan/", {"people": 1, "days": 1})
    assert (page.status_code, page.context["plan"].person_days) == (200, 0.5)
    assert "建议：每个牵头单位出一人，共2人" in page.content.decode()
    bad = client.get(f"/scores/{run.pk}/plan/", {"people": 0})
    assert (bad.status_code, bad.context["plan"].ask.people) == (422, 2)
    capped = client.get(f"/scores/{run.pk}/plan/", {f"unit_{made.bureau.pk}": "0", f"unit_{made.street.pk}": "x"})
    assert capped.context["plan"].ask.units == {made.bureau.pk: 0}
    for kind in ("docx", "xlsx"):
        assert client.get(f"/scores/{run.pk}/plan/", {"format": kind}).content[:2] == b"PK"
    sent = client.post(f"/scores/{run.pk}/plan/issue/", {"people": 2, "days": 20})
    kept = ActionPlan.objects.get()
    assert (sent.url, kept.days) == (f"/scores/plans/{kept.pk}/", 20)
    issued = client.get(sent.url).content.decode()
    assert "按提分方案先后整改1件问题" in issued
    assert client.get(sent.url, {"format": "docx"}).content[:2] == b"PK"
    again = client.post(f"/scores/{run.pk}/plan/issue/", {"people": 2, "days": 20})
    assert again.status_code == 409
    assert "仍然下发" in again.content.decode()
    client.post(f"/scores/{run.pk}/plan/issue/", {"people": 2, "days": 20, "again": "次序有变"})
    assert ActionPlan.objects.count() == 2
    Post.objects.all().delete()
    refused = client.post(f"/scores/{run.pk}/plan/issue/", {"people": 2, "days": 20, "again": "再来"}, follow=True)
    assert "这些单位还没有责任人：东关街道、市城管局" in refused.content.decode()


def test_leader_sees_the_plan_and_does_not_issue_it(made, sign_in):
    every_standing(made)
    run = made.score()
    client = sign_in(made.leader)
    assert "下发为任务" not in client.get(f"/scores/{run.pk}/plan/").content.decode()
    assert client.post(f"/scores/{run.pk}/plan/issue/").status_code == 403


def test_efforts_are_proposed_until_the_office_sets_them(made):
    every_standing(made)
    held = efforts_of(made.region.pk)
    assert held[made.litter.pk] == Effort(0.5, 1, 0.0)
    own = Effort(2.0, 3, 500.0, proposed=False)
    assert set_efforts(made.region, {made.litter.pk: own, made.paving.pk: held[made.paving.pk]}, actor=made.office) == 1
    assert EffortRate.objects.count() == 1
    assert efforts_of(made.region.pk)[made.litter.pk] == own
    entry = Entry.objects.get(action="scoring.effort.set")
    assert (entry.data, entry.chain.region_code) == ({"垃圾": "0.5 / 1 / 0 -> 2 / 3 / 500"}, made.region.code)
    assert set_efforts(made.region, {made.litter.pk: own}, actor=made.office) == 0
    with pytest.raises(Refusal, match="“垃圾”的数字超出范围。天数和元数填0以上。"):
        set_efforts(made.region, {made.litter.pk: Effort(-1.0, 3, 0.0)}, actor=made.office)
    with pytest.raises(PermissionDenied):
        set_efforts(made.region, {}, actor=made.leader)


def test_efforts_lie_between_nothing_and_what_a_figure_can_hold(made):
    least, most = Effort(0.0, 0, 0.0), Effort(LARGEST_DAYS, int(LARGEST_DAYS), LARGEST_COST)
    for one in (least, most):
        assert set_efforts(made.region, {made.litter.pk: one}, actor=made.office) == 1
    for beyond in (
        replace(least, person_days=-0.1), replace(least, least_days=-1), replace(least, cost=-1.0),
        replace(most, person_days=LARGEST_DAYS + 1), replace(most, least_days=10000), replace(most, cost=2e9),
    ):  # fmt: skip
        with pytest.raises(Refusal, match="“垃圾”的数字超出范围。天数和元数填0以上。"):
            set_efforts(made.region, {made.litter.pk: beyond}, actor=made.office)
    assert EffortRate.objects.get().cost == LARGEST_COST


def test_efforts_page_is_edited_by_the_office_alone(made, sign_in):
    figures = {f"{kind.pk}-{name}": value for kind in (made.litter, made.paving)
               for name, value in (("person_days", "1.5"), ("least_days", "2"), ("cost", "800"))}  # fmt: skip
    office = sign_in(made.office)
    assert "建议值" in office.get("/scores/efforts/").content.decode()
    assert office.post("/scores/efforts/", figures).url == "/scores/efforts/"
    assert EffortRate.objects.count() == 2
    page = office.get("/scores/efforts/").content.decode()
    assert ("建议值" in page, "创建办设定" in page) == (False, True)
    wrong = office.post("/scores/efforts/", figures | {f"{made.litter.pk}-cost": "很多"})
    assert wrong.status_code == 422
    assert "很多" in wrong.content.decode()
    leader = sign_in(made.leader)
    assert leader.post("/scores/efforts/", figures).status_code == 403
    assert "<input class" not in leader.get("/scores/efforts/").content.decode()
