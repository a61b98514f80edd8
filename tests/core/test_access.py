"""Scoped access: a role at a unit covers its subtree, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may, require, scope_of, units_of, visible_or_404
from chuangwen.organizations.models import RoleGrant
from chuangwen.places.models import Place
from tests.support.factories import make_campaign, make_place, make_root, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def street(root):
    return make_unit(root, name="东关街道")


def names(user, permission=""):
    return set(Place.objects.visible_to(user, permission).values_list("name", flat=True))


def test_role_covers_the_subtree_and_no_sibling(root, street):
    community = make_unit(street, name="社区")
    make_place(street, name="本级")
    make_place(community, name="下级")
    make_place(make_unit(root, name="西关街道"), name="旁边")
    assert names(make_user(Role.LIAISON, street)) == {"本级", "下级"}
    assert names(make_user(Role.LIAISON, community)) == {"下级"}
    assert names(make_user(Role.OFFICE, root)) == {"本级", "下级", "旁边"}


def test_unit_named_by_any_scope_key_sees_the_row(root, street):
    keeper = make_unit(root, name="市场公司")
    make_place(street, name="市场", keeper=keeper)
    make_place(street, name="广场", keeper=None)
    assert names(make_user(Role.LIAISON, keeper)) == {"市场"}


def test_another_region_is_never_seen(street):
    make_place(street, name="本市")
    assert names(make_user(Role.OFFICE)) == set()


def test_permission_is_asked_for_and_not_only_sight(root, street):
    make_place(street, name="市场")
    leader = make_user(Role.LEADER, root)
    assert names(leader) == {"市场"}
    assert names(leader, "places.edit") == set()
    assert names(make_user(Role.OFFICE, root), "places.edit") == {"市场"}


@pytest.mark.parametrize(("starts", "ends", "seen"), [(0, None, 1), (-9, 0, 1), (1, None, 0), (-9, -1, 0)])
def test_grant_counts_only_between_its_dates(street, starts, ends, seen):
    user = make_user(Role.LIAISON, street)
    make_place(street)
    today = clock.today()
    RoleGrant.objects.update(
        starts=today + timedelta(days=starts), ends=None if ends is None else today + timedelta(days=ends)
    )
    assert Place.objects.visible_to(user).count() == seen


@pytest.mark.parametrize("stranger", [AnonymousUser(), None])
def test_who_is_not_signed_in_sees_nothing(street, stranger):
    make_place(street)
    assert names(stranger) == set()
    assert may(stranger, "places.view") is False


def test_who_is_no_longer_active_sees_nothing(street):
    user = make_user(Role.OFFICE, street)
    make_place(street)
    User.objects.update(is_active=False)
    assert names(User.objects.get(pk=user.pk)) == set()


def test_what_is_no_secret_in_a_region_is_seen_by_all_who_may_there(root, street):
    make_campaign(root)
    make_campaign(make_root())
    assert Campaign.objects.visible_to(make_user(Role.LIAISON, street)).count() == 1


def test_may_asks_for_the_object(root, street):
    inside, outside = make_place(street), make_place(make_unit(root))
    liaison = make_user(Role.LIAISON, street)
    assert [may(liaison, "places.view"), may(liaison, "places.view", inside)] == [True, True]
    assert may(liaison, "places.view", outside) is False
    assert may(liaison, "places.edit", inside) is False
    assert may(make_user(Role.OFFICE, root), "places.edit", outside) is True
    with pytest.raises(PermissionDenied, match=r"^places\.view$"):
        require(liaison, "places.view", outside)
    require(liaison, "places.view", inside)


def test_units_of_an_object_leaves_out_what_is_not_set(root, street):
    place = make_place(street, keeper=None, department=root)
    assert units_of(place) == {street.pk, root.pk}


def test_units_of_an_object_are_found_along_its_lookups():
    class Row:
        scope_units = ("post__unit_id", "office", "gone__unit_id", "unit_id")
        post, office, gone, unit_id = SimpleNamespace(unit_id=7), SimpleNamespace(pk=8), None, 9

    assert units_of(Row()) == {7, 8, 9}


def test_visible_or_404_gives_nothing_away(street):
    place = make_place(street)
    owner, stranger = make_user(Role.LIAISON, street), make_user(Role.OFFICE)
    assert visible_or_404(Place.objects, owner, code=place.code) == place
    with pytest.raises(Http404):
        visible_or_404(Place.objects, owner, "places.edit", code=place.code)
    for user, lookup in ((stranger, {"pk": place.pk}), (owner, {"pk": 10**30}), (owner, {"territory_id": "x"})):
        with pytest.raises(Http404):
            visible_or_404(Place.objects, user, **lookup)


def test_scopes_are_read_once_a_request(root, street, django_assert_max_num_queries):
    user = User.objects.get(pk=make_user(Role.LIAISON, street).pk)
    with django_assert_max_num_queries(2):
        for permission in ("places.view", "rectification.view", "campaigns.view", "nothing.at_all"):
            scope_of(user, permission)


def test_two_roles_add_up_without_spilling_over(root, street):
    other = make_unit(root, name="西关街道")
    user = make_user(Role.LIAISON, street)
    RoleGrant.objects.create(region=root.region, user=user, role=Role.OFFICE, unit=other, starts=clock.today())
    make_place(street, name="东")
    make_place(other, name="西")
    assert names(user) == {"东", "西"}
    assert names(user, "places.edit") == {"西"}
