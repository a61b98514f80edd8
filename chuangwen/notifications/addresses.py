"""Which apprise addresses may be used. Pure: no Django.

A site lists what it allows (NOTIFY_SCHEMES): `wecombot` for a service with a host of its own,
`json://gateway.local` for a kind that could reach any host, which then reaches this one alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

LONGEST = 300


def scheme_of(address: str) -> str:
    return address.split("://", 1)[0].strip().lower() if "://" in address else ""


def names_any_host(scheme: str) -> bool:
    """Whether addresses of this kind name the host to be reached; unknown kinds count as such."""
    from apprise.manager_plugins import (  # noqa: PLC0415
        NotificationManager,
    )  # loaded when needed: no start of the program should wait for it

    known: Any = NotificationManager()  # type: ignore[no-untyped-call]
    return scheme not in known or "host" in known[scheme].template_tokens


def is_allowed(address: str, allowed: Iterable[str]) -> bool:
    """Whether a person may have the digest sent to `address`, by the site's list."""
    if len(address) > LONGEST or any(c.isspace() or ord(c) < 32 for c in address):
        return False
    scheme = scheme_of(address)
    try:
        host = (urlsplit(address).hostname or "").lower()
    except ValueError:
        return False
    for entry in allowed:
        if "://" in entry:
            if scheme == scheme_of(entry) and host and host == (urlsplit(entry).hostname or "").lower():
                return True
        elif scheme and scheme == entry.lower() and not names_any_host(scheme):
            return True
    return False


def filled_in(template: str, *, account: str, phone: str, email: str) -> str:
    """The site's address for one person: {account}, {phone} or {email} filled in; "" where the person has none.

    An address that names nobody would send everybody's digest to one place; it gives "".
    """
    values = {"account": account, "phone": phone, "email": email}
    wanted = [name for name in values if f"{{{name}}}" in template]
    if not wanted or any(not values[name] for name in wanted):
        return ""
    for name in wanted:
        template = template.replace(f"{{{name}}}", "".join(c for c in values[name] if c.isalnum() or c in "@._+-"))
    return template
