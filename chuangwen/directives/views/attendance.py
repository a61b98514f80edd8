"""The roll of a meeting: on the phone at the door, or from the signed sheet; who else takes part."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.errors import Refusal
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import attempt, signed_in
from chuangwen.directives.enums import Attendance
from chuangwen.directives.forms.meetings import ParticipantsForm
from chuangwen.directives.forms.minutes import RollForm
from chuangwen.directives.meeting_papers import sign_in_paper
from chuangwen.directives.meeting_words import when
from chuangwen.directives.models import Meeting, Seat
from chuangwen.directives.queries.meetings import seats_of
from chuangwen.directives.services import attendance as services
from chuangwen.directives.views.meetings import crumbs_of, keep_page, the_meeting
from chuangwen.directives.workflow import EDIT

SHOWN = 12  # seats that a refusal names
CHOICES = [one for one in Attendance if one != Attendance.EXPECTED]


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """All seats with four answers each; one press keeps the sheet."""
    meeting = the_meeting(request, pk, EDIT)
    seats = list(seats_of(meeting))
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RollForm(data, files)
    if request.method == "POST" and form.is_valid():
        noted = form.noted(seats)
        if crossed := form.crossed(seats):
            form.add_error(None, _crossed_words(crossed))
        if "rest" in request.POST:  # the others came
            unknown, came = Attendance.EXPECTED.value, Attendance.PRESENT.value
            noted = {key: (came if one == unknown else one, note) for key, (one, note) in noted.items()}
        try:
            if form.is_valid():
                changed = services.call_roll(meeting, noted, actor=request.user, scans=form.cleaned_data["scans"])
                messages.success(request, ngettext("%d seat noted", "%d seats noted", changed) % changed)
                return redirect("directives:meeting", pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    said = form.noted(seats) if form.is_bound else {seat.pk: (seat.presence, seat.note) for seat in seats}
    shown: list[dict[str, Any]] = [
        {"seat": seat, "was": seat.noted, "now": said[seat.pk][0], "note": said[seat.pk][1]} for seat in seats
    ]
    context: dict[str, Any] = {
        "page_title": _("Roll"), "page_subtitle": f"{meeting.name} · {when(meeting)}", "meeting": meeting,
        "form": form, "rows": shown, "choices": CHOICES, "breadcrumbs": crumbs_of(meeting, _("Roll")),
        "page_actions": [{"label": _("Sign-in sheet as Word"), "icon": "download",
                          "url": reverse("directives:sign_in_sheet", args=[pk])}],
    }  # fmt: skip
    return render(request, "directives/roll.html", context, status=422 if form.is_bound else 200)


def _crossed_words(seats: list[Seat]) -> str:
    told = [f"{seat} {Attendance(seat.presence).label} {seat.note}".strip() for seat in seats[:SHOWN]]
    words = _("Somebody else noted this meanwhile: %s.") % "、".join(told)
    return str(Refusal(words, _("Your own ticks stand below. Look again, then save.")))


@signed_in(EDIT)
@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet on which those who come sign."""
    meeting = the_meeting(request, pk, EDIT)
    return file_response(sign_in_paper(meeting), f"{meeting.name}-签到表.docx", DOCX)


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Others in addition."""
    meeting = the_meeting(request, pk, EDIT)
    form = ParticipantsForm(request.POST if request.method == "POST" else None, region=meeting.region)

    def keep() -> str:
        new = services.add_participants(meeting, form.asked(), actor=request.user)
        return ngettext("%d more takes part", "%d more take part", new) % new

    title = _("Add participants")
    back = reverse("directives:meeting", args=[pk])
    return keep_page(request, form, keep, title, back, crumbs_of(meeting, title), subtitle=meeting.name)


@signed_in(EDIT)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody need not come."""
    meetings = Meeting.objects.visible_to(request.user, EDIT)
    seat = Seat.objects.filter(meeting__in=meetings, pk=pk).select_related("meeting__region", "unit", "post").first()
    if seat is None:
        raise Http404
    done = reverse("directives:meeting", args=[seat.meeting_id])
    return attempt(request, lambda: services.take_out(seat, actor=request.user), done=done, said=_("Taken out"))
