"""The series of meetings that a campaign begins with, and the numbers of meetings. Pure data.

"customary" where the field's documents describe it (月例会、季例会, 每两月通报会、问题反馈督办会), "proposed" where the
number is ours. An office edits all of it on the page of series.
"""

from __future__ import annotations

from datetime import time
from typing import Any

MONTHLY = "customary: 每月创建工作例会，月例会与季例会并存；日期为建议值"
TWO_MONTHS = "customary: 每两月一次通报会、一次问题反馈督办会；日期为建议值"
STANDUP = "proposed: 迎检前20个工作日内每周一次"
STUDY = "customary: 领导班子定期专题研究；周期与日期为建议值"
PASSING = "proposed: 会后三个工作日内"
FIRST_YEAR, LAST_YEAR = 1990, 2099  # (proposed) years in which a meeting can lie; what is typed beyond is a slip
PASS_WITHIN = 3  # working days, where neither the paper nor the series says another number
REPORT_DAYS = 2  # working days before the meeting, where a written report goes with it


def _monthly(step: int, phase: int, day: int) -> dict[str, Any]:
    return {"every": "month", "step": step, "phase": phase, "day": day, "working": True}


DEFAULT_SERIES: tuple[dict[str, Any], ...] = (
    {"kind": "regular", "name": "创建工作月例会", "schedule": _monthly(1, 1, 3), "pass_within": PASS_WITHIN,
     "report_before": REPORT_DAYS, "source": MONTHLY},
    {"kind": "regular", "name": "创建工作季例会", "schedule": _monthly(3, 3, -3), "pass_within": PASS_WITHIN,
     "source": MONTHLY},
    {"kind": "bulletin", "name": "创建工作通报会", "schedule": _monthly(2, 1, 8), "pass_within": PASS_WITHIN,
     "source": TWO_MONTHS},
    {"kind": "supervision", "name": "问题反馈督办会", "schedule": _monthly(2, 2, 8), "source": TWO_MONTHS},
    {"kind": "standup", "name": "迎检周调度会", "schedule": {"every": "week", "step": 1, "phase": 1, "day": 1,
     "working": False}, "window_days": 20, "at": time(8, 30), "source": STANDUP},
    {"kind": "study", "name": "领导小组专题研究", "schedule": _monthly(3, 2, 5), "source": STUDY},
)  # fmt: skip
