"""What people read when a task or a cell of the matrix is refused: what is wrong and the way out, word for word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import grant_role, name_post
from chuangwen.responsibilities import services
from chuangwen.responsibilities.models import Task
from chuangwen.workflow.services import StaleState
from tests.responsibilities.making import make_city
from tests.support.factories import NOON, make_unit
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
LATER = NOON + timedelta(days=10)
REASON = "请简单写明原因。对方会看到。"
STRANGE = "有单位不属于本地区。请选本地区的单位。"
MATRIX = "请重新打开责任分解。"


@pytest.fixture
def city():
    return make_city()


def test_words_about_a_draft(city):
    unit, foreign = city.unit("城管局"), make_unit()
    post = name_post(city.unit("住建局"), PostKind.ACTING, "副局长", actor=None)

    def refused(unit=unit, **changes):
        values = {"title": "清理", "measure": "干净", "due_at": LATER, "actor": city.office}
        return said(services.draft_task, city.campaign, unit, **values | changes)

    assert refused(title=" ") == "请写要办什么。一句话就行。"
    assert refused(measure="好" * 301) == "完成标准超过300字。请写短些，其余放在说明里。"
    assert refused(foreign) == STRANGE
    assert refused(post=post) == "这个职务属于别的单位。请选本单位的职务。"


def test_words_about_a_task_on_its_way(city):
    unit = city.unit("城管局")
    liaison, office = city.liaison(unit), city.office
    task = services.draft_task(city.campaign, unit, title="清理", due_at=LATER, actor=office)
    assert said(services.issue_task, task, actor=office) == "请写完成标准。"
    assert said(services.issue_task, task, actor=office, at=LATER) == "“清理”的时限已经过了。请把时限往后定。"
    Task.objects.filter(pk=task.pk).update(measure="干净")
    task.refresh_from_db()
    services.issue_task(task, actor=office)
    assert said(services.postpone_task, task, due_at=NOON, reason="x", actor=office) == (
        "新时限已经过了。请选晚一点的日期。"
    )
    assert said(services.postpone_task, task, due_at=LATER, reason=" ", actor=office) == REASON
    assert said(services.add_measures, task, measures="x", people="x", actor=liaison) == (
        "请先接受任务。然后补充措施和人员。"
    )
    assert said(services.note_progress, task, note="", actor=liaison) == "请先接受任务。然后更新进度。"
    assert said(services.accept_task, task, actor=office, on_behalf=" ") == (
        "您在代“城管局”录入，请写清是谁的答复。请写单位和职务。"
    )
    for act in (
        lambda **voice: services.accept_task(task, **voice),
        lambda **voice: services.object_to_task(task, reason="x", **voice),
        lambda **voice: services.add_measures(task, measures="x", people="x", **voice),
        lambda **voice: services.note_progress(task, note="x", **voice),
        lambda **voice: services.report_task(task, note="x", **voice),
    ):
        future = said(act, actor=office, on_behalf="办公室", at=NOON + timedelta(seconds=1))
        assert future == "填的时间还没有到。请填实际答复的时间。"
        assert said(act, actor=office) == "您在代“城管局”录入，请写清是谁的答复。请写单位和职务。"
        with pytest.raises(PermissionDenied, match=r"^responsibilities\.answer$"):
            act(actor=city.liaison(city.unit("别局")))
    services.accept_task(task, actor=liaison, at=NOON)
    assert said(services.add_measures, task, measures="x", people=" ", actor=liaison) == (
        "措施和人员都要填。请写做什么、由哪些岗位做。"
    )
    assert said(services.note_progress, task, note="", actor=liaison) == "请用几句话说明进展。"
    for measures, people in (("x", " "), (" ", "x")):
        Task.objects.filter(pk=task.pk).update(measures=measures, people=people)
        task.refresh_from_db()
        assert said(services.report_task, task, note="完成", actor=liaison) == "请先补充措施和人员。"
    services.add_measures(task, measures="x", people="x", actor=liaison)
    stale = Task.objects.get(pk=task.pk)
    services.report_task(task, note="完成", actor=liaison)
    grant_role(liaison, Role.OFFICE, city.root, actor=None)
    assert said(services.confirm_task, task, actor=liaison) == "要由单位以外的人确认。"
    for act in (
        lambda: services.add_measures(stale, measures="y", people="y", actor=None),
        lambda: services.postpone_task(task, due_at=LATER, reason="x", actor=office),
    ):
        with pytest.raises(StaleState, match=r"^“清理”刚才"):
            act()
    services.reopen_task(task, reason="x", actor=office)
    objected = services.draft_task(city.campaign, unit, title="b", measure="x", due_at=LATER, actor=office)
    services.issue_task(objected, actor=office)
    services.object_to_task(objected, reason="x", actor=None)
    assert said(services.uphold_task, objected, reason="x", actor=office, unit=make_unit()) == STRANGE


def test_words_about_the_matrix(city):
    unit, other, office = city.unit("甲局"), city.unit("乙局"), city.office
    node = city.node("1.1")
    assert said(services.set_share, city.campaign, node, unit, "boss", actor=office) == (
        "“boss”既不是牵头也不是配合。请在两者中选一个。"
    )
    section = city.node("1")
    no_criterion = f"有一条测评标准不在本创建周期的测评体系里。{MATRIX}"
    assert said(services.set_share, city.campaign, section, unit, "lead", actor=office) == no_criterion
    assert said(services.mark_split, city.campaign, section, split=True, actor=office) == no_criterion
    assert said(services.set_share, city.campaign, node, make_unit(), "lead", actor=office) == (
        f"有单位不属于本地区。{MATRIX}"
    )
    region = city.root.region
    nameless = "请填名称，至少选一个单位。请选出它指的单位。"
    assert said(services.name_collective, region, " ", [unit], actor=office) == nameless
    assert said(services.name_collective, region, "x", [], actor=office) == nameless
    assert said(services.name_collective, region, "x", [unit, make_unit()], actor=office) == STRANGE
    assert said(services.set_overload_rule, region, deviations=11, most=0, actor=office) == (
        "数值超出范围。标准差填0到10，条数最多10000。"
    )
    assert said(services.renew_breakdown, city.campaign, actor=office) == ("没有可以沿用分工的旧版本。请在表里逐格填。")
    services.set_share(city.campaign, node, unit, "lead", actor=office)
    assert said(services.claim_criterion, city.campaign, node, other, actor=city.liaison(other)) == (
        "“标准1”已由甲局牵头。请另选一条，或与创建办商量。"
    )
    with pytest.raises(PermissionDenied, match=r"^responsibilities\.answer$"):
        services.claim_criterion(city.campaign, node, unit, actor=city.liaison(other))
