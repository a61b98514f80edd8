"""One step of one problem: its small form, and the service behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.rectification import forms, services
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import at_same_place, of_same_kind
from chuangwen.rectification.services import LongTermPlan
from chuangwen.rectification.views.next_step import dispute_text, extension_text
from chuangwen.rectification.views.problem import head_of, proof_of, the_problem
from chuangwen.rectification.workflow import OPEN, answers_for_lead

Run = Callable[..., Any]
MERGE_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Act:
    """A step as a page: what it is called, what it asks, what runs, what is told afterwards."""

    title: str | Promise
    form: type[forms.ActForm]
    run: Run
    submit: str | Promise
    done: str | Promise
    icon: str = "check"
    note: str | Promise = ""
    paper: bool = False  # may be entered on the lead's behalf
    undo: str = ""  # the step that takes it back
    instead: str = ""  # the step to take where this one does not fit


def _long_term(problem: Problem, *, actor: Any, reason: str, milestones: Any, **plan: str) -> None:
    """The reason is the cause of the 难点问题清单: nothing is asked twice."""
    whole = LongTermPlan(milestones=milestones, cause=reason, **plan)
    services.make_long_term(problem, reason=reason, plan=whole, actor=actor)


def _on_site(problem: Problem, *, actor: Any) -> None:
    services.close_problem(problem, actor=actor, on_site=True)


CLOSED, MERGED = pgettext_lazy("problem", "Closed"), pgettext_lazy("problem", "Merged")
ACTS: dict[str, Act] = {
    "assign": Act(_("Assign the problem"), forms.LeadForm, services.assign_problem, _("Assign"), _("Assigned"),
                  icon="arrow-right"),
    "receive": Act(_("Sign for receipt"), forms.PlainForm, services.receive_problem, _("Sign for receipt"),
                   _("Received"), paper=True),
    "fix": Act(_("Report as fixed"), forms.FixForm, services.fix_problem, _("Report as fixed"),
               _("Reported as fixed; it waits to be verified"), icon="camera", paper=True),
    "explain": Act(_("Add an explanation"), forms.ExplainForm, services.explain_problem, _("Add"), _("Added"),
                   icon="messages"),
    "dispute": Act(_("Raise an objection"), forms.DisputeForm, services.raise_dispute, _("Raise an objection"),
                   _("Objection raised"), icon="hand-stop", paper=True,
                   note=_("The office rules within two working days. Until then the territory acts.")),
    "rule": Act(_("Rule whose it is"), forms.RuleForm, services.rule_dispute, _("Give a ruling"), _("Ruled"),
                icon="gavel"),
    "close": Act(_("Pass and close"), forms.PlainForm, services.close_problem, _("Pass and close"), CLOSED,
                 undo="reopen"),
    "close_on_site": Act(_("Seen on the spot"), forms.PlainForm, _on_site, _("Right on the spot: close"), CLOSED,
                         icon="walk", undo="reopen", instead="return",
                         note=_("For who was there and saw it put right. If not, return it and say what is missing.")),
    "reopen": Act(_("Take the closing back"), forms.PlainForm, services.reopen_problem, _("Take the closing back"),
                  _("Taken back; it waits to be verified"), icon="arrow-back-up",
                  note=_("It waits to be verified again, and the unit is told. Possible within an hour of closing.")),
    "return": Act(_("Return"), forms.ReturnForm, services.return_problem, _("Return"), _("Returned to the unit"),
                  icon="arrow-back-up"),
    "reassign": Act(_("Assign to another unit"), forms.ReassignForm, services.reassign_problem, _("Assign"),
                    _("Assigned anew"), icon="send"),
    "deadline": Act(_("Change the deadline"), forms.DeadlineForm, services.change_deadline, _("Change"),
                    _("Deadline changed"), icon="calendar-time"),
    "ask_extension": Act(_("Ask for more time"), forms.ExtensionForm, services.ask_extension, _("Ask for more time"),
                         _("Asked; the office decides"), icon="hourglass", paper=True,
                         note=_("The office decides within a working day. Until then the present deadline holds.")),
    "grant_extension": Act(_("Grant more time"), forms.GrantForm, services.grant_extension, _("Grant more time"),
                           _("More time granted"), icon="check", instead="refuse_extension"),
    "refuse_extension": Act(_("Grant no more time"), forms.ReasonForm, services.refuse_extension,
                            _("Grant no more time"), _("Told to the unit; the deadline holds"), icon="x",
                            instead="grant_extension"),
    "answer_number": Act(_("Enter the number of the answer"), forms.AnswerNumberForm, services.enter_answer_number,
                         _("Enter"), _("Entered; the ledger of superiors' feedback prints it"), icon="mail"),
    "remind": Act(_("Remind"), forms.PlainForm, services.remind_unit, _("Remind"), _("Reminded"), icon="bell",
                  note=_("The unit's people find the reminder in their inbox. State and deadline stay.")),
    "make_long_term": Act(_("Put on the long-term list"), forms.LongTermForm, _long_term,
                          _("Put on the long-term list"), _("Put on the long-term list"), icon="hourglass",
                          note=_("At least one step a month and at most 90 days; then a leader can renew it.")),
    "renew": Act(_("Renew the plan"), forms.MilestonesForm, services.renew_long_term, _("Renew"), _("Renewed"),
                 icon="repeat", note=_("At least one step a month and at most 90 days.")),
    "merge": Act(_("Merge into another"), forms.MergeForm, services.merge_problem, _("Merge"), MERGED,
                 icon="git-compare", note=_("This one ends; its history is shown there.")),
    "object_gone": Act(_("The object is gone"), forms.ReasonForm, services.end_gone_problem, _("End the problem"),
                       _("Ended; it is not counted"), icon="archive",
                       note=_("For a place that was demolished or moved. The problem ends and is not counted.")),
}  # fmt: skip


@signed_in("rectification.view")
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """The form of one step, and its taking. Services decide who may; what was typed stays on a refusal."""
    one = ACTS.get(action)
    if one is None:
        raise Http404
    problem = the_problem(request, number)
    paper = one.paper and not answers_for_lead(request.user, problem)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    chosen = {"into": request.GET.get("into", "")[:24]} if action == "merge" else None
    form = one.form(data, files, problem=problem, actor=request.user, paper=paper, initial=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            one.run(problem, actor=request.user, **_answers(form))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            undo = reverse("rectification:act", args=[problem.number, one.undo]) if one.undo else ""
            messages.success(request, str(one.done), extra_tags=undo)
            return redirect("rectification:problem", problem.number)
    context = {**head_of(problem), **proof_of(problem), "act": one, "form": form, "paper": paper}
    context |= {"page_title": one.title, "page_subtitle": problem.title, "breadcrumbs": _crumbs(problem, one)}
    context |= _beside(request, problem, action, one)
    return render(request, "rectification/act.html", context, status=422 if form.is_bound else 200)


@signed_in("rectification.answer")
@require_POST
def milestone_done(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A step of the long-term plan is done."""
    problem = the_problem(request, number)
    milestone = get_object_or_404(problem.milestones.select_related("problem__region"), pk=pk)
    services.complete_milestone(milestone, actor=request.user)
    messages.success(request, gettext("Step done"))
    return redirect("rectification:problem", problem.number)


