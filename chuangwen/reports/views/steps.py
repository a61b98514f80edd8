"""The steps of a paper, and signing for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import attempt, signed_in
from chuangwen.reports.forms import ReasonForm, SignatureForm
from chuangwen.reports.lists import page_of
from chuangwen.reports.models import Bulletin
from chuangwen.reports.queries import partner_of
from chuangwen.reports.services import (
    approve_bulletin,
    issue_bulletin,
    keep_pdf,
    receive_own,
    remind_units,
    return_bulletin,
    submit_bulletin,
    take_back_bulletin,
    withdraw_bulletin,
)
from chuangwen.reports.views.papers import crumbs, get_or_post, the_bulletin
from chuangwen.reports.workflow import BULLETIN_WORKFLOW, ISSUE

Act = Callable[..., None]


def _issue(found: Bulletin, *, actor: Any) -> None:
    """Issue it, then make the PDF of an office's own template; where that fails the page offers it again."""
    issue_bulletin(found, actor=actor)
    if found.pdf is None:
        with suppress(Refusal):
            keep_pdf(found, actor=actor)


PLAIN: dict[str, tuple[Act, Callable[[], str]]] = {
    "submit": (submit_bulletin, lambda: _("Handed in. Another person approves it.")),
    "approve": (approve_bulletin, lambda: _("Approved. The office issues it.")),
    "take_back": (take_back_bulletin, lambda: _("It is a draft again.")),
    "issue": (_issue, lambda: _("Issued. Its files are kept and its units have been told.")),
}
# A round's two papers go their way together, unless somebody takes one of them alone
BOTH: dict[str, Callable[[], str]] = {
    "submit": lambda: _("Both handed in. Another person approves them."),
    "approve": lambda: _("Both approved. The office issues them."),
    "issue": lambda: _("Both issued. Their files are kept and the units have been told."),
}
TOGETHER = frozenset(BOTH)
REASONED: dict[str, tuple[Act, Callable[[], str]]] = {
    "return": (return_bulletin, lambda: _("Returned to who drafted it.")),
    "withdraw": (withdraw_bulletin, lambda: _("Withdrawn. Its units have been told.")),
}


@signed_in("reports.draft", "reports.approve", "reports.issue")
@require_http_methods(["POST"])
def step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Take one step; those that need a reason carry it."""
    if action not in PLAIN and action not in REASONED:
        raise Http404
    found = the_bulletin(request, pk, BULLETIN_WORKFLOW[action].permission)
    given: dict[str, Any] = {}
    if action in REASONED:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Please give the reason in a few words."))
            return redirect("reports:bulletin", pk)
        given = {"reason": form.cleaned_data["reason"]}
    act, said = PLAIN.get(action) or REASONED[action]
    other = partner_of(found) if action in TOGETHER and "both" in request.POST else None
    both = [found, *([other] if other is not None and other.state == found.state else [])]

    def run() -> None:
        for one in both:  # each by itself, since each is a paper of its own
            act(one, actor=request.user, **given)

    words = BOTH[action]() if len(both) > 1 else said()
    return attempt(request, run, done=page_of(found), said=words)


@signed_in(ISSUE)
@get_or_post
def signature(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what a leader signed on paper, with the scan."""
    found = the_bulletin(request, pk, ISSUE)
    first = {"at": clock.local(clock.now())}
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SignatureForm(data, files, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            approve_bulletin(found, actor=request.user, signature=form.signature())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Entered. The office issues it."))
            return redirect("reports:bulletin", pk)
    title = _("Enter the signature on paper")
    context = {"form": form, "page_title": title, "page_subtitle": found.title, "breadcrumbs": crumbs(title, found),
               "cancel_url": page_of(found), "submit": _("Enter the signature")}  # fmt: skip
    return render(request, "reports/form.html", context, status=422 if form.errors else 200)


@signed_in(ISSUE)
@require_POST
def make_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Make and keep the PDF of an issued paper that has none."""
    found = the_bulletin(request, pk, ISSUE)
    said = _("The PDF is made and kept.")
    return attempt(request, lambda: keep_pdf(found, actor=request.user), done=page_of(found), said=said)


@signed_in("reports.receive")
@require_POST
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's own units sign for the paper."""
    found = the_bulletin(request, pk)
    comma = pgettext("between names", ", ")
    return attempt(
        request, lambda: receive_own(found, actor=request.user), done=page_of(found),
        said=lambda signed: _("Signed for: %s.") % comma.join(str(one.unit) for one in signed),
    )  # fmt: skip


@signed_in(ISSUE)
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell those units again that have not signed."""
    found = the_bulletin(request, pk, ISSUE)
    return attempt(
        request, lambda: remind_units(found, actor=request.user), done=page_of(found),
        said=lambda number: ngettext("%d unit reminded.", "%d units reminded.", number) % number,
    )  # fmt: skip
