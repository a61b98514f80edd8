"""Contests of the offices inside a unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.campaigns.models import Title
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.lists import respond
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day
from chuangwen.honors import services
from chuangwen.honors.customs import CIVIL, FAMILY, MODEL
from chuangwen.honors.enums import ContestState
from chuangwen.honors.forms import ContestForm, PapersForm, PlainForm, ReasonForm, SheetForm
from chuangwen.honors.models import Contest
from chuangwen.honors.queries.facts import offices_of
from chuangwen.honors.queries.register import civil_among, holding
from chuangwen.honors.queries.settings import setting
from chuangwen.honors.views import family_calls
from chuangwen.honors.views.acting import Act, act_of, buttons, perform
from chuangwen.honors.views.history import history
from chuangwen.honors.views.lists import CONTESTS
from chuangwen.honors.wording import CONTEST_SHAPES, number
from chuangwen.honors.workflow import CONTEST, VIEW
from chuangwen.honors.workflow import CONTESTS as CONTEST_FLOW
from chuangwen.organizations.enums import UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.organizations.scopes import units_of_user

get_or_post = require_http_methods(["GET", "POST"])

ACTS: dict[str, Act] = {
    "judge": Act(gettext_lazy("Begin judging"), services.begin_judging, gettext_lazy("Judges' sheets can be entered"),
                 PlainForm, icon="player-play", note=gettext_lazy("From then on judges' sheets are taken.")),
    "decide": Act(gettext_lazy("Decide the contest"), services.decide_contest,
                  gettext_lazy("Decided; the winners hold the title"), PapersForm, icon="award",
                  note=gettext_lazy("The sheets are counted, and who wins holds the title at once. It stands.")),
    "cancel": Act(gettext_lazy("Cancel the contest"), services.cancel_contest, pgettext_lazy("contest", "Cancelled"),
                  ReasonForm, icon="x", ends=True, note=gettext_lazy("It ends here; nobody wins.")),
}  # fmt: skip


@signed_in(VIEW)
@get_or_post
def contest_list(request: HttpRequest) -> HttpResponse:
    """All contests that the person may see."""
    return respond(request, CONTESTS)


@signed_in(CONTEST)
@get_or_post
def new(request: HttpRequest) -> HttpResponse:
    """Plan a contest among the offices of one unit."""
    unit = _unit_asked(request)
    if unit is None:
        return _choose(request)
    ids = offices_of([unit])
    if not ids:
        raise Missing(
            _("“%s” has no offices in the list of units.") % unit,
            _("The campaign office enters them there as offices inside the unit."),
        )
    offices = Unit.objects.filter(pk__in=ids)
    first = {"least": setting(unit.region, "contest-pass"), "trimmed": setting(unit.region, "trimmed") > 0,
             **_for_title(request, unit, offices)}  # fmt: skip
    form = ContestForm(
        request.POST if request.method == "POST" else None, region=unit.region, offices=offices, initial=first
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.plan_contest(unit, form.plan(), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Planned"))
            return redirect("honors:contest", made.pk)
    title = _("Plan a contest")
    crumbs = [{"label": _("Contests of offices"), "url": reverse("honors:contests")}, {"label": title}]
    note = _("Judges score six aspects. Model offices come from among the civil offices.")
    context = {"page_title": title, "page_subtitle": str(unit), "breadcrumbs": crumbs, "form": form, "note": note,
               "back": reverse("honors:contests"), "submit": title}  # fmt: skip
    return render(request, "honors/form.html", context, status=422 if form.is_bound else 200)


def _for_title(request: HttpRequest, unit: Unit, offices: QuerySet[Unit]) -> dict[str, Any]:
    """The title that the address asks for, the first one else, and the offices that can compete for it."""
    titles = Title.objects.filter(region=unit.region, subject="office", ladder_step__isnull=False)
    asked = titles.filter(level=MODEL if request.GET.get("level") == MODEL else CIVIL)
    title = asked.order_by("ladder_step__rank").first()
    if title is None:
        return {"offices": list(offices)}
    free = set(offices.values_list("pk", flat=True)) - holding(offices, title)
    return {"title": title, "offices": sorted(free & civil_among(offices) if title.level == MODEL else free)}


def _unit_asked(request: HttpRequest) -> Unit | None:
    mine = Unit.objects.visible_to(request.user, CONTEST).filter(depth__gt=1).exclude(kind=UnitKind.OFFICE)
    asked = request.GET.get("unit", "")
    if asked:
        if not asked.isdecimal() or len(asked) > 18:
            raise Http404
        found: Unit = visible_or_404(Unit.objects.all(), request.user, CONTEST, pk=int(asked))
        return found
    return mine.filter(pk__in=units_of_user(request.user)).first()


def _choose(request: HttpRequest) -> HttpResponse:
    """The office, which looks after many, says whose offices compete."""
    mine = Unit.objects.visible_to(request.user, CONTEST).filter(pk__in=units_today(request.user.region), depth__gt=1)  # type: ignore[union-attr,arg-type]
    found = list(mine.filter(kind=UnitKind.OFFICE).values_list("path", flat=True))
    above = sorted({path[: -Unit.steplen] for path in found})
    units = Unit.objects.filter(region=request.user.region, path__in=above)  # type: ignore[union-attr]
    crumbs = [{"label": _("Contests of offices"), "url": reverse("honors:contests")}, {"label": _("Plan a contest")}]
    context = {"page_title": _("Whose offices compete"), "breadcrumbs": crumbs, "units": units}
    return render(request, "honors/choose_unit.html", context)


@signed_in(VIEW)
@require_GET
def contest(request: HttpRequest, pk: int) -> HttpResponse:
    """One contest: its offices with their points, the sheets, the next step."""
    found = _contest(request, pk)
    user = request.user
    rows = list(found.contestants.select_related("office", "family").prefetch_related("sheets"))
    families = found.title.subject == FAMILY
    judges = max((len(row.sheets.all()) for row in rows), default=0)
    acts = may(user, CONTEST, found)

    def address(action: str) -> str:
        return reverse("honors:contest_act", args=[found.pk, action])

    actions = buttons(found, CONTEST_FLOW, user, ACTS, address, ("judge", "decide"))
    equal = bool(judges) and {len(row.sheets.all()) for row in rows} == {judges}
    actions = [one for one in actions if one["action"] != "decide" or equal]
    texts = {
        ContestState.PLANNED: _("Begin judging when the judges are ready. It is decided on %s.") % day(found.decide_on),
        ContestState.JUDGED: _("Enter the vote about each family. It is decided on %s.") % day(found.decide_on)
        if found.by_vote
        else _("Enter each judge's sheet for each office. It is decided on %s.") % day(found.decide_on),
        ContestState.DECIDED: _("Decided. The winners hold the title."),
        ContestState.CANCELLED: _("It was called off."),
    }
    rows.sort(key=lambda row: (row.points is None, -(row.points or 0)))
    context = {
        "page_title": found.name, "page_subtitle": str(found.unit), "contest": found, "rows": rows,
        "breadcrumbs": [*_crumbs(found)[:1], {"label": found.name}],
        "state": state(CONTEST_SHAPES[ContestState(found.state)], found.get_state_display()),
        "next": {"title": _("Next step"), "text": texts[ContestState(found.state)], "actions": actions},
        "judging": found.state == ContestState.JUDGED and acts, "entries": history(found, CONTEST_FLOW),
        "papers": Attachment.objects.filter(owner_type=label_of(found), owner_id=found.pk),
        "facts": _facts(found), "families": families,
        "aspects": [(name, number(Decimal(weight))) for name, weight in found.weights.values()],
    }  # fmt: skip
    return render(request, "honors/contest.html", context)


def _facts(found: Contest) -> list[dict[str, Any]]:
    counted = _("Mean without the highest and the lowest score") if found.trimmed else _("Mean of all scores")
    rows = [
        (pgettext_lazy("honour", "Title"), found.title), (_("Decided on"), day(found.decide_on)),
        (_("At most so many winners"), found.places), (_("Points to be reached"), number(found.least)),
        (_("Counted as"), _("Ayes in a hundred votes") if found.by_vote else counted),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in rows]


@signed_in(CONTEST)
@get_or_post
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Begin judging, decide, cancel."""
    one = act_of(ACTS, action)
    found = _contest(request, pk, CONTEST)
    back = reverse("honors:contest", args=[pk])
    return perform(request, found, one, back=back, crumbs=_crumbs(found), subtitle=str(found.unit))


