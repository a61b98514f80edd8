"""The demo's accounts for the sign-in page."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from chuangwen.accounts import welcome

register = template.Library()


@register.simple_tag
def demo_accounts() -> Sequence[welcome.DemoAccount]:
    """None unless this is a demo."""
    return welcome.demo_accounts()
