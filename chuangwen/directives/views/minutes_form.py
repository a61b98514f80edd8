"""The form of a series' minutes: taken after a check, looked at with a real meeting, dropped."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.core.access import visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.word_templates.placeholders import known
from chuangwen.directives.enums import MeetingStage
from chuangwen.directives.forms.documents import OwnForm
from chuangwen.directives.minutes_form import OWN_MINUTES
from chuangwen.directives.models import MeetingSeries
from chuangwen.directives.services.series import drop_minutes_form, take_minutes_form
from chuangwen.directives.views.meeting_list import crumbs
from chuangwen.directives.workflow import EDIT


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def minutes_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The form in use, another one, and what a form may ask for."""
    series = _series(request, pk)
    form = OwnForm(request.POST, request.FILES) if request.method == "POST" else OwnForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            n = len(take_minutes_form(series, file.read(), file.name, actor=request.user))
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            said = ngettext("Taken: it asks for %d placeholder.", "Taken: it asks for %d placeholders.", n) % n
            messages.success(request, said)
            return redirect("directives:minutes_form", pk)
    title = _("Form of the minutes: %s") % series
    held = series.meetings.filter(state=MeetingStage.HELD).order_by("-day", "-pk").first()
    context: dict[str, Any] = {
        "page_title": title, "series": series, "form": form, "held": held, "known": known(OWN_MINUTES),
        "breadcrumbs": crumbs(title, (str(series), reverse("directives:meeting_rule", args=[pk]))),
    }  # fmt: skip
    return render(request, "directives/minutes_form.html", context, status=422 if form.is_bound else 200)


@signed_in(EDIT)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the built-in form."""
    series = _series(request, pk)
    return attempt(
        request, lambda: drop_minutes_form(series, actor=request.user),
        done=reverse("directives:minutes_form", args=[pk]), said=_("It is used no more"),
    )  # fmt: skip


def _series(request: HttpRequest, pk: int) -> MeetingSeries:
    rows = MeetingSeries.objects.select_related("campaign__region", "region", "form__file")
    found: MeetingSeries = visible_or_404(rows, request.user, EDIT, pk=pk)
    return found
