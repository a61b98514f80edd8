"""Finds in a short text about a family what shall not be kept of it: numbers, addresses, birthdays. Pure.

What no pattern finds (a child's name) is left to people: the page asks for none, and the family reads the text.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME, LONGEST_DEED = 30, 200
# Telephones, identity numbers, bank cards: no year, house or document has so many digits in a row.
NUMBER = re.compile(r"\d(?: ?\d){6,}|1[3-9]\d-\d{4}-\d{4}")
BORN = re.compile(r"(?:\d{4}年\d{1,2}月(?:\d{1,2}日)?出?生)|(?:生于|出生)[^。；]{0,4}\d{4}")
DOOR = re.compile(r"\d+ ?单元|\d+ ?室|门牌|\d+号楼 ?\d+号|家住|住址")
ENDINGS = ("家庭", "之家", "一家", "户", "家")


def kept_private(text: str) -> str:
    """What of it stands in `text`: "number", "born", "address"; "" where nothing does."""
    plain = unicodedata.normalize("NFKC", text)
    for word, pattern in (("number", NUMBER), ("born", BORN), ("address", DOOR)):
        if pattern.search(plain):
            return word
    return ""


def core_of(name: str) -> str:
    """李桂兰家庭 -> 李桂兰: what gives the family away without the word that ends the plaque's name."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) > 1:
            return name.removesuffix(ending)
    return name


def names_family(text: str, name: str) -> bool:
    """Whether `text` holds the plaque's name, or what leads to it."""
    return len(name) > 1 and core_of(plain_name(name)) in plain_name(text)


def plain_name(name: str) -> str:
    """The name without blanks and in one width: the same family is found again however it is typed."""
    return "".join(unicodedata.normalize("NFKC", name).split())
