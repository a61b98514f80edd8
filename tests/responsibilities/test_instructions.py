"""Instructions of leaders: written or taken down, handed out, answered, reminded of, withdrawn."""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from PIL import Image

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import BadUpload
from chuangwen.core.models import Attachment
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import hold_post, name_post
from chuangwen.responsibilities import services, standing
from chuangwen.responsibilities.models import Instruction, Medium, Task, Urgency
from chuangwen.responsibilities.queries.instructions import in_standing, is_late, posts_held, standing_of, with_tasks
from chuangwen.responsibilities.services import Errand, Scan
from chuangwen.responsibilities.services.repeating import Again
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import StaleState
from tests.responsibilities.making import make_city
from tests.support.factories import NOON, make_task, make_unit, make_user
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
LATER = NOON + timedelta(days=3)
AGAIN = Again("领导另有批示")  # the same matter comes more than once here


def picture():
    buffer = io.BytesIO()
    Image.new("L", (8, 8), 255).save(buffer, "PNG")
    return buffer.getvalue()


SHEET = Scan("批示.png", picture())


@pytest.fixture
def city():
    made = make_city()
    made.unit("城管局")
    made.unit("住建局")
    return made


@pytest.fixture
def mayor(city):
    return name_post(city.root, PostKind.FIRST, "市长", actor=None)


@pytest.fixture
def leader(city, mayor):
    user = make_user(Role.LEADER, city.root)
    hold_post(mayor, user, starts=date(2026, 1, 1), actor=None)
    return user


def errand(city, *names, helps=(), due_at=LATER, reply="结果和照片"):
    return Errand(
        [city.units[name] for name in names], due_at, reply, [city.units[name] for name in helps], again=AGAIN
    )


def taken_down(city, mayor, *names, actor=None, **changes):
    """An instruction on paper, entered by the office."""
    values = {
        "about": "公厕夜间锁门", "content": "请城管局一周内解决。", "medium": Medium.PAPER, "scan": SHEET,
        "errand": errand(city, *(names or ("城管局",))), "actor": actor or city.office,
    }  # fmt: skip
    return services.write_instruction(city.campaign, mayor, **values | changes)


def told_to(user):
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("title", "urgent"))


def test_one_act_makes_the_instruction_and_its_urgent_tasks(city, mayor):
    liaison, helper = city.liaison(city.units["城管局"]), city.liaison(city.units["住建局"])
    made = taken_down(city, mayor, errand=errand(city, "城管局", helps=("住建局", "城管局")), urgency=Urgency.MOST)
    assert (made.number, made.signed_as, made.written_on, made.entered_by) == (
        "P2026-0001", "云溪市 市长", date(2026, 11, 18), city.office,
    )  # fmt: skip
    task = made.tasks.get()
    assert (task.title, task.measure, task.state, task.origin, task.due_at, task.origin_text, task.issued_at) == (
        "公厕夜间锁门", "结果和照片", "issued", "instruct", LATER, "请城管局一周内解决。", NOON,
    )  # fmt: skip
    assert list(task.cooperating.all()) == [city.units["住建局"]]
    assert told_to(liaison) == [("云溪市 市长批示：公厕夜间锁门", True)]
    assert told_to(helper) == [("请配合办理，云溪市 市长批示：公厕夜间锁门", True)]
    assert Attachment.objects.get(owner_type="responsibilities.instruction", owner_id=made.pk).name == "批示.png"
    step = Step.objects.get(object_type="responsibilities.instruction", object_id=made.pk)
    assert (step.action, step.actor_id, step.on_behalf) == ("write", city.office.pk, "云溪市 市长")


def test_each_leading_unit_has_a_task_of_its_own(city, mayor):
    made = taken_down(city, mayor, "城管局", "住建局", urgency=Urgency.ORDINARY)
    assert sorted(str(task.unit) for task in made.tasks.all()) == ["住建局", "城管局"]
    assert taken_down(city, mayor).number == "P2026-0002"


