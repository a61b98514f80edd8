"""What opening, reminding, moving a day and a new standard leave behind, and what they leave alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.audit.models import Entry
from chuangwen.campaigns.shifting import Move, Stay
from chuangwen.core import clock
from chuangwen.evidence.models import Dossier, Link
from chuangwen.evidence.services import (
    Facts,
    carry_dossiers,
    move_due,
    open_dossiers,
    opening,
    remind_unit,
    set_passage,
    shifting,
    use_piece,
    write_piece,
)
from chuangwen.evidence.services.shifting import dossier_moves, move_dossiers
from chuangwen.notifications.models import Notice
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.services import publish_standard
from chuangwen.workflow.models import Step
from tests.evidence.making import DUE, STANDARD, Ledger
from tests.evidence.test_kept import columns, fields, kept, told
from tests.evidence.test_renewing import renewed
from tests.support.factories import NOON, make_campaign, make_root, make_user
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY, DAY, LATER = NOON.date(), timedelta(days=1), NOON + timedelta(hours=1)


@pytest.fixture
def beside(ledger: Ledger) -> Dossier:
    """The same criterion, unit and year in another campaign of the same standard."""
    other = make_campaign(ledger.root, version=ledger.version, subject_kind="unit", name="另一周期")
    pair = (ledger.node("1.1").pk, ledger.unit.pk)
    open_dossiers(other, 2026, [pair], due_on=DUE, actor=None, tell=False)
    return Dossier.objects.get(campaign=other)


def test_opened_dossier_has_every_column_and_the_unit_one_line(
    ledger: Ledger, beside: Dossier, monkeypatch: Any
) -> None:
    monkeypatch.setattr(opening, "CHUNK", 1)
    liaison, root = ledger.liaison, ledger.root
    node = {code: ledger.node(code).pk for code in ("1.1", "1.2", "1.3", "1.4")}
    steps: list[int] = []
    pairs = [(node[code], ledger.unit.pk) for code in ("1.1", "1.3", "1.1", "1.4")]
    opened = open_dossiers(
        ledger.campaign, 2026, [*pairs, (node["1.2"], ledger.other.pk)], due_on=TODAY, actor=ledger.office,
        step=lambda: steps.append(Dossier.objects.filter(campaign=ledger.campaign).count()),
    )  # fmt: skip
    assert (opened, steps) == (3, [1, 2, 3])
    rows = Dossier.objects.filter(campaign=ledger.campaign).order_by("node")
    names = (
        "region",
        "node",
        "unit",
        "year",
        "state",
        "due_on",
        "slots_needed",
        "slots_filled",
        "missing_since",
        "months",
    )
    assert list(rows.values_list(*names, "revision")) == [
        (root.region_id, node["1.1"], ledger.unit.pk, 2026, "open", TODAY, 3, 0, TODAY, "-" * 12, 1),
        (root.region_id, node["1.2"], ledger.other.pk, 2026, "open", TODAY, 3, 0, TODAY, "", 1),
        (root.region_id, node["1.4"], ledger.unit.pk, 2026, "open", TODAY, 1, 0, TODAY, "0" * 12, 1),
    ]
    line = ("/dossiers/?tab=waiting", "", False, root.region_id)
    assert told(liaison) == [("evidence", "有2份档案要填", *line)]
    assert told(ledger.stranger) == [("evidence", "有1份档案要填", *line)]
    entry = Entry.objects.get(action="evidence.dossier.open", actor_id=str(ledger.office.pk))
    units = {str(ledger.unit.pk): 2, str(ledger.other.pk): 1}
    assert (entry.object_type, entry.object_id, entry.data) == (
        "campaigns.campaign", str(ledger.campaign.pk),
        {"year": 2026, "due_on": "2026-11-18", "dossiers": 3, "units": units},
    )  # fmt: skip
    assert open_dossiers(ledger.campaign, 2024, pairs[:1], due_on=DUE, actor=None) == 1  # the campaign's first year


def test_criterion_that_only_wishes_for_evidence_is_complete_from_the_start(ledger: Ledger) -> None:
    text = STANDARD.replace("evidence-test", "wish").replace("min: 12, window", "min: 0, window")
    version, _new = publish_standard(read_standard(text.encode(), "s.yaml"), region=ledger.root.region, actor=None)
    campaign = make_campaign(ledger.root, version=version, subject_kind="unit", name="愿望")
    pair = (version.nodes.get(code="1.4").pk, ledger.unit.pk)
    open_dossiers(campaign, 2026, [pair], due_on=DUE, actor=None)
    assert columns(Dossier.objects.get(), "slots_needed", "slots_filled", "missing_since", "months") == [0, 0, None, ""]


def test_day_is_moved_for_one_dossier_with_its_reason(ledger: Ledger) -> None:
    dossier, other = ledger.dossier("1.1"), ledger.dossier("1.2")
    untouched = fields(other)
    with clock.at(LATER):
        move_due(dossier, due_on=TODAY, reason="提前", actor=ledger.office)
    assert (dossier.due_on, columns(dossier, "due_on", "updated_at")) == (TODAY, [TODAY, LATER])
    days = {"from": "2026-12-10", "to": "2026-11-18"}
    assert kept(dossier) == [("postpone", ledger.office.pk, LATER, "提前", "", days)]
    line = ("evidence", f"档案期限有调整：{dossier}", f"/dossiers/{dossier.pk}/", "", False, ledger.root.region_id)
    assert (told(ledger.liaison)[-1], fields(other)) == (line, untouched)
    handed_in = ledger.submitted("1.1", year=2025)
    assert said(move_due, handed_in, due_on=DUE, reason="x", actor=ledger.office).startswith(f"“{handed_in}”")


def test_reminder_counts_what_is_still_with_the_unit_in_this_campaign(ledger: Ledger, beside: Dossier) -> None:
    dossier = ledger.dossier("1.1")
    ledger.submitted("1.2")
    ledger.dossier("1.1", unit=ledger.other)
    Notice.objects.all().delete()
    assert remind_unit(dossier, actor=ledger.office) == 1
    key = f"evidence-remind-{ledger.unit.pk}-2026-11-18"
    line = ("evidence", "提醒：还有1份档案没提交", "/dossiers/?tab=waiting", key, True, ledger.root.region_id)
    assert (told(ledger.liaison), told(ledger.stranger)) == ([line], [])
    assert kept(dossier) == [("remind", ledger.office.pk, NOON, "", "", {})]


def test_office_of_another_region_opens_moves_and_takes_along_nothing_here(ledger: Ledger) -> None:
    dossier, elsewhere = ledger.dossier("1.1"), make_user("office", make_root())
    pair, untouched = (ledger.node("1.2").pk, ledger.unit.pk), fields(dossier)
    for act in (
        lambda: open_dossiers(ledger.campaign, 2026, [pair], due_on=DUE, actor=elsewhere),
        lambda: move_due(dossier, due_on=TODAY, reason="x", actor=elsewhere),
        lambda: remind_unit(dossier, actor=elsewhere),
        lambda: carry_dossiers(ledger.campaign, {dossier.node_id: [pair[0]]}, actor=elsewhere),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert (fields(dossier), Dossier.objects.count(), kept(dossier)) == (untouched, 1, [])


def test_dossiers_of_this_campaign_move_with_its_assessment(ledger: Ledger, beside: Dossier, monkeypatch: Any) -> None:
    monkeypatch.setattr(shifting, "CHUNK", 2)
    first, second, today = ledger.dossier("1.1"), ledger.dossier("1.2"), ledger.dossier("1.4")
    third = ledger.dossier("1.2", unit=ledger.other)
    late, untouched = ledger.dossier("1.4", unit=ledger.other), fields(beside)
    Dossier.objects.filter(pk=today.pk).update(due_on=TODAY)
    Dossier.objects.filter(pk=late.pk).update(due_on=TODAY - DAY)
    old, new = date(2026, 12, 21), date(2026, 12, 28)
    moved = [(TODAY, date(2026, 11, 25)), (DUE, date(2026, 12, 17))]
    assert list(dossier_moves(ledger.campaign, old, new)) == [
        Stay("档案", "1份到期档案", TODAY - DAY, "已经逾期"),
        Move("档案", "1份到期档案", *moved[0]), Move("档案", "3份到期档案", *moved[1]),
    ]  # fmt: skip
    audited = Entry.objects.count()
    with clock.at(LATER):
        move_dossiers(ledger.campaign, old, new, actor=ledger.office)
    for dossier, (day, then) in ((today, moved[0]), (first, moved[1]), (second, moved[1]), (third, moved[1])):
        days = {"from": day.isoformat(), "to": then.isoformat()}
        assert columns(dossier, "due_on", "updated_at") == [then, LATER]
        assert kept(dossier) == [("postpone", ledger.office.pk, LATER, "测评日期调整。", "", days)]
    assert (columns(late, "due_on"), fields(beside), kept(beside)) == ([TODAY - DAY], untouched, [])
    entry = Entry.objects.get(action="evidence.dossier.shift")
    told_days = {day.isoformat(): then.isoformat() for day, then in moved}
    assert (entry.object_type, entry.object_id, entry.data) == (
        "campaigns.campaign", str(ledger.campaign.pk), {"days": told_days},
    )  # fmt: skip
    assert Entry.objects.count() == audited + 1  # one act, one entry


def test_new_standard_takes_along_all_that_continue_and_only_what_is_asked_for(ledger: Ledger, beside: Dossier) -> None:
    gone, first, second = ledger.dossier("1.2"), ledger.dossier("1.1"), ledger.dossier("1.4")
    theirs = {code: ledger.dossier(code, unit=ledger.other) for code in ("1.1", "1.4")}
    for dossier, who in ((second, ledger.liaison), (theirs["1.4"], ledger.stranger)):
        for number in (1, 2):
            facts = Facts(text=f"第{number}讲", happened_on=date(2026, number, 1))
            write_piece(dossier, ["记录"], facts, passage=f"第{number}页", actor=who)
    shared = second.links.get(passage="第1页")
    use_piece(first, "成效", shared.piece, actor=ledger.liaison)
    elsewhere = ledger.dossier("1.4", year=2025)
    write_piece(elsewhere, ["记录"], Facts(text="去年", happened_on=date(2025, 1, 1)), actor=ledger.liaison)
    untouched = [fields(one) for one in (beside, elsewhere, gone)]
    new, old = renewed(ledger), {code: ledger.node(code).pk for code in ("1.1", "1.2", "1.4")}
    goes = {old["1.2"]: [], old["1.1"]: [new["1.4"]], old["1.4"]: [new["1.4"]]}
    with clock.at(LATER):
        assert carry_dossiers(ledger.campaign, goes, actor=ledger.office) == 2
    for target, source in ((first, second), (theirs["1.1"], theirs["1.4"])):
        assert columns(target, "node_id", "months", "updated_at") == [new["1.4"], "11" + "0" * 10, LATER]
        copied = [columns(one, "region_id", "slot", "piece_id", "passage") for one in target.links.filter(slot="记录")]
        assert copied == [columns(one, "region_id", "slot", "piece_id", "passage") for one in source.links.all()]
        assert kept(target)[-1] == (
            "renew", ledger.office.pk, LATER, "", "", {"from": old["1.1"], "to": new["1.4"]},
        )  # fmt: skip
        assert columns(source, "node_id") == [old["1.4"]]
    assert [fields(one) for one in (beside, elsewhere, gone)] == untouched
    set_passage(first.links.get(slot="成效"), "留", actor=ledger.liaison)
    links = Link.objects.count()
    assert carry_dossiers(ledger.campaign, goes, actor=ledger.office) == 0  # again: what is linked there is linked once
    assert (Link.objects.count(), Step.objects.filter(action="renew").count()) == (links, 2)
    Dossier.objects.filter(pk=first.pk).update(state="submitted")
    write_piece(second, ["记录"], Facts(text="第三讲", happened_on=date(2026, 3, 1)), actor=ledger.liaison)
    carry_dossiers(ledger.campaign, goes, actor=ledger.office)
    assert Link.objects.count() == links + 1  # what is handed in gets nothing more
