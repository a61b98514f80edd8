"""The region's own deadlines and quotas: edited with their source, put back, refused where wrong."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from chuangwen.standards.models import PlaceType, ProblemType
from chuangwen.standards.services import edit_problem_type, restore_problem_type
from tests.standards.making import publish_small
from tests.support.factories import make_problem_type, make_region, make_root, make_user

pytestmark = pytest.mark.django_db
VALUES = {
    "name_zh": "路面垃圾",
    "name_en": "Litter",
    "problem_class": "immediate",
    "amount": 4,
    "unit": "h",
    "basis": "市政府令第3号",
}


@pytest.fixture
def root():
    root = make_root()
    publish_small(root.region)
    return root


@pytest.fixture
def office(root):
    return make_user(Role.OFFICE, root)


def page():
    return reverse("standards:problem-type", args=[ProblemType.objects.get().pk])


def test_changed_limit_is_the_sites_own_word(sign_in, office):
    assert sign_in(office).post(page(), VALUES).status_code == 302
    row = ProblemType.objects.get()
    assert (row.within, row.source) == ("4h", "site: 市政府令第3号")
    assert Entry.objects.get(action="standards.problem_type.edit").data["within"] == ["2h", "4h"]


def test_saving_without_a_change_keeps_the_source_and_writes_nothing(sign_in, office):
    sign_in(office).post(page(), VALUES | {"amount": 2, "basis": "两小时清理"})
    assert ProblemType.objects.get().source == "customary: 两小时清理"
    assert not Entry.objects.filter(action="standards.problem_type.edit").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name_zh": ""}, {"name_zh": "长" * 61}, {"name_zh": "a\x00b"}, {"problem_class": "fast"}, {"amount": 0},
        {"amount": 10000}, {"amount": "二"}, {"unit": "w"}, {"basis": "长" * 111}, {"amount": ""},
    ],
)  # fmt: skip
@pytest.mark.once
def test_wrong_words_are_refused_beside_the_field_and_stay(sign_in, office, wrong):
    response = sign_in(office).post(page(), VALUES | wrong)
    assert response.status_code == 422
    assert "cw-field__error" in response.content.decode()
    assert ProblemType.objects.get().within == "2h"


def test_restore_brings_the_standards_word_back(sign_in, office):
    client = sign_in(office)
    client.post(page(), VALUES)
    assert client.post(f"{page()}restore/").status_code == 302
    row = ProblemType.objects.get()
    assert (row.within, row.source) == ("2h", "customary: 两小时清理")


def test_restore_of_what_no_standard_names_is_refused():
    with pytest.raises(Refusal, match="没有这类问题"):
        restore_problem_type(make_problem_type(make_region()), actor=None)


@pytest.mark.parametrize(("within", "problem_class"), [("2w", "limited"), ("0d", "limited"), ("2d", "fast")])
def test_service_refuses_what_is_no_limit_or_class(within, problem_class):
    row = make_problem_type(make_region())
    with pytest.raises(Refusal):
        edit_problem_type(
            row, actor=None, name_zh="x", name_en="", problem_class=problem_class, within=within, source=""
        )


def test_place_type_is_edited_and_its_quota_may_be_empty(sign_in, office):
    row = PlaceType.objects.get(code="market")
    address = reverse("standards:place-type", args=[row.pk])
    client = sign_in(office)
    client.post(address, {"name_zh": "菜市场", "name_en": "", "quota": "7"})
    row.refresh_from_db()
    assert (row.name_zh, row.quota) == ("菜市场", 7)
    client.post(address, {"name_zh": "菜市场", "name_en": "", "quota": ""})
    row.refresh_from_db()
    assert row.quota is None
    assert client.post(address, {"name_zh": "菜市场", "quota": "-1"}).status_code == 422


@pytest.mark.parametrize("role", [Role.LIAISON, Role.LEADER, Role.AUDITOR])
def test_readers_see_and_do_not_edit(sign_in, root, role):
    client = sign_in(make_user(role, root))
    assert '<form class="cw-form"' not in client.get(page()).content.decode()
    assert client.post(page(), VALUES).status_code == 404
    assert client.post(f"{page()}restore/").status_code == 403


def test_stranger_neither_sees_nor_edits(sign_in, root):
    client = sign_in(make_user(Role.OFFICE, make_root()))
    assert (client.get(page()).status_code, client.post(page(), VALUES).status_code) == (404, 404)
    assert client.post(f"{page()}restore/").status_code == 404
