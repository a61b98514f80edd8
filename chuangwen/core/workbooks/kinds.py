"""A cell's value as what a field asks for, in the many forms in which offices write the same thing.

Each reader takes a cell that is neither empty nor an error and returns the value or raises `Misfit`,
which says in both languages what is wrong and what to write instead; `rows` adds the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from chuangwen.core.workbooks.cells import Value, show
from chuangwen.core.workbooks.coordinates import read_coordinates
from chuangwen.core.workbooks.dates import read_date
from chuangwen.core.workbooks.likeness import plain
from chuangwen.core.workbooks.mapping import Field, Kind
from chuangwen.core.workbooks.misfits import Misfit, clean, half_width

EXACT_DIGITS = 15  # Excel keeps no more digits of a number


def read_text(value: Value, field: Field) -> str:
    """Text as shown, trimmed."""
    text = clean(show(value))
    if len(text) > field.max_length:
        raise Misfit(
            "too_long",
            f"has {len(text)} characters, more than the {field.max_length} allowed. Shorten it.",
            f"有{len(text)}个字，超过上限{field.max_length}个字。请缩短。",
        )
    return text


def read_code(value: Value, field: Field) -> str:
    """A code: half width, no blanks. A number with a fraction is refused: 1.10 has become 1.1 in Excel."""
    if isinstance(value, float):
        raise Misfit(
            "number_as_code",
            f"is the number {show(value)}, so trailing zeros may be lost (1.10 becomes 1.1). "
            "Format the column as text and type the code again.",
            f"是数字{show(value)}，可能丢了末尾的0（1.10会变成1.1）。请把该列设为文本格式后重填编号。",
        )
    if isinstance(value, int) and len(str(abs(value))) > EXACT_DIGITS:
        raise Misfit(
            "number_too_long",
            f"is a number of more than {EXACT_DIGITS} digits, whose last digits Excel has lost. "
            "Format the column as text and type the code again.",
            f"是超过{EXACT_DIGITS}位的数字，Excel已丢失末尾几位。请把该列设为文本格式后重填编号。",
        )
    return "".join(half_width(read_text(value, field)).split())


def _number(value: Value, field: Field) -> Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(str(value))
    else:
        number = _written_number(half_width(clean(show(value))).replace(" ", ""))
    _check_bounds(number, field)
    return number


def _written_number(text: str) -> Decimal:
    """A number in digits, with commas between thousands and a sign for percent or per mille if need be."""
    scale = {"%": 100, "‰": 1000}.get(text[-1:], 1)
    digits = text[:-1] if scale > 1 else text
    if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", digits):
        digits = digits.replace(",", "")
    if not re.fullmatch(rf"[+-]?\d{{1,{EXACT_DIGITS}}}(?:\.\d*)?", digits):
        raise Misfit("not_a_number", "is no number. Write digits only, such as 12.", "不是数字。请只写数字，例如12。")
    return Decimal(digits) / scale


def _check_bounds(number: Decimal, field: Field) -> None:
    low, high = field.minimum, field.maximum
    if low is not None and number < Decimal(str(low)):
        raise Misfit("too_small", f"is less than {low:g}. Correct the number.", f"小于{low:g}。请改正数字。")
    if high is not None and number > Decimal(str(high)):
        raise Misfit("too_large", f"is more than {high:g}. Correct the number.", f"大于{high:g}。请改正数字。")


def read_integer(value: Value, field: Field) -> int:
    """A whole number; 12.0 and 1,200 are whole."""
    number = _number(value, field)
    if number != number.to_integral_value():
        raise Misfit("not_whole", "is no whole number. Write one without a fraction.", "不是整数。请填不带小数的数字。")
    return int(number)


def read_decimal(value: Value, field: Field) -> Decimal:
    """A number; 45.5% is 0.455."""
    return _number(value, field)


_AREA_CODES_OF_THREE = ("010", "02")
_PHONE_MARKS = re.compile(r"[\s()_.·—–-]")
_EXTENSION = re.compile(r"^(.*\d{7})-(\d{1,5})$")
_SERVICE = re.compile(r"(?:[48]00\d{7}|1[012]\d{1,4}|9[56]\d{3,6})")


def read_phone(value: Value, field: Field) -> str:
    """A telephone number: a mobile of 11 digits, 0730-8888888 with or without -123, 8888888, 12345, 400…"""
    del field
    written = re.sub(r"转|ext\.?|x|#", "转", half_width(clean(show(value))).lower().replace("分机", "转"))
    number, _, extension = _EXTENSION.sub(r"\1转\2", written).partition("转")
    digits = re.sub(r"^(?:\+|00)86", "", _PHONE_MARKS.sub("", number))
    extension = _PHONE_MARKS.sub("", extension.lstrip("转:"))
    found = _told_apart(digits) if re.fullmatch(r"\d{0,6}", extension) else ""
    if not found:
        raise Misfit(
            "not_a_phone",
            "is no telephone number. Write a mobile of 11 digits or 0730-8888888.",
            "不是电话号码。请填11位手机号，或0730-8888888这样的座机号。",
        )
    return f"{found}-{extension}" if extension else found


def _told_apart(digits: str) -> str:
    """A number in its usual writing; "" for what is none."""
    if re.fullmatch(r"1[3-9]\d{9}", digits) or re.fullmatch(r"[2-8]\d{6,7}", digits) or _SERVICE.fullmatch(digits):
        return digits
    area = 3 if digits.startswith(_AREA_CODES_OF_THREE) else 4
    if re.fullmatch(r"0[1-9]\d{8,10}", digits) and len(digits) - area in (7, 8):
        return f"{digits[:area]}-{digits[area:]}"
    return ""


def read_choice(value: Value, field: Field) -> str:
    """The value of one of the field's options, found by its label, value or alias."""
    wanted = plain(clean(show(value)))
    for option in field.options:
        if wanted in {plain(name) for name in (option.label, option.value, *option.aliases)}:
            return option.value
    labels = [option.label for option in field.options]
    raise Misfit(
        "not_an_option",
        f"is none of {', '.join(labels)}. Choose one of these.",
        f"不在可选范围内。请从“{'、'.join(labels)}”中选一个。",
    )


_YES = frozenset({"是", "有", "对", "yes", "y", "true", "1", "√", "✓", "✔", "☑", "已", "完成", "已完成"})
_NO = frozenset({"否", "无", "没有", "不", "不是", "no", "n", "false", "0", "×", "x", "✗", "✘", "☐", "未", "未完成"})


def read_yes_no(value: Value, field: Field) -> bool:
    """是, 有, √ and the like are true; 否, 无, × and the like are false."""
    del field
    if isinstance(value, bool):
        return value
    said = plain(clean(show(value)))
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise Misfit("not_yes_or_no", "is neither yes nor no. Write 是 or 否.", "看不出是或否。请填“是”或“否”。")


Reader = Callable[[Value, Field], object]

# How each kind is read; `name` is first read as text and then resolved by `rows`.
READERS: Mapping[Kind, Reader] = {
    "text": read_text,
    "code": read_code,
    "integer": read_integer,
    "decimal": read_decimal,
    "date": read_date,
    "coordinates": read_coordinates,
    "phone": read_phone,
    "choice": read_choice,
    "name": read_text,
    "yes_no": read_yes_no,
}
