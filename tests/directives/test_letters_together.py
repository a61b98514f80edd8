"""Letters that two people work on at once, and papers of several files: nothing is lost unseen."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.files.services import Upload
from chuangwen.core.models import Attachment
from chuangwen.directives.models import Letter
from chuangwen.directives.services import letters
from chuangwen.directives.services.letters import SameLetter, SecretPaper
from tests.config.doors import picture
from tests.directives.making import Desk
from tests.directives.test_letters import fresh, received, register
from tests.support.factories import NOON
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def entry(**fields):
    return {"sender": "省文明办", "paper_number": "31号", "title": "关于召开全省推进会的通知",
            "received_on": "2026-11-18", "urgency": "ordinary"} | fields  # fmt: skip


def photo(name):
    file = io.BytesIO(picture())
    file.name = name
    return file


def names(letter):
    return list(Attachment.objects.filter(owner_id=letter.pk).order_by("pk").values_list("name", flat=True))


def test_all_pages_of_a_paper_that_came_as_photos_are_kept(desk, sign_in):
    client = sign_in(desk.office)
    client.post(reverse("directives:letter_new"), entry(paper=[photo("第1页.png"), photo("第2页.png")]))
    letter = Letter.objects.get()
    assert names(letter) == ["第1页.png", "第2页.png"]
    client.post(reverse("directives:letter_change", args=[letter.pk]), entry(paper=[photo("附件.png")]))
    assert names(letter) == ["第1页.png", "第2页.png", "附件.png"]


def test_secrecy_grade_is_looked_for_in_each_file(desk):
    papers = [Upload("正文.txt", "关于调研的函".encode()), Upload("附件.txt", "机密★1年\n\n名单".encode())]
    said(letters.register_letter, desk.campaign, received(papers=papers), actor=desk.office, error=SecretPaper)
    assert Letter.objects.count() == 0


def test_entry_corrected_to_one_that_somebody_registers_in_the_same_moment_leads_there(desk, monkeypatch):
    first, second = register(desk), register(desk, paper_number="32号")
    looked = iter([None, first])  # not there yet when it was looked up, there when it is written
    monkeypatch.setattr(letters, "same_letter", lambda *_who, **_which: next(looked))
    with pytest.raises(SameLetter) as known:
        letters.change_letter(second, received(), actor=desk.office)
    assert (known.value.letter, fresh(second).paper_number) == (first, "32号")
