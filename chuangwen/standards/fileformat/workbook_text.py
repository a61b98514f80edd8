"""Writes the Excel form: codes as text, readable widths, the header held in view.

The same standard gives the same bytes, so that two copies can be compared by hash.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from chuangwen.core.workbooks.sizes import height_of, lines_of, pages_wide
from chuangwen.standards.fileformat.cells import (
    format_grades,
    format_map,
    format_table,
    join_list,
    number_text,
)
from chuangwen.standards.fileformat.columns import ABOUT, SHEETS
from chuangwen.standards.tree import Adjustment, Check, Node, Standard, Text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Row = dict[str, Any]
_CREATED: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a constant of the file, not a moment
_MOST_DIGITS: Final = 15  # what Excel keeps of a number


def workbook_of(standard: Standard) -> bytes:
    """The workbook with all sheets, also those without rows, so that a person can fill them in."""
    content = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": _CREATED, "title": standard.title.zh})
    font = {"font_name": "宋体", "font_size": 10}
    header = book.add_format({**font, "bold": True, "bg_color": "#E8EDF3", "bottom": 1, "num_format": "@"})
    text = book.add_format({**font, "num_format": "@", "text_wrap": True, "valign": "top"})
    number = book.add_format({**font, "valign": "top"})
    for name, rows in _sheets(standard).items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for index, column in enumerate(SHEETS[name]):
            is_number = column.kind == "number"
            sheet.set_column(index, index, column.width, number if is_number else text)
            sheet.write_string(0, index, column.name, header)
        _lay_out(sheet, name)
        for line, row in enumerate(rows, 1):
            lines = 1
            for index, column in enumerate(SHEETS[name]):
                lines = max(lines, lines_of(str(row.get(column.name) or ""), column.width))
                _write(sheet, (line, index), row.get(column.name), text, number)
            if lines > 1:
                sheet.set_row(line, height_of(lines))
    book.close()
    return content.getvalue()


def _lay_out(sheet: Worksheet, name: str) -> None:
    """On paper: A4 across, heads on every page."""
    pages = pages_wide([column.width for column in SHEETS[name]])
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(pages, 0)
    sheet.repeat_rows(0)
    if pages > 1:
        sheet.repeat_columns(0, 0)
    sheet.set_footer("&L&A&R第&P页 共&N页")


def _write(sheet: Worksheet, at: tuple[int, int], value: Any, text: Format, number: Format) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(*at, value, number)
    elif isinstance(value, int | float):
        # A number that a cell would round is written as text; readers take either.
        if float(f"{value:.{_MOST_DIGITS}g}") == value:
            sheet.write_number(*at, value, number)
        else:
            sheet.write_string(*at, number_text(value), text)
    elif value:
        sheet.write_string(*at, value, text)


def _sheets(standard: Standard) -> dict[str, Iterable[Row]]:
    return {
        "about": _about(standard),
        "nodes": _nodes(standard.nodes, ""),
        "evidence": _evidence(standard),
        "checks": map(_check, standard.checks),
        "problem_types": (
            {
                "code": item.code,
                **_titled("name", item.name),
                "class": item.problem_class,
                "within": item.within,
                "lead": join_list(item.lead),
                "source": item.source,
            }
            for item in standard.problem_types
        ),
        "place_types": (
            {
                "code": item.code,
                **_titled("name", item.name),
                "ad_hoc": item.ad_hoc or None,
                "quota": item.quota,
            }
            for item in standard.place_types
        ),
        "vetoes": (
            {"code": item.code, **_titled("title", item.title), "effect": item.effect, "cap": item.cap}
            for item in standard.vetoes
        ),
        "bonuses": map(_adjustment, standard.bonuses),
        "penalties": map(_adjustment, standard.penalties),
    }


def _about(standard: Standard) -> Iterator[Row]:
    values = {
        "urn": standard.urn,
        "version": standard.version,
        **_titled("title", standard.title),
        "subject": standard.subject,
        "scale": standard.scale,
        **_aggregate(standard),
        "cap": standard.cap,
        "strict_points": standard.strict_points or None,
        "grades": format_grades(standard.grades),
    }
    return ({"key": key, "value": values[key]} for key in ABOUT if values.get(key) not in (None, ""))


def _nodes(nodes: Iterable[Node], parent: str) -> Iterator[Row]:
    for node in nodes:
        yield {
            "code": node.code,
            "parent": parent,
            **_titled("title", node.title),
            "points": node.points,
            **_aggregate(node),
            "method": node.method,
            "measure": None if node.measure == "rate" else node.measure,
            "map": None if node.map.kind == "proportional" else format_map(node.map),
            "place_types": join_list(node.place_types),
            "lead": join_list(node.lead),
            "manual": node.manual,
            "replaces": join_list(node.replaces),
        }
        yield from _nodes(node.children, node.code)


def _aggregate(of: Standard | Node) -> Row:
    is_default = of.threshold == 1 and not of.threshold_grade
    return {
        "aggregate": None if of.aggregate == "sum" else of.aggregate,
        "threshold": None if is_default else of.threshold_grade or of.threshold,
        "table": format_table(of.table),
    }


def _evidence(standard: Standard) -> Iterator[Row]:
    for leaf in standard.leaves():
        for slot in leaf.evidence:
            yield {
                "code": leaf.code,
                "slot": slot.slot,
                "kind": slot.kind,
                "min": slot.min,
                "window_months": slot.window_months,
                "max_chars": slot.max_chars,
            }


def _check(item: Check) -> Row:
    quantity = item.quantity
    return {
        "code": item.code,
        "place_types": join_list(item.place_types),
        **_titled("text", item.text),
        "criteria": join_list(item.criteria),
        "also": join_list(item.also),
        "quantity_label": quantity and quantity.label,
        "quantity_at_least": quantity and quantity.at_least,
        "problem_type": item.problem_type,
        "photo": None if item.photo == "if-not-met" else item.photo,
        "group": item.group,
    }


def _adjustment(item: Adjustment) -> Row:
    return {"code": item.code, **_titled("title", item.title), "cap": item.cap}


def _titled(key: str, title: Text) -> Row:
    return {key: title.zh, f"{key}_en": title.en}
