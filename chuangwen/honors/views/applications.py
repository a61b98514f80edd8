"""A unit's application: begun, written, submitted, reviewed, decided; and objections to it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.lists import respond
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, moment, points
from chuangwen.honors import services
from chuangwen.honors.enums import ApplicationState, ProgrammeState
from chuangwen.honors.forms import (
    BeginForm,
    ComplaintForm,
    FindingForm,
    ReasonForm,
    RulingForm,
    ScoreForm,
    SubmitForm,
    WriteForm,
)
from chuangwen.honors.models import Application, Objection, Programme, ReviewSheet
from chuangwen.honors.queries.assessing import assessable, assessment_of
from chuangwen.honors.queries.family_facts import for_families
from chuangwen.honors.queries.freezing import Frozen, frozen
from chuangwen.honors.queries.subjects import candidates
from chuangwen.honors.services.papers import behalf_of
from chuangwen.honors.views import family_calls
from chuangwen.honors.views.acting import Act, act_of, buttons, in_order, perform
from chuangwen.honors.views.history import history
from chuangwen.honors.views.lists import APPLICATIONS, OBJECTIONS
from chuangwen.honors.views.verdict import timetable, verdict_context, wizard
from chuangwen.honors.wording import APPLICATION_SHAPES, title_of
from chuangwen.honors.workflow import APPLICATION, APPLY, AWARD, DELIBERATE, REVIEW, VIEW
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import holders
from chuangwen.supervision.models import VetoEvent

get_or_post = require_http_methods(["GET", "POST"])


def _begin(programme: Programme, *, actor: Any, unit: Unit) -> Application:
    return services.begin_application(programme, unit, actor=actor)


BY_REVIEWERS = ("score", "drop-score")  # steps whose names are not told to the unit

ACTS: dict[str, Act] = {
    "write": Act(gettext_lazy("Write the application"), services.write_application, gettext_lazy("Saved"), WriteForm,
                 icon="pencil", permission=APPLY),
    "submit": Act(gettext_lazy("Submit the application"), services.submit_application,
                  gettext_lazy("Submitted; the office has been told"), SubmitForm, icon="send", permission=APPLY,
                  note=gettext_lazy("What the conditions say now is kept with it. The office can return it while units "
                                    "can apply.")),
    "withdraw": Act(gettext_lazy("Withdraw the application"), services.withdraw_application,
                    pgettext_lazy("application", "Withdrawn"), ReasonForm, icon="trash", permission=APPLY, ends=True,
                    note=gettext_lazy("It ends here; within the days for applying another one can be begun.")),
    "return": Act(gettext_lazy("Return for completion"), services.return_application,
                  gettext_lazy("Returned; the unit has been told"), ReasonForm, icon="arrow-back-up",
                  permission=REVIEW),
    "score": Act(gettext_lazy("Enter a reviewer's score"), services.enter_review, gettext_lazy("Entered"), ScoreForm,
                 icon="star", permission=REVIEW,
                 note=gettext_lazy("Your own, or another reviewer's from paper: both names are kept.")),
    "review": Act(gettext_lazy("Close the review"), services.close_review, gettext_lazy("Review closed"),
                  icon="check", permission=REVIEW,
                  note=gettext_lazy("The mean of the sheets becomes the points of the application and stands.")),
    "promote": Act(gettext_lazy("Move up from the reserve"), services.promote_application,
                   gettext_lazy("Moved up from the reserve"), ReasonForm, icon="arrow-up", permission=DELIBERATE,
                   note=gettext_lazy("Into a place that has become free. Where the public notice has begun already, "
                                     "a supplementary one follows.")),
    "refuse": Act(gettext_lazy("Refuse the application"), services.refuse_application,
                  pgettext_lazy("application", "Refused"), ReasonForm, icon="x", permission=AWARD, ends=True,
                  note=gettext_lazy("It ends here; the unit reads the reason.")),
    "objection": Act(gettext_lazy("Enter an objection"), services.enter_objection, gettext_lazy("Entered"),
                     ComplaintForm, icon="hand-stop", permission=AWARD,
                     note=gettext_lazy("From whom it comes is seen by the office alone.")),
}  # fmt: skip


@signed_in(VIEW)
@get_or_post
def application_list(request: HttpRequest) -> HttpResponse:
    """All applications that the person may see."""
    return respond(request, APPLICATIONS)


@signed_in(APPLY)
@get_or_post
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an application; the office names the unit whose paper it enters."""
    rows = Programme.objects.select_related("title", "region").exclude(state=ProgrammeState.PREPARING)
    programme: Programme = visible_or_404(rows, request.user, VIEW, pk=pk)
    if for_families(programme):
        return redirect("honors:put_forward", pk)
    crumbs = [
        {"label": _("Programmes"), "url": reverse("honors:programmes")},
        {"label": programme.name, "url": reverse("honors:programme", args=[pk])},
    ]
    own = Unit.objects.visible_to(request.user, APPLY).filter(pk__in=candidates(programme))
    asked = request.GET.get("unit", "")
    first = own.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    if first is None and programme.title.subject == "city":
        first = own.first()
    one = Act(_("Begin an application"), _begin, _("Begun. Write it, then submit it."), BeginForm, icon="plus")
    back = reverse("honors:check", args=[pk])
    return perform(
        request, programme, one, back=back, crumbs=crumbs, subtitle=programme.name, initial={"unit": first},
        then=lambda made: reverse("honors:assessment", args=[made.pk]),
    )  # fmt: skip


