"""A list in an authority's own Excel form: its columns are the words that the form is filled with."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.errors import Refusal
from chuangwen.core.lists.columns import Column
from chuangwen.core.lists.export import plain_value
from chuangwen.core.lists.page import Listing, ListPage
from chuangwen.core.models import TableForm
from chuangwen.core.workbook_templates.queries import chosen_form, filled_form, form_actions
from chuangwen.core.workbook_templates.registry import (
    USUAL_WORDS,
    OwnTable,
    own_table,
    register_own_table,
    usual_values,
)
from chuangwen.core.workbook_templates.vocabulary import Content, Vocabulary, Word
from chuangwen.core.workbooks.limits import MAX_ROWS

NUMBER = "序号"
PERIOD = "统计期间"
EXAMPLE_ROWS = 5


def register_list_forms(page: ListPage) -> None:
    """Let the list be filled into own forms, where its page names who keeps them (`forms_kept_by`)."""
    if not page.forms_kept_by:
        return
    register_own_table(
        OwnTable(
            key_of(page), page.title, page.permission, page.forms_kept_by, lambda: _vocabulary(page),
            lambda: reverse(page.own_path),
            example=lambda request: _example(page, request),
        )
    )  # fmt: skip


def key_of(page: ListPage) -> str:
    """The key of a list's table of forms."""
    return f"list-{page.name}"


def list_table(page: ListPage) -> OwnTable | None:
    """The list as a table of forms; None for a list that has none."""
    return own_table(key_of(page)) if page.forms_kept_by else None


def asked_form(listing: Listing) -> TableForm | None:
    """The form that the list's address asks to fill; None where it asks for none. 404 for one that is not in use."""
    table = list_table(listing.page)
    return chosen_form(listing.request, table) if table else None


def list_actions(listing: Listing) -> list[dict[str, Any]]:
    """The forms that the list can be filled into, for its head."""
    table = list_table(listing.page)
    if table is None or not listing.total:
        return []
    return list(form_actions(listing.request, table, lambda pk: listing.url(format="own", form=str(pk), at="")))


def list_in_form(listing: Listing, form: TableForm) -> bytes:
    """The whole list, as it is narrowed, in the form. Raises Refusal for more rows than a form takes."""
    rows = listing.ordered()
    if (number := rows.count()) > MAX_ROWS:
        raise Refusal(
            _("The list has %(n)d rows; a form takes %(most)d.") % {"n": number, "most": MAX_ROWS},
            _("Narrow it by search or filters."),
        )
    table = list_table(listing.page)
    assert table is not None, "asked_form found a form of this table"  # noqa: S101
    return filled_form(form, table, lambda: _content(listing.page, listing.request, rows.iterator(chunk_size=500)))


def _columns(page: ListPage) -> list[Column]:
    """The columns that can stand in a form: photos cannot, and the form counts by itself."""
    return [column for column in page.columns if column.kind != "picture" and str(column.label) != NUMBER]


def _vocabulary(page: ListPage) -> Vocabulary:
    columns = [Word(str(one.label), "", page.form_words.get(one.key, ())) for one in _columns(page)]
    names = {one.name for one in columns}
    single = tuple(one for one in USUAL_WORDS if one.name not in names)
    number = Word(NUMBER, _("Counts from 1."), ("编号",) if "编号" not in names else ())
    return Vocabulary((number, *columns), (*single, Word(PERIOD, _("The period of the rows."))))


def _content(page: ListPage, request: HttpRequest, rows: Any) -> Content:
    columns = _columns(page)
    values = [(number, *(_value(column, row) for column in columns)) for number, row in enumerate(rows, 1)]
    single = dict(usual_values(request.user, str(page.title), values)) | {PERIOD: str(page.period(request))}
    return Content(values, single)


def _value(column: Column, row: Any) -> Any:
    """A cell as a form shows it: a share as a percentage, since few forms' cells are formatted for one."""
    value = plain_value(column.value(row))
    is_share = column.kind == "percent" and isinstance(value, int | float)
    return f"{value:.0%}" if is_share else value


def _example(page: ListPage, request: HttpRequest) -> Content:
    rows = page.rows(request).order_by(page.sort, "pk")[:EXAMPLE_ROWS]
    return _content(page, request, rows)
