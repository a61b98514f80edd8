"""Veto events (一票否决, 负面清单): the list, entering, confirming by a second person, the kinds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import address
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.lists import Column, Filter, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.chuangwen import source_tag
from chuangwen.core.templatetags.wording import day
from chuangwen.supervision.enums import VetoState
from chuangwen.supervision.forms import EventActForm, EventForm, EventReasonForm, KindForm
from chuangwen.supervision.models import VetoEvent, VetoKind
from chuangwen.supervision.services import Event, confirm_event, lift_event, reject_event, report_event, save_kind
from chuangwen.supervision.views.parts import form_page, steps_told, the_region, way_to
from chuangwen.supervision.words import bar_words, event_cell
from chuangwen.supervision.workflow import VETO_WORKFLOW
from chuangwen.workflow.services import available

PLACE = (_("Veto events"), "supervision:events")
ACTS: dict[str, tuple[Any, Any]] = {
    "confirm": (EventActForm, confirm_event), "reject": (EventReasonForm, reject_event),
    "lift": (EventReasonForm, lift_event),
}  # fmt: skip


def _title(event: VetoEvent) -> SafeString:
    return two_lines(event.title, f"{event.kind} · {event.source}", address("supervision:event", event.pk))


def _kind_choices(request: HttpRequest) -> list[tuple[str, str]]:
    kinds = VetoKind.objects.visible_to(request.user)
    return [(str(one.pk), one.name) for one in kinds]


def _to_confirm(request: HttpRequest) -> Q:
    """Reported by others: one's own are confirmed by another person."""
    mine = VetoEvent.objects.visible_to(request.user, "supervision.veto").exclude(entered_by=request.user)
    return Q(state=VetoState.REPORTED, pk__in=mine.values("pk"))


