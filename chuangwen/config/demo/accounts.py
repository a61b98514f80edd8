"""Who can sign in to the demo: printed when it starts, shown on its sign-in page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from chuangwen.accounts.welcome import DemoAccount
from chuangwen.config.demo.content import words

PASSWORD = "Yunxi-2026-demo"  # noqa: S105 (printed beside the accounts; the demo holds nothing real)
# One of each role of the city, the office first; then the committee of agencies and two of its agencies
SHOWN = (
    "office", "leader", "chengguan", "keeper-zhonggulou", "inspector1", "verifier", "assessor", "auditor", "admin",
    "gongwei", "gongwei-leader", "shuili", "jiaotongju",
)  # fmt: skip


def shown_lines() -> Iterator[str]:
    """The accounts of SHOWN as aligned lines under a heading with the password they share."""
    yield f"Accounts, all with the password  {PASSWORD}"
    by_login = _accounts()
    for login in SHOWN:
        account = by_login[login]
        name = account["name"] + " " * (8 - _columns(account["name"]))
        yield f"  {login:<19}{account['role']:<15}{name}{account['title']}"


def shown_accounts() -> Sequence[DemoAccount]:
    """The accounts of SHOWN for the sign-in page, with unit and post."""
    by_login = _accounts()
    city = {unit["code"]: unit.get("short_name") or unit["name"] for unit in words("units")["units"]}
    root, agencies = words("agencies")["root"], words("agencies")["agencies"]
    committee = {root["code"]: root["short_name"], **{one[0]: one[2] for one in agencies}}
    found = []
    for login in SHOWN:
        one = by_login[login]
        units = city if one in words("people")["accounts"] else committee
        found.append(DemoAccount(login, units[one["unit"]], one["title"], PASSWORD))
    return found


def _accounts() -> dict[str, dict[str, str]]:
    told = [*words("people")["accounts"], *words("agencies")["accounts"]]
    return {account["login"]: account for account in told}


def _columns(text: str) -> int:
    """How many columns of a terminal `text` takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
