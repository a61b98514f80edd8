"""Addresses of pages, remembered: a list asks for hundreds of them, and none changes while the program runs.

And what an address names: the key of a row.
"""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse

LONGEST_KEY = 19  # figures of the largest number that a column of keys holds


def address(name: str, *args: str | int) -> str:
    """`reverse(name, args=args)`, a tenth as dear when asked again."""
    return _address(get_script_prefix(), name, args)


def asked_key(text: str) -> int | None:
    """The key of a row as an address or a form names it; None for what no row can have."""
    return int(text) if text.isdecimal() and len(text) < LONGEST_KEY else None


@lru_cache(maxsize=20_000)
def _address(_prefix: str, name: str, args: tuple[str | int, ...]) -> str:
    return reverse(name, args=args)
