"""The side bar and the phone's tabs: what a person has a use for, in groups that fold.

Which groups somebody has folded stands in a cookie of the person's own, so that the page is drawn right at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from chuangwen.core.access import may, roles_held
from chuangwen.core.addresses import address
from chuangwen.core.counting import counts
from chuangwen.core.kept_counts import kept_counts
from chuangwen.core.panels import NavGroup, NavItem, navigation

LABELS = {
    NavGroup.STANDARDS: _("Standards and duties"),
    NavGroup.DUTIES: _("Directives and tasks"),
    NavGroup.FIELD: _("Fieldwork"),
    NavGroup.RECTIFICATION: _("Rectification"),
    NavGroup.RESULTS: _("Results"),
    NavGroup.SITE: _("Units and settings"),
}
FLAT = 9  # so many entries are seen at once: no headings
LONG = 16  # with more, what is arranged once and seldom opened is folded at first
SELDOM = frozenset({NavGroup.STANDARDS, NavGroup.SITE})
TABS = 4


@dataclass(slots=True)
class NavSection:
    """A group of the side bar; without a label it has no heading and does not fold."""

    key: str
    label: Any = ""
    items: list[dict[str, Any]] = field(default_factory=list)
    is_folded: bool = False

    @property
    def waiting(self) -> int:
        """What waits behind the entries that a folded group hides: the present page's entry stays in sight."""
        return sum(entry["count"] or 0 for entry in self.items if not entry["current"])


def fold_cookie(user: Any) -> str:
    """The name of the cookie with the keys of the groups that this person folded, divided by points."""
    return f"cw_folded_{user.pk}"


def menu(request: HttpRequest) -> tuple[list[NavSection], list[dict[str, Any]]]:
    """The side bar's sections and the phone's tabs, holding only what this person has a use for."""
    shape = getattr(request, "campaign_shape", "city")
    items = [item for item in navigation() if shape in item.shapes and _open_to(request, item)]
    counted = _waiting(request, items)
    roles = roles_held(request.user)
    entries = {item: _entry(request, item, counted.get(item.url_name)) for item in items}
    _keep_nearest(list(entries.values()))
    on_phone = [item for item in items if roles.intersection(item.phone)]
    tabs = [entries[item] for item in sorted(on_phone, key=lambda item: item.phone_order)]
    mine = address("accounts:me")
    me = {"label": pgettext("tab", "Me"), "url": mine, "icon": "user", "current": request.path.startswith(mine)}
    return _sections(request, entries), [*tabs[:TABS], me]


def _sections(request: HttpRequest, entries: dict[NavItem, dict[str, Any]]) -> list[NavSection]:
    """Few entries as one list. Else by group; what is alone in its group stands on top, not under a heading."""
    groups: dict[NavGroup, list[dict[str, Any]]] = {group: [] for group in NavGroup}
    for item, entry in entries.items():
        groups[item.group].append(entry)
    is_flat = len(entries) <= FLAT
    top = NavSection(NavGroup.TODAY)
    for group, found in groups.items():
        if is_flat or group == NavGroup.TODAY or len(found) == 1:
            top.items += found
    folded = _folded(request, is_long=len(entries) > LONG)
    labelled = [
        NavSection(group, LABELS[group], found, group in folded)
        for group, found in groups.items()
        if group != NavGroup.TODAY and len(found) > 1 and not is_flat
    ]
    return [section for section in (top, *labelled) if section.items]


def _folded(request: HttpRequest, *, is_long: bool) -> frozenset[str]:
    kept = request.COOKIES.get(fold_cookie(request.user))
    if kept is None:
        return SELDOM if is_long else frozenset()
    return frozenset(kept.split("."))


def _keep_nearest(entries: list[dict[str, Any]]) -> None:
    """Of /field/ and /field/outbox/ only the one that names the page is the present one."""
    nearest = max((entry["current"] for entry in entries), default=0)
    for entry in entries:
        entry["current"] = 0 < entry["current"] == nearest


def _open_to(request: HttpRequest, item: NavItem) -> bool:
    return not item.permissions or any(may(request.user, permission) for permission in item.permissions)


def _waiting(request: HttpRequest, items: list[NavItem]) -> dict[str, int]:
    """The numbers beside the entries, by name: one query for all, and none for a minute after it."""
    asked = {item.url_name: item.waiting for item in items if item.waiting}

    def count() -> dict[str, int]:
        return dict(zip(asked, counts([rows(request) for rows in asked.values()]), strict=True))

    return kept_counts(request, asked, count)


def _entry(request: HttpRequest, item: NavItem, count: int | None) -> dict[str, Any]:
    url = address(item.url_name)
    prefixes = item.prefixes or (url,)
    return {
        "label": item.label,
        "url": url,
        "icon": item.icon,
        "current": max((len(prefix) for prefix in prefixes if request.path.startswith(prefix)), default=0),
        "count": count,
    }
