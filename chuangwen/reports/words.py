"""What kinds of papers, columns and values are called, on screen and on paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import wording
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.core.workdays import ZONE
from chuangwen.rectification.queries import RATE_DEFINITION
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.figures import COLUMNS
from chuangwen.reports.ledgers import HARD, INSTRUCTIONS, SUPERIOR, TASKS, WORK
from chuangwen.reports.rounds import ROUND
from chuangwen.reports.sheet import Column
from chuangwen.reports.year_end import YEAR
from chuangwen.workflow.transitions import Words

RECTIFYING = (PaperKind.BULLETIN, PaperKind.RECTIFICATION)
MONTHLY = (PaperKind.BULLETIN, PaperKind.INSTRUCTIONS)
YEARLY = (PaperKind.YEAR,)
OF_ROUNDS = (PaperKind.ROUND, PaperKind.UPWARD)  # the same findings, down to units and up to superiors
INSIDE = (PaperKind.INSTRUCTIONS, PaperKind.YEAR, PaperKind.UPWARD)  # never shown to everybody
PICTURED = (PaperKind.BULLETIN, PaperKind.RECTIFICATION, PaperKind.SUPERIOR)  # may show photos before and after
# With document letters and 号, all in one series of the office; the others are issues of a series of their own (期)
NUMBERED = (PaperKind.BULLETIN, PaperKind.ROUND, PaperKind.UPWARD)

LABELS: dict[str, Words] = {
    "new": pgettext_lazy("figure", "Newly assigned"),
    "due": pgettext_lazy("figure", "Due"),
    "in_time": pgettext_lazy("figure", "In time"),
    "late_closed": pgettext_lazy("figure", "Closed late"),
    "late_open": pgettext_lazy("figure", "Late, not closed"),
    "open": pgettext_lazy("figure", "Not closed"),
    "long_term": pgettext_lazy("figure", "Long-term"),
    "returned": pgettext_lazy("figure", "Returned"),
    "recurrence": pgettext_lazy("figure", "Recurrence"),
    "rate": pgettext_lazy("figure", "Rate in time"),
    "change": pgettext_lazy("figure", "Change"),
    "self_found": pgettext_lazy("figure", "Found by unit"),
    "batch": pgettext_lazy("paper", "Batch"),
    "source_number": pgettext_lazy("paper", "Number in the source"),
    "photos": pgettext_lazy("paper", "Photos"),
    "lead": pgettext_lazy("paper", "Lead"),
    "deadline": pgettext_lazy("paper", "Deadline"),
    "result": pgettext_lazy("paper", "Result"),
    "answer_number": pgettext_lazy("paper", "Number of the answer"),
    "cause": pgettext_lazy("paper", "Cause"),
    "funding": pgettext_lazy("paper", "Money and source"),
    "interim": pgettext_lazy("paper", "Interim measure"),
    "steps": pgettext_lazy("paper", "Milestones"),
    "coordinator": pgettext_lazy("paper", "Coordinating leader"),
    "number": pgettext_lazy("paper", "Number"),
    "criterion": pgettext_lazy("paper", "Criterion"),
    "cooperating": pgettext_lazy("paper", "Cooperating"),
    "measures": pgettext_lazy("paper", "Measures"),
    "people": pgettext_lazy("paper", "People"),
    "progress": pgettext_lazy("paper", "Progress"),
    "state": pgettext_lazy("paper", "State"),
    "focus": pgettext_lazy("paper", "Focus of the week"),
    "done": pgettext_lazy("paper", "Done"),
    "difficulty": pgettext_lazy("paper", "Difficulties"),
    "coordinate": pgettext_lazy("paper", "To be coordinated"),
    "next": pgettext_lazy("paper", "Next week"),
    "checked_by": pgettext_lazy("paper", "Checked by"),
    "content": pgettext_lazy("paper", "Content"),
    "written": pgettext_lazy("paper", "Date"),
    "handled_by": _("Handled by"),
    "peer_group": pgettext_lazy("paper", "Peer group"),
    "score": pgettext_lazy("figure", "Score"),
    "rank": pgettext_lazy("figure", "Rank"),
    "tasks_rate": pgettext_lazy("figure", "Tasks in time"),
    "white": pgettext_lazy("figure", "White notices"),
    "yellow": pgettext_lazy("figure", "Yellow notices"),
    "red": pgettext_lazy("figure", "Red notices"),
    "red_flag": pgettext_lazy("figure", "Red flags"),
    "black_flag": pgettext_lazy("figure", "Black flags"),
    "praise": pgettext_lazy("figure", "Praise"),
    "exposure": pgettext_lazy("figure", "Exposure"),
    "reward": pgettext_lazy("figure", "Rewards"),
    "consequence": pgettext_lazy("figure", "Consequences"),
    "veto": pgettext_lazy("figure", "Vetoes"),
    "titles": pgettext_lazy("figure", "Titles held"),
    "found": pgettext_lazy("figure", "Found in the round"),
    "lost": pgettext_lazy("figure", "Points lost"),
}
FIRST: dict[str, Words] = {
    PaperKind.BULLETIN: _("Unit"),
    PaperKind.RECTIFICATION: _("Unit"),
    PaperKind.WORK: _("Unit"),
    PaperKind.SUPERIOR: pgettext_lazy("paper", "Problem"),
    PaperKind.HARD: pgettext_lazy("paper", "Problem"),
    PaperKind.INSTRUCTIONS: pgettext_lazy("paper", "Written by"),
    PaperKind.TASKS: pgettext_lazy("paper", "Task"),
    PaperKind.YEAR: _("Unit"),
    PaperKind.ROUND: _("Unit"),
    PaperKind.UPWARD: _("Unit"),
}
COLUMNS_OF: dict[str, tuple[Column, ...]] = {
    PaperKind.BULLETIN: COLUMNS,
    PaperKind.RECTIFICATION: COLUMNS,
    PaperKind.WORK: WORK,
    PaperKind.SUPERIOR: SUPERIOR,
    PaperKind.HARD: HARD,
    PaperKind.INSTRUCTIONS: INSTRUCTIONS,
    PaperKind.TASKS: TASKS,
    PaperKind.YEAR: YEAR,
    PaperKind.ROUND: ROUND,
    PaperKind.UPWARD: ROUND,
}
_ROUND = _(
    "Found in the round: problems that the round's checks led to; those merged into another or whose object is gone "
    "are left out. Not closed and late: as they stood on the status date. Points lost: as the round's newest score "
    "gives them to units; a dash where none was computed."
)
_COUNTED = _(
    "Newly assigned: assigned in the period. Due: the denominator of the rate, the sum of in time, closed late, and "
    "late and not closed. Not closed and long-term: as they stood on the status date, of whatever period. Returned: "
    "returned by the verifier in the period. Recurrence: found again in the period, within 30 days of closing. "
    "Change: percentage points against the period before."
)
DEFINITIONS: dict[str, tuple[Words, ...]] = {
    PaperKind.BULLETIN: (RATE_DEFINITION, _COUNTED),
    PaperKind.RECTIFICATION: (RATE_DEFINITION, _COUNTED),
    PaperKind.WORK: (
        _("Where somebody checked the row it stands as the unit confirmed it in its weekly report. Where it says that "
          "it is not confirmed, it is drawn from the ledgers, for a week that is over as they stood then. Focus: "
          "tasks, steps and problems due in the week. Done: reported or confirmed done, closed. Difficulties: late. "
          "To be coordinated: objections, requests for more time, waiting for another unit. Next: due in the week "
          "after."),
        _("Checked by: whom the unit named when it confirmed, or whom the office named in the draft. Units that have "
          "nothing to tell are left out."),
    ),
    PaperKind.SUPERIOR: (_("All problems from superiors' feedback found in the period, as on the status date."),),
    PaperKind.HARD: (_("All problems on the long-term list on the status date."),),
    PaperKind.INSTRUCTIONS: (
        _("Instructions written in the period, and earlier ones that were not settled on the status date; those "
          "withdrawn are left out. Deadline: the earliest that somebody still has to keep. Result: where it stands, "
          "and what the units replied last."),
    ),
    PaperKind.TASKS: (_("All tasks of the campaign that were issued and not cancelled, as on the status date."),),
    PaperKind.YEAR: (
        _("Score: the parts of the monthly score over the whole period, by the site's weights; a part with nothing to "
          "measure is left out. Rank: within the peer group, ties share it. Rate in time: problems closed in time of "
          "those due; what units found themselves is left out. Tasks in time: tasks reported by their deadline of "
          "those due."),
        _("Notices: signed and not withdrawn. Flags: given. Praise and exposure: released and not taken down. Rewards "
          "and consequences: of the year's assessment, confirmed and not lifted. Vetoes: confirmed and not lifted. "
          "Titles: held on the last day of the period."),
        _("The sheet speaks of units and of no person, and adds nothing up: what weight a figure has is for who "
          "assesses to say."),
    ),
    PaperKind.ROUND: (_ROUND,),
    PaperKind.UPWARD: (_ROUND,),
}  # fmt: skip


def label_of_column(key: str) -> str:
    """A column's head."""
    return str(LABELS.get(key, key))


def shown(value: Any, column: Column) -> str:
    """A value as it is written; empty where there is none."""
    if value is None or value == "":
        return "—" if column.kind in {"share", "change", "points"} else ""
    if column.kind == "share":
        return wording.percent_words(value)
    if column.kind == "change":
        return change_words(float(value))
    if column.kind in {"count", "points"}:
        return wording.figure_words(round(value, 1) if column.kind == "points" else value)
    if column.kind == "moment":
        return moment(datetime.fromisoformat(str(value)).replace(tzinfo=ZONE))
    return day(date.fromisoformat(str(value))) if column.kind == "day" else str(value)


def change_words(change: float) -> str:
    """Percentage points with one decimal and a sign: +1.2, −3; no change is 0."""
    text = wording.percent_words(change).removesuffix("%")
    if text.strip("−") in {"0", "0.0"}:
        return "0"
    return text if text.startswith(wording.MINUS) else f"+{text}"
