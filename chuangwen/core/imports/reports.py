"""The wizard's downloads: an empty workbook with the paper's columns, and the faults of a dry run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from chuangwen.core.imports.importer import Importer
from chuangwen.core.imports.queries import Fault, chinese
from chuangwen.core.workbooks.mapping import Field
from chuangwen.core.workbooks.writing import Column, OutTable, write_table, write_tables

KINDS = {"code": "text", "integer": "integer", "decimal": "number", "date": "date"}


def template_bytes(importer: Importer, fields: Sequence[Field]) -> bytes:
    """A workbook to fill in: the columns on one sheet, what each asks for on another."""
    columns = [Column(one.key, label_of(one), kind=KINDS.get(one.kind, "text"), width=16) for one in fields]
    guide = [
        Column("column", _("Column"), width=16),
        Column("required", _("Required"), width=8),
        Column("how", _("How to fill it in"), width=48),
    ]
    rows = [(label_of(one), _("yes") if one.required else "", how_to_fill(one)) for one in fields]
    return write_tables(
        [
            OutTable(columns, [], title=str(importer.paper), sheet=str(importer.paper)),
            OutTable(guide, rows, title=_("How to fill it in"), sheet=_("How to fill it in")),
        ]
    )


def label_of(field: Field) -> str:
    """A field's label in the reader's language."""
    return field.label if chinese() or not field.label_en else field.label_en


def how_to_fill(field: Field) -> str:
    """What a field takes, in a sentence or two."""
    parts = [field.help] if field.help else []
    if field.options:
        parts.append(_("One of: %s") % "、".join(option.label for option in field.options))
    if field.many:
        parts.append(_("Several may stand in one cell, parted by 、"))
    return "；".join(parts)


def fault_bytes(importer: Importer, faults: Iterable[Fault]) -> bytes:
    """All faults as a workbook, a row each, to be worked through beside the original."""
    columns = [
        Column("row", _("Row"), kind="integer", width=6),
        Column("address", _("Cell"), width=8),
        Column("column", _("Column"), width=14),
        Column("text", _("Content"), width=24),
        Column("message", _("What is wrong and what to do"), width=48),
    ]
    rows = ((f.row or None, f.address, f.column, f.text, f.message) for f in faults)
    return write_table(columns, rows, title=_("Faults found: %s") % importer.paper)
