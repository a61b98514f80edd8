"""A self-assessment saves itself, is written by two people at once, and is taken anew from the ledger."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.honors.models import Application, SelfLine
from chuangwen.honors.queries.assessing import assessment_of
from chuangwen.honors.services import (
    Clashed,
    LineTold,
    begin_application,
    refresh_lines,
    save_lines,
    submit_application,
    write_application,
)
from tests.honors.making import fit, make_dossier, make_programme, publish
from tests.honors.test_assessing import posted, told
from tests.support.factories import make_user

CODES = ["1.1", "2.1", "P1", "N1"]  # the lines of the page in their order


@pytest.fixture
def draft(house):
    version = publish(house)
    make_dossier(version, house.bureau, "1.1", 2, 2)
    return begin_application(make_programme(house), house.bureau, actor=house.liaison)


def one(points, basis="自查"):
    return LineTold(None if points is None else Decimal(points), basis)


def line(draft, code="1.1"):
    return next(row for row in assessment_of(draft).lines if row.asked.code == code)


def saves(draft):
    return reverse("honors:assessment_save", args=[draft.pk])


def page(draft):
    return reverse("honors:assessment", args=[draft.pk])


def sent(number, points, basis="自查", seen=0):
    return {f"points_{number}": points, f"basis_{number}": basis, f"seen_{number}": seen}


def ledger_falls(draft, filled=1):
    """Half of what the dossier held is taken back."""
    draft.unit.dossiers.update(slots_filled=filled)


def test_line_is_kept_while_the_rest_is_still_being_written(house, draft, sign_in):
    answer = sign_in(house.liaison).post(saves(draft), sent(1, "36.5")).json()
    assert answer == {"saved": {"1": 1}, "refused": {}, "clashes": {}, "sum": answer["sum"]}
    assert "96.5" in answer["sum"]
    assert [(row.code, row.points, row.basis, row.written_by) for row in SelfLine.objects.all()] == [
        ("2.1", Decimal("36.5"), "自查", house.liaison)
    ]
    draft.refresh_from_db()
    assert draft.self_score is None  # a line that nobody wrote is no word of the unit


def test_sum_stands_once_every_line_was_saved_by_itself(house, draft):
    for code, written in told().items():
        save_lines(draft, {code: written}, {code: 0}, actor=house.liaison)
    draft.refresh_from_db()
    assert draft.self_score == Decimal("97.5")


def test_own_words_are_kept_by_themselves(house, draft, sign_in):
    client = sign_in(house.liaison)
    answer = client.post(saves(draft), {"self_report": "道德讲堂", "seen_report": 0}).json()
    assert answer["saved"] == {"report": 1}
    draft.refresh_from_db()
    assert (draft.self_report, SelfLine.objects.count()) == ("道德讲堂", 0)


def test_points_beyond_the_line_are_told_at_it_and_the_others_kept(house, draft, sign_in):
    answer = sign_in(house.liaison).post(saves(draft), sent(0, "61") | sent(1, "30")).json()
    assert list(answer["refused"]) == ["0"]
    assert answer["saved"] == {"1": 1}
    assert SelfLine.objects.get().code == "2.1"


def test_line_that_somebody_else_wrote_is_not_overwritten_unseen(house, draft, sign_in):
    other = make_user(Role.LIAISON, house.bureau)
    save_lines(draft, {"2.1": one("36", "他的")}, {"2.1": 0}, actor=other)
    client = sign_in(house.liaison)
    answer = client.post(saves(draft), sent(1, "20", "我的", seen=0)).json()
    assert answer["saved"] == {}
    clash = answer["clashes"]["1"]
    assert (clash["values"], clash["revision"]) == ({"points_1": "36", "basis_1": "他的"}, 1)
    assert str(other) in clash["words"]
    assert line(draft, "2.1").basis == "他的"
    assert client.post(saves(draft), sent(1, "20", "我的", seen=1)).json()["saved"] == {"1": 2}
    assert line(draft, "2.1").basis == "我的"


def test_same_words_of_two_people_are_no_clash(house, draft):
    save_lines(draft, {"2.1": one("36")}, {"2.1": 0}, actor=house.liaison)
    kept = save_lines(draft, {"2.1": one("36.00")}, {"2.1": 0}, actor=house.office)
    assert (kept.revisions, kept.clashes) == ({"2.1": 1}, {})


def test_others_words_of_the_unit_are_not_overwritten_unseen(house, draft):
    save_lines(draft, {}, {"report": 0}, self_report="他的", actor=house.office)
    kept = save_lines(draft, {}, {"report": 0}, self_report="我的", actor=house.liaison)
    assert (list(kept.clashes), kept.clashes["report"].basis, kept.revisions) == (["report"], "他的", {})
    draft.refresh_from_db()
    assert draft.self_report == "他的"


def test_whole_page_with_old_lines_is_refused_and_kept_when_it_is_sent_again(house, draft, sign_in):
    client = sign_in(house.liaison)
    fields = posted(stay="1", seen_1="0", seen_report="0")
    save_lines(draft, {"2.1": one("30", "他的")}, {"2.1": 0}, actor=house.office)
    answer = client.post(page(draft), fields)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "他的" in text
    assert 'name="seen_1" value="1"' in text
    assert 'value="36.5"' in text  # what was typed
    assert SelfLine.objects.count() == 1
    assert client.post(page(draft), fields | {"seen_1": "1"}).status_code == 302
    assert line(draft, "2.1").points == Decimal("36.5")


def test_nothing_of_the_whole_page_is_kept_where_lines_clash(house, draft):
    save_lines(draft, {"2.1": one("30")}, {"2.1": 0}, actor=house.office)
    with pytest.raises(Clashed) as clash:
        write_application(draft, self_report="x", lines=told(), seen={"2.1": 0, "1.1": 0}, actor=house.liaison)
    assert list(clash.value.clashes) == ["2.1"]
    draft.refresh_from_db()
    assert (draft.self_report, SelfLine.objects.count()) == ("", 1)


def test_what_was_handed_in_meanwhile_says_so(house, draft, sign_in):
    fit(house, house.bureau)
    write_application(draft, self_report="", lines=told(), actor=house.liaison)
    stale = Application.objects.get(pk=draft.pk)
    submit_application(draft, responsible="王局", signed_on=clock.today(), actor=house.liaison)
    answer = sign_in(house.liaison).post(saves(draft), sent(1, "1"))
    assert (answer.status_code, "error" in answer.json()) == (409, True)
    with pytest.raises(Refusal):
        save_lines(stale, {"2.1": one("1")}, {}, actor=house.liaison)
    with pytest.raises(Refusal):
        refresh_lines(stale, None, actor=house.liaison)


def test_strangers_and_readers_save_nothing(house, draft, sign_in):
    assert sign_in(house.leader).post(saves(draft), sent(1, "1")).status_code in {403, 404}
    stranger = make_user(Role.LIAISON, house.other)
    assert sign_in(stranger).post(saves(draft), sent(1, "1")).status_code == 404
    for act in (lambda: save_lines(draft, {}, {}, actor=stranger), lambda: refresh_lines(draft, None, actor=stranger)):
        with pytest.raises(PermissionDenied):
            act()


def test_programme_of_one_number_has_no_lines_to_save(house, draft, sign_in):
    draft.programme.standard = None
    draft.programme.save()
    assert sign_in(house.liaison).post(saves(draft), sent(1, "1")).status_code == 404


def test_line_keeps_what_was_taken_over_and_says_what_the_ledger_shows_now(house, draft, sign_in):
    write_application(draft, self_report="", lines=told(**{"1.1": ("60", "Dossier complete, 2 of 2")}),
                      actor=house.liaison)  # fmt: skip
    assert (line(draft).untouched, line(draft).outdated, assessment_of(draft).outdated) == (True, False, 0)
    ledger_falls(draft)
    found = line(draft)
    assert (found.points, found.taken, found.proposal.points) == (Decimal(60), Decimal(60), Decimal(30))
    assert (found.untouched, found.outdated, assessment_of(draft).outdated) == (True, True, 1)
    with translation.override("en"):
        text = sign_in(house.liaison).get(page(draft)).content.decode()
    assert 'name="refresh" value="1.1"' in text
    assert 'name="refresh" value="untouched"' in text


def test_untouched_lines_are_taken_anew_and_those_of_the_unit_stay(house, draft):
    make_dossier(draft.programme.standard, house.bureau, "2.1", 4, 4)
    write_application(
        draft, self_report="", actor=house.liaison,
        lines=told(**{"1.1": ("60", "Dossier complete, 2 of 2"), "2.1": ("39", "自己说的")}),
    )  # fmt: skip
    draft.unit.dossiers.update(slots_filled=1)
    assert refresh_lines(draft, None, actor=house.liaison) == 1
    assert [(line(draft, code).points, line(draft, code).basis) for code in CODES[:2]] == [
        (Decimal(30), "Dossier in part, 1 of 2"), (Decimal(39), "自己说的"),
    ]  # fmt: skip
    draft.refresh_from_db()
    assert draft.self_score == Decimal(70)  # 30 + 39 + 2 - 1
    assert (line(draft).untouched, line(draft).outdated) == (True, False)
    assert refresh_lines(draft, ["2.1"], actor=house.liaison) == 1
    assert line(draft, "2.1").points == Decimal(10)
    assert Entry.objects.filter(action="honors.application.refresh").count() == 2


def test_line_without_a_dossier_before_is_offered_what_the_new_one_shows(house, draft):
    write_application(draft, self_report="", lines=told(), actor=house.liaison)
    make_dossier(draft.programme.standard, house.bureau, "2.1", 4, 4)
    found = line(draft, "2.1")
    assert (found.taken, found.outdated, found.untouched) == (None, True, False)


def test_page_takes_a_line_over_and_keeps_what_was_typed_beside_it(house, draft, sign_in):
    client = sign_in(house.liaison)
    client.post(page(draft), posted(stay="1"))
    ledger_falls(draft)
    answer = client.post(page(draft), posted(points_1="12", refresh="1.1"))
    assert answer.url == page(draft)
    assert [line(draft, code).points for code in CODES[:2]] == [Decimal(30), Decimal(12)]


def test_saving_a_line_costs_the_same_however_many_there_are(house, draft, sign_in, django_assert_max_num_queries):
    client = sign_in(house.liaison)
    client.post(saves(draft), sent(1, "1"))
    with django_assert_max_num_queries(60):
        client.post(saves(draft), sent(0, "1", seen=0) | sent(1, "2", seen=1) | sent(2, "1") | sent(3, "1"))
