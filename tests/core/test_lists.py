"""Lists: no row lost or doubled, whatever the order; filters, export, paper, message; the cost of a page."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from chuangwen.accounts.roles import Role
from chuangwen.core.lists import page as lists_page
from chuangwen.core.lists import response
from chuangwen.core.lists.keyset import Cursor, cut, parse_cursor
from chuangwen.core.models import Job
from chuangwen.core.search import wanted
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from tests.support.factories import make_place, make_place_type, make_root, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both, pytest.mark.urls("tests.core.listing")]
URL = "/places-for-test/"


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def office(root, sign_in):
    """The test client of somebody in the office."""
    return sign_in(make_user(Role.OFFICE, root))


@pytest.fixture
def place(root):
    """Makes places of one street, so that only what a test names differs."""
    street, kind = make_unit(root, name="东关街道"), make_place_type(root.region)

    def make(**fields):
        return make_place(fields.pop("territory", street), place_type=kind, **fields)

    return make


def walk(queryset, sort, size, *, back=False):
    """All rows page by page; with `back` from the last page to the first. (rows, starts)"""
    page = cut(queryset, sort, None, size)
    pages = [page]
    while page.after:
        page = cut(queryset, sort, parse_cursor(page.after), size)
        pages.append(page)
    if back:
        pages = [page]
        while page.before:
            page = cut(queryset, sort, parse_cursor(page.before), size)
            pages.insert(0, page)
    return [row.pk for one in pages for row in one.rows], [one.start for one in pages]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    addresses=st.lists(st.sampled_from(["甲", "乙", "丙", ""]), max_size=12),
    size=st.integers(1, 5),
    sort=st.sampled_from(["address", "-address", "pk", "-pk", "territory__name"]),
    back=st.booleans(),
)
def test_pages_hold_every_row_once_in_order(place, addresses, size, sort, back):
    Place.objects.all().delete()
    for address in addresses:
        place(address=address)
    prefix = "-" if sort.startswith("-") else ""
    expected = list(Place.objects.order_by(sort, f"{prefix}pk").values_list("pk", flat=True))
    rows, starts = walk(Place.objects.select_related("territory"), sort, size, back=back)
    assert rows == expected
    assert starts[0] == 0
    if not back:
        assert starts == list(range(0, len(expected) or 1, size))


def test_row_that_arrives_between_two_pages_shifts_nothing(place):
    for address in "bdfh":
        place(address=address)
    first = cut(Place.objects.all(), "address", None, 2)
    place(address="a")
    second = cut(Place.objects.all(), "address", parse_cursor(first.after), 2)
    assert [row.address for row in second.rows] == ["f", "h"]


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "====", "bnVsbA", "W10",
        Cursor([1], 1).text(), Cursor("a", 1, start=-1).text(), Cursor(None, 1).text(),
        Cursor("a", 10**30).text(), Cursor("\x00", 1).text(), Cursor("x" * 5000, 1).text(),
    ],
)  # fmt: skip
def test_made_up_cursor_never_breaks_the_page(office, place, text):
    place()
    assert office.get(URL, {"at": text}).status_code == 200


def test_empty_tab_leads_to_one_that_holds_something(office, place):
    place(address="")
    page = office.get(URL, {"tab": "addressed"})
    assert page.context["elsewhere"]["label"] == "全部"
    assert "”里没有内容" in page.content.decode()
    assert page.context["first_step"] is None  # the first step is for who has nothing at all
    assert 'href="?tab=all"' in page.content.decode()
    assert office.get(URL).context["elsewhere"] is None


def test_cursor_of_another_order_shows_the_first_page(place):
    place()
    page = cut(Place.objects.all(), "created_at", Cursor("not a date", 1), 5)
    assert len(page.rows) == 1


def test_search_filter_and_tab_narrow_together(office, place, root):
    other = make_unit(root, name="西关街道")
    place(name="东门市场", address="一路")
    place(name="东门小区")
    place(name="西门市场", address="二路")
    place(name="东街市场", address="三路", territory=other)
    page = office.get(URL, {"q": "东", "unit": other.pk, "tab": "addressed"})
    assert [row["row"].name for row in page.context["table"]] == ["东街市场"]
    assert [tab["count"] for tab in page.context["tabs"]] == [1, 1]
    everything = office.get(URL, {"q": "市场"})
    assert [tab["count"] for tab in everything.context["tabs"]] == [3, 3]
    assert office.get(URL, {"q": "门"}).context["listing"].total == 3


def test_filters_come_with_their_choices_when_the_menu_is_opened(office, place, root):
    other = make_unit(root, name="西关街道")
    place(name="东门市场")
    place(name="西门市场", territory=other)
    page = office.get(URL, {"q": "市场", "unit": other.pk})
    text = page.content.decode()
    assert "<option" not in text
    assert "西关街道" in text  # the filter in force names its choice
    menu = office.get(URL + page.context["filters_url"])
    assert f'<option value="{other.pk}" selected>西关街道</option>' in menu.content.decode()
    assert '<input type="hidden" name="q" value="市场">' in menu.content.decode()
    assert menu.context["listing"].total == 0  # no row is looked up for a menu


def test_choices_are_escaped(office, place, root):
    place(territory=make_unit(root, name="<b>街道</b>", short_name=""))
    text = office.get(URL, {"format": "filters"}).content.decode()
    assert "&lt;b&gt;街道&lt;/b&gt;</option>" in text


@pytest.fixture
def small_limits(monkeypatch):
    monkeypatch.setattr(lists_page, "FOUND_LIMIT", 2)
    monkeypatch.setattr(lists_page, "COUNT_LIMIT", 4)


def test_tabs_count_no_further_than_the_limit(office, place, small_limits):
    for number in range(5):
        place(address="一路" if number else "")
    page = office.get(URL)
    assert [tab["count"] for tab in page.context["tabs"]] == ["5", "4+"]
    assert page.context["listing"].total == 5


def test_search_that_finds_much_counts_only_the_present_tab(office, place, small_limits):
    for number in range(5):
        place(name=f"东门{number}", address="一路")
    page = office.get(URL, {"q": "东门"})
    assert [tab["count"] for tab in page.context["tabs"]] == ["4+", None]
    assert len(page.context["table"]) == 5
    few = office.get(URL, {"q": "东门1"})
    assert [tab["count"] for tab in few.context["tabs"]] == [1, 1]


def test_export_holds_all_that_a_search_finds(office, place, small_limits):
    for number in range(5):
        place(name=f"东门{number}")
    place(name="西门")
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(URL, {"q": "东门", "format": "xlsx"}).content))
    names = [row[0] for row in book.get_sheet_by_index(0).to_python() if str(row[0]).startswith("东门")]
    assert sorted(names) == [f"东门{number}" for number in range(5)]
    assert "西门" not in office.get(URL, {"q": "东门", "format": "message"}).content.decode()


def test_search_looks_across_a_relation_without_doubling_rows(root):
    unit = make_unit(root, name="市城管局")
    for alias in ("城管", "城管局", "城管执法"):
        unit.aliases.create(region=root.region, name=alias)
    rows = Unit.objects.filter(wanted(Unit, ["name__icontains", "aliases__name__icontains"], "城管"))
    assert list(rows) == [unit]
    assert not Unit.objects.filter(wanted(Unit, ["aliases__name__icontains"], "城建")).exists()


def test_search_minds_no_case(place):
    found = place(name="KFC 东门店")
    assert list(Place.objects.filter(wanted(Place, ["name__icontains"], "kfc"))) == [found]
    assert list(Place.objects.filter(wanted(Place, ["territory__name__icontains"], "KFC"))) == []


@pytest.mark.parametrize("value", ["abc", "-1", "9" * 40, "\x00", "1 OR 1=1", "<script>"])
def test_malicious_filter_and_search_show_nothing_and_are_escaped(office, place, value):
    place()
    for key in ("unit", "q", "tab", "sort", "col", "format"):
        response = office.get(URL, {key: value})
        assert response.status_code == 200
        assert b"<script>" not in response.content.replace(b'<script type="module"', b"")
    assert office.get(URL, {"unit": value}).context["listing"].total in {0, 1}


def test_stranger_from_another_region_sees_no_row(place, sign_in):
    place(name="东门市场")
    stranger = sign_in(make_user(Role.OFFICE))
    assert stranger.get(URL).context["listing"].total == 0
    assert "东门市场" not in stranger.get(URL, {"format": "message"}).content.decode()
    assert "东门市场" not in stranger.get(URL, {"format": "print"}).content.decode()


def test_one_row_and_three_rows_cost_the_same(office, place):
    place()
    office.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as one:
        office.get(URL)
    place()
    place()
    with CaptureQueriesContext(connection) as three:
        office.get(URL)
    assert len(one) == len(three)


def test_export_holds_all_columns_of_all_rows_and_the_definition(office, place, monkeypatch):
    monkeypatch.setattr(response, "PAGE_SIZE", 1)
    for number in range(60):
        place(name=f"点位{number}", address=f"{number:02d}号", phone="13800000000")
    answer = office.get(URL, {"format": "xlsx", "sort": "-address"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    table = [row for row in rows if str(row[0]).startswith("点位") and len(str(row[0])) > 2]
    assert [row[2] for row in table] == [f"{number:02d}号" for number in reversed(range(60))]
    assert {row[4] for row in table} == {"13800000000"}
    assert any("在册点位。" in str(cell) for row in rows for cell in row)


def test_export_keeps_formulas_as_text(office, place):
    place(name="=1+1", address="@SUM(A1)")
    answer = office.get(URL, {"format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert any("1+1" in str(cell) for row in rows for cell in row)


def test_large_export_runs_as_a_job_that_its_owner_downloads(
    office, place, sign_in, root, monkeypatch, django_capture_on_commit_callbacks, run_jobs
):
    monkeypatch.setattr(response, "DIRECT_EXPORT", 2)
    for number in range(3):
        place(name=f"市场{number}")
    place(name="别的")
    with django_capture_on_commit_callbacks(execute=True):
        answer = office.get(URL, {"format": "xlsx", "q": "市场"})
    run_jobs()
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.uid}/"
    assert (job.status, job.done, job.total) == ("done", 3, 3)
    content = office.get(f"/jobs/{job.uid}/file/").getvalue()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert sum(str(row[0]).startswith("市场") for row in rows) == 3
    assert not any("别的" in str(cell) for row in rows for cell in row)
    assert job.result_name in office.get(f"/jobs/{job.uid}/").content.decode()
    colleague = sign_in(make_user(Role.OFFICE, root))
    assert colleague.get(f"/jobs/{job.uid}/").status_code == 404
    assert colleague.get(f"/jobs/{job.uid}/file/").status_code == 404


def test_paper_shows_rows_definition_and_what_was_asked_for(office, place):
    street = place(name="东门市场", address="").territory
    page = office.get(URL, {"format": "print", "unit": street.pk}).content.decode()
    assert "东门市场" in page
    assert "在册点位。" in page
    assert "东关街道" in page
    assert "—" in page


def test_paper_says_where_it_ends(office, place, monkeypatch):
    monkeypatch.setattr(response, "PAPER_ROWS", 1)
    place()
    place()
    assert office.get(URL, {"format": "print"}).context["cut"] is True


def test_message_has_a_line_a_unit(office, place, root):
    place(name="甲", address="1")
    place(name="丙", address="3", territory=make_unit(root, name="西关街道"))
    place(name="乙", address="2")
    answer = office.get(URL, {"format": "message"})
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().split("\n")[1:] == ["东关街道：甲；乙", "西关街道：丙"]


def test_sorted_column_is_marked_and_turns_round(office, place):
    place()
    heads = {head["label"]: head for head in office.get(URL, {"sort": "code"}).context["heads"]}
    assert (heads["编号"]["sorted"], heads["编号"]["sort_url"]) == ("ascending", "?sort=-code")
    assert heads["属地"]["sort_url"] == ""
    heads = {head["label"]: head for head in office.get(URL, {"sort": "-code"}).context["heads"]}
    assert (heads["编号"]["sorted"], heads["编号"]["sort_url"]) == ("descending", "?sort=code")


def test_chosen_columns_are_kept_and_the_first_stays(office, place):
    place()
    page = office.get(URL, {"col": ["code"], "q": ""})
    assert [head["label"] for head in page.context["heads"]] == ["名称", "编号"]
    assert page.context["listing"].url(tab="all") == "?col=code&tab=all"


def test_empty_list_and_empty_search_say_different_things(office, place):
    assert "第一步" not in office.get(URL).content.decode()
    place()
    page = office.get(URL, {"q": "没有这个"}).content.decode()
    assert 'href="/places-for-test/"' in page
