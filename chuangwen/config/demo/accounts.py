"""Who can sign in to the demo: printed when it starts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from chuangwen.config.demo.content import words

PASSWORD = "Yunxi-2026-demo"  # noqa: S105 (printed beside the accounts; the demo holds nothing real)


def shown_accounts() -> Iterator[str]:
    """One account of each role, as aligned lines under a heading with the password they share."""
    yield f"Accounts, all with the password  {PASSWORD}"
    seen = set()
    for account in words("people")["accounts"]:
        if account["role"] not in seen:
            seen.add(account["role"])
            name = account["name"] + " " * (8 - _columns(account["name"]))
            yield f"  {account['login']:<18}{account['role']:<15}{name}{account['title']}"


def _columns(text: str) -> int:
    """How many columns of a terminal `text` takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
