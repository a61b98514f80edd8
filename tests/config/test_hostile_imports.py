"""Every importer, fed through the wizard with what no office keeps: told by cell, nothing taken in, nothing run.

Importers and columns come from the program's register, so that a new one is tested the day it is added.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core.imports.importer import _importers as importers
from chuangwen.core.imports.importer import importer_or_404
from chuangwen.core.imports.queries import dry_run
from chuangwen.core.models import WorkbookImport
from tests.config.doors import World

pytestmark = [pytest.mark.django_db, pytest.mark.both]

HOSTILE = {
    "formula": '=HYPERLINK("http://example.org","点我")',
    "huge": "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(10_000)),  # no bomb: packs badly
    "script": "<script>alert(1)</script>",
    "control": "\t\n \u200b\u202e",
    "error": "#REF!",
    "full-width": "１２３４５６７８９０" * 3,
}


def book(header: list[str], rows: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    for row in (header, *rows):
        made.active.append(row)
    for cell in made.active[2]:
        cell.data_type = "s"  # a formula kept as text: what an export of another program holds
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def counts() -> dict[str, int]:
    """How many rows every table has, but for those of the import itself."""
    own = {"workbookimport", "storedfile", "session", "keptmapping"}
    models = [model for model in apps.get_models() if model.__module__.startswith("chuangwen.")]
    return {model.__name__: model._base_manager.count() for model in models if model._meta.model_name not in own}


def begin(sign_in: Any, world: World, key: str) -> tuple[Any, str]:
    """The office at the first step: the client, and the address with what the import hangs on."""
    client = sign_in(world.people[Role.OFFICE])
    asked = {
        "results": f"?round={world.round.pk}&standard={world.version.pk}",
        "outside": f"?result={world.outside.pk}",
    }
    return client, reverse("core:import", args=[key]) + asked.get(key, "")


@pytest.mark.parametrize("key", sorted(importers))
def test_hostile_cells_are_told_by_cell_and_nothing_is_taken_in(sign_in: Any, world: World, key: str) -> None:
    importer, (client, address) = importer_or_404(key), begin(sign_in, world, key)
    begun = client.get(address)
    assert begun.status_code == 200
    context = importer.context_from(begun.wsgi_request)
    header = [str(field.label) for field in importer.fields(world.root.region, context)]
    data = book(header, [[text] * len(header) for text in HOSTILE.values()])
    client.post(address, {"file": SimpleUploadedFile("表.xlsx", data)})
    task = WorkbookImport.objects.select_related("region", "file").get()
    base = reverse("core:import", args=[key]) + f"{task.uid}/"
    client.post(f"{base}sheet/", {"sheet": 0, "header": 0})
    form = client.get(f"{base}columns/").context["form"]
    client.post(f"{base}columns/", {name: form[name].initial for name in form.fields})
    task.refresh_from_db()
    before = counts()

    run = dry_run(task, importer)
    told = {int(re.sub(r"\D", "", fault.address)) for fault in run.faults}
    assert (run.good, run.total >= len(HOSTILE) - 1) == ((), True)
    assert told >= {2, 3, 4, 6, 7}
    page = client.get(f"{base}check/").content.decode()
    assert "<script>alert(1)" not in page
    workbook = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}faults.xlsx").content))
    assert not [cell for sheet in workbook for row in sheet for cell in row if cell.data_type == "f"]
    client.post(f"{base}run/")
    assert counts() == before


def packed(**parts: str) -> bytes:
    """A real workbook with parts put in place of its own, or beside them (`__` for `/`)."""
    wanted = {name.replace("__", "/") + ".xml": text for name, text in parts.items()}
    with zipfile.ZipFile(io.BytesIO(book(["标准号", "结果"], [["2.1", "B"]]))) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (kept | wanted).items():
            archive.writestr(name, text)
    return buffer.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CELLS = "".join(f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{row}</t></is></c></row>' for row in (1, 2))
MERGED = f'<worksheet xmlns="{MAIN}"><sheetData>{CELLS}</sheetData><mergeCells><mergeCell ref="A1:XFD65"/></mergeCells></worksheet>'  # noqa: E501
ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
FILES = {
    "empty": b"",
    "blank": book([], [[None]]),
    "picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
    "program": b"MZ" + b"\x90\0" * 99,
    "page": b"<html><script>alert(1)</script><table><tr><td>1</td></tr></table></html>",
    "damaged": book(["标准号"], [["2.1"]])[:-120],
    "bomb": packed(xl__worksheets__sheet1=f'<worksheet xmlns="{MAIN}">' + " " * 5_000_000 + "</worksheet>"),
    "merged": packed(xl__worksheets__sheet1=MERGED),
    "entity": packed(xl__worksheets__sheet1=f'{ENTITY}<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'),
    "linked": packed(xl__externalLinks__externalLink1=f'<externalLink xmlns="{MAIN}"/>', xl__connections="<x/>"),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.once
def test_hostile_file_is_told_and_nothing_is_taken_in(sign_in: Any, world: World, kind: str) -> None:
    """Under the right name: refused with a way out, or read as far as its cells go. One reader serves all importers."""
    client, address = begin(sign_in, world, "results")
    before = counts()
    answer = client.post(address, {"file": SimpleUploadedFile("结果.xlsx", FILES[kind])})
    page = answer.content.decode()
    assert "<script>alert(1)" not in page
    if kind in {"merged", "linked"}:  # one cell of text among a million, a link that nobody follows
        task = WorkbookImport.objects.get()
        base = reverse("core:import", args=["results"]) + f"{task.uid}/"
        assert [client.get(f"{base}{step}/").status_code for step in ("sheet", "columns")] == [200, 200]
        client.post(f"{base}run/")
    else:
        assert (answer.status_code, WorkbookImport.objects.count()) == (422, 0)
        assert "cw-field__error" in page
    assert counts() == before
