"""Programmes: their conditions and days, what a unit meets of them, and the decisions about a whole programme."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import may, scope_of, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import panels
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day
from chuangwen.core.workdays import default_calendar
from chuangwen.honors import services
from chuangwen.honors.eligibility import NOT_HELD
from chuangwen.honors.enums import ApplicationState, ProgrammeState
from chuangwen.honors.forms import (
    MeetingForm,
    NamingForm,
    NoticeForm,
    ProgrammeForm,
    ReasonForm,
)
from chuangwen.honors.models import Application, Deliberation, EligibilityRule, LadderStep, Programme
from chuangwen.honors.queries.family_facts import for_families
from chuangwen.honors.queries.freezing import frozen_units
from chuangwen.honors.queries.settings import setting as setting_of
from chuangwen.honors.tally import ranked
from chuangwen.honors.views.acting import Act, act_of, buttons, perform
from chuangwen.honors.views.lists import PROGRAMMES
from chuangwen.honors.views.verdict import nearest_context, quota_context, timetable, verdict_context, wizard
from chuangwen.honors.wording import PROGRAMME_SHAPES, need_of, title_of
from chuangwen.honors.workflow import APPLY, AWARD, DELIBERATE, EDIT, PROGRAMME, REVIEW, VIEW
from chuangwen.organizations.models import Unit
from chuangwen.organizations.scopes import units_of_user
from chuangwen.workflow.services import available

get_or_post = require_http_methods(["GET", "POST"])


def _naming(programme: Programme, *, actor: Any, **answers: Any) -> None:
    services.award_titles(programme, actor=actor, **answers)


ACTS: dict[str, Act] = {
    "open": Act(
        gettext_lazy("Open for applications"), services.open_programme,
        gettext_lazy("Opened; the units have been told"), icon="send",
        note=gettext_lazy("All units are told. From then on conditions, quota and days stand and are no more changed."),
    ),
    "notice": Act(
        gettext_lazy("Begin the public notice"), services.begin_notice, gettext_lazy("On public notice"), NoticeForm,
        icon="speakerphone",
        note=gettext_lazy("All recommended units are put on notice with these days. Objections are taken meanwhile."),
    ),
    "supplement": Act(
        gettext_lazy("Begin a supplementary notice"), services.begin_supplementary_notice,
        gettext_lazy("On public notice"), NoticeForm, icon="speakerphone",
        note=gettext_lazy("For the units that moved up from the reserve. The titles are awarded when it has ended."),
    ),
    "award": Act(
        gettext_lazy("Award the titles"), _naming, gettext_lazy("Awarded; the plaque numbers stand in the register"),
        NamingForm, icon="award",
        note=gettext_lazy("All units on notice get the title in one act. Every condition is judged once more before."),
    ),
    "cancel": Act(
        gettext_lazy("Cancel the programme"), services.cancel_programme, pgettext_lazy("programme", "Cancelled"),
        ReasonForm, icon="x", ends=True,
        note=gettext_lazy("Its applications end with it, and the units are told the reason."),
    ),
}  # fmt: skip


@signed_in(VIEW)
@get_or_post
def programme_list(request: HttpRequest) -> HttpResponse:
    """All programmes."""
    return respond(request, PROGRAMMES)


@signed_in(EDIT)
@get_or_post
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a programme; its conditions are those of its title and can be changed until it is opened."""
    region = region_of(request)
    if not LadderStep.objects.filter(region=region).exists():
        messages.warning(request, _("First make the titles and conditions that a region begins with."))
        return redirect("honors:settings")
    year = clock.today().year
    first = {"year": year, "reviewers": setting_of(region, "reviewers"), "trimmed": setting_of(region, "trimmed") > 0}
    form = ProgrammeForm(*_sent(request), region=region, instance=Programme(region=region), initial=first)
    return _save(request, form, _("Prepare a programme"), services.create_programme, reverse("honors:programmes"))