@signed_in(CONTEST)
@get_or_post
def sheet(request: HttpRequest, pk: int, contestant: int) -> HttpResponse:
    """One judge's sheet for one office."""
    found = _contest(request, pk, CONTEST)
    one = (
        found.contestants.select_related("contest__unit", "contest__region", "office", "family")
        .filter(pk=contestant)
        .first()
    )
    if one is None:
        raise Http404
    if found.by_vote:
        return family_calls.vote(request, one, _crumbs(found))
    first = {"judge": str(request.user)}
    form = SheetForm(request.POST if request.method == "POST" else None, weights=found.weights, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.enter_sheet(one, judge=form.cleaned_data["judge"], aspects=form.aspects(), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Entered"))
            return redirect("honors:contest", pk)
    context = {
        "page_title": _("Judge's sheet: %s") % one.shown, "page_subtitle": found.name, "form": form,
        "breadcrumbs": [*_crumbs(found), {"label": one.shown}], "back": reverse("honors:contest", args=[pk]),
        "submit": _("Enter the sheet"), "note": _("A second sheet of the same judge replaces the first."),
    }  # fmt: skip
    return render(request, "honors/form.html", context, status=422 if form.is_bound else 200)


def _crumbs(found: Contest) -> list[dict[str, Any]]:
    first = {"label": _("Contests of offices"), "url": reverse("honors:contests")}
    if found.title.subject == FAMILY:
        first = {"label": _("Families"), "url": reverse("honors:families")}
    return [
        first,
        {"label": found.name, "url": reverse("honors:contest", args=[found.pk])},
    ]


def _contest(request: HttpRequest, pk: int, permission: str = "") -> Contest:
    rows = Contest.objects.select_related("unit__region", "title", "region")
    found: Contest = visible_or_404(rows, request.user, permission, pk=pk)
    return found
