"""Who may open the pages of duties."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.organizations.models import Unit
from tests.support.factories import make_task, make_unit, make_user

pytestmark = pytest.mark.django_db


def test_task_page_opens_for_its_unit_and_not_for_a_strangers(sign_in):
    unit = make_unit()
    task = make_task(unit)
    address = reverse("responsibilities:task", args=[task.pk])
    assert sign_in(make_user(Role.LIAISON, unit)).get(address).status_code == 200
    assert sign_in(make_user(Role.LIAISON, make_unit())).get(address).status_code == 404


@pytest.mark.parametrize("name", ["breakdown", "tasks"])
def test_page_opens_for_the_office_and_leads_the_nameless_to_sign_in(client, sign_in, name):
    address = reverse(f"responsibilities:{name}")
    assert client.get(address).status_code == 302
    task = make_task()
    assert sign_in(make_user(Role.OFFICE, Unit.objects.get_root(task.unit))).get(address).status_code == 200