def test_leader_writes_as_the_own_post_and_may_leave_the_units_to_the_office(city, mayor, leader):
    made = services.write_instruction(city.campaign, mayor, about="窗口服务", content="请研究。", actor=leader)
    assert (made.medium, made.tasks.count(), told_to(city.office)) == (
        Medium.SCREEN, 0, [("云溪市 市长的批示待交办：窗口服务", True)],
    )  # fmt: skip
    assert Step.objects.get(object_id=made.pk, action="write").on_behalf == ""
    tasks = services.pass_on_instruction(made, errand(city, "城管局"), actor=city.office)
    assert [(task.state, task.instruction) for task in tasks] == [("issued", made)]
    own = services.write_instruction(
        city.campaign, mayor, about="路灯", content="请修。", errand=errand(city, "住建局"), actor=leader
    )
    assert own.tasks.get().state == "issued"


def test_leader_of_a_unit_instructs_only_that_unit_and_those_below(city, mayor):
    unit = city.units["城管局"]
    below = make_unit(unit, name="环卫处")
    chief = make_user(Role.LEADER, unit)
    post = name_post(unit, PostKind.FIRST, "局长", actor=None)
    hold_post(post, chief, starts=date(2026, 1, 1), actor=None)
    values = {"about": "清扫", "content": "请办。", "actor": chief}
    made = services.write_instruction(city.campaign, post, errand=Errand([below], LATER, "结果"), **values)
    assert list(Instruction.objects.visible_to(chief)) == [made]
    refused = said(services.write_instruction, city.campaign, post, errand=errand(city, "住建局"), **values)
    assert refused == "“住建局”不在您分管的单位里。请选本单位或下属单位。"
    with pytest.raises(PermissionDenied):
        services.write_instruction(city.campaign, mayor, **values)


def test_words_about_who_writes(city, mayor, leader):
    vice = name_post(city.root, PostKind.CHARGE, "副市长", actor=None)
    liaison = name_post(city.root, PostKind.LIAISON, "联络员", actor=None)
    strange = name_post(make_unit(), PostKind.FIRST, "局长", actor=None)
    values = {"about": "路灯", "content": "请修。"}
    assert said(services.write_instruction, city.campaign, vice, actor=leader, **values) == (
        "“云溪市 副市长”不是您的职务。其他领导的批示由创建办录入。"
    )
    assert said(taken_down, city, liaison) == "联络员不作批示。请选领导的职务。"
    assert said(services.write_instruction, city.campaign, strange, actor=None, **values) == (
        "这个职务不属于本地区。请选本地区的职务。"
    )
    with pytest.raises(PermissionDenied):
        services.write_instruction(city.campaign, mayor, actor=city.liaison(city.units["城管局"]), **values)
    with pytest.raises(PermissionDenied):
        taken_down(city, strange)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"about": " "}, "请写批示事项。一句话就行。"),
        ({"about": "好" * 201}, "批示事项超过200字。请写短些，批示内容可以写长。"),
        ({"content": "\n"}, "还没有批示内容。请照领导的原话录入。"),
        ({"written_on": date(2026, 11, 19)}, "日期在今天以后。请填实际批示的日期。"),
        ({"medium": Medium.SCREEN}, "请写明领导是怎样批示的。请选书面或口头。"),
        ({"scan": None}, "还没有批示件的扫描件。请附上照片或PDF。"),
        ({"errand": None}, "请写交办给哪个单位。请至少选一个牵头单位。"),
    ],
)
def test_words_about_what_is_taken_down(city, mayor, changes, words):
    assert said(taken_down, city, mayor, **changes) == words
    assert (Instruction.objects.count(), Task.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("names", "changes", "words"),
    [
        ((), {}, "请写交办给哪个单位。请至少选一个牵头单位。"),
        (("城管局",), {"reply": " "}, "请写要回复什么。一句话就行。"),
        (("城管局",), {"due_at": NOON}, "时限已经过了。请把时限往后定。"),
    ],
)
def test_words_about_an_errand(city, mayor, names, changes, words):
    assert said(taken_down, city, mayor, errand=errand(city, *names, **changes)) == words
    assert (Instruction.objects.count(), Attachment.objects.count()) == (0, 0)


