"""The part that says who lost what, for the whole result and for a unit's own page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.access import may
from chuangwen.scoring.loss_sheets import HEADS
from chuangwen.scoring.models import Standing
from chuangwen.scoring.queries.loss_lines import (
    ON_GROUND,
    By,
    LossBook,
    LossLine,
    LossLines,
    Narrowed,
    loss_lines,
    names_of,
    plain_lines,
)
from chuangwen.scoring.queries.winning import horizon_of
from chuangwen.scoring.trees import section_codes
from chuangwen.standards.queries import tree_of

LINES_SHOWN = 12  # what is read at a glance; a line adds up the others and leads to them
INSIDE_SHOWN = 8  # of what is in a chosen line
CHARTED = 14


def loss_table(request: HttpRequest, book: LossBook, *, own: bool = False) -> dict[str, Any]:
    """The lines of the chosen way, the chosen line with what is in it, and a chart where the way is of places."""
    ways = [way for way in book.ways if not own or way is not By.UNIT]
    narrowed = asked_line(request)
    asked = narrowed.by if narrowed else request.GET.get("by", "")
    by = next((way for way in ways if way == asked), ways[0])
    most = None if request.GET.get("losses") == "all" else LINES_SHOWN
    found = loss_lines(book, by, told=most, also=narrowed.key if narrowed else "")
    chosen = next((one for one in found.lines if narrowed and (by, one.key) == (narrowed.by, narrowed.key)), None)
    shown, others = found.lines[:most], found.lines[most:] if most else []
    if chosen in others:
        shown = [*shown, chosen]
        others = [one for one in others if one is not chosen]
    return {
        "loss_by": by,
        "loss_head": HEADS[by],
        "loss_tabs": [{"label": HEADS[way], "url": f"?by={way}#losses-title", "current": way is by} for way in ways],
        "losses": shown,
        "more_lines": len(others),
        "more_lost": round(sum(one.shown for one in others), 2),
        "more_back": round(sum(one.shown_back for one in others), 2),
        "greatest": max((one.points for one in found.lines), default=1.0),
        "loss_sum": found,
        "line": chosen,
        "inside": _inside(book, found, chosen, ways, own=own),
        "loss_chart": _chart(found) if by in ON_GROUND else None,
        "loss_placed": book.placed,
        "horizon": horizon_of(book.run),
        "reads_problems": may(request.user, "rectification.view"),
    }


def asked_line(request: HttpRequest) -> Narrowed | None:
    """The line that the address names: `?by=district&line=12`, or `?unit=12`."""
    unit = request.GET.get("unit", "")
    return (
        Narrowed.asked("unit", unit) if unit else Narrowed.asked(request.GET.get("by", ""), request.GET.get("line", ""))
    )


def line_words(book: LossBook, line: Narrowed | None) -> str:
    """The name of the line to which what is shown is narrowed."""
    return names_of(book.run, [line])[0] if line else ""


def _inside(
    book: LossBook, found: LossLines, line: LossLine | None, ways: list[By], *, own: bool
) -> list[dict[str, Any]]:
    """What is in the chosen line, by the other ways: lines with the address that opens the rows behind."""
    if line is None:
        return []
    chosen = Narrowed(found.by, line.key)
    narrow, tops = book.within(chosen), section_codes(tree_of(book.run.version))
    parts = []
    for way in ways:
        if way is not found.by and (way not in ON_GROUND or narrow.placed):
            inside = plain_lines(narrow, way, total=line.shown, told=INSIDE_SHOWN)
            rest = inside.lines[INSIDE_SHOWN:]
            rows = [
                (one, _opened_own(way, one) if own else _opened(book, chosen, way, one, tops))
                for one in inside.lines[:INSIDE_SHOWN]
            ]
            parts.append(
                {
                    "head": HEADS[way], "rows": rows, "more": len(rest),
                    "more_lost": round(sum(one.shown for one in rest), 2), "sum": inside.shown,
                }
            )  # fmt: skip
    order = {str(HEADS[By.CRITERION]): 0}
    return sorted(parts, key=lambda part: order.get(str(part["head"]), 1))


def _opened(book: LossBook, line: Narrowed, way: By, one: LossLine, tops: dict[str, str]) -> str:
    """Where the rows behind a figure are: a criterion's in the drill of this page, others in the full list."""
    if way is By.CRITERION:
        return f"?by={line.by}&line={quote(line.key)}&node={tops.get(one.key, '')}&leaf={one.key}#drill"
    pairs = f"{line.by}={quote(line.key)}&{way}={quote(one.key)}"
    return f"{reverse('scoring:losses', args=[book.run.pk])}?{pairs}"


def _opened_own(way: By, one: LossLine) -> str:
    """A unit's page leads to nothing but itself."""
    return f"?by={way}&line={quote(one.key)}#line"


def _chart(found: LossLines) -> dict[str, Any] | None:
    """The lines on the ground as lying bars: what can be won back, and the rest; nought has no figure."""
    lines = [one for one in found.lines if one.key != Standing.NOWHERE][:CHARTED]
    series: list[dict[str, Any]] = [
        {"name": _("Can be won back"), "values": [one.shown_back or None for one in lines], "tone": "got"},
        {"name": _("Hardly in this campaign"), "values": [one.shown_gone or None for one in lines], "tone": "lost"},
    ]
    labels = [one.name for one in lines]
    return {"kind": "rows", "labels": labels, "series": series, "stacked": True, "digits": 2} if lines else None
