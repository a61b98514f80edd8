"""The context every page has: navigation, who is signed in, which base template."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from chuangwen.core.addresses import address
from chuangwen.core.menu import fold_cookie, menu


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
    sections, tabs = menu(request)
    name = user.get_short_name()  # type: ignore[union-attr]
    return context | {
        "nav": sections,
        "nav_folds": fold_cookie(user),
        "phone_tabs": tabs,
        "find_url": address("core:find"),
        "home_url": address("core:home"),
        "me": {"label": name, "initial": name[:1], "url": address("accounts:me")},
    }
