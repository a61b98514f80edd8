"""An importer, who may use it, and a walk through the wizard's pages."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.accounts.roles import Role
from chuangwen.core.imports import importer as registry
from chuangwen.core.models import WorkbookImport
from chuangwen.core.workbooks import parsing, sandbox
from tests.core.imports.making import ShopImporter
from tests.support.factories import make_root, make_unit, make_user


@pytest.fixture
def parsed_here(monkeypatch):
    """Good workbooks are parsed in this process: starting another for each is most of the time of these tests."""
    monkeypatch.setattr(sandbox, "parse_apart", lambda kind, data: parsing.answer(kind, data).encode())


@pytest.fixture
def importer(monkeypatch):
    made = ShopImporter()
    monkeypatch.setitem(registry._importers, "shops", made)
    return made


@pytest.fixture
def root(db):
    return make_root()


@pytest.fixture
def office(root):
    return make_user(Role.OFFICE, root)


@pytest.fixture
def units(root):
    return [make_unit(root, name=name) for name in ("市城管局", "东关街道", "西关街道")]


@pytest.fixture
def wizard(importer, office, units, sign_in):
    return Wizard(sign_in(office))


class Wizard:
    """Goes through the pages as a browser does."""

    def __init__(self, client):
        self.client = client

    def upload(self, data, name="店铺.xlsx", **kwargs):
        return self.client.post("/imports/shops/", {"file": SimpleUploadedFile(name, data)}, **kwargs)

    @property
    def task(self):
        return WorkbookImport.objects.exclude(status="dropped").latest("pk")

    def at(self, step):
        return f"/imports/shops/{self.task.uid}/{step}"

    def choose_sheet(self, sheet=0, header=0, **more):
        return self.client.post(self.at("sheet/"), {"sheet": sheet, "header": header, **more})

    def choose_columns(self, code=0, name=1, lead=2, areas=3, number=4):
        chosen = {"code": code, "name": name, "lead": lead, "areas": areas, "number": number}
        return self.client.post(self.at("columns/"), {k: "" if v is None else v for k, v in chosen.items()})

    def map(self, data, **kwargs):
        """Upload and go on to the dry run with everything as proposed."""
        self.upload(data, **kwargs)
        task = self.task
        rows = task.header_rows
        more = {"two_rows": "1"} if len(rows) == 2 else {}
        self.choose_sheet(task.sheet, rows[0], **more)
        form = self.client.get(self.at("columns/")).context["form"]
        return self.client.post(self.at("columns/"), {name: form[name].initial for name in form.fields})

    def check(self):
        return self.client.get(self.at("check/"))

    def run(self, **data):
        return self.client.post(self.at("run/"), data)

    def again(self, data, name="店铺改.xlsx"):
        return self.client.post(self.at("again/"), {"file": SimpleUploadedFile(name, data)})
