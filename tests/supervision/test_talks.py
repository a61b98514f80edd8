"""The register of talks."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from chuangwen.core import clock
from chuangwen.supervision.models import Talk
from chuangwen.supervision.services import TalkHeld, record_talk
from tests.supervision.making import NOW, SCAN

pytestmark = pytest.mark.django_db
FORM = {
    "held_at": "2026-11-18T09:30", "place": "二楼会议室", "held_by": "领导小组副组长", "held_with": "局长",
    "subject": "连续两月垫底", "agreed": "两周内清零",
}  # fmt: skip


def talk(world, unit, subject="整改迟缓", **fields):
    held = TalkHeld(NOW, "副组长", "局长", subject, "月底前完成")
    with clock.at(NOW):
        return record_talk(unit, held, actor=world.office, **fields)


def test_talk_without_a_notice_through_the_pages(world, sign_in):
    client = sign_in(world.office)
    with clock.at(NOW):
        page = reverse("supervision:talk_new")
        assert str(world.unit) in client.get(f"{page}?unit={world.unit.pk}").content.decode()
        refused = client.post(page, FORM | {"unit": world.unit.pk, "held_at": "2026-11-19T09:30"})
        assert (refused.status_code, "两周内清零" in refused.content.decode()) == (422, True)
        scan = SimpleUploadedFile(SCAN.name, SCAN.data, "application/pdf")
        done = client.post(page, FORM | {"unit": world.unit.pk, "scans": scan})
        made = Talk.objects.get()
        assert done.url == reverse("supervision:talk", args=[made.pk])
        words = client.get(done.url).content.decode()
    assert ("连续两月垫底" in words, SCAN.name in words) == (True, True)


def test_unit_sees_its_own_talks_and_nobody_elses(world, sign_in):
    mine, other = talk(world, world.unit), talk(world, world.other)
    client = sign_in(world.liaison)
    listed = client.get(reverse("supervision:talks")).content.decode()
    assert str(world.unit) in listed
    assert client.get(reverse("supervision:talk", args=[mine.pk])).status_code == 200
    assert client.get(reverse("supervision:talk", args=[other.pk])).status_code == 404
    assert client.get(reverse("supervision:talk_new")).status_code == 403


def test_talks_are_filtered_sorted_and_exported(world, sign_in):
    notice = world.sent()
    talk(world, world.unit, "督办后约谈", notice=notice)
    talk(world, world.other, "例行约谈")
    client, page = sign_in(world.office), reverse("supervision:talks")
    found = client.get(f"{page}?tab=notice").content.decode()
    assert ("督办后约谈" in found, "例行约谈" in found) == (True, False)
    found = client.get(f"{page}?unit={world.other.pk}&since=2026-11-18").content.decode()
    assert ("督办后约谈" in found, "例行约谈" in found) == (False, True)
    assert "例行约谈" not in client.get(f"{page}?until=2026-11-17").content.decode()
    answer = client.get(f"{page}?format=xlsx&sort=held_at")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)).active
    words = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert {"督办后约谈", "例行约谈", "约谈对象"} <= words


def test_list_of_talks_costs_the_same_for_one_and_three(world, sign_in):
    talk(world, world.unit)
    client, page = sign_in(world.office), reverse("supervision:talks")
    client.get(page)
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    for _more in range(2):
        talk(world, world.other)
    with CaptureQueriesContext(connection) as three:
        client.get(page)
    assert len(three) == len(one)
