"""Which of the demo's accounts its sign-in page shows: one of each kind of user, the office first."""

from __future__ import annotations

from collections.abc import Sequence

from chuangwen.accounts.welcome import DemoAccount
from chuangwen.config.demo.accounts import PASSWORD, SHOWN
from chuangwen.config.demo.content import words


def shown_accounts() -> Sequence[DemoAccount]:
    """In the order of SHOWN, under the name of the unit and the post."""
    people = words("people")
    by_login = {account["login"]: account for account in people["accounts"]}
    units = {unit["code"]: unit.get("short_name") or unit["name"] for unit in words("units")["units"]}
    return [
        DemoAccount(login, units[one["unit"]], one["title"], PASSWORD)
        for login in SHOWN
        if (one := by_login.get(login))
    ]
