"""The base of every form: what no field of this program takes, whatever it asks for.

Control characters and far days (soundness.py) are refused here, beside the field, so that no form needs to think
of it.
"""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Model
from django.utils.translation import gettext as _

from chuangwen.core.errors import Refusal
from chuangwen.core.soundness import is_near, odd_words
from chuangwen.core.sources import sourced
from chuangwen.core.workbooks.dates import FIRST_YEAR, LAST_YEAR

_YEAR = re.compile(r"\s*(\d{1,6})-\d{1,2}-\d{1,2}")

M = TypeVar("M", bound=Model)


class Sourced:
    """For a form with a `SourceField` called source: what is written keeps or gets its label."""

    cleaned_data: dict[str, Any]
    initial: Any

    def clean_source(self) -> str:
        return sourced(self.cleaned_data["source"], self.initial.get("source", ""))


def plain_line(text: str) -> None:
    """ValidationError where one line of text holds a control character."""
    _refuse_odd(odd_words(text))


def plain_lines(text: str) -> None:
    """As `plain_line`, for text of several lines, where line ends and tabs stay."""
    _refuse_odd(odd_words(text, lines=True))


def near_day(day: date) -> None:
    """ValidationError for a day or moment that no campaign can mean."""
    if not is_near(day):
        raise ValidationError(_far_words(), code="far")


class _Sound:
    """Gives every field of a form the validators of its kind, also those that a form adds when it is made."""

    fields: dict[str, forms.Field]
    _errors: Any

    def full_clean(self) -> None:
        for field in self.fields.values():
            guard = _guard_of(field)
            if guard and guard not in field.validators:
                others = [one for one in field.validators if not isinstance(one, ProhibitNullCharactersValidator)]
                field.validators = [*others, guard]  # the guard refuses them too, and says where they stand
        super().full_clean()  # type: ignore[misc]
        for name in list(self._errors or ()):
            if isinstance(self.fields.get(name), forms.DateField | forms.DateTimeField) and _is_far(self[name].data):  # type: ignore[index]
                self._errors[name] = self.error_class([_far_words()])  # type: ignore[attr-defined]

    def refuse(self, refusal: Refusal) -> None:
        """Say above the fields why a service did not take what was typed."""
        self.add_error(None, str(refusal))  # type: ignore[attr-defined]


class HouseForm(_Sound, forms.Form):
    """A form of the house."""


class HouseModelForm(_Sound, forms.ModelForm[M]):
    """A model form of the house."""


class OfRow:
    """For a form that changes a known row: what somebody else saved meanwhile is not written over unseen.

    `watch(row)` puts the row's `updated_at` on the page. A page that is older comes back once with what was typed and
    with what stands there now; saved again, it holds.
    """

    fields: dict[str, forms.Field]
    stamp = ""

    def watch(self, row: Any, *texts: str) -> None:
        """With `texts`, those of its fields that are asked for here: other steps of the row do not count."""
        self.stamp = sha256("\n".join(texts).encode()).hexdigest()[:16] if texts else row.updated_at.isoformat()
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=self.stamp)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        if data.pop("seen", "") not in {"", self.stamp}:
            self.data = self.data.copy()  # type: ignore[has-type]
            self.data["seen"] = self.stamp
            words = _("Somebody else changed this meanwhile. What stands there now: %s.") % self._now()
            self.add_error(None, str(Refusal(words, _("Compare, then save again."))))  # type: ignore[attr-defined]
        return data

    def _now(self) -> str:
        """The fields in which what stands there differs from what was typed."""
        found = []
        for name, field in self.fields.items():
            stands = self.get_initial_for_field(field, name)  # type: ignore[attr-defined]
            if name != "seen" and field.has_changed(stands, self[name].data):  # type: ignore[index]
                found.append(f"{field.label} {_said(field, stands)}")
        return _(", ").join(found) or _("the same")


def _said(field: forms.Field, value: Any) -> str:
    """A value as the person reads it beside the field; one that is looked up tells its own name."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ChoiceField) and not hasattr(field, "queryset"):
        value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
    shown = field.prepare_value(value)
    return "—" if shown in (None, "") else str(shown)


def _guard_of(field: forms.Field) -> Any:
    if isinstance(field, forms.DateField | forms.DateTimeField):
        return near_day
    if isinstance(field, forms.CharField):
        return plain_lines if isinstance(field.widget, forms.Textarea) else plain_line
    return None


def _is_far(raw: Any) -> bool:
    """Whether a typed day has a year outside; such a moment may not even be one in a time zone."""
    found = _YEAR.match(str(raw or ""))
    return bool(found) and not FIRST_YEAR <= int(found[1]) <= LAST_YEAR  # type: ignore[index]


def _refuse_odd(words: str) -> None:
    if words:
        raise ValidationError(words, code="odd")


def _far_words() -> str:
    return _("The year cannot be right. Choose a day between %(first)s and %(last)s.") % {
        "first": FIRST_YEAR,
        "last": LAST_YEAR,
    }
