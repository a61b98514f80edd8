"""What the words of a meeting's decision say by themselves, read by the engine that reads documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chuangwen.core.workdays import default_calendar
from chuangwen.directives.addressees import full_width, unit_ids
from chuangwen.directives.extraction import read_whole
from chuangwen.directives.models import Meeting
from chuangwen.directives.plans import on_workday
from chuangwen.directives.queries.documents import addressees, lexicon
from chuangwen.directives.reading import Document


@dataclass(frozen=True, slots=True)
class Told:
    """Who leads and cooperates (keys of units), by when, and by what it counts as done, where the words say so."""

    lead: frozenset[int] = frozenset()
    cooperate: frozenset[int] = frozenset()
    due_on: date | None = None
    measure: str = ""
    deadline: str = ""  # the words that `due_on` was read from


class DecisionReader:
    """Reads decisions of one meeting. Seven queries when made, none afterwards."""

    def __init__(self, meeting: Meeting) -> None:
        self._day = meeting.day
        self._known, self._lexicon = addressees(meeting.region), lexicon(meeting.region)

    def told(self, text: str) -> Told:
        """Deadlines count from the day of the meeting (本周内); one that lies before it is none."""
        found = read_whole(
            Document(name="", text=text, format="txt"), lexicon=self._lexicon, meeting_date=self._day,
            is_workday=default_calendar().is_workday,
        )  # fmt: skip
        if found is None:
            return Told()
        lead, helping = (
            frozenset(unit_ids(party.as_json() for party in self._known.resolve_all(names)))
            for names in (found.lead, found.cooperate)
        )
        due = on_workday(found.due)
        measure = full_width("；".join(found.targets))[:300]
        if not due or due < self._day:
            return Told(lead, helping, None, measure)
        return Told(lead, helping, due, measure, found.deadline or "")
