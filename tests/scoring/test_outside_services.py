"""Scores that others gave: kept, corrected and withdrawn with history, told to peers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import store_bytes
from chuangwen.core.models import Attachment
from chuangwen.organizations.models import UnitAlias
from chuangwen.scoring.models import OutsideResult, OutsideRow
from chuangwen.scoring.printed import PrintedRow
from chuangwen.scoring.queries.outside import PeerTotal, own_rows, peer_totals
from chuangwen.scoring.services.outside import (
    Head,
    Paper,
    choose_own_row,
    correct_outside,
    enter_outside,
    head_of,
    withdraw_outside,
)
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState
from tests.support.factories import NOON, make_campaign, make_root, make_user

pytestmark = pytest.mark.django_db
HEAD = Head(2025, "official", "省级年度测评", "省文明办", date(2026, 1, 20))
ROWS = (
    PrintedRow("岳阳市", 91.2, {"field": 90.0}, 1, "地级市"), PrintedRow("云溪市", 87.2, {}, 2, "地级市"),
    PrintedRow("沅江市", 85.0, {}, 1, "县级市"),
)  # fmt: skip


@pytest.fixture
def root():
    with clock.at(NOON):
        yield make_root()


@pytest.fixture
def campaign(root):
    return make_campaign(root)


@pytest.fixture
def sheet(campaign):
    return enter_outside(campaign.region, replace(HEAD, campaign=campaign), ROWS, actor=None)


def test_sheet_is_kept_with_its_rows_its_paper_and_who_entered_it(campaign):
    office = make_user(Role.OFFICE, campaign.subject)
    stored = store_bytes(b"%PDF-1.4 sheet")
    head = replace(HEAD, campaign=campaign, weights={"field": 0.85, "survey": 0.15}, name=" 省级年度测评 ")
    made = enter_outside(campaign.region, head, ROWS, actor=office, paper=Paper("得分表.pdf", stored=stored))
    assert [(row.subject, row.total, row.parts, row.rank, row.group, row.own) for row in made.rows.all()] == [
        ("岳阳市", 91.2, {"field": 90.0}, 1, "地级市", False), ("云溪市", 87.2, {}, 2, "地级市", True),
        ("沅江市", 85.0, {}, 1, "县级市", False),
    ]  # fmt: skip
    assert (made.name, made.entered_by, made.weights) == ("省级年度测评", office, {"field": 0.85, "survey": 0.15})
    paper = Attachment.objects.get(owner_type="scoring.outsideresult", owner_id=made.pk)
    assert (paper.name, paper.file) == ("得分表.pdf", stored)
    entry = Entry.objects.get(action="scoring.outsideresult.enter")
    assert (entry.data["rows"], entry.data["total"], entry.data["year"]) == (3, "87.2", 2025)


def test_a_single_row_is_ours_whatever_it_is_called(campaign):
    made = enter_outside(campaign.region, HEAD, [PrintedRow("本市", 88.1)], actor=None)
    assert [(row.subject, row.own) for row in made.rows.all()] == [("本市", True)]


def test_own_row_is_found_by_a_remembered_name(root):
    UnitAlias.objects.create(region=root.region, unit=root, name="云城")
    rows = [PrintedRow("岳阳市", 91), PrintedRow("云城", 80)]
    made = enter_outside(root.region, HEAD, rows, actor=None)
    assert made.rows.get(own=True).subject == "云城"


def test_where_no_name_is_ours_a_person_says_which_row_is(root, campaign):
    made = enter_outside(root.region, HEAD, [PrintedRow("甲市", 91), PrintedRow("乙市", 80)], actor=None)
    assert not made.rows.filter(own=True).exists()
    office = make_user(Role.OFFICE, root)
    choose_own_row(made, made.rows.get(subject="乙市"), actor=office)
    choose_own_row(made, made.rows.get(subject="甲市"), actor=office)
    assert made.rows.get(own=True).subject == "甲市"
    assert [step.note for step in history_of(made) if step.action == "own"] == ["乙市", "甲市"]
    other = enter_outside(root.region, replace(HEAD, year=2024), ROWS, actor=None)
    with pytest.raises(Refusal, match="这一行在另一张表上"):
        choose_own_row(made, other.rows.first(), actor=office)
    choose_own_row(made, None, actor=office)
    assert not made.rows.filter(own=True).exists()


def test_peers_are_those_of_the_newest_standing_sheet(sheet, root):
    newer = replace(HEAD, name="省级年度测评(复核)", issued_on=date(2026, 2, 1))
    again = enter_outside(root.region, newer, [PrintedRow("岳阳市", 91.0, {}, 1), PrintedRow("云溪市", 88)], actor=None)
    assert peer_totals(root.region, 2025, "official") == [
        PeerTotal("岳阳市", 91.0, 1, "", own=False), PeerTotal("云溪市", 88.0, None, "", own=True),
    ]  # fmt: skip
    withdraw_outside(again, reason="撤回", revision=1, actor=None)
    assert [row.subject for row in peer_totals(root.region, 2025, "official")] == ["岳阳市", "云溪市", "沅江市"]
    assert (peer_totals(root.region, 2024, "official"), peer_totals(root.region, 2025, "mock")) == ([], [])
    assert peer_totals(make_root().region, 2025, "official") == []


def test_a_sheet_of_our_own_row_alone_tells_nothing_of_peers(root):
    enter_outside(root.region, HEAD, [PrintedRow("云溪市", 88.1)], actor=None)
    assert peer_totals(root.region, 2025, "official") == []


def test_correction_keeps_what_stood_before(sheet, campaign):
    office = make_user(Role.OFFICE, campaign.subject)
    head = replace(head_of(sheet), issued_by="省创建办")
    rows = [PrintedRow("云溪市", 87.3, {}, 2, "地级市"), PrintedRow("临湘市", 80, {}, 2, "县级市"), ROWS[0]]
    correct_outside(sheet, head, rows, reason="抄错", revision=1, actor=office)
    sheet.refresh_from_db()
    assert (sheet.issued_by, sheet.revision, sheet.state) == ("省创建办", 2, "standing")
    assert {(row.subject, row.total, row.own) for row in sheet.rows.all()} == {
        ("岳阳市", 91.2, False), ("云溪市", 87.3, True), ("沅江市", 85.0, False), ("临湘市", 80.0, False),
    }  # fmt: skip
    step = next(step for step in history_of(sheet) if step.action == "correct")
    assert (step.note, step.data) == (
        "抄错",
        {"issued_by": ["省文明办", "省创建办"],
         "rows": {"云溪市": [["87.2", {}, 2], ["87.3", {}, 2]], "临湘市": [None, 80]}},
    )  # fmt: skip
    with pytest.raises(StaleState):
        correct_outside(sheet, head, [], reason="又", revision=1, actor=office)


def test_withdrawn_sheet_counts_nowhere_and_can_be_given_anew(sheet, campaign):
    withdraw_outside(sheet, reason="发错", revision=1, actor=None)
    assert not own_rows(campaign.pk).exists()
    assert enter_outside(campaign.region, HEAD, ROWS, actor=None).pk != sheet.pk
    with pytest.raises(StaleState):
        withdraw_outside(sheet, reason="再", revision=1, actor=None)


REFUSED = [
    (replace(HEAD, year=2027), ROWS, "2027年还没有得分"),
    (replace(HEAD, year=1999), ROWS, "1999年还没有得分"),
    (replace(HEAD, issued_on=date(2026, 11, 19)), ROWS, "印发日期还没有到"),
    (replace(HEAD, name=" "), ROWS, "没有写明测评名称和印发单位"),
    (replace(HEAD, issued_by=""), ROWS, "没有写明测评名称和印发单位"),
    (replace(HEAD, kind="other"), ROWS, "没有这种轮次"),
    (replace(HEAD, weights={"field": 0.85}), ROWS, "各部分的权重合计不是100%"),
    (replace(HEAD, weights={"field": 0.5, "other": 0.5}), ROWS, "各部分的权重合计不是100%"),
    (HEAD, (), "没有可以保存的得分"),
    (HEAD, (PrintedRow("云溪市", -1),), "“云溪市”：得分应在0到1000之间"),
    (HEAD, (PrintedRow("云溪市", float("nan")),), "“云溪市”：得分应在0到1000之间"),
    (HEAD, (PrintedRow("云溪市", 90, {"field": 1001}),), "“云溪市”：得分应在0到1000之间"),
    (HEAD, (ROWS[0], ROWS[0]), "“岳阳市”在表上出现了两次"),
]


@pytest.mark.parametrize(("head", "rows", "words"), REFUSED)
def test_what_no_sheet_can_say_is_refused_and_nothing_is_kept(root, head, rows, words):
    with pytest.raises(Refusal, match=words):
        enter_outside(root.region, head, rows, actor=None)
    assert not OutsideResult.objects.exists()


def test_the_same_sheet_twice_is_refused(sheet, campaign):
    with pytest.raises(Refusal, match="2025年的“省级年度测评”已经录入"):
        enter_outside(campaign.region, HEAD, ROWS, actor=None)
    other = enter_outside(campaign.region, replace(HEAD, name="其他"), ROWS, actor=None)
    with pytest.raises(Refusal, match="已经录入"):
        correct_outside(other, HEAD, [], reason="改名", revision=1, actor=None)


def test_campaign_and_standard_belong_to_the_region(root):
    with pytest.raises(Refusal, match="创建周期或测评体系属于另一个地区"):
        enter_outside(root.region, replace(HEAD, campaign=make_campaign()), ROWS, actor=None)


def test_only_who_scores_takes_sheets_in(sheet, campaign):
    leader = make_user(Role.LEADER, campaign.subject)
    for act in (
        lambda: enter_outside(campaign.region, replace(HEAD, year=2024), ROWS, actor=leader),
        lambda: correct_outside(sheet, HEAD, [], reason="改", revision=1, actor=leader),
        lambda: withdraw_outside(sheet, reason="撤", revision=1, actor=leader),
        lambda: choose_own_row(sheet, None, actor=leader),
    ):
        with pytest.raises((PermissionDenied, Refusal)):
            act()
    assert sheet.revision == OutsideResult.objects.get().revision == 1


def test_one_row_of_a_sheet_is_ours_at_most(sheet):
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideRow.objects.filter(result=sheet).update(own=True)