def _beside(request: HttpRequest, problem: Problem, action: str, one: Act) -> dict[str, Any]:
    """What has to be known for this step: what was objected, where it could be merged, the other way out."""
    told = {"rule": dispute_text, "grant_extension": extension_text, "refuse_extension": extension_text}
    beside: dict[str, Any] = {"note": told[action](problem) if action in told else one.note}
    if action == "merge":
        alike = [*at_same_place(problem, request.user), *of_same_kind(problem, request.user)]
        beside["into"] = [other for other in alike if other.state in OPEN][:MERGE_SHOWN]
    if one.instead:
        other = ACTS[one.instead]
        url = reverse("rectification:act", args=[problem.number, one.instead])
        beside["instead"] = {"title": other.title, "icon": other.icon, "url": url}
    return beside


def _answers(form: forms.ActForm) -> dict[str, Any]:
    """The cleaned data as the service's arguments: a time or a scan that was not given is left to the service."""
    return {key: value for key, value in form.cleaned_data.items() if key not in {"at", "scans"} or value}


def _crumbs(problem: Problem, one: Act) -> list[dict[str, Any]]:
    page = reverse("rectification:problem", args=[problem.number])
    ledger = {"label": gettext("Problems"), "url": reverse("rectification:ledger")}
    return [ledger, {"label": problem.number, "url": page}, {"label": one.title}]
