"""What is typed of a unit's yearly figures, and the self-assessment line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.core.fields import PickField, ReasonField
from chuangwen.honors.forms.fields import ActForm, line_field, papers_field
from chuangwen.honors.queries.assessing import Line
from chuangwen.honors.services.assessing import REPORT, Clash, LineTold
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today


class YearlyForm(ActForm):
    unit = PickField(Unit.objects.none(), source="units", label=gettext_lazy("Unit"))
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2099)
    staff = forms.IntegerField(
        label=gettext_lazy("Staff"), min_value=1, max_value=1_000_000,
        help_text=gettext_lazy("Staff in post on the day of the paper; the share is divided by it."),
    )  # fmt: skip
    volunteers = forms.IntegerField(
        label=gettext_lazy("Registered volunteers"), min_value=0, max_value=1_000_000,
        help_text=gettext_lazy("Of this staff, each once."),
    )  # fmt: skip
    hours = forms.DecimalField(
        label=gettext_lazy("Volunteer hours"), min_value=0, max_value=99_999_999, max_digits=10, decimal_places=1,
        required=False, help_text=gettext_lazy("Of the year so far, all volunteers together; empty: none."),
    )  # fmt: skip
    households = forms.IntegerField(
        label=gettext_lazy("Households"), min_value=1, max_value=1_000_000, required=False,
        help_text=gettext_lazy("Of a village or community; other units leave it empty."),
    )  # fmt: skip
    source = line_field(
        gettext_lazy("Which papers"), most=200,
        help_text=gettext_lazy("The register that the numbers are from, with its day."),
    )  # fmt: skip
    papers = papers_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_today(self.obj).filter(depth__gt=1).exclude(kind="office")  # type: ignore[attr-defined]

    def clean_hours(self) -> Decimal:
        return self.cleaned_data["hours"] or Decimal(0)


def seen_field(revision: int) -> forms.IntegerField:
    """The revision that the person saw when the page was made."""
    return forms.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, initial=revision, widget=forms.HiddenInput
    )


def short(value: Decimal | None) -> str:
    """3 for 3.00: as people write it."""
    return "" if value is None else f"{value.normalize():f}"


class AssessForm(ActForm):
    """The self-assessment: points and basis for each line of the standard, then the unit's own words."""

    self_report = ReasonField(
        gettext_lazy("What the unit has done"), required=False, rows=8,
        help_text=gettext_lazy("A page will do: what was done, what came of it, what is still weak."),
    )  # fmt: skip
    papers = papers_field(gettext_lazy("Papers of the application"))

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for number, line in enumerate(lines):
            name = f"{line.asked.code} {line.asked.title}"
            self.fields[f"points_{number}"] = forms.DecimalField(
                label=_("Points claimed for %s") % name, required=False, min_value=0, max_value=line.asked.most,
                max_digits=6, decimal_places=2, initial=short(line.points),
                widget=forms.TextInput({"inputmode": "decimal", "class": "cw-input", "size": 5}),
            )  # fmt: skip
            self.fields[f"basis_{number}"] = line_field(
                _("Basis of %s") % name, most=200, required=False, initial=line.basis
            )
            self.fields[f"seen_{number}"] = seen_field(line.revision)
        self.fields["seen_report"] = seen_field(self.obj.revision)

    def paper_fields(self) -> list[Any]:
        return [self["papers"]]

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its two fields, and the section that begins with it."""
        found, section = [], None
        for number, line in enumerate(self.lines):
            begins = line.asked.section or {"bonus": _("Bonus"), "penalty": _("Taken off")}[line.asked.kind]
            found.append(
                {
                    "line": line, "points": self[f"points_{number}"], "basis": self[f"basis_{number}"],
                    "seen": self[f"seen_{number}"], "number": number,
                    "section": begins if begins != section else "",
                }
            )  # fmt: skip
            section = begins
        return found

    def answers(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "self_report": str(data["self_report"] or ""), "papers": data["papers"], "lines": self.told(),
            "seen": self.seen(),
        }  # fmt: skip

    def told(self) -> dict[str, LineTold]:
        """What was typed, by the code of each line that was sent in order."""
        return {
            line.asked.code: LineTold(self.cleaned_data[f"points_{number}"], self.cleaned_data[f"basis_{number}"])
            for number, line in enumerate(self.lines)
            if not {f"points_{number}", f"basis_{number}"} & set(self.errors)
            and (f"points_{number}" in self.data or f"basis_{number}" in self.data)
        }

    def seen(self) -> dict[str, int]:
        """The revision of each line that the person saw, as far as the page sent it."""
        names = {line.asked.code: f"seen_{number}" for number, line in enumerate(self.lines)}
        found = {code: self.cleaned_data.get(name) for code, name in (names | {REPORT: "seen_report"}).items()}
        return {code: revision for code, revision in found.items() if revision is not None}

    def clashed(self, clashes: Mapping[str, Clash]) -> None:
        """Mark the lines that another person wrote; what was typed stays and is kept when it is sent once more."""
        data = self.data.copy()  # type: ignore[attr-defined]
        for number, code in [*enumerate(line.asked.code for line in self.lines), (REPORT, REPORT)]:
            if clash := clashes.get(code):
                data[f"seen_{number}"] = str(clash.revision)
                self.add_error("self_report" if code == REPORT else f"points_{number}", clash.words)
        self.data = data
