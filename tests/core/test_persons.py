"""What names a person is found and covered."""

from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core.persons import MASK, masked, traces_of

IDENTITY = "11010519491231002X"


def test_names_and_numbers_of_persons_are_found():
    texts = ["由梁志远负责", f"电话13800001234，证件{IDENTITY}", "标准号2.1"]
    assert traces_of(texts, {"梁志远", "王评", "远"}) == [IDENTITY, "13800001234", "梁志远"]


def test_longer_numbers_are_no_mobile():
    assert traces_of(["编号8138000012345", "0571-88001234", "12345"], set()) == []


def test_longer_name_is_covered_whole():
    assert masked("欧阳明月到场，欧阳明未到", {"欧阳明", "欧阳明月"}) == f"{MASK}到场，{MASK}未到"


@given(st.text("甲乙丙13800001234 ，", max_size=40), st.sets(st.text("甲乙丙", min_size=2, max_size=3), max_size=4))
def test_nothing_is_left_of_what_was_covered(text, names):
    assert traces_of([masked(text, names)], names) == []
