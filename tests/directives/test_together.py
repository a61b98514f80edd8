"""Two people at one document at the same moment."""

from __future__ import annotations

from functools import partial

import pytest

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.directives.models import Candidate, Document, Presence
from chuangwen.directives.services import (
    accept_candidate,
    add_document,
    drop_candidate,
    issue_accepted,
    note_presence,
    take_as_revision,
)
from chuangwen.directives.services.deciding import StaleCandidate
from chuangwen.directives.services.documents import SameDocument
from chuangwen.responsibilities.models import Task
from tests.directives.making import SPEECH, Desk, candidate
from tests.support.factories import NOON
from tests.support.racing import race, refusals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def on_the_day(act, *arguments, **named):
    """`clock.at` holds in one thread; each of the racers needs its own."""

    def run():
        with clock.at(NOON):
            return act(*arguments, **named)

    return run


def test_of_two_decisions_at_once_one_counts_and_the_other_sees_it(desk):
    row = candidate(desk.document(), "背街小巷")
    seen = row.revision
    again = Candidate.objects.select_related("document", "region").get(pk=row.pk)
    outcomes = race(
        on_the_day(accept_candidate, row, revision=row.revision, actor=desk.office),
        on_the_day(drop_candidate, again, revision=seen, actor=desk.colleague),
    )
    (late,) = refusals(outcomes)
    assert isinstance(late, StaleCandidate)
    now = Candidate.objects.get(pk=row.pk)
    assert (now.state, now.revision) == ("dropped" if outcomes[0] is late else "accepted", seen + 1)
    assert late.current.state == now.state


def test_directive_accepted_twice_at_once_is_accepted_once(desk):
    row = candidate(desk.document(), "背街小巷")
    seen = row.revision
    again = Candidate.objects.select_related("document", "region").get(pk=row.pk)
    outcomes = race(
        on_the_day(accept_candidate, row, revision=seen, actor=desk.office),
        on_the_day(accept_candidate, again, revision=seen, actor=desk.colleague),
    )
    assert [type(one) for one in refusals(outcomes)] == [StaleCandidate]
    assert Candidate.objects.get(pk=row.pk).revision == seen + 1


def test_accepted_directives_issued_twice_at_once_become_tasks_once(desk):
    document = desk.document()
    for words in ("背街小巷", "会后三天"):
        row = candidate(document, words)
        accept_candidate(row, revision=row.revision, actor=desk.office)
    press = partial(issue_accepted, measure="逐条落实")
    outcomes = race(
        on_the_day(press, Document.objects.get(pk=document.pk), actor=desk.office),
        on_the_day(press, Document.objects.get(pk=document.pk), actor=desk.colleague),
    )
    (late,) = refusals(outcomes)
    assert isinstance(late, Refusal)
    assert sorted(Task.objects.values_list("unit__name", flat=True)) == sorted(
        [desk.city.name, desk.east.name, desk.west.name]
    )


def test_paper_uploaded_twice_at_once_is_there_once(desk):
    upload = partial(add_document, desk.campaign, SPEECH.encode(), name="讲话.txt")
    outcomes = race(on_the_day(upload, actor=desk.office), on_the_day(upload, actor=desk.colleague))
    (late,) = refusals(outcomes)
    assert isinstance(late, SameDocument)
    assert Document.objects.get() == late.document


def test_presence_at_a_row_that_goes_in_the_same_moment_is_not_kept(desk):
    document = desk.document()
    gone = candidate(document, "背街小巷")
    Candidate.objects.filter(pk=gone.pk).delete()
    note_presence(document, gone, actor=desk.office)
    assert not Presence.objects.exists()


def test_document_revised_twice_at_once_has_one_successor(desk):
    before = desk.document()
    versions = [desk.document(SPEECH + words) for words in ("散会。", "再见。")]
    outcomes = race(*(on_the_day(take_as_revision, one, before, actor=desk.office) for one in versions))
    (late,) = refusals(outcomes)
    assert isinstance(late, Refusal)
    assert Document.objects.filter(replaces=before).count() == 1
    assert Document.objects.get(replaces=before).candidates.count() == 4
