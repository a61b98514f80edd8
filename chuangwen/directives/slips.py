"""The reply slip (回执) of a letter: a few fields that the office chooses for it, and what a unit wrote there. Pure.

A slip is kept as data (`as_data`), so that what was asked stays readable with the letter. Keys are a1 … a8 in the
order of the slip; what a unit answers is kept under them as text, a day as its ISO form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

TEXT, NUMBER, CHOICE, DAY = "text", "number", "choice", "date"
MOST_FIELDS: Final = 8
MOST_CHOICES: Final = 8
LONGEST_LABEL: Final = 30
LONGEST_CHOICE: Final = 20
LONGEST_TEXT: Final = 200
LARGEST_NUMBER: Final = 9_999_999
_BETWEEN = re.compile(r"[、,，/；;|\s]+")
_MEETING = re.compile(r"会议|大会|例会|培训|座谈|参会|观摩|推进会|现场会")
_BRACKETS = str.maketrans({"[": "〔", "]": "〕", "（": "〔", "）": "〕", "(": "〔", ")": "〕", "【": "〔", "】": "〕"})
_WHOLE = re.compile(r"\d{1,7}")


class SlipError(ValueError):
    """A slip or an answer that cannot be taken; `code` says why, `label` which field."""

    def __init__(self, code: str, label: str = "") -> None:
        super().__init__(code)
        self.code, self.label = code, label


@dataclass(frozen=True, slots=True)
class SlipField:
    """One field: its label, kind and, for a choice, what may be chosen."""

    label: str
    kind: str = TEXT
    choices: tuple[str, ...] = ()


def sound_fields(fields: Iterable[SlipField]) -> list[SlipField]:
    """The fields with their labels cleaned. Raises SlipError: many, kind, label, double, choices."""
    found: list[SlipField] = []
    for one in fields:
        label = " ".join(one.label.split())
        if not label:
            continue
        if len(label) > LONGEST_LABEL:
            raise SlipError("label", label)
        if one.kind not in {TEXT, NUMBER, CHOICE, DAY}:
            raise SlipError("kind", label)
        if label in {before.label for before in found}:
            raise SlipError("double", label)
        choices = tuple(dict.fromkeys(part.strip() for part in one.choices if part.strip()))
        if one.kind == CHOICE and not _fit(choices):
            raise SlipError("choices", label)
        found.append(SlipField(label, one.kind, choices if one.kind == CHOICE else ()))
    if len(found) > MOST_FIELDS:
        raise SlipError("many")
    return found


def _fit(choices: Sequence[str]) -> bool:
    return 2 <= len(choices) <= MOST_CHOICES and all(len(one) <= LONGEST_CHOICE for one in choices)


def choices_of(text: str) -> tuple[str, ...]:
    """是、否 as it is typed."""
    return tuple(part for part in _BETWEEN.split(text.strip()) if part)


def as_data(fields: Sequence[SlipField]) -> list[dict[str, Any]]:
    """The fields as the letter keeps them."""
    return [
        {"key": f"a{number}", "label": one.label, "kind": one.kind, "choices": list(one.choices)}
        for number, one in enumerate(fields, 1)
    ]


def fields_of(data: Iterable[Mapping[str, Any]]) -> list[tuple[str, SlipField]]:
    """(key, field) of what a letter keeps."""
    return [(str(one["key"]), SlipField(one["label"], one["kind"], tuple(one["choices"]))) for one in data]


def sound_values(data: Iterable[Mapping[str, Any]], given: Mapping[str, Any]) -> dict[str, str]:
    """What a unit answers, as it is kept. Raises SlipError: missing, long, number, choice, day."""
    kept: dict[str, str] = {}
    for key, one in fields_of(data):
        value = given.get(key)
        text = value.isoformat() if isinstance(value, date) else str("" if value is None else value).strip()
        if not text:
            raise SlipError("missing", one.label)
        _check(one, text)
        kept[key] = text
    return kept


def _check(one: SlipField, text: str) -> None:
    if one.kind == NUMBER and not _WHOLE.fullmatch(text):
        raise SlipError("number", one.label)
    if one.kind == CHOICE and text not in one.choices:
        raise SlipError("choice", one.label)
    if one.kind == DAY and not _is_day(text):
        raise SlipError("day", one.label)
    if len(text) > LONGEST_TEXT:
        raise SlipError("long", one.label)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def shown(one: SlipField, text: str) -> str:
    """An answer as people read it: a day as 11月20日."""
    if one.kind == DAY and _is_day(text):
        day = date.fromisoformat(text)
        return f"{day.month}月{day.day}日"
    return text


def answer_words(data: Iterable[Mapping[str, Any]], values: Mapping[str, str]) -> str:
    """A filled-in slip in one line."""
    told = [f"{one.label}：{shown(one, values[key])}" for key, one in fields_of(data) if values.get(key)]
    return "；".join(told)


def totals(data: Iterable[Mapping[str, Any]], rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The last row of the table of replies: the sum of a number, how often each choice was made."""
    found: dict[str, str] = {}
    for key, one in fields_of(data):
        values = [row[key] for row in rows if row.get(key)]
        if one.kind == NUMBER and values:
            found[key] = str(sum(int(value) for value in values))
        elif one.kind == CHOICE and values:
            found[key] = "，".join(f"{choice} {values.count(choice)}" for choice in one.choices if choice in values)
    return found


def usual_fields(title: str) -> list[SlipField]:
    """What a slip for this letter usually asks (customary: 参会回执); empty where a few words are enough."""
    if not _MEETING.search(title):
        return []
    return [
        SlipField("是否参加", CHOICE, ("参加", "请假")),
        SlipField("参会人员姓名、职务"),
        SlipField("人数", NUMBER),
    ]


def folded(text: str) -> str:
    """A sender or a letter's number as it is compared: 文明办〔2026〕3号 however the brackets were typed."""
    return "".join(text.translate(_BRACKETS).split()).lower()[:160]
