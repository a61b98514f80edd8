"""The page of two scores compared, over rounds that were really scored."""

from __future__ import annotations

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import CampaignStandard
from chuangwen.inspections.models import Observation
from chuangwen.places.models import Place
from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.comparing import (
    comparison,
    kinds_before_and_after,
    places_before_and_after,
    units_before_and_after,
)
from chuangwen.scoring.services import run_scoring
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.services import publish_standard
from tests.scoring.test_runs import STANDARD, _see, round_  # noqa: F401 (a fixture)
from tests.support.factories import make_round, make_user

pytestmark = pytest.mark.django_db
LATER = (
    STANDARD.replace('version: "1"', 'version: "2"')
    .replace("title: 有序, points: 40", 'title: 秩序, replaces: ["1.2"], points: 20')
    .replace('code: "1.2"', 'code: "1.3"')
    .replace('criteria: ["1.2"]', 'criteria: ["1.3"]')
)


@pytest.fixture
def pair(round_):  # noqa: F811
    """The round of test_runs, and one after it under the same standard: one place again, one of another draw."""
    version = round_.versions.get()
    later = make_round(round_.campaign, name="第二轮", starts=date(2026, 12, 1), ends=date(2026, 12, 3))
    places = {place.code: place for place in Place.objects.all()}
    _see(later, version, places["M-0"], "1.1", 1.0, 1.0)
    _see(later, version, places["M-2"], "1.1", 0.0)
    _see(later, version, places["M-0"], "1.2", 1.0)
    return run_scoring(round_, version, actor=None), run_scoring(later, version, actor=None)


@pytest.fixture
def moved(round_):  # noqa: F811
    """The same round, and one under the later version of its standard."""
    region = round_.region
    version, _new = publish_standard(read_standard(LATER.encode(), "s.yaml"), region=region, actor=None)
    CampaignStandard.objects.create(region=region, campaign=round_.campaign, version=version)
    later = make_round(round_.campaign, name="新体系", starts=date(2026, 12, 1), ends=date(2026, 12, 3))
    later.versions.set([version])
    place = Place.objects.get(code="M-0")
    _see(later, version, place, "1.1", 1.0)
    _see(later, version, place, "1.3", 0.5)
    earlier = run_scoring(round_, round_.versions.get(), actor=None)
    return earlier, run_scoring(later, version, actor=None)


def client_of(sign_in, run):
    return sign_in(make_user(Role.LEADER, run.round.campaign.subject))


def test_under_one_standard_the_data_make_the_whole_difference(pair):
    earlier, later = pair
    found = comparison(earlier, later)
    # before: 60 x 2/3 of 100; after: 60 x 2/3 + 40
    assert (found.total.before, found.total.between, found.total.after) == pytest.approx((40.0, 40.0, 80.0))
    assert (found.total.standard, found.total.data, found.same_standard) == (0.0, pytest.approx(40.0), True)
    assert {row.code: round(row.data, 6) for row in found.rows} == {"1.1": 0.0, "1.2": 40.0, "2.1": 0.0}
    assert sum(one.data for one in found.sections) + found.beside.data == pytest.approx(40.0)


def test_standard_and_data_are_told_apart_where_the_standard_changed(moved):
    earlier, later = moved
    found = comparison(earlier, later)
    # a under b: (60 x 2/3 + 20 x 0) of 80 assessed points; after: (60 + 10) of 80
    assert (found.total.before, found.total.between, found.total.after) == pytest.approx((40.0, 50.0, 87.5))
    assert (found.total.standard, found.total.data) == pytest.approx((10.0, 37.5))
    assert {row.code: (round(row.standard, 6), round(row.data, 6)) for row in found.rows} == {
        "1.1": (10.0, 25.0), "1.3": (0.0, 12.5), "2.1": (0.0, 0.0),
    }  # fmt: skip
    assert found.carrying.lost == ()


def test_another_policy_for_what_nobody_saw_counts_with_the_standard(round_):  # noqa: F811
    version = round_.versions.get()
    strict = run_scoring(round_, version, actor=None, missing="zero")
    lax = run_scoring(round_, version, actor=None)
    found = comparison(lax, strict)
    assert found.same_standard
    assert (found.total.standard, found.total.data) == pytest.approx((100 * 40 / 120 - 40, 0.0), abs=1e-9)


def test_criteria_that_one_round_alone_looked_at_are_told(pair, sign_in):
    earlier, later = pair
    assert comparison(earlier, later).one_sided == 0
    Observation.objects.filter(round=later.round, code="1.2").delete()
    again = run_scoring(later.round, later.version, actor=None)
    assert comparison(earlier, again).one_sided == 1
    page = client_of(sign_in, again).get("/scores/compare/", {"a": earlier.pk, "b": again.pk}).content.decode()
    assert "有1条标准只在其中一个轮次检查过" in page


def test_units_and_kinds_of_place_add_up_to_the_lost_points(pair):
    earlier, later = pair
    units = units_before_and_after(earlier, later)
    assert {one.name: (round(one.before, 6), round(one.after, 6)) for one in units} == {
        "东关街道": (20.0, 0.0), "西关街道": (40.0, 20.0),
    }  # fmt: skip
    kinds = kinds_before_and_after(earlier, later)
    assert sum(one.before for one in kinds) == pytest.approx(60.0)
    assert sum(one.after for one in kinds) == pytest.approx(20.0)
    assert len(kinds) == 1


