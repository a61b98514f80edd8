"""Reply slips: who is missing, one unit's slip, the same behind a link without a password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.accounts.matters import Matter
from chuangwen.core.access import may, scope_of, visible_or_404
from chuangwen.core.lists import respond
from chuangwen.core.models import Attachment
from chuangwen.core.pages import kept, signed_in
from chuangwen.directives.enums import LetterStage
from chuangwen.directives.forms.letters import SlipForm
from chuangwen.directives.models import Letter, LetterSlip
from chuangwen.directives.queries.letters import AWAITED
from chuangwen.directives.services import slips as services
from chuangwen.directives.slips import fields_of, shown
from chuangwen.directives.views.letter_list import SLIPS, crumbs, slip_state, urgency_tag
from chuangwen.directives.views.meetings import papers_of
from chuangwen.directives.views.passing import handed_out, only_one
from chuangwen.directives.workflow import EDIT, REPLIED
from chuangwen.responsibilities.models import Task, TaskState
from chuangwen.workflow.queries import history_of

KIND = "directives.letterslip"
WITH_UNIT = (TaskState.ISSUED, TaskState.ACCEPTED)


@signed_in("directives.attend")
def slips(request: HttpRequest, pk: int) -> HttpResponse:
    """The units of one letter, who is missing first; who has one slip alone is led to that."""
    visible_or_404(Letter.objects.all(), request.user, pk=pk)
    rows = LetterSlip.objects.visible_to(request.user).filter(letter=pk)
    return only_one(request, rows, "directives:letter_slip") or respond(request, SLIPS)


@signed_in(EDIT)
@require_POST
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """Links to the slips that are not in, as text for a chat group. Each is shown this once."""
    found = visible_or_404(Letter.objects.select_related("region"), request.user, EDIT, pk=pk)
    rows = LetterSlip.objects.filter(AWAITED, letter=found).select_related("task__unit", "region", "letter")
    several = list(rows.order_by("task__unit__path"))
    due = min((one.task.due_at for one in several), default=None)
    return handed_out(request, several, found.title, reverse("directives:letter_slips", args=[pk]), due)


@signed_in("directives.attend")
@require_http_methods(["GET", "POST"])
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's slip: what the letter is, what is asked, the few fields."""
    found = _slip(request, pk)
    form = _form(request, found)
    if request.method == "POST" and _kept(request, found, form):
        messages.success(request, gettext("Your reply is with the campaign office"))
        return redirect("directives:letter_slip", pk)
    way = (found.letter.number, reverse("directives:letter", args=[found.letter_id]))
    context = _shown(request, found, form) | {
        "page_title": found.letter.title, "page_subtitle": str(found.task.unit),
        "breadcrumbs": crumbs(str(found.task.unit), way), "act_url": request.path,
        "papers": papers_of(found.letter), "own_papers": papers_of(found.task),
        "objects": may(request.user, services.ANSWERING, found.task) and found.task.state == TaskState.ISSUED,
    }  # fmt: skip
    return render(request, "directives/slip.html", context, status=422 if form.is_bound else 200)


def show(request: HttpRequest, matter: Matter, form: SlipForm | None = None) -> HttpResponse:
    """The same behind a link without a password."""
    found = _slip(request, matter.object_id)
    papers = papers_of(found.letter)
    context = _shown(request, found, form or _form(request, found, blank=True)) | {
        "page_title": found.letter.title, "addressee": matter.link.post or str(matter.user),
        "act_url": matter.action_url("reply"),
        "pictures": [matter.picture_url(one, "large") for one in papers if one.file.is_picture],
        "elsewhere": [one.name for one in papers if not one.file.is_picture],
    }  # fmt: skip
    return render(request, "directives/slip_link.html", context, status=422 if form else 200)


def take(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Keep what was given behind a link."""
    found = _slip(request, matter.object_id)
    form = _form(request, found)
    if not _kept(request, found, form):
        return show(request, matter, form)
    return redirect(matter.url)


def files(matter: Matter) -> QuerySet[Any]:
    """The files that a link may open: the letter's paper and what hangs on the unit's task."""
    own = LetterSlip.objects.filter(pk=matter.object_id)
    task, letter = Task._meta.label_lower, Letter._meta.label_lower
    return Attachment.objects.filter(
        Q(owner_type=letter, owner_id__in=own.values("letter")) | Q(owner_type=task, owner_id__in=own.values("task"))
    )


def page_url(object_id: int) -> str:
    """The ordinary page, for who is signed in."""
    return reverse("directives:letter_slip", args=[object_id])


def _shown(request: HttpRequest, found: LetterSlip, form: SlipForm) -> dict[str, Any]:
    letter, task = found.letter, found.task
    running = letter.state == LetterStage.HANDLED and task.state in WITH_UNIT
    return {
        "slip": found, "letter": letter, "task": task, "form": form, "stage": slip_state(found),
        "urgency": urgency_tag(letter), "running": running,
        "may_reply": running and may(request.user, services.ANSWERING, task), "returned": _why(found),
        "filled": [(one.label, shown(one, found.values.get(key, ""))) for key, one in fields_of(letter.slip)],
        "replied": task.state in REPLIED,
    }  # fmt: skip


def _why(found: LetterSlip) -> str:
    """Why it was sent back last, while it is."""
    if found.task.state != TaskState.ACCEPTED:
        return ""
    last = history_of(found.task).filter(action="reopen").last()
    return last.note if last else ""


def _form(request: HttpRequest, found: LetterSlip, *, blank: bool = False) -> SlipForm:
    bound = request.method == "POST" and not blank
    paper = found.task.unit_id not in scope_of(request.user, services.ANSWERING).unit_ids
    return SlipForm(request.POST if bound else None, request.FILES if bound else None, slip=found, paper=paper)


def _kept(request: HttpRequest, found: LetterSlip, form: SlipForm) -> bool:
    return kept(form, lambda: services.answer_slip(found, form.answer(), actor=request.user))


def _slip(request: HttpRequest, pk: int) -> LetterSlip:
    rows = LetterSlip.objects.select_related(
        "region", "letter__region", "task__unit", "task__region", "task__campaign", "task__instruction"
    )
    found: LetterSlip = visible_or_404(rows, request.user, pk=pk)
    return found