@signed_in(VIEW)
@require_GET
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: its conditions, its own words, its papers, the review and the next step."""
    found = _application(request, pk)
    user = request.user
    context = verdict_context(request, found.programme, found.unit, found)
    papers = Attachment.objects.filter(owner_type=label_of(found), owner_id=found.pk).select_related("file")
    reviews = may(user, REVIEW, found)
    why = frozen(found)
    deciding = found.state == ApplicationState.NOTICED and may(user, AWARD, found)
    context |= {
        "page_title": _("%(unit)s: %(title)s") % {"unit": found.holder, "title": found.programme.title},
        "application": found,
        "state": state(APPLICATION_SHAPES[ApplicationState(found.state)], found.get_state_display()),
        "breadcrumbs": [{"label": _("Applications"), "url": reverse("honors:applications")}, {"label": found.number}],
        "steps": wizard(found), "timetable": timetable(found.programme), "facts": _facts(found),
        "papers": papers.order_by("-pk"), "sheets": found.sheets.select_related("entered_by") if reviews else [],
        "reviews": reviews, "can_drop": found.state == ApplicationState.SUBMITTED,
        "objections": Objection.objects.visible_to(user).filter(application=found), "deciding": deciding,
        "next": _next_step(request, found, context["outcome"], why),
        "entries": history(found, APPLICATION, without=() if reviews else BY_REVIEWERS),
        "assessment": assessment_of(found), "dossiers_url": _dossiers_url(request, found),
        "findings": found.findings.select_related("rule__lower", "found_by"),
        "award": getattr(found, "award", None), "frozen": _frozen_note(why, user) if why else None,
    }  # fmt: skip
    return render(request, "honors/application.html", context)


def _dossiers_url(request: HttpRequest, found: Application) -> str:
    """Where the unit's material is as a table and as one package, for who may see it."""
    if found.family_id is not None or not may(request.user, "evidence.view"):
        return ""
    return reverse("evidence:submission", args=[found.unit_id]) + f"?year={found.programme.year}"


def _facts(found: Application) -> list[dict[str, Any]]:
    programme_url = reverse("honors:programme", args=[found.programme_id])
    rows: list[tuple[str, Any, str]] = [
        (_("Programme"), found.programme.name, programme_url),
        *_family_facts(found),
        (_("Number"), found.number, ""),
        (_("Self-assessment"), points(found.self_score) if found.self_score is not None else "", ""),
        (_("Signed by"), found.responsible, ""),
        (_("Signed on"), day(found.signed_on) if found.signed_on else "", ""),
        (pgettext("application", "Submitted"), moment(found.submitted_at) if found.submitted_at else "", ""),
        (pgettext("score", "Points"), points(found.score) if found.score is not None else "", ""),
        (_("Decision"), found.decided_note, ""),
    ]
    return [{"label": label, "value": value, "url": url} for label, value, url in rows if value not in {None, ""}]


