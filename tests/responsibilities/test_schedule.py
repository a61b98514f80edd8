"""When a recurring duty falls due, and how phrases are read as schedules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core.workdays import default_calendar
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.schedule import (
    FESTIVALS,
    STATUTORY,
    Every,
    Schedule,
    following,
    occurrences,
    phrase_of,
    usual_ahead,
)

pytestmark = pytest.mark.once
CALENDAR = default_calendar()
STEPS = (1, 2, 3, 4, 6, 12)


@st.composite
def schedules(draw):
    every = draw(st.sampled_from(list(Every)))
    if every == Every.DAY:
        return Schedule(every)
    if every == Every.FESTIVAL:
        names = draw(st.lists(st.sampled_from(FESTIVALS), min_size=1, max_size=5, unique=True))
        return Schedule(every, festivals=tuple(sorted(names, key=FESTIVALS.index)), before=draw(st.integers(1, 20)))
    step = draw(st.integers(1, 8) if every == Every.WEEK else st.sampled_from(STEPS))
    phase = draw(st.integers(1, step))
    if every == Every.WEEK:
        return Schedule(every, step=step, phase=phase, day=draw(st.integers(1, 7)))
    working = draw(st.booleans())
    days = st.one_of(st.integers(1, 23), st.integers(-23, -1)) if working else st.integers(1, 31)
    return Schedule(every, step=step, phase=phase, day=draw(days), working=working)


@settings(max_examples=60, deadline=None)
@given(schedules(), st.dates(date(2024, 1, 1), date(2029, 12, 31)), st.integers(0, 500), st.integers(0, 500))
def test_occurrences_are_working_days_in_order_once_a_period_and_the_same_through_any_window(schedule, first, a, b):
    middle, last = first + timedelta(days=a), first + timedelta(days=a + b)
    whole = list(occurrences(schedule, first, last, CALENDAR))
    days = [one.due for one in whole]
    assert days == sorted(set(days))
    assert all(CALENDAR.is_workday(day) for day in days)
    assert len({one.key for one in whole}) == len(whole)
    later = list(occurrences(schedule, middle + timedelta(days=1), last, CALENDAR))
    assert list(occurrences(schedule, first, middle, CALENDAR)) + later == whole
    assert whole[:3] == [one for one in following(schedule, first - timedelta(days=1), 3, CALENDAR) if one.due <= last]


@settings(max_examples=120, deadline=None)
@given(schedules())
def test_a_schedule_survives_its_data_and_its_own_words(schedule):
    assert Schedule.from_data(schedule.as_data()) == schedule
    assert schedule_of(phrase_of(schedule)) == schedule


@pytest.mark.parametrize(
    ("phrase", "words", "due"),
    [
        ("每月一次", "每月最后一个工作日", ["2026-11-30", "2026-12-31"]),
        ("每两个月召开一次", "每两月最后一个工作日", ["2026-12-31", "2027-02-26"]),
        ("每季度", "每季度最后一个工作日", ["2026-12-31", "2027-03-31"]),
        ("每季度首月10日前", "每季度第1个月10日", ["2027-01-08", "2027-04-09"]),
        ("天天", "每天（每周一件任务）", ["2026-11-20", "2026-11-27"]),
        ("日产日清", "每天（每周一件任务）", ["2026-11-20", "2026-11-27"]),
        ("一周一调度", "每周五", ["2026-11-20", "2026-11-27"]),
        ("每周三", "每周三", ["2026-11-25", "2026-12-02"]),
        ("每月两次", "每2周的周五", ["2026-11-27", "2026-12-11"]),
        ("每月二十五日前", "每月25日", ["2026-11-25", "2026-12-25"]),
        ("每月第三个工作日", "每月第3个工作日", ["2026-12-03", "2027-01-06"]),
        ("每月中旬", "每月15日", ["2026-12-15", "2027-01-15"]),
        ("每月初", "每月5日", ["2026-12-04", "2027-01-05"]),
        ("每年不少于4次", "每季度最后一个工作日", ["2026-12-31", "2027-03-31"]),
        ("每年9月底", "每年9月最后一个工作日", ["2027-09-30", "2028-09-29"]),
        ("每年国庆前", "国庆前3个工作日", ["2027-09-28", "2028-09-27"]),
        ("春节、五一前一周", "春节、劳动节前5个工作日", ["2027-01-29", "2027-04-26"]),
        ("端午节前2天", "端午前2个工作日", ["2027-06-07", "2028-05-25"]),
    ],
)  # fmt: skip
def test_phrase_proposes_a_schedule(phrase, words, due):
    found = schedule_of(phrase)
    assert found is not None
    assert phrase_of(found) == words
    days = [str(one.due) for one in following(found, date(2026, 11, 18), 2, CALENDAR)]
    assert days == due


@pytest.mark.parametrize("phrase", ["", "定期", "不定期", "常年", "及时", "每旬", "每学期", "10月底前", "每5个月"])
def test_phrase_without_a_rhythm_proposes_nothing(phrase):
    assert schedule_of(phrase) is None


def test_festivals_due_on_one_day_are_one_occurrence():
    found = following(Schedule(Every.FESTIVAL, festivals=("中秋", "国庆"), before=3), date(2025, 1, 1), 3, CALENDAR)
    assert [(str(one.due), one.name) for one in found] == [
        ("2025-09-28", "2025年中秋、国庆"),
        ("2026-09-22", "2026年中秋"),
        ("2026-09-28", "2026年国庆"),
    ]
    everywhere = schedule_of("重大节假日前")
    assert everywhere is not None
    assert everywhere.festivals == STATUTORY


def test_week_without_a_working_day_has_no_occurrence():
    weekly = Schedule(Every.WEEK, day=5)
    found = [str(one.due) for one in occurrences(weekly, date(2025, 9, 22), date(2025, 10, 19), CALENDAR)]
    assert found == ["2025-09-26", "2025-09-30", "2025-10-10", "2025-10-17"]
    assert following(weekly, date(2099, 12, 31), 1, CALENDAR) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"every": Every.FESTIVAL}, {"every": Every.FESTIVAL, "festivals": ("圣诞",)},
        {"every": Every.FESTIVAL, "festivals": ("春节",), "before": 0}, {"every": Every.WEEK, "day": 8},
        {"every": Every.WEEK, "step": 9}, {"every": Every.MONTH, "step": 5}, {"every": Every.MONTH, "day": 0},
        {"every": Every.MONTH, "day": 32}, {"every": Every.MONTH, "day": 24, "working": True},
        {"every": Every.MONTH, "step": 3, "phase": 4},
    ],
)  # fmt: skip
def test_impossible_schedule_is_refused(fields):
    with pytest.raises(ValueError, match=r"must be|do not fit"):
        Schedule(**fields)


def test_usual_lead_is_longer_for_rarer_duties():
    monthly, quarterly = schedule_of("每月"), schedule_of("每季度")
    festive, weekly = schedule_of("国庆前"), schedule_of("每周")
    assert [usual_ahead(one) for one in (weekly, monthly, festive, quarterly) if one] == [4, 10, 10, 20]
