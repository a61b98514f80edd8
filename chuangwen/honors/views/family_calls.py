"""Families in programmes and selections: who can be put forward, the short text, the vote."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import scope_of, visible_or_404
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.pages import signed_in
from chuangwen.honors import services
from chuangwen.honors.enums import ApplicationState, ProgrammeState
from chuangwen.honors.forms.families import AskedForm, DeedForm, FamilyContestForm, VoteForm
from chuangwen.honors.models import Application, Award, Contestant, Family
from chuangwen.honors.queries.families import agreed_families, lowest_title
from chuangwen.honors.queries.family_facts import for_families, outcomes_of_families
from chuangwen.honors.queries.register import STANDING
from chuangwen.honors.queries.settings import setting
from chuangwen.honors.views.acting import Act
from chuangwen.honors.views.programmes import programme_of
from chuangwen.honors.workflow import APPLY, CONTEST
from chuangwen.organizations.models import Unit
from chuangwen.organizations.scopes import units_of_user

get_or_post = require_http_methods(["GET", "POST"])
MOST = 200  # families judged on one page

WRITE = Act(gettext_lazy("Write about the family"), services.write_deed, gettext_lazy("Saved"), DeedForm,
            icon="pencil", permission=APPLY,
            note=gettext_lazy("Show the family the text as it stands here, then enter the day. What is changed "
                              "afterwards has to be shown again."))  # fmt: skip


def asked_act(settle: Any) -> Act:
    """Settling a condition about a family: who was asked, when, met or not."""
    note = _("Kept is only who was asked, on which day, and whether it is met. No paper is kept.")
    return Act(_("Settle a condition"), settle, _("Settled"), AskedForm, icon="check", note=note)


@signed_in(APPLY)
@get_or_post
def put_forward(request: HttpRequest, pk: int) -> HttpResponse:
    """Which of the person's families can be put forward in a programme, each with what it lacks."""
    found = programme_of(request, pk)
    if not for_families(found):
        return redirect("honors:check", pk)
    rows = agreed_families(request.user, APPLY).filter(region=found.region)
    asked = request.GET.get("unit", "")
    if asked.isdecimal() and len(asked) < 19:
        rows = rows.filter(unit=int(asked))
    if request.method == "POST":
        return _begin(request, found)
    families = list(rows.order_by("unit__path", "number")[: MOST + 1])
    outcomes = outcomes_of_families(found, families[:MOST])
    mine = Application.objects.filter(programme=found, family__in=families).exclude(state=ApplicationState.WITHDRAWN)
    applied = {one.family_id: one for one in mine}
    in_time = found.state == ProgrammeState.OPEN and found.apply_from <= clock.today() <= found.apply_until
    lines = [
        {
            "family": one, "application": applied.get(one.pk), "barred": len(outcomes[one.pk].barred),
            "words": _(", ").join(_lack(verdict.rule.kind) for verdict in outcomes[one.pk].barred),
        }
        for one in families[:MOST]
    ]  # fmt: skip
    lines.sort(key=lambda line: (line["application"] is not None, line["barred"]))
    crumbs = [
        {"label": _("Programmes"), "url": reverse("honors:programmes")},
        {"label": found.name, "url": reverse("honors:programme", args=[pk])}, {"label": _("Put families forward")},
    ]  # fmt: skip
    context = {
        "page_title": _("Put families forward"), "page_subtitle": found.name, "breadcrumbs": crumbs, "lines": lines,
        "programme": found, "in_time": in_time, "more": len(families) > MOST, "facts_words": _quota_words(found),
    }  # fmt: skip
    return render(request, "honors/put_forward.html", context)


