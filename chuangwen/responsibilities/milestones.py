"""A task's plan: milestones counted back from its deadline by shares in working days, and what they say of progress.

Pure. Mechanisms 24 (清单、推进计划、进度), 27 (倒排时限), 34 (节点计划). Which steps are proposed is a setting; the
default is ours ("proposed").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chuangwen.core.workdays import WorkCalendar

SOURCE: Final = "proposed: 按先摸底、再推进、后自查的通常做法"
# Name, and how much of the task is done by its day, in per cent.
USUAL: Final = (("摸底建账、列出清单", 20), ("集中推进", 60), ("自查补漏", 85), ("完成并报结", 100))
MOST_STEPS: Final = 12
SHORT: Final = 8  # a task of fewer working days gets every other step only
VERY_SHORT: Final = 3  # and one of fewer than these its last step
PLAN_AFTER: Final = 10  # working days to the deadline from which on a task should have a plan (proposed)
LEAST_GAP: Final = 1  # working days between two remaining steps below which they lie too close together (proposed)
WARNING_SOURCE: Final = "proposed: 时限超过10个工作日的任务应有计划,两个节点不挤在同一个工作日"


@dataclass(frozen=True, slots=True)
class Planned:
    """One milestone: what is done, which share of the task it is (per cent), by which day."""

    name: str
    share: int
    due_on: date


def counted_back(
    start: date, due: date, calendar: WorkCalendar, usual: Sequence[tuple[str, int]] = USUAL
) -> list[Planned]:
    """The proposed milestones between two days: each as many working days before `due` as its share leaves over.

    `usual` holds names with what is done by then, ascending to 100. Short tasks get fewer of them.
    """
    days = max(0, calendar.workdays_between(start, due))
    chosen = list(usual)
    if days < SHORT:
        chosen = chosen[-1:] if days < VERY_SHORT else chosen[1::2]
    plan, before = [], 0
    for name, done in chosen:
        left = round(days * (100 - done) / 100)
        plan.append(Planned(name, done - before, calendar.add_workdays(due, -left) if left else due))
        before = done
    return plan


def progress_of(steps: Iterable[tuple[int, bool]]) -> int:
    """Per cent: the shares of the milestones that are done and proved, of all shares; 0 without any.

    `steps` by their days. Where all are proved, what stood before the last one: only who confirms makes it 100.
    """
    rows = list(steps)
    whole = sum(share for share, _done in rows)
    proved = sum(share for share, done in rows if done)
    if rows and proved == whole:
        proved -= rows[-1][0]
    return proved * 100 // whole if whole else 0


def closes_circle(waits: Iterable[tuple[int, int]], task: int, others: Iterable[int]) -> bool:
    """Whether `task` would wait for itself, were it to wait for `others`. `waits`: (who waits, for whom)."""
    following: dict[int, list[int]] = {}
    for one, other in waits:
        following.setdefault(one, []).append(other)
    open_, seen = list(others), set[int]()
    while open_:
        one = open_.pop()
        if one == task:
            return True
        if one not in seen:
            seen.add(one)
            open_ += following.get(one, [])
    return False


def plans_too_close(steps: Iterable[tuple[int, date]], today: date, gap: int, calendar: WorkCalendar) -> list[int]:
    """The plans of which two remaining steps follow each other in fewer than `gap` working days.

    `steps`: (plan, day) by plan and day; late ones count as today's. Working days are counted up once, since there may
    be thousands of steps.
    """
    counted, last = {today: 0}, today
    found: dict[int, None] = {}
    before: tuple[int, int] | None = None
    for plan, day in steps:
        while last < day:
            worked = counted[last]
            last += timedelta(days=1)
            counted[last] = worked + calendar.is_workday(last)
        place = counted[day] if day > today else 0
        if before and before[0] == plan and place - before[1] < gap:
            found[plan] = None
        before = plan, place
    return list(found)


def last_accepted(today_over: date, within: int, calendar: WorkCalendar) -> date:
    """The latest day of acceptance whose `within` working days have passed by the end of the day `today_over`."""
    day = calendar.add_workdays(today_over, -within - 1)
    while calendar.add_workdays(following := day + timedelta(days=1), within) <= today_over:
        day = following
    return day
