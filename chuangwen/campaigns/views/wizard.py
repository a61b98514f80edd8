"""Setting a campaign up in five steps. What was typed waits in the session: it can be left and taken up again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.campaigns.backplan import counted_back, default_plan, default_weights
from chuangwen.campaigns.context import SESSION_KEY
from chuangwen.campaigns.forms import AimForm, PeriodForm, StandardsForm, WeightsForm
from chuangwen.campaigns.listing import campaign_url
from chuangwen.campaigns.models import CycleRule, shape_of
from chuangwen.campaigns.queries import TITLES, versions_to_choose
from chuangwen.campaigns.services import CampaignPlan, create_campaign, keep_title
from chuangwen.campaigns.services.setting_up import refuse_period, refuse_years
from chuangwen.campaigns.views.pages import EDIT
from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.core.pages import signed_in
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit

KEPT = "campaign_draft"
ORDER = ("aim", "standards", "period", "weights", "check")
MOST_YEARS = 11


def _region(request: HttpRequest) -> Region:
    regions = scope_of(request.user, EDIT).home_regions
    return Region.objects.filter(pk__in=regions).order_by("pk")[0]


@signed_in(EDIT)
def campaign_new(request: HttpRequest, step: str = "aim") -> HttpResponse:
    """One step of five: a POST keeps what was typed and leads on."""
    if step not in ORDER:
        raise Http404
    draft: dict[str, Any] = request.session.get(KEPT, {})
    missing = next((name for name in ORDER[: ORDER.index(step)] if name not in draft), None)
    if missing:
        return redirect("campaigns:new-step", missing)
    region = _region(request)
    if step == "check":
        return _check(request, region, draft)
    form = _form(step, region, draft, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _holds(form, draft):
        request.session[KEPT] = draft | {step: _plain(form)}
        return redirect("campaigns:new-step", ORDER[ORDER.index(step) + 1])
    return _page(request, step, draft, {"form": form}, status=422 if form.errors else 200)


def _form(step: str, region: Region, draft: dict[str, Any], data: Any) -> forms.Form:
    kept = draft.get(step)
    if step == "aim":
        return AimForm(data, region=region, initial=kept or _first_aim(region))
    if step == "standards":
        form = StandardsForm(data, region=region, subject=_subject(draft), initial=kept or {})
        if not kept and form.first:
            form.initial = {"versions": [form.first], "main": form.first}
        return form
    if step == "period":
        return PeriodForm(data, initial=kept or _first_period())
    years = _years(draft)
    weights = zip(years, default_weights(len(years)), strict=True)
    first = {f"y{year}": f"{weight * 100:.6g}" for year, weight in weights}
    fits = kept is not None and set(kept) == set(first)
    return WeightsForm(data, years=years, initial=kept if fits else first)


def _first_aim(region: Region) -> dict[str, Any]:
    return {"title": TITLES[0][0], "subject": region.name, "name": f"{region.name}创建{TITLES[0][0]}"}


def _first_period() -> dict[str, Any]:
    year = clock.today().year
    return {
        "starts": date(year, 1, 1), "ends": date(year + 2, 12, 31), "assessment_on": date(year + 2, 11, 16),
        "cycle_rule": CycleRule.WEIGHTED,
    }  # fmt: skip


def _subject(draft: dict[str, Any]) -> str:
    """The kind of subject that the chosen title is for."""
    aim = draft["aim"]
    return aim["other_subject"] if aim["other_title"] else next(s for name, s, _l in TITLES if name == aim["title"])


def _years(draft: dict[str, Any]) -> list[int]:
    period = draft["period"]
    first, last = date.fromisoformat(period["starts"]).year, date.fromisoformat(period["ends"]).year
    return list(range(first, min(last, first + MOST_YEARS) + 1))


def _holds(form: forms.Form, draft: dict[str, Any]) -> bool:
    """Whether the services would take this step; their refusal stands in the form."""
    data = form.cleaned_data
    try:
        if isinstance(form, PeriodForm):
            refuse_period(data["starts"], data["ends"], data["assessment_on"])
        elif isinstance(form, WeightsForm):
            period = draft["period"]
            starts, ends = (date.fromisoformat(period[key]) for key in ("starts", "ends"))
            refuse_years(form.weights(), starts, ends, period["cycle_rule"])
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _plain(form: forms.Form) -> dict[str, Any]:
    """What was typed, as the session keeps it."""
    kept: dict[str, Any] = {}
    for name, value in form.cleaned_data.items():
        kept[name] = value if value is None or isinstance(value, str | int | float | list) else str(value)
    return kept


def _page(
    request: HttpRequest, step: str, draft: dict[str, Any], context: dict[str, Any], status: int = 200
) -> HttpResponse:
    labels = {
        "aim": _("Title and unit"), "standards": _("Standards"), "period": _("Period and dates"),
        "weights": _("Weights of the years"), "check": _("Check and set up"),
    }  # fmt: skip
    here = ORDER.index(step)
    steps = [
        {"label": labels[name], "state": "done" if n < here else "now" if n == here else "",
         "url": reverse("campaigns:new-step", args=[name]) if n < here or name in draft else ""}
        for n, name in enumerate(ORDER)
    ]  # fmt: skip
    shared = {
        "page_title": _("Set up a campaign"), "page_subtitle": labels[step], "steps": steps, "step": step,
        "back_url": reverse("campaigns:new-step", args=[ORDER[here - 1]]) if here else reverse("campaigns:list"),
        "breadcrumbs": [
            {"label": _("Campaigns"), "url": reverse("campaigns:list")}, {"label": _("Set up a campaign"), "url": ""}
        ],
    }  # fmt: skip
    return render(request, "campaigns/new.html", shared | context, status=status)


def _check(request: HttpRequest, region: Region, draft: dict[str, Any]) -> HttpResponse:
    """The last step: all that was typed and the back plan that follows; a POST sets the campaign up."""
    assessment = date.fromisoformat(draft["period"]["assessment_on"])
    versions = _versions(region, draft)
    plan = [
        (one.name, one.offset, counted_back(assessment, one.offset, default_calendar()))
        for one in default_plan(shape_of(_subject(draft)), region.office_word)
    ]
    refusal = None
    if request.method == "POST":
        try:
            with transaction.atomic():  # a new title only with its campaign
                campaign = create_campaign(_plan(request, region, draft, versions), actor=request.user)
        except Refusal as refused:
            refusal = refused
        else:
            del request.session[KEPT]
            request.session[SESSION_KEY] = campaign.pk
            messages.success(request, _("Set up: %s") % campaign.name)
            return redirect(campaign_url(campaign))
    context = {
        "draft": draft, "versions": versions, "plan": plan, "refusal": refusal, "assessment": assessment,
        "starts": date.fromisoformat(draft["period"]["starts"]), "ends": date.fromisoformat(draft["period"]["ends"]),
        "years": [(year, draft["weights"][f"y{year}"]) for year in _years(draft)],
        "rule": CycleRule(draft["period"]["cycle_rule"]).label, "today": clock.today(),
    }  # fmt: skip
    return _page(request, "check", draft, context, status=422 if refusal else 200)


def _versions(region: Region, draft: dict[str, Any]) -> list[Any]:
    """The chosen versions, the main one first; one that is gone meanwhile is left out."""
    chosen = versions_to_choose(region).filter(pk__in=[int(pk) for pk in draft["standards"]["versions"]])
    return sorted(chosen, key=lambda version: str(version.pk) != draft["standards"]["main"])


def _plan(request: HttpRequest, region: Region, draft: dict[str, Any], versions: list[Any]) -> CampaignPlan:
    aim, period = draft["aim"], draft["period"]
    level = next((level for name, _s, level in TITLES if name == aim["title"]), "")
    title = keep_title(
        region, aim["other_title"] or aim["title"], subject=_subject(draft), level=level, actor=request.user
    )
    return CampaignPlan(
        name=aim["name"],
        subject=Unit.objects.get(region=region, pk=aim["subject_id"]),
        title=title,
        starts=date.fromisoformat(period["starts"]),
        ends=date.fromisoformat(period["ends"]),
        assessment_on=date.fromisoformat(period["assessment_on"]),
        years={year: float(draft["weights"][f"y{year}"]) / 100 for year in _years(draft)},
        versions=versions,
        cycle_rule=period["cycle_rule"],
        target=period["target"],
    )


@signed_in(EDIT)
@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    """Forget what was typed."""
    request.session.pop(KEPT, None)
    return redirect("campaigns:list")
