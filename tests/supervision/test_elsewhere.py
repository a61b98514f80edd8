"""What supervision says on start pages, beside problems, tasks, dossiers and units, and in the search."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.panels import counted
from chuangwen.core.search import MOST
from chuangwen.evidence.models import Dossier
from chuangwen.rectification.models import Problem
from chuangwen.supervision.beside import dossier_notices, problem_ahead, problem_notices, task_notices, unit_notices
from chuangwen.supervision.desk import desk, figures
from chuangwen.supervision.models import Flag, SupervisionNotice, VetoKind
from chuangwen.supervision.search import search_notices
from chuangwen.supervision.services import (
    Event,
    Told,
    answer_notice,
    ask_body,
    confirm_event,
    propose_by_hand,
    propose_notices,
    propose_story,
    report_event,
    sign_notice,
)
from tests.supervision.making import NOW, SCAN, days_later
from tests.support.asking import asked_by
from tests.support.factories import make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def lines(user):
    return [(one.group, str(one.title), str(one.action)) for one in counted(desk(asked_by(user)))]


def event(world):
    kind = VetoKind.objects.filter(region=world.region, falsification=False).first()
    return report_event(Event(world.unit, kind, date(2026, 11, 10), "事故", "通报"), actor=world.office)


def test_start_page_of_the_office_counts_what_is_to_be_signed_and_judged(world, noon):
    assert lines(world.office) == []
    world.problem()
    (notice,) = propose_notices(world.region)
    assert lines(world.office) == [("decide", "1张督办单待签发", "签发")]
    sign_notice(notice, actor=world.office)
    assert lines(world.office) == []
    assert lines(world.liaison) == [("week", "白单待答复", "答复")]
    with days_later(3):
        assert lines(world.liaison) == [("late", "白单待答复", "答复")]
    answer_notice(notice, text="已清理", actor=world.liaison)
    assert lines(world.office) == [("decide", "1份督办答复待审", "审核")]
    assert [lines(one) for one in (world.liaison, world.leader, make_user())] == [[], [], []]


def test_start_page_of_a_unit_names_four_notices_and_counts_the_rest(world, noon):
    for number in range(5):
        SupervisionNotice.objects.create(
            region=world.region, unit=world.unit, colour="white", number=f"2026-{number:04}", state="sent",
            day=NOW.date() - timedelta(days=number), signer="clerk", proposed_at=NOW, signed_at=NOW, signed_name="办",
            due_at=NOW + timedelta(days=number),
        )  # fmt: skip
    assert lines(world.liaison) == [("week", "白单待答复", "答复")] * 4 + [("mine", "共5张督办单待答复", "")]


def test_start_page_calls_for_talks_events_of_others_flags_and_joint_signatures(world, noon):
    red = propose_by_hand(world.unit, colour="red", problems=[world.problem()], reason="急", actor=world.office)
    body = make_unit(world.root, name="市委督查室")
    head = make_user(Role.LEADER, body)
    ask_body(red, unit=body, actor=world.office)
    assert lines(head) == [("decide", f"发给{world.unit}的联合督办单待会签", "签发")]
    red.bodies.all().delete()
    sign_notice(red, actor=world.colleague, signed_name="副组长", scans=[SCAN])
    assert lines(head) == []
    Flag.objects.create(region=world.region, unit=world.unit, colour="black", peer_group="市直", score=50,
                        starts=date(2026, 10, 1), ends=date(2026, 10, 31))  # fmt: skip
    event(world)
    told = [("decide", "1次约谈待进行", "登记"), ("decide", "1面红旗黑牌待授予", "授予")]
    assert lines(world.office) == told
    assert lines(world.colleague) == [told[0], ("decide", "1件否决事项待确认", "去确认"), told[1]]


def test_key_figure_counts_running_notices_and_late_answers(world, noon):
    def figure(user):
        return [(one.value, str(one.sub), one.tone) for one in counted(figures(asked_by(user)))]

    assert figure(world.office) == [("0", "", "")]
    world.sent()
    assert (figure(world.office), figure(world.liaison)) == ([("1", "", "")], [])
    with days_later(5):
        assert figure(world.office) == [("1", "1张逾期未答复", "bad")]


def test_problem_says_which_notices_list_it_and_what_comes_next(world, noon):
    problem = world.problem()
    request = asked_by(world.office)
    panel = problem_notices(request, problem)
    assert (panel.context["notices"], panel.context["expose"], panel.context["follow"]) == ([], "", "")
    assert [step["shape"] for step in panel.context["steps"]] == ["white", "yellow", "red"]
    assert panel.context["propose"].endswith(f"?problem={problem.number}")
    sign_notice(propose_notices(world.region)[0], actor=world.office)
    panel = problem_notices(request, problem)
    assert [(one["label"], one["second"], one["word"]) for one in panel.context["notices"]] == [
        ("白单", "督白〔2026〕1号 · 11月18日(周三)", "已发出")
    ]
    assert panel.context["expose"].endswith(f"?problem={problem.number}")
    assert panel.context["follow"].endswith(f"?basis=problem:{problem.number}")
    assert problem_notices(asked_by(world.liaison), problem).context["follow"] == ""
    assert problem_notices(asked_by(world.liaison), problem).context["propose"] == ""
    assert problem_notices(asked_by(make_user()), problem) is None
    assert [step["shape"] for step in problem_ahead(request, problem).context["steps"]] == ["yellow", "red"]


def test_closed_problem_that_was_exposed_shows_that_alone(world, noon):
    problem = world.problem(state="closed", closed_at=NOW)
    assert problem_notices(asked_by(world.office), problem) is None
    assert problem_ahead(asked_by(world.office), problem) is None
    values = {"kind": "exposure", "unit": world.unit, "title": "占道", "text": "南门外占道", "outlet": "电视台"}
    propose_story(Told(**values, problem=problem), actor=world.office)
    panel = problem_notices(asked_by(world.office), problem)
    assert (panel.context["notices"], panel.context["steps"], panel.context["expose"]) == ([], [], "")
    assert [(one["title"], one["kind"]) for one in panel.context["stories"]] == [("占道", "曝光")]


def test_task_and_dossier_say_what_comes_next_to_who_may_know(world, noon):
    task = world.task()
    campaign = task.campaign
    node = campaign.standards.get().version.nodes.filter(is_leaf=True).first()
    dossier = Dossier.objects.create(
        region=world.region, campaign=campaign, node=node, unit=world.unit, year=2026, due_on=date(2026, 11, 16),
        slots_needed=3,
    )  # fmt: skip
    for ask, row, name in (
        (task_notices, task, f"task={task.number}"),
        (dossier_notices, dossier, f"dossier={dossier.pk}"),
    ):
        panel = ask(asked_by(world.office), row)
        assert [step["shape"] for step in panel.context["steps"]] == ["white", "yellow", "red"]
        assert panel.context["propose"].endswith(name)
        assert ask(asked_by(make_user()), row) is None
    type(task).objects.filter(pk=task.pk).update(state="confirmed")
    task.refresh_from_db()
    assert task_notices(asked_by(world.office), task) is None


def told_of(user, unit):
    panel = unit_notices(asked_by(user), unit)
    if panel is None:
        return None
    return str(panel.context["note"]), [(str(one.text), str(one.end), one.tone) for one in panel.context["lines"]]


def test_unit_says_what_runs_what_comes_next_and_whether_it_is_barred(world, noon):
    assert told_of(world.office, world.unit) is None
    world.problem(), world.problem()
    note, found = told_of(world.office, world.unit)
    assert note == "近12个月：白单0张，黄单0张，红单0张。"
    assert found == [("下一步：白单（2件）", "11月19日(周四)", "")]
    (notice,) = propose_notices(world.region)
    sign_notice(notice, actor=world.office)
    confirm_event(event(world), actor=world.leader)
    note, found = told_of(world.liaison, world.unit)
    assert note == "近12个月：白单1张，黄单0张，红单0张。"
    assert [(text, tone) for text, _end, tone in found] == [
        ("白单", ""), ("下一步：黄单（2件）", ""), ("受一票否决影响", "bad"),
    ]  # fmt: skip
    assert found[-1][1] == "至2027年11月10日(周三)"
    assert told_of(make_user(), world.unit) is None


def test_unit_whose_notices_are_all_settled_says_that_none_runs(world):
    notice = world.sent()
    with clock.at(NOW):
        Problem.objects.update(state="closed")
        SupervisionNotice.objects.filter(pk=notice.pk).update(state="settled", settled_at=NOW)
        assert told_of(world.office, world.unit) == (
            "近12个月：白单1张，黄单0张，红单0张。", [("没有在办的督办单", "", "")],
        )  # fmt: skip


def test_search_finds_by_number_first_and_stops_where_there_is_enough(world, noon):
    world.sent(title="占道")
    SupervisionNotice.objects.update(reason="南门积水")
    one = SupervisionNotice.objects.get()
    assert [hit.label for hit in search_notices(asked_by(world.office), "积水").hits] == ["城管局白单"]
    assert [hit.url for hit in search_notices(asked_by(world.office), one.number).hits] == [f"/notices/{one.number}/"]
    assert search_notices(asked_by(make_user()), "积水").hits == []
    for number in range(MOST + 1):
        SupervisionNotice.objects.create(
            region=world.region, unit=world.unit, colour="yellow", number=f"2026-8{number:03}", day=NOW.date(),
            state="dropped", signer="director", proposed_at=NOW, due_at=NOW,
        )  # fmt: skip
    assert len(search_notices(asked_by(world.office), "城管").hits) == MOST
