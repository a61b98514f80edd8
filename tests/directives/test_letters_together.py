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
from chuangwen.responsibilities.models import RepeatedRequest
from chuangwen.workflow.models import Step
from tests.config.doors import picture
from tests.directives.making import Desk
from tests.directives.test_letters import fresh, received, register
from tests.support.factories import NOON, make_task
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


def test_units_that_have_it_open_already_are_left_out_and_the_rest_gets_its_slip(desk, sign_in):
    letter = register(desk, title="关于报送农贸市场整治情况的通知")
    make_task(desk.east, campaign=desk.campaign, title="报送农贸市场整治情况的通知", state="accepted")
    client, page = sign_in(desk.office), reverse("directives:letter_act", args=[letter.pk, "route"])
    assert 'name="again"' not in client.get(page).content.decode()
    sent = {"units": [f"#{desk.city.pk}", f"#{desk.east.pk}"], "due": "2026-11-23", "reply": "整治情况"}
    asked = client.post(page, sent)
    shown = asked.content.decode()
    assert (asked.status_code, 'name="again"' in shown, 'name="leave_out"' in shown) == (422, True, True)
    assert (fresh(letter).state, letter.slips.count()) == ("registered", 0)
    alone = client.post(page, sent | {"units": [f"#{desk.east.pk}"], "again": "", "leave_out": "on"})
    assert "所选单位都已有同类事项在办。" in alone.content.decode()
    assert client.post(page, sent | {"again": "", "leave_out": "on"}).status_code == 302
    assert [one.task.unit for one in letter.slips.select_related("task__unit")] == [desk.city]
    assert Step.objects.get(object_type="directives.letter", action="route").data["units"] == ["市城管局"]
    assert client.post(page, sent | {"units": [f"#{desk.east.pk}"], "again": "省里另要"}).status_code == 302
    kept = RepeatedRequest.objects.get()
    assert (kept.task.unit, kept.reason, kept.earlier) == (desk.east, "省里另要", "报送农贸市场整治情况的通知")
