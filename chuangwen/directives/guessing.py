"""Guesses title, kind and date of a document from its text, so that nobody types what stands on the page.

Pure. Every guess is shown with where it comes from and can be changed. The form of official
papers (GB/T 9704-2012): title above the text, the date of issue below it; a speech carries
place and date in brackets under its title; minutes open with month and day and take the year
from their number.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from chuangwen.directives.ordinals import chinese_value

TITLE_LIMIT = 60
HEAD_LINES, FOOT_LINES = 12, 12
_NOT_BEFORE = r"(?!\s*日?\s*(?:之前|以前|前))"  # 11月30日前 is a deadline, not the day of the paper
_DATE = re.compile(rf"(\d{{4}})\s*[年./-]\s*(\d{{1,2}})\s*[月./-]\s*(\d{{1,2}})(?!\d){_NOT_BEFORE}")
_SIGNS = "[一二三四五六七八九十]{1,3}"
_CHINESE_DATE = re.compile(rf"([二〇零○一三四五六七八九]{{4}})年({_SIGNS})月({_SIGNS})(?=日){_NOT_BEFORE}")
_OPENING_DAY = re.compile(rf"^\s*(?:(\d{{4}})年)?(\d{{1,2}})月(\d{{1,2}})(?=日){_NOT_BEFORE}")
_NUMBER_YEAR = re.compile(r"[〔\[(（【](\d{4})[〕\])）】]")
_DIGITS = {"〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_KINDS = (
    ("minutes", re.compile(r"纪要|会议记录")),
    ("speech", re.compile(r"讲话|致辞|发言|讲稿|上的报告")),
    ("letter", re.compile(r"的?函$|复函|公函")),
    ("notice", re.compile(r"通知|通报|方案|意见|办法|决定|通告|要点|计划")),
)


def _lines(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text.lstrip("\ufeff"))
    return [line.strip() for line in folded.splitlines() if line.strip()]


def guess_title(text: str, name: str = "") -> str:
    """The first line, joined with a second one where the title was broken; else the file's name without its ending."""
    lines = [line.strip("\ufeff \u3000\t") for line in text.splitlines() if line.strip("\ufeff \u3000\t")]
    for number, line in enumerate(lines[:3]):
        if len(line) > TITLE_LIMIT or line[-1] in "。：:；;，,！!" or re.fullmatch(r"[(（〔\[].*", line):
            continue
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if line.endswith(("关于", "在", "的")) and len(line + following) <= TITLE_LIMIT:
            return line + following
        return line
    return re.sub(r"\.[A-Za-z]{2,5}$", "", name)[:TITLE_LIMIT]


def guess_kind(title: str, text: str = "") -> str:
    """speech | notice | minutes | letter | other, by the title's last word of form, else by how the text addresses."""
    for kind, pattern in _KINDS:
        if pattern.search(title):
            return kind
    head = "\n".join(_lines(text)[:HEAD_LINES])
    if re.search(r"^(同志们|各位)", head, re.MULTILINE):
        return "speech"
    return "other"


def guess_day(text: str, today: date) -> date | None:
    """The date of the meeting or paper: under the title, in the opening words or at the foot, else None."""
    lines = _lines(text)
    head, foot = lines[:HEAD_LINES], lines[-FOOT_LINES:]
    for line in head:
        if len(line) <= 40 and (day := _written(line)):
            return day
    year = next((int(m[1]) for line in head for m in [_NUMBER_YEAR.search(line)] if m), None)
    for line in head:
        match = _OPENING_DAY.match(line)
        if match:
            wanted = int(match[1]) if match[1] else year or today.year
            if day := _date(wanted, int(match[2]), int(match[3])):
                return day
    for line in reversed(foot):
        if len(line) <= 40 and (day := _written(line)):
            return day
    return None


def _written(line: str) -> date | None:
    match = _DATE.search(line)
    if match:
        return _date(int(match[1]), int(match[2]), int(match[3]))
    match = _CHINESE_DATE.search(line)
    if match:
        year = int("".join(str(_DIGITS[sign]) for sign in match[1]))
        return _date(year, chinese_value(match[2]), chinese_value(match[3]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1990 <= year <= 2100 else None
