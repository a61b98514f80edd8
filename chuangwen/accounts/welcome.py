"""The demo's accounts on the sign-in page. Whoever fills the demo says which; a real site shows none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that everybody may try."""

    login: str
    unit: str
    title: str
    password: str


_provider: list[Callable[[], Sequence[DemoAccount]]] = []


def register_demo_accounts(provider: Callable[[], Sequence[DemoAccount]]) -> None:
    _provider[:] = [provider]


def demo_accounts() -> Sequence[DemoAccount]:
    """The accounts to show; none unless settings.DEMO."""
    return _provider[0]() if settings.DEMO and _provider else ()