@signed_in(EDIT)
@get_or_post
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a programme that is being prepared."""
    found = programme_of(request, pk, EDIT)
    form = ProgrammeForm(*_sent(request), region=found.region, instance=found)
    back = reverse("honors:programme", args=[pk])
    return _save(request, form, _("Change the programme"), services.edit_programme, back)


def _save(request: HttpRequest, form: Any, title: str, service: Any, back: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            kept = service(form.instance, actor=request.user, papers=form.cleaned_data["papers"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved"))
            return redirect("honors:programme", kept.pk)
    crumbs = [{"label": _("Programmes"), "url": reverse("honors:programmes")}, {"label": title}]
    context = {"page_title": title, "breadcrumbs": crumbs, "form": form, "back": back, "submit": _("Save")}
    return render(request, "honors/form.html", context, status=422 if form.is_bound else 200)


@signed_in(VIEW)
@require_GET
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme: conditions, days, quota, its applications and the next step."""
    found = programme_of(request, pk)
    user = request.user
    mine = Application.objects.visible_to(user).filter(programme=found).exclude(state=ApplicationState.WITHDRAWN)
    rows = list(mine.select_related("unit", "family").order_by("-score", "number")[:60])
    seen_all = bool(scope_of(user, VIEW).regions)  # a place among some would be a wrong one
    places = ranked({row.pk: row.score for row in rows}) if seen_all else {}
    meeting = Deliberation.objects.filter(programme=found).first()
    owned = Q(owner_type=label_of(found), owner_id=found.pk)
    if meeting is not None:
        owned |= Q(owner_type=label_of(meeting), owner_id=meeting.pk)
    papers = Attachment.objects.filter(owned).order_by("pk")
    edits = may(user, EDIT, found) and found.state == ProgrammeState.PREPARING
    return render(
        request,
        "honors/programme.html",
        {
            "page_title": found.name, "page_subtitle": found.authority, "programme": found,
            "breadcrumbs": [{"label": _("Programmes"), "url": reverse("honors:programmes")}, {"label": found.name}],
            "state": state(PROGRAMME_SHAPES[ProgrammeState(found.state)], found.get_state_display()),
            "rules": [rule_row(rule) for rule in found.rules.select_related("lower")], "edits": edits,
            "has_summary": seen_all and any(row.state != ApplicationState.DRAFT for row in rows),
            "applications": [(row, places.get(row.pk)) for row in rows], "papers": papers,
            "timetable": timetable(found), "next": _next_step(request, found),
            "arranges": may(user, EDIT, found),
            "own_unit": any(units_of_user(user)) and not seen_all,
            "may_apply": bool(scope_of(user, APPLY)) and found.state == ProgrammeState.OPEN,
            "panels": panels("programme", request, found), "families": for_families(found),
            "notice_word": _has_notice(found, user),
            "facts": _facts(found, meeting), **quota_context(found), **_nearest(request, found),
        },
    )  # fmt: skip


def _has_notice(found: Programme, user: Any) -> bool:
    """Whether the notice of families can be had as Word: the boards of villages want it on paper."""
    on_notice = found.state in {ProgrammeState.NOTICED, ProgrammeState.AWARDED}
    return for_families(found) and on_notice and may(user, AWARD, found)


def _nearest(request: HttpRequest, found: Programme) -> dict[str, Any]:
    """For the office, as long as units can apply: how near they are."""
    early = found.state in {ProgrammeState.PREPARING, ProgrammeState.OPEN}
    return nearest_context(found) if early and may(request.user, EDIT, found) else {}


def _facts(found: Programme, meeting: Deliberation | None) -> list[dict[str, Any]]:
    trimmed = _("Mean without the highest and the lowest score") if found.trimmed else _("Mean of all scores")
    rows = [
        (pgettext("honour", "Title"), found.title),
        (_("Granted by"), found.authority),
        (_("Rules followed"), found.basis),
        (_("Standard of the self-assessment"), found.standard),
        (_("Quota of each unit"), found.unit_quota),
        (_("Reviewers for each application"), found.reviewers),
        (_("Counted as"), trimmed),
    ]
    if meeting is not None:
        rows += [(_("Deliberated on"), day(meeting.held_on)), (_("In the chair"), meeting.chair),
                 (_("Number of the minutes"), meeting.minutes)]  # fmt: skip
    return [{"label": label, "value": value} for label, value in rows if value]