def _family_facts(found: Application) -> list[tuple[str, Any, str]]:
    if found.family is None:
        return []
    return [
        (_("Family"), found.family.shown, reverse("honors:family", args=[found.family_id])),
        (_("Recommending unit"), str(found.unit), ""),
        (_("Seen by the family on"), day(found.seen_on) if found.seen_on else "", ""),
    ]


def _frozen_note(why: Frozen, user: Any) -> dict[str, Any]:
    """Why it waits, for the unit as for the office; who sees the event is led to it."""
    text = _(
        "On %(since)s an event of %(day)s was reported: %(kind)s. It is being looked into. Until it is confirmed or "
        "dropped the application can be written, but nothing is decided about it."
    ) % {"since": day(why.since), "day": day(why.day), "kind": why.kind}
    sees = VetoEvent.objects.visible_to(user).filter(pk=why.event).exists()
    return {"text": text, "url": reverse("supervision:event", args=[why.event]) if sees else ""}


def _next_step(request: HttpRequest, found: Application, outcome: Any, why: Frozen | None) -> dict[str, Any] | None:
    """What this person can do with it now; a step that the conditions or a freeze forbid is not offered."""
    user, programme = request.user, found.programme

    def address(action: str) -> str:
        return reverse("honors:application_act", args=[found.pk, action])

    actions = buttons(found, APPLICATION, user, ACTS, address, ("submit", "review", "promote"))
    in_time = programme.state == ProgrammeState.OPEN and clock.today() <= programme.apply_until
    ready = {
        "submit": outcome.may_submit and in_time, "return": in_time,
        "review": found.sheets.count() >= programme.reviewers,
        "promote": programme.state in {ProgrammeState.DELIBERATED, ProgrammeState.NOTICED} and why is None,
        "refuse": why is None,
    }  # fmt: skip
    actions = [one for one in actions if ready.get(one["action"], True)]
    if found.state == ApplicationState.DRAFT and may(user, APPLY, found):
        actions.insert(0, _button("write", address, primary=not ready["submit"]))
    if found.state == ApplicationState.SUBMITTED and may(user, REVIEW, found):
        actions.insert(0, _button("score", address, primary=not ready["review"]))
    if found.state == ApplicationState.NOTICED and may(user, AWARD, found):
        actions.append(_button("objection", address))
    actions = in_order(actions, ACTS)
    return {
        "title": _("Next step"),
        "text": _("Frozen: it waits for the event.") if why else _next_text(found, outcome),
        "actions": actions,
    }


def _button(action: str, address: Any, *, primary: bool = False) -> dict[str, Any]:
    one = ACTS[action]
    return {"label": one.title, "icon": one.icon, "url": address(action), "primary": primary, "action": action}


def _next_text(found: Application, outcome: Any) -> str:
    programme = found.programme
    there = found.sheets.count()
    return {
        ApplicationState.DRAFT: _("Can be submitted until %s.") % day(programme.apply_until)
        if outcome.may_submit
        else _("Not yet to be submitted: the list says what is missing. The last day is %s.")
        % day(programme.apply_until),
        ApplicationState.SUBMITTED: _("%(there)d of %(needed)d reviewers have scored.")
        % {"there": there, "needed": programme.reviewers},
        ApplicationState.REVIEWED: _("The guiding group deliberates on %s.") % day(programme.deliberate_on),
        ApplicationState.RECOMMENDED: _("The public notice comes next."),
        ApplicationState.RESERVE: _("It moves up where a place becomes free before the award."),
        ApplicationState.NOTICED: _("On public notice until %s; then the title is awarded.")
        % day(programme.notice_until),
        ApplicationState.AWARDED: _("The title is awarded."),
        ApplicationState.PASSED_OVER: _("It was not recommended. The next programme is open to the family.")
        if found.family_id
        else _("It was not recommended. The next programme is open to the unit."),
        ApplicationState.REFUSED: _("It was refused; the reason stands below."),
        ApplicationState.WITHDRAWN: _("It was withdrawn."),
    }[ApplicationState(found.state)]


