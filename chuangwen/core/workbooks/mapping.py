"""Which column of a workbook holds which field: suggested, corrected by a person, kept for next time.

A mapping is plain data with a signature of the headers it was made for, so that the same workbook next
month is recognised and nothing is asked twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from chuangwen.core.workbooks.likeness import likeness, pairs, plain

_BRACKETS = re.compile(r"\([^()]*\)")
LIKE_ENOUGH = 0.5  # below this a likeness of 2-grams proposes nothing

Kind = Literal["text", "code", "integer", "decimal", "date", "coordinates", "phone", "choice", "name", "yes_no"]
Reason = Literal["remembered", "exact", "alias", "part", "alike", "chosen", "none"]
_TRUST: tuple[Reason, ...] = ("exact", "alias", "part", "alike")  # which proposal takes a column first


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a `choice` field accepts: its label and other words that offices use for it."""

    value: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """What an import asks for. `label` and `aliases` are the words of headers, Chinese as a rule.

    `many`: a cell may hold several values ("城管局、各街道"); the value is then a tuple. `unique`: no two
    rows may have the same value. `noun` and `noun_en` say what a `name` field names (单位, unit).
    `minimum` and `maximum` bound integer and decimal; `max_length` bounds text and code.
    """

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    kind: Kind = "text"
    many: bool = False
    help: str = ""
    label_en: str = ""
    unique: bool = False
    options: tuple[Option, ...] = ()
    noun: str = "名称"
    noun_en: str = "name"
    minimum: float | None = None
    maximum: float | None = None
    max_length: int = 2_000


@dataclass(frozen=True, slots=True)
class Match:
    """The column of one field: its place in the list of headers, or None; why; and how alike (0..1)."""

    field: str
    column: int | None
    reason: Reason
    likeness: float = 0.0


@dataclass(frozen=True, slots=True)
class Mapping:
    """A column or none for each field, for headers with this signature."""

    signature: str
    headers: tuple[str, ...]
    matches: tuple[Match, ...]

    def column_of(self, key: str) -> int | None:
        """The place in `headers` that holds a field; None where no column does."""
        return next((match.column for match in self.matches if match.field == key), None)

    def choose(self, key: str, column: int | None) -> Mapping:
        """The mapping after a person gave a field a column (or none); the column leaves its former field.

        Raises ValueError for a field or column that is not there.
        """
        if all(match.field != key for match in self.matches):
            raise ValueError(f"no field {key!r}")
        if column is not None and not 0 <= column < len(self.headers):
            raise ValueError(f"no column {column}")
        return replace(self, matches=tuple(_chosen(match, key, column) for match in self.matches))

    def missing(self, fields: Iterable[Field]) -> tuple[Field, ...]:
        """The required fields that have no column."""
        return tuple(field for field in fields if field.required and self.column_of(field.key) is None)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, texts and numbers."""
        matches = [[match.field, match.column, match.reason, match.likeness] for match in self.matches]
        return {"signature": self.signature, "headers": list(self.headers), "matches": matches}

    @classmethod
    def from_json(cls, kept: Any) -> Mapping:
        """The inverse of `to_json`. Raises ValueError for what `to_json` cannot have made."""
        try:
            headers = tuple(str(header) for header in kept["headers"])
            matches = tuple(_match_from(entry, len(headers)) for entry in kept["matches"])
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError("not a kept mapping") from error
        return cls(header_signature(headers), headers, matches)


def _match_from(entry: Any, columns: int) -> Match:
    if not isinstance(entry, list) or len(entry) != 4:
        raise ValueError("not a kept match")
    field, column, reason, alike = entry
    within = column is None or (type(column) is int and 0 <= column < columns)
    if not (isinstance(field, str) and within and reason in get_args(Reason) and isinstance(alike, int | float)):
        raise ValueError("not a kept match")
    return Match(field, column, reason, float(alike))


def _chosen(match: Match, key: str, column: int | None) -> Match:
    if match.field == key:
        return Match(key, column, "chosen", 1.0)
    if column is not None and match.column == column:
        return Match(match.field, None, "none")
    return match


def header_signature(headers: Iterable[str]) -> str:
    """What recognises the same headers again, whatever their blanks, width, case and required marks."""
    joined = "\n".join(plain(header) for header in headers)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def suggest_mapping(headers: Sequence[str], fields: Sequence[Field], remembered: Mapping | None = None) -> Mapping:
    """A column for each field that has one, each column used once, with the reason.

    First what was remembered (all of it for headers with the same signature, else by the header's text
    where that is unambiguous), then equal labels, aliases, part of a header (one level of two, or all but
    a remark in brackets), and likeness.
    """
    taken: dict[str, Match] = {}
    signature = header_signature(headers)
    free = set(range(len(headers)))
    if remembered is not None:
        for match in _recalled(headers, signature, fields, remembered):
            taken[match.field] = match
            free.discard(-1 if match.column is None else match.column)
    order = {field.key: place for place, field in enumerate(fields)}
    proposals = [match for field in fields if field.key not in taken for match in _proposals(field, headers)]
    proposals.sort(key=lambda m: (_TRUST.index(m.reason), -m.likeness, order[m.field], m.column))
    for match in proposals:
        if match.field not in taken and match.column in free:
            taken[match.field] = match
            free.discard(match.column)
    matches = tuple(taken.get(field.key, Match(field.key, None, "none")) for field in fields)
    return Mapping(signature, tuple(headers), matches)


def _recalled(headers: Sequence[str], signature: str, fields: Sequence[Field], remembered: Mapping) -> Iterable[Match]:
    places: dict[str, list[int]] = {}
    for place, header in enumerate(headers):
        places.setdefault(plain(header), []).append(place)
    same = signature == remembered.signature and len(headers) == len(remembered.headers)
    used: set[int] = set()
    for field in fields:
        if all(match.field != field.key for match in remembered.matches):
            continue  # a field that is newer than what was kept
        column = remembered.column_of(field.key)
        if column is None:
            if same:
                yield Match(field.key, None, "remembered", 1.0)
            continue
        found = [column] if same else places.get(plain(remembered.headers[column]), [])
        if len(found) == 1 and found[0] not in used:
            used.add(found[0])
            yield Match(field.key, found[0], "remembered", 1.0)


def _proposals(field: Field, headers: Sequence[str]) -> Iterable[Match]:
    label = plain(field.label)
    names = {plain(name) for name in (*field.aliases, field.label_en, field.key)} - {"", label}
    wanted = {label} | names
    grams = [pairs(name) for name in sorted(wanted)]
    for column, header in enumerate(headers):
        whole = plain(header)
        if not whole:
            continue
        levels = [plain(level) for level in header.split("/")]
        bare = [_BRACKETS.sub("", level) for level in levels]  # 联系电话(手机) is 联系电话
        if whole == label:
            yield Match(field.key, column, "exact", 1.0)
        elif whole in names:
            yield Match(field.key, column, "alias", 0.95)
        elif wanted & {levels[-1], bare[-1]}:
            yield Match(field.key, column, "part", 0.9)
        elif wanted & {*levels, *bare}:
            yield Match(field.key, column, "part", 0.8)
        else:
            alike = max(likeness(pairs(level), gram) for level in (whole, *levels) for gram in grams)
            if alike >= LIKE_ENOUGH:
                yield Match(field.key, column, "alike", round(alike, 3))
