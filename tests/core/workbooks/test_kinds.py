"""Cells as numbers, codes, telephones, choices and answers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core.workbooks import kinds
from chuangwen.core.workbooks.coordinates import Coordinates, read_coordinates
from chuangwen.core.workbooks.dates import read_date
from chuangwen.core.workbooks.mapping import Field, Option
from chuangwen.core.workbooks.misfits import Misfit, clean, half_width

ANY = Field("a", "甲")
DAY = date(2026, 11, 22)
STATES = Field("s", "状态", options=(Option("open", "开放", ("正常",)), Option("closed", "关闭"), Option("1", "一级")))


def misfit(read, value, field=ANY):
    with pytest.raises(Misfit) as caught:
        read(value, field)
    assert caught.value.message.endswith(".")
    assert caught.value.message_zh.endswith("。")
    return caught.value.code


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        datetime(2026, 11, 22, 8, 30),  # noqa: DTZ001
        46_348,
        46_348.75,
        20_261_122,
        "20261122",
        "46348",
        "2026.11.22",
        "2026-11-22",
        "2026/11/22",
        " 2026年11月22日 ",
        "2026年11月22",
        "2026年11月22号",
        "2026 年 11 月 22 日",
        "２０２６．１１．２２",
        "2026-11-22 08:30:00",
        "2026-11-22T08:30",
        "2026年11月22日上午8时30分",
        "2026.11.22 星期日",
        "二〇二六年十一月二十二日",
        "二零二六年十一月二十二号",
    ],
)
def test_a_day_is_read_in_every_form(value):
    assert read_date(value) == DAY


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026年11月", "day_missing"),
        ("2026.11", "day_missing"),
        ("11月22日", "year_missing"),
        ("11-22", "year_missing"),
        ("26.11.22", "not_a_date"),
        ("22/11/2026", "not_a_date"),
        ("每周五", "not_a_date"),
        (True, "not_a_date"),
        (2026, "not_a_date"),
        ("2026-02-30", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("二〇二六年十三月一日", "no_such_day"),
        ("1726-01-01", "far_day"),
        ("0001-01-01", "far_day"),
        ("9999-12-31", "far_day"),
        (date(1899, 12, 31), "far_day"),
    ],
)
def test_what_is_no_day_is_a_misfit(value, code):
    assert misfit(read_date, value) == code


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_its_forms(day):
    serial = (day - date(1899, 12, 30)).days
    forms = [serial, str(serial), f"{day:%Y%m%d}", f"{day.year}.{day.month}.{day.day}", f"{day:%Y年%m月%d日}"]
    assert [read_date(form) for form in forms] == [day] * 5


@pytest.mark.parametrize(
    ("text", "day"), [("一九九九年一月十日", (1999, 1, 10)), ("二○一○年十月三十一日", (2010, 10, 31))]
)
def test_tens_in_chinese_are_counted(text, day):
    assert read_date(text) == date(*day)


@pytest.mark.parametrize(
    "text",
    [
        "113.25,29.86",
        "29.86，113.25",
        "113.25 29.86",
        "(113.25、29.86)",
        "113.25E,29.86N",
        "E113.25 N29.86",
        "N29.86;E113.25",
        "东经113.25度北纬29.86度",
        "东经：113.25° 北纬：29.86°",
        "经度113.25/纬度29.86",
        "113°15′0″ 29°51′36″",
        "113°15'E29°51'36\"N",
        "113度15分29度51分36秒",
        "29°51.6′N, 113°15′E",
    ],
)
def test_coordinates_are_read_in_every_form(text):
    assert read_coordinates(text) == Coordinates(113.25, 29.86)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("113.25", "not_coordinates"),
        ("113.2529.86", "not_coordinates"),
        ("E113,E29", "not_coordinates"),
        ("N113,N29", "not_coordinates"),
        ("113°75′,29°", "not_coordinates"),
        ("113°15′60″,29°", "not_coordinates"),
        ("滨河路", "not_coordinates"),
        (113.25, "not_coordinates"),
        ("0,0", "outside"),
        ("N113.25,E29.86", "outside"),
        ("113.25,2.9", "outside"),
        ("136.5,29", "outside"),
    ],
)
def test_what_is_no_point_in_china_is_a_misfit(value, code):
    assert misfit(read_coordinates, value) == code


@given(st.floats(73, 136), st.floats(3, 54))
def test_a_point_is_read_whichever_number_comes_first(east, north):
    point = read_coordinates(f"{east:.7f},{north:.7f}")
    assert point == read_coordinates(f"{north:.7f} {east:.7f}")
    assert point.longitude == pytest.approx(east, abs=1e-6)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (13_800_138_000, "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("0730-8888888", "0730-8888888"),
        ("（0730）8888888", "0730-8888888"),
        ("07308888888-123", "0730-8888888-123"),
        ("0730-8888888转123", "0730-8888888-123"),
        ("0730-8888888 ext. 123", "0730-8888888-123"),
        ("0730-8888888分机：123", "0730-8888888-123"),
        ("010-12345678", "010-12345678"),
        ("02112345678", "021-12345678"),
        ("0108888888", "010-8888888"),
        ("8888888", "8888888"),
        ("12345", "12345"),
        ("110", "110"),
        ("400-800-1234", "4008001234"),
        ("95588", "95588"),
    ],
)
def test_a_telephone_number_gets_its_usual_writing(value, number):
    assert kinds.read_phone(value, ANY) == number


@pytest.mark.parametrize(
    "value", ["张三", "1380013800", "23800138000", "1.38E+10", "", "0730-88888", "13800138000转张三", "0" * 12]
)
def test_what_is_no_telephone_number_is_a_misfit(value):
    assert misfit(kinds.read_phone, value) == "not_a_phone"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12, "12"),
        (1.5, "1.5"),
        (0.1, "0.1"),
        ("１２", "12"),
        ("1,200", "1200"),
        ("-1,200.5", "-1200.5"),
        ("12.", "12"),
        ("45.5%", "0.455"),
        ("5‰", "0.005"),
        (1e16, "1E+16"),
    ],
)
def test_a_number_is_exact(value, number):
    assert kinds.read_decimal(value, ANY) == Decimal(number)


@pytest.mark.parametrize("value", ["12个", "", "1,20", "nan", "1e5", "十二", True, "9" * 16, "%"])
def test_what_is_no_number_is_a_misfit(value):
    assert misfit(kinds.read_decimal, value) == "not_a_number"


def test_a_whole_number_has_no_fraction():
    assert [kinds.read_integer(value, ANY) for value in (12, 12.0, "12.0", "1,200")] == [12, 12, 12, 1200]
    assert type(kinds.read_integer(12.0, ANY)) is int
    assert misfit(kinds.read_integer, 1.5) == "not_whole"


def test_a_number_keeps_within_its_bounds():
    field = Field("a", "甲", minimum=0, maximum=100.5)
    assert [kinds.read_decimal(value, field) for value in (0, 100.5)] == [0, Decimal("100.5")]
    assert misfit(kinds.read_decimal, -0.1, field) == "too_small"
    assert misfit(kinds.read_integer, 101, field) == "too_large"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (12, "12"),
        (12.0, "12"),
        (" A 01 ", "A01"),
        ("（Ⅱ－1－1）－①", "(Ⅱ-1-1)-①"),
        ("1.10", "1.10"),
        (999_999_999_999_999, "9" * 15),
    ],
)
def test_a_code_is_text(value, code):
    held = int(value) if isinstance(value, float) else value  # the reader of files has made 12.0 to 12
    assert kinds.read_code(held, ANY) == code


def test_a_code_that_excel_may_have_changed_is_a_misfit():
    assert misfit(kinds.read_code, 1.1) == "number_as_code"
    assert misfit(kinds.read_code, 10**15) == "number_too_long"


def test_text_is_trimmed_and_has_a_longest_length():
    assert kinds.read_text("  滨河\u3000路 \r\n\u200b 东段\t\x07 ", ANY) == "滨河 路\n东段"
    assert kinds.read_text(12.0, ANY) == "12"
    assert kinds.read_text("甲乙", Field("a", "甲", max_length=2)) == "甲乙"
    assert misfit(kinds.read_text, "甲乙丙", Field("a", "甲", max_length=2)) == "too_long"


def test_a_choice_is_found_by_label_value_or_alias():
    assert [kinds.read_choice(value, STATES) for value in ("开 放", "OPEN", "正常", 1, "一级")] == ["open"] * 3 + [
        "1"
    ] * 2
    with pytest.raises(Misfit, match="开放, 关闭, 一级") as caught:
        kinds.read_choice("停业", STATES)
    assert caught.value.code == "not_an_option"
    assert "“开放、关闭、一级”" in caught.value.message_zh


def test_yes_and_no_are_read():
    assert [kinds.read_yes_no(value, ANY) for value in (True, "是", "有", "√", "Y", 1, "已完成")] == [True] * 7
    assert [kinds.read_yes_no(value, ANY) for value in (False, "否", "无", "×", "n", 0, "未")] == [False] * 7
    assert misfit(kinds.read_yes_no, "也许") == "not_yes_or_no"


def test_cleaning_keeps_what_distinguishes():
    assert half_width("Ａ①Ⅱ（～") == "A①Ⅱ(~"
    assert clean("\ud800a\u00a0b") == "a b"
