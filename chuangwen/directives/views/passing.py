"""Who has passed a meeting on: the list of a meeting, a unit's record in two taps, links without a password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.accounts.matters import Matter
from chuangwen.accounts.services.links import link_for
from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import address
from chuangwen.core.lists import BulkAction, Column, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.pages import kept, signed_in
from chuangwen.core.sources import bare
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, deadline
from chuangwen.directives.enums import MeetingStage, PassStage
from chuangwen.directives.forms.written import AskPassingForm, PassingForm, WhyForm
from chuangwen.directives.models import Meeting, PassingOn
from chuangwen.directives.services import passing as services
from chuangwen.directives.views.meetings import crumbs_of, keep_page, papers_of, the_meeting
from chuangwen.directives.workflow import ANSWER, EDIT
from chuangwen.organizations.queries import people_to_tell

KIND = "directives.passingon"
SHAPES = {PassStage.OPEN: "found", PassStage.DONE: "closed", PassStage.WAIVED: "not-applicable"}


def _state(row: PassingOn) -> SafeString:
    late = row.state == PassStage.OPEN and row.due_on < clock.today()
    return state("not-met" if late else SHAPES[PassStage(row.state)], row.get_state_display())


def _unit(row: PassingOn) -> SafeString:
    reminded = gettext("reminded %s") % day(row.reminded_at) if row.reminded_at and row.state == PassStage.OPEN else ""
    return two_lines(row.unit, row.note or reminded, address("directives:passing", row.pk))


def late() -> Q:
    """Not passed on although the day is over."""
    return Q(state=PassStage.OPEN, due_on__lt=clock.today())


class PassingList(ListPage):
    """The units that are to pass one meeting on."""

    name = "meeting-passing"
    template = "directives/missing_list.html"
    title = _("Who has passed it on")
    noun = pgettext_lazy("noun", "units")
    permission = "directives.attend"
    sort = "unit__path"
    search = ("unit__name__icontains", "unit__short_name__icontains")
    search_words = _("Unit")
    columns = (
        Column("unit", _("Unit"), lambda row: str(row.unit), _unit, css="cw-table__title", sort="unit__path"),
        Column("due", _("Deadline"), lambda row: row.due_on,
               lambda row: deadline(row.due_on) if row.state == PassStage.OPEN else day(row.due_on), kind="date",
               css="cw-table__due"),
        Column("held", _("Held on"), lambda row: row.held_on, lambda row: day(row.held_on) if row.held_on else "",
               kind="date"),
        Column("form", pgettext_lazy("passing on", "Form"), lambda row: row.get_form_display()),
        Column("note", _("A few words"), lambda row: row.note, screen=False),
        Column("state", _("State"), lambda row: row.get_state_display(), _state, css="cw-table__state"),
    )  # fmt: skip
    filters = (pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(unit=value)),)
    tabs = (
        Tab("open", pgettext_lazy("passing on", "Not yet"), Q(state=PassStage.OPEN)),
        Tab("late", _("Late"), lambda _request: late()),
        Tab("done", pgettext_lazy("passing on", "Passed on"), Q(state=PassStage.DONE)),
        Tab("all", _("All"), Q()),
    )
    bulk = (
        BulkAction("remind", pgettext_lazy("passing on", "Remind"),
                   lambda row, *, actor, data: services.remind_passing(row, actor=actor), icon="bell",
                   permission=EDIT),
        BulkAction("waive", pgettext_lazy("passing on", "Let off"),
                   lambda row, *, actor, data: services.waive_passing(row, reason=data["reason"], actor=actor),
                   icon="x", permission=EDIT, form=WhyForm),
        BulkAction("reopen", pgettext_lazy("passing on", "Return"),
                   lambda row, *, actor, data: services.return_passing(row, reason=data["reason"], actor=actor),
                   icon="arrow-back-up", permission=EDIT, form=WhyForm),
    )  # fmt: skip
    empty = _("Nobody was asked to pass it on yet")
    signature = (_("Filled in by"), _("Checked by"))
    definition = _("A unit counts once it, or the office for it, recorded its own meeting with day and form.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        pk = request.resolver_match.kwargs["pk"]  # type: ignore[union-attr]
        rows = PassingOn.objects.visible_to(request.user).filter(meeting=pk)
        return rows.select_related("unit", "meeting", "region")

    def row_url(self, row: Any) -> str:
        return address("directives:passing", row.pk)

    def message_line(self, row: Any) -> tuple[str, str]:
        if row.state == PassStage.DONE:
            return str(row.unit), f"{day(row.held_on)} {row.get_form_display()}"
        words = gettext("not yet recorded: %(name)s, by %(day)s")
        return str(row.unit), words % {"name": row.meeting.name, "day": day(row.due_on)}

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        meeting = the_meeting(request, request.resolver_match.kwargs["pk"])  # type: ignore[union-attr]
        by = gettext("to be passed on by %s") % day(meeting.pass_by) if meeting.pass_by else ""
        subtitle = " · ".join(filter(None, (meeting.name, by, bare(meeting.pass_source))))
        actions = []
        if may(request.user, EDIT, meeting) and meeting.state == MeetingStage.HELD:
            url = reverse("directives:passing_ask", args=[meeting.pk])
            label = gettext("Set the day and units") if meeting.pass_by else gettext("Ask units to pass it on")
            actions = [{"label": label, "icon": "send", "url": url, "primary": True}]
        hand_out = reverse("directives:passing_links", args=[meeting.pk]) if actions and listing.total else ""
        return {
            "page_subtitle": subtitle,
            "page_actions": actions,
            "links_url": hand_out,
            "breadcrumbs": crumbs_of(meeting, self.title),
        }


PASSINGS = PassingList()


@signed_in("directives.attend")
def passings(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of one meeting; who has one record alone is led to that."""
    the_meeting(request, pk)
    rows = PassingOn.objects.visible_to(request.user).filter(meeting=pk)
    return only_one(request, rows, "directives:passing") or respond(request, PASSINGS)


