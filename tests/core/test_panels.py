"""Lines that stand on a page while rows wait, at their place, with one query for all their numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chuangwen.core.models import Region
from chuangwen.core.panels import (
    Counted,
    DeskItem,
    counted,
    due_sources,
    register_due,
    single_lines,
    waiting_line,
)

pytestmark = pytest.mark.django_db


def test_lines_keep_their_place_and_all_numbers_cost_one_query(django_assert_num_queries):
    for number in range(3):
        Region.objects.create(code=f"X{number}", name=f"区{number}")
    rows = Region.objects.filter(code__startswith="X")
    single = DeskItem("mine", "single", "/single/")
    lines = [
        waiting_line("decide", rows, lambda n: f"{n} wait", "/all/", sub="sub", icon="scale", action="Look"),
        single,
        waiting_line("decide", rows.filter(code="Y"), lambda n: f"{n} wait", "/none/"),
        Counted((rows.exclude(code="X0"), rows.none(), rows.filter(code="X0")),
                lambda *numbers: [DeskItem("week", str(n), "/each/", count=n) for n in numbers]),
    ]  # fmt: skip
    with django_assert_num_queries(1):
        found = counted(iter(lines))
    assert found == [
        DeskItem("decide", "3 wait", "/all/", "sub", icon="scale", action="Look", count=3),
        single,
        DeskItem("week", "2", "/each/", count=2),
        DeskItem("week", "0", "/each/", count=0),
        DeskItem("week", "1", "/each/", count=1),
    ]  # fmt: skip


def test_page_without_numbers_asks_nothing(django_assert_num_queries):
    single = DeskItem("mine", "single", "/single/")
    with django_assert_num_queries(0):
        assert (counted([]), counted([single])) == ([], [single])


def test_single_lines_are_read_only_where_there_are_any(django_assert_num_queries):
    def made(rows):
        return [DeskItem("mine", row.name, "/") for row in rows]

    rows = Region.objects.filter(code__startswith="X").order_by("code")
    with django_assert_num_queries(1):
        assert counted([single_lines(rows, made, 2)]) == []
    for number in range(3):
        Region.objects.create(code=f"X{number}", name=f"区{number}")
    with django_assert_num_queries(2):
        assert [item.title for item in counted([single_lines(rows, made, 2)])] == ["区0", "区1"]


def test_two_sources_of_what_is_due_have_no_kind_in_common():
    one = due_sources()[0]
    register_due(one)  # the same again, as where an area starts twice
    with pytest.raises(ValueError, match=f"'{one.kind}' already"):
        register_due(replace(one, words=str))
    assert one in due_sources()
