"""A person's deadlines as a calendar to subscribe: its page, and the feed itself, which asks for no sign-in."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangwen.accounts.lockout import client_address
from chuangwen.accounts.services.throttling import try_once
from chuangwen.core.pages import open_page, signed_in
from chuangwen.core.qr import qr_code
from chuangwen.notifications.models import CalendarFeed
from chuangwen.notifications.services.feeds import calendar_of, feed_of, make_feed, revoke_feed
from chuangwen.notifications.views.inbox import crumbs

AN_HOUR = 3600
FETCHES = 60  # of one feed in an hour: every device of a person asks some times a day
TRIES = 30  # of addresses that lead nowhere, from one place in an hour


@signed_in()
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """What the calendar holds and how it is subscribed to; a new address is shown this once."""
    address = ""
    if request.method == "POST":
        address = f"{settings.SITE_URL}{reverse('notifications:feed', args=[make_feed(request.user)])}"
    title, back = _("My calendar"), reverse("notifications:channels")
    subscribing = f"webcal://{address.partition('://')[2]}" if address else ""
    context = {
        "page_title": title,
        "breadcrumbs": [*crumbs(title)[:1], {"label": _("My reminders"), "url": back}, {"label": title, "url": ""}],
        "allowed": settings.CALENDAR_FEEDS,
        "feed": CalendarFeed.objects.filter(user_id=request.user.pk or 0, revoked_at=None).first(),
        "address": address,
        "subscribing": subscribing,
        "drawn": qr_code(subscribing) if address else "",
    }
    response = render(request, "notifications/calendar.html", context)
    patch_cache_control(response, no_store=True)
    return response


@signed_in()
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    revoke_feed(request.user)
    messages.success(request, _("The address answers no more."))
    return redirect("notifications:calendar")


@open_page
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address. 404 for one that leads nowhere, was ended, or whose account is closed."""
    found = feed_of(token)
    if found is None:
        if not try_once("calendar-tries", client_address(request), limit=TRIES, seconds=AN_HOUR):
            return _too_often()
        raise Http404
    if not try_once("calendar", str(found.pk), limit=FETCHES, seconds=AN_HOUR):
        return _too_often()
    body = calendar_of(found)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = etag
    answer["Content-Disposition"] = 'inline; filename="chuangwen.ics"'
    answer["X-Robots-Tag"] = "noindex"
    conditional = get_conditional_response(request, etag=etag, response=answer)
    response = conditional if isinstance(conditional, HttpResponse) else answer
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _too_often() -> HttpResponse:
    answer = HttpResponse(status=429, content_type="text/plain; charset=utf-8")
    answer["Retry-After"] = str(AN_HOUR)
    return answer
