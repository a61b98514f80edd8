"""Public randomness as one text that any two witnesses write alike.

The form is that of RFC 3797, section 4: whole numbers in decimal without leading zeros, each followed
by a full stop; every source closed by a slash. Dice keep the order in which they fell; the numbers of
a lottery are a set and are sorted. Example: the dice 2 2 6 4 give "2.2.6.4./"; a lottery 12 5 2 10 8
gives "2.5.8.10.12./"; both together "2.2.6.4./2.5.8.10.12./".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from chuangwen.inspections.sampling.errors import SamplingError
from chuangwen.inspections.sampling.pool import text_fault

SEPARATORS = re.compile(r"[\s,.;、。·-]+")
MAX_NUMBER_DIGITS = 18  # a stock index in hundredths or a share turnover fits; a typing slip does not


def read_numbers(text: str) -> tuple[int, ...]:
    """Numbers as typed by a person: any usual separator, full-width digits too.

    Raises `SamplingError` for anything that is not a whole number, and for no number at all.
    """
    parts = [part for part in SEPARATORS.split(unicodedata.normalize("NFKC", text)) if part]
    for part in parts:
        if not re.fullmatch(rf"[0-9]{{1,{MAX_NUMBER_DIGITS}}}", part):
            raise SamplingError("“{part}” is not a whole number; write the numbers with spaces between them", part=part)
    if not parts:
        raise SamplingError("there is no number; write the numbers with spaces between them")
    return tuple(int(part) for part in parts)


def dice_text(throws: str | Sequence[int], *, faces: int = 6) -> str:
    """The canonical text of dice in the order thrown: "2.2.6.4./".

    `throws` is a sequence of numbers, or text as typed. For dice with at most nine faces digits
    without separators are throws too: "2264". Raises where a number is not on the die.
    """
    if isinstance(throws, str):
        spaced = " ".join(throws) if faces <= 9 else throws
        throws = read_numbers(spaced)
    for throw in throws:
        if not 1 <= throw <= faces:
            raise SamplingError(
                "{throw} is not on a die with {faces} faces; look at the dice again", throw=throw, faces=faces
            )
    return _source_text(throws)


def lottery_text(numbers: str | Sequence[int], *, bonus: str | Sequence[int] = ()) -> str:
    """The canonical text of a lottery: its numbers ascending, then the bonus numbers apart.

    "2.5.8.10.12./" or, with the bonus numbers 7 and 3, "2.5.8.10.12./3.7./". A lottery draws without
    putting back, so a number that occurs twice among its kind is refused.
    """
    return "".join(_source_text(_drawn_set(part)) for part in (numbers, bonus) if part)


def index_text(value: str) -> str:
    """The canonical text of a stock index as published, without its point: "3,312.46" is "331246./"."""
    digits = re.sub(r"[\s,.，。]", "", unicodedata.normalize("NFKC", value))
    return _source_text(read_numbers(digits))


def check_randomness(text: str) -> str:
    """`text` itself where it can be the randomness of a draw; raises where two people could write it
    in two ways (spaces at the ends, another normal form, invisible characters) or where it is empty."""
    fault = text_fault(text) if text else "it is empty"
    if fault:
        raise SamplingError(
            "the randomness “{text}” cannot be used: {fault}; write it as it was announced",
            text=text,
            fault=fault,
        )
    return text


def _drawn_set(numbers: str | Sequence[int]) -> list[int]:
    drawn = sorted(read_numbers(numbers) if isinstance(numbers, str) else numbers)
    for number, following in pairwise(drawn):
        if number == following:
            raise SamplingError("the lottery number {number} occurs twice; look again", number=number)
    return drawn


def _source_text(numbers: Sequence[int]) -> str:
    if not numbers or any(number < 0 for number in numbers):
        raise SamplingError("a source of randomness needs whole numbers from 0 on")
    return "".join(f"{number}." for number in numbers) + "/"
