"""Deciding on candidates: every act, every refusal, two people at once, and undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.directives.addressees import Party
from chuangwen.directives.models import Candidate
from chuangwen.directives.queries.documents import cut_points, review_of
from chuangwen.directives.services import (
    StaleCandidate,
    Wanted,
    accept_candidate,
    drop_candidate,
    edit_candidate,
    issue_accepted,
    mark_by_hand,
    merge_into_previous,
    reopen_candidate,
    split_candidate,
    undo_last,
)
from chuangwen.workflow.queries import history_of
from tests.directives.making import Desk, candidate
from tests.support.factories import NOON, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def state(row: Candidate) -> str:
    return Candidate.objects.get(pk=row.pk).state


def test_accept_keeps_history_and_raises_the_revision(desk):
    row = candidate(desk.document(), "背街小巷")
    accept_candidate(row, revision=1, actor=desk.office)
    assert (state(row), row.revision) == ("accepted", 2)
    assert [step.action for step in history_of(row)] == ["accept"]


def test_drop_and_reopen(desk):
    row = candidate(desk.document(), "背街小巷")
    drop_candidate(row, revision=1, actor=desk.office)
    assert state(row) == "dropped"
    reopen_candidate(row, revision=2, actor=desk.office)
    assert state(row) == "open"


def test_second_person_on_an_old_revision_changes_nothing(desk):
    row = candidate(desk.document(), "背街小巷")
    same = Candidate.objects.select_related("document", "region").get(pk=row.pk)
    accept_candidate(row, revision=1, actor=desk.office)
    with pytest.raises(StaleCandidate) as refused:
        drop_candidate(same, revision=1, actor=desk.colleague)
    assert refused.value.current.state == "accepted"
    assert state(row) == "accepted"


def test_stale_edit_overwrites_nothing(desk):
    row = candidate(desk.document(), "背街小巷")
    mine = Candidate.objects.select_related("document", "region").get(pk=row.pk)
    edit_candidate(row, Wanted("我的说法", row_parties(row)), revision=1, actor=desk.office)
    with pytest.raises(StaleCandidate):
        edit_candidate(mine, Wanted("她的说法", row_parties(row)), revision=1, actor=desk.colleague)
    assert Candidate.objects.get(pk=row.pk).action == "我的说法"


def row_parties(row: Candidate) -> list[Party]:
    return [Party(one["name"], tuple(one["units"])) for one in row.lead]


@pytest.mark.parametrize("service", [accept_candidate, drop_candidate])
def test_decisions_are_for_the_office(desk, service):
    row = candidate(desk.document(), "背街小巷")
    for actor in (make_user("leader", desk.root), make_user("liaison", desk.city), make_user("office")):
        with pytest.raises(PermissionDenied):
            service(row, revision=1, actor=actor)
    assert (state(row), Candidate.objects.get(pk=row.pk).revision) == ("open", 1)


def test_edit_names_units_and_accepts_at_once(desk):
    row = candidate(desk.document(), "飞线充电")
    lead = [Party("云溪市城市管理局", (desk.city.pk,))]
    both = [Party("各街道", (desk.east.pk, desk.west.pk)), Party("云溪市城市管理局", (desk.city.pk,))]
    wanted = Wanted(" 拿出方案 ", lead, both, date(2026, 12, 11), "每周", "书面方案1份")
    edit_candidate(row, wanted, revision=1, actor=desk.office, accept=True)
    row.refresh_from_db()
    assert (row.action, row.state, row.needs_unit, row.revision) == ("拿出方案", "accepted", False, 2)
    assert row.due_on == date(2026, 12, 11)
    assert row.cooperate == [{"name": "各街道", "units": [desk.east.pk, desk.west.pk]}]  # who leads does not help


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("  "),
        Wanted("长" * 301),
        Wanted("做", due_on=date(2026, 11, 1)),
        Wanted("做", [Party("外地", (999999,))]),
    ],
    ids=["nothing to do", "too long", "before the meeting", "unknown unit"],
)
def test_edit_refuses(desk, wanted):
    row = candidate(desk.document(), "背街小巷")
    with pytest.raises(Refusal):
        edit_candidate(row, wanted, revision=1, actor=desk.office)
    assert Candidate.objects.get(pk=row.pk).revision == 1


def test_edit_refuses_a_unit_of_another_region(desk):
    row, stranger = candidate(desk.document(), "背街小巷"), make_unit()
    with pytest.raises(Refusal):
        edit_candidate(row, Wanted("做", [Party("外地", (stranger.pk,))]), revision=1, actor=desk.office)


def test_edit_is_for_the_office(desk):
    row = candidate(desk.document(), "背街小巷")
    with pytest.raises(PermissionDenied):
        edit_candidate(row, Wanted("做"), revision=1, actor=make_user("leader", desk.root))


def test_what_is_issued_is_no_longer_ours_to_change(desk):
    document = desk.document()
    row = candidate(document, "背街小巷")
    accept_candidate(row, revision=1, actor=desk.office)
    issue_accepted(document, actor=desk.office, measure="完成")
    number = row.tasks.get().number
    for act in (
        lambda: reopen_candidate(row, revision=2, actor=desk.office),
        lambda: drop_candidate(row, revision=2, actor=desk.office),
        lambda: edit_candidate(row, Wanted("做"), revision=2, actor=desk.office),
        lambda: undo_last(document, actor=desk.office),
    ):
        with pytest.raises(Refusal, match=number):
            act()
    assert (state(row), Candidate.objects.get(pk=row.pk).revision) == ("accepted", 2)


def test_merge_joins_passages_deeds_and_parties(desk):
    document = desk.document()
    first, second = candidate(document, "背街小巷"), candidate(document, "飞线充电")
    merge_into_previous(second, revision=1, actor=desk.office)
    first.refresh_from_db()
    assert (first.end, first.quote) == (second.end, document.text[first.start : second.end])
    assert [party["name"] for party in first.lead] == ["市城管局", "相关单位"]
    assert "；" in first.action
    assert (first.due_on, first.needs_unit) == (date(2026, 11, 30), True)
    assert state(second) == "merged"
    assert [row.number for row in review_of(document).rows] == [1, 2, 3]


def test_merge_refuses_the_first_one(desk):
    row = candidate(desk.document(), "背街小巷")
    with pytest.raises(Refusal):
        merge_into_previous(row, revision=1, actor=desk.office)


def test_merged_directive_cannot_be_edited(desk):
    row = candidate(desk.document(), "飞线充电")
    merge_into_previous(row, revision=1, actor=desk.office)
    with pytest.raises(Refusal):
        edit_candidate(row, Wanted("做"), revision=row.revision, actor=desk.office)


def test_split_gives_each_half_what_stands_in_it(desk):
    document = desk.document()
    row = candidate(document, "背街小巷")
    cut = next(at for at, words in cut_points(row) if words.startswith("11月30日前"))
    second = split_candidate(row, cut, revision=1, actor=desk.office)
    row.refresh_from_db()
    assert (row.end <= second.start, row.deadline, row.due_on) == (True, "", None)
    assert second.due_on == date(2026, 11, 30)
    assert [party["name"] for party in second.lead] == ["市城管局"]  # none stands in it: those of the whole
    assert document.text[second.start : second.end] == second.quote


def test_split_refuses_a_place_inside_a_word(desk):
    row = candidate(desk.document(), "背街小巷")
    with pytest.raises(Refusal):
        split_candidate(row, row.start + 1, revision=1, actor=desk.office)
    assert Candidate.objects.filter(document=row.document).count() == 4


def test_undo_takes_back_step_by_step(desk):
    document = desk.document()
    row = candidate(document, "飞线充电")
    action = row.action
    edit_candidate(row, Wanted("新说法", [Party("市城管局", (desk.city.pk,))]), revision=1, actor=desk.office)
    accept_candidate(row, revision=2, actor=desk.office)
    assert undo_last(document, actor=desk.office)[0] == "accept"
    row.refresh_from_db()
    assert (row.state, row.action) == ("open", "新说法")
    assert undo_last(document, actor=desk.office)[0] == "edit"
    row.refresh_from_db()
    assert (row.state, row.action, row.needs_unit, row.due_on) == ("open", action, True, date(2026, 12, 10))
    with pytest.raises(Refusal):
        undo_last(document, actor=desk.office)


def test_undo_reaches_no_further_back_than_one_sitting(desk, monkeypatch):
    document = desk.document()
    row = candidate(document, "飞线充电")
    drop_candidate(row, revision=1, actor=desk.office)
    later = clock.now() + timedelta(hours=12)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Refusal, match="最近12小时"):
        undo_last(document, actor=desk.office)
    assert state(row) == "dropped"


def test_undo_of_a_merge_brings_both_back(desk):
    document = desk.document()
    first, second = candidate(document, "背街小巷"), candidate(document, "飞线充电")
    accept_candidate(second, revision=1, actor=desk.office)
    merge_into_previous(second, revision=2, actor=desk.office)
    undo_last(document, actor=desk.office)
    assert (state(first), state(second)) == ("open", "accepted")
    assert Candidate.objects.get(pk=first.pk).end == first.end


def test_merge_with_a_party_nobody_knows_opens_what_was_accepted(desk):
    document = desk.document()
    first, second = candidate(document, "背街小巷"), candidate(document, "飞线充电")
    Candidate.objects.filter(pk=second.pk).update(lead=[{"name": "登记后", "units": []}])
    accept_candidate(first, revision=1, actor=desk.office)
    merge_into_previous(candidate(document, "飞线充电"), revision=1, actor=desk.office)
    assert (state(first), Candidate.objects.get(pk=first.pk).needs_unit) == ("open", True)
    undo_last(document, actor=desk.office)
    assert (state(first), Candidate.objects.get(pk=first.pk).needs_unit) == ("accepted", False)


def test_undo_of_split_and_mark_hides_what_they_made(desk):
    document = desk.document()
    row = candidate(document, "背街小巷")
    whole = row.quote
    split_candidate(row, cut_points(row)[0][0], revision=1, actor=desk.office)
    mark_by_hand(document, "大家下了功夫", actor=desk.office)
    assert len(review_of(document).rows) == 6
    undo_last(document, actor=desk.office)
    undo_last(document, actor=desk.office)
    assert len(review_of(document).rows) == 4
    assert Candidate.objects.get(pk=row.pk).quote == whole


def test_undo_is_of_ones_own_acts_and_never_over_somebody_elses(desk):
    document = desk.document()
    row = candidate(document, "背街小巷")
    accept_candidate(row, revision=1, actor=desk.office)
    with pytest.raises(Refusal):
        undo_last(document, actor=desk.colleague)
    reopen_candidate(row, revision=2, actor=desk.colleague)
    with pytest.raises(Refusal, match="别人"):
        undo_last(document, actor=desk.office)
    assert state(row) == "open"


def test_undo_is_for_the_office(desk):
    document = desk.document()
    with pytest.raises(PermissionDenied):
        undo_last(document, actor=make_user("leader", desk.root))
