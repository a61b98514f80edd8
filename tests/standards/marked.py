"""Small standard files for tests; a line that ends in `#! code` must give just that fault.

What is said of each stands in fault_words.txt: under the name of a case every fault with its place, in both languages.
A sentence that is changed in messages.py is changed there too.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from chuangwen.standards.fileformat import FaultyStandard, read_standard
from chuangwen.standards.fileformat.faults import Fault

HEAD = """\
urn: urn:chuangwen:standard:test
version: "1"
title: 测试
subject: city
"""
LEAF = """\
nodes:
  - {code: "1", title: 一, points: 4}
"""


def faults_of(content: str | bytes, name: str = "standard.yaml") -> list[Fault]:
    """The faults for which the file is refused."""
    with pytest.raises(FaultyStandard) as refused:
        read_standard(content.encode() if isinstance(content, str) else content, name)
    return refused.value.faults


def found(content: str | bytes, name: str = "standard.yaml") -> list[tuple[str, str]]:
    """The (code, place) of all faults, in order."""
    return [(fault.code, fault.place) for fault in faults_of(content, name)]


@cache
def fault_words() -> dict[str, list[str]]:
    """The words of every case, by the case's name."""
    sections = (
        (Path(__file__).parent / "fault_words.txt").read_text(encoding="utf-8").removeprefix("# ").split("\n\n# ")
    )
    return {lines[0]: lines[1:] for lines in (section.rstrip("\n").split("\n") for section in sections)}


def worded(faults: list[Fault]) -> list[str]:
    """The faults as fault_words.txt has them."""
    return [f"{fault.place}: {words}" for fault in faults for words in (fault.message, fault.message_zh)]


def marked(text: str) -> list[tuple[str, str]]:
    """The (code, place) that the marks in `text` ask for."""
    return [
        (code, f"line {number}")
        for number, line in enumerate(text.split("\n"), 1)
        for mark in re.findall(r"#! (.+)$", line)
        for code in mark.split()
    ]
