"""A look at the next character makes a pattern quick and leaves what it finds as it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.directives.patterns import begun, by_first, first_characters, last_characters, openings

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


@given(st.text(alphabet="甲乙丙局上半年一结面县委,", max_size=30))
def test_the_same_is_found_where_alternatives_are_sorted(text):
    plain = ALTERNATIVES.replace("?P<who>", "?:")
    spans = [match.span() for match in re.finditer(plain, text)]
    assert [match.span() for match in re.finditer(by_first(plain), text)] == spans


def test_what_begins_alike_stands_together_in_its_order():
    assert by_first("[甲乙]局|乙年|(?:甲|丙?丁)委|2{1,3}") == (
        "(?:甲(?:局|委)|乙(?:局|年)|丙(?:丁委)|丁(?:委)|2(?:2{0,2}))"
    )


@pytest.mark.parametrize(
    "alternatives", ["甲+乙", "甲{2,}?乙", "[一-鿿]局", "(?P<who>甲)", r"\d甲", "甲{0,2}乙", "(?!甲)乙"]
)
def test_what_cannot_be_sorted_is_refused(alternatives):
    with pytest.raises(ValueError, match="begins with"):
        by_first(alternatives)


def test_openings_and_ends():
    assert openings("[甲乙]局|上?半年|[0-2]月") == frozenset("甲乙上半012")
    assert last_characters("街道办?|(?:乡|[县市])长(?!期)|村(?<![新农]村)|位+") == frozenset("道办长村位")
    with pytest.raises(ValueError, match="ends with nothing certain"):
        last_characters("甲|乙?")
