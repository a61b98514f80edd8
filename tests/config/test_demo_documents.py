"""The demo's documents tell the same story whenever the demo is filled."""

from __future__ import annotations

from datetime import date

import pytest

from chuangwen.config.demo.calendar import Year
from chuangwen.config.demo.content import document
from chuangwen.config.demo.documents import PAPERS, WRITTEN_FOR, moved
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.extraction import extract
from chuangwen.directives.guessing import guess_day
from chuangwen.directives.reading import read_document


def year_from(running_from: date) -> Year:
    return Year(default_calendar().add_workdays(running_from, 3))


def test_text_stays_as_written_when_the_round_begins_on_its_day():
    year = year_from(WRITTEN_FOR)
    assert year.running_from == WRITTEN_FOR
    for told in PAPERS:
        text = document(told.name).decode()
        assert moved(text, year) == text


@pytest.mark.parametrize("today", [date(2026, 3, 4), date(2026, 7, 15), date(2027, 2, 3), date(2026, 11, 22)])
@pytest.mark.parametrize("told", PAPERS, ids=lambda told: told.name)
def test_moved_text_asks_the_same(told, today):
    year = Year(today)
    text = document(told.name).decode()
    there = moved(text, year)
    day = guess_day(there, today)
    assert day is not None
    assert day < year.running_from
    written = guess_day(text, today)
    assert default_calendar().workdays_between(day, year.running_from) == default_calendar().workdays_between(
        written, WRITTEN_FOR
    )
    before, after = (extract(read_document("a.txt", one.encode())) for one in (text, there))
    assert [one.lead for one in after] == [one.lead for one in before]


def test_dates_over_a_month_end_name_both_months():
    assert "3月31日至4月3日" in moved("定于11月16日至19日开展", year_from(date(2026, 3, 31)))
