"""A class has its look from one file: a second one of its name, written for another page, changes both unseen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from tests.rules.ladder import ROOT

STYLES = {file.name: file.read_text("utf-8") for file in sorted((ROOT / "frontend/src/css").glob("*.css"))}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"(\.[\w-]+(?:\s*,\s*\.[\w-]+)*)\s*\{")  # classes alone: what depends on its place may stand anywhere


def looks(styles: Mapping[str, str]) -> dict[str, set[str]]:
    """The files in which each class has a rule of its own, outside of @media and other blocks."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, text in styles.items():
        depth = 0
        for line in COMMENT.sub("", text).splitlines():
            if depth == 0 and (rule := RULE.match(line)):
                for one in re.findall(r"[\w-]+", rule[1]):
                    found[one].add(name)
            depth += line.count("{") - line.count("}")
    return dict(found)


def test_each_class_has_its_look_from_one_file():
    found = looks(STYLES)
    assert len(found) > 300
    assert {one: files for one, files in found.items() if len(files) > 1} == {}


def test_a_second_look_would_be_found():
    styles = {
        "a.css": ".x, .y { margin: 0 }\n@media print {\n.z { top: 0 }\n}",
        "b.css": ".y { top: 0 }\n.z { top: 0 }",
    }
    assert looks(styles) == {"x": {"a.css"}, "y": {"a.css", "b.css"}, "z": {"b.css"}}