def _begin(request: HttpRequest, programme: Any) -> HttpResponse:
    asked = request.POST.get("family", "")
    if not asked.isdecimal() or len(asked) > 18:
        raise Http404
    family: Family = visible_or_404(
        Family.objects.select_related("unit__region", "region"), request.user, APPLY, pk=int(asked)
    )  # fmt: skip
    try:
        made = services.begin_family_application(programme, family, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("honors:put_forward", programme.pk)
    messages.success(request, _("Begun. Write the short text, then hand it in."))
    return redirect("honors:application_act", made.pk, "write")


def _quota_words(programme: Any) -> list[str]:
    words = (
        [ngettext("%d place in all.", "%d places in all.", programme.quota) % programme.quota]
        if programme.quota
        else []
    )
    if programme.unit_quota:
        n = programme.unit_quota
        words.append(ngettext("Each unit can hand in %d family.", "Each unit can hand in %d families.", n) % n)
    return words


def _lack(kind: str) -> str:
    """What bars a family, in few words."""
    return {
        "held": _("the lower title"), "no-card": _("a yellow card"), "not-barred": _("a delisting"),
        "not-held": _("holds it already"), "recommender": _("the unit is barred"),
    }.get(kind, _("another condition"))  # fmt: skip


@signed_in(CONTEST)
@get_or_post
def contest_new(request: HttpRequest) -> HttpResponse:
    """Plan a unit's selection among its own families, for the lowest title."""
    unit = _unit_asked(request)
    title = lowest_title(request.user.region)  # type: ignore[union-attr,arg-type]
    if title is None:
        return redirect("honors:families")
    if unit is None:
        return _choose(request)
    held = Award.objects.filter(family__unit=unit, state__in=STANDING).values("family")
    free = agreed_families(request.user, CONTEST).filter(unit=unit).exclude(pk__in=held).order_by("number")
    if not free.exists():
        raise Missing(_("“%s” has no family that has agreed and holds no title.") % unit, _("Take in families first."))
    first = {"least": setting(unit.region, "contest-pass"), "families": list(free)}
    form = FamilyContestForm(request.POST if request.method == "POST" else None, unit=unit, families=free,
                             initial=first)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = services.plan_contest(unit, form.plan(), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Planned"))
            return redirect("honors:contest", made.pk)
    heading = _("Plan a selection")
    note = _("For “%s”. Several judges score star by star, or a meeting's vote is entered from its paper.") % title
    context = {"page_title": heading, "page_subtitle": str(unit), "form": form, "note": note, "submit": heading,
               "back": reverse("honors:families"), "breadcrumbs": [*_crumbs(), {"label": heading}]}  # fmt: skip
    return render(request, "honors/form.html", context, status=422 if form.is_bound else 200)


def _unit_asked(request: HttpRequest) -> Unit | None:
    asked = request.GET.get("unit", "")
    if asked:
        if not asked.isdecimal() or len(asked) > 18:
            raise Http404
        found: Unit = visible_or_404(Unit.objects.all(), request.user, CONTEST, pk=int(asked))
        return found
    if scope_of(request.user, CONTEST).regions:
        return None
    mine = Unit.objects.visible_to(request.user, CONTEST).filter(pk__in=units_of_user(request.user))
    return mine.filter(families__isnull=False).first() or mine.first()


def _choose(request: HttpRequest) -> HttpResponse:
    """The office, which looks after many, says whose families take part."""
    rows = agreed_families(request.user, CONTEST).values("unit")
    units = Unit.objects.filter(pk__in=rows).order_by("path")
    context = {
        "page_title": _("Whose families take part"), "units": units, "target": reverse("honors:family_contest_new"),
        "breadcrumbs": [*_crumbs(), {"label": _("Plan a selection")}], "families": True,
    }  # fmt: skip
    return render(request, "honors/choose_unit.html", context)


def vote(request: HttpRequest, one: Contestant, crumbs: list[dict[str, Any]]) -> HttpResponse:
    """What a meeting voted about one family; called by the page of sheets, which asks for the permission."""
    contest = one.contest
    before = one.sheets.first()
    first = (
        {"ayes": before.aspects.get("ayes"), "votes": before.aspects.get("votes"), "counted_by": before.judge}
        if before
        else {}
    )
    form = VoteForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.enter_vote(one, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Entered"))
            return redirect("honors:contest", contest.pk)
    context = {
        "page_title": _("Vote about %s") % one.shown, "page_subtitle": contest.name, "form": form,
        "breadcrumbs": [*crumbs, {"label": one.shown}], "back": reverse("honors:contest", args=[contest.pk]),
        "submit": _("Enter the vote"), "note": _("From the meeting's paper. A later entry replaces the first."),
    }  # fmt: skip
    return render(request, "honors/form.html", context, status=422 if form.is_bound else 200)


def _crumbs() -> list[dict[str, Any]]:
    return [{"label": _("Families"), "url": reverse("honors:families")}]
