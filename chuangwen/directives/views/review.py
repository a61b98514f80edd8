"""The review of a document: text and table side by side."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import asked_key
from chuangwen.core.errors import Refusal
from chuangwen.core.jobs import start_job
from chuangwen.core.pages import signed_in
from chuangwen.directives.addressees import unit_ids
from chuangwen.directives.forms.documents import IssueForm, MarkForm
from chuangwen.directives.models import Document
from chuangwen.directives.plans import Plan, issue_plan, loads, plan_repeats
from chuangwen.directives.queries.documents import Row, review_of, units_named
from chuangwen.directives.queries.passages import own_passages
from chuangwen.directives.services import issue_accepted, mark_by_hand, note_presence, undo_last
from chuangwen.directives.views.answers import (
    answer,
    answer_presence,
    crumbs,
    posted,
    review_context,
    review_url,
    wants_parts,
)
from chuangwen.directives.words import issued_words, sum_words
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.forms import AgainForm
from chuangwen.responsibilities.queries.repeats import OpenRequest
from chuangwen.responsibilities.queries.tasks import without_roles
from chuangwen.responsibilities.schedule import phrase_of

MANY_TASKS = 60  # above it issuing runs as a job with progress


def find_document(request: HttpRequest, pk: int, permission: str = "") -> Document:
    """The document, if the person may see it, or act on it with `permission`."""
    rows = Document.objects.select_related("region", "campaign", "file", "made_by")
    return visible_or_404(rows, request.user, permission, pk=pk)


@signed_in("directives.view", "directives.attend")
@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide, passage by passage, what becomes a task. A unit that follows its task here is led to its own passages."""
    if not may(request.user, "directives.view"):
        if not own_passages(request.user, pk):
            raise Http404
        return redirect("directives:excerpt", pk)
    document = find_document(request, pk)
    found = review_of(document)
    asked = asked_key(request.GET.get("at", ""))
    context = review_context(request, document, found, at=found.next_open(0) if asked is None else asked)
    return render(request, "directives/review.html", context | {"page_title": _("Review the directives")})


@signed_in("directives.edit")
@require_GET
def units(request: HttpRequest, pk: int) -> HttpResponse:
    """Units whose name fits what is being typed: the list below a field of chips."""
    document = find_document(request, pk, "directives.edit")
    typed = next((value for key, value in request.GET.items() if key.endswith("_typed")), "")
    found, collectives = units_named(document.region, str(typed))
    return render(request, "directives/parts/units.html", {"units": found, "collectives": collectives})


@signed_in("directives.edit")
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a passage that the engine passed over."""
    document = find_document(request, pk, "directives.edit")
    form = MarkForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = mark_by_hand(
                document, form.cleaned_data["quote"], actor=request.user, start=form.cleaned_data["start"]
            )
        except Refusal as refusal:
            form.add_error("quote", str(refusal))
        else:
            return answer(request, document, rows=None, at=made.pk, said=_("Marked as a directive"))
    context = {"document": document, "form": form, "page_title": _("Mark a directive")}
    status = 422 if form.is_bound else 200
    if wants_parts(request):
        response = render(request, "directives/parts/mark_form.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#review-mark", "outerHTML"
        return response
    way = crumbs(_("Mark a directive"), document=document)
    return render(request, "directives/mark.html", context | {"breadcrumbs": way}, status=status)


@signed_in("directives.edit")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own last act here."""
    document = find_document(request, pk, "directives.edit")
    try:
        act, rows = undo_last(document, actor=request.user)
    except Refusal as refusal:
        return answer(request, document, rows=[], said=str(refusal))
    changed = None if act in {"merge", "split", "mark"} else rows
    return answer(request, document, rows=changed, at=rows[0] if rows else None, said=_("Undone"))


