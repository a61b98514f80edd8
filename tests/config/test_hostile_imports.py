"""Every importer, fed through the wizard with what no office keeps: told by cell, nothing taken in, nothing run.

Importers and columns come from the program's register, so that a new one is tested the day it is added. Results
of the other methods ask for a table of their own and are tested in tests/inspections.
"""

from __future__ import annotations

import io
import re
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

pytestmark = pytest.mark.django_db

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


@pytest.mark.parametrize("key", sorted({*importers} - {"results"}))
def test_hostile_cells_are_told_by_cell_and_nothing_is_taken_in(sign_in: Any, key: str) -> None:
    world = World()
    importer, office = importer_or_404(key), world.people[Role.OFFICE]
    client = sign_in(office)
    address = reverse("core:import", args=[key])
    begun = client.get(address)
    assert begun.status_code == 200
    context = importer.context_from(begun.wsgi_request)
    header = [str(field.label) for field in importer.fields(world.root.region, context)]
    data = book(header, [[text] * len(header) for text in HOSTILE.values()])
    client.post(address, {"file": SimpleUploadedFile("表.xlsx", data)})
    task = WorkbookImport.objects.select_related("region", "file").get()
    base = f"{address}{task.uid}/"
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
