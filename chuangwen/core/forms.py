"""The base of every form: what no field of this program takes, whatever it asks for.

Control characters and marks that turn the direction of text come from broken copies or from somebody who wants a
name to look like another; a day in the year 1 or 9999 is a slip of the finger that overflows calendars. Both are
refused here, beside the field, so that no form needs to think of it. Imports clean and refuse the same
(workbooks/misfits.py, workbooks/dates.py).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from chuangwen.core.workbooks.dates import FIRST_YEAR, LAST_YEAR

# C0, DEL and C1 controls; embeddings, overrides and isolates of direction (Unicode, UAX 9)
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_ODD_IN_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_YEAR = re.compile(r"\s*(\d{1,6})-\d{1,2}-\d{1,2}")

M = TypeVar("M", bound=Model)


def plain_line(text: str) -> None:
    """ValidationError where one line of text holds a control character."""
    _refuse_odd(_ODD, text)


def plain_lines(text: str) -> None:
    """As `plain_line`, for text of several lines, where line ends and tabs stay."""
    _refuse_odd(_ODD_IN_LINES, text)


def near_day(day: date) -> None:
    """ValidationError for a day or moment that no campaign can mean."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(_far_words(), code="far")


class _Sound:
    """Gives every field of a form the validators of its kind, also those that a form adds when it is made."""

    fields: dict[str, forms.Field]
    _errors: Any

    def full_clean(self) -> None:
        for field in self.fields.values():
            guard = _guard_of(field)
            if guard and guard not in field.validators:
                field.validators.append(guard)
        super().full_clean()  # type: ignore[misc]
        for name in list(self._errors or ()):
            if isinstance(self.fields.get(name), forms.DateField | forms.DateTimeField) and _is_far(self[name].data):  # type: ignore[index]
                self._errors[name] = self.error_class([_far_words()])  # type: ignore[attr-defined]


class HouseForm(_Sound, forms.Form):
    """A form of the house."""


class HouseModelForm(_Sound, forms.ModelForm[M]):
    """A model form of the house."""


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


def _refuse_odd(pattern: re.Pattern[str], text: str) -> None:
    if found := pattern.search(text):
        words = _("A character that cannot be seen stands after “%(before)s”. Delete it and type the text again.")
        raise ValidationError(words % {"before": text[max(0, found.start() - 6) : found.start()]}, code="odd")


def _far_words() -> str:
    return _("The year cannot be right. Choose a day between %(first)s and %(last)s.") % {
        "first": FIRST_YEAR,
        "last": LAST_YEAR,
    }