@signed_in(APPLY, REVIEW, DELIBERATE, AWARD)
@get_or_post
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One step of an application."""
    one = act_of(ACTS, action)
    found = _application(request, pk, one.permission)
    if action == "write" and found.family_id is not None:
        one = family_calls.WRITE
    elif action == "write" and assessable(found.programme):
        return redirect("honors:assessment", pk)
    back = reverse("honors:application", args=[pk])
    crumbs = [
        {"label": _("Applications"), "url": reverse("honors:applications")}, {"label": found.number, "url": back},
    ]  # fmt: skip
    today = clock.today()
    first = {
        "self_score": found.self_score, "self_report": found.self_report, "deed": found.self_report,
        "seen_on": found.seen_on or today, "signed_on": today, "reviewed_on": today,
        "received_on": today, "reviewer": str(request.user), "responsible": _first_responsible(found),
    }  # fmt: skip
    return perform(request, found, one, back=back, crumbs=crumbs, subtitle=str(found), initial=first,
                   behalf=_behalf(request, found, action))  # fmt: skip


def _first_responsible(found: Application) -> str:
    """The name that the paper usually bears; another one can be written."""
    holding = holders([found.unit], [PostKind.FIRST]).first()
    return str(holding.user) if holding else ""


def _behalf(request: HttpRequest, found: Application, action: str) -> str:
    """The unit for which an outsider enters its own step from paper."""
    return behalf_of(found.unit, request.user) if action in {"write", "submit", "withdraw"} else ""


@signed_in(REVIEW)
@get_or_post
def condition(request: HttpRequest, pk: int, rule: int) -> HttpResponse:
    """Settle from papers a condition that the program cannot know."""
    found = _application(request, pk, REVIEW)
    row = found.programme.rules.select_related("lower").filter(pk=rule).first()
    if row is None:
        raise Http404

    def settle(one: Application, *, actor: Any, **answers: Any) -> None:
        services.settle_condition(one, row, actor=actor, **answers)

    back = reverse("honors:application", args=[pk])
    crumbs = [
        {"label": _("Applications"), "url": reverse("honors:applications")}, {"label": found.number, "url": back},
    ]  # fmt: skip
    step = Act(_("Settle a condition"), settle, _("Settled"), FindingForm, icon="check",
               note=_("Ask those who keep the register, and write down what they answered."))  # fmt: skip
    if found.family_id is not None:
        step = family_calls.asked_act(settle)
    return perform(request, found, step, back=back, crumbs=crumbs, subtitle=title_of(row, row.kind))


@signed_in(REVIEW)
@require_POST
def sheet_drop(request: HttpRequest, pk: int, sheet: int) -> HttpResponse:
    """Take a reviewer's sheet away that was entered wrongly."""
    found = _application(request, pk, REVIEW)
    rows = ReviewSheet.objects.select_related("application__unit", "application__region").filter(application=found)
    row = visible_or_404(rows, request.user, REVIEW, pk=sheet)
    back = reverse("honors:application", args=[pk])
    return attempt(request, lambda: services.drop_review(row, actor=request.user), done=back, said=_("Taken away"))


@signed_in(AWARD)
@get_or_post
def objection_list(request: HttpRequest) -> HttpResponse:
    """All objections."""
    return respond(request, OBJECTIONS)


@signed_in(AWARD)
@get_or_post
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection, and its ruling."""
    rows = Objection.objects.select_related(
        "application__unit", "application__family", "application__programme", "region", "entered_by", "ruled_by"
    )
    found: Objection = visible_or_404(rows, request.user, AWARD, pk=pk)
    one = Act(_("Answer the objection"), services.rule_objection, _("Answered"), RulingForm, icon="gavel",
              note=_("An objection that is upheld ends the application."))  # fmt: skip
    papers = Attachment.objects.filter(owner_type=label_of(found), owner_id=found.pk)
    crumbs = [{"label": _("Objections"), "url": reverse("honors:objections")}]
    return perform(
        request, found, one, back=reverse("honors:objection", args=[pk]), crumbs=crumbs, subtitle=found.number,
        template="honors/objection.html", objection=found, papers=papers,
    )  # fmt: skip


def _application(request: HttpRequest, pk: int, permission: str = "") -> Application:
    rows = Application.objects.select_related(
        "programme__title", "programme__region", "programme__standard", "unit__region", "region", "family"
    )
    found: Application = visible_or_404(rows, request.user, permission, pk=pk)
    return found
