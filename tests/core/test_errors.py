"""What a refusal reads like on one line."""

from __future__ import annotations

import pytest

from chuangwen.core.errors import Refusal


@pytest.mark.parametrize(
    ("message", "way_out", "line"),
    [
        ("第12行对不上单位。", "选一个单位。", "第12行对不上单位。选一个单位。"),
        ("承诺值有3位，请重新复制", "逐字核对。", "承诺值有3位，请重新复制。逐字核对。"),
        ("the secret is empty", "Write one.", "the secret is empty. Write one."),
        ("真的要抽？", "再看一眼。", "真的要抽？再看一眼。"),
        ("承诺值有3位，请重新复制", "", "承诺值有3位，请重新复制"),
        ("", "再试一次。", "再试一次。"),
    ],
)
def test_fault_and_way_out_on_one_line_are_two_sentences(message, way_out, line):
    assert str(Refusal(message, way_out)) == line