class EventList(ListPage):
    """Events that the person may see, the latest first."""

    name = "veto-events"
    title = _("Veto events")
    noun = _("events")
    permission = "supervision.view"
    search = ("title__icontains", "unit__name__icontains", "unit__short_name__icontains", "source__icontains")
    search_words = _("Unit, event or source")
    sort = "-day"
    definition = _(
        "An event bars a unit from titles from its day on, for as many months as its kind says, once a second person "
        "has confirmed it. What is only reported bars nothing."
    )
    empty = _("No veto events here")
    empty_url = "supervision:event_new"
    empty_permission = "supervision.edit"
    empty_action = _("Enter an event")
    columns = (
        Column("title", _("Event"), lambda e: e.title, _title, css="cw-table__title", width=34),
        Column("unit", _("Unit"), lambda e: str(e.unit)),
        Column("kind", _("Kind"), lambda e: e.kind.name, screen=False),
        Column("source", _("Source"), lambda e: e.source, screen=False),
        Column("day", _("Day of the event"), lambda e: e.day, lambda e: day(e.day), sort="day", kind="date"),
        Column("bars", _("Bars"), lambda e: e.bars_until, bar_words, kind="date"),
        Column("state", _("State"), lambda e: e.get_state_display(), event_cell, css="cw-table__state"),
    )  # fmt: skip
    filters = (
        pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),
        Filter("kind", _("Kind"), _kind_choices, lambda rows, value: rows.filter(kind=value)),
    )
    tabs = (
        Tab("bars", _("Bars now"), lambda request: Q(state=VetoState.CONFIRMED, bars_until__gte=clock.today())),
        Tab("confirm", _("For me to confirm"), _to_confirm),
        Tab("reported", _("To be confirmed"), Q(state=VetoState.REPORTED)),
        Tab("over", _("No longer bars"), lambda request: Q(state=VetoState.CONFIRMED, bars_until__lt=clock.today())
            | Q(state=VetoState.LIFTED)),
        Tab("rejected", pgettext_lazy("veto", "Not confirmed"), Q(state=VetoState.REJECTED)),
        Tab("all", _("All"), Q()),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return VetoEvent.objects.visible_to(request.user).select_related("unit", "kind")

    def row_url(self, row: Any) -> str:
        return address("supervision:event", row.pk)

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        actions: list[dict[str, Any]] = []
        if may(request.user, "supervision.edit"):
            kinds = {"label": gettext("Kinds of events"), "icon": "list-check", "url": reverse("supervision:kinds")}
            new = {"label": gettext("Enter an event"), "icon": "plus", "url": reverse("supervision:event_new")}
            actions = [kinds, {**new, "primary": True}]
        return {"page_actions": actions, "breadcrumbs": way_to(PLACE)}


EVENTS = EventList()


@signed_in("supervision.view")
def events(request: HttpRequest) -> HttpResponse:
    """The list."""
    return respond(request, EVENTS)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """An event as it is entered; a second person confirms it."""
    region = the_region(request)
    if not VetoKind.objects.filter(region=region, is_on=True).exists():
        step = (gettext("To the kinds of events"), reverse("supervision:kinds"))
        raise Missing(gettext("There are no kinds of events yet."), gettext("Write them first."), step)
    form = EventForm(request.POST if request.method == "POST" else None, actor=request.user, region=region)
    if request.method == "POST" and form.is_valid():
        try:
            made = report_event(Event(**form.cleaned_data), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Entered; a second person confirms it"))
            return redirect("supervision:event", made.pk)
    note = gettext("It bars nothing before a second person has confirmed it.")
    title, back = gettext("Enter an event"), reverse("supervision:events")
    return form_page(request, form, title, PLACE, back, submit=gettext("Enter"), note=note)


@signed_in("supervision.view")
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One event: what, by which paper, who entered and who confirmed it."""
    event = _event(request, pk)
    words = {"report": gettext("Entered")} | {step.action: str(step.done) for step in VETO_WORKFLOW.transitions}
    entries = steps_told(event, words, lambda action: action != "report")
    buttons = [
        {"label": step.label, "icon": step.icon, "primary": step.action == "confirm",
         "url": reverse("supervision:event_act", args=[pk, step.action])}
        for step in available(event, VETO_WORKFLOW, request.user)
    ]  # fmt: skip
    if event.state == VetoState.CONFIRMED and may(request.user, "supervision.edit", event):
        url = f"{reverse('supervision:consequence_new')}?basis=event:{pk}"
        buttons.append({"label": gettext("Enter what followed"), "icon": "scale", "primary": False, "url": url})
    context = {
        "page_title": event.title, "breadcrumbs": way_to(PLACE, str(event.kind)), "event": event, "entries": entries,
        "buttons": buttons, "facts": _facts(event, request.user), "state_cell": event_cell(event),
        "step_title": gettext("Next: you confirm it") if buttons and event.state == VetoState.REPORTED
        else event.get_state_display(),
        "step_text": _step_text(event),
    }  # fmt: skip
    return render(request, "supervision/event.html", context)


@signed_in("supervision.veto")
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Confirm, reject or lift."""
    if action not in ACTS:
        raise Http404
    event = _event(request, pk)
    kind, run = ACTS[action]
    label = str(VETO_WORKFLOW[action].label)
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            run(event, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(VETO_WORKFLOW[action].done))
            return redirect("supervision:event", pk)
    note = _confirm_note(event) if action == "confirm" else ""
    return form_page(request, form, label, PLACE, reverse("supervision:event", args=[pk]), note=note,
                     subtitle=f"{event.unit} · {event.title}", ends=VETO_WORKFLOW[action].needs_note)  # fmt: skip


@signed_in("supervision.edit")
@require_GET
def kinds(request: HttpRequest) -> HttpResponse:
    """The kinds with their months and sources."""
    rows = list(VetoKind.objects.visible_to(request.user))
    new = {"label": gettext("Write a kind"), "icon": "plus", "url": reverse("supervision:kind_new"), "primary": True}
    context = {
        "page_title": gettext("Kinds of events"), "breadcrumbs": way_to(PLACE, gettext("Kinds of events")),
        "kinds": [{"kind": one, "source": source_tag(one.source)} for one in rows],
        "page_actions": [new] if rows else [],
    }  # fmt: skip
    return render(request, "supervision/kinds.html", context)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def edit_kind(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """A new kind, or another number of months for one."""
    kind = visible_or_404(VetoKind.objects, request.user, "supervision.edit", pk=pk) if pk else None
    region = the_region(request)
    names = ("name", "months", "falsification", "source", "is_on")
    initial = {name: getattr(kind, name) for name in names} if kind else {}
    form = KindForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_kind(region, kind=kind, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Kept; it holds for events entered from now on"))
            return redirect("supervision:kinds")
    title = gettext("Change a kind") if kind else gettext("Write a kind")
    return form_page(request, form, title, PLACE, reverse("supervision:kinds"), submit=gettext("Keep"))


def _event(request: HttpRequest, pk: int) -> VetoEvent:
    rows = VetoEvent.objects.select_related("unit", "kind", "problem", "region", "entered_by", "confirmed_by")
    found: VetoEvent = visible_or_404(rows, request.user, pk=pk)
    return found


def _facts(event: VetoEvent, user: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"label": gettext("Unit"), "value": str(event.unit)},
        {"label": gettext("Kind"), "value": event.kind.name},
        {"label": gettext("Day of the event"), "value": day(event.day)},
        {"label": gettext("Bars"), "value": bar_words(event)},
        {"label": gettext("Source"), "value": event.source},
    ]
    if event.problem:
        url = reverse("rectification:problem", args=[event.problem.number])
        sees = may(user, "rectification.view", event.problem)
        rows.append({"label": gettext("Problem"), "value": event.problem.title, "url": url if sees else ""})
    return rows


def _step_text(event: VetoEvent) -> str:
    texts = {
        VetoState.REPORTED: gettext(
            "It bars nothing yet, but what the unit applies for is frozen until a second person, who is not of the "
            "unit, confirms it or drops it."
        ),
        VetoState.CONFIRMED: _confirm_note(event),
        VetoState.REJECTED: gettext("It never counts."),
        VetoState.LIFTED: gettext("It no longer bars."),
    }
    return texts[VetoState(event.state)]


def _confirm_note(event: VetoEvent) -> str:
    words = gettext("It bars the unit from titles until %s.") % day(event.bars_until)
    if event.kind.falsification:
        return words + gettext(" The ladder proposes a red notice.")
    return words
