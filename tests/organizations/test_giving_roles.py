"""Least privilege: who gives and takes away which role (accounts.roles.GRANTABLE; GB/T 22239, 8.1.5)."""

from __future__ import annotations

import pytest

from chuangwen.accounts.roles import GRANTABLE, HELD_ALONE, Role, permissions_of
from chuangwen.core.errors import Refusal
from chuangwen.organizations.queries import roles_to_give
from chuangwen.organizations.services import end_grant, grant_role
from tests.support.factories import make_root, make_unit, make_user

pytestmark = pytest.mark.django_db
WORKING = {Role.LEADER, Role.LIAISON, Role.KEEPER, Role.INSPECTOR, Role.VERIFIER, Role.ASSESSOR}


@pytest.fixture
def root():
    return make_root()


def test_only_an_administrator_gives_the_roles_that_watch_or_decide():
    assert {role: GRANTABLE.get(role, frozenset()) for role in Role if role in GRANTABLE} == {
        Role.ADMINISTRATOR: frozenset(Role), Role.OFFICE: WORKING
    }  # fmt: skip
    assert {Role.ADMINISTRATOR, Role.AUDITOR} == HELD_ALONE
    assert not any(
        one.startswith(("rectification", "scoring", "inspections", "audit")) for one in permissions_of("administrator")
    )


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("actor_role", [Role.ADMINISTRATOR, Role.OFFICE, Role.LIAISON, Role.AUDITOR])
@pytest.mark.once
def test_each_role_is_given_and_taken_away_by_the_table_alone(root, role, actor_role):
    actor, person = make_user(actor_role, root), make_user(region=root.region)
    held = make_user(role, root).role_grants.get()
    if role in GRANTABLE.get(actor_role, frozenset()):
        assert grant_role(person, role, root, actor=actor).role == role
        end_grant(held, actor=actor)
        return
    with pytest.raises(Refusal, match="由管理员"):
        grant_role(person, role, root, actor=actor)
    with pytest.raises(Refusal, match="由管理员"):
        end_grant(held, actor=actor)
    assert not person.role_grants.exists()


@pytest.mark.parametrize("actor_role", [Role.ADMINISTRATOR, Role.OFFICE])
def test_nobody_changes_the_own_roles(root, actor_role):
    actor = make_user(actor_role, root)
    make_user(Role.ADMINISTRATOR, root)
    with pytest.raises(Refusal, match="不能改自己的角色"):
        grant_role(actor, Role.INSPECTOR, root, actor=actor)
    with pytest.raises(Refusal, match="不能改自己的角色"):
        end_grant(actor.role_grants.get(), actor=actor)


def test_office_gives_its_own_people_no_further_role(root):
    actor, colleague = make_user(Role.OFFICE, root), make_user(Role.OFFICE, root)
    with pytest.raises(Refusal, match="创建办人员的角色"):
        grant_role(colleague, Role.LEADER, root, actor=actor)
    assert grant_role(colleague, Role.LEADER, root, actor=make_user(Role.ADMINISTRATOR, root)).role == Role.LEADER


def test_role_held_at_a_unit_gives_nothing_above_or_beside_it(root):
    unit, beside = make_unit(root), make_unit(root)
    actor = make_user(Role.ADMINISTRATOR, unit)
    assert roles_to_give(actor, make_unit(unit)) == frozenset(Role)
    for other in (root, beside, make_root()):
        assert roles_to_give(actor, other) == frozenset()


def test_page_offers_what_the_person_may_give_and_no_more(root, sign_in):
    office, auditor, liaison = (make_user(role, root) for role in (Role.OFFICE, Role.AUDITOR, Role.LIAISON))
    page = sign_in(office).get(f"/units/{root.pk}/")
    assert {value for value, _label in page.context["role_form"].fields["role"].choices} == {
        str(one) for one in WORKING
    }
    assert page.context["to_end"] == {liaison.role_grants.get().pk}
    answer = sign_in(office).post(f"/units/{root.pk}/roles/{auditor.role_grants.get().pk}/end/")
    assert auditor.role_grants.get().ends is None
    assert answer.status_code == 302
