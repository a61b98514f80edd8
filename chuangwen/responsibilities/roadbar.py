"""A road as a bar, drawn on the server: who has which metres, where nobody is, where two are.

The left side lies above, the right side below, as one walks from metre 0. Gaps are dashed and say their metres,
overlaps are framed; the table under the drawing says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangwen.responsibilities.metres import BOTH, LEFT, Coverage, Stretch
from chuangwen.responsibilities.queries.roads import metres_words

WIDTH, MARGIN = 1040, 8
TOP, LANE, BETWEEN = 6, 26, 4
FOOT = 26
LETTER = 13  # width of a character of a name
TICKS = 10


def road_bar(length: int, sections: Sequence[Any], found: Coverage, *, label: str, small: bool = False) -> SafeString:
    """The bar of one road. `small`: without names and ticks, for a line of a list."""
    scale = (WIDTH - 2 * MARGIN) / length
    bottom = TOP + 2 * LANE + BETWEEN
    parts = [
        *(_section(number, one, scale, length, small=small) for number, one in enumerate(sections)),
        *(_mark("gap", one, scale, small=small) for one in found.gaps),
        *(_mark("overlap", one, scale, small=small) for one in found.overlaps),
    ]
    ticks = SafeString("") if small else _ticks(length, scale, bottom)
    height = bottom + (TOP if small else FOOT)
    return format_html(
        '<svg class="cw-road{}" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="none">{}{}</svg>',
        " cw-road--small" if small else "", WIDTH, height, label,
         format_html_join("", "{}", ((one,) for one in parts)), ticks,
    )  # fmt: skip


def _box(one: Stretch, scale: float) -> tuple[float, int, float, int]:
    """x, y, width, height of a stretch: one lane, or both with what lies between."""
    y = TOP + LANE + BETWEEN if one.side not in (BOTH, LEFT) else TOP
    height = 2 * LANE + BETWEEN if one.side == BOTH else LANE
    return round(MARGIN + one.starts * scale, 1), y, round(one.metres * scale, 1), height


def _section(number: int, section: Any, scale: float, length: int, *, small: bool) -> SafeString:
    one = Stretch(section.starts_at, min(section.ends_at, length), section.side)
    if one.metres <= 0:
        return SafeString("")
    x, y, width, height = _box(one, scale)
    name = str(section.unit)
    words = f"{name} {metres_words(section.starts_at, section.ends_at)}"
    fits = not small and len(name) * LETTER + 8 <= width
    text = format_html('<text x="{}" y="{}">{}</text>', x + width / 2, y + height / 2 + 5, name) if fits else ""
    shade = "is-odd" if number % 2 else "is-even"
    return format_html(
        '<g class="cw-road__part {}"><title>{}</title><rect x="{}" y="{}" width="{}" height="{}"/>{}</g>',
        shade, words, x, y, width, height, text,
    )  # fmt: skip


def _mark(kind: str, one: Stretch, scale: float, *, small: bool) -> SafeString:
    x, y, width, height = _box(one, scale)
    said = _("%dm open") if kind == "gap" else _("%dm twice")
    words = said % one.metres
    fits = not small and kind == "gap" and len(words) * LETTER <= width
    text = format_html('<text x="{}" y="{}">{}</text>', x + width / 2, y + height / 2 + 5, words) if fits else ""
    return format_html(
        '<g class="cw-road__{}"><title>{} {}</title><rect x="{}" y="{}" width="{}" height="{}"/>{}</g>',
        kind, words, metres_words(one.starts, one.ends), x, y, width, height, text,
    )  # fmt: skip


def _ticks(length: int, scale: float, bottom: int) -> SafeString:
    return format_html_join(
        "", '<line class="cw-road__tick" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/><text class="cw-road__metre{4}" '
        'x="{0}" y="{3}">{5}</text>',
        ((round(MARGIN + at * scale, 1), bottom + 2, bottom + 7, bottom + 20, end, _("%dm") % at)
         for at, end in _tick_places(length)),
    )  # fmt: skip


def _tick_places(length: int) -> Iterable[tuple[int, str]]:
    """(metre, class) of round metres, and of the end."""
    step = next(s for n in range(12) for s in (10**n, 2 * 10**n, 5 * 10**n) if length / s <= TICKS)
    for at in range(0, length, step):
        if length - at >= step / 2:
            yield at, " is-first" if at == 0 else ""
    yield length, " is-last"
