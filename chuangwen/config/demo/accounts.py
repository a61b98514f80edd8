"""Who can sign in to the demo: printed when it starts, shown on its sign-in page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from chuangwen.accounts.welcome import DemoAccount
from chuangwen.config.demo.content import words

PASSWORD = "Yunxi-2026-demo"  # noqa: S105 (printed beside the accounts; the demo holds nothing real)
# One of each role, the office first
SHOWN = ("office", "leader", "chengguan", "keeper-zhonggulou", "inspector1", "verifier", "assessor", "auditor", "admin")


def shown_lines() -> Iterator[str]:
    """The accounts of SHOWN as aligned lines under a heading with the password they share."""
    yield f"Accounts, all with the password  {PASSWORD}"
    by_login = {account["login"]: account for account in words("people")["accounts"]}
    for login in SHOWN:
        account = by_login[login]
        name = account["name"] + " " * (8 - _columns(account["name"]))
        yield f"  {login:<19}{account['role']:<15}{name}{account['title']}"


def shown_accounts() -> Sequence[DemoAccount]:
    """The accounts of SHOWN for the sign-in page, with unit and post."""
    by_login = {account["login"]: account for account in words("people")["accounts"]}
    units = {unit["code"]: unit.get("short_name") or unit["name"] for unit in words("units")["units"]}
    chosen = [by_login[login] for login in SHOWN]
    return [DemoAccount(one["login"], units[one["unit"]], one["title"], PASSWORD) for one in chosen]


def _columns(text: str) -> int:
    """How many columns of a terminal `text` takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
