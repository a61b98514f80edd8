"""Issuing: papers are set while nobody waits, numbers come without gaps, and nothing is half done when killed."""

import os

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.core.files.services import read
from chuangwen.core.models import Attachment, Sequence
from chuangwen.core.numbering import coming_number, next_number
from chuangwen.notifications.models import Notice
from chuangwen.reports.models import Bulletin, Receipt
from chuangwen.reports.services import approve_bulletin, edit_bulletin, issue_bulletin, issuing, take_back_bulletin
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import StaleState
from tests.reports.making import LATER, Office
from tests.support.killing import kill_through


def approved(office):
    made = office.submitted()
    approve_bulletin(made, actor=office.leader)
    return made


def again(bulletin):
    return Bulletin.objects.select_related("snapshot", "region", "campaign").get(pk=bulletin.pk)


@pytest.mark.django_db
class TestNumbers:
    @pytest.fixture
    def office(self):
        with clock.at(LATER):
            yield Office()

    def test_files_are_set_outside_of_any_transaction(self, office, monkeypatch):
        depth = len(connection.savepoint_ids)
        seen = []

        def watched(bulletin, **_given):
            seen.append((len(connection.savepoint_ids) - depth, bulletin.number))
            return b"%PDF-1.7"

        monkeypatch.setattr(issuing, "pdf_of", watched)
        made = approved(office)
        issue_bulletin(made, actor=office.office)
        assert seen == [(0, "2026年第1期")]

    def test_number_taken_meanwhile_is_set_anew(self, office, monkeypatch):
        first, second = approved(office), approved(office)
        real = issuing.word_of

        def overtaken(bulletin, **given):
            monkeypatch.setattr(issuing, "word_of", real)
            issue_bulletin(again(second), actor=office.office)
            return real(bulletin, **given)

        monkeypatch.setattr(issuing, "word_of", overtaken)
        issue_bulletin(first, actor=office.office)
        assert (first.number, again(second).number) == ("2026年第2期", "2026年第1期")
        assert again(first).word.name.startswith("2026年第2期")
        assert coming_number(office.root.region, "rectification-2026") == 3

    def test_number_that_never_comes_free_is_refused_and_nothing_taken(self, office, monkeypatch):
        made = approved(office)
        monkeypatch.setattr(issuing, "coming_number", lambda _region, _name: 99)
        with pytest.raises(Conflict):
            issue_bulletin(made, actor=office.office)
        assert (again(made).state, made.state, Receipt.objects.count()) == ("approved", "approved", 0)
        assert coming_number(office.root.region, "rectification-2026") == 1

    def test_paper_that_was_a_draft_again_meanwhile_is_not_issued(self, office, monkeypatch):
        made = approved(office)
        office.draft()  # of the same revision
        real = issuing.pdf_of

        def changed(bulletin, **given):
            one = again(bulletin)
            take_back_bulletin(one, actor=office.office)
            edit_bulletin(
                one, title="改过的题目", addressee="", body="改过。", units=[], revision=1, actor=office.office
            )
            Bulletin.objects.filter(pk=one.pk).update(state="approved")
            return real(bulletin, **given)

        monkeypatch.setattr(issuing, "pdf_of", changed)
        with pytest.raises(StaleState):
            issue_bulletin(made, actor=office.office)
        assert (again(made).number, again(made).word, Sequence.objects.filter(name__startswith="rect").count()) == (
            "", None, 0,
        )  # fmt: skip

    def test_only_who_issues_issues_and_only_once(self, office):
        made = approved(office)
        with pytest.raises(PermissionDenied):
            issue_bulletin(made, actor=office.leader)
        issue_bulletin(made, actor=office.office)
        with pytest.raises(StaleState):
            issue_bulletin(again(made), actor=office.office)
        assert b"%PDF" in read(again(made).pdf.file)

    def test_coming_number_takes_nothing(self, office):
        region = office.root.region
        assert [coming_number(region, "x"), next_number(region, "x"), coming_number(region, "x")] == [1, 1, 2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_issue_that_is_killed_is_whole_or_not_there_at_all(monkeypatch):
    with clock.at(LATER):
        office = Office()
        made = approved(office)
    monkeypatch.setattr(issuing, "pdf_of", lambda _bulletin: b"%PDF-1.7")  # the setter's threads die with their process

    def issue():
        with clock.at(LATER):
            issue_bulletin(again(made), actor=office.office)

    def facts():
        one = again(made)
        kept = [Attachment.objects.filter(pk=key).count() for key in (one.word_id, one.pdf_id)]
        counts = [model.objects.count() for model in (Receipt, Notice, Step, Entry, Attachment)]
        return one.state, one.number, kept, counts, list(Sequence.objects.order_by("pk").values_list("name", "value"))

    kill_through(issue, facts, stride=9)
    assert facts()[:3] == ("issued", "2026年第1期", [1, 1])
