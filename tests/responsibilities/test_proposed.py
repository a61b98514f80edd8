"""Measures and people that nobody entered: proposed from what is known, confirmed by accepting or reporting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.organizations.models import Post
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.milestones import Planned
from chuangwen.responsibilities.models import Instruction, Task
from chuangwen.responsibilities.queries.proposed import LONGEST, pieces_held, proposed_fixings
from chuangwen.responsibilities.services import (
    accept_task,
    add_measures,
    open_duty,
    report_task,
    write_plan,
)
from chuangwen.workflow.queries import history_of
from tests.responsibilities.making import make_city
from tests.support.factories import make_task

pytestmark = pytest.mark.django_db
SAID = "由城管局牵头,月底前对\n主次干道乱贴乱画集中清理一遍"


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def unit(city):
    return city.unit("城管局", post="分管副局长")


@pytest.fixture
def liaison(city, unit):
    return city.liaison(unit)


@pytest.fixture
def task(city, unit):
    return make_task(
        unit, campaign=city.campaign, title="清理乱贴乱画", measure="看不到", origin_text=SAID, post=unit.posts.get()
    )


def address(task: Task, action: str) -> str:
    return reverse("responsibilities:step", args=[task.pk, action])


def test_paper_and_post_say_measures_and_people(task):
    known = proposed_fixings(task)
    assert (known.measures, known.people) == (" ".join(SAID.split()), "分管副局长")
    assert known.measures_from.startswith("取自文件原文")
    assert known.people_from.startswith("取自本单位岗位")


def test_task_by_hand_proposes_its_own_words_and_the_units_post(city, unit):
    task = make_task(unit, campaign=city.campaign, title="清理乱贴乱画")
    assert (proposed_fixings(task).measures, proposed_fixings(task).people) == ("清理乱贴乱画", "分管副局长")
    task.unit.posts.all().delete()
    assert (proposed_fixings(task).people, proposed_fixings(task).people_from) == ("", "")


def test_long_sentence_is_cut(task):
    task.origin_text = "长" * (LONGEST + 1)
    assert (len(proposed_fixings(task).measures), proposed_fixings(task).measures[-1]) == (LONGEST, "…")
    task.origin_text = "长" * LONGEST
    assert proposed_fixings(task).measures == "长" * LONGEST


def test_what_the_unit_entered_comes_before_all(task, liaison):
    accept_task(task, actor=liaison)
    add_measures(task, measures="每日巡查", people="科长", actor=liaison)
    known = proposed_fixings(task)
    assert (known.measures, known.people, known.measures_from, known.people_from) == ("每日巡查", "科长", "", "")


def test_plan_comes_before_the_paper_and_who_does_it_before_the_post(task, liaison, unit):
    accept_task(task, actor=liaison)
    due = clock.local(task.due_at).date()
    write_plan(task, steps=[Planned("摸底", 40, due - timedelta(days=1)), Planned("清理", 60, due)], actor=liaison)
    task.implementer = Post.objects.create(region=unit.region, unit=unit, kind="other", title="市容科科长")
    known = proposed_fixings(task)
    assert (known.measures, known.people) == ("摸底、清理", "市容科科长、分管副局长")


def test_last_task_of_the_duty_comes_before_the_paper_and_another_units_never(city, unit):
    duty = open_duty(
        city.campaign, unit, title="报送进展", measure="按时", schedule=schedule_of("每月25日前"), actor=city.office
    )
    common = {"campaign": city.campaign, "duty": duty, "state": "confirmed", "measures": "汇总", "people": "办公室主任"}
    make_task(unit, **common, due_at=clock.now() - timedelta(days=40), occurrence="1")
    make_task(city.unit("住建局"), **common | {"measures": "别家的", "occurrence": "2"})
    task = make_task(unit, campaign=city.campaign, duty=duty, occurrence="3", origin_text=SAID)
    known = proposed_fixings(task)
    assert (known.measures, known.people) == ("汇总", "办公室主任")
    assert known.people_from.startswith("与上次相同")


def test_acceptance_confirms_what_was_proposed_and_the_history_says_so(task, liaison, sign_in):
    client = sign_in(liaison)
    shown = client.get(reverse("responsibilities:task", args=[task.pk])).context["answer"]["form"]
    sent = {name: shown[name].value() for name in ("measures", "people")}
    assert client.post(address(task, "accept"), sent).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.measures, task.people) == ("accepted", " ".join(SAID.split()), "分管副局长")
    assert [(one.action, one.data) for one in history_of(task)] == [("accept", {}), ("measures", {"proposed": True})]
    page = client.get(reverse("responsibilities:task", args=[task.pk]))
    assert page.context["entries"][0]["text"] == "按系统所拟确认"


def test_changed_proposal_is_the_units_own(task, liaison):
    accept_task(task, actor=liaison, measures="每日两巡", people="分管副局长")
    assert history_of(task).last().data == {}
    assert Task.objects.get(pk=task.pk).measures == "每日两巡"


def test_acceptance_with_one_of_both_is_refused_whole(task, liaison):
    with pytest.raises(Refusal) as told:
        accept_task(task, actor=liaison, measures="每日两巡")
    assert told.value.message == "措施和人员都要填。"
    assert Task.objects.get(pk=task.pk).state == "issued"


def test_report_brings_along_what_was_missing_and_needs_no_words(task, liaison):
    accept_task(task, actor=liaison)
    with pytest.raises(Refusal):
        report_task(task, actor=liaison)
    known = proposed_fixings(task)
    report_task(task, actor=liaison, measures=known.measures, people=known.people)
    assert [one.action for one in history_of(task)] == ["accept", "measures", "report"]
    task.refresh_from_db()
    assert (task.state, task.people, task.progress) == ("reported", "分管副局长", 0)


def test_report_page_asks_for_nothing_where_both_were_given(task, liaison, sign_in):
    accept_task(task, actor=liaison)
    client = sign_in(liaison)
    page = client.get(address(task, "report"))
    assert list(page.context["form"].fields) == ["measures", "people", "note", "paper"]
    add_measures(task, measures="每日巡查", people="科长", actor=liaison)
    page = client.get(reverse("responsibilities:task", args=[task.pk]))
    assert list(page.context["answer"]["form"].fields) == ["note", "paper"]
    assert client.post(address(task, "report"), {"note": ""}).status_code == 302


def test_report_page_tells_what_the_ledger_holds(city, task, liaison, unit, sign_in):
    accept_task(task, actor=liaison)
    task.node = city.node("1.1")
    task.save(update_fields=["node"])
    assert pieces_held(task) == 0
    for one in (unit, city.unit("住建局")):
        dossier = Dossier.objects.create(
            region=one.region, campaign=city.campaign, node=task.node, unit=one, year=2026, due_on=clock.today()
        )
        piece = Piece.objects.create(region=one.region, unit=one, title="通知")
        Link.objects.create(region=one.region, dossier=dossier, slot="成效", piece=piece)
    assert pieces_held(task) == 1
    assert "台账里已有1件材料" in sign_in(liaison).get(address(task, "report")).content.decode()


def test_nothing_is_proposed_to_who_enters_it_for_the_unit(city, task, sign_in):
    accept_task(task, actor=None)
    client = sign_in(city.office)
    form = client.get(address(task, "report")).context["form"]
    assert [form[name].value() for name in ("measures", "people")] == [None, None]
    assert client.post(address(task, "report"), {"on_behalf": "城管局办公室", "at": ""}).status_code == 422
    assert client.get(address(task, "measures")).context["form"]["measures"].value() == ""


def test_words_are_owed_to_the_leader_who_instructed(city, unit, liaison, task):
    task.instruction = Instruction.objects.create(
        region=unit.region, campaign=city.campaign, number="批1", post=unit.posts.get(), signed_as="市长",
        written_on=clock.today(), about="环境", content="限期整改", medium="spoken",
    )  # fmt: skip
    task.save(update_fields=["instruction"])
    assert proposed_fixings(task).measures == "限期整改"
    accept_task(task, actor=liaison, measures="整改", people="科长")
    with pytest.raises(Refusal) as told:
        report_task(task, actor=liaison, note=" ")
    assert (told.value.message, told.value.way_out) == ("请简要说明完成了什么。", "批示领导据此了解办理结果。")
    report_task(task, actor=liaison, note="已整改")
    assert task.state == "reported"
