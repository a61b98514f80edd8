"""Minutes of a meeting: what was said and decided, signing, issuing the decisions, handing them to the review."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.forms.minutes import DecisionForm, IssueDecisionsForm, MinutesForm, SignForm
from chuangwen.directives.minutes_form import minutes_of
from chuangwen.directives.models import Decision, Meeting
from chuangwen.directives.queries.chairs import reads_minutes
from chuangwen.directives.queries.meetings import decision_repeats
from chuangwen.directives.services import minutes as services
from chuangwen.directives.views.answers import posted
from chuangwen.directives.views.meetings import step_page, the_meeting
from chuangwen.directives.workflow import EDIT


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said."""
    meeting = the_meeting(request, pk, EDIT)
    form = MinutesForm(posted(request), meeting=meeting)
    return step_page(
        request, meeting, form, lambda: services.write_minutes(meeting, actor=request.user, **form.cleaned_data),
        _("Write the minutes"), _("The minutes are kept"), submit=_("Keep"),
    )  # fmt: skip


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A new decision."""
    meeting = the_meeting(request, pk, EDIT)
    form = DecisionForm(posted(request), meeting=meeting)
    return step_page(
        request, meeting, form,
        lambda: _kept(form, services.write_decision(meeting, form.resolved(), actor=request.user)),
        _("Write down a decision"), "", anchor="decisions", submit=_("Keep"),
    )  # fmt: skip


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words for a decision that has not become tasks."""
    found = _decision(request, pk)
    form = DecisionForm(posted(request), meeting=found.meeting, decision=found)

    def keep() -> str:
        kept = services.write_decision(found.meeting, form.resolved(), actor=request.user, decision=found)
        return _kept(form, kept)

    return step_page(
        request, found.meeting, form, keep, _("Change the decision"), "", anchor="decisions",
        submit=_("Keep"),
    )  # fmt: skip


@signed_in(EDIT)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision out."""
    found = _decision(request, pk)
    return attempt(
        request, lambda: services.drop_decision(found, actor=request.user), done=f"{_page(found.meeting)}#decisions"
    )


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Decisions become tasks; asked is only what some of them lack."""
    meeting = the_meeting(request, pk, EDIT)
    usual = _("Done as the text asks, reported to the office")
    form = IssueDecisionsForm(posted(request), initial={"due_on": meeting.campaign.assessment_on, "measure": usual})
    units = meeting.decisions.filter(units__isnull=False)
    for name, lacking in (("due_on", units.filter(due_on__isnull=True)), ("measure", units.filter(measure=""))):
        if not lacking.exists():
            del form.fields[name]
    if not form.fields and request.method == "POST" and not decision_repeats(meeting):
        return attempt(
            request, lambda: services.issue_decisions(meeting, actor=request.user), done=f"{_page(meeting)}#decisions",
            said=_issued,
        )  # fmt: skip
    return step_page(
        request, meeting, form,
        lambda: _issued(
            services.issue_decisions(meeting, actor=request.user, again=form.said(), **form.cleaned_data)
        ),
        _("Issue the decisions as tasks"), "", anchor="decisions",
        note=_("Each unit in the lead gets a task with its source, and is told once."),
    )  # fmt: skip


@signed_in(EDIT, "directives.sign")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Number and signature: a leader here, or the office from the signed sheet."""
    in_person = may(request.user, "directives.sign")
    meeting = the_meeting(request, pk, "directives.sign" if in_person else EDIT)
    files = request.FILES if request.method == "POST" else None
    form = SignForm(posted(request), files, meeting=meeting, paper=not in_person)
    title = _("Sign the minutes") if in_person else _("Enter the signed minutes")
    return step_page(
        request, meeting, form, lambda: services.sign_minutes(meeting, form.signature(), actor=request.user), title,
        _("Signed and numbered"), note=_("They get the next number of the year and stand from then on."),
    )  # fmt: skip


@signed_in(EDIT)
@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the review read the minutes."""
    meeting = the_meeting(request, pk, EDIT)
    try:
        document = services.give_to_review(meeting, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("directives:meeting", pk)
    return redirect("directives:review", document.pk)


@signed_in("directives.attend")
@require_GET
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as a Word file; a unit reads them once they are signed."""
    meeting = the_meeting(request, pk)
    if not reads_minutes(request.user, meeting):
        raise Http404
    return file_response(minutes_of(meeting), f"{meeting.name}-纪要.docx", DOCX)


def _kept(form: DecisionForm, decision: Decision) -> str:
    """That it is kept, and what was read out of its words."""
    read = [day(decision.due_on)] if decision.due_on and not form.cleaned_data["due_on"] else []
    read += [decision.measure] if decision.measure and not form.cleaned_data["measure"] else []
    if not read:
        return _("The decision is kept")
    return _("The decision is kept; read out of its words: %s") % pgettext("between names", ", ").join(read)


def _issued(number: int) -> str:
    return ngettext("%d task issued", "%d tasks issued", number) % number


def _decision(request: HttpRequest, pk: int) -> Decision:
    meetings = Meeting.objects.visible_to(request.user, EDIT)
    rows = Decision.objects.filter(meeting__in=meetings).select_related("meeting__region", "meeting__campaign__region")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(meeting: Meeting) -> str:
    return reverse("directives:meeting", args=[meeting.pk])
