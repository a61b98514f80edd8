"""Whether a decoded JSON value has the form `chuangwen-draw/1`, before anything is computed from it.

A record comes from anywhere, so nothing is taken for granted: after this check every field can be
read without a surprise. Source: spec/draw.md, "The record".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from chuangwen.inspections.sampling.chain import HEX_BYTES
from chuangwen.inspections.sampling.errors import Difference, difference
from chuangwen.inspections.sampling.pool import text_fault
from chuangwen.inspections.sampling.record import FIELDS, FORMAT, STAGES, SUBSTITUTE_FIELDS, read_moment
from chuangwen.inspections.sampling.tickets import METHODS

SHA256_HEX = re.compile(r"[0-9a-f]{64}")


def form_differences(value: Mapping[str, object]) -> Iterator[Difference]:
    """Every way in which `value` is not of the record's form."""
    names = tuple(_name_differences("", value, FIELDS))
    yield from names
    if names:
        return
    if value["format"] != FORMAT:
        yield difference("format", "is {found}, not {format}", found=value["format"], format=FORMAT)
    if value["method"] not in METHODS:
        yield difference("method", "is {found}, neither vrs nor rfc3797", found=value["method"])
    yield from _text_differences("source", value["source"])
    yield from _text_differences("randomness", value["randomness"])
    yield from _commitment_differences(value["commitment"], value["times"])
    if not isinstance(value["code"], str) or not HEX_BYTES.fullmatch(value["code"]):
        yield difference("code", "is not hexadecimal in lower case")
    for name, wanted, fits in (
        ("quotas", "a whole number, 0 or more", _is_quota),
        ("pool", "a list of codes", _is_codes),
        ("tickets", "a list of pairs [code, proof]", _is_tickets),
        ("drawn", "a list of codes", _is_codes),
    ):
        yield from _strata_differences(name, value[name], wanted, fits)
    yield from _substitutes_differences(value["substitutes"])
    yield from _times_differences(value["times_of"], committed=value["commitment"] is not None)


def _name_differences(path: str, value: Mapping[str, object], names: tuple[str, ...]) -> Iterator[Difference]:
    for name in names:
        if name not in value:
            yield difference(path + name, "is missing")
    for name in value:
        if name not in names:
            yield difference(path + name, "does not belong to the format {format}", format=FORMAT)


def _text_differences(path: str, text: object, *, empty: bool = False) -> Iterator[Difference]:
    if not isinstance(text, str):
        yield difference(path, "is not a text")
    elif not text and not empty:
        yield difference(path, "is empty")
    elif fault := text_fault(text):
        yield difference(path, "“{text}” is not in canonical form: {fault}", text=text, fault=fault)


def _commitment_differences(commitment: object, times: object) -> Iterator[Difference]:
    if (commitment is None) != (times is None):
        yield difference("times", "and the commitment must both be given or both be null")
    if commitment is not None and not (isinstance(commitment, str) and SHA256_HEX.fullmatch(commitment)):
        yield difference("commitment", "is not a SHA-256 in hexadecimal in lower case")
    if times is not None and not (type(times) is int and times >= 1):
        yield difference("times", "is {found}, not a whole number from 1 on", found=times)


def _is_quota(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_codes(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(code, str) for code in value)


def _is_tickets(value: object) -> bool:
    return isinstance(value, list) and all(_is_codes(pair) and len(pair) == 2 for pair in value)


def _strata_differences(name: str, strata: object, wanted: str, fits: Callable[[object], bool]) -> Iterator[Difference]:
    if not isinstance(strata, dict):
        yield difference(name, "is not an object {{stratum: ...}}")
        return
    for stratum, entry in strata.items():
        yield from _text_differences(f"{name}.{stratum}", stratum, empty=True)
        if not fits(entry):
            yield difference(f"{name}.{stratum}", "is not {wanted}", wanted=wanted)
        elif name == "pool" and isinstance(entry, list):
            for code in entry:
                yield from _text_differences(f"{name}.{stratum}", code)


def _substitutes_differences(substitutes: object) -> Iterator[Difference]:
    if not isinstance(substitutes, list):
        yield difference("substitutes", "is not a list")
        return
    for number, change in enumerate(substitutes, 1):
        path = f"substitutes.{number}"
        if not isinstance(change, dict):
            yield difference(path, "is not an object")
            continue
        names = tuple(_name_differences(f"{path}.", change, SUBSTITUTE_FIELDS))
        yield from names
        if names:
            continue
        for name in SUBSTITUTE_FIELDS:
            yield from _text_differences(f"{path}.{name}", change[name], empty=name == "stratum")
        if isinstance(change["at"], str) and read_moment(change["at"]) is None:
            yield _not_a_time(f"{path}.at", change["at"])


def _times_differences(times_of: object, *, committed: bool) -> Iterator[Difference]:
    if not isinstance(times_of, dict):
        yield difference("times_of", "is not an object")
        return
    yield from _name_differences("times_of.", times_of, STAGES)
    for stage, text in times_of.items():
        if text is not None and (not isinstance(text, str) or read_moment(text) is None):
            yield _not_a_time(f"times_of.{stage}", text)
    if not committed and times_of.get("committed") is not None:
        yield difference("times_of.committed", "is given without a commitment")


def _not_a_time(path: str, text: object) -> Difference:
    return difference(path, "“{text}” is not a time like 2026-11-22T08:10:00+08:00", text=text)
