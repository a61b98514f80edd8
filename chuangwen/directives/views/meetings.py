"""One meeting: what comes next, its agenda, who takes part, what was decided; and the small forms of its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core import clock
from chuangwen.core.access import may, scope_of, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.pages import kept, signed_in
from chuangwen.core.panels import panels
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.enums import AHEAD, Attendance, MeetingStage, PassStage
from chuangwen.directives.forms import meetings as forms
from chuangwen.directives.meeting_words import when
from chuangwen.directives.models import Meeting, PassingOn
from chuangwen.directives.queries.chairs import reads_minutes
from chuangwen.directives.queries.meetings import seats_of
from chuangwen.directives.services import meetings as services
from chuangwen.directives.views.meeting_list import MEETINGS, crumbs, is_moved, stage_tag
from chuangwen.directives.workflow import EDIT, MEETING_WORKFLOW
from chuangwen.organizations.timeline import timeline
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of


@signed_in("directives.attend")
def meetings(request: HttpRequest) -> HttpResponse:
    """All meetings of the campaign that the person sees."""
    return respond(request, MEETINGS)


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A single meeting, outside of any series."""
    campaign = campaign_or_404(request)
    form = forms.MeetingForm(request.POST if request.method == "POST" else None, region=campaign.region)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_meeting(campaign, form.wanted(), form.asked(), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Written down; nobody is told before you call it"))
            return redirect("directives:meeting", made.pk)
    title = gettext("Write down a meeting")
    return form_page(request, form, title, reverse("directives:meetings"), crumbs(title))


@signed_in("directives.attend")
@require_GET
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting with everything that hangs on it."""
    found = the_meeting(request, pk)
    may_edit, ahead = may(request.user, EDIT, found), found.state in AHEAD
    signs = may(request.user, "directives.sign", found)
    seats = list(seats_of(found))
    reads = reads_minutes(request.user, found)
    decisions = _decisions(found, None if reads else scope_of(request.user, "directives.attend").unit_ids)
    context = {
        "page_title": found.name, "breadcrumbs": crumbs(found.name), "meeting": found, "ahead": ahead,
        "stage": stage_tag(found), "when": when(found), "may_edit": may_edit, "facts": facts(found),
        "items": list(found.agenda.filter(dropped=False)), "left_out": list(found.agenda.filter(dropped=True)),
        "counts": _counts(seats), "seats": seats, "next": _next(found, may_edit, signs=signs),
        "papers": papers_of(found),
        "panels": panels("meeting", request, found), "entries": entries(list(history_of(found))) if may_edit else [],
        "page_actions": _actions(found, may_edit), "decisions": decisions, "reads": reads,
        "passing": _passing(request, found), "written": found.written_calls.first() if may_edit else None,
        "waiting": any(one["waits"] for one in decisions),
        "may_issue": may(request.user, "responsibilities.edit", found),
    }  # fmt: skip
    return render(request, "directives/meeting.html", context)


def the_meeting(request: HttpRequest, pk: int, permission: str = "") -> Meeting:
    """The meeting that the address names, if the person may see it or act on it."""
    rows = Meeting.objects.select_related("region", "campaign__region", "series__region", "document")
    found: Meeting = visible_or_404(rows, request.user, permission, pk=pk)
    return found


def crumbs_of(meeting: Meeting, title: Any) -> list[dict[str, Any]]:
    """The way over a meeting's page to one of its steps."""
    return crumbs(title, (meeting.name, reverse("directives:meeting", args=[meeting.pk])))


def papers_of(owner: Any) -> list[Attachment]:
    """The files that hang on a row, the first given first."""
    rows = Attachment.objects.filter(owner_type=label_of(owner), owner_id=owner.pk)
    return list(rows.select_related("file").order_by("pk"))


def facts(meeting: Meeting) -> list[dict[str, Any]]:
    """Day, room, chair and where it comes from."""
    rows: list[dict[str, Any]] = [
        {"label": pgettext("meeting", "Day"), "value": when(meeting),
         "second": gettext("moved from %s") % day(meeting.planned_day) if is_moved(meeting) else ""},
        {"label": pgettext("meeting", "Room"), "value": meeting.place or "—"},
        {"label": gettext("In the chair"), "value": meeting.chair or "—"},
    ]  # fmt: skip
    if meeting.recorder:
        rows.append({"label": gettext("Minutes taken by"), "value": meeting.recorder})
    if meeting.series:
        url = reverse("directives:meeting_rule", args=[meeting.series_id])
        rows.append({"label": pgettext("meeting", "Series"), "value": meeting.series.name, "url": url})
    if meeting.reason:
        rows.append({"label": gettext("Reason"), "value": meeting.reason})
    if meeting.number:
        signed = gettext("signed by %(who)s on %(day)s") % {"who": meeting.signed_as, "day": day(meeting.signed_on)}
        rows.append({"label": gettext("Number of the minutes"), "value": meeting.number, "second": signed})
    return rows


def _counts(seats: list[Any]) -> list[tuple[str, int]]:
    """How many came, in the order of the sheet; only what there is."""
    numbers = [(str(label), sum(seat.presence == value for seat in seats)) for value, label in Attendance.choices]
    return [(label, number) for label, number in numbers if number]


def _passing(request: HttpRequest, meeting: Meeting) -> dict[str, Any] | None:
    """How many units passed it on, and which are late; a unit sees its own alone."""
    rows = list(PassingOn.objects.visible_to(request.user).filter(meeting=meeting).select_related("unit"))
    counted = [row for row in rows if row.state != PassStage.WAIVED]
    if not counted:
        return None
    late = [str(row) for row in counted if row.state == PassStage.OPEN and row.due_on < clock.today()]
    done = sum(row.state == PassStage.DONE for row in counted)
    return {"done": done, "all": len(counted), "late": "、".join(late)}


def _decisions(meeting: Meeting, only: frozenset[int] | None) -> list[dict[str, Any]]:
    """The decisions with their units and the tasks that they became; `only` those that became tasks of these units."""
    rows: Any = meeting.decisions.prefetch_related("units", "cooperating", "tasks__unit")
    if only is not None:
        rows = [row for row in rows if any(task.unit_id in only for task in row.tasks.all())]
    return [
        {
            "row": row, "units": "、".join(str(unit) for unit in row.units.all()), "tasks": list(row.tasks.all()),
            "waits": bool(row.units.all()) and len(row.tasks.all()) < len(row.units.all()),
        }
        for row in rows
    ]  # fmt: skip


def _next(meeting: Meeting, may_edit: bool, *, signs: bool = False) -> dict[str, Any] | None:
    """What the office does next with it, or the leader who signs its minutes."""
    if meeting.state == MeetingStage.HELD and (may_edit or signs):
        return _after(meeting, may_edit)
    if not may_edit or meeting.state in (MeetingStage.CANCELLED, MeetingStage.HELD):
        return None

    def act(name: str, label: Any, icon: str, *, primary: bool = False) -> dict[str, Any]:
        url = reverse("directives:meeting_act", args=[meeting.pk, name])
        return {"url": url, "label": label, "icon": icon, "primary": primary}

    called = meeting.state == MeetingStage.CALLED
    buttons = [
        act("hold", gettext("Enter as held"), "check", primary=called),
        act("move", pgettext("meeting", "Move"), "calendar-time"),
        act("cancel", gettext("Cancel the meeting"), "x"),
    ]
    if called:
        return {"title": gettext("Next: hold it"), "actions": buttons,
                "text": gettext("Once it was held, enter it; the agenda stands from then on.")}  # fmt: skip
    return {
        "title": gettext("Next: call it"), "actions": [act("call", gettext("Call the meeting"), "send", primary=True),
                                                       *buttons],
        "text": gettext("Those who take part are told day, room and agenda."),
    }  # fmt: skip


def _after(meeting: Meeting, may_edit: bool) -> dict[str, Any] | None:
    """After the meeting: the roll, the minutes, the decisions, the signature; the first that is missing stands out."""

    def way(name: str, label: Any, icon: str) -> dict[str, Any]:
        return {"url": reverse(f"directives:{name}", args=[meeting.pk]), "label": label, "icon": icon, "primary": False}

    steps = []
    if may_edit and meeting.seats.filter(presence=Attendance.EXPECTED).exists():
        steps.append(way("roll", gettext("Note who came"), "user-check"))
    if not meeting.number:
        written = bool(meeting.summary) or meeting.decisions.exists()
        if may_edit and not written:
            steps.append(way("minutes", gettext("Write the minutes"), "pencil"))
        if written:
            label = gettext("Enter the signed minutes") if may_edit else gettext("Sign the minutes")
            steps.append(way("minutes_sign", label, "signature"))
    if not steps:
        return None
    steps[0]["primary"] = True
    return {"title": gettext("Next: %s") % steps[0]["label"], "actions": steps, "text": ""}


def _actions(meeting: Meeting, may_edit: bool) -> list[dict[str, Any]]:
    """Papers in the page's head."""
    word = {"label": gettext("Agenda as Word"), "icon": "download",
            "url": reverse("directives:agenda_word", args=[meeting.pk])}  # fmt: skip
    sheet = {"label": gettext("Sign-in sheet as Word"), "icon": "download",
             "url": reverse("directives:sign_in_sheet", args=[meeting.pk])}  # fmt: skip
    minutes = {"label": gettext("Minutes as Word"), "icon": "download",
               "url": reverse("directives:minutes_word", args=[meeting.pk])}  # fmt: skip
    if meeting.state == MeetingStage.HELD:
        return [word, minutes] if may_edit else [minutes] if meeting.number else []
    return [word, sheet] if may_edit else [word]


def entries(steps: list[Step]) -> list[dict[str, Any]]:
    """The history of a meeting for the timeline."""
    return timeline(steps, _said)


OWN_WORDS = {
    "plan": _("Put into the calendar"), "move": _("Moved to another day"), "follow": _("Moved along with its series"),
    "assemble": _("Agenda assembled"), "add-item": _("Agenda item added"), "change-item": _("Agenda item changed"),
    "drop-item": _("Agenda item left out"), "take-back-item": _("Agenda item taken in again"),
    "move-item": _("Agenda item moved"), "attend": _("Attendance noted"), "decide": _("Decision written down"),
    "undecide": _("Decision taken out"), "write": _("Minutes written"), "sign": _("Minutes signed"),
    "issue": _("Decisions issued as tasks"), "read": _("Minutes given to the review"),
    "ask-pass": _("Units asked to pass it on"), "seat": _("Participants added"), "unseat": _("Participant taken out"),
    "paper": _("Paper added"),
}  # fmt: skip


def _said(step: Step) -> dict[str, Any]:
    known = MEETING_WORKFLOW.get(step.action)
    return {
        "what": known.done if known else OWN_WORDS.get(step.action, step.action),
        "icon": known.icon if known else "pencil",
        "text": str(step.data.get("title", "")),
    }


@dataclass(frozen=True, slots=True)
class Act:
    """A step of a meeting as a page: what it is called, what it asks, what runs, what is told afterwards."""

    title: str | Promise
    form: Callable[..., Any]
    run: Callable[..., Any]
    done: str | Promise
    note: str | Promise = ""
    ends: bool = False


ACTS: dict[str, Act] = {
    "call": Act(_("Call the meeting"), forms.CallForm, services.call_meeting, _("Called; those who take part are told"),
                _("Those who take part are told day, room and agenda. The agenda can still be changed.")),
    "move": Act(_("Move the meeting"), forms.MoveForm, services.move_meeting, _("Moved"),
                _("Who was called already is told the new day.")),
    "cancel": Act(_("Cancel the meeting"), forms.CancelForm, services.cancel_meeting,
                  pgettext_lazy("meeting", "Cancelled"),
                  _("It stays in the calendar with its reason."), ends=True),
    "hold": Act(_("Enter the meeting as held"), forms.HoldForm, services.hold_meeting,
                _("Entered; note who came and what was decided"), _("The agenda stands from then on.")),
}  # fmt: skip


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The form of one step, and its taking."""
    one = ACTS.get(name)
    if one is None:
        raise Http404
    found = the_meeting(request, pk, EDIT)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = one.form(data, files, meeting=found)

    def keep() -> None:
        one.run(found, actor=request.user, **(form.answers() if hasattr(form, "answers") else form.cleaned_data))

    return step_page(request, found, form, keep, str(one.title), str(one.done), note=one.note, ends=one.ends)


def step_page(
    request: HttpRequest, meeting: Meeting, form: Any, keep: Callable[[], Any], title: str, done: str, *,
    anchor: str = "", note: Any = "", submit: str = "", ends: bool = False,
) -> HttpResponse:  # fmt: skip
    """A form about a meeting, which leads back to it."""
    return keep_page(
        request, form, keep, title, reverse("directives:meeting", args=[meeting.pk]), crumbs_of(meeting, title),
        done=done, anchor=anchor, note=note, submit=submit, ends=ends, subtitle=f"{meeting.name} · {when(meeting)}",
    )  # fmt: skip


def keep_page(
    request: HttpRequest, form: Any, keep: Callable[[], Any], title: str, back: str,
    breadcrumbs: list[dict[str, Any]], *, done: str = "", anchor: str = "", **shown: Any,
) -> HttpResponse:  # fmt: skip
    """A form: `keep` what was sent and go `back`, or show it (see form_page) with why it was refused.

    `done` is told afterwards; where it is empty, what `keep` says.
    """
    said: list[Any] = []
    if request.method == "POST" and kept(form, lambda: said.append(keep())):
        if words := done or said[0]:
            messages.success(request, str(words))
        return redirect(back + (f"#{anchor}" if anchor else ""))
    return form_page(request, form, title, back, breadcrumbs, **shown)


def form_page(
    request: HttpRequest, form: Any, title: str, back: str, breadcrumbs: list[dict[str, Any]], *, note: Any = "",
    ends: bool = False, subtitle: str = "", submit: str = "", beside: Any = None,
    template: str = "directives/meeting_form.html", more: Mapping[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """A form under its title; `beside` are the facts it is decided by, `more` what another template shows."""
    context = {
        "page_title": title, "form": form, "submit": submit or title, "cancel_url": back, "note": note, "ends": ends,
        "breadcrumbs": breadcrumbs, "page_subtitle": subtitle, "facts": beside, **(more or {}),
    }  # fmt: skip
    return render(request, template, context, status=422 if form.is_bound else 200)
