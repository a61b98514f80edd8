"""Units made, changed, moved and succeeded: what is refused changes nothing, what is done is audited."""

from __future__ import annotations

from datetime import date

import pytest

from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from chuangwen.organizations.enums import Branch, SuccessionKind, UnitKind
from chuangwen.organizations.models import Unit, UnitAlias, UnitSuccession
from chuangwen.organizations.services import (
    create_unit,
    edit_unit,
    found_region,
    move_unit,
    remember_alias,
    succeed_units,
)
from tests.organizations.making import make_city
from tests.support.factories import DAY, make_unit

EVE = date(2026, 11, 17)


def last_entry():
    return Entry.objects.order_by("pk").last()


def fresh(unit):
    return Unit.objects.get(pk=unit.pk)


def test_region_is_founded_with_its_root(db):
    root = found_region("yunxi", "云溪市", actor=None)
    assert (root.depth, root.code, root.kind, root.branch) == (1, "root", UnitKind.REGION, Branch.TERRITORY)
    assert (root.region.code, root.region.name) == ("yunxi", "云溪市")
    entry = last_entry()
    assert (entry.action, entry.object_id, entry.chain.region_code) == (
        "organizations.region.found", str(root.pk), "yunxi",
    )  # fmt: skip


def test_unit_is_made_below_its_parent(city):
    made = create_unit(city.street, actor=city.office, code="B0102", name="和平社区", kind=UnitKind.COMMUNITY)
    assert Unit.objects.get_parent(made).pk == city.street.pk
    assert (made.region, made.name, made.kind) == (city.region, "和平社区", UnitKind.COMMUNITY)
    entry = last_entry()
    assert (entry.action, entry.actor_name) == ("organizations.unit.create", str(city.office))
    assert entry.data == {"code": "B0102", "parent": "东关街道"}


def test_taken_code_is_refused_in_the_region_only(city):
    with pytest.raises(Refusal) as refused:
        create_unit(city.root, actor=city.office, code="A01", name="另一局")
    assert (refused.value.message, refused.value.way_out) == ("编号“A01”已经有单位在用。", "请换一个编号。")
    other = make_city("邻市")
    assert create_unit(other.root, actor=other.office, code="Z9", name="某局").code == "Z9"
    assert create_unit(city.root, actor=city.office, code="Z9", name="某局").code == "Z9"


def test_edit_to_a_taken_code_is_refused(city):
    with pytest.raises(Refusal) as refused:
        edit_unit(city.urban, actor=city.office, code="A02")
    assert "A02" in refused.value.message
    assert fresh(city.urban).code == "A01"


def test_edit_with_its_own_code_and_its_line_authority_is_audited_in_words(city):
    edit_unit(city.urban, actor=city.office, code="A01", line_authority=city.school, resident=True)
    assert (fresh(city.urban).line_authority_id, fresh(city.urban).resident) == (city.school.pk, True)
    assert last_entry().data["after"]["resident"] is True
    assert UnitAlias.objects.count() == 0


def test_new_names_keep_the_old_ones_as_aliases(city):
    edit_unit(city.urban, actor=city.office, name="云溪市综合执法局", short_name="执法局")
    assert set(city.urban.aliases.values_list("name", flat=True)) == {"云溪市城市管理局", "城管局"}
    entry = last_entry()
    assert entry.action == "organizations.unit.edit"
    assert entry.data["before"] == {"name": "云溪市城市管理局", "short_name": "城管局"}
    assert entry.data["after"] == {"name": "云溪市综合执法局", "short_name": "执法局"}


def test_empty_old_short_name_becomes_no_alias(city):
    edit_unit(city.street, actor=city.office, short_name="东关")
    assert UnitAlias.objects.count() == 0


def test_unit_moves_with_all_below_it(city):
    west = make_unit(city.root, name="西关街道")
    move_unit(fresh(city.community), fresh(west), actor=city.office)
    assert Unit.objects.get_parent(fresh(city.community)).pk == west.pk
    move_unit(fresh(west), fresh(city.street), actor=city.office)
    assert [unit.pk for unit in Unit.objects.get_descendants(fresh(city.street))] == [west.pk, city.community.pk]
    entry = last_entry()
    assert (entry.action, entry.data) == ("organizations.unit.move", {"from": "云溪市", "to": "东关街道"})


@pytest.mark.parametrize("parent", ["street", "community"])
def test_unit_does_not_hang_below_itself(city, parent):
    with pytest.raises(Refusal, match="请换一个上级单位"):
        move_unit(city.street, getattr(city, parent), actor=city.office)
    assert Unit.objects.get_parent(fresh(city.street)).pk == city.root.pk


