"""Who lost what as sheets of a workbook: a sheet for each way of adding up, exact, with what can be won back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from chuangwen.core.templatetags.wording import day
from chuangwen.core.workbooks.writing import Column, OutTable, write_tables
from chuangwen.scoring.engine import show
from chuangwen.scoring.queries.loss_lines import By, LossBook, LossLine, LossLines, loss_lines, places_in
from chuangwen.scoring.queries.winning import horizon_of

POINTS = "0.00##"  # as on screen, with two digits more where a loss is small
MOST_PLACES = 5_000  # of a unit's own in a file: more than any unit keeps
HEADS = {
    By.UNIT: gettext_lazy("Unit"), By.CRITERION: gettext_lazy("Criterion"), By.TYPE: gettext_lazy("Place type"),
    By.DISTRICT: pgettext_lazy("of a place", "District"),
}  # fmt: skip


def loss_sheets(book: LossBook, ways: Sequence[By], title: str, notes: Sequence[str] = ()) -> list[OutTable]:
    """One sheet for each of `ways`; the rows of every one of them come to the whole loss. Six queries a sheet."""
    notes = (*notes, *_notes(book))
    return [_sheet(book, loss_lines(book, by), title, notes) for by in ways]


def own_loss_workbook(book: LossBook, units: Sequence[str], ways: Sequence[By]) -> bytes:
    """What the person's own units lost, by each way, and at which places."""
    title = _("Our points in %s") % book.run.round
    notes = (_(", ").join(units),)
    return write_tables([*loss_sheets(book, ways, title, notes), *([_places(book, title)] if book.placed else [])])


def _notes(book: LossBook) -> tuple[str, ...]:
    if not book.placed:
        return ()
    words = _(
        "Can be won back until %(until)s: all but what hangs on a long-term problem that ends later and on objects "
        "that are gone."
    )
    return (words % {"until": horizon_of(book.run).words},)


def _sheet(book: LossBook, found: LossLines, title: str, notes: Sequence[str]) -> OutTable:
    coded = (Column("code", _("Code"), width=10),) if found.by is By.CRITERION else ()
    figures = [("lost", _("Lost")), *([("back", _("Can be won back")), ("gone", _("Hardly in this campaign"))]
                                      if book.placed else [])]  # fmt: skip
    columns = (
        *coded, Column("name", str(HEADS[found.by]), width=40 if coded else 26),
        *(Column(key, label, kind="number", number_format=POINTS, width=14) for key, label in figures),
        Column("share", _("Part of all lost"), kind="percent", width=12),
        Column("causes", _("Mostly by") if coded else _("Mostly at"), width=44),
        *([Column("held", _("What holds the rest"), width=40)] if book.placed else []),
    )  # fmt: skip
    rows = [_row(one, found.points, coded=bool(coded), placed=book.placed) for one in found.lines]
    sums = _sums(found, placed=book.placed)
    return OutTable(columns, rows, title, (sums, *notes), _("Losses by %s") % str(HEADS[found.by]).lower(), True)


def _row(line: LossLine, whole: float, *, coded: bool, placed: bool) -> list[Any]:
    return [
        *([line.code] if coded else []), line.name, line.points, *([line.back, line.gone] if placed else []),
        line.points / whole if whole else None, _("; ").join(line.causes), *([_held(line)] if placed else []),
    ]  # fmt: skip


def _held(line: LossLine) -> str:
    """Every problem that holds points beyond the next judgement, with how long."""
    until = {one: _("long-term until %(day)s") % {"day": day(one.until)} for one in line.hopeless if one.until}
    gone = _("object gone")
    told = (f"{one.number} {until.get(one, gone)}" for one in line.hopeless)
    return _("; ").join(told)


def _sums(found: LossLines, *, placed: bool) -> str:
    """The sums under the table, as the page shows them."""
    lost = _("All rows add up to the points lost: %s") % show(found.shown)
    if not placed:
        return lost
    return lost + _("; ") + _("%s of them can be won back") % show(found.shown_back)


def _places(book: LossBook, title: str) -> OutTable:
    columns = (
        Column("place", _("Place"), width=30), Column("code", _("Code"), width=10),
        Column("lost", _("Lost"), kind="number", number_format=POINTS),
        Column("problems", _("Problem behind it"), width=30),
    )  # fmt: skip
    rows = [(name, code, lost, "、".join(numbers)) for name, code, lost, numbers in places_in(book, MOST_PLACES)]
    return OutTable(columns, rows, title, (), pgettext("sheet", "Places"), False)
