"""Filters that say entered results in words."""

from __future__ import annotations

from django import template

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
