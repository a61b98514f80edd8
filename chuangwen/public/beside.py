"""On the pages inside: the public address of a notice, a released bulletin, a draw."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from chuangwen.core.access import may
from chuangwen.core.panels import Panel
from chuangwen.core.qr import qr_code
from chuangwen.public.queries import draws, notices, open_sites, released
from chuangwen.public.services.arranging import ARRANGE


def notice_address(request: HttpRequest, programme: Any) -> Panel | None:
    """Beside a programme, from the first day of its public notice on."""
    shown = notices(programme.region).filter(pk=programme.pk)
    return _panel(request, programme, "notice", shown)


def release_address(request: HttpRequest, release: Any) -> Panel | None:
    """Beside the release of a bulletin."""
    return _panel(request, release, "bulletin", released(release.region).filter(pk=release.pk))


def draw_address(request: HttpRequest, draw: Any) -> Panel | None:
    """Beside a draw, as far as it is public."""
    return _panel(request, draw, "draw", draws(draw.region).filter(pk=draw.pk))


def _panel(request: HttpRequest, obj: Any, name: str, shown: Any) -> Panel | None:
    """The address with its code; where the pages are closed, a word on that for who may open them."""
    if not shown.exists():
        return None
    if not open_sites().filter(region=obj.region_id).exists():
        return Panel("public/parts/closed.html", {}) if may(request.user, ARRANGE, obj) else None
    path = reverse(f"public:{name}", args=[obj.region.code, obj.pk])
    address = settings.SITE_URL + path
    return Panel("public/parts/address.html", {"path": path, "address": address, "qr": qr_code(address)})
