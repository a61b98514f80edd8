"""The demo's accounts for the sign-in page."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from chuangwen.accounts import welcome
from chuangwen.accounts.models import User

register = template.Library()


@register.simple_tag
def demo_accounts() -> Sequence[welcome.DemoAccount]:
    """None unless this is a demo."""
    return welcome.demo_accounts()


@register.simple_tag
def nobody_yet() -> bool:
    """Whether the site has no account at all, so that signing in is no way in."""
    return not User.objects.exists()
