"""Names in papers: what is certain, what is only proposed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.organizations.naming import Answer, Named, NameIndex, index_of, plain

UNITS = [
    Named(1, "云溪市城市管理局", "市城管局", "government", ("城管局",)),
    Named(2, "云溪市教育局", "市教育局", "government"),
    Named(3, "东关街道办事处", "东关街道", "street"),
    Named(4, "西关街道办事处", "西关街道", "street"),
    Named(5, "河口镇人民政府", "河口镇", "town"),
    Named(6, "幸福社区", "", "community"),
    Named(7, "幸福社区", "", "community"),
    Named(8, "第一小学", "一小", "school"),
]


@pytest.fixture
def index():
    return NameIndex(UNITS)


@pytest.mark.parametrize(
    ("text", "plain_text"),
    [
        (" 市 城管局 ", "市城管局"),
        ("“文明办”", "文明办"),
        ("《市城管局》(城管)", "市城管局城管"),
        ("市城管局（条）", "市城管局条"),  # full-width brackets become ASCII in NFKC first
        ("ＡＢ１２", "AB12"),
        ("阿·凡", "阿凡"),
        ("'’‘\"”", ""),
    ],
)
def test_plain_takes_spaces_quotes_and_brackets_away(text, plain_text):
    assert plain(text) == plain_text


@pytest.mark.parametrize("text", ["云溪市城市管理局", "市城管局", "城管局", " 城 管 局", "“城管局”"])
def test_full_short_and_remembered_name_are_certain(index, text):
    assert index.resolve(text) == Answer(units=(1,))


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("各街道", (3, 4)),
        ("各镇", (5,)),
        ("各乡镇", (5,)),
        ("各镇街", (3, 4, 5)),
        ("各乡镇（街道）", (3, 4, 5)),
        ("各社区", (6, 7)),
        ("各学校", (8,)),
        ("各村", ()),
        ("各医院", ()),
    ],
)
def test_collective_name_means_all_of_its_kind(index, text, units):
    assert index.resolve(text) == Answer(units=units)


def test_name_of_two_units_is_proposed_and_not_certain(index):
    assert index.resolve("幸福社区") == Answer(proposals=(6, 7))


def test_like_name_is_proposed_the_likeliest_first(index):
    answer = index.resolve("东关街道办")
    assert (answer.units, answer.proposals[0]) == ((), 3)
    assert 4 in answer.proposals


def test_at_most_three_are_proposed_and_equal_ones_in_order_of_number():
    many = NameIndex([Named(pk, "幸福社区居委会", "", "community") for pk in (9, 2, 7, 5)])
    assert many.resolve("幸福社区居").proposals == (2, 5, 7)


@pytest.mark.parametrize("text", ["", "  ", "“”", "火星局", "甲"])
def test_what_is_like_nothing_means_nothing(index, text):
    assert index.resolve(text) == Answer()


def test_one_character_name_is_found_and_likeness_at_the_floor_is_proposed():
    small = NameIndex([Named(1, "甲"), Named(2, "甲乙丙")])
    assert small.resolve("甲") == Answer(units=(1,))
    assert small.resolve("甲乙丁").proposals == (2,)  # 2·1/(2+2) = 0.5, the floor itself
    assert small.resolve("甲乙丁戊").proposals == ()  # 2·1/(3+2) = 0.4


def test_unit_without_any_name_is_never_found():
    assert NameIndex([Named(1, "")]).resolve("城管局") == Answer()


def test_index_of_rows_knows_the_aliases():
    index = index_of([(1, "城市管理局", "城管", "government"), (2, "教育局", "", "")], {1: ["行政执法局"]})
    assert index.resolve("行政执法局").units == (1,)
    assert index.resolve("教育局").units == (2,)
    assert index.resolve("城管").units == (1,)
    assert index_of([(3, "东关", "", "street")], {}).resolve("各街道").units == (3,)


@settings(max_examples=50)
@given(st.lists(st.text("城管教育局街道东西", min_size=2, max_size=6), min_size=1, max_size=6, unique=True))
def test_every_unique_name_finds_its_own_unit(names):
    index = NameIndex([Named(pk, name) for pk, name in enumerate(names)])
    assert [index.resolve(name).units for name in names] == [(pk,) for pk in range(len(names))]
