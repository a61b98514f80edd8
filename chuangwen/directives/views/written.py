"""Written reports by a day: the calls, who is missing, one unit's report, links without a password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.accounts.matters import Matter
from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import may, scope_of, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.models import Attachment
from chuangwen.core.pages import attempt, kept, signed_in
from chuangwen.directives.enums import CallStage
from chuangwen.directives.forms.written import CallForm, HandInForm, WhyForm
from chuangwen.directives.models import WrittenCall, WrittenReport
from chuangwen.directives.queries.written import known_pieces
from chuangwen.directives.services import written as services
from chuangwen.directives.views.meetings import form_page, keep_page, papers_of
from chuangwen.directives.views.passing import handed_out, only_one
from chuangwen.directives.views.written_list import CALLS, REPORTS, crumbs, report_state
from chuangwen.directives.workflow import ANSWER, EDIT, WITH_UNIT
from chuangwen.organizations.queries import own_units
from chuangwen.workflow.queries import history_of

KIND = "directives.writtenreport"


@signed_in("directives.attend")
def calls(request: HttpRequest) -> HttpResponse:
    """All calls that the person sees."""
    return respond(request, CALLS)


@signed_in("directives.attend")
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call with its units; who has one report alone is led to that."""
    visible_or_404(WrittenCall.objects.all(), request.user, pk=pk)
    reports = WrittenReport.objects.visible_to(request.user).filter(call=pk)
    return only_one(request, reports, "directives:written_report") or respond(request, REPORTS)


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Call for reports."""
    campaign = campaign_or_404(request)
    posted = request.method == "POST"
    form = CallForm(request.POST if posted else None, request.FILES if posted else None, region=campaign.region)
    if posted and form.is_valid():
        data = form.cleaned_data
        units = {unit.pk: unit for unit in (own_units(campaign.region) if data["everybody"] else ())}
        units |= {unit.pk: unit for unit in data["units"]}
        try:
            made = services.call_for_reports(campaign, form.called(), list(units.values()), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            asked = ngettext("%d unit is asked", "%d units are asked", len(units)) % len(units)
            messages.success(request, asked)
            return redirect("directives:written_call", made.pk)
    title = gettext("Ask for a written report")
    return form_page(request, form, title, reverse("directives:written"), crumbs(title))


@signed_in(EDIT)
@require_POST
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """Links to what each unit has not handed in yet, as text for a chat group. Each is shown this once."""
    found = visible_or_404(WrittenCall.objects.select_related("region"), request.user, EDIT, pk=pk)
    rows = WrittenReport.objects.filter(call=found, state__in=WITH_UNIT).select_related("unit", "region", "call")
    page = reverse("directives:written_call", args=[pk])
    return handed_out(request, rows.order_by("unit__path"), found.title, page, found.due_at)


STEPS = {"close": services.close_call, "reopen": services.reopen_call}


@signed_in(EDIT)
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Close a call, or open it again."""
    run = STEPS.get(name)
    if run is None:
        raise Http404
    found = visible_or_404(WrittenCall.objects.select_related("region"), request.user, EDIT, pk=pk)
    done = reverse("directives:written_call", args=[pk])
    return attempt(request, lambda: run(found, actor=request.user), done=done)


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a call back."""
    found = visible_or_404(WrittenCall.objects.select_related("region"), request.user, EDIT, pk=pk)
    form = WhyForm(request.POST if request.method == "POST" else None, actor=request.user)
    back, title = reverse("directives:written_call", args=[pk]), gettext("Withdraw the call")
    return keep_page(
        request, form, lambda: services.withdraw_call(found, reason=form.cleaned_data["reason"], actor=request.user),
        title, back, crumbs(title, (found.title, back)), ends=True,
    )  # fmt: skip


@signed_in("directives.attend")
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's report: what is asked, what the ledger holds, what was handed in."""
    found = _report(request, pk)
    form = _form(request, found)
    if request.method == "POST" and _kept(request, found, form):
        messages.success(request, gettext("Handed in"))
        return redirect("directives:written_report", pk)
    several = may(request.user, EDIT) or WrittenReport.objects.visible_to(request.user).filter(call=found.call)[1:2]
    way = [(found.call.title, reverse("directives:written_call", args=[found.call_id]))] if several else []
    context = _shown(request, found, form) | {
        "page_title": found.call.title, "page_subtitle": str(found.unit), "breadcrumbs": crumbs(str(found.unit), *way),
        "act_url": request.path, "papers": papers_of(found),
        "template": found.call.template,
    }  # fmt: skip
    return render(request, "directives/written_report.html", context, status=422 if form.is_bound else 200)


def show(request: HttpRequest, matter: Matter, form: HandInForm | None = None) -> HttpResponse:
    """The same behind a link without a password."""
    found = _report(request, matter.object_id)
    shown = form or _form(request, found, blank=True)
    context = _shown(request, found, shown) | {
        "page_title": found.call.title, "addressee": matter.link.post or str(matter.user),
        "act_url": matter.action_url("hand-in"),
    }  # fmt: skip
    return render(request, "directives/written_link.html", context, status=422 if form else 200)


def take(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Keep what was given behind a link."""
    found = _report(request, matter.object_id)
    form = _form(request, found)
    if not _kept(request, found, form):
        return show(request, matter, form)
    return redirect(matter.url)


def files(matter: Matter) -> QuerySet[Any]:
    """The files that a link may open: those of its report."""
    return Attachment.objects.filter(owner_type=WrittenReport._meta.label_lower, owner_id=matter.object_id)


def page_url(object_id: int) -> str:
    """The ordinary page, for who is signed in."""
    return reverse("directives:written_report", args=[object_id])


def _shown(request: HttpRequest, found: WrittenReport, form: HandInForm) -> dict[str, Any]:
    running = found.call.state == CallStage.OPEN
    return {
        "report": found, "call": found.call, "form": form, "stage": report_state(found),
        "waits": running and found.state in WITH_UNIT, "may_hand_in": may(request.user, ANSWER, found),
        "returned": _why(found),
    }  # fmt: skip


def _why(found: WrittenReport) -> str:
    """Why it was returned last, while it is."""
    last = history_of(found).filter(action="return").last() if found.state == "returned" else None
    return last.note if last else ""


def _form(request: HttpRequest, found: WrittenReport, *, blank: bool = False) -> HandInForm:
    bound = request.method == "POST" and not blank
    paper = found.unit_id not in scope_of(request.user, ANSWER).unit_ids
    return HandInForm(
        request.POST if bound else None, request.FILES if bound else None, pieces=known_pieces(found), paper=paper
    )


def _kept(request: HttpRequest, found: WrittenReport, form: HandInForm) -> bool:
    return kept(form, lambda: services.hand_in(found, form.given(), actor=request.user))


def _report(request: HttpRequest, pk: int) -> WrittenReport:
    rows = WrittenReport.objects.select_related("unit", "call__template", "call__region", "region")
    found: WrittenReport = visible_or_404(rows, request.user, pk=pk)
    return found
