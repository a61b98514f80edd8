"""What a directive becomes: proposed by its words, changed by one key, kept through cutting, and taken back."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.directives.models import Candidate
from chuangwen.directives.outcomes import following, proposed
from chuangwen.directives.queries.documents import review_of
from chuangwen.directives.reasons import why
from chuangwen.directives.services import (
    StaleCandidate,
    accept_candidate,
    merge_into_previous,
    turn_candidate,
    undo_last,
)
from tests.directives.making import Desk, candidate
from tests.support.factories import NOON, make_user


@pytest.mark.parametrize(
    ("kind", "deadline", "frequency", "becomes"),
    [
        ("duty", "", "", "task"),
        ("deadline", "11月底前", "", "task"),
        ("duty", "", "每周", "duty"),
        ("deadline", "年底前", "每月一次", "duty"),
        ("rule", "", "", "rule"),
        ("sanction", "", "", "rule"),
        ("rule", "年底前", "", "task"),
        ("rule", "", "天天", "duty"),
    ],
)
def test_proposed_by_its_words(kind, deadline, frequency, becomes):
    assert proposed(kind, deadline=deadline, frequency=frequency) == becomes


def test_following_goes_round():
    assert [following(one) for one in ("task", "duty", "rule", "", "else")] == ["duty", "rule", "task", "task", "task"]


@pytest.mark.django_db
def test_turned_by_key_or_name_kept_by_merging_and_undone(sign_in):
    with clock.at(NOON):
        desk = Desk()
        document = desk.document()
        weekly, meeting = candidate(document, "每周检查"), candidate(document, "会后三天")
        assert (weekly.becomes, meeting.becomes) == ("duty", "task")
        page = sign_in(desk.office)
        turn = reverse("directives:turn", args=[weekly.pk])
        answer = page.post(turn, {"revision": 1}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "长期规定" in answer.content.decode()
        assert page.post(turn, {"revision": 2, "becomes": "task"}).status_code == 302
        weekly.refresh_from_db()
        assert (weekly.becomes, weekly.revision) == ("task", 3)
        stale = page.post(turn, {"revision": 1, "becomes": "rule"}, headers={"HX-Request": "true"})
        assert stale.status_code == 409
        for refused in (
            lambda: turn_candidate(weekly, "dream", revision=3, actor=desk.office),
            lambda: turn_candidate(candidate(document, "每周检查"), "rule", revision=1, actor=desk.office),
        ):
            with pytest.raises((Refusal, StaleCandidate)):
                refused()
        with pytest.raises(PermissionDenied):
            turn_candidate(weekly, "rule", revision=3, actor=make_user("leader", desk.root))
        assert undo_last(document, actor=desk.office) == ("turn", [weekly.pk])
        weekly.refresh_from_db()
        assert weekly.becomes == "rule"
        # What a person said of the first stays; else the words of both propose.
        merge_into_previous(meeting, revision=1, actor=desk.office)
        weekly.refresh_from_db()
        assert weekly.becomes == "rule"
        undo_last(document, actor=desk.office)
        weekly.refresh_from_db()
        street = candidate(document, "飞线充电")
        assert street.becomes == "task"
        turn_candidate(weekly, "duty", revision=weekly.revision, actor=desk.office)
        merge_into_previous(weekly, revision=weekly.revision, actor=desk.office)
        street.refresh_from_db()
        assert street.becomes == "duty"


@pytest.mark.django_db
def test_unsure_rows_are_quieter_until_decided_and_say_why(sign_in):
    with clock.at(NOON):
        desk = Desk()
        document = desk.document()
        row = candidate(document, "每周检查")
        Candidate.objects.filter(pk=row.pk).update(confidence=0.3, inherited=["lead", "deadline", "moon"])
        page = sign_in(desk.office)
        html = page.get(reverse("directives:review", args=[document.pk]) + "?show=unsure").content.decode()
        assert html.count("is-unsure") == 1
        assert html.count("cw-mark--unsure") == 1
        assert "拿不准 1" in html
        assert html.count("<tbody") == 1
        row.refresh_from_db()
        assert why(row) == "原文说了多久做一次；牵头、时限承自前文"
        accept_candidate(row, revision=1, actor=desk.office)
        assert review_of(document).unsure == 0
        row.by_hand = True
        assert why(row) == ""
