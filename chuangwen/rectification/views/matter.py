"""One problem behind a link that needs no password: what a keeper or liaison does with it on the own phone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.accounts.matters import Matter
from chuangwen.accounts.services.links import link_for
from chuangwen.core import clock
from chuangwen.core.access import require, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import panels
from chuangwen.core.templatetags.wording import moment
from chuangwen.organizations.queries import people_to_tell
from chuangwen.rectification.forms import ActForm, ExplainForm, ExtensionForm, FixForm, NotMineForm, PlainForm
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import extension_refused, photos_of
from chuangwen.rectification.services import ask_extension, explain_problem, fix_problem, raise_dispute, receive_problem
from chuangwen.rectification.views.next_step import next_step
from chuangwen.rectification.views.problem import SHOWN, facts, the_problem
from chuangwen.rectification.views.timeline import timeline
from chuangwen.rectification.words import due_cell, state_of
from chuangwen.rectification.workflow import OPEN, answers_for_lead, objection_refused, steps_open_to

KIND = "rectification.problem"


def show(request: HttpRequest, matter: Matter, refused: ActForm | None = None) -> HttpResponse:
    """The problem with the forms that its person may fill in; `refused` is one that came back."""
    problem = _problem(request, matter)
    steps = {step.action for step in steps_open_to(request.user, problem)}
    own = answers_for_lead(request.user, problem)
    objects = own and "dispute" in steps and not objection_refused(problem, clock.now())
    asks = isinstance(refused, ExtensionForm) or not extension_refused(problem, clock.now())
    photos = [photo for photo in photos_of(problem) if photo.attachment.file.is_picture]
    shape, word = state_of(problem)
    context = {
        "page_title": problem.title,
        "page_subtitle": _("Problem %(number)s") % {"number": problem.number},
        "problem": problem,
        "addressee": matter.link.post or str(matter.user),
        "next": next_step(problem, request.user),
        "shape": shape,
        "word": word,
        "due": due_cell(problem),
        "facts": [{**fact, "url": ""} for fact in facts(problem)],
        "entries": timeline(problem),
        "photos": [
            {"url": matter.picture_url(photo.attachment, "large"), "label": photo.get_role_display(), "photo": photo}
            for photo in photos
        ],
        "receive": own and "receive" in steps,
        "fix": _form(FixForm, problem, request, refused) if own and "fix" in steps else None,
        "dispute": _form(NotMineForm, problem, request, refused)
        if objects or isinstance(refused, NotMineForm)
        else None,
        "extension": _form(ExtensionForm, problem, request, refused) if own and asks else None,
        "explain": _form(ExplainForm, problem, request, refused) if problem.state in OPEN else None,
        "matter": matter,
        "fix_url": matter.action_url("fix"),
        "receive_url": matter.action_url("receive"),
        "dispute_url": matter.action_url("dispute"),
        "extension_url": matter.action_url("extension"),
        "explain_url": matter.action_url("explain"),
        "panels": panels("problem-link", request, problem),
    }
    return render(request, "rectification/matter.html", context, status=422 if refused else 200)


def receive(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Receipt is signed for."""
    return _act(request, matter, PlainForm, receive_problem)


def fix(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Reported as fixed, with photo."""
    return _act(request, matter, FixForm, fix_problem)


def explain(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Something is said to it."""
    return _act(request, matter, ExplainForm, explain_problem)


def dispute(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Said to be another's; the office rules."""
    return _act(request, matter, NotMineForm, raise_dispute)


def extension(request: HttpRequest, matter: Matter) -> HttpResponse:
    """More time is asked for; the office decides."""
    return _act(request, matter, ExtensionForm, ask_extension)


def files(matter: Matter) -> Any:
    """The problem's photos and papers."""
    return Attachment.objects.filter(owner_type=label_of(Problem()), owner_id=matter.object_id)


def page_url(object_id: int) -> str:
    """The ordinary page, for who is signed in."""
    numbers = Problem.objects.filter(pk=object_id).values_list("number", flat=True)
    return reverse("rectification:problem", args=[numbers[0]]) if numbers else reverse("rectification:ledger")


@signed_in("rectification.assign")
@require_POST
def hand_out(request: HttpRequest, number: str) -> HttpResponse:
    """Links to this problem for the lead's people, as text for a chat. Each is shown this once."""
    problem = the_problem(request, number)
    require(request.user, "rectification.assign", problem)
    people = list(people_to_tell(problem.lead, "rectification.answer"))
    links = [(person, link_for(person, problem, made_by=request.user)) for person in people]  # type: ignore[arg-type]
    lines = [
        _("%(who)s: %(title)s, due %(due)s %(url)s")
        % {"who": person, "title": problem.title, "due": moment(problem.due_at), "url": url}
        for person, url in links
    ]
    page = reverse("rectification:problem", args=[number])
    context = {
        "page_title": _("Links without password"),
        "page_subtitle": problem.title,
        "breadcrumbs": [{"label": number, "url": page}, {"label": _("Links without password")}],
        "text": "\n".join(lines),
        "problem": problem,
    }
    return render(request, "rectification/links.html", context)


def _problem(request: HttpRequest, matter: Matter) -> Problem:
    rows = Problem.objects.select_related(*SHOWN)
    found: Problem = visible_or_404(rows, request.user, pk=matter.object_id)
    return found


def _form(kind: type[ActForm], problem: Problem, request: HttpRequest, refused: ActForm | None) -> ActForm:
    if isinstance(refused, kind):
        return refused
    return kind(problem=problem, actor=request.user, auto_id=f"{kind.__name__}_%s")


def _act(request: HttpRequest, matter: Matter, kind: type[ActForm], run: Any) -> HttpResponse:
    problem = _problem(request, matter)
    form = kind(request.POST, request.FILES, problem=problem, actor=request.user, auto_id=f"{kind.__name__}_%s")
    if form.is_valid():
        try:
            run(problem, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(matter.url)
    return show(request, matter, form)
