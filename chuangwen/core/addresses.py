"""Addresses of pages, remembered: a list asks for hundreds of them, and none changes while the program runs.

And what an address names: the key of a row.
"""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse

LONGEST_KEY = 18  # a key has fewer figures; so long a number can still be multiplied by the rows of a page


def address(name: str, *args: str | int) -> str:
    """`reverse(name, args=args)`, a tenth as dear when asked again."""
    return _address(get_script_prefix(), name, args)


def asked_key(text: str) -> int | None:
    """The key of a row as an address or a form names it; None for what no row can have."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_KEY else None


@lru_cache(maxsize=20_000)
def _address(_prefix: str, name: str, args: tuple[str | int, ...]) -> str:
    return reverse(name, args=args)
