"""People, bound phones and links for the tests of accounts."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from chuangwen.accounts.matters import register_matter
from chuangwen.accounts.models import Device
from chuangwen.accounts.roles import Role
from chuangwen.accounts.services.devices import COOKIE, issue_code
from chuangwen.accounts.services.links import make_link
from tests.support.factories import make_root, make_user

KIND = "tests.matter"
PASSWORD = "Hao-Mima-2026"
did: list[tuple[int, int]] = []  # (person, object) of each act through a link


def show(request, matter):
    return HttpResponse(f"matter {matter.object_id} of {request.user.username}")


def act(request, matter):
    did.append((request.user.pk, matter.object_id))
    return HttpResponse("done")


def register():
    register_matter(KIND, show, "Matter", actions={"fix": act}, page_url=lambda pk: f"/ordinary/{pk}/")
    did.clear()


def make_office(root=None):
    return make_user(Role.OFFICE, root or make_root())


def make_person(office, **fields):
    """Somebody of the office's region."""
    return make_user(region=office.region, **fields)


def bind(person, office, client=None):
    """The person's phone, bound as people bind it."""
    client = client or Client()
    code = issue_code(person, actor=office)
    answer = client.post("/accounts/bind/", {"account": person.username, "code": code})
    assert answer.status_code == 200, answer.content.decode()
    assert COOKIE in client.cookies
    return client


def link_path(person, office, object_id=7, **more):
    return make_link(person, KIND, object_id, office.region, "联络员", made_by=office, **more).split("8000")[-1]


def device(person):
    return Device.objects.get(user=person, withdrawn_at__isnull=True)
