"""What the pages of an authority's own forms ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.core.fields import OwnFormField
from chuangwen.core.forms import HouseForm
from chuangwen.core.workbook_templates.proposing import Proposal
from chuangwen.core.workbook_templates.services import LONGEST_NAME
from chuangwen.core.workbook_templates.vocabulary import Vocabulary
from chuangwen.core.workbooks.cells import column_letters

ACCEPT = ".xlsx"


class FileForm(HouseForm):
    """Another workbook in the place of a form."""

    file = OwnFormField(
        label=gettext_lazy("The authority's workbook (.xlsx)"), widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("Save an .xls or .et workbook as .xlsx in Excel or WPS first."),
    )  # fmt: skip


class TakeForm(FileForm):
    """A workbook as a form, with the name by which it is chosen."""

    name = forms.CharField(
        label=gettext_lazy("Name of the form"), max_length=LONGEST_NAME,
        help_text=gettext_lazy("By this name it is chosen, such as that of the authority it goes to."),
    )  # fmt: skip
    field_order = ("name", "file")


class ColumnsForm(HouseForm):
    """For each column of the form the word that goes in, and the last row of its table."""

    last = forms.IntegerField(label=gettext_lazy("The table reaches to row"), min_value=1, max_value=1_000_000)

    def __init__(self, proposal: Proposal, vocabulary: Vocabulary, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        table = proposal.table
        self.fields["last"].initial = table.last
        choices = [("", _("stays empty")), *((one.name, one.name) for one in vocabulary.columns)]
        self.letters = [column_letters(header.column) for header in proposal.headers]
        for column, header in zip(self.letters, proposal.headers, strict=True):
            self.fields[f"column-{column}"] = forms.ChoiceField(
                choices=choices, required=False, label=f"{column} {header.text}", initial=table.columns.get(column, "")
            )

    def columns(self) -> dict[str, str]:
        """Letters of a column -> the word that goes in; "" for none."""
        return {column: self.cleaned_data[f"column-{column}"] for column in self.letters}
