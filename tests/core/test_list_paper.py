"""How a list lies on A4: which way up, and which columns are never broken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core.lists.paper import ACROSS, LEAST, PADDING, SHORT, Sheet, lay_on_paper, width_of

TEXTS = st.text(alphabet="牵头单位abc0189·", max_size=40)


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("2026-0012", 9), ("城管局", 6), ("11月18日15:54", 13), ("（A）", 5)]
)
def test_width_counts_chinese_double(text, width):
    assert width_of(text) == width


def test_few_columns_lie_upright_and_short_ones_stay_whole():
    rows = [["2026-0699", "公交站台后面有散落的奶茶杯和传单", "市城管局", "整改中"]]
    assert lay_on_paper(["编号", "问题", "牵头", "状态"], rows) == Sheet(wide=False, whole=(True, False, True, True))


def test_many_columns_lie_across():
    row = [
        "BG001",
        "宾馆酒店",
        "云溪宾馆",
        "文昌街道人民中路200号",
        *["文昌街道钟鼓楼社区居民委员会"] * 3,
        "第一批",
        "在用",
    ]
    sheet = lay_on_paper([*"甲乙丙丁戊己庚辛壬"], [row])
    assert sheet == Sheet(wide=True, whole=(True, True, True, False, False, False, False, True, True))


def test_no_rows_leave_the_heads_whole():
    assert lay_on_paper(["编号", "名称"], []) == Sheet(wide=False, whole=(True, True))


def test_heads_count_as_much_as_cells():
    assert lay_on_paper(["完成时间和审核人签字日期"], [["是"]]).whole == (False,)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 14).flatmap(lambda n: st.lists(st.lists(TEXTS, min_size=n, max_size=n), min_size=1, max_size=4)))
def test_whole_columns_always_leave_room_for_the_others(table):
    sheet = lay_on_paper(table[0], table[1:])
    widths = [max(map(width_of, column)) for column in zip(*table, strict=True)]
    taken = sum(
        (width if whole else min(width, LEAST)) + PADDING for width, whole in zip(widths, sheet.whole, strict=True)
    )
    least = sum(min(width, LEAST) + PADDING for width in widths)
    assert taken <= max(ACROSS, least)
    assert all(width <= SHORT for width, whole in zip(widths, sheet.whole, strict=True) if whole)