def test_unit_does_not_move_to_another_region(city):
    other = make_city("邻市")
    with pytest.raises(Refusal, match="请选同一地区的上级单位"):
        move_unit(city.street, other.root, actor=city.office)
    assert fresh(city.street).path.startswith(city.root.path)


def test_alias_moves_to_the_unit_that_was_named_last(city):
    remember_alias(city.urban, "执法队", actor=city.office)
    remember_alias(city.school, "执法队", actor=city.office)
    assert [(alias.name, alias.unit_id) for alias in UnitAlias.objects.all()] == [("执法队", city.school.pk)]
    assert (last_entry().action, last_entry().data) == ("organizations.alias.remember", {"name": "执法队"})


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        (SuccessionKind.RENAMED, ["urban"], ["school"]),
        (SuccessionKind.MERGED, ["urban", "street"], ["school"]),
        (SuccessionKind.SPLIT, ["urban"], ["school", "street"]),
    ],
)
def test_succession_ends_the_old_the_day_before_and_begins_the_new(city, kind, old, new):
    old, new = [getattr(city, name) for name in old], [getattr(city, name) for name in new]
    rows = succeed_units(old, new, kind=kind, day=DAY, actor=city.office)
    assert [(row.old, row.new, row.kind, row.day) for row in rows] == [(a, b, kind, DAY) for a in old for b in new]
    assert {fresh(unit).valid_to for unit in old} == {EVE}
    assert {fresh(unit).valid_from for unit in new} == {DAY}
    assert last_entry().data == {"kind": str(kind), "day": "2026-11-18"}
    assert Entry.objects.filter(action="organizations.unit.succeed").count() == len(rows)


def test_successor_that_existed_before_keeps_its_own_beginning(city):
    Unit.objects.filter(pk=city.school.pk).update(valid_from=date(2001, 1, 1))
    succeed_units([city.urban], [fresh(city.school)], kind=SuccessionKind.RENAMED, day=DAY, actor=city.office)
    assert fresh(city.school).valid_from == date(2001, 1, 1)


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        (SuccessionKind.RENAMED, ["urban", "street"], ["school"]),
        (SuccessionKind.RENAMED, ["urban"], ["school", "street"]),
        (SuccessionKind.MERGED, ["urban"], ["school", "street"]),
        (SuccessionKind.SPLIT, ["urban", "school"], ["street"]),
        (SuccessionKind.MERGED, [], ["school"]),
        (SuccessionKind.SPLIT, ["urban"], []),
    ],
)
def test_units_that_do_not_fit_the_kind_are_refused(city, kind, old, new):
    old, new = [getattr(city, name) for name in old], [getattr(city, name) for name in new]
    with pytest.raises(Refusal, match="与变更方式对不上"):
        succeed_units(old, new, kind=kind, day=DAY, actor=city.office)
    assert UnitSuccession.objects.count() == 0


def test_unit_does_not_follow_itself(city):
    with pytest.raises(Refusal, match="请指明承接的单位"):
        succeed_units([city.urban, city.school], [city.school], kind=SuccessionKind.MERGED, day=DAY, actor=city.office)
    assert fresh(city.urban).valid_to is None


def test_unit_that_has_ended_neither_ends_again_nor_follows(city):
    """Otherwise two successions could close a circle, and the history would sum nowhere."""
    succeed_units([city.urban], [city.school], kind=SuccessionKind.RENAMED, day=DAY, actor=city.office)
    gone = fresh(city.urban)
    for old, new in (([city.school], [gone]), ([gone], [city.street])):
        with pytest.raises(Refusal) as refused:
            succeed_units(old, new, kind=SuccessionKind.RENAMED, day=date(2026, 12, 1), actor=city.office)
        assert "城管局" in refused.value.message
        assert refused.value.way_out
    assert UnitSuccession.objects.count() == 1


def test_unit_does_not_end_before_it_began(city):
    Unit.objects.filter(pk=city.urban.pk).update(valid_from=DAY)
    with pytest.raises(Refusal) as refused:
        succeed_units([fresh(city.urban)], [city.school], kind=SuccessionKind.RENAMED, day=DAY, actor=city.office)
    assert "2026-11-18" in refused.value.message
    assert fresh(city.urban).valid_to is None


def test_units_of_two_regions_do_not_follow_each_other(city):
    other = make_city("邻市")
    with pytest.raises(Refusal, match="不在同一地区"):
        succeed_units([city.urban], [other.urban], kind=SuccessionKind.RENAMED, day=DAY, actor=city.office)
    assert fresh(city.urban).valid_to is None
