"""Every list of supervision, as it is registered for export and copying."""

from __future__ import annotations

from chuangwen.supervision.views.consequences import CONSEQUENCES
from chuangwen.supervision.views.flags import FLAGS
from chuangwen.supervision.views.ledger import REGISTER
from chuangwen.supervision.views.look_back_list import LAG_LINES, LOOK_BACKS
from chuangwen.supervision.views.meetings import MEETING_LINES, MEETINGS
from chuangwen.supervision.views.stories import STORIES
from chuangwen.supervision.views.talks import TALKS
from chuangwen.supervision.views.veto import EVENTS
from chuangwen.supervision.views.weeks import WEEK_LINES, WEEK_LISTS

LISTS = (
    REGISTER, EVENTS, FLAGS, WEEK_LISTS, WEEK_LINES, STORIES, TALKS, MEETINGS, MEETING_LINES, CONSEQUENCES,
    LOOK_BACKS, LAG_LINES,
)  # fmt: skip
