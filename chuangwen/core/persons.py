"""Finds in words what names a person or leads to one: what everybody may read holds none of it.

Pure: the caller knows the names. It finds what is written out; a person still reads the whole before it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")  # GB 11643: seventeen digits and a check character
MASK = "＊＊＊"


def traces_of(texts: Iterable[str], names: Collection[str]) -> list[str]:
    """The names, mobile numbers and identity numbers that stand in `texts`, each once, in order of the alphabet."""
    whole = "\n".join(texts)
    found = {name for name in names if len(name) > 1 and name in whole}
    found.update(MOBILE.findall(whole), IDENTITY.findall(whole))
    return sorted(found)


def masked(text: str, names: Collection[str]) -> str:
    """`text` with every trace covered; the longest first, so that no part of a name is left."""
    for trace in sorted(traces_of([text], names), key=len, reverse=True):
        text = text.replace(trace, MASK)
    return text
