"""What no text and no date of this program holds, whoever sends it: a form, or the phone in the field.

Control characters and marks that turn the direction of text come from broken copies or from somebody who wants a
name to look like another; a day in the year 1 or 9999 is a slip of the finger that overflows calendars. Imports
clean and refuse the same (workbooks/misfits.py, workbooks/dates.py).
"""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workbooks.dates import FIRST_YEAR, LAST_YEAR

# C0, DEL and C1 controls; embeddings, overrides and isolates of direction (Unicode, UAX 9)
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_ODD_IN_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def odd_words(text: str, *, lines: bool = False) -> str:
    """What is wrong with a text that holds a control character, in words; "" for a sound one.

    With `lines` it may have several: line ends and tabs stay.
    """
    found = (_ODD_IN_LINES if lines else _ODD).search(text)
    if found is None:
        return ""
    words = _("A character that cannot be seen stands after “%(before)s”. Delete it and type the text again.")
    return words % {"before": text[max(0, found.start() - 6) : found.start()]}


def is_near(day: date) -> bool:
    """Whether a campaign can mean this day or moment."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def true_time(at: datetime | None) -> datetime:
    """When a step that is entered from paper really happened, now where nothing is said. Refuses the future."""
    now = clock.now()
    if at is not None and at > now:
        raise Refusal(_("The time lies in the future."), _("Enter when it really happened."))
    return at or now
