"""A dossier through a link: seen, filled and handed in from a bound phone, and nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.accounts.services.links import link_for
from chuangwen.core.models import Attachment
from chuangwen.evidence.models import Dossier
from tests.accounts.making import bind
from tests.evidence.making import PDF, Ledger, photo

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def opened(ledger: Ledger, dossier: Dossier) -> tuple[Any, str]:
    """The liaison's bound phone and the link's path."""
    phone = bind(ledger.liaison, ledger.office)
    return phone, link_for(ledger.liaison, dossier, made_by=ledger.office).split("8000")[-1]


def test_liaison_gives_writes_and_hands_in_on_the_own_phone(ledger: Ledger) -> None:
    dossier = ledger.dossier("1.1")
    phone, path = opened(ledger, dossier)
    assert 'class="cw-side' not in phone.get(path).content.decode()
    photos = [SimpleUploadedFile(f"2026-0{number}-01 植树.jpg", photo(number)) for number in (3, 4)]
    assert phone.post(f"{path}give/", {"slot": "图", "files": photos}).url == path
    phone.post(f"{path}give/", {"slot": "文", "files": [SimpleUploadedFile("方案2026-01-05.pdf", PDF)]})
    long = phone.post(f"{path}write/", {"slot": "成效", "s3-text": "长" * 21})
    assert (long.status_code, "长" * 21 in long.content.decode()) == (422, True)
    phone.post(f"{path}write/", {"slot": "成效", "s3-text": "翻番"})
    assert phone.post(f"{path}submit/", {"submit-conclusion": ""}).status_code == 422
    phone.post(f"{path}submit/", {"submit-conclusion": "全年12次"})
    row = Dossier.objects.get()
    assert (row.state, row.slots_filled, row.conclusion, row.submitted_by) == (
        "submitted", 3, "全年12次", str(ledger.liaison),
    )  # fmt: skip
    assert 'name="files"' not in phone.get(path).content.decode()


def test_example_is_written_through_the_link_for_all_its_parts(ledger: Ledger) -> None:
    dossier = ledger.dossier("1.2")
    phone, path = opened(ledger, dossier)
    words = {"s1-person": "张兰", "s1-deed": "十年照看老人", "s1-spirit": "守望"}
    assert phone.get(path).content.decode().count('name="s1-') == 6  # its parts, title, day and passage
    phone.post(f"{path}write/", {"slot": "人", **words})
    assert sorted(dossier.links.values_list("slot", flat=True)) == ["事", "人", "精神"]
    assert phone.post(f"{path}write/", {"slot": "没有"}).status_code == 404


def test_link_shows_the_dossiers_own_pictures_and_no_others(ledger: Ledger) -> None:
    dossier, other = ledger.filled("1.1"), ledger.dossier("1.1", unit=ledger.other)
    phone, path = opened(ledger, dossier)
    own = Attachment.objects.filter(name__startswith="2026", owner_type="evidence.piece").first()
    assert own is not None
    assert phone.get(f"{path}files/{own.uid}/small.jpg").status_code == 200
    assert f"{own.uid}" in phone.get(path).content.decode()
    bare = ledger.dossier("1.4")
    second = link_for(ledger.liaison, bare, made_by=ledger.office).split("8000")[-1]
    assert phone.get(f"{second}files/{own.uid}/small.jpg").status_code == 404
    foreign = link_for(ledger.liaison, other, made_by=ledger.office).split("8000")[-1]
    assert phone.get(foreign).status_code == 404


def test_office_hands_out_links_to_the_units_people(ledger: Ledger, sign_in: Any) -> None:
    dossier = ledger.dossier("1.1")
    answer = sign_in(ledger.office).post(f"/dossiers/{dossier.pk}/link/")
    text = answer.content.decode()
    assert f"{ledger.liaison}：1.1 志愿服务常态开展" in text
    assert "/m/" in text
    assert sign_in(ledger.liaison).post(f"/dossiers/{dossier.pk}/link/").status_code == 403
