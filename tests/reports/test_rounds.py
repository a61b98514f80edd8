"""A round's findings down to units and up to superiors: one set of frozen figures, two papers, each its own way."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import store_bytes
from chuangwen.inspections.models import Visit
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import Bulletin, Receipt, Release, Snapshot
from chuangwen.reports.paper import TO_FILL
from chuangwen.reports.round_facts import findings_sheet
from chuangwen.reports.rounds import NOBODY, Finding, Findings, downward, round_sheet, upward
from chuangwen.reports.services import (
    draft_round_papers,
    propose_release,
    refresh_figures,
    submit_bulletin,
    withdraw_bulletin,
)
from chuangwen.scoring.models import Loss, NodeResult, Run
from chuangwen.standards.models import Node
from chuangwen.workflow.services import StaleState
from tests.reports.making import LATER, Office, stranger
from tests.support.factories import NOON, make_place, make_problem, make_round, make_version

PROBLEMS = st.lists(st.builds(Finding, st.integers(1, 99), st.sampled_from([1, 2, 3]), st.booleans(), st.booleans()))
NAMES = {1: "甲局", 2: "乙街道", 3: "丙社区"}


@settings(max_examples=40)
@given(PROBLEMS, st.dictionaries(st.sampled_from([None, 1, 2, 3]), st.floats(0.01, 9)))
def test_rows_add_up_to_the_sum_and_nobody_is_lost(problems, lost):
    sheet = round_sheet(Findings("一轮", "", 3, tuple(problems), lost, score=80.0), NAMES)
    for key in ("found", "open", "late_open", "lost"):
        total = sheet.total.values[key] if sheet.total else 0
        assert total == pytest.approx(sum(row.values[key] for row in sheet.rows))
    assert sum(row.values["found"] for row in sheet.rows) == len(problems)
    assert {row.unit for row in sheet.rows} == {one.unit for one in problems} | set(lost)
    assert [row.name for row in sheet.rows if row.unit is None] == ([NOBODY] if None in lost else [])


def test_words_say_only_what_is_known():
    bare = round_sheet(Findings("一轮", "", 0, ()), NAMES)
    down, up = downward(bare, "2026年11月"), upward(bare, "2026年11月", "今", "")
    assert ("失分" in down, "得分" in up) == (False, False)
    assert (TO_FILL in down, TO_FILL in up, "已全部销号" in up) == (True, False, True)
    full = Findings("一轮", "《标准》", 3, (Finding(1, 1, True, True),), {1: 2.0}, 86.424, 84.0, 88.5, 100.0,
                    (("环境", 27.5, 30.0),), (("A1 设施", 2.0),))  # fmt: skip
    sheet = round_sheet(full, NAMES)
    assert "总得分86.42分（满分100分）；点位抽取有误差，95%置信区间为84至88.50分" in downward(sheet, "本月")
    told = upward(sheet, "本月", "11月20日", "11月25日")
    assert "环境：应得30分，实得27.50分，失2.50分。" in told
    assert "未销号1件，其中逾期未结1件" in told
    assert "最迟11月25日" in told


class Checked(Office):
    """An office with a finished round: two places seen, two problems, a score."""

    def __init__(self):
        super().__init__()
        self.round = make_round(self.campaign, state="closed", name="十一月检查")
        Visit.objects.create(region=self.round.region, round=self.round, place=make_place(self.unit), state="finished",
                             planned_on=LATER.date())  # fmt: skip
        for unit, fields in ((self.unit, {"state": "closed", "closed_at": NOON}), (self.other, {})):
            make_problem(unit, campaign=self.campaign, round=self.round, **fields)
        make_problem(self.unit, campaign=self.campaign, round=self.round, state="gone")

    def scored(self, version):
        kept = store_bytes(b"%PDF-1.7 rows")
        tables = dict.fromkeys(("observations", "places", "frames", "leads"), kept)
        run = Run.objects.create(
            region=self.root.region, round=self.round, version=version, total=80.5, low=78.0, high=83.0, **tables
        )  # fmt: skip
        for node in Node.objects.filter(version=version):
            NodeResult.objects.create(region=run.region, run=run, code=node.code, position=node.position, points=10,
                                      effective=10, attained=8, lost=2, assessed=True)  # fmt: skip
        Loss.objects.create(region=run.region, run=run, unit=self.unit, code="x", points=1.5)
        Loss.objects.create(region=run.region, run=run, unit=None, code="x", points=0.5)
        return run

    def drafted(self):
        return draft_round_papers(self.round, actor=self.office)


@pytest.fixture
def office(db):
    with clock.at(LATER):
        yield Checked()


def fill(bulletin):
    bulletin.body = bulletin.body.replace(TO_FILL, "抓紧整改。")
    bulletin.save()


def test_two_papers_rest_on_the_same_figures_and_go_their_own_ways(office):
    down, up = office.drafted()
    assert (down.snapshot, down.kind, up.kind) == (up.snapshot, PaperKind.ROUND, PaperKind.UPWARD)
    assert (down.title, up.title) == ("关于十一月检查情况的通报", "关于十一月检查情况的汇报")
    assert ({*down.units.all()}, list(up.units.all())) == ({office.unit, office.other}, [])
    assert (down.addressee, up.addressee.endswith("指导委员会")) == ("各责任单位", True)
    rows = {row["name"]: row["values"] for row in down.snapshot.sheet["rows"]}
    assert rows["市城管局"] == {"found": 1, "open": 0, "late_open": 0, "lost": None}
    assert rows["东关街道"]["open"] == 1
    assert "实地检查点位1处，发现问题2件" in down.body
    assert "未销号1件" in up.body


def test_score_stands_in_both_with_sections_and_losses(office):
    office.scored(make_version(office.root.region))
    down, up = office.drafted()
    assert "总得分80.50分" in down.body
    assert "总得分80.50分" in up.body
    values = {row["name"]: row["values"]["lost"] for row in down.snapshot.sheet["rows"]}
    assert (values["市城管局"], values[NOBODY]) == (1.5, 0.5)


def test_what_is_not_finished_or_told_already_is_refused(office):
    Round.objects.update(state="running")
    office.round.refresh_from_db()
    with pytest.raises(Refusal, match="还没结束"):
        office.drafted()
    Round.objects.update(state="closed")
    office.round.refresh_from_db()
    for person in (office.leader, office.liaison, stranger()):
        with pytest.raises(PermissionDenied):
            draft_round_papers(office.round, actor=person)
    assert (Bulletin.objects.count(), Snapshot.objects.count()) == (0, 0)
    office.drafted()
    with pytest.raises(Conflict, match="已经有了"):
        office.drafted()


def test_both_are_frozen_anew_together_or_not_at_all(office):
    down, up = office.drafted()
    make_problem(office.unit, campaign=office.campaign, round=office.round)
    refresh_figures(down, revision=1, anew=True, actor=office.office)
    up.refresh_from_db()
    assert (up.snapshot, "发现问题3件" in up.body, up.revision) == (down.snapshot, True, 2)
    submit_bulletin(up, actor=office.office)
    with pytest.raises(Refusal, match="已不是草稿"):
        refresh_figures(down, revision=2, actor=office.office)
    with pytest.raises((StaleState, Refusal)):
        refresh_figures(up, revision=1, actor=office.office)


def test_pages_take_both_from_the_round_to_the_receipt_in_one_press_each(office, sign_in):
    client = sign_in(office.office)
    draft = reverse("reports:draft", args=["round"])
    campaign = client.get(reverse("campaigns:campaign", args=[office.campaign.pk])).content.decode()
    assert f"{draft}?round={office.round.pk}" in campaign
    assert client.get(reverse("reports:draft", args=["upward"])).status_code == 200
    answer = client.post(draft, {"round": office.round.pk})
    down, up = Bulletin.objects.order_by("pk")
    assert answer.url == reverse("reports:bulletin", args=[down.pk])
    assert "没有待通报的轮次" in client.get(draft).content.decode()
    fill(down)

    def press(person, action):
        page = sign_in(person).get(reverse("reports:bulletin", args=[down.pk])).content.decode()
        assert 'name="both"' in page
        sign_in(person).post(reverse("reports:step", args=[down.pk, action]), {"both": "1"})
        return set(Bulletin.objects.values_list("state", flat=True))

    assert press(office.office, "submit") == {"submitted"}
    assert press(office.leader, "approve") == {"approved"}
    assert press(office.office, "issue") == {"issued"}
    down.refresh_from_db()
    up.refresh_from_db()
    assert [one[-6:] for one in (down.number, up.number)] == ["026〕1号", "026〕2号"]
    told = set(Receipt.objects.values_list("bulletin", "unit"))
    assert told == {(down.pk, office.unit.pk), (down.pk, office.other.pk)}
    unit = sign_in(office.liaison)
    assert unit.get(reverse("reports:bulletin", args=[down.pk])).status_code == 200
    assert unit.get(reverse("reports:bulletin", args=[up.pk])).status_code == 404
    assert up.title not in unit.get(reverse("reports:bulletin", args=[down.pk])).content.decode()


def test_one_of_them_can_go_alone_and_the_report_upward_stays_inside(office, sign_in):
    down, up = office.drafted()
    sign_in(office.office).post(reverse("reports:step", args=[up.pk, "submit"]))
    assert set(Bulletin.objects.values_list("kind", "state")) == {("round", "draft"), ("upward", "submitted")}
    Bulletin.objects.update(state="issued")
    up.refresh_from_db()
    with pytest.raises(Refusal, match="不对外"):
        propose_release(up, actor=office.office)
    assert Release.objects.count() == 0
    down.refresh_from_db()
    for one in (up, down):
        withdraw_bulletin(one, reason="有误", actor=office.office)
    assert office.drafted()[0].state == "draft"


def test_number_of_queries_does_not_grow_with_the_problems(office, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as few:
        findings_sheet(office.round, LATER)
    for number in range(6):
        make_problem(office.unit, campaign=office.campaign, round=office.round, due_at=LATER + timedelta(days=number))
    with django_assert_max_num_queries(len(few)):
        findings_sheet(office.round, LATER)
