"""Reads how often something is to be done (每月一次, 每两月, 每季度, 天天, 每年国庆前) as a proposed schedule.

Pure. What a phrase leaves open gets the customary place: the Friday of a week, the last working day of a month or of
the cycle's last month, three working days before a festival. Phrases without a rhythm (定期, 常年, 不定期) give None:
a person says when.
"""

from __future__ import annotations

import re
from typing import Final

from chuangwen.responsibilities.schedule import (
    FESTIVALS,
    MOST_BEFORE,
    STATUTORY,
    TRADITIONAL,
    WEEKDAYS,
    Every,
    Schedule,
)

USUAL_BEFORE: Final = 3
_N: Final = r"(\d{1,2})"
_OTHER_NAMES: Final = {
    "五一": "劳动节", "十一": "国庆", "七一": "建党节", "八一": "建军节", "六一": "儿童节", "三八": "妇女节",
    "雷锋": "学雷锋纪念日", "宪法日": "国家宪法日", "志愿者日": "国际志愿者日", "新年": "元旦", "新春": "春节",
}  # fmt: skip
_NUMERALS: Final = "零一二三四五六七八九"
_DIGITS: Final = {numeral: value for value, numeral in enumerate(_NUMERALS)} | {"〇": 0, "两": 2}
_UNITS: Final = "个?(?:工作日|月|周|星期|季|年|天|日|号|次|场|期|轮|遍)"
_NUMERAL: Final = re.compile(rf"(?<![周期])[零〇一二两三四五六七八九十]{{1,3}}(?={_UNITS})")
_STATUTORY: Final = re.compile(r"(?:重大|重要|法定|主要)?节(?:假日|日|点)|逢节|节前")
_TRADITIONAL: Final = re.compile(r"传统节日|我们的节日")
_BEFORE: Final = re.compile(rf"(?:前|提前){_N}个?(?:工作日|天|日)")
_WEEK_BEFORE: Final = re.compile(r"前(?:一|1)周|前夕一周")
_DAILY: Final = re.compile(r"天天|日日|每[天日晚]|每个?工作日|逐日|按日|日产日清|(?<![\d月第])1[天日][一1两2三3]")
_WEEKLY: Final = re.compile(rf"每(?:隔)?(?:{_N}个?)?(?:周|星期)|周周|逐周|按周|1周[一1]|{_N}周一")
_MONTHLY: Final = re.compile(
    rf"每(?:隔)?(?:{_N}个?)?月|月月|逐月|按月|(?<![\d年])1月[一1](?![\d日号])|(?<![第\d]){_N}个月[一1]"
)
_LONGER: Final = (
    (re.compile(r"每个?季度?|逐季|按季|1季度?[一1]"), 3),
    (re.compile(r"每个?半年|半年[一1]"), 6),
    (re.compile(r"每个?年|年年|逐年|按年|1年[一1]"), 12),
)
_TIMES: Final = re.compile(r"(\d{1,2})[次场期轮遍]")
_WEEKDAY: Final = re.compile(rf"(?<!\d)(?:周|星期)([{WEEKDAYS}天])(?![次场期、遍])")
_WORKING: Final = re.compile(rf"(倒数)?第{_N}个工作日")
_DAY: Final = re.compile(rf"{_N}[日号]")
_WRITTEN_DAY: Final = re.compile(rf"(?:(?<!个){_N}月)?(?:份)?{_N}[日号]")
_LAST_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTH: Final = re.compile(rf"(?<!个){_N}月")
_WHICH_MONTH: Final = re.compile(rf"第{_N}个?月")
_WHICH_WEEK: Final = re.compile(rf"第{_N}个?周")
_CYCLES: Final = (1, 2, 3, 4, 6, 12)
_LAST: Final = (-1, True)


def schedule_of(phrase: str) -> Schedule | None:
    """The schedule that a frequency phrase proposes; None where it names no rhythm."""
    text = _plain(phrase)
    if "不定期" in text:
        return None
    for read in (_festive, _daily, _weekly, _monthly, _longer):
        found = read(text)
        if found:
            return found
    return None


