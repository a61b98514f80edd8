"""A unit whose task came from a document reads its own passages of it, and nothing else of the document."""

from __future__ import annotations

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.directives.services import accept_candidate, issue_accepted
from chuangwen.responsibilities.models import Task
from tests.directives.making import RHYTHM, Desk, candidate
from tests.support.factories import NOON, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def issued(desk, text=None, *, words):
    document = desk.document(**({"text": text} if text else {}))
    for one in words:
        row = candidate(document, one)
        accept_candidate(row, revision=row.revision, actor=desk.office)
    issue_accepted(document, actor=desk.office, measure="完成", rhythm="每月")
    return document


def test_liaison_follows_her_task_to_the_sentence_it_came_from(desk, sign_in):
    document = issued(desk, words=["背街小巷", "会后三天"])
    task = Task.objects.get(unit=desk.city)
    liaison, helper = make_user(Role.LIAISON, desk.city), make_user(Role.LIAISON, desk.east)
    client = sign_in(liaison)
    answer = client.get(task.origin_url, follow=True)
    html = answer.content.decode()
    assert (answer.status_code, answer.redirect_chain[0][0]) == (200, f"/directives/{document.pk}/mine/")
    assert ("背街小巷" in html, "会后三天" in html, task.number in html) == (True, False, True)
    helped = sign_in(helper).get(f"/directives/{document.pk}/mine/").content.decode()  # she cooperates, and leads one
    assert ("背街小巷" in helped, "会后三天" in helped, "相关单位" in helped) == (True, True, False)


def test_nobody_reads_of_a_document_that_gave_her_nothing(desk, sign_in):
    document = issued(desk, words=["背街小巷"])
    for user in (make_user(Role.LIAISON, desk.schools), make_user(Role.LIAISON, make_unit(Desk().root))):
        assert sign_in(user).get(f"/directives/{document.pk}/review/", follow=True).status_code == 404
    assert sign_in(make_user(Role.INSPECTOR, desk.root)).get(f"/directives/{document.pk}/mine/").status_code == 403


def test_duty_and_rule_lead_to_their_sentence_too(desk, sign_in):
    document = issued(desk, RHYTHM, words=["每周巡查", "一律不得"])
    html = sign_in(make_user(Role.LIAISON, desk.east)).get(f"/directives/{document.pk}/mine/").content.decode()
    assert ("每周巡查" in html, "一律不得" in html, "定期检查校园" in html) == (True, True, False)
    schools = sign_in(make_user(Role.LIAISON, desk.schools)).get(f"/directives/{document.pk}/mine/").content.decode()
    assert ("每周巡查" in schools, "一律不得" in schools) == (False, True)  # what holds for all is everybody's
