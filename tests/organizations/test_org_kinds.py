"""What kind of organization a unit is: proposed by its name, said by a person, for the own subtree alone."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from chuangwen.organizations.enums import NO_KIND, OrgKind, UnitKind
from chuangwen.organizations.forms import OrgKindsForm
from chuangwen.organizations.models import Unit
from chuangwen.organizations.org_kinds import lead_rank, proposed_kind
from chuangwen.organizations.queries import of_org_kind, units_to_classify
from chuangwen.organizations.services import set_org_kinds
from tests.support.factories import make_root, make_unit, make_user

NAMES = {
    OrgKind.PARTY: ("党委办公室", "一年级党支部", "机关党总支", "党群工作部", "纪委办公室", "党组"),
    OrgKind.ADMINISTRATION: ("办公室", "后勤集团", "总务处", "教务处", "财务科", "住建局", "行政服务中心", "保卫科室"),
    OrgKind.MASS: ("工会", "校工会办公室", "团委", "高二团支部", "妇联", "学生会", "青年志愿服务队", "共青团市委"),
    "": ("图书馆", "党政办公室", "集团", "科技馆", "处理中心", "高一年级组"),
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NAMES.items() for name in names])
def test_plain_names_propose_a_kind_and_others_none(kind, name):
    assert proposed_kind(name) == kind


def test_name_that_leads_its_kind_ranks_first():
    names = ["一年级党支部", "党群工作部", "党委办公室"]
    assert sorted(names, key=lambda name: lead_rank("party", name)) == names[::-1]


@pytest.fixture
def school():
    """The root, a school with a union, and an agency beside it."""
    root = make_root()
    top = make_unit(root, name="市一中", kind=UnitKind.SCHOOL)
    union = make_unit(top, name="校工会", kind=UnitKind.OFFICE)
    return root, top, union, make_unit(root, name="市文联", kind=UnitKind.MASS)


@pytest.mark.django_db
def test_unit_says_it_for_those_below_and_the_office_for_all(school):
    root, top, union, agency = school
    own, office = make_user(Role.LIAISON, top), make_user(Role.OFFICE, root)
    assert list(Unit.objects.filter(of_org_kind("mass"))) == [agency]  # its kind of unit says it already
    assert set_org_kinds(top, {union: OrgKind.MASS}, actor=own) == 1
    assert set_org_kinds(top, {union: OrgKind.MASS}, actor=own) == 0
    assert list(Unit.objects.filter(of_org_kind("mass"))) == [union, agency]
    assert set_org_kinds(root, {agency: OrgKind.PARTY}, actor=office) == 1
    assert (agency.kind_of_organization, list(Unit.objects.filter(of_org_kind("mass")))) == ("party", [union])
    assert Entry.objects.filter(action="organizations.unit.org_kinds").count() == 2


@pytest.mark.django_db
def test_unit_that_a_person_says_is_none_is_none_whatever_its_kind_or_name_say(school):
    root, _top, union, agency = school
    assert set_org_kinds(root, {agency: NO_KIND, union: NO_KIND}, actor=make_user(Role.OFFICE, root)) == 2
    assert (agency.kind_of_organization, list(Unit.objects.filter(of_org_kind("mass")))) == ("", [])
    form = OrgKindsForm(units=[union, agency])
    assert [(field.initial, proposed) for _unit, field, proposed in form.lines()] == [(NO_KIND, False)] * 2


@pytest.mark.django_db
def test_units_elsewhere_and_people_elsewhere_are_refused(school):
    _root, top, union, agency = school
    own = make_user(Role.LIAISON, top)
    for wrong in (agency, top):
        with pytest.raises(Refusal) as refused:
            set_org_kinds(top, {wrong: OrgKind.MASS}, actor=own)
        assert str(refused.value) == "有单位不在市一中之下。请选它下面的单位。"
    others = (make_user(Role.LIAISON, agency), make_user(Role.OFFICE, make_root()), make_user(Role.AUDITOR, top))
    for who in others:
        with pytest.raises(PermissionDenied):
            set_org_kinds(top, {union: OrgKind.MASS}, actor=who)
    union.refresh_from_db()
    assert union.org_kind == ""


@pytest.mark.django_db
def test_of_very_many_units_those_right_below_stand_on_the_page(school, monkeypatch):
    root, top, union, agency = school
    assert units_to_classify(root) == ([top, union, agency], False)
    monkeypatch.setattr("chuangwen.organizations.queries.MOST_CLASSIFIED", 2)
    assert units_to_classify(root) == ([top, agency], True)
