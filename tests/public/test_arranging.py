"""The office opens and closes its pages."""

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import Refusal
from chuangwen.public.models import PublicSite
from chuangwen.public.services import save_site
from chuangwen.workflow.models import Step
from tests.support.factories import make_root, make_user

pytestmark = pytest.mark.django_db
VALUES = {"is_open": True, "office_name": "市创建办", "telephone": "0571-1", "address": "", "is_found": False}


def test_pages_are_closed_until_the_office_opens_them():
    office = make_user(Role.OFFICE)
    save_site(office.region, actor=office, **VALUES | {"is_open": False, "office_name": ""})
    assert not PublicSite.objects.get().is_open
    save_site(office.region, actor=office, **VALUES | {"office_name": " 市创建办 "})
    kept = PublicSite.objects.get()
    assert (kept.is_open, kept.office_name, kept.is_found) == (True, "市创建办", False)
    save_site(office.region, actor=office, **VALUES)
    assert [step.data for step in Step.objects.order_by("pk")] == [
        VALUES | {"is_open": False, "office_name": ""}, {"is_open": True, "office_name": "市创建办"},
    ]  # fmt: skip


@pytest.mark.parametrize("lack", [{"office_name": " "}, {"telephone": "", "address": ""}])
def test_open_pages_say_whom_to_turn_to(lack):
    office = make_user(Role.OFFICE)
    with pytest.raises(Refusal, match="找谁"):
        save_site(office.region, actor=office, **VALUES | lack)
    assert PublicSite.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_only_the_office_opens_them(role):
    person = make_user(role)
    with pytest.raises(PermissionDenied):
        save_site(person.region, actor=person, **VALUES)


def test_nobody_opens_the_pages_of_another_region():
    with pytest.raises(PermissionDenied):
        save_site(make_root().region, actor=make_user(Role.OFFICE), **VALUES)