def test_by_word_of_mouth_needs_no_scan_and_a_scan_is_a_picture_or_a_pdf(city, mayor):
    assert taken_down(city, mayor, medium=Medium.SPOKEN, scan=None).medium == Medium.SPOKEN
    with pytest.raises(BadUpload):
        taken_down(city, mayor, scan=Scan("a.txt", "批示".encode()))


def test_unit_of_another_region_is_refused(city, mayor):
    strange = Errand([make_unit(name="外地局")], LATER, "结果")
    assert said(taken_down, city, mayor, errand=strange) == "“外地局”不在您分管的单位里。请选本单位或下属单位。"


def test_instruction_goes_to_a_unit_once_until_its_task_is_cancelled(city, mayor):
    made = taken_down(city, mayor)
    again = errand(city, "住建局", "城管局")
    assert said(services.pass_on_instruction, made, again, actor=city.office) == (
        "这件批示已经交办给城管局。请去掉这个单位，或打开它的任务。"
    )
    assert made.tasks.count() == 1
    services.cancel_task(made.tasks.get(), reason="另行安排", actor=city.office)
    services.pass_on_instruction(made, again, actor=city.office)
    assert made.tasks.exclude(state="cancelled").count() == 2
    assert Step.objects.get(object_id=made.pk, action="pass_on").data == {"units": ["住建局", "城管局"]}


def test_report_of_the_unit_is_the_reply_and_the_leader_is_told(city, mayor, leader):
    made = taken_down(city, mayor)
    liaison, task = city.liaison(city.units["城管局"]), made.tasks.get()
    services.accept_task(task, actor=liaison)
    services.add_measures(task, measures="两班保洁", people="科长", actor=liaison)
    services.report_task(task, note="已办结", actor=liaison)
    assert told_to(leader) == [("城管局回复了您的批示：公厕夜间锁门", False)]
    found = with_tasks(Instruction.objects.filter(pk=made.pk), leader).get()
    assert (standing_of(found).key, found.tasks.all()[0].reply) == (standing.ANSWERED, "已办结")


def test_reminder_goes_to_who_has_not_replied(city, mayor, leader):
    made = taken_down(city, mayor, "城管局", "住建局")
    made.tasks.filter(unit=city.units["住建局"]).update(state="reported")
    waiting, replied = city.liaison(city.units["城管局"]), city.liaison(city.units["住建局"])
    assert services.remind_of_instruction(made, actor=leader) == 1
    assert (told_to(waiting), told_to(replied)) == ([("请尽快回复批示：公厕夜间锁门", True)], [])
    made.tasks.update(state="reported")
    assert said(services.remind_of_instruction, made, actor=city.office) == ("没有等回复的单位。打开批示看现在的情况。")
    with pytest.raises(PermissionDenied):
        services.remind_of_instruction(made, actor=waiting)


def test_withdrawn_instruction_takes_its_tasks_along(city, mayor, leader):
    made = taken_down(city, mayor, "城管局", "住建局")
    assert said(services.withdraw_instruction, made, reason=" ", actor=city.office) == ("请简单写明原因。对方会看到。")
    with pytest.raises(PermissionDenied):
        services.withdraw_instruction(made, reason="误录", actor=leader)
    services.withdraw_instruction(made, reason="误录", actor=city.office)
    assert set(made.tasks.values_list("state", flat=True)) == {"cancelled"}
    with pytest.raises(StaleState):
        services.withdraw_instruction(made, reason="误录", actor=city.office)
    assert said(services.pass_on_instruction, made, errand(city, "城管局"), actor=city.office) == (
        "这件批示已经撤回。如果仍要办，请重新录入。"
    )


