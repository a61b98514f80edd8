"""A task's plan, its proof, roles, whom it waits for, requests for more time, a unit's own list."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Attachment
from chuangwen.core.workdays import ZONE
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Group
from chuangwen.organizations.services import hold_post, name_post
from chuangwen.responsibilities import services
from chuangwen.responsibilities.milestones import Planned
from chuangwen.responsibilities.models import Postponement, Task
from chuangwen.responsibilities.queries.tasks import asks_for_time, lacks_fixings_late
from chuangwen.workflow.queries import history_of
from tests.responsibilities.making import make_city
from tests.responsibilities.test_instructions import picture

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 9, tzinfo=ZONE)
PAPER = services.Scan("现场.png", picture())
STEPS = [Planned("摸底", 40, date(2026, 11, 6)), Planned("完工", 60, date(2026, 11, 27))]


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def city():
    made = make_city()
    made.unit("城管局")
    made.unit("住建局")
    return made


@pytest.fixture
def liaison(city):
    return city.liaison(city.units["城管局"])


def issued(city, name="城管局", **fields):
    given = {
        "title": "改造路灯",
        "measure": "全亮",
        "due_at": datetime(2026, 11, 30, 18, tzinfo=ZONE),
        "actor": city.office,
    }
    task = services.draft_task(city.campaign, city.units[name], **given | fields)
    services.issue_task(task, actor=city.office)
    return task


def accepted(city, liaison, **fields):
    task = issued(city, **fields)
    services.accept_task(task, actor=liaison)
    return task


def again(task):
    task.refresh_from_db()
    return task


def test_progress_is_what_was_proved_and_never_a_claim(city, liaison):
    task = accepted(city, liaison)
    with pytest.raises(Refusal, match="占比合计40%"):
        services.write_plan(task, steps=STEPS[:1], actor=liaison)
    late = [Planned("完工", 100, date(2026, 12, 1))]
    for wrong in ([], late, [Planned(" ", 100, date(2026, 11, 6))], [Planned("长" * 81, 100, date(2026, 11, 6))]):
        with pytest.raises(Refusal):
            services.write_plan(task, steps=wrong, actor=liaison)
    services.write_plan(task, steps=STEPS, actor=liaison)
    first, last = task.milestones.order_by("due_on")
    for given in ({}, {"proof": "真的做完了"}, {"in_ledger": True}):
        with pytest.raises(Refusal):
            services.finish_milestone(first, actor=liaison, **given)
    services.finish_milestone(first, actor=liaison, paper=PAPER, proof="台账已建")
    assert (again(task).progress, first.proof) == (40, "台账已建")
    assert Attachment.objects.filter(owner_type="responsibilities.task", owner_id=task.pk).count() == 1
    with pytest.raises(Refusal, match="已经完成"):
        services.finish_milestone(first, actor=liaison, paper=PAPER)
    with pytest.raises(Refusal, match="占比合计140%"):
        services.write_plan(task, steps=[Planned("完工", 100, date(2026, 11, 27))], actor=liaison)
    services.add_measures(task, measures="分片", people="路灯所", actor=liaison)
    services.report_task(task, note="已亮灯", actor=liaison)
    assert again(task).progress == 40
    services.reopen_task(task, reason="还差一半", actor=city.office)
    assert again(task).progress == 40
    services.finish_milestone(last, actor=city.office, paper=PAPER, on_behalf="路灯所", at=MONDAY - timedelta(hours=1))
    # all is proved, but nobody has confirmed it
    assert (again(task).progress, last.done_at) == (40, MONDAY - timedelta(hours=1))
    assert [step.action for step in history_of(task).order_by("pk")] == [
        "draft", "issue", "accept", "plan", "paper", "milestone", "measures", "report", "reopen", "paper", "milestone",
    ]  # fmt: skip
    with pytest.raises(PermissionDenied):
        services.write_plan(task, steps=STEPS, actor=city.liaison(city.units["住建局"]))
    with pytest.raises(Refusal, match="还没有到"):
        services.finish_milestone(
            last, actor=city.office, paper=PAPER, on_behalf="路灯所", at=MONDAY + timedelta(days=1)
        )


def test_what_the_ledger_holds_is_proof_and_not_asked_for_again(city, liaison):
    node = city.node("1.1")
    task = accepted(city, liaison, node=node)
    services.write_plan(task, steps=[Planned("完工", 100, date(2026, 11, 27))], actor=liaison)
    dossier = Dossier.objects.create(
        region=city.root.region, campaign=city.campaign, node=node, unit=city.units["城管局"], year=2026,
        due_on=date(2026, 11, 30),
    )  # fmt: skip
    assert not services.ledger_holds(task)
    piece = Piece.objects.create(region=city.root.region, unit=city.units["城管局"], kind="text", title="亮灯")
    Link.objects.create(region=city.root.region, dossier=dossier, slot="成效", piece=piece)
    services.finish_milestone(task.milestones.get(), actor=liaison, in_ledger=True)
    assert (again(task).progress, task.milestones.get().proof) == (0, "已在台账")


def test_task_without_a_responsible_person_is_not_issued(city):
    city.unit("园林局", post="")
    with pytest.raises(Refusal, match="园林局还没有责任人"):
        issued(city, "园林局")
    with pytest.raises(Refusal):
        issued(city, measure="")
    assert Task.objects.exclude(state="draft").count() == 0


def test_measures_that_stay_away_for_three_working_days_are_listed(city, liaison):
    slow, done = accepted(city, liaison), accepted(city, liaison)
    services.add_measures(done, measures="分片", people="路灯所", actor=liaison)
    for moment, found in (("2026-11-05T17:59", []), ("2026-11-05T18:01", [slow])):
        with clock.at(datetime.fromisoformat(moment).replace(tzinfo=ZONE)):
            assert list(Task.objects.filter(lacks_fixings_late())) == found


def test_supervisor_is_another_unit_and_another_person(city, liaison):
    office = city.unit("创建办")
    Group.objects.create(region=city.root.region, kind="leading", name="领导小组", office=office)
    task = issued(city)
    assert task.supervisor == office.posts.get()
    assert issued(city, "创建办").supervisor is None
    unit = city.units["城管局"]
    mine, chief = task.post, name_post(unit, PostKind.FIRST, "局长", actor=None)
    services.set_roles(task, implementer=chief, supervisor=office.posts.get(), actor=city.office)
    assert (again(task).implementer, task.supervisor) == (chief, office.posts.get())
    for post in (chief, office.posts.get()):
        hold_post(post, liaison, starts=date(2026, 1, 1), actor=None)
    for wrong in ({"supervisor": mine, "implementer": None}, {"supervisor": None, "implementer": office.posts.get()},
                  {"supervisor": office.posts.get(), "implementer": chief}):  # fmt: skip
        with pytest.raises(Refusal):
            services.set_roles(task, actor=city.office, **wrong)
    with pytest.raises(PermissionDenied):
        services.set_roles(task, implementer=None, supervisor=None, actor=liaison)
    services.object_to_task(task, reason="不归我", actor=liaison)
    services.uphold_task(task, reason="属实", unit=city.units["住建局"], actor=city.office)
    assert (again(task).implementer, task.supervisor) == (None, office.posts.get())


def test_tasks_wait_for_others_and_never_for_themselves(city, liaison):
    one, two, three = (issued(city, title=title) for title in ("一", "二", "三"))
    services.set_waits(two, others=[one], actor=city.office)
    services.set_waits(three, others=[two], actor=liaison)
    for others in ([three], [one]):
        with pytest.raises(Refusal):
            services.set_waits(one, others=others, actor=city.office)
    services.set_waits(three, others=[], actor=liaison)
    services.set_waits(one, others=[three], actor=city.office)
    with pytest.raises(PermissionDenied):
        services.set_waits(one, others=[], actor=city.liaison(city.units["住建局"]))
    abroad = make_city(leaves=1)
    abroad.unit("外地")
    with pytest.raises(Refusal):
        services.set_waits(one, others=[issued(abroad, "外地")], actor=city.office)


def test_later_deadline_is_asked_for_and_decided_with_both_words_kept(city, liaison):
    task = accepted(city, liaison)
    services.write_plan(task, steps=STEPS, actor=liaison)
    later = task.due_at + timedelta(days=14)
    for wrong in ({"due_at": task.due_at}, {"reason": " "}):
        with pytest.raises(Refusal):
            services.ask_postponement(task, **{"due_at": later, "reason": "材料未到", "actor": liaison} | wrong)
    services.ask_postponement(task, due_at=later, reason="材料未到", actor=liaison)
    assert list(Task.objects.filter(asks_for_time())) == [task]
    assert Notice.objects.filter(user=city.office, title="申请延期：改造路灯").count() == 1
    with pytest.raises(Refusal, match="还没有决定"):
        services.ask_postponement(task, due_at=later, reason="再请", actor=liaison)
    with pytest.raises(PermissionDenied):
        services.grant_postponement(task, due_at=later, reason="", actor=liaison)
    with pytest.raises(Refusal):
        services.grant_postponement(task, due_at=task.due_at, reason="", actor=city.office)
    services.refuse_postponement(task, reason="先用库存", actor=city.office)
    with pytest.raises(Refusal):
        services.refuse_postponement(task, reason="再拒", actor=city.office)
    services.ask_postponement(
        task, due_at=later, reason="库存用完", actor=city.office, on_behalf="路灯所", at=MONDAY - timedelta(hours=2)
    )
    services.grant_postponement(task, due_at=later, reason="同意", actor=city.office)
    assert (again(task).due_at, asks_for_time() and Task.objects.filter(asks_for_time()).count()) == (later, 0)
    assert [str(one.due_on) for one in task.milestones.order_by("due_on")] == ["2026-11-20", "2026-12-11"]
    kept = Postponement.objects.order_by("pk").values_list("state", "reason", "answer")
    assert list(kept) == [("refused", "材料未到", "先用库存"), ("granted", "库存用完", "同意")]
    services.cancel_task(task, reason="x", actor=city.office)
    with pytest.raises(Refusal):
        services.ask_postponement(task, due_at=later + timedelta(days=3), reason="x", actor=liaison)


def test_unit_keeps_a_list_of_its_own_and_the_office_confirms_it(city, liaison):
    given = {
        "title": "整治后院", "measure": "无杂物", "due_at": MONDAY + timedelta(days=20), "measures": "清运",
        "people": "后勤科", "actor": liaison, "book": "business",
    }  # fmt: skip
    task = services.add_own_task(city.campaign, city.units["城管局"], **given)
    assert (task.state, task.origin, task.book, task.supervisor) == ("accepted", "own", "business", None)
    services.report_task(task, note="清完", actor=liaison)
    services.confirm_task(task, actor=city.office)
    assert again(task).progress == 100
    for wrong in ({"measures": ""}, {"measure": ""}, {"people": " "}, {"due_at": MONDAY}, {"title": ""}):
        with pytest.raises(Refusal):
            services.add_own_task(city.campaign, city.units["城管局"], **given | wrong)
    with pytest.raises(PermissionDenied):
        services.add_own_task(city.campaign, city.units["住建局"], **given)


def test_office_sets_which_steps_are_proposed(city, liaison):
    region = city.root.region
    services.set_plan_rule(region, steps=[("开工", 30), ("完工", 100)], actor=city.office)
    region.refresh_from_db()
    assert services.plan_rule(region) == [("开工", 30), ("完工", 100)]
    for wrong in ([], [("开工", 30)], [("开工", 60), ("完工", 40)], [("", 100)], [("开工", 0), ("完工", 100)]):
        with pytest.raises(Refusal):
            services.set_plan_rule(region, steps=wrong, actor=city.office)
    with pytest.raises(PermissionDenied):
        services.set_plan_rule(region, steps=[("完工", 100)], actor=liaison)
