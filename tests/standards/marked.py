"""Small standard files for tests; a line that ends in `#! code` must give just that fault."""

from __future__ import annotations

import re

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


def marked(text: str) -> list[tuple[str, str]]:
    """The (code, place) that the marks in `text` ask for."""
    return [
        (code, f"line {number}")
        for number, line in enumerate(text.split("\n"), 1)
        for mark in re.findall(r"#! (.+)$", line)
        for code in mark.split()
    ]
