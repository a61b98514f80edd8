"""Bound devices and the links that open one matter on them, without signing in and without a session."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chuangwen.accounts.forms import BindForm
from chuangwen.accounts.lists import LinkList
from chuangwen.accounts.lockout import client_address
from chuangwen.accounts.matters import Matter, MatterKind, matter_kind
from chuangwen.accounts.models import MatterLink
from chuangwen.accounts.services.devices import bind_device, device_of, keep_secret, see_device
from chuangwen.accounts.services.links import token_hash, use_link
from chuangwen.accounts.services.throttling import try_once
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import PREVIEW_SIDES, preview
from chuangwen.core.lists import respond
from chuangwen.core.pages import open_page, signed_in

GUESSES, GUESS_SECONDS = 60, 600  # unknown tokens from one address; a whole office may share one


@open_page
@never_cache
def bind(request: HttpRequest) -> HttpResponse:
    """The phone is bound: account or mobile, and the code from the office."""
    form = BindForm(request.POST if request.method == "POST" else None)
    context = {"page_title": _("Bind this phone"), "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            user, secret = bind_device(request, form.cleaned_data["account"], form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {"page_title": _("This phone is bound"), "person": user}
            return keep_secret(render(request, "accounts/bound.html", context), secret)
    return render(request, "accounts/bind.html", context, status=400 if form.is_bound else 200)


class _Closed(Exception):  # noqa: N818
    """Why a link does not open: the answer to give instead."""

    def __init__(self, answer: HttpResponse) -> None:
        self.answer = answer


def _opened(request: HttpRequest, token: str) -> tuple[Matter, MatterKind]:
    """The matter behind `token` on this device; `request` is then its person's for as long as it lasts."""
    link = MatterLink.objects.filter(token_hash=token_hash(token)).select_related("user__region", "region").first()
    if link is None:
        guessed = not try_once("link", client_address(request), limit=GUESSES, seconds=GUESS_SECONDS)
        raise _Closed(render(request, "429.html", status=429) if guessed else _plain(request, "unknown", 404))
    device = device_of(request)
    kind = matter_kind(link.kind)
    if device is None or device.user_id != link.user_id:
        raise _Closed(_elsewhere(request, link, kind, strange=device is not None))
    if link.withdrawn_at is not None:
        raise _Closed(_plain(request, "withdrawn", 410))
    if link.expires_at <= clock.now():
        raise _Closed(_plain(request, "expired", 410))
    if kind is None:
        raise Http404
    see_device(device)
    matter = Matter(link, device, token)
    request.user, request.matter = link.user, matter  # type: ignore[attr-defined]
    return matter, kind


def _elsewhere(request: HttpRequest, link: MatterLink, kind: MatterKind | None, *, strange: bool) -> HttpResponse:
    """On a device that is not this person's: the ordinary page for the person signed in, else what to do."""
    if not link.user.is_active:
        return _plain(request, "closed", 403)
    if request.user.is_authenticated and request.user.pk == link.user_id and kind and kind.page_url:
        return redirect(kind.page_url(link.object_id))
    sign_in = f"{reverse('account_login')}?next={quote(request.path)}"
    return _plain(request, "elsewhere", 403, sign_in=sign_in, strange=strange)


def _plain(request: HttpRequest, why: str, status: int, **context: object) -> HttpResponse:
    titles = {
        "unknown": _("This link leads nowhere"),
        "elsewhere": _("Open it on the phone that was bound"),
        "withdrawn": _("This link was withdrawn"),
        "expired": _("This link has run out"),
        "closed": _("This account is closed"),
    }
    return render(
        request, "accounts/link_closed.html", {"page_title": titles[why], "why": why, **context}, status=status
    )


def _kept_to_itself(response: HttpResponse) -> HttpResponse:
    """The address is the key: it is passed on to nobody and kept in no search machine."""
    response["Referrer-Policy"] = "no-referrer" if response.status_code >= 400 else "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@open_page
@never_cache
@require_GET
def link(request: HttpRequest, token: str) -> HttpResponse:
    """One matter, for one person, on one device."""
    try:
        matter, kind = _opened(request, token)
    except _Closed as closed:
        return _kept_to_itself(closed.answer)
    use_link(matter.link, matter.device)
    return _kept_to_itself(kind.view(request, matter))


@open_page
@never_cache
@require_POST
def link_action(request: HttpRequest, token: str, action: str) -> HttpResponse:
    """An act on that one matter, among those that its area offers."""
    try:
        matter, kind = _opened(request, token)
    except _Closed as closed:
        return _kept_to_itself(closed.answer)
    if action not in kind.actions:
        raise Http404
    use_link(matter.link, matter.device, action=action)
    return _kept_to_itself(kind.actions[action](request, matter))


@open_page
@require_GET
def link_picture(request: HttpRequest, token: str, uid: UUID, size: str) -> HttpResponse:
    """A picture that belongs to that one matter."""
    try:
        matter, kind = _opened(request, token)
    except _Closed as closed:
        return _kept_to_itself(closed.answer)
    attachment = kind.files(matter).select_related("file").filter(uid=uid).first() if kind.files else None
    if attachment is None or size not in PREVIEW_SIDES or not attachment.file.is_picture:
        raise Http404
    response = HttpResponse(preview(attachment.file, size), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@signed_in("accounts.bind")
def links(request: HttpRequest) -> HttpResponse:
    """All links that the office has given out, and what became of them."""
    return respond(request, LinkList())
