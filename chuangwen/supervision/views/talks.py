"""The register of admonition talks (约谈台账): who spoke with whom, about what, what was agreed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import address, asked_key
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import Column, Filter, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import moment
from chuangwen.organizations.queries import units_today
from chuangwen.supervision.forms import NewTalkForm
from chuangwen.supervision.models import SupervisionNotice, Talk
from chuangwen.supervision.services import TalkHeld, record_talk
from chuangwen.supervision.views.notice import papers_of
from chuangwen.supervision.views.parts import the_region, way_to
from chuangwen.supervision.words import sheet_number

PLACE = (_("Talks"), "supervision:talks")


def _with(talk: Talk) -> SafeString:
    return two_lines(talk.unit, talk.held_with, address("supervision:talk", talk.pk))


def _sheet(talk: Talk) -> str:
    return sheet_number(talk.notice) if talk.notice else ""


class TalkList(ListPage):
    """Talks that the person may see, the latest first."""

    name = "talks"
    title = _("Talks")
    noun = pgettext_lazy("noun", "talks")
    permission = "supervision.view"
    search = ("unit__name__icontains", "unit__short_name__icontains", "subject__icontains", "held_by__icontains")
    search_words = _("Unit, subject or who held it")
    sort = "-held_at"
    definition = _(
        "People are told by their posts, never judged. What belongs to discipline is not written here: for that only "
        "the handing over is kept."
    )
    signature = (_("Filled in by"), _("Checked by"))
    empty = _("No talks here")
    empty_url = "supervision:talk_new"
    empty_permission = "supervision.edit"
    empty_action = _("Record a talk")
    columns = (
        Column("unit", _("Unit"), lambda t: str(t.unit), _with, css="cw-table__title", width=24),
        Column("held", _("Held at"), lambda t: t.held_at, lambda t: moment(t.held_at), sort="held_at", kind="datetime"),
        Column("by", _("Held by"), lambda t: t.held_by, css="cw-wide"),
        Column("with", _("Held with"), lambda t: t.held_with, screen=False),
        Column("subject", pgettext_lazy("talk", "About"), lambda t: t.subject, css="cw-wide", width=30),
        Column("agreed", _("What was agreed"), lambda t: t.agreed, css="cw-wide", width=30),
        Column("place", pgettext_lazy("talk", "Place"), lambda t: t.place, screen=False),
        Column("notice", _("Notice"), _sheet, css="cw-nowrap"),
    )
    filters = (
        pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),
        Filter("since", _("Since"), lambda request: (), lambda rows, value: rows.filter(held_at__date__gte=value),
               kind="date"),
        Filter("until", pgettext_lazy("filter", "Until"), lambda request: (),
               lambda rows, value: rows.filter(held_at__date__lte=value), kind="date"),
    )  # fmt: skip
    tabs = (
        Tab("all", _("All"), Q()),
        Tab("notice", _("After a notice"), Q(notice__isnull=False)),
        Tab("own", _("Without a notice"), Q(notice__isnull=True)),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Talk.objects.visible_to(request.user).select_related("unit", "notice")

    def row_url(self, row: Any) -> str:
        return address("supervision:talk", row.pk)

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), f"{moment(row.held_at)} {row.subject}"

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        actions: list[dict[str, Any]] = []
        if may(request.user, "supervision.edit"):
            due = {"label": gettext("Talks to be held"), "icon": "clock",
                   "url": f"{reverse('supervision:register')}?tab=talk"}  # fmt: skip
            new = {"label": gettext("Record a talk"), "icon": "plus", "url": reverse("supervision:talk_new")}
            actions = [due, {**new, "primary": True}]
        return {"page_actions": actions, "breadcrumbs": way_to(PLACE)}


TALKS = TalkList()


@signed_in("supervision.view")
def talks(request: HttpRequest) -> HttpResponse:
    """The list."""
    return respond(request, TALKS)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A talk that no notice asked for; `?unit=` names the unit."""
    region = the_region(request)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    unit = units_today(region).filter(pk=asked_key(request.GET.get("unit", "")) or 0).first()
    first = {"unit": unit, "held_at": clock.local(clock.now()).replace(minute=0)}
    form = NewTalkForm(data, files, notice=None, actor=request.user, region=region, initial=first)
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        scans = answers.pop("scans")
        try:
            made = record_talk(answers.pop("unit"), TalkHeld(**answers), actor=request.user, scans=scans)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Talk recorded"))
            return redirect("supervision:talk", made.pk)
    context = {
        "page_title": gettext("Record a talk"), "form": form, "submit": gettext("Keep the record"),
        "cancel_url": reverse("supervision:talks"), "breadcrumbs": way_to(PLACE, gettext("Record a talk")),
        "note": gettext("People are told by their posts. What belongs to discipline is not written here."),
    }  # fmt: skip
    return render(request, "supervision/form.html", context, status=422 if form.is_bound else 200)


@signed_in("supervision.view")
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One talk with its signed record."""
    talk: Talk = visible_or_404(Talk.objects.select_related("unit", "notice", "region"), request.user, pk=pk)
    facts: list[dict[str, Any]] = [
        {"label": gettext("Unit"), "value": str(talk.unit)},
        {"label": gettext("Held at"), "value": moment(talk.held_at)},
        {"label": pgettext("talk", "Place"), "value": talk.place},
        {"label": gettext("Held by"), "value": talk.held_by},
        {"label": gettext("Held with"), "value": talk.held_with},
    ]
    if talk.notice and SupervisionNotice.objects.visible_to(request.user).filter(pk=talk.notice_id).exists():
        url = reverse("supervision:notice", args=[talk.notice.number])
        facts.append({"label": gettext("Notice"), "value": sheet_number(talk.notice), "url": url})
    context = {
        "page_title": str(talk), "breadcrumbs": way_to(PLACE, str(talk.unit)), "talk": talk, "facts": facts,
        "papers": papers_of(talk), "page_actions": [{"label": gettext("Print"), "icon": "printer", "print": True}],
    }  # fmt: skip
    return render(request, "supervision/talk.html", context)
