"""Rounds and visits for the office: plan, watch, give out, move, substitute, enter from paper, close."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.context import campaign_or_404, current_campaign
from chuangwen.campaigns.forms import RoundForm
from chuangwen.campaigns.models import RoundKind
from chuangwen.campaigns.services import close_round, plan_round, start_round
from chuangwen.core import clock
from chuangwen.core.access import visible_or_404
from chuangwen.core.lists import respond
from chuangwen.core.pages import attempt, signed_in
from chuangwen.inspections.forms import AdHocForm, AssignForm, MoveForm, PaperForm, ReasonForm
from chuangwen.inspections.models import Visit
from chuangwen.inspections.queries import ad_hoc_places, checklist, inspectors, round_progress
from chuangwen.inspections.services import planning, substituting
from chuangwen.inspections.views.asking import ask
from chuangwen.inspections.views.details import visit_page
from chuangwen.inspections.views.lists import RoundList, VisitList, round_of

get_or_post = require_http_methods(["GET", "POST"])
ROUNDS = RoundList()
VISITS = VisitList()


@signed_in("inspections.view")
@get_or_post
def round_list(request: HttpRequest) -> HttpResponse:
    """The rounds of the campaign; a unit's stand on the campaign's own page, since nothing is drawn or visited."""
    campaign = current_campaign(request)
    if campaign is not None and campaign.shape == "unit":
        return redirect("campaigns:campaign", campaign.pk)
    return respond(request, ROUNDS)


@signed_in("inspections.view")
@get_or_post
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: how far it has come, and its visits; of a unit's round its results."""
    if round_of(request, pk).campaign.shape == "unit":
        return redirect("inspections:results", pk)
    return respond(request, VISITS)


@signed_in("inspections.plan")
@get_or_post
def round_new(request: HttpRequest) -> HttpResponse:
    """Plan a round; its places are drawn next."""
    campaign = campaign_or_404(request)
    if campaign.shape == "unit":
        return redirect("campaigns:round-new", campaign.pk)
    made: dict[str, Any] = {}

    def act(data: dict[str, Any]) -> None:
        made["round"] = plan_round(campaign, actor=request.user, **data)

    versions = [one.version_id for one in campaign.standards.all()]
    first = {"kind": RoundKind.MOCK, "versions": versions} | _asked_round(request)
    form = RoundForm(request.POST if request.method == "POST" else None, campaign=campaign, initial=first)
    response = ask(
        request, form, act, done=reverse("inspections:rounds"), page_title=_("Plan a round"),
        breadcrumbs=[_crumb_rounds(), {"label": _("Plan a round")}], submit=_("Plan the round"),
        cancel_url=reverse("inspections:rounds"),
    )  # fmt: skip
    if "round" in made:
        response["Location"] = reverse("inspections:draw", args=[made["round"].pk])
    return response


def _asked_round(request: HttpRequest) -> dict[str, Any]:
    """What the task from which one comes says of the round (beside.task_round)."""
    try:
        on = max(date.fromisoformat(request.GET.get("on", "")), clock.today())
    except ValueError:
        on = clock.today()
    unannounced = request.GET.get("unannounced") == "1"
    return {"name": request.GET.get("name", "")[:60], "starts": on, "ends": on, "unannounced": unannounced}


@signed_in("inspections.plan")
@get_or_post
def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, since a closed round takes no more answers."""
    round_ = round_of(request, pk, "inspections.plan")
    progress = round_progress(Visit.objects.visible_to(request.user).filter(round=round_))
    here = reverse("inspections:round", args=[pk])
    return ask(
        request, Form(request.POST if request.method == "POST" else None),
        lambda _data: close_round(round_, actor=request.user),
        done=here, said=_("The round is closed."), page_title=_("Close the round"),
        breadcrumbs=[_crumb_rounds(), {"label": round_.name, "url": here}, {"label": _("Close the round")}],
        lead=_("%(done)d of %(planned)d places are done. After closing no answer can be added or changed.")
        % {"done": progress.done, "planned": progress.planned},
        submit=_("Close the round"), cancel_url=here,
    )  # fmt: skip


@signed_in("inspections.plan")
@get_or_post
def ad_hoc(request: HttpRequest, pk: int) -> HttpResponse:
    """The office adds a place chosen on the spot."""
    round_ = round_of(request, pk, "inspections.plan")
    here = reverse("inspections:round", args=[pk])
    form = AdHocForm(
        request.POST or None,
        places=ad_hoc_places(round_, request.user, "inspections.plan"),
        people=inspectors(round_.region),
    )
    return ask(
        request, form,
        lambda data: planning.add_ad_hoc_visit(
            round_, data["place"], actor=request.user, inspector=data["inspector"]
        ),
        done=here, said=_("On the list."), page_title=_("Add an ad hoc place"),
        breadcrumbs=[_crumb_rounds(), {"label": round_.name, "url": here}, {"label": _("Add an ad hoc place")}],
        lead=_("Recorded as chosen on the spot; never mixed with drawn places in an estimate."),
        submit=_("Put it on the list"), cancel_url=here,
    )  # fmt: skip


def visit_of(request: HttpRequest, uid: UUID, permission: str = "inspections.view") -> Visit:
    """The visit that the address names, where the person may see it; 404 otherwise."""
    visits = Visit.objects.select_related("place__place_type", "place__territory", "round", "region", "inspector")
    return visible_or_404(visits, request.user, permission, uid=uid)


@signed_in("inspections.view")
@require_GET
def visit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One visit: what was seen, its photos and problems, its history, the next step."""
    found = visit_of(request, uid)
    return render(request, "inspections/visit.html", visit_page(found, request.user))


