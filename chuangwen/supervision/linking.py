"""Linking rules (挂钩规则): from what happened to units in a year to the consequences that are proposed. Pure.

The daily look and the trial of a rule on a past year are the same function. It names the day on which a figure was
reached, so that both say the same of every day. Sources: mechanisms 113, 116, 121.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Figure(StrEnum):
    """What is counted of a unit; the number of a rule is the least that counts."""

    RED_YEAR = "red-year"
    YELLOW_YEAR = "yellow-year"
    EXPOSED_YEAR = "exposed-year"
    BLACK_RUNNING = "black-running"  # how many times running, as the flag says
    LIST_RUNNING = "list-running"  # the same of the black list
    RED_FLAGS_YEAR = "red-flags-year"
    LAGGED_YEAR = "lagged-year"  # matters that a quarterly look-back found still lagging
    CLEAN_YEAR = "clean-year"  # matters due in the year, none late and no notice; known once the year is over


RUNNING = (Figure.BLACK_RUNNING, Figure.LIST_RUNNING)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something of one day that counts for a figure. `value`: times running, where the figure asks for that."""

    figure: Figure
    unit: int
    day: date
    value: int = 1


@dataclass(frozen=True, slots=True)
class Link:
    """One rule: a figure and from which number on."""

    key: int
    figure: Figure
    number: int


@dataclass(frozen=True, slots=True)
class Reached:
    """A unit reached a rule's number in a year: on which day, with which figure."""

    link: Link
    unit: int
    day: date
    found: int


def reached(
    links: Iterable[Link], happenings: Iterable[Happening], clean: Mapping[int, int], year: int, today: date
) -> list[Reached]:
    """What the rules propose for `year` up to and with `today`: each unit once a rule, by day and unit.

    `clean`: unit -> matters due in the year, of those without anything late and without a notice; it counts from the
    first day after the year.
    """
    by_figure: defaultdict[Figure, defaultdict[int, list[Happening]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(happenings, key=lambda one: (one.day, one.unit, one.value)):
        if one.day.year == year and one.day <= today:
            by_figure[one.figure][one.unit].append(one)
    found: list[Reached] = []
    over = date(year + 1, 1, 1)
    for link in links:
        number = max(link.number, 1)
        if link.figure == Figure.CLEAN_YEAR:
            if today >= over:
                found += [Reached(link, unit, over, due) for unit, due in clean.items() if due >= number]
            continue
        for unit, several in by_figure[link.figure].items():
            if link.figure in RUNNING:
                first = next((one for one in several if one.value >= number), None)
                if first:
                    found.append(Reached(link, unit, first.day, first.value))
            elif len(several) >= number:
                found.append(Reached(link, unit, several[number - 1].day, number))
    return sorted(found, key=lambda one: (one.day, one.unit, one.link.key))
