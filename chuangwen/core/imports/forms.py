"""What the wizard's pages ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.core.forms import HouseForm
from chuangwen.core.imports.queries import column_names
from chuangwen.core.workbooks.cells import Sheet
from chuangwen.core.workbooks.layout import Table
from chuangwen.core.workbooks.mapping import Field, Mapping

ACCEPT = ".xlsx,.xls,.et,.ods,.csv,.tsv,.txt"


class WorkbookForm(HouseForm):
    """A workbook; what it really is, its content says."""

    file = forms.FileField(
        label=gettext_lazy("Workbook to upload"),
        error_messages={
            "required": gettext_lazy("No file was chosen. Choose a workbook."),
            "empty": gettext_lazy("The file is empty. Choose another file."),
            "missing": gettext_lazy("No file was chosen. Choose a workbook."),
        },
    )


class SheetForm(HouseForm):
    """Which sheet, and in which row or two rows its header stands (zero-based)."""

    sheet = forms.IntegerField(min_value=0, max_value=10_000)
    header = forms.IntegerField(min_value=0, max_value=10_000_000)
    two_rows = forms.BooleanField(required=False)

    def header_rows(self) -> list[int]:
        first = self.cleaned_data["header"]
        return [first, first + 1] if self.cleaned_data["two_rows"] else [first]


class ColumnsForm(HouseForm):
    """A column of the table, or none, for each field of the importer."""

    def __init__(self, fields: Sequence[Field], table: Table, mapping: Mapping, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("not in this workbook")), *((str(n), name) for n, name in enumerate(column_names(table)))]
        for one in fields:
            column = mapping.column_of(one.key)
            field = forms.ChoiceField(
                choices=choices,
                label=one.label,
                required=False,
                initial="" if column is None else str(column),
                error_messages={"invalid_choice": _("The sheet has no such column. Choose one from the list.")},
            )
            self.fields[one.key] = field

    def columns(self) -> dict[str, int | None]:
        """Field -> place in the table's headers."""
        return {key: int(value) if value else None for key, value in self.cleaned_data.items()}


class NamesForm(HouseForm):
    """What unknown words mean: for the n-th word a candidate (`pick-n`) or a name written in full (`other-n`)."""

    def __init__(self, unresolved: Sequence[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unresolved = unresolved
        for number in range(len(unresolved)):
            self.fields[f"pick-{number}"] = forms.CharField(required=False, max_length=200)
            self.fields[f"other-{number}"] = forms.CharField(required=False, max_length=200)

    def choices(self) -> list[tuple[Any, str]]:
        """(unknown name, choice) for each that the person explained; a written name goes before a picked one."""
        data = self.cleaned_data
        said = ((one, data[f"other-{n}"] or data[f"pick-{n}"]) for n, one in enumerate(self.unresolved))
        return [(one, choice) for one, choice in said if choice]


class ImportForm(HouseForm):
    """The decision to import."""

    good_only = forms.BooleanField(required=False)


def shown_rows(sheet: Sheet, header_rows: Sequence[int]) -> range:
    """The first rows of a sheet, as many as it takes to see the header and some data."""
    return range(min(len(sheet.rows), max(12, (header_rows[-1] if header_rows else 0) + 6)))