@signed_in("inspections.plan")
@get_or_post
def assign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give one visit to an inspector."""
    found = visit_of(request, uid, "inspections.plan")
    initial = {"inspector": found.inspector_id, "team": found.team}

    def act(data: dict[str, Any]) -> None:
        planning.assign_one(found, data["inspector"], team=data["team"], actor=request.user)

    form = AssignForm(request.POST or None, actor=request.user, initial=initial)
    return _about(request, found, form, act, title=_("Give to an inspector"), submit=_("Give the visit"))


@signed_in("inspections.plan")
@get_or_post
def move(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another day without a new draw."""
    found = visit_of(request, uid, "inspections.plan")
    form = MoveForm(request.POST or None, initial={"day": found.planned_on})
    return _about(
        request, found, form, lambda data: planning.move_visit(found, data["day"], reason=data["reason"],
        actor=request.user), title=_("Move to another day"), submit=_("Move the visit"),
    )  # fmt: skip


@signed_in("inspections.plan")
@get_or_post
def skip(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The place is not seen, and why."""
    found = visit_of(request, uid, "inspections.plan")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return _about(
        request, found, form,
        lambda data: planning.skip_visit(found, reason=data["reason"], actor=request.user),
        title=_("Skip the visit"), submit=_("Skip the visit"),
    )  # fmt: skip


@signed_in("inspections.plan")
@get_or_post
def substitute(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The next ticket of the stratum takes the place's turn."""
    found = visit_of(request, uid, "inspections.plan")
    form = ReasonForm(request.POST or None, initial={"reason": found.skip_reason})
    return _about(
        request, found, form,
        lambda data: substituting.substitute_place(found, reason=data["reason"], actor=request.user),
        title=_("Substitute the place"), submit=_("Take the next ticket"),
        lead=_("The place with the next ticket of “%s” takes its turn; the record keeps who, why and when.")
        % found.place.place_type,
    )  # fmt: skip


@signed_in("inspections.plan")
@require_GET
def sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The checklist as an empty sheet to print: the paper path of a visit."""
    found = visit_of(request, uid, "inspections.plan")
    context = {"page_title": _("Sheet of %s") % found.place, "visit": found, "checks": checklist(found)}
    return render(request, "inspections/visit_sheet.html", context)


@signed_in("inspections.plan")
@get_or_post
def paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Enter a sheet that was filled in on paper; the checklist follows."""
    found = visit_of(request, uid, "inspections.plan")
    form = PaperForm(request.POST or None, request.FILES or None, visit=found)

    def act(data: dict[str, Any]) -> None:
        scan = data["scan"]
        planning.begin_paper_entry(
            found, inspector=data["inspector"], seen_at=data["seen_at"], scan=scan.read(), scan_name=scan.name,
            actor=request.user,
        )  # fmt: skip

    return _about(
        request, found, form, act, title=_("Enter a paper sheet"), submit=_("Go on to the checklist"),
        done=reverse("inspections:checklist", args=[uid]), multipart=True,
        lead=_("The scan stays with the visit, and its time is the one that stands on the sheet."),
    )  # fmt: skip


@signed_in("inspections.plan")
@require_POST
def round_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a round whose places are chosen by hand."""
    round_ = round_of(request, pk, "inspections.plan")
    return attempt(
        request,
        lambda: start_round(round_, actor=request.user),
        done=reverse("inspections:round", args=[pk]),
        said=_("The round has begun."),
    )


def _about(
    request: HttpRequest, found: Visit, form: Form, act: Any, *, title: str, done: str = "", **context: Any
) -> HttpResponse:
    """A form about one visit, with its way back."""
    here = reverse("inspections:visit", args=[found.uid])
    back = reverse("inspections:round", args=[found.round_id])
    crumbs = [{"label": found.round.name, "url": back}, {"label": str(found.place), "url": here}, {"label": title}]
    return ask(
        request, form, act, done=done or here, page_title=title, page_subtitle=str(found.place), breadcrumbs=crumbs,
        cancel_url=here, **context,
    )  # fmt: skip


def _crumb_rounds() -> dict[str, str]:
    return {"label": _("Inspections"), "url": reverse("inspections:rounds")}