def rule_row(rule: EligibilityRule) -> dict[str, Any]:
    """A condition as the table of conditions shows it."""
    return {
        "pk": rule.pk, "title": title_of(rule, rule.kind), "need": need_of(rule.kind, rule.threshold, rule.months),
        "source": rule.source,
    }  # fmt: skip


def _next_step(request: HttpRequest, found: Programme) -> dict[str, Any] | None:
    """What the office does next with the programme, and what comes after."""
    user = request.user

    def address(action: str) -> str:
        return reverse("honors:programme_act", args=[found.pk, action])

    actions = buttons(found, PROGRAMME, user, ACTS, address, ("open", "notice", "award"))
    if moved_up := _moved_up(found, user):
        url = address("supplement")
        actions = [{"label": ACTS["supplement"].title, "icon": "speakerphone", "url": url, "primary": True}]
    if may(user, DELIBERATE, found) and "deliberate" in [one.action for one in available(found, PROGRAMME, user)]:
        url = reverse("honors:deliberation", args=[found.pk])
        actions.insert(0, {"label": _("Enter the deliberation"), "icon": "gavel", "url": url, "primary": True})
    waiting = Application.objects.visible_to(user, REVIEW).filter(programme=found, state=ApplicationState.SUBMITTED)
    if number := waiting.count():
        url = reverse("honors:applications") + f"?programme={found.pk}&tab=submitted"
        words = ngettext("Review %d application", "Review %d applications", number) % number
        actions = [{**one, "primary": False} for one in actions]  # nothing is deliberated before
        actions.insert(0, {"label": words, "icon": "star", "url": url, "primary": True})
    texts = {
        ProgrammeState.PREPARING: _("Check conditions, quota and days; then call on the units."),
        ProgrammeState.OPEN: _("Units apply until %s. Review what has come in; then the guiding group deliberates.")
        % day(found.apply_until),
        ProgrammeState.DELIBERATED: _("Put the recommended units on public notice."),
        ProgrammeState.NOTICED: _("On public notice until %s. Answer objections; then award the titles.")
        % day(found.notice_until),
    }
    if moved_up:
        words = ngettext("%d unit has moved up and was not on public notice.",
                         "%d units have moved up and were not on public notice.", moved_up)  # fmt: skip
        texts[ProgrammeState.NOTICED] = words % moved_up
    if not actions and not (may(user, EDIT, found) and ProgrammeState(found.state) in texts):
        return None
    return {"title": _("Next step"), "text": texts.get(ProgrammeState(found.state), ""), "actions": actions}


def _moved_up(found: Programme, user: Any) -> int:
    """How many moved up from the reserve since the notice began and wait for one of their own."""
    if found.state != ProgrammeState.NOTICED or not may(user, AWARD, found):
        return 0
    return found.applications.filter(state=ApplicationState.RECOMMENDED).count()


