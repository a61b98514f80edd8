"""Filters of the result page."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import get_language

from chuangwen.scoring.engine import show
from chuangwen.standards.models import Node

register = template.Library()


@register.filter
def minus(points: float | None) -> str:
    """Points lost as −0.96; 0.00 without a sign, — where nothing was assessed."""
    if points is None:
        return "—"
    text = show(points)
    return text if text == "0.00" else f"−{text}"


@register.filter
def points(number: float | Decimal | None) -> str:
    """Points with both decimals, 18.00 as well as 17.86, so that a column of them aligns; — where there are none.

    In the pages of scores it stands for the filter of the same name, which leaves out decimals of nought.
    """
    if number is None or number == "":
        return "—"
    text = show(abs(float(number)))
    return f"−{text}" if number < 0 and text != "0.00" else text


@register.filter
def title(node: Node) -> str:
    """The node's title in the reader's language; Chinese where the standard has no English."""
    english = (get_language() or "").startswith("en")
    return node.title_en if english and node.title_en else node.title_zh


@register.filter
def signed(points: float) -> str:
    """A difference as +1.20 or −1.20, nothing less than a hundredth as 0.00."""
    text = show(abs(points))
    return text if text == "0.00" else f"{'+' if points > 0 else '−'}{text}"
