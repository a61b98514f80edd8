"""Finds the mark of a secrecy grade (密级) on a paper: such a paper is refused, since this program keeps no secrets.

Pure. Official papers carry the grade at the top left, alone on its line or with a star and a term: 机密★1年
(GB/T 9704-2012, 7.2.2). Words such as 保守秘密 in a sentence are no mark.
"""

from __future__ import annotations

import re
import unicodedata

HEAD = 1200  # characters of a paper that are looked at: the mark stands on its first page
_GRADE = "绝密|机密|秘密"
_STARRED = re.compile(rf"({_GRADE})[★☆*＊]")
_ALONE = re.compile(rf"^(?:密级[:：])?[\[【(（〔]?({_GRADE})[\]】)）〕]?$")
_NAMED = re.compile(rf"密级[:：]({_GRADE})")
_BRACKETED = re.compile(rf"[\[【(（〔]({_GRADE})[\]】)）〕]")


def grade_of(text: str, *, title: bool = False) -> str:
    """The grade that a paper is marked with, "" for none; with `title`, also one in brackets beside the words."""
    head = text[:HEAD]
    for line in head.splitlines():
        squeezed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", line).replace("*", "★"))
        for mark in (_STARRED, _ALONE, _NAMED, *((_BRACKETED,) if title else ())):
            if found := mark.search(squeezed):
                return found[1]
    return ""
