"""What the ledger says on the start page, on a unit, on a task, in the choice of pieces: words and where they lead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core.panels import counted
from chuangwen.core.picking import look_up, source_of
from chuangwen.evidence.beside import task_dossier, unit_dossiers
from chuangwen.evidence.desk import desk_lines, figures
from chuangwen.evidence.models import Dossier, Piece
from chuangwen.evidence.services import Facts, return_dossier, write_piece
from tests.evidence.making import Ledger
from tests.support.asking import asked_by
from tests.support.factories import NOON, make_root, make_task, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = NOON.date()


def desk(user: Any) -> list[tuple[str, str, str]]:
    return [(one.group, str(one.title), one.url.rpartition("=")[2]) for one in counted(desk_lines(asked_by(user)))]


def late(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(due_on=TODAY - timedelta(days=1))


def due_this_week(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(due_on=TODAY + timedelta(days=2))


def test_start_page_tells_a_unit_what_is_late_came_back_and_is_due_this_week(ledger: Ledger) -> None:
    assert desk(ledger.liaison) == []
    ledger.dossier("1.1")
    assert desk(ledger.liaison) == [("mine", "1份档案还没齐", "missing")]
    due_this_week(ledger.dossier("1.2"))
    assert desk(ledger.liaison) == [("week", "1份档案本周到期", "week")]
    late(ledger.dossier("1.4"))
    back = ledger.submitted("1.1", year=2025)
    return_dossier(back, reason="少一张照片", revision=back.revision, actor=ledger.office)
    assert desk(ledger.liaison) == [
        ("late", "1份档案逾期", "late"), ("mine", "1份档案被退回", "returned"), ("week", "1份档案本周到期", "week"),
    ]  # fmt: skip
    assert desk(ledger.stranger) == []


def test_start_page_of_someone_without_a_campaign_or_a_role_says_nothing_of_the_ledger(ledger: Ledger) -> None:
    ledger.submitted("1.1")
    assert [title for _group, title, _url in desk(ledger.office)] == ["1份档案待评等次"]
    assert desk(make_user(Role.OFFICE, make_root())) == []
    assert desk(make_user()) == []


def test_figure_of_the_ledger_is_for_who_sees_the_whole_campaign(ledger: Ledger) -> None:
    assert counted(figures(asked_by(ledger.office))) == []  # nothing is open: no share of nothing
    ledger.filled("1.1")
    ledger.dossier("1.2")
    (found,) = counted(figures(asked_by(ledger.office)))
    assert (found.value, str(found.sub)) == ("50%", "2份档案中的1份")
    assert list(figures(asked_by(ledger.liaison))) == []


def lines_of(panel: Any) -> list[tuple[str, str, str]]:
    return [(str(line.text), str(line.sub), line.tone) for line in panel.context["lines"]]


def test_unit_says_how_many_dossiers_lack_something_and_which_are_due_first(ledger: Ledger) -> None:
    request = asked_by(ledger.office)
    assert unit_dossiers(request, ledger.unit) is None
    ledger.filled("1.1")
    full = unit_dossiers(request, ledger.unit)
    assert (full.context["note"], lines_of(full)) == ("1份档案", [("都齐了", "", "good")])
    late(ledger.dossier("1.4"))
    ledger.dossier("1.2")
    panel = unit_dossiers(request, ledger.unit)
    assert lines_of(panel) == [("1.4 道德讲堂每月一次", "0/1", ""), ("1.2 身边好人选树", "0/3", "")]
    assert panel.context["note"] == "3份档案，其中2份没齐，1份逾期"
    assert unit_dossiers(asked_by(ledger.stranger), ledger.unit) is None


def test_task_shows_the_dossiers_of_its_criterion_the_latest_year_first(ledger: Ledger) -> None:
    first, before = ledger.dossier("1.2"), ledger.filled("1.2", year=2025)
    task = make_task(ledger.unit, campaign=ledger.campaign, node=first.node)
    assert lines_of(task_dossier(asked_by(ledger.office), task)) == [
        (f"{first} 2026", "填报中", "bad"), (f"{before} 2025", "填报中", ""),
    ]  # fmt: skip
    without = make_task(ledger.unit, campaign=ledger.campaign, node=None)
    elsewhere = make_task(ledger.unit, campaign=ledger.campaign, node=ledger.node("1.1"))
    assert [task_dossier(asked_by(ledger.office), one) for one in (without, elsewhere)] == [None, None]


def test_pieces_to_choose_among_are_those_one_may_see_the_latest_first(ledger: Ledger) -> None:
    dossier = ledger.dossier("1.1")
    for title, number in (("志愿服务总结", ""), ("志愿服务方案", "云文明办〔2026〕3号")):
        facts = Facts(title=title, text="见附件", document_number=number)
        write_piece(dossier, ["成效"], facts, actor=ledger.liaison)
    source = source_of("pieces")

    def shown(user: Any, words: str) -> list[tuple[str, str]]:
        return [(one.label, one.second) for one in look_up(source, source.rows(user), words).options]

    plan = ("志愿服务方案", "说明 · 云文明办〔2026〕3号 · 市档案局")
    assert shown(ledger.liaison, "志愿") == [plan, ("志愿服务总结", "说明 · 市档案局")]
    assert shown(ledger.office, "〔2026〕3号") == [plan]
    assert shown(ledger.stranger, "志愿") == []
    assert Piece.objects.count() == 2
