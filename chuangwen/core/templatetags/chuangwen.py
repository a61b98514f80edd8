"""Icons, state shapes and small drawings for templates.

They exist because the content policy forbids style attributes: a width that depends on data is drawn
as SVG here, on the server, and so prints and works without scripts. Names of icons stand in
frontend/src/icons.txt, shapes in frontend/src/shapes.svg; docs/ui.md shows them in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from chuangwen.core.sources import source_parts

register = template.Library()

SPRITE = "chuangwen/icons.svg"
SHAPES = frozenset(
    {
        "met", "not-met", "not-applicable", "not-observable",
        "white", "yellow", "red",
        "open", "found", "assigned", "fixed", "closed", "returned", "recurrence", "disputed", "long-term",
        "lead", "cooperate",
    }
)  # fmt: skip
SOURCES = {
    "customary": (gettext_lazy("customary"), "cw-tag--good"), "proposed": (gettext_lazy("proposed"), "cw-tag--warn"),
    "site": (gettext_lazy("our own"), "cw-tag--brand"),
}  # fmt: skip
RING_LENGTH = 163.4  # circumference of a circle of radius 26
MOST_ACTIONS, SHOWN_ACTIONS = 5, 3  # buttons beside a title; of more so many besides the primary one
COLUMN_STEP, COLUMN_WIDTH, COLUMN_FOOT, COLUMN_FULL = 48, 28, 76, 56


def _sprite() -> str:
    return _sprite_of(settings.STATIC_URL, settings.DEBUG)


@lru_cache(maxsize=8)
def _sprite_of(_static_url: str | None, _debug: bool) -> str:
    """Where the drawings lie. Asked hundreds of times a page, and the same as long as the program runs."""
    return static(SPRITE)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Decorative outline icon: the word beside it carries the meaning."""
    return _icon(_sprite(), str(name), str(css))


@lru_cache(maxsize=1024)
def _icon(sprite: str, name: str, css: str) -> SafeString:
    more = f" {css}" if css else ""
    return format_html('<svg class="cw-icon{}" aria-hidden="true"><use href="{}#{}"/></svg>', more, sprite, name)


@register.simple_tag
def seal() -> SafeString:
    """The program's own mark."""
    return format_html('<svg class="cw-seal" aria-hidden="true"><use href="{}#seal"/></svg>', _sprite())


@register.simple_tag
def state_shape(name: str, label: str = "", css: str = "") -> SafeString:
    """Shape of a state, alone. Give `label` where no word stands beside it. ValueError for an unknown name.

    Underscores may be written for hyphens, so that an enum's value can be passed as it is.
    """
    return _shape(_sprite(), str(name), str(label), str(css))


@lru_cache(maxsize=1024)
def _shape(sprite: str, name: str, label: str, css: str) -> SafeString:
    shape = name.replace("_", "-")
    if shape not in SHAPES:
        raise ValueError(f"There is no shape called {name!r}; the shapes are {', '.join(sorted(SHAPES))}.")
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="cw-shape cw-shape--{0}{1}" {2}><use href="{3}#shape-{0}"/></svg>',
        shape, f" {css}" if css else "", said, sprite,
    )  # fmt: skip


@register.simple_tag
def state(name: str, word: str) -> SafeString:
    """Shape and word of a state, in its colour."""
    return _state(_sprite(), str(name), str(word))


@lru_cache(maxsize=1024)
def _state(sprite: str, name: str, word: str) -> SafeString:
    shape = name.replace("_", "-")
    return format_html('<span class="cw-state cw-state--{}">{}{}</span>', shape, _shape(sprite, shape, "", ""), word)


def _share(part: float, whole: float) -> float:
    return round(max(0.0, min(1.0, part / whole)) * 100, 2) if whole else 0.0


