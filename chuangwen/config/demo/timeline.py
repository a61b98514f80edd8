"""Plays the demo's year: events in the order of time, none outside working hours, none after now."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar

Event = Callable[[], None]


class Timeline:
    """Events wait here until their time; what would come after `now` has not happened yet."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._queue: list[tuple[datetime, int, Event]] = []
        self._order = itertools.count()
        self._rng = random.Random("timeline")  # noqa: S311
        self.refused = 0

    def at(self, when: datetime, event: Event) -> None:
        """Let `event` happen at `when`, or early in the next working time."""
        working = default_calendar().add_workhours(when, 0)
        if working != when:
            working += timedelta(minutes=self._rng.uniform(2, 100))  # nobody begins on the minute
        if working <= self.now:
            heapq.heappush(self._queue, (working, next(self._order), event))

    def play(self) -> int:
        """Run all events; returns how many."""
        played = 0
        while self._queue:
            when, _order, event = heapq.heappop(self._queue)
            try:
                with clock.at(when):
                    event()
            except Refusal:  # somebody else was faster, as happens in an office too
                self.refused += 1
            played += 1
        return played
