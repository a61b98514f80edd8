"""Who lost what: four ways that add up, what can be won back, and the way from a line to the place."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.inspections.models import Answer, Observation, Visit
from chuangwen.organizations.enums import Branch, UnitKind
from chuangwen.scoring.models import LeafSum, LossCell, LossProblem, Run
from chuangwen.scoring.queries.ground import district_codes
from chuangwen.scoring.queries.loss_lines import By, LossBook, Narrowed, loss_lines, plain_lines
from chuangwen.scoring.queries.winning import Horizon, horizon_of
from chuangwen.scoring.services import run_scoring, verify_run
from chuangwen.standards.models import Check
from tests.inspections.results_making import Judging, make_judging
from tests.support.factories import (
    NOON,
    make_campaign,
    make_place,
    make_place_type,
    make_problem,
    make_root,
    make_round,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
LATE, SOON = NOON + timedelta(days=200), NOON + timedelta(days=10)


class City:
    """Two streets, a community below the first; places drawn and one chosen on the spot."""

    def __init__(self) -> None:
        self.judging: Judging = make_judging()
        root = self.judging.root
        ground: dict[str, Any] = {"branch": Branch.TERRITORY, "kind": UnitKind.STREET}
        self.east = make_unit(root, name="东街道", **ground)
        self.community = make_unit(self.east, name="东社区", branch=Branch.TERRITORY, kind=UnitKind.COMMUNITY)
        self.west = make_unit(root, name="西街道", **ground)
        self.market, self.square = (make_place_type(root.region, name_zh=name) for name in ("集市", "广场"))
        self.stalls = make_place_type(root.region, name_zh="小店", ad_hoc=True)
        self.inspector = make_user(Role.INSPECTOR, root)
        self.places = [
            make_place(self.community, name="东关市场", place_type=self.market),
            make_place(self.east, name="东广场", place_type=self.square),
            make_place(self.west, name="西关市场", place_type=self.market),
            make_place(self.west, name="街边小店", place_type=self.stalls, declared=False),
        ]

    def see(self, place: int, value: float, *, spot: bool = False, **problem: Any) -> Observation:
        """An answer at a place with its observation, and with a problem where its fields are given."""
        judging, where = self.judging, self.places[place]
        region = judging.root.region
        visit, _new = Visit.objects.get_or_create(
            region=region, round=judging.round, place=where,
            defaults={"planned_on": judging.round.starts, "kind": "ad-hoc" if spot else "drawn"},
        )  # fmt: skip
        found = make_problem(where.keeper, place=where, **problem) if problem else None
        answer = Answer.objects.create(
            uid=uuid.uuid4(), region=region, visit=visit, checked=self._another(), answered_by=self.inspector,
            problem=found, value="met" if value == 1 else "not_met",
        )  # fmt: skip
        return Observation.objects.create(
            region=region, round=judging.round, version=judging.version, code="1.1", value=value, answer=answer,
            place=None if spot else where, unit=where.keeper,
        )  # fmt: skip

    def _another(self) -> Check:
        first = Check.objects.filter(version=self.judging.version).earliest("pk")
        return Check.objects.create(
            version=first.version, code=f"c{Check.objects.count() + 1}", text_zh="再看", position=9,
            problem_type=first.problem_type,
        )  # fmt: skip

    def run(self) -> Run:
        return run_scoring(self.judging.round, self.judging.version, actor=self.judging.office)


@pytest.fixture
def city() -> Any:
    with clock.at(NOON):
        yield City()


def seen_everywhere(city: City) -> Run:
    """1.1 carries 45 of 100: four of its eight rows failed, 5.625 points each. 2.1 carries 55 and was graded 0.75."""
    for place, value in ((0, 0.0), (0, 1.0), (1, 0.0), (2, 0.0), (2, 1.0), (2, 1.0)):
        city.see(place, value)
    city.see(3, 0.0, spot=True)
    city.see(3, 1.0, spot=True)
    city.judging.confirmed("2.1")
    return city.run()


def told(run: Run, by: By) -> list[tuple[str, float, float]]:
    return [(line.name, line.shown, line.shown_back) for line in loss_lines(LossBook.whole(run), by).lines]


def test_four_ways_add_up_and_what_is_at_no_place_of_the_draw_stands_apart(city: City) -> None:
    run = seen_everywhere(city)
    apart = ("不在点位上（材料、问卷等）", 13.75, 13.75)
    assert told(run, By.TYPE) == [
        ("集市", 11.25, 11.25), ("广场", 5.63, 5.63), ("随机查看的点位", 5.62, 5.62), apart,
    ]  # fmt: skip
    assert told(run, By.DISTRICT) == [
        ("东街道", 11.25, 11.25), ("西街道", 5.63, 5.63), ("随机查看的点位", 5.62, 5.62), apart,
    ]  # fmt: skip
    assert told(run, By.CRITERION) == [("整洁", 22.5, 22.5), ("台账齐全", 13.75, 13.75)]
    names = [line[0] for line in told(run, By.UNIT)]
    assert names == ["没有责任单位", "西街道", "东街道", "东社区"]
    for way in By:
        found = loss_lines(LossBook.whole(run), way)
        assert found.points == pytest.approx(100 - (run.total or 0), abs=1e-9)
        assert round(sum(line.shown for line in found.lines), 2) == found.shown == 36.25


def test_line_shows_what_is_in_it_by_the_other_ways(city: City) -> None:
    run = seen_everywhere(city)
    east = LossBook.whole(run).within(Narrowed(By.DISTRICT, str(city.east.pk)))
    inside = plain_lines(east, By.UNIT, total=11.25, told=8)
    assert sorted((line.name, line.shown) for line in inside.lines) == [("东社区", 5.62), ("东街道", 5.63)]
    assert {line.name for line in plain_lines(east, By.TYPE, total=11.25, told=8).lines} == {"集市", "广场"}
    spot = LossBook.whole(run).within(Narrowed(By.TYPE, "ad-hoc"))
    assert [(line.name, line.shown) for line in plain_lines(spot, By.CRITERION, total=5.62, told=8).lines] == [
        ("整洁", 5.62)
    ]


@pytest.mark.parametrize(
    ("by", "key"),
    [("unit", ""), ("unit", "x"), ("unit", "9" * 30), ("unit", "²"), ("type", "-1"), ("way", "1"), ("", "")],
)
def test_address_that_names_no_line_names_none(by: str, key: str) -> None:
    assert Narrowed.asked(by, key) is None


def test_places_of_the_same_district_in_the_demo_of_levels(city: City) -> None:
    codes = district_codes(city.judging.root.region)
    assert codes[city.community.pk] == codes[city.east.pk] == city.east.code
    assert codes[city.judging.bureau.pk] == city.judging.bureau.code


def test_cells_and_sums_are_kept_with_the_run_and_verified(city: City) -> None:
    run = seen_everywhere(city)
    assert verify_run(run) == []
    leaf = LeafSum.objects.get(run=run, code="1.1")
    assert (leaf.rows, leaf.n, leaf.met, leaf.unmet, leaf.weight, leaf.total) == (8, 8, 4, 4, 8.0, 4.0)
    cell = LossCell.objects.filter(run=run, district=city.east).earliest("pk")
    LossCell.objects.filter(pk=cell.pk).update(district=city.west)
    assert verify_run(run) == [f"{cell.unit.code if cell.unit else '-'} {cell.code}"]
    LossCell.objects.filter(pk=cell.pk).update(district=city.east)
    LeafSum.objects.filter(pk=leaf.pk).update(met=5)
    assert verify_run(run) == ["1.1"]
    LossCell.objects.filter(run=run).delete()
    LeafSum.objects.filter(pk=leaf.pk).update(met=4)
    assert len(verify_run(run)) == 4  # three units at 1.1, nobody at 2.1


def test_place_that_moves_later_stays_where_it_was_at_the_run(city: City) -> None:
    run = seen_everywhere(city)
    before = told(run, By.DISTRICT)
    city.places[0].territory = city.west
    city.places[0].save()
    assert told(run, By.DISTRICT) == before
    assert verify_run(run) == []


def test_what_can_be_won_back_leaves_out_long_work_and_what_is_gone(city: City) -> None:
    city.see(0, 0.0, problem_class="long-term", state="long-term", due_at=LATE)
    city.see(0, 0.0, problem_class="long-term", state="long-term", due_at=SOON)
    city.see(0, 0.0, problem_class="long-term", state="closed", due_at=LATE)
    city.see(1, 0.0, state="gone", due_at=SOON)
    city.see(1, 0.0, due_at=LATE)
    main = make_problem(city.west, problem_class="long-term", state="long-term", due_at=LATE)
    city.see(2, 0.0, state="merged", merged_into=main)
    city.see(2, 0.0)
    city.see(2, 1.0)
    run = city.run()  # 87.5 points lost in seven rows
    assert told(run, By.DISTRICT) == [("东街道", 62.5, 37.5), ("西街道", 25.0, 12.5)]
    assert told(run, By.CRITERION) == [("整洁", 87.5, 50.0)]
    assert [line[2] for line in told(run, By.TYPE)] == [37.5, 12.5]
    lines = {line.name: line for line in loss_lines(LossBook.whole(run), By.UNIT).lines}
    assert [(one.points, one.until) for one in lines["东社区"].hopeless] == [(12.5, LATE.date())]
    assert [(one.points, one.until) for one in lines["东街道"].hopeless] == [(12.5, None)]
    assert [(one.number, one.until) for one in lines["西街道"].hopeless] == [(main.number, LATE.date())]
    assert LossProblem.objects.filter(run=run).count() == 6
    main.state = "closed"
    main.save()
    assert told(run, By.DISTRICT)[1] == ("西街道", 25.0, 25.0)


def test_next_round_of_the_campaign_decides_and_after_the_last_the_assessment(city: City) -> None:
    campaign, round_ = city.judging.round.campaign, city.judging.round
    city.see(0, 0.0, problem_class="long-term", state="long-term", due_at=SOON)
    run = city.run()
    assert horizon_of(run) == Horizon(campaign.assessment_on, "测评")
    make_round(campaign, name="上一轮", starts=round_.starts - timedelta(days=60))
    make_round(campaign, name="不办的", starts=SOON.date() - timedelta(days=3), state="cancelled")
    make_round(make_campaign(city.judging.root, name="别的周期", version=city.judging.version), starts=SOON.date())
    assert horizon_of(run).day == campaign.assessment_on
    assert told(run, By.UNIT) == [("东社区", 100.0, 100.0)]
    following = make_round(campaign, name="下一轮", starts=SOON.date())
    assert horizon_of(run) == Horizon(SOON.date(), "下一轮")
    assert told(run, By.UNIT) == [("东社区", 100.0, 100.0)]  # due on its first day: in time
    following.starts = SOON.date() - timedelta(days=1)
    following.save()
    assert told(run, By.UNIT) == [("东社区", 100.0, 0.0)]


def test_page_leads_from_a_line_to_the_place_and_says_why_the_rest_stays_lost(city: City, sign_in: Any) -> None:
    late = city.see(0, 0.0, problem_class="long-term", state="long-term", due_at=LATE)
    city.see(1, 0.0)
    run, client = city.run(), sign_in(city.judging.office)
    page = client.get(f"/scores/{run.pk}/?by=district&line={city.east.pk}").content.decode()
    assert "谁丢了这100.00分" in page
    assert "其中50.00分可挽回" in page
    assert late.answer is not None
    assert late.answer.problem is not None
    assert f'长期整改到2027年6月6日(周日) <a href="/problems/{late.answer.problem.number}/">' in page
    assert "50.00分难挽回：" in page
    assert 'data-chart="loss-chart"' in page
    link = f"?by=district&amp;line={city.east.pk}&amp;node=1&amp;leaf=1.1#drill"
    assert link in page
    opened = client.get(f"/scores/{run.pk}/?by=type&line={city.market.pk}&node=1&leaf=1.1")
    assert [(one.name, round(one.lost, 2)) for one in opened.context["places"]] == [("东关市场", 50.0)]
    assert "只看这里失的分：集市" in opened.content.decode()
    assert f"/scores/{run.pk}/losses/?district={city.east.pk}&amp;type={city.market.pk}" in page
    for odd in ("by=type", "by=x&line=y", "by=unit&line=nobody", "by=criterion&line=%00", "losses=all&by=criterion"):
        assert client.get(f"/scores/{run.pk}/?{odd}").status_code == 200


def test_sentence_with_the_numbers_stands_at_the_criterion_and_on_the_own_page(city: City, sign_in: Any) -> None:
    run = seen_everywhere(city)
    page = sign_in(city.judging.office).get(f"/scores/{run.pk}/?node=1&leaf=1.1")
    assert page.context["why"] == (
        "在4处看了8项，达标4项，达标率4÷8＝50%，按比例得40.00×50%＝20.00分；"
        "因第1部分有1条未测评，折算为满分45.00分，得45.00×50%＝22.50分。"
    )
    assert page.context["why"] in page.content.decode()
    own = sign_in(make_user(Role.LIAISON, city.west)).get(f"/scores/{run.pk}/own/?by=criterion&line=1.1")
    assert page.context["why"] in own.content.decode()
    assert "这一条丢的分里，本单位11.25分，其中11.25分可挽回。" in own.content.decode()
    LeafSum.objects.filter(run=run).delete()
    older = sign_in(city.judging.office).get(f"/scores/{run.pk}/?node=1&leaf=1.1")
    assert older.context["why"].startswith("按比例得40.00×50%＝20.00分；")


def test_list_of_rows_narrows_sorts_and_goes_out(city: City, sign_in: Any) -> None:
    run = seen_everywhere(city)
    client, url = sign_in(city.judging.office), f"/scores/{run.pk}/losses/"
    page = client.get(url)
    assert page.context["page_subtitle"] == "以下各行共失36.25分"
    first = page.content.decode()
    assert f"/scores/{run.pk}/?node=1&amp;leaf=1.1&amp;place={city.places[2].pk}#drill" in first
    for query, lost in (
        (f"district={city.east.pk}", "11.25"), (f"type={city.market.pk}", "11.25"), ("type=ad-hoc", "5.63"),
        ("district=none", "13.75"), ("section=2", "13.75"), ("criterion=1.1", "22.50"),
        (f"unit={city.community.pk}", "5.63"), ("unit=nobody", "13.75"), ("back=no", "0.00"), ("back=yes", "36.25"),
        ("unit=x", "0.00"), ("q=东广场", "5.63"),
    ):  # fmt: skip
        assert client.get(f"{url}?{query}").context["page_subtitle"] == f"以下各行共失{lost}分", query
    assert client.get(f"{url}?format=xlsx").status_code == 200
    assert "东关市场" in client.get(f"{url}?format=print").content.decode()
    assert "西街道" in client.get(f"{url}?format=filters").content.decode()
    assert client.get(f"{url}?sort=code").status_code == 200
    assert sign_in(make_user(Role.OFFICE)).get(url).status_code == 404
    assert sign_in(make_user(Role.LIAISON, city.east)).get(url).status_code == 403


def test_own_page_has_the_own_points_by_criterion_and_problems_and_nothing_of_others(city: City, sign_in: Any) -> None:
    mine = city.see(1, 0.0, problem_class="long-term", state="long-term", due_at=LATE)
    city.see(2, 0.0)
    run = city.run()
    page = sign_in(make_user(Role.LIAISON, city.east)).get(f"/scores/{run.pk}/own/?by=criterion&line=1.1")
    text = page.content.decode()
    assert "共失50.00分" in text
    assert (page.context["loss_sum"].shown, page.context["loss_sum"].shown_back) == (50.0, 0.0)
    assert mine.answer is not None
    assert mine.answer.problem is not None
    assert mine.answer.problem.number in text
    assert "东广场" in text
    assert "西" not in text.replace("西关街道", "")
    assert f"/scores/{run.pk}/losses/" not in text


def test_page_asks_the_same_number_of_questions_for_more_rows(city: City, sign_in: Any) -> None:
    client, counts = sign_in(city.judging.office), []
    city.see(0, 0.0, problem_class="long-term", state="long-term", due_at=LATE)
    city.see(3, 0.0, spot=True)
    for _turn in range(2):
        run = city.run()
        for query in (f"by=district&line={city.east.pk}", "by=unit", "by=criterion&line=1.1"):
            client.get(f"/scores/{run.pk}/?{query}")
            with CaptureQueriesContext(connection) as asked:
                client.get(f"/scores/{run.pk}/?{query}")
            counts.append(len(asked))
        for place in (0, 1, 2):
            city.see(place, 0.0, problem_class="long-term", state="long-term", due_at=LATE)
        make_root()
    assert counts[:3] == counts[3:]