@register.simple_tag
def bar(
    value: float, full: float = 100, *, label: str = "", tone: str = "", css: str = "", lost: float = 0
) -> SafeString:
    """Bar of `value` out of `full`; `lost` adds the pale red part behind it. `tone`: "", "good" or "bad".

    Without `label` the bar is decoration beside a printed figure.
    """
    got, both = _share(float(value), float(full)), _share(float(value) + float(lost), float(full))
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    behind = format_html('<rect class="is-lost" width="{}" height="8"/>', both) if lost else ""
    return format_html(
        '<svg class="cw-bar{}" viewBox="0 0 100 8" preserveAspectRatio="none" {}>'
        '{}<rect{} width="{}" height="8"/></svg>',
        f" {css}" if css else "", said, behind, format_html(' class="is-{}"', tone) if tone else "", got,
    )  # fmt: skip


@register.simple_tag
def ring(part: int, whole: int, label: str) -> SafeString:
    """Ring with "part/whole" inside; `label` says it in words."""
    length = round(RING_LENGTH * _share(part, whole) / 100, 1)
    narrowed = SafeString(' textLength="38" lengthAdjust="spacingAndGlyphs"' if whole > 9 else "")  # within the ring
    return format_html(
        '<svg class="cw-ring" viewBox="0 0 64 64" role="img" aria-label="{}"><circle cx="32" cy="32" r="26"/>'
        '<circle class="is-part" cx="32" cy="32" r="26" stroke-dasharray="{} {}"'
        ' transform="rotate(-90 32 32)"/>'
        '<text x="32" y="38"{}>{}/{}</text></svg>',
        label, length, RING_LENGTH, narrowed, part, whole,
    )  # fmt: skip


@register.simple_tag
def columns(rows: Sequence[Mapping[str, Any]], label: str) -> SafeString:
    """Small column chart of rows {label, value}, values printed above the columns; the last one is "now"."""
    top = max((float(row["value"]) for row in rows), default=0.0) or 1.0

    def column(index: int, row: Mapping[str, Any]) -> tuple[Any, ...]:
        height = round(float(row["value"]) / top * COLUMN_FULL, 1)
        left = 6 + index * COLUMN_STEP
        mark = SafeString(' class="is-now"') if index == len(rows) - 1 else ""
        foot, middle = round(COLUMN_FOOT - height, 1), left + COLUMN_WIDTH / 2
        box = mark, left, foot, COLUMN_WIDTH, height
        return *box, middle, round(foot - 6, 1), row["value"], row["label"]

    drawn = format_html_join(
        "",
        '<rect{0} x="{1}" y="{2}" width="{3}" height="{4}" rx="3"/>'
        '<text class="cw-columns__value" x="{5}" y="{6}">{7}</text><text x="{5}" y="93">{8}</text>',
        (column(index, row) for index, row in enumerate(rows)),
    )
    width = max(len(rows), 1) * COLUMN_STEP
    return format_html(
        '<svg class="cw-columns" viewBox="0 0 {} 98" role="img" aria-label="{}">{}</svg>', width, label, drawn
    )


@register.filter
def folded_actions(actions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of a page's actions that lie behind "…" beside the title: with more than five, all but the first three
    and the primary one, which would else stand alone in a second row."""
    secondary = [one for one in actions if not one.get("primary")]
    return secondary[SHOWN_ACTIONS:] if len(actions) > MOST_ACTIONS else []


@register.filter
def has_rare(actions: Iterable[Mapping[str, Any]]) -> bool:
    """Whether some acts of a next step are seldom what is wanted and stand in a menu."""
    return any(one.get("rare") for one in actions)


@register.filter
def back_link(breadcrumbs: Iterable[Mapping[str, Any]] | None) -> Mapping[str, Any] | None:
    """The nearest breadcrumb that leads somewhere: where the phone's back arrow goes."""
    found = None
    for crumb in breadcrumbs or ():
        if crumb.get("url"):
            found = crumb
    return found


def label_tag(label: str) -> SafeString:
    """The label of a source (sources.LABELS) as a tag."""
    words, css = SOURCES[label]
    return format_html('<span class="cw-tag {}">{}</span>', css, words)


@register.simple_tag
def source_tag(source: str) -> SafeString:
    """The label of a source as a tag, the rest beside it."""
    label, rest = source_parts(source)
    return format_html("{} {}", label_tag(label), rest) if label else format_html("{}", rest)