def impossible_day(phrase: str) -> str:
    """The day in a phrase that no month has, or not the one that is named (2月30日, 35日), as written; "" for none."""
    for found in _WRITTEN_DAY.finditer(_plain(phrase)):
        month, day = int(found[1] or 1), int(found[2])
        if not 1 <= month <= 12 or not 1 <= day <= _LAST_DAYS[month - 1]:
            return found[0]
    return ""


def _festive(text: str) -> Schedule | None:
    names = tuple(sorted(_named(text), key=FESTIVALS.index))
    if not names and _TRADITIONAL.search(text):
        names = TRADITIONAL
    if not names and _STATUTORY.search(text):
        names = STATUTORY
    if not names:
        return None
    if match := _BEFORE.search(text):
        before = int(match[1])
    elif _WEEK_BEFORE.search(text):
        before = 5
    else:
        before = 1 if "期间" in text else USUAL_BEFORE
    return Schedule(Every.FESTIVAL, festivals=names, before=max(1, min(before, MOST_BEFORE)))


def _named(text: str) -> set[str]:
    names = {name for name in FESTIVALS if name.removesuffix("节") in text and name != "劳动节"}
    if "劳动节" in text:
        names.add("劳动节")
    return names | {name for other, name in _OTHER_NAMES.items() if other in text}


def _daily(text: str) -> Schedule | None:
    return Schedule(Every.DAY) if _DAILY.search(text) and not _WORKING.search(text) else None


def _weekly(text: str) -> Schedule | None:
    match = _WEEKLY.search(text)
    if not match and ("半月" in text or "半个月" in text):
        return _week(text, 2)
    return _week(text, int(match[1] or match[2] or 1)) if match else None


def _week(text: str, step: int) -> Schedule | None:
    if not 1 <= step <= 8:
        return None
    weekday = _WEEKDAY.search(text)
    which = _WHICH_WEEK.search(text)
    day = WEEKDAYS.index(weekday[1].replace("天", "日")) + 1 if weekday else 5
    return Schedule(Every.WEEK, step=step, phase=_phase(which, step), day=day)


def _monthly(text: str) -> Schedule | None:
    match = _MONTHLY.search(text)
    if not match:
        return None
    step, times = int(match[1] or match[2] or 1), _times(text)
    if step == 1 and times in {2, 4}:
        return _week(text, 4 // times)
    return _month(text, step) if step in _CYCLES else None


def _longer(text: str) -> Schedule | None:
    for pattern, step in _LONGER:
        if pattern.search(text):
            times = _times(text)
            shorter = step // times if times and step % times == 0 else step
            return _month(text, shorter)
    return None


def _month(text: str, step: int) -> Schedule:
    day, working = _day_in(text)
    named = _MONTH.search(text)
    if step == 12 and named and 1 <= int(named[1]) <= 12:
        phase = int(named[1])
    else:
        which = _WHICH_MONTH.search(text)
        phase = 1 if "首月" in text else _phase(which, step)
    return Schedule(Every.MONTH, step=step, phase=phase, day=day, working=working)


def _day_in(text: str) -> tuple[int, bool]:
    """The day in the month, and whether it counts working days: the last working one where nothing is said."""
    if match := _WORKING.search(text):
        number = max(1, min(int(match[2]), 23))
        return (-number if match[1] else number), True
    if match := _DAY.search(text):
        return (int(match[1]), False) if 1 <= int(match[1]) <= 31 else _LAST
    if "初" in text or "上旬" in text:
        return 10 if "上旬" in text else 5, False
    return (15, False) if "中旬" in text else _LAST


def _phase(match: re.Match[str] | None, step: int) -> int:
    """Which week or month of a cycle: its last one unless the phrase says so."""
    return int(match[1]) if match and 1 <= int(match[1]) <= step else step


def _times(text: str) -> int:
    match = _TIMES.search(text)
    return int(match[1]) if match else 0


def _plain(phrase: str) -> str:
    """Without spaces and quotes, numerals as digits, so that 每两个月 and 每2个月 read alike."""
    bare = re.sub(r"[\s“”\"()()]", "", phrase)
    return _NUMERAL.sub(lambda match: str(_number(match[0])), bare)


def _number(text: str) -> int:
    """A numeral up to 99."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[one]) for one in text)[:2])
    return _DIGITS.get(tens[-1:], 1) * 10 + _DIGITS.get(ones[-1:], 0)
