"""The inbox, and what a person sets about the own reminders: where the digest goes and when it is quiet."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in
from chuangwen.notifications.forms import ChannelForm
from chuangwen.notifications.lists import Inbox
from chuangwen.notifications.models import Channel, Digest, Notice, QuietHours
from chuangwen.notifications.queries import quiet_of
from chuangwen.notifications.services.channels import add_channel, remove_channel, switch_channel
from chuangwen.notifications.services.inbox import read_all, read_notice


@signed_in()
def inbox(request: HttpRequest) -> HttpResponse:
    return respond(request, Inbox())


@signed_in()
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a line: it is read from now on, and its matter opens; a line without one shows its text."""
    found = get_object_or_404(Notice, pk=pk, user=request.user)
    read_notice(found, actor=request.user)
    if found.url and url_has_allowed_host_and_scheme(found.url, allowed_hosts=None):
        return redirect(found.url)
    context = {"page_title": found.title, "breadcrumbs": crumbs(found.title), "notice": found}
    return render(request, "notifications/notice.html", context)


@signed_in()
@require_POST
def read_everything(request: HttpRequest) -> HttpResponse:
    read_all(request.user)
    messages.success(request, _("All are read."))
    return redirect("notifications:inbox")


@signed_in()
def channels(request: HttpRequest) -> HttpResponse:
    """Where else one's own digest goes."""
    form = ChannelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_channel(request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(request, _("The next digest goes there too."))
            return redirect("notifications:channels")
    context = {
        "page_title": _("My reminders"),
        "breadcrumbs": crumbs(_("My reminders")),
        "form": form,
        "channels": Channel.objects.filter(user_id=request.user.pk or 0).order_by("pk"),
        "kinds": settings.NOTIFY_SCHEMES,
        "hour": settings.DIGEST_AT,
        "quiet": quiet_of(request.user),
        "own_quiet": QuietHours.objects.filter(user_id=request.user.pk or 0).exists(),
        "edits_rules": may(request.user, "notifications.edit"),
        "last": Digest.objects.filter(user_id=request.user.pk or 0).order_by("-day").first(),
    }
    return render(request, "notifications/channels.html", context, status=400 if form.is_bound else 200)


@signed_in()
@require_POST
def change_channel(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=pk, user=request.user)
    if act == "remove":
        remove_channel(channel, actor=request.user)
    else:
        switch_channel(channel, actor=request.user)
    return redirect("notifications:channels")


def crumbs(last: str) -> list[dict[str, str]]:
    """The way from the messages to a page about them."""
    return [{"label": pgettext("inbox", "Messages"), "url": reverse("notifications:inbox")}, {"label": last, "url": ""}]
