"""Filters that say a standard's texts and rules in the reader's language (standards/wording.py has the rules)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from chuangwen.standards import wording
from chuangwen.standards.enums import Method, ProblemClass, VetoEffect
from chuangwen.standards.models import in_language
from chuangwen.standards.tree import EvidenceSlot, Node, Text, points_of

register = template.Library()


def _chinese() -> bool:
    return not (get_language() or "").startswith("en")


@register.filter
def said(text: Text) -> str:
    """A title of the standard: English on English screens where the file has it."""
    return in_language(text.zh, text.en)


@register.filter
def rule(node: Node) -> str:
    """达标率85%以上得A，80%以上得B，其余得C."""
    return wording.rule_words(node, chinese=_chinese())


@register.filter
def worth(node: Node) -> str:
    """A node's points: 13.5."""
    return wording.number_words(points_of(node))


@register.filter
def amount(value: float | None) -> str:
    """A number as short as it can be said; a dash for none."""
    return "—" if value is None else wording.number_words(value)


@register.filter
def slot(value: EvidenceSlot) -> str:
    """文：文件至少2份，近24个月."""
    return wording.slot_words(value, chinese=_chinese())


@register.filter
def within(value: str) -> str:
    """3个工作日 for "3d"."""
    return wording.within_words(value, chinese=_chinese())


@register.filter
def method(value: Any) -> str:
    """实地考察 for "field"."""
    return str(Method(value).label) if value in Method.values else "—"


@register.filter
def problem_class(value: str) -> str:
    """立行立改 for "immediate"."""
    return str(ProblemClass(value).label)


@register.filter
def effect(value: str) -> str:
    """一票否决 for "veto"."""
    return str(VetoEffect(value).label)