@signed_in("directives.view")
@require_POST
def presence(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one looks at this row, hear who else is here, and get the rows that somebody changed meanwhile."""
    document = find_document(request, pk)
    asked = asked_key(request.POST.get("at", "")) or 0
    note_presence(document, document.candidates.filter(pk=asked).first(), actor=request.user)
    return answer_presence(request, document, asked)


@signed_in("directives.edit")
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """What issuing will do, and the button that does it."""
    document = find_document(request, pk, "directives.edit")
    plan = issue_plan(document)
    proposed = {
        "due_on": document.campaign.assessment_on,
        "measure": _("Done as the text asks, reported to the office"),
    }
    form = IssueForm(posted(request), initial=proposed)
    missing = {"deadline": plan.undated, "measure": plan.without_measure, "rhythm": plan.without_rhythm}
    form.ask(**{name: bool(rows) for name, rows in missing.items()})
    repeats, again = plan_repeats(document, plan), AgainForm(posted(request))
    if request.method == "POST" and form.is_valid() and again.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("due_on", "measure", "rhythm")} | {"again": again.said()}
        try:
            wanted["again"].left_out(repeats)
            return _issued(request, document, plan.number, wanted)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    rows = {row.candidate.pk: row for row in review_of(document).rows}
    context = {
        "document": document, "plan": plan, "form": form, "groups": _groups(plan, rows), "loads": loads(plan),
        "sums": sum_words(plan.tasks, plan.new_duties, len(plan.rules)),
        "again": again, "repeats": _repeats(repeats, rows), "without_roles": _without_roles(plan),
        "left": [rows[one.pk] for one in plan.without_lead], "page_title": _("Issue the accepted directives"),
        "breadcrumbs": crumbs(pgettext("directive", "Issue"), document=document),
    }  # fmt: skip
    return render(request, "directives/issue.html", context, status=422 if form.is_bound else 200)


def _without_roles(plan: Plan) -> list[str]:
    """Units that would get a task or duty without one of the three roles, with what they lack."""
    wanted = {unit for _row, units in plan.ready for unit in units}
    wanted |= {unit for _row, units, _schedule in plan.duties for unit in units}
    return without_roles(Unit.objects.filter(pk__in=wanted))


def _repeats(found: dict[tuple[int, int], OpenRequest], rows: dict[int, Row]) -> list[tuple[Unit, str, OpenRequest]]:
    """What is open at its unit already: unit, what would be asked, what stands there."""
    units = Unit.objects.in_bulk({unit for _row, unit in found})
    return [(units[unit], rows[row].candidate.action, one) for (row, unit), one in found.items()]


def _groups(plan: Plan, rows: dict[int, Row]) -> list[dict[str, Any]]:
    """What would be issued, kind by kind: each row with how many units get one, and a duty's dates in words."""
    tasks = [{"row": rows[one.pk], "units": len(units), "rhythm": ""} for one, units in plan.ready]
    duties = [
        {"row": rows[one.pk], "units": len(units), "rhythm": phrase_of(schedule) if schedule else ""}
        for one, units, schedule in plan.duties
    ]
    rules = [{"row": rows[one.pk], "units": len(unit_ids(one.lead)), "rhythm": ""} for one in plan.rules]
    groups = [
        {"kind": "task", "label": _("Tasks"), "lines": tasks},
        {"kind": "duty", "label": _("Recurring duties"), "lines": duties},
        {"kind": "rule", "label": _("Standing rules"), "lines": rules},
    ]
    return [group for group in groups if group["lines"]]


def _issued(request: HttpRequest, document: Document, number: int, wanted: dict[str, Any]) -> HttpResponse:
    if number > MANY_TASKS:
        day = wanted["due_on"].isoformat() if wanted["due_on"] else ""
        params = {"document": document.pk, "due_on": day, "measure": wanted["measure"]}
        params |= {"rhythm": wanted["rhythm"], **asdict(wanted["again"])}
        title = _("Issue the tasks of “%s”") % document.title
        job = start_job("directives.issue", owner=request.user, title=title, params=params, back=request.path)
        return redirect("core:job", job.uid)
    issued = issue_accepted(document, actor=request.user, **wanted)
    messages.success(request, _("Issued: %s.") % issued_words(issued))
    if issued.without_lead:
        names = "、".join(f"“{one.action[:20]}”" for one in issued.without_lead)
        messages.warning(request, _("Not issued, since nobody is named to lead: %s") % names)
    return redirect(review_url(document))
