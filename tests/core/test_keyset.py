"""Paging by key: every row once, in order, forth and back, whatever stands in the address."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core.lists.keyset import START_LIMIT, Cursor, Slice, cut, parse_cursor, rows_of
from chuangwen.places.models import Place
from tests.support.factories import make_place, make_unit


def packed(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@given(
    st.text(max_size=20) | st.integers() | st.booleans(),
    st.integers(-5, 10**12),
    st.booleans(),
    st.integers(0, START_LIMIT - 1),
)
def test_cursor_comes_back_from_its_text(value, pk, back, start):
    cursor = Cursor(value, pk, back, start)
    assert parse_cursor(cursor.text()) == cursor
    assert "=" not in cursor.text()


def test_text_of_a_cursor_is_short_and_has_no_padding():
    assert [Cursor("甲", 7, True, 3).text(), Cursor(1, 7).text()] == [
        "WyJcdTc1MzIiLDcsdHJ1ZSwzXQ",
        "WzEsNyxmYWxzZSwwXQ",
    ]


def test_cursor_of_a_moment_is_told_in_words():
    moment = datetime(2026, 11, 18, 4, tzinfo=UTC)
    assert parse_cursor(Cursor(moment, 7).text()).value.startswith("2026-11-18T04:00:00")
    assert parse_cursor(Cursor(date(2026, 11, 18), 7).text()) == Cursor("2026-11-18", 7, False, 0)


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "%%%", "城", packed([]), packed({}), packed("text"), packed([1, 2, False]),
        packed([1, 2, False, 0, 0]),
        packed([1, "2", False, 0]), packed([1, 2.0, False, 0]), packed([1, True, False, 0]), packed([1, 2, 0, 0]),
        packed([1, 2, False, -1]), packed([1, 2, False, START_LIMIT]), packed([1, 2, False, True]),
        packed([None, 2, False, 0]), packed([[1], 2, False, 0]), packed([{}, 2, False, 0]), packed([1, 2, False, 0.5]),
        base64.urlsafe_b64encode(b"[" * 200_000).decode(), base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)  # fmt: skip
def test_text_that_is_no_cursor_shows_the_first_page(text):
    assert parse_cursor(text) is None


def test_cursor_at_the_edge_of_what_counts_is_taken():
    assert parse_cursor(packed([1, 2, True, START_LIMIT - 1])) == Cursor(1, 2, True, START_LIMIT - 1)
    assert parse_cursor(packed([0, 2, False, 0])) == Cursor(0, 2, False, 0)


@pytest.fixture
def places(db):
    territory = make_unit()
    kind = None
    for address in ("丙", "甲", "甲", "乙", "甲", "", "乙"):
        made = make_place(territory, address=address, **({"place_type": kind} if kind else {}))
        kind = made.place_type
    return Place.objects.all()


def ordered(sort):
    falling, field = sort.startswith("-"), sort.lstrip("-")
    sign = "-" if falling else ""
    return list(Place.objects.order_by(f"{sign}{field}", f"{sign}pk"))


@pytest.mark.parametrize("sort", ["address", "-address", "pk", "-pk", "territory__name", "-name"])
@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_pages_forth_and_back_hold_every_row_once_in_order(places, sort, size):
    rows, pages, cursor = ordered(sort), [], None
    while True:
        page = cut(places, sort, cursor, size)
        assert page.start == sum(len(one.rows) for one in pages)
        pages.append(page)
        if not page.after:
            break
        cursor = parse_cursor(page.after)
    assert [row for page in pages for row in page.rows] == rows
    assert [len(page.rows) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert [bool(page.before) for page in pages] == [False] + [True] * (len(pages) - 1)
    for earlier, later in zip(reversed(pages[:-1]), reversed(pages[1:]), strict=True):
        again = cut(places, sort, parse_cursor(later.before), size)
        assert (again.rows, again.start, again.after) == (earlier.rows, earlier.start, earlier.after)
        assert bool(again.before) is bool(earlier.before)


def test_row_that_arrives_or_goes_meanwhile_shifts_nothing(places):
    first = cut(places, "address", None, 3)
    make_place(make_unit(), address="")  # before the page that was seen
    first.rows[-1].delete()
    rest = cut(places, "address", parse_cursor(first.after), 9)
    assert [row.address for row in rest.rows] == [row.address for row in ordered("address")][3:]
    assert (rest.start, rest.after, bool(rest.before)) == (3, "", True)


def test_first_page_begins_at_nothing_whatever_its_cursor_says(places):
    later = ordered("address")[3]
    page = cut(places, "address", Cursor(later.address, later.pk, True, 5), 3)
    assert (page.rows, page.start, page.before) == (ordered("address")[:3], 0, "")


def test_field_of_a_joined_row_is_found_behind_its_relation(places):
    first, *_rest, last = ordered("territory__depth")
    page = cut(places, "territory__depth", Cursor(first.territory.depth, first.pk), 9)
    assert (len(page.rows), page.rows[-1]) == (6, last)


def test_nothing_beyond_the_last_row(places):
    last = ordered("address")[-1]
    assert cut(places, "address", Cursor(last.address, last.pk), 3) == Slice([])
    assert cut(places.none(), "address", None, 3) == Slice([])


@pytest.mark.parametrize(
    ("sort", "value"),
    [("created_at", "yesterday"), ("longitude", "east"), ("address", "a\x00b"), ("pk", "x"), ("territory__pk", "x")],
)
def test_cursor_that_does_not_fit_the_field_shows_the_first_page(places, sort, value):
    page = cut(places, sort, Cursor(value, 1, True, 3), 3)
    assert (page.start, page.rows, page.before) == (0, ordered(sort)[:3], "")


def test_no_key_asks_for_nothing(places, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert rows_of(places, []) == []
