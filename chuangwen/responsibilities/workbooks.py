"""Writes the breakdown as Excel: the whole matrix with its symbols, and each unit's own sheet.

The matrix has a writer of its own, since its heads stand upright, its rows are grouped by section
and its last row adds up, none of which the one-table writer of core does.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.workbooks.sizes import height_of, lines_of
from chuangwen.core.workbooks.writing import Column, OutTable, write_tables
from chuangwen.responsibilities.models import Share
from chuangwen.responsibilities.queries.matrix import Matrix, Row
from chuangwen.responsibilities.queries.sheets import Sheet, SheetLine
from chuangwen.standards.enums import Method

SYMBOLS = {str(Share.LEAD): "●", str(Share.COOPERATE): "○"}
HEAD_ROW, FIRST_ROW = 2, 3
FIRST_UNIT = 4  # columns before the first unit: code, criterion, points, what to mind
TITLE_WIDTH = 44  # characters
FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
EDGE = {"border": 1, "border_color": "#BFBFBF"}


def matrix_workbook(campaign: Campaign, matrix: Matrix) -> bytes:
    """The matrix on one sheet: ● leads, ○ cooperates; the last row says how many each unit has."""
    import xlsxwriter  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "in_memory": True})
    sheet = book.add_worksheet(_("Breakdown of duties"))
    looks = _looks(book)
    last = FIRST_UNIT + len(matrix.columns)
    sheet.merge_range(0, 0, 0, last, _("%s: breakdown of duties") % campaign.name, looks["title"])
    legend = _("● leads, ○ cooperates. Overloaded: more than %s criteria. Data as of %s.")
    stamp = clock.local(clock.now()).strftime("%Y-%m-%d %H:%M")
    sheet.write_string(1, 0, legend % (_limit(matrix), stamp), looks["note"])
    _write_head(sheet, matrix, looks)
    row = _write_body(sheet, matrix, looks)
    _write_foot(sheet, matrix, looks, row)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, TITLE_WIDTH)
    sheet.set_column(2, 2, 6)
    sheet.set_column(3, 3, 10)
    sheet.set_column(FIRST_UNIT, last, 3.6)
    sheet.freeze_panes(FIRST_ROW, FIRST_UNIT)
    sheet.set_paper(8)  # A3: a matrix of eighty units is not legible on A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_footer("&R第&P页 共&N页")
    book.close()
    return target.getvalue()


def sheets_workbook(campaign: Campaign, sheets: Sequence[Sheet]) -> bytes:
    """A sheet for each unit (分表), in the order given. One sheet saying so where there is none."""
    tables = [_unit_table(campaign, sheet) for sheet in sheets]
    empty = OutTable([Column("unit", _("Unit"))], [], title=campaign.name, sheet=_("No duties yet"))
    return write_tables(tables or [empty])


def _unit_table(campaign: Campaign, sheet: Sheet) -> OutTable:
    columns = [
        Column("code", _("Code"), width=10),
        Column("title", _("Criterion"), width=TITLE_WIDTH),
        Column("points", _("Points"), kind="number", width=7),
        Column("method", _("Method"), width=10),
        Column("share", _("Part taken"), width=7),
        Column("leads", _("Leads"), width=20),
        Column("cooperates", _("Cooperates"), width=36),
        Column("handed", _("Handed on to"), width=36),
    ]
    labels, shares = dict(Method.choices), {str(one): str(one.label) for one in Share}
    rows: list[list[Any]] = [
        [
            duty.node.code, duty.title, duty.node.points, str(labels.get(duty.node.method, "")),
            str(shares[duty.share]),
            "、".join(duty.leads), "、".join(duty.cooperates), _handed(duty),
        ]
        for duty in sheet.duties
    ]  # fmt: skip
    told = _("%(unit)s leads %(leads)d criteria and cooperates in %(others)d.")
    note = told % {"unit": sheet.unit, "leads": sheet.leads, "others": sheet.cooperates}
    stamp = clock.local(clock.now()).strftime("%Y-%m-%d %H:%M")
    title = _("%(unit)s: sheet of duties") % {"unit": sheet.unit.name}
    as_of = _("Data as of %s") % stamp
    return OutTable(columns, rows, title, [f"{note} {as_of}", campaign.name], str(sheet.unit))


def _handed(duty: SheetLine) -> str:
    """To whom a duty was handed on, and for what."""
    return "；".join(" ".join(filter(None, (one.receiver, one.about, "、".join(one.things)))) for one in duty.handed)


def _looks(book: Any) -> dict[str, Any]:
    """The cell formats of the matrix."""
    head = {**FONT, **EDGE, "bold": True, "align": "center", "bg_color": "#E8EEF4"}
    return {
        "title": book.add_format({**FONT, "font_size": 16, "bold": True, "align": "center"}),
        "note": book.add_format({**FONT, "font_size": 9, "font_color": "#595959"}),
        "head": book.add_format({**head, "text_wrap": True}),
        "unit": book.add_format({**head, "rotation": 270, "valign": "top"}),
        "section": book.add_format({**FONT, **EDGE, "bold": True, "bg_color": "#F2F2EE"}),
        "text": book.add_format({**FONT, **EDGE, "text_wrap": True, "num_format": "@"}),
        "figure": book.add_format({**FONT, **EDGE, "align": "right"}),
        "cell": book.add_format({**FONT, **EDGE, "align": "center"}),
        "bad": book.add_format({**FONT, **EDGE, "align": "center", "bg_color": "#FBE9E7", "font_color": "#B3261E"}),
        "warn": book.add_format({**FONT, **EDGE, "align": "center", "bg_color": "#FFF3D6", "font_color": "#8A5300"}),
    }


def _write_head(sheet: Any, matrix: Matrix, looks: dict[str, Any]) -> None:
    sheet.set_row(HEAD_ROW, 110)
    for place, label in enumerate([_("Code"), _("Criterion"), _("Points"), _("To mind")]):
        sheet.write_string(HEAD_ROW, place, label, looks["head"])
    for place, column in enumerate(matrix.columns, FIRST_UNIT):
        sheet.write_string(HEAD_ROW, place, str(column.unit), looks["unit"])
    sheet.write_string(HEAD_ROW, FIRST_UNIT + len(matrix.columns), _("Units"), looks["unit"])


def _write_body(sheet: Any, matrix: Matrix, looks: dict[str, Any]) -> int:
    """All sections with their rows; returns the row after the last."""
    at = FIRST_ROW
    last = FIRST_UNIT + len(matrix.columns)
    for section in matrix.sections:
        sheet.merge_range(at, 0, at, last, f"{section.node.code} {section.title}", looks["section"])
        at += 1
        for row in section.rows:
            _write_row(sheet, at, row, matrix, looks)
            at += 1
    return at


def _write_row(sheet: Any, at: int, row: Row, matrix: Matrix, looks: dict[str, Any]) -> None:
    sheet.write_string(at, 0, row.node.code, looks["text"])
    sheet.write_string(at, 1, row.title, looks["text"])
    if (lines := lines_of(row.title, TITLE_WIDTH)) > 1:
        sheet.set_row(at, height_of(lines))
    sheet.write_number(at, 2, row.node.points, looks["figure"])
    words, look = _to_mind(row)
    sheet.write_string(at, 3, words, looks[look])
    for place, column in enumerate(matrix.columns, FIRST_UNIT):
        sheet.write_string(at, place, SYMBOLS.get(row.shares.get(column.unit.pk, ""), ""), looks["cell"])
    sheet.write_number(at, FIRST_UNIT + len(matrix.columns), row.involved, looks["figure"])


def _to_mind(row: Row) -> tuple[str, str]:
    if row.is_gap:
        return _("Nobody leads"), "bad"
    if row.is_overlap:
        return _("%d lead") % row.leads, "warn"
    return (_("Split by territory"), "cell") if row.split else ("", "cell")


def _write_foot(sheet: Any, matrix: Matrix, looks: dict[str, Any], at: int) -> None:
    sheet.merge_range(at, 0, at, FIRST_UNIT - 1, _("All duties of each unit"), looks["head"])
    for place, column in enumerate(matrix.columns, FIRST_UNIT):
        sheet.write_number(at, place, column.load, looks["bad" if column.heavy else "cell"])


def _limit(matrix: Matrix) -> str:
    limit = matrix.counts.limit
    return "—" if limit == float("inf") else f"{limit:.0f}"
