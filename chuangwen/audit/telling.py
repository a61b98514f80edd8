"""Tells what an entry's data holds, as far as it is for people; the data itself stands below it unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.audit.models import Entry
from chuangwen.audit.wording import data_word
from chuangwen.core.templatetags.wording import day, moment

LONGEST_LIST = 12  # a longer one is read in the data itself


def told(entry: Entry) -> Iterator[tuple[str, str]]:
    """(what, value) in words: the step of a state first, then every known key that holds something plain."""
    data = dict(entry.data)
    if "source" in data and "target" in data:
        source, target = data.pop("source"), data.pop("target")
        yield pgettext("audit data", "State"), f"{_choice(entry, 'state', source)} → {_choice(entry, 'state', target)}"
    for key, value in data.items():
        words, name = _words(entry, key, value), data_word(key)
        if words and name:
            yield name, words


def _words(entry: Entry, key: str, value: Any) -> str:
    """A plain value as people write it; empty for nothing, for what is nested and for long lists."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        plain = len(value) <= LONGEST_LIST and all(isinstance(one, str) for one in value)
        return "、".join(value) if plain else ""
    if isinstance(value, dict) or value is None:
        return ""
    return _time(str(value)) or _choice(entry, key, str(value))


def _time(value: str) -> str:
    """A day or moment of the data as the site writes it; empty for any other text."""
    try:
        return str(moment(datetime.fromisoformat(value)) if "T" in value else day(date.fromisoformat(value)))
    except ValueError:
        return ""


def _choice(entry: Entry, field: str, value: str) -> str:
    """The value by the words of the object's own field of that name, if it has such words."""
    try:
        choices = apps.get_model(entry.object_type)._meta.get_field(field).flatchoices
    except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
        return value
    return str(dict(choices).get(value, value))