def test_losses_at_no_place_are_told_as_that(round_):  # noqa: F811
    Observation.objects.filter(code="1.2").update(place=None)
    run = run_scoring(round_, round_.versions.get(), actor=None)
    kinds = {one.name: round(one.before, 6) for one in kinds_before_and_after(run, run)}
    assert kinds[""] == 40.0
    assert sorted(kinds.values()) == [20.0, 40.0]


def test_places_of_both_rounds_stand_apart_from_those_of_one_draw(pair):
    found = places_before_and_after(*pair)
    both, before, after = (found[name] for name in ("both", "before", "after"))
    assert (both.places, both.before, both.after) == (1, 0.5, 1.0)
    assert (before.places, before.before, before.after) == (1, 0.5, None)
    assert (after.places, after.before, after.after) == (1, None, 0.0)


def test_page_without_a_choice_compares_the_newest_with_the_round_before(pair, sign_in):
    earlier, later = pair
    page = client_of(sign_in, later).get("/scores/compare/")
    assert (page.context["earlier"], page.context["later"]) == (earlier, later)
    text = page.content.decode()
    assert "检查结果带来的变化：<b>+40.00</b>" in text
    assert "两次依据同一测评体系" in text
    assert page.context["chart"]["series"] == [{"name": "检查结果带来", "values": [40.0, 0.0], "tone": "got"}]


def test_page_says_what_the_standard_changed(moved, sign_in):
    earlier, later = moved
    page = client_of(sign_in, later).get("/scores/compare/", {"a": earlier.pk, "b": later.pk}).content.decode()
    assert "测评体系带来的变化：<b>+10.00</b>，即前次的检查结果按后次的体系计算应为50.00。" in page
    assert "两次依据同一测评体系" not in page


@pytest.mark.parametrize(
    ("draws", "words"), [((0.5, 0.5), "不是抽签的运气所能解释的"), ((50, 50), "可能只是抽签的运气"), ((None, 1), "")]
)
def test_page_says_whether_the_difference_is_beyond_the_luck_of_the_draw(pair, sign_in, draws, words):
    for run, se in zip(pair, draws, strict=True):
        Run.objects.filter(pk=run.pk).update(se=se)
    page = client_of(sign_in, pair[1]).get("/scores/compare/").content.decode()
    assert (words in page) if words else "抽签误差" not in page


def test_table_filters_and_sorts_and_goes_out_as_a_workbook(moved, sign_in):
    earlier, later = moved
    client, given = client_of(sign_in, later), {"a": earlier.pk, "b": later.pk}

    def codes(**more):
        return [row["row"].code for row in client.get("/scores/compare/", given | more).context["table"]]

    assert codes() == ["1.1", "1.3"]  # +35 and +12.5; 2.1 did not change
    assert codes(sort="size") == ["1.3", "1.1"]
    assert codes(tab="all", sort="position") == ["1.1", "1.3", "2.1"]
    assert codes(tab="all", section="2") == ["2.1"]
    assert codes(tab="fell") == []
    assert "1.3" in client.get("/scores/compare/", given | {"format": "print"}).content.decode()
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get("/scores/compare/", given | {"format": "xlsx"}).content)
    )
    found = comparison(earlier, later)
    rows = [row for row in book.get_sheet_by_index(0).to_python() if str(row[0]).startswith("1.")]
    expected = [(one.before, one.standard, one.data, one.after, one.whole) for one in found.rows if one.shows]
    assert [tuple(row[1:]) for row in rows] == [pytest.approx(one) for one in expected]
    whole = client.get("/scores/compare/", given | {"format": "whole"})
    names = CalamineWorkbook.from_filelike(io.BytesIO(whole.content)).sheet_names
    assert len(names) == 3


def test_whole_comparison_under_one_standard_has_a_sheet_by_type_of_place(pair, sign_in):
    given = {"a": pair[0].pk, "b": pair[1].pk, "format": "whole"}
    answer = client_of(sign_in, pair[1]).get("/scores/compare/", given)
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).sheet_names) == 4


def test_two_standards_have_no_common_measure(pair, sign_in):
    earlier, later = pair
    later.version.__class__.objects.filter(pk=later.version_id).update(urn="urn:chuangwen:standard:other")
    other, _new = publish_standard(
        read_standard(STANDARD.replace("run-test", "other-test").encode(), "s.yaml"), region=later.region, actor=None
    )
    Run.objects.filter(pk=later.pk).update(version=other)
    page = client_of(sign_in, later).get("/scores/compare/", {"a": earlier.pk, "b": later.pk}).content.decode()
    assert "这两次得分无法比较" in page


def test_one_score_alone_asks_for_another(round_, sign_in):  # noqa: F811
    run = run_scoring(round_, round_.versions.get(), actor=None)
    assert "需要两次得分" in client_of(sign_in, run).get("/scores/compare/").content.decode()


def test_runs_of_another_region_are_not_found(pair, sign_in):
    stranger = make_user(Role.LEADER)
    assert sign_in(stranger).get("/scores/compare/", {"a": pair[0].pk, "b": pair[1].pk}).status_code == 404


def test_result_page_leads_to_what_changed(pair, sign_in):
    earlier, later = pair
    page = client_of(sign_in, later).get(f"/scores/{later.pk}/").content.decode()
    assert f"/scores/compare/?a={earlier.pk}&amp;b={later.pk}" in page
