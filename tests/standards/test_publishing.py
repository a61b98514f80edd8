"""Publishing a standard: rows for every node and check, the same once, another content refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from chuangwen.standards.models import Check, Node, PlaceType, ProblemType, StandardVersion
from chuangwen.standards.queries import checks_for, criteria, standard_problem_type, tree_of
from chuangwen.standards.services import publish_standard
from chuangwen.standards.tree import PlaceType as TreePlaceType
from chuangwen.standards.tree import Text
from tests.standards.making import publish_small, small_standard
from tests.support.factories import make_region, make_root, make_user

pytestmark = pytest.mark.django_db


def test_publish_writes_nodes_checks_and_their_links():
    root = make_root()
    region, actor = root.region, make_user(Role.OFFICE, root)
    version, new = publish_standard(small_standard(), region=region, actor=actor)
    assert new
    nodes = Node.objects.filter(version=version).values_list("code", "depth", "position", "is_leaf", "points", "method")
    assert list(nodes) == [
        ("1", 1, 0, False, 10, ""),
        ("1.1", 2, 1, True, 6, "field"),
        ("1.2", 2, 2, True, 4, "material"),
    ]
    check = Check.objects.get(version=version)
    assert [type_.code for type_ in check.place_types.all()] == ["market"]
    assert [node.code for node in check.criteria.all()] == ["1.1"]
    assert check.problem_type.within == "2h"
    assert (version.criteria_count, version.check_count, version.slug) == (2, 1, "small")
    assert [node.code for node in criteria(version)] == ["1.1", "1.2"]
    assert [c.code for c in checks_for(version, PlaceType.objects.get(code="market"))] == ["market-1"]
    entry = Entry.objects.get(action="standards.version.publish")
    assert (entry.actor_id, entry.data["urn"]) == (str(actor.pk), "urn:chuangwen:standard:small")


def test_publish_of_the_same_content_returns_what_is_there():
    version = publish_small()
    again, new = publish_standard(small_standard(), region=version.region, actor=None)
    assert (again.pk, new) == (version.pk, False)
    assert Node.objects.count() == 3


def test_publish_of_other_content_under_the_same_version_is_refused_and_changes_nothing():
    version = publish_small()
    with pytest.raises(Refusal, match="已经发布，内容不同"):
        publish_standard(small_standard(points=5), region=version.region, actor=None)
    assert StandardVersion.objects.count() == 1
    assert Node.objects.get(code="1.1").points == 6


def test_publish_keeps_what_the_site_has_edited():
    version = publish_small()
    ProblemType.objects.filter(code="litter").update(within="8h")
    PlaceType.objects.filter(code="market").update(quota=9)
    publish_small(version.region, version="2027")
    assert ProblemType.objects.get(code="litter").within == "8h"
    assert PlaceType.objects.get(code="market").quota == 9


def test_publish_puts_types_of_a_second_standard_after_those_of_the_first():
    version = publish_small()
    second = replace(
        small_standard(name="other"), place_types=(*small_standard().place_types, TreePlaceType("inn", Text("旅店")))
    )
    publish_standard(second, region=version.region, actor=None)
    assert list(PlaceType.objects.values_list("code", flat=True)) == ["market", "street", "inn"]


def test_two_regions_share_no_row():
    first, second = publish_small(), publish_small()
    assert first.region_id != second.region_id
    assert ProblemType.objects.count() == 2


def test_addresses_of_two_standards_differ_and_stay_over_versions():
    region = make_region()
    one = publish_small(region)
    other = publish_standard(replace(small_standard(), urn="urn:elsewhere:small"), region=region, actor=None)[0]
    newer = publish_small(region, version="2027")
    assert [one.slug, other.slug, newer.slug] == ["small", "small-2", "small"]


@pytest.mark.parametrize("urn", ["urn:x:compare", "urn:x:///", "urn:x:import"])
def test_address_never_takes_that_of_a_page(urn):
    version, _new = publish_standard(replace(small_standard(), urn=urn), region=make_region(), actor=None)
    assert version.slug in {"compare-2", "standard", "import-2"}


@pytest.mark.parametrize("version", ["2026/1", "..", "."])
def test_version_that_cannot_stand_in_an_address_is_refused(version):
    with pytest.raises(Refusal, match="不能用在网址里"):
        publish_standard(replace(small_standard(), version=version), region=make_region(), actor=None)


def test_texts_that_are_too_long_are_refused_by_name():
    standard = small_standard()
    section = replace(standard.nodes[0], title=Text("长" * 301))
    with pytest.raises(Refusal, match="文字太长：标题 1。"):
        publish_standard(replace(standard, nodes=(section,)), region=make_region(), actor=None)
    assert StandardVersion.objects.count() == 0


def test_tree_of_is_the_standard_that_was_published():
    assert tree_of(publish_small()) == small_standard()


def test_standard_problem_type_is_that_of_the_newest_version_that_has_it():
    version = publish_small()
    assert standard_problem_type(version.region, "litter").within == "2h"
    assert standard_problem_type(version.region, "none") is None
