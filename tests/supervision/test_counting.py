"""What of supervision counts in a round: by rules that a person set, once, with the way back, never twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.campaigns.result_sources import result_source, source_of
from chuangwen.core import clock
from chuangwen.inspections.models import EnteredResult, Observation
from chuangwen.inspections.services.results import correct_result
from chuangwen.inspections.services.sources import offer_of, take_from
from chuangwen.scoring.services import run_scoring, verify_run
from chuangwen.supervision.counting import likeliest, likeness
from chuangwen.supervision.models import Consequence, ConsequenceKind, CountingRule, Story, VetoEvent, VetoKind
from chuangwen.supervision.queries.counting import countables, counted_since
from chuangwen.supervision.services import lift_consequence, lift_event, take_down_story
from chuangwen.supervision.services.counting import Counts, save_counting
from chuangwen.workflow.models import Step
from tests.inspections.results_making import Judging, make_judging
from tests.support.factories import NOON, make_problem, make_problem_type, make_round, make_unit, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)


class Watched:
    """A round whose standard lists V1, P1 and N1, with a kind of each thing that supervision may bring."""

    def __init__(self) -> None:
        self.judging: Judging = make_judging()
        self.region = self.judging.root.region
        self.round, self.version, self.unit = self.judging.round, self.judging.version, self.judging.bureau
        self.office, self.leader = self.judging.office, make_user(Role.LEADER, self.judging.root)
        region = self.region
        self.accident = VetoKind.objects.create(region=region, name="重大责任事故", months=12, source="site: 办法")
        self.blame = ConsequenceKind.objects.create(region=region, name="通报批评", source="site: 办法")
        self.praise = ConsequenceKind.objects.create(region=region, name="上级推广", is_reward=True, source="site: x")

    def set_up(self, **more: Any) -> None:
        chosen = {
            f"v{self.accident.pk}": Counts("V1"), f"c{self.blame.pk}": Counts("N1", 1.5),
            f"c{self.praise.pk}": Counts("P1", 2.0), "exposure": Counts("N1", 0.5),
        }  # fmt: skip
        save_counting(self.version, chosen | more, actor=self.office)

    def event(self, **more: Any) -> VetoEvent:
        fields = {"unit": self.unit, "kind": self.accident, "day": DAY, "bars_until": date(2027, 11, 10),
                  "title": "某某事故", "source": "应急局通报", "state": "confirmed", "entered_by": self.office,
                  "confirmed_by": self.leader, "confirmed_at": NOON}  # fmt: skip
        return VetoEvent.objects.create(region=self.region, **fields | more)

    def consequence(self, kind: ConsequenceKind | None = None, **more: Any) -> Consequence:
        fields = {"unit": self.unit, "kind": kind or self.blame, "day": DAY, "year": 2026, "title": "整改不力",
                  "issuer": "市委办", "paper": "〔2026〕3号", "state": "confirmed", "entered_by": self.office,
                  "confirmed_by": self.leader, "confirmed_at": NOON}  # fmt: skip
        return Consequence.objects.create(region=self.region, **fields | more)

    def exposure(self, state: str = "assigned", **more: Any) -> Story:
        problem = make_problem(self.unit, problem_type=make_problem_type(self.region), state=state)
        fields = {"unit": self.unit, "kind": "exposure", "problem": problem, "title": "桥下堆物", "text": "……",
                  "outlet": "电视台", "state": "released", "proposed_by": self.office, "proposed_on": DAY,
                  "released_by": self.leader, "released_at": NOON}  # fmt: skip
        return Story.objects.create(region=self.region, **fields | more)

    def take(self, name: str, **more: Any) -> tuple[int, int]:
        source = result_source(name)
        assert source is not None
        return take_from(self.round, source, **{"actor": self.office} | more)

    def offer(self, name: str) -> Any:
        return offer_of(result_source(name), self.round, [self.version])

    def counts(self) -> list[tuple[str, float | None]]:
        rows = Observation.objects.standing().filter(round=self.round).order_by("pk")
        return list(rows.values_list("code", "value"))


@pytest.fixture
def watched() -> Any:
    with clock.at(NOON):
        yield Watched()


def test_nothing_counts_before_a_person_has_set_what_counts(watched: Watched) -> None:
    watched.event()
    proposed = {one.name: (one.rule, one.code) for one in countables(watched.version)}
    assert proposed == {
        "重大责任事故": (None, "V1"), "通报批评": (None, ""), "上级推广": (None, "P1"),
        "被曝光的问题没有整改": (None, "N1"),
    }  # fmt: skip
    assert (watched.take("veto-event"), watched.counts()) == ((0, 0), [])
    watched.set_up()
    assert (watched.take("veto-event"), watched.counts()) == ((1, 0), [("V1", 1.0)])


def test_events_consequences_rewards_and_exposures_count_once_and_reach_the_total(watched: Watched) -> None:
    watched.set_up()
    watched.judging.confirmed("2.3", value=95.0)
    event, blame = watched.event(), watched.consequence()
    watched.consequence(watched.praise)
    watched.exposure()
    assert [watched.take(name) for name in ("veto-event", "consequence", "exposure")] == [(1, 0), (2, 0), (1, 0)]
    assert [watched.take(name) for name in ("veto-event", "consequence", "exposure")] == [(0, 0)] * 3
    assert watched.counts()[1:] == [("V1", 1.0), ("N1", 1.5), ("P1", 2.0), ("N1", 0.5)]
    made = EnteredResult.objects.get(origin=f"consequence/{blame.pk}")
    assert (made.unit, made.entered_by, made.checked_by, made.judged_by, made.judged_on, made.state) == (
        watched.unit, watched.office, watched.leader, "市委办", DAY, "confirmed",
    )  # fmt: skip
    assert made.source == "通报批评：整改不力（〔2026〕3号）"
    steps = Step.objects.filter(object_type="inspections.enteredresult", object_id=str(made.pk)).order_by("pk")
    assert list(steps.values_list("action", flat=True)) == ["enter", "bring"]
    found = run_scoring(watched.round, watched.version, actor=None)
    assert (found.total, found.penalty, found.bonus, found.vetoed) == (100.0, 2.0, 2.0, True)
    assert verify_run(found) == []
    source, key = source_of(f"veto-event/{event.pk}") or (None, "")
    assert source is not None
    assert source.url(key) == reverse("supervision:event", args=[event.pk])


def test_what_is_lifted_or_taken_down_is_taken_back_also_after_the_round(watched: Watched) -> None:
    watched.set_up()
    watched.judging.confirmed("2.3", value=95.0)
    event, blame, story = watched.event(), watched.consequence(), watched.exposure()
    for name in ("veto-event", "consequence", "exposure"):
        watched.take(name)
    before = run_scoring(watched.round, watched.version, actor=None)
    Round.objects.update(state="closed")
    lift_event(event, reason="申诉成立", actor=watched.leader)
    lift_consequence(blame, reason="申诉成立", actor=watched.leader)
    take_down_story(story, reason="地点有误", actor=watched.office)
    assert watched.counts() == [("2.3", 95.0)]
    assert (before.vetoed, verify_run(before)) == (True, [])
    after = run_scoring(watched.round, watched.version, actor=None)
    assert (after.vetoed, after.penalty, before.penalty) == (False, 0.0, 2.0)
    lapsed = Step.objects.filter(object_type="inspections.enteredresult", action="lapse").order_by("pk")
    assert list(lapsed.values_list("note", flat=True)) == ["申诉成立", "申诉成立", "地点有误"]


def test_problem_put_right_and_another_number_are_followed_when_taken_anew(watched: Watched) -> None:
    watched.set_up()
    story = watched.exposure()
    watched.consequence()
    watched.take("exposure")
    watched.take("consequence")
    type(story.problem).objects.update(state="closed")
    watched.set_up(**{f"c{watched.blame.pk}": Counts("N1", 2.5)})
    assert [reason for _one, reason in watched.offer("exposure").lapsed] == ["来源处已经没有这一条。"]
    assert [reason for _one, reason in watched.offer("consequence").lapsed] == ["来源处已有变化。"]
    assert (watched.take("exposure"), watched.take("consequence")) == ((0, 1), (1, 1))
    assert watched.counts() == [("N1", 2.5)]


def test_same_thing_entered_by_hand_is_asked_and_not_doubled(watched: Watched) -> None:
    watched.set_up()
    by_hand = watched.judging.confirmed("N1", kind="penalty", value=1.0, unit=watched.unit)
    first, other = watched.consequence(), watched.consequence(unit=make_unit(watched.judging.root))
    offer = watched.offer("consequence")
    assert [(one.row.key, one.by_hand) for one in offer.doubtful] == [(str(first.pk), by_hand)]
    assert [one.row.key for one in offer.waiting] == [str(other.pk)]
    assert watched.take("consequence") == (1, 0)
    assert watched.counts() == [("N1", 1.0), ("N1", 1.5)]
    assert watched.take("consequence", also={offer.doubtful[0].mark}) == (1, 0)
    assert watched.take("consequence", also={offer.doubtful[0].mark}) == (0, 0)
    assert len(watched.counts()) == 3


def test_consequence_of_an_event_that_counts_as_the_same_code_is_told_and_left(watched: Watched) -> None:
    watched.set_up(**{f"c{watched.blame.pk}": Counts("V1")})
    watched.consequence(event=watched.event())
    watched.consequence(event=watched.event(kind=VetoKind.objects.create(
        region=watched.region, name="别的", months=1, source="site: x")))  # fmt: skip
    offer = watched.offer("consequence")
    assert [one.row.why for one in offer.left] == ["它所依据的事项已经按同一编号计入。"]
    assert len(offer.waiting) == 1


def test_only_what_lies_in_the_assessed_period_counts(watched: Watched) -> None:
    watched.set_up()
    watched.event(day=date(2025, 12, 31))
    watched.event(day=watched.round.ends.replace(year=2027))
    first = watched.event(day=date(2026, 1, 1))
    assert [one.row.key for one in watched.offer("veto-event").waiting] == [str(first.pk)]
    assert counted_since(watched.round, "round") == date(2026, 1, 1)
    make_round(watched.round.campaign, name="上一轮", starts=date(2026, 8, 1), ends=date(2026, 8, 9))
    make_round(watched.round.campaign, name="取消", starts=date(2026, 9, 1), ends=date(2026, 9, 9), state="cancelled")
    assert counted_since(watched.round, "round") == date(2026, 8, 10)
    watched.set_up(**{f"v{watched.accident.pk}": Counts("V1", None, "round")})
    last = watched.event(day=date(2026, 8, 10))
    assert [one.row.key for one in watched.offer("veto-event").waiting] == [str(last.pk)]


def test_reported_rejected_and_foreign_events_never_count(watched: Watched) -> None:
    watched.set_up()
    for state in ("reported", "rejected", "lifted"):
        watched.event(state=state)
    stranger = Watched()
    stranger.set_up()
    stranger.event()
    assert (watched.take("veto-event"), stranger.take("veto-event")) == ((0, 0), (1, 0))
    watched.event(confirmed_by=watched.office)  # as a file of an earlier program may hold it
    assert [one.row.why for one in watched.offer("veto-event").left] == ["还没有两个人负责。"]


def test_taken_results_are_corrected_at_their_source_and_refused_where_the_round_is_over(watched: Watched) -> None:
    watched.set_up()
    watched.event()
    watched.take("veto-event")
    made = EnteredResult.objects.get()
    judged = watched.judging.judged("V1", kind="veto")
    assert said(correct_result, made, judged, reason="改", revision=1, actor=watched.office).startswith(
        "它来自平台其他部分，请在那里更正"
    )
    Round.objects.update(state="closed")
    watched.round.refresh_from_db()
    assert said(watched.take, "veto-event").endswith("不在进行中。结果在本轮进行中登记。")


def test_rules_are_checked_against_the_standard(watched: Watched) -> None:
    key = f"c{watched.blame.pk}"
    assert said(save_counting, watched.version, {key: Counts("N1", 4.5)}, actor=watched.office) == (
        "“通报批评”：N1的分数要大于0、不超过4分。请填一次事项的分数。"
    )
    assert said(save_counting, watched.version, {key: Counts("P1", 1.0)}, actor=watched.office).startswith(
        "“通报批评”不能计入P1"
    )
    assert said(save_counting, watched.version, {"c0": Counts("N1", 1.0)}, actor=watched.office).startswith(
        "这个种类没有启用"
    )
    save_counting(watched.version, {key: Counts("")}, actor=watched.office)
    assert CountingRule.objects.get().code == ""


def test_pages_set_the_rules_take_and_lead_back(watched: Watched, sign_in: Any) -> None:
    client = sign_in(watched.office)
    event = watched.event()
    address = reverse("supervision:counting", args=[watched.version.pk])
    page = client.get(address).content.decode()
    assert "3个编号是按文字相近建议的" in page
    data = {f"code_v{watched.accident.pk}": "V1", f"since_v{watched.accident.pk}": "year"}
    for key in (f"c{watched.blame.pk}", f"c{watched.praise.pk}", "exposure"):
        data[f"since_{key}"] = "round"
    assert client.post(address, data | {"code_exposure": "N1"}).status_code == 422
    assert client.post(address, data).status_code == 302
    results = client.get(reverse("inspections:results", args=[watched.round.pk])).content.decode()
    taking = reverse("inspections:result_take_from", args=[watched.round.pk, "veto-event"])
    assert (taking in results, "数据从哪里来" in results) == (True, True)
    page = client.get(taking).content.decode()
    assert ("某某事故" in page, address in page, reverse("supervision:event", args=[event.pk]) in page) == (True,) * 3
    assert client.post(taking).status_code == 302
    assert watched.counts() == [("V1", 1.0)]
    watched.judging.confirmed("2.3")
    run = run_scoring(watched.round, watched.version, actor=None)
    for url in (reverse("scoring:run", args=[run.pk]),
                reverse("inspections:result", args=[EnteredResult.objects.get(code="V1").uid])):  # fmt: skip
        assert reverse("supervision:event", args=[event.pk]) in client.get(url).content.decode()


def test_results_page_costs_the_same_whatever_waits(watched: Watched, sign_in: Any) -> None:
    client = sign_in(watched.office)
    watched.set_up()
    counts = []
    for more in (1, 3):
        for _number in range(more):
            watched.event()
            watched.consequence()
            watched.exposure()
        for url in (reverse("inspections:results", args=[watched.round.pk]),
                    reverse("inspections:result_take_from", args=[watched.round.pk, "consequence"])):  # fmt: skip
            client.get(url)
            with CaptureQueriesContext(connection) as made:
                client.get(url)
            counts.append(len(made))
    assert counts[:2] == counts[2:]


def test_likeness_is_of_pairs_of_characters() -> None:
    assert (likeness("安全事故", "重大安全事故"), likeness("安全", "环境"), likeness("", "环境")) == (1.0, 0.0, 0.0)
    assert likeliest("弄虚作假", [("V1", "重大事故"), ("V5", "创建中弄虚作假")]) == "V5"
    assert likeliest("别的", [("V1", "重大事故")]) == ""
    shipped = [
        ("V7", "被上级通报的群体性事件处置失当"),
        ("N1", "媒体曝光的问题未按期整改"),
        ("P4", "志愿服务项目获全国表彰"),
    ]
    assert [likeliest(kind, shipped) for kind in ("通报批评", "责令整改", "表彰奖励")] == [
        "",
        "",
        "",
    ]  # one word in common
    assert likeliest("曝光的问题未整改", shipped) == "N1"