@signed_in(EDIT, "honors.award")
@get_or_post
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Open, put on notice, award or cancel."""
    one = act_of(ACTS, action)
    found = programme_of(request, pk)
    step = PROGRAMME.get(action)
    permission = step.permission if step else AWARD
    if not may(request.user, permission, found):
        raise PermissionDenied(permission)
    first = {"first": found.notice_from, "last": found.notice_until, "granted_on": found.award_on}
    if action == "supplement":
        workdays = setting_of(found.region, "notice-workdays")
        begins = default_calendar().add_workdays(clock.today(), 1)
        first = {"first": begins, "last": default_calendar().add_workdays(begins, workdays - 1)}
    return perform(request, found, one, back=reverse("honors:programme", args=[pk]), crumbs=_crumbs(found),
                   subtitle=found.name, initial=first)  # fmt: skip


@signed_in(DELIBERATE)
@get_or_post
def deliberation(request: HttpRequest, pk: int) -> HttpResponse:
    """The deliberation in one sheet: everybody by points, the proposal by quota, one choice a line."""
    found = programme_of(request, pk, DELIBERATE)
    rows = list(
        found.applications.filter(state=ApplicationState.REVIEWED)
        .select_related("unit", "family")
        .order_by("-score", "pk")
    )
    quota = found.quota or len(rows)
    waits = {} if for_families(found) else frozen_units(found.region, [row.unit_id for row in rows])
    free = [row for row in rows if row.unit_id not in waits]
    proposed = {row.pk: "reserve" for row in rows} | {row.pk: "recommend" for row in free[:quota]}
    sent = _sent(request)
    form = MeetingForm(
        *sent, obj=found, actor=request.user, applications=rows, proposed=proposed,
        initial={"held_on": min(found.deliberate_on, clock.today())},
    )  # fmt: skip
    one = Act(_("Enter the deliberation"), services.deliberate, _("Entered; the units have been told"), icon="gavel")
    places = ranked({row.pk: row.score for row in rows})
    return perform(
        request, found, one, back=reverse("honors:programme", args=[pk]), crumbs=_crumbs(found), subtitle=found.name,
        form=form, template="honors/deliberation.html", places=places, programme=found,
        unreviewed=found.applications.filter(state=ApplicationState.SUBMITTED).count(),
        lines=[(row, places.get(row.pk), choice, note, waits.get(row.unit_id)) for row, choice, note in form.lines()],
    )  # fmt: skip


@signed_in(VIEW)
@require_GET
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a unit may apply, condition by condition, and what to do where it may not yet."""
    found = programme_of(request, pk)
    if for_families(found):
        return redirect("honors:put_forward" if may(request.user, APPLY) else "honors:programme", pk)
    unit = _unit_asked(request, found)
    if unit is None:
        return redirect("honors:begin" if may(request.user, APPLY) else "honors:programme", pk)
    mine = Application.objects.filter(programme=found, unit=unit).exclude(state=ApplicationState.WITHDRAWN)
    application = mine.select_related("unit", "programme").first()
    context = verdict_context(request, found, unit, application)
    applies = may(request.user, APPLY, Application(region=unit.region, unit=unit))
    context |= {
        "page_title": _("Apply for “%s”") % found.title,
        "page_subtitle": _("%(unit)s, judged by “%(programme)s”") % {"unit": unit, "programme": found},
        "breadcrumbs": [*_crumbs(found), {"label": str(unit)}], "application": application,
        "steps": wizard(application), "timetable": timetable(found), **quota_context(found),
        "may_begin": applies and application is None and found.state == ProgrammeState.OPEN
        and not any(one.rule.kind == NOT_HELD for one in context["outcome"].barred)  # it is re-verified instead
        and found.apply_from <= clock.today() <= found.apply_until,
        "page_actions": [{"label": _("Print"), "icon": "printer", "print": True}],
    }  # fmt: skip
    return render(request, "honors/check.html", context)


def _unit_asked(request: HttpRequest, found: Programme) -> Unit | None:
    """The unit that the address names, else the person's own; None where somebody has to choose."""
    asked = request.GET.get("unit", "")
    if asked:
        if not asked.isdecimal() or len(asked) > 18:
            raise Http404
        unit: Unit = visible_or_404(Unit.objects.filter(region=found.region), request.user, VIEW, pk=int(asked))
        return unit
    own = units_of_user(request.user)
    return Unit.objects.filter(pk__in=own, region=found.region, depth__gt=1).first()


def programme_of(request: HttpRequest, pk: int, permission: str = "") -> Programme:
    """The programme that the person may see; one that is being prepared is seen by the office alone."""
    rows = Programme.objects.select_related("title", "region", "standard")
    found: Programme = visible_or_404(rows, request.user, permission, pk=pk)
    if found.state == ProgrammeState.PREPARING and not may(request.user, EDIT, found):
        raise Http404  # not yet called out
    return found


def _crumbs(found: Programme) -> list[dict[str, Any]]:
    return [
        {"label": _("Programmes"), "url": reverse("honors:programmes")},
        {"label": found.name, "url": reverse("honors:programme", args=[found.pk])},
    ]


def region_of(request: HttpRequest) -> Any:
    """The person's region."""
    return request.user.region  # type: ignore[union-attr]


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()
