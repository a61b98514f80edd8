"""Scores over the rounds, and what the open years need."""

from __future__ import annotations

import json
from datetime import date

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign, CampaignYear
from chuangwen.scoring.models import Run
from chuangwen.scoring.printed import PrintedRow
from chuangwen.scoring.queries.trend import breaks, points_of, stretches
from chuangwen.scoring.services import run_scoring
from chuangwen.scoring.services.outside import Head, enter_outside
from tests.scoring.test_comparing import moved, pair  # noqa: F401 (fixtures)
from tests.scoring.test_runs import round_  # noqa: F401 (a fixture)
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db


def outside(campaign, year, total, *, kind="official", version=None, day=None):
    head = Head(year, kind, f"{year}年省级测评", "省文明办", day or date(year + 1, 1, 20), campaign, version=version)
    return enter_outside(campaign.region, head, [PrintedRow("云溪市", total)], actor=None)


@pytest.fixture
def weighted(pair):  # noqa: F811
    campaign = pair[0].round.campaign
    Campaign.objects.filter(pk=campaign.pk).update(target=90)
    for year, weight in ((2024, 0.15), (2025, 0.25), (2026, 0.60)):
        CampaignYear.objects.create(region=campaign.region, campaign=campaign, year=year, weight=weight)
    outside(campaign, 2024, 88.10)
    campaign.refresh_from_db()
    return campaign


def leader(sign_in, campaign):
    return sign_in(make_user(Role.LEADER, campaign.subject))


def test_each_round_counts_by_its_newest_run_in_the_order_of_days(pair):  # noqa: F811
    earlier, later = pair
    again = run_scoring(earlier.round, earlier.version, actor=None)
    campaign = earlier.round.campaign
    outside(campaign, 2025, 87.2)
    user = make_user(Role.LEADER, campaign.subject)
    points = points_of(campaign, earlier.version.urn, user)
    assert [(one.name, one.run, round(one.total, 6)) for one in points] == [
        ("2025年省级测评", None, 87.2), (earlier.round.name, again, 40.0), ("第二轮", later, 80.0),
    ]  # fmt: skip
    assert points[1].sections == {("1", "公共环境"): pytest.approx(40.0)}
    assert stretches(points) == [[1, 2]]
    assert breaks(points) == []


def test_line_breaks_where_the_standard_changed(moved, sign_in):  # noqa: F811
    earlier, later = moved
    campaign = earlier.round.campaign
    user = make_user(Role.LEADER, campaign.subject)
    points = points_of(campaign, earlier.version.urn, user)
    assert stretches(points) == [[0], [1]]
    assert [(one.before.run, one.after.run) for one in breaks(points)] == [(earlier, later)]
    page = sign_in(user).get("/scores/trend/").content.decode()
    assert "“新体系”之前折线断开" in page
    assert f"/scores/compare/?a={earlier.pk}&amp;b={later.pk}" in page


def test_outside_score_of_a_standard_that_is_here_joins_its_line(pair):  # noqa: F811
    earlier, _later = pair
    campaign = earlier.round.campaign
    outside(campaign, 2025, 87.2, version=earlier.version)
    points = points_of(campaign, earlier.version.urn, make_user(Role.LEADER, campaign.subject))
    assert stretches(points) == [[0, 1, 2]]
    assert points_of(campaign, "urn:other", make_user(Role.LEADER, campaign.subject)) == []


def test_chart_tells_kinds_by_shape_and_shows_intervals_and_the_goal(weighted, pair, sign_in):  # noqa: F811
    earlier, later = pair
    Run.objects.filter(pk=later.pk).update(low=70.0, high=90.0)
    later.round.__class__.objects.filter(pk=later.round_id).update(kind="look-back")
    chart = leader(sign_in, weighted).get("/scores/trend/").context["chart"]
    line, apart, goal = chart["series"]
    assert chart["labels"] == ["2024年省级测评\n正式测评", f"{earlier.round.name}\n模拟测评", "第二轮\n回头望"]
    assert (line["values"], line["symbols"]) == ([None, 40.0, 80.0], [None, "circle", "triangle"])
    assert (line["low"][2], line["high"][2]) == (70.0, 90.0)
    assert (apart["values"], apart["apart"]) == ([88.1, None, None], True)
    assert (goal["values"], goal["quiet"], goal["name"]) == ([90.0] * 3, True, "目标90")
    assert json.dumps(chart)


def test_open_years_share_what_is_needed_and_the_last_round_is_supposed(weighted, sign_in):
    page = leader(sign_in, weighted).get("/scores/trend/")
    text = page.content.decode()
    assert "目标90。已有正式得分：2024年88.10。2025、2026年每年要达到<b>90.34</b>。" in text
    assert page.context["supposed"] == pytest.approx(80.0)
    assert "各年度合计<b>81.22</b>" in text


def test_third_year_of_15_25_60_is_told_in_words(weighted, sign_in):
    outside(weighted, 2025, 87.20)
    client = leader(sign_in, weighted)
    assert "2026年要达到<b>91.65</b>。" in client.get("/scores/trend/").content.decode()
    answer = client.get("/scores/trend/what-if/", {"score": "91.65"}).content.decode()
    assert ("各年度合计<b>90.01</b>" in answer, "达到目标" in answer) == (True, True)
    assert "未达目标分" in client.get("/scores/trend/what-if/", {"score": "91.63"}).content.decode()
    assert "得分应在0到100之间" in client.get("/scores/trend/what-if/", {"score": "一百"}).content.decode()
    assert "得分应在0到100之间" in client.get("/scores/trend/what-if/", {"score": "nan"}).content.decode()


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ((0.0, 60.0), "目标已无法达到：其余年度得满分也只有"),
        ((88.10, 87.2, 95.0), "各年度都已有正式得分，合计92.02。目标已达到。"),
    ],
)
def test_unreachable_and_over_are_told(weighted, sign_in, scores, words):
    weighted.outside_results.all().delete()
    for year, total in zip((2024, 2025, 2026), scores, strict=False):
        outside(weighted, year, total, day=date(2026, 1, 5))
    assert words in leader(sign_in, weighted).get("/scores/trend/").content.decode()


def test_trend_goes_out_as_a_workbook(weighted, sign_in):
    answer = leader(sign_in, weighted).get("/scores/trend/?format=xlsx")
    assert (answer.status_code, "spreadsheet" in answer["Content-Type"]) == (200, True)


def test_without_a_score_the_page_says_what_to_do_first(round_, sign_in):  # noqa: F811
    page = leader(sign_in, round_.campaign).get("/scores/trend/").content.decode()
    assert "计算一个轮次的得分或录入外部得分后" in page