@pytest.mark.parametrize("state", ["reported", "confirmed"])
def test_instruction_with_a_reply_is_not_withdrawn(city, mayor, state):
    made = taken_down(city, mayor, "城管局", "住建局")
    made.tasks.filter(unit=city.units["住建局"]).update(state=state)
    assert said(services.withdraw_instruction, made, reason="误录", actor=city.office) == (
        "住建局已经回复过这件批示。请确认回复，或退回该单位。"
    )
    made.refresh_from_db()
    assert (made.withdrawn_at, made.tasks.filter(state="cancelled").count()) == (None, 0)


def test_unit_sees_the_instructions_it_has_a_task_of_and_only_its_own_task(city, mayor, leader):
    made = taken_down(city, mayor, "城管局", "住建局")
    other = taken_down(city, mayor, "住建局")
    liaison = city.liaison(city.units["城管局"])
    assert list(Instruction.objects.visible_to(liaison)) == [made]
    seen = with_tasks(Instruction.objects.visible_to(liaison), liaison).get()
    assert [str(task.unit) for task in seen.tasks.all()] == ["城管局"]
    assert set(Instruction.objects.visible_to(leader)) == {made, other}
    assert list(Instruction.objects.visible_to(make_user(Role.OFFICE))) == []


def test_posts_of_a_person_are_those_held_today_but_a_liaisons(city, mayor, leader):
    liaison = name_post(city.root, PostKind.LIAISON, "联络员", actor=None)
    hold_post(liaison, leader, starts=date(2026, 1, 1), actor=None)
    vice = name_post(city.root, PostKind.CHARGE, "副市长", actor=None)
    hold_post(vice, leader, starts=date(2026, 12, 1), actor=None)
    assert list(posts_held(leader)) == [mayor]


def test_conditions_of_the_list_say_what_the_pure_rule_says(city, mayor):
    """Every pair of states, running and withdrawn: exactly one tab holds it, the one of the rule."""
    states = ["draft", "issued", "reported", "confirmed", "cancelled"]
    office = city.office
    for number, (first, second, withdrawn) in enumerate(product(["", *states], states, (False, True))):
        made = Instruction.objects.create(
            region=city.root.region, campaign=city.campaign, number=f"X{number}", post=mayor, about="路灯",
            content="修", written_on=date(2026, 11, 18), medium=Medium.PAPER, withdrawn_at=NOON if withdrawn else None,
        )  # fmt: skip
        for state in filter(None, (first, second)):
            make_task(
                city.units["城管局"], campaign=city.campaign, instruction=made, state=state,
                due_at=NOON + timedelta(days=number % 3 - 1),
            )  # fmt: skip
    keys = (standing.UNASSIGNED, standing.RUNNING, standing.ANSWERED, standing.DONE, standing.WITHDRAWN)
    rows = with_tasks(Instruction.objects.all(), office)
    wanted = {one.pk: (standing_of(one).key, standing_of(one).is_late) for one in rows}
    late = set(rows.filter(is_late(office)).values_list("pk", flat=True))
    found = {
        pk: (key, pk in late)
        for key in keys
        for pk in rows.filter(in_standing(key, office)).values_list("pk", flat=True)
    }
    assert found == wanted
    assert sum(rows.filter(in_standing(key, office)).count() for key in keys) == len(wanted)


def test_paper_hangs_on_a_task_by_who_answers_for_it(city, mayor, leader):
    task = taken_down(city, mayor).tasks.get()
    kept = services.keep_paper(task, SHEET, actor=city.liaison(city.units["城管局"]))
    assert (kept.owner_type, kept.owner_id, kept.name) == ("responsibilities.task", task.pk, "批示.png")
    assert Step.objects.get(object_type="responsibilities.task", action="paper").data["name"] == "批示.png"
    for other in (leader, city.liaison(city.units["住建局"])):
        with pytest.raises(PermissionDenied):
            services.keep_paper(task, SHEET, actor=other)
