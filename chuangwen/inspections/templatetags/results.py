"""Filters that say entered results in words."""

from __future__ import annotations

from typing import Any

from django import template

from chuangwen.campaigns.result_sources import source_of
from chuangwen.core.access import may
from chuangwen.inspections import wording
from chuangwen.inspections.models import EnteredResult

register = template.Library()


@register.filter
def told(result: EnteredResult) -> str:
    """B, 86.4%（600份）, +1.5."""
    return wording.result_words(result)


@register.filter
def named(result: EnteredResult) -> str:
    """2.1 台账齐全."""
    return wording.name_of(result)


@register.filter
def coded(one: Any) -> str:
    """The code with its title of what a source brings: N1 曝光未整改."""
    return wording.name_of(_unsaved(one))


@register.filter
def points_brought(one: Any) -> str:
    """What it would say once taken: −1.5."""
    return wording.result_words(_unsaved(one))


def _unsaved(one: Any) -> EnteredResult:
    row = one.row
    return EnteredResult(version=one.version, kind=row.kind, code=row.code, value=row.value, weight=row.weight)


@register.simple_tag(takes_context=True)
def way_back(context: Any, result: EnteredResult) -> dict[str, Any]:
    """From where a taken result came: label, and url where the reader may follow; {} for what a person entered."""
    found = source_of(result.origin)
    if found is None:
        return {}
    source, key = found
    return {"label": source.label, "url": source.url(key) if may(context["request"].user, source.permission) else ""}
