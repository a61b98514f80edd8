"""Goals by group of criteria: one group a criterion, figures from the last run, gaps and what can still be won."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.inspections.models import Observation
from chuangwen.scoring.models import GoalGroup
from chuangwen.scoring.queries.goals import goals_of
from chuangwen.scoring.services import run_scoring
from chuangwen.scoring.services.goals import Aim, remove_goal, save_goal, write_goals
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.services import publish_standard
from tests.inspections.results_making import STANDARD, Judging, make_judging
from tests.support.factories import NOON, make_campaign, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def judging() -> Any:
    with clock.at(NOON):
        yield make_judging()


def lines(judging: Judging) -> dict[str, Any]:
    found = goals_of(judging.round.campaign)
    assert found is not None
    return {one.group.name: one for one in found.lines}


def test_groups_of_the_field_are_written_once_as_far_as_the_standard_has_them(judging: Judging) -> None:
    campaign = judging.round.campaign
    assert goals_of(campaign) is None
    assert write_goals(campaign, actor=judging.office) == 4  # no section on minors
    assert write_goals(campaign, actor=judging.office) == 0
    found = goals_of(campaign)
    assert found is not None
    assert [(one.group.name, one.criteria, one.group.goal) for one in found.lines] == [
        ("申报材料", 5, None), ("满意度", 1, None), ("点位", 1, None), ("部位", 1, None),
    ]  # fmt: skip
    assert found.several == [("1.1 整洁", "点位、部位")]
    assert (found.none, found.run) == ([], None)
    assert Entry.objects.filter(action="scoring.goals.write").count() == 1
    with pytest.raises(PermissionDenied):
        write_goals(campaign, actor=make_user(Role.LIAISON, judging.bureau))


def test_groups_of_the_field_hold_what_the_standard_says_of_minors_drawn_and_seen_places(judging: Judging) -> None:
    region = judging.root.region
    text = STANDARD.replace("results-test", "minors").replace("其他方法", "未成年人思想道德建设").replace(
        "{code: market, name: 农贸市场}", "{code: market, name: 农贸市场}, {code: shop, name: 小店, ad_hoc: true}"
    )  # fmt: skip
    version, _new = publish_standard(read_standard(text.encode(), "s.yaml"), region=region, actor=None)
    campaign = make_campaign(judging.root, name="别的周期", version=version)
    write_goals(judging.round.campaign, actor=judging.office)
    assert write_goals(campaign, actor=judging.office) == 5
    held = GoalGroup.objects.filter(campaign=campaign)
    assert list(held.values_list("position", "name", "goal", "sections", "methods", "place_types")) == [
        (0, "青少年教育", None, ["2"], [], []), (1, "申报材料", None, [], ["material", "report", "record"], []),
        (2, "满意度", None, [], ["survey"], []), (3, "点位", None, [], [], ["market"]),
        (4, "部位", None, [], ["field", "impression"], ["shop"]),
    ]  # fmt: skip
    entry = Entry.objects.filter(action="scoring.goals.write").latest("pk")
    names = ["青少年教育", "申报材料", "满意度", "点位", "部位"]
    assert (entry.object_id, entry.actor_id, entry.data) == (
        str(campaign.pk),
        str(judging.office.pk),
        {"groups": names},
    )


def test_groups_are_not_written_without_a_main_standard(judging: Judging) -> None:
    judging.round.campaign.standards.update(is_main=False)
    assert said(write_goals, judging.round.campaign, actor=None) == ("这个创建周期还没有主标准。请在创建周期页面选定。")


def test_new_group_comes_last_though_others_are_gone(judging: Judging) -> None:
    campaign = judging.round.campaign
    write_goals(campaign, actor=None)
    for name in ("申报材料", "满意度"):
        remove_goal(GoalGroup.objects.get(name=name), actor=judging.office)
    made = save_goal(campaign, Aim("问卷", methods=["survey"]), actor=judging.office)
    assert [one.name for one in GoalGroup.objects.filter(campaign=campaign)] == ["点位", "部位", "问卷"]
    changed = save_goal(campaign, Aim("问卷和汇报", methods=["survey", "report"]), actor=judging.office, group=made)
    assert (changed.pk, changed.position, GoalGroup.objects.count()) == (made.pk, made.position, 3)


def test_saved_and_removed_groups_leave_what_they_were_in_the_audit(judging: Judging) -> None:
    aim = Aim(" 问卷 ", 0.0, judging.bureau, sections=["2"], methods=["survey"], place_types=["market"])
    made = save_goal(judging.round.campaign, aim, actor=judging.office)
    remove_goal(made, actor=judging.office)
    saved, gone = Entry.objects.filter(action__startswith="scoring.goals.").order_by("pk")
    assert (saved.action, saved.object_id, saved.actor_id) == (
        "scoring.goals.save", gone.object_id, str(judging.office.pk),
    )  # fmt: skip
    assert saved.data == {
        "name": "问卷", "goal": "0.0", "lead": str(judging.bureau), "sections": ["2"], "methods": ["survey"],
        "place_types": ["market"],
    }  # fmt: skip
    assert (gone.action, gone.object_type, gone.data) == (
        "scoring.goals.remove", "scoring.goalgroup", {"name": "问卷"},
    )  # fmt: skip


def test_only_who_scores_sets_goals(judging: Judging) -> None:
    campaign, leader = judging.round.campaign, make_user(Role.LEADER, judging.root)
    group = save_goal(campaign, Aim("问卷", methods=["survey"]), actor=judging.office)
    for act in (
        lambda: write_goals(campaign, actor=leader), lambda: remove_goal(group, actor=leader),
        lambda: save_goal(campaign, Aim("汇报", methods=["report"]), actor=leader),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act()
    assert GoalGroup.objects.get() == group


def test_figures_come_from_the_last_run_and_add_up_to_it(judging: Judging) -> None:
    write_goals(judging.round.campaign, actor=None)
    judging.confirmed("2.1")  # 0.75
    judging.confirmed("2.2", value=0.6)  # nothing of the survey
    Observation.objects.create(
        region=judging.root.region, round=judging.round, version=judging.version, code="1.1", value=0.5
    )
    run = run_scoring(judging.round, judging.version, actor=None)
    found = lines(judging)
    assert sum(one.got for one in found.values()) == pytest.approx(run.total)
    assert sum(one.points for one in found.values()) == pytest.approx(100)
    assert (found["满意度"].got, found["申报材料"].unassessed) == (0.0, 4)
    for one in found.values():
        assert one.goal == pytest.approx(one.points)
        assert one.gap == pytest.approx(one.lost)
        assert one.reachable == (one.gone < 1e-9)


def test_goal_in_points_leaves_a_gap_or_none(judging: Judging) -> None:
    campaign = judging.round.campaign
    judging.confirmed("2.1")
    judging.confirmed("2.2", value=0.6)
    run_scoring(judging.round, judging.version, actor=None)
    low = save_goal(campaign, Aim("材料", 1.0, judging.bureau, methods=["material"]), actor=judging.office)
    save_goal(campaign, Aim("问卷", 99.0, methods=["survey"]), actor=judging.office)
    found = lines(judging)
    assert (found["材料"].gap, found["材料"].reachable, found["材料"].group.lead) == (0.0, True, judging.bureau)
    assert (found["问卷"].gap, found["问卷"].reachable) == (99.0, False)
    whole = goals_of(campaign)
    assert whole is not None
    assert whole.none == ["1.1 整洁", "1.2 无检查项的实地标准", "2.3 空气优良天数", "2.5 通报次数", "2.6 汇报"]
    remove_goal(low, actor=judging.office)
    assert [one.name for one in GoalGroup.objects.all()] == ["问卷"]


def test_a_criterion_counts_in_the_first_of_the_groups_that_it_fits(judging: Judging) -> None:
    campaign = judging.round.campaign
    save_goal(campaign, Aim("第二部分", sections=["2"]), actor=None)
    save_goal(campaign, Aim("材料", methods=["material"]), actor=None)
    assert {name: one.criteria for name, one in lines(judging).items()} == {"第二部分": 6, "材料": 0}


def test_refusals_of_a_group_say_what_to_do(judging: Judging) -> None:
    campaign = judging.round.campaign
    assert said(save_goal, campaign, Aim(" ", methods=["survey"]), actor=None) == "这一组还没有名称。请填上。"
    assert said(save_goal, campaign, Aim("空"), actor=None) == "这一组什么也没有选。请选择项目、测评方式或点位类型。"
    for goal in (-0.01, float("nan")):
        words = said(save_goal, campaign, Aim("负", goal, methods=["survey"]), actor=None)
        assert words == "目标分要填0或更大的数。不失分的，请留空。"
    save_goal(campaign, Aim("问卷", methods=["survey"]), actor=None)
    with pytest.raises(Conflict) as twice:
        save_goal(campaign, Aim("问卷", methods=["report"]), actor=None)
    assert str(twice.value) == "已有同名的分组。换一个名称。"
    assert GoalGroup.objects.count() == 1


def test_pages_write_change_and_show_the_groups(judging: Judging, sign_in: Any) -> None:
    client, here = sign_in(judging.office), reverse("scoring:goals")
    assert "还没有设定分项目标" in client.get(here).content.decode()
    assert client.post(here).status_code == 302
    judging.confirmed("2.1")
    run = run_scoring(judging.round, judging.version, actor=None)
    page = client.get(here).content.decode()
    assert ("满分" in page, "goals-chart" in page, "1条标准可归入几组" in page) == (True, True, True)
    assert reverse("scoring:run", args=[run.pk]) in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{here}?format=xlsx").content))
    first = [row[0] for row in book.get_sheet_by_index(0).to_python()]
    assert first[-5:-1] == ["申报材料", "满意度", "点位", "部位"]
    assert book.sheet_names == ["分项目标", "归入几组或不在组内的标准"]
    group = GoalGroup.objects.get(name="满意度")
    edit = reverse("scoring:goal", args=[group.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, {"name": "满意度", "goal": "12.5"}).status_code == 422
    assert client.post(edit, {"name": "满意度", "goal": "12.5", "methods": ["survey"]}).status_code == 302
    group.refresh_from_db()
    assert (group.goal, group.methods) == (12.5, ["survey"])
    new = reverse("scoring:goal_new")
    assert client.post(new, {"name": "汇报", "methods": ["report"]}).status_code == 302
    panel = client.get(reverse("campaigns:campaign", args=[judging.round.campaign_id])).content.decode()
    assert here in panel
    assert client.post(edit, {"remove": "1"}).status_code == 302
    assert not GoalGroup.objects.filter(pk=group.pk).exists()


def test_page_costs_the_same_whatever_was_lost(judging: Judging, sign_in: Any) -> None:
    client = sign_in(judging.office)
    write_goals(judging.round.campaign, actor=None)
    counts = []
    for codes in (["2.1"], ["2.2", "2.3", "2.4"]):
        for code in codes:
            judging.confirmed(code)
        run_scoring(judging.round, judging.version, actor=None)
        client.get(reverse("scoring:goals"))
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("scoring:goals"))
        counts.append(len(made))
    assert counts[0] == counts[1]


def test_leaders_desk_tells_what_each_group_got_and_how_far_its_goal_is(judging: Judging, sign_in: Any) -> None:
    campaign, leader = judging.round.campaign, make_user(Role.LEADER, judging.root)
    title, desk = "desk-goals-title", reverse("desk:desk")
    write_goals(campaign, actor=judging.office)
    client = sign_in(leader)
    assert title not in client.get(desk).content.decode()  # no round has been scored yet
    judging.confirmed("2.1")  # three quarters of 10 points
    judging.confirmed("2.2")
    run_scoring(judging.round, judging.version, actor=judging.office)
    page = client.get(desk)
    shown = next(one for one in page.context["panels"] if one.template.endswith("goals_desk.html")).context["lines"]
    assert [line.group.name for line in shown] == ["满意度", "申报材料"]  # groups without figures are left out
    assert shown[0].gap > shown[1].gap > 0
    assert title in page.content.decode()
    assert reverse("scoring:goals") in page.content.decode()
    for role, unit in ((Role.OFFICE, judging.root), (Role.LEADER, judging.bureau), (Role.LIAISON, judging.bureau)):
        assert title not in sign_in(make_user(role, unit)).get(desk).content.decode()


def test_what_a_group_got_is_the_same_with_and_without_the_forecast(judging: Judging) -> None:
    write_goals(judging.round.campaign, actor=judging.office)
    judging.confirmed("2.1")
    run_scoring(judging.round, judging.version, actor=judging.office)
    whole, short = goals_of(judging.round.campaign), goals_of(judging.round.campaign, forecast=False)
    assert whole is not None
    assert short is not None
    assert [(one.got, one.points, one.gap) for one in whole.lines] == [
        (one.got, one.points, one.gap) for one in short.lines
    ]
    assert sum(one.back for one in whole.lines) > sum(one.back for one in short.lines) == 0
