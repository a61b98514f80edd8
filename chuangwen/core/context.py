"""The context every page has: navigation, who is signed in, which base template."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.access import may, roles_held
from chuangwen.core.addresses import address
from chuangwen.core.counting import counts
from chuangwen.core.panels import NavItem, navigation


def page(request: HttpRequest) -> dict[str, Any]:
    """`base`: the whole page or, for an htmx request, its main part; navigation and `me` lazily.

    `page_base`: the same for answers that anybody may get; without navigation for whom no page was made.
    """
    htmx = getattr(request, "htmx", None)
    partial = htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    user = getattr(request, "user", None)
    signed = bool(user and user.is_authenticated)
    context: dict[str, Any] = {"base": "core/part.html" if partial else "base.html"}
    leads_on = signed and not hasattr(request, "matter")
    context["page_base"] = context["base"] if partial or leads_on else "base_plain.html"
    if not signed or partial or hasattr(request, "matter"):  # a link shows one matter and leads nowhere else
        return context
    sections, tabs = _menu(request)
    name = user.get_short_name()  # type: ignore[union-attr]
    return context | {
        "nav": sections,
        "phone_tabs": tabs,
        "find_url": address("core:find"),
        "home_url": address("core:home"),
        "me": {"label": name, "initial": name[:1], "url": address("accounts:me")},
    }


def _menu(request: HttpRequest) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The side bar's sections and the phone's tabs, holding only what this person has a use for."""
    titles = {
        "": "",
        "standards": _("Standards and duties"),
        "field": _("Fieldwork"),
        "rectification": _("Rectification"),
        "results": _("Results"),
        "site": "",
    }
    shape = getattr(request, "campaign_shape", "city")
    sections: dict[str, dict[str, Any]] = {key: {"label": label, "items": []} for key, label in titles.items()}
    items = [item for item in navigation() if shape in item.shapes and _open_to(request, item)]
    counted = _waiting(request, items)
    roles = roles_held(request.user)
    tabs = []
    for item in items:
        entry = _entry(request, item, counted.get(item.url_name))
        sections[item.section]["items"].append(entry)
        if roles.intersection(item.phone):
            tabs.append(entry)
    _keep_nearest([entry for section in sections.values() for entry in section["items"]])
    mine = address("accounts:me")
    me = {"label": pgettext("tab", "Me"), "url": mine, "icon": "user", "current": request.path.startswith(mine)}
    return [section for section in sections.values() if section["items"]], [*tabs[:4], me]


def _keep_nearest(entries: list[dict[str, Any]]) -> None:
    """Of /field/ and /field/outbox/ only the one that names the page is the present one."""
    nearest = max((entry["current"] for entry in entries), default=0)
    for entry in entries:
        entry["current"] = 0 < entry["current"] == nearest


def _open_to(request: HttpRequest, item: NavItem) -> bool:
    return not item.permissions or any(may(request.user, permission) for permission in item.permissions)


def _waiting(request: HttpRequest, items: list[NavItem]) -> dict[str, int]:
    """The numbers beside the entries, by name: one query for all."""
    several = {item.url_name: item.waiting(request) for item in items if item.waiting}
    return dict(zip(several, counts(list(several.values())), strict=True))


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
