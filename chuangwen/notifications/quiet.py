"""When a person is left in peace. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `starts` to `ends` on the wall clock, over midnight where `ends` is earlier; the same time twice: never.

    With `days_off` also on days that are not worked.
    """

    starts: time
    ends: time
    days_off: bool = True

    def holds(self, moment: datetime, *, workday: bool) -> bool:
        """Whether `moment` (local) is quiet; `workday` says whether its day is worked."""
        if self.days_off and not workday:
            return True
        at = moment.time()
        if self.starts <= self.ends:
            return self.starts <= at < self.ends
        return at >= self.starts or at < self.ends
