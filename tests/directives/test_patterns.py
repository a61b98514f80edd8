"""A look at the next character makes a pattern quick and leaves what it finds as it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.directives.patterns import begun, first_characters

ALTERNATIVES = "[甲乙]局|(?:丙|上?半)年|一{1,2}|局(?<!结局)(?!面)|(?P<who>县委?)"


@pytest.mark.parametrize(
    ("alternatives", "characters"),
    [
        ("开展|组织|开设", "开组"),
        ("[市县]委|街道办?", "市县街"),
        ("(?:予以|给予)[^,]{0,4}通报", "予给"),
        ("(?:今|明)?年底|[0-9]{1,2}月", "今明年0-9"),
        ("[(〔]一[)〕]|二", "(〔二"),
    ],
)
def test_first_characters(alternatives, characters):
    assert first_characters(alternatives) == characters


@pytest.mark.parametrize(
    "alternatives", ["", "甲|", ".甲", r"\d甲", "(?<!乙)甲", "甲*乙", "甲{0,2}乙", "[^甲]乙", "甲?"]
)
def test_what_begins_with_nothing_certain_is_refused(alternatives):
    with pytest.raises(ValueError, match="begins with"):
        first_characters(alternatives)


@given(st.text(alphabet="甲乙丙局上半年一结面县委,", max_size=30))
def test_the_same_is_found(text):
    plain = [match.span() for match in re.finditer(ALTERNATIVES, text)]
    assert [match.span() for match in re.finditer(begun(ALTERNATIVES), text)] == plain