def only_one(request: HttpRequest, rows: QuerySet[Any], page: str) -> HttpResponse | None:
    """The `page` of the one row that a unit's person sees, in place of a list of one line; None for everybody else."""
    if request.method != "GET" or "format" in request.GET or may(request.user, EDIT):
        return None
    keys = list(rows.values_list("pk", flat=True)[:2])
    return redirect(page, keys[0]) if len(keys) == 1 else None


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """By when, who says so, and which units."""
    meeting: Meeting = the_meeting(request, pk, EDIT)
    form = AskPassingForm(request.POST if request.method == "POST" else None, meeting=meeting)

    def keep() -> str:
        data = form.cleaned_data
        asked = services.ask_to_pass_on(
            meeting, due_on=data["due_on"], source=data["source"], units=data["units"] or None, actor=request.user
        )
        return ngettext("%d unit is asked", "%d units are asked", asked) % asked

    title = gettext("Ask units to pass it on")
    back = reverse("directives:passings", args=[pk])
    return keep_page(
        request, form, keep, title, back, crumbs_of(meeting, title), subtitle=meeting.name,
        note=gettext("The day holds for all that have not passed it on yet. Each unit asked anew is told once."),
    )  # fmt: skip


@signed_in(EDIT)
@require_POST
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """Links to what each unit has not recorded yet, as text for a chat group. Each is shown this once."""
    meeting = the_meeting(request, pk, EDIT)
    rows = PassingOn.objects.filter(meeting=meeting, state=PassStage.OPEN).select_related("unit", "region", "meeting")
    page = reverse("directives:passings", args=[pk])
    return handed_out(request, rows.order_by("unit__path"), meeting.name, page, meeting.pass_by)


def handed_out(request: HttpRequest, rows: Any, title: str, page: str, due: Any) -> HttpResponse:
    """One line a unit and person with a link of its own."""
    until = day(due) if due else ""
    lines = [
        gettext("%(unit)s: %(title)s, by %(due)s %(url)s")
        % {"unit": row.unit, "title": title, "due": until, "url": link_for(person, row, made_by=request.user)}  # type: ignore[arg-type]
        for row in rows
        for person in people_to_tell(row.unit, ANSWER)
    ]
    context = {
        "page_title": gettext("Links without password"), "page_subtitle": title,
        "breadcrumbs": [{"label": title, "url": page}, {"label": gettext("Links without password"), "url": ""}],
        "text": "\n".join(lines) or gettext("Nobody who is missing has a liaison with an account."), "target": page,
        "back_label": gettext("Back to the list"),
    }  # fmt: skip
    return render(request, "core/message.html", context)


@signed_in("directives.attend")
@require_http_methods(["GET", "POST"])
def passing(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's record: form and day of its own meeting."""
    found = _passing(request, pk)
    form = _form(request)
    if request.method == "POST" and _kept(request, found, form):
        messages.success(request, gettext("Recorded"))
        return redirect("directives:passing", pk)
    context = _shown(found, form, request) | {
        "page_title": gettext("Pass it on: %s") % found.meeting.name, "page_subtitle": str(found.unit),
        "breadcrumbs": crumbs_of(found.meeting, str(found.unit)),
        "on_behalf": may(request.user, EDIT, found), "paper_url": request.path,
    }  # fmt: skip
    return render(request, "directives/passing.html", context, status=422 if form.is_bound else 200)


def show(request: HttpRequest, matter: Matter, form: PassingForm | None = None) -> HttpResponse:
    """The same behind a link without a password."""
    found = _passing(request, matter.object_id)
    context = _shown(found, form or _form(request, blank=True), request) | {
        "page_title": found.meeting.name, "addressee": matter.link.post or str(matter.user),
        "paper_url": matter.action_url("pass"),
    }  # fmt: skip
    return render(request, "directives/passing_link.html", context, status=422 if form else 200)


def take(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Keep what was tapped behind a link."""
    form = _form(request)
    if not _kept(request, _passing(request, matter.object_id), form):
        return show(request, matter, form)
    return redirect(matter.url)


def page_url(object_id: int) -> str:
    """The ordinary page, for who is signed in."""
    return reverse("directives:passing", args=[object_id])


def _shown(found: PassingOn, form: PassingForm, request: HttpRequest) -> dict[str, Any]:
    return {
        "passing": found, "meeting": found.meeting, "form": form, "stage": _state(found),
        "open": found.state == PassStage.OPEN, "may_record": services.may_enter(request.user, found),
        "papers": papers_of(found),
    }  # fmt: skip


def _form(request: HttpRequest, *, blank: bool = False) -> PassingForm:
    bound = request.method == "POST" and not blank
    return PassingForm(request.POST if bound else None, request.FILES if bound else None)


def _kept(request: HttpRequest, found: PassingOn, form: PassingForm) -> bool:
    return kept(form, lambda: services.record_passing(found, form.own(), actor=request.user))


def _passing(request: HttpRequest, pk: int) -> PassingOn:
    rows = PassingOn.objects.select_related("unit", "meeting", "region")
    found: PassingOn = visible_or_404(rows, request.user, pk=pk)
    return found
