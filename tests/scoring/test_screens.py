"""What the pages of scores say to people: headings, figures in columns, and what is not claimed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils.html import strip_tags

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.inspections.models import Observation
from chuangwen.scoring.models import Run
from chuangwen.scoring.services import run_scoring
from chuangwen.scoring.services.goals import write_goals
from chuangwen.scoring.templatetags.scores import points
from tests.inspections.results_making import Judging, make_judging
from tests.support.factories import NOON, make_campaign, make_place, make_root, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def judging() -> Any:
    with clock.at(NOON):
        yield make_judging()


def text(page: Any) -> str:
    """What the page says, without what only shapes it."""
    return re.sub(r"\s+", "", strip_tags(page.content.decode()))


def see(judging: Judging, *values: float, code: str = "1.1", round_: Any = None) -> Run:
    """The round with one drawn place, seen so many times, and its score."""
    where = round_ or judging.round
    place = make_place(judging.bureau, code=f"S-{where.pk}")
    for value in values:
        Observation.objects.create(
            region=where.region, round=where, version=judging.version, code=code, place=place, value=value
        )
    return run_scoring(where, judging.version, actor=None)


def next_round(judging: Judging) -> Round:
    """Another round of the campaign."""
    return make_round(judging.round.campaign, name="第三轮", starts=date(2026, 12, 1), ends=date(2026, 12, 2))


@pytest.mark.parametrize(("value", "shown"), [(18.0, "18.00"), (0, "0.00"), (15.029, "15.03"), (-2.5, "−2.50")])
def test_points_keep_both_decimals_so_that_a_column_aligns(value: float, shown: str) -> None:
    assert points(value) == shown
    assert points(None) == "—"


def test_comparison_heads_its_columns_with_words_of_its_own(judging: Judging, sign_in: Any) -> None:
    first = see(judging, 1.0, 0.0)
    second = see(judging, 1.0, round_=next_round(judging))
    said = text(sign_in(judging.office).get("/scores/compare/", {"a": first.pk, "b": second.pk}))
    assert "变化" in said
    assert "改时限" not in said
    assert "处数" in said
    assert "编号" not in said[said.index("相同点位") :]


def test_total_says_at_once_how_much_of_the_standard_it_stands_for(judging: Judging, sign_in: Any) -> None:
    run = see(judging, 1.0, 0.0)
    said = text(sign_in(judging.office).get(f"/scores/{run.pk}/"))
    head = said[said.index("满分100") : said.index("各部分")]
    assert re.search(r"有\d+\.\d\d分没有测评，总分由其余标准折算", head)
    assert re.search(r"合计50\.00/100\.00−50\.00", said)


def test_rounds_that_looked_at_different_criteria_are_not_praised_for_the_difference(
    judging: Judging, sign_in: Any
) -> None:
    see(judging, 0.0)
    later = next_round(judging)
    judging.confirmed("2.1")
    alike = see(judging, 1.0, round_=later)
    client = sign_in(judging.office)
    first = text(client.get(f"/scores/{alike.pk}/"))
    assert "两轮测评的标准不同，总分不宜直接相比" in first


def test_rounds_that_looked_at_the_same_say_by_how_much_they_differ(judging: Judging, sign_in: Any) -> None:
    see(judging, 1.0)
    less = see(judging, 0.0, 1.0, round_=next_round(judging))
    said = text(sign_in(judging.office).get(f"/scores/{less.pk}/"))
    assert "这一轮少50.00分" in said
    assert "不宜直接相比" not in said


def test_group_that_nobody_assessed_has_not_reached_its_goal(judging: Judging, sign_in: Any) -> None:
    write_goals(judging.round.campaign, actor=None)
    judging.confirmed("2.1")
    run_scoring(judging.round, judging.version, actor=None)
    page = sign_in(judging.office).get("/scores/goals/").content.decode()
    row = re.search(r">满意度</a>.*?</tr>", page, re.DOTALL)
    assert row is not None
    said = re.sub(r"\s+", "", strip_tags(row.group()))
    assert "没有测评" in said
    assert "已达到" not in said


def test_goals_that_are_not_set_are_asked_of_who_may_set_them(judging: Judging, sign_in: Any) -> None:
    leader = make_user(Role.LEADER, judging.root)
    assert "再由您修改" in text(sign_in(judging.office).get("/scores/goals/"))
    said = text(sign_in(leader).get("/scores/goals/"))
    assert "再由您修改" not in said
    assert "由创建办设定" in said


def test_empty_list_of_scores_leads_to_the_first_one(judging: Judging, sign_in: Any) -> None:
    said = sign_in(judging.office).get("/scores/").content.decode()
    empty = said[said.index("cw-empty") :]
    assert 'href="/scores/new/"' in empty


def test_scoring_without_a_round_says_what_comes_first(sign_in: Any) -> None:
    root = make_root()
    campaign = make_campaign(root)
    page = sign_in(make_user(Role.OFFICE, root)).get("/scores/new/")
    assert "还没有轮次" in text(page)
    assert f'href="/campaigns/{campaign.pk}/rounds/new/"' in page.content.decode()
    assert "开始计算" not in text(page)


def test_grade_is_called_a_grade_and_nothing_is_counted_as_nought(judging: Judging, sign_in: Any) -> None:
    result = judging.confirmed("2.1")
    run = run_scoring(judging.round, judging.version, actor=None)
    assert result.grade
    said = text(sign_in(judging.office).get(f"/scores/{run.pk}/", {"node": "2", "leaf": "2.1"}))
    assert f"等次{result.grade}" in said
    assert "看没有看到的5条" in said  # and not “满分的0条”


def test_loss_at_no_place_says_so_once_a_row(judging: Judging, sign_in: Any) -> None:
    judging.confirmed("2.1")
    run = run_scoring(judging.round, judging.version, actor=None)
    said = text(sign_in(judging.office).get(f"/scores/{run.pk}/losses/"))
    row = said[said.index("2.1台账齐全") :][:60]
    assert row.count("不在点位上") == 1
