"""What a map says about itself."""

from __future__ import annotations

import pytest

from chuangwen.standards.tree import Band, Map, Text


@pytest.mark.parametrize(
    ("value", "falls"),
    [
        (Map(), False),
        (Map("linear", start=0, stop=1), False),
        (Map("linear", start=1, stop=0), True),
        (Map("linear", start=1, stop=1), False),
        (Map("bands", bands=(Band(0.8, 1.0), Band(0.5, 0.5), Band(None, 0.5))), False),
        (Map("bands", bands=(Band(0.8, 0.2), Band(None, 0.5))), True),
        (Map("required", n=3), False),
        (Map("deduct", each=1), True),
    ],
)
def test_map_falls_where_a_higher_measure_may_give_less(value, falls):
    assert value.falls is falls


def test_text_is_read_in_chinese_where_there_is_any():
    assert [str(text) for text in (Text("甲", "a"), Text("", "a"), Text("甲"))] == ["甲", "a", "甲"]
