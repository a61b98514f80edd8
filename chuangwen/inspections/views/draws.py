"""A round's draw: check the quotas, draw, see that it was fair, print the sheet for witnesses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.panels import panels
from chuangwen.inspections import sampling
from chuangwen.inspections.enums import OPEN_DRAW_STATES, DrawState
from chuangwen.inspections.forms import CommitmentForm, QuotaForm, ReasonForm, RunForm, SecretForm, StrictForm
from chuangwen.inspections.models import Draw, Visit
from chuangwen.inspections.queries import draws_of, quota_sheet
from chuangwen.inspections.refusals import difference_words
from chuangwen.inspections.results import dice_of, strata_of
from chuangwen.inspections.services import draws
from chuangwen.inspections.views.asking import ask
from chuangwen.inspections.views.lists import round_of
from chuangwen.places.models import Place
from chuangwen.standards.models import PlaceType, name_in_language

JSON = "application/json"


@signed_in("inspections.view")
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """The draw that is open or was made last; without one the quota sheet. POST draws in the simple form."""
    round_ = round_of(request, pk)
    if round_.campaign.shape == "unit":
        return redirect("inspections:results", pk)
    all_draws = draws_of(round_, request.user)
    chosen = _chosen(request, all_draws)
    if request.method == "POST" or chosen is None:
        return _quotas(request, round_, all_draws)
    page = _head(round_, all_draws, chosen) | {"panels": panels("draw", request, chosen)}
    if chosen.is_public:
        rights = {f"may_{name}": may(request.user, f"inspections.{name}", round_) for name in ("draw", "plan")}
        found = _result(chosen, request.GET.get("stratum", ""))
        return render(request, "inspections/drawn.html", page | rights | found)
    return render(request, "inspections/open_draw.html", page | _open(request, chosen))


@signed_in("inspections.draw")
@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze in the strict form."""
    round_ = round_of(request, pk, "inspections.draw")
    return _quotas(request, round_, draws_of(round_, request.user), strict=True)


def _quotas(request: HttpRequest, round_: Round, all_draws: list[Draw], *, strict: bool = False) -> HttpResponse:
    """The sheet of quotas with the two ways to draw; a refusal keeps what was typed."""
    sheet = quota_sheet(round_)
    posted = request.POST if request.method == "POST" else None
    quotas = QuotaForm(posted, sheet=sheet)
    form = StrictForm(posted if strict else None, initial={"release_at": _usual_release(round_)})
    if posted is not None:
        if not may(request.user, "inspections.draw", round_):
            raise Http404
        if quotas.is_valid() and (not strict or form.is_valid()):
            try:
                if strict:
                    draws.freeze_draw(round_, quotas.quotas(), actor=request.user, strict=True, **form.cleaned_data)
                else:
                    before = int(request.POST.get("before") or 0) if request.POST.get("before", "0").isdecimal() else 0
                    draws.draw_now(round_, quotas.quotas(), actor=request.user, before=before)
            except Refusal as refusal:
                quotas.add_error(None, str(refusal))
            else:
                return redirect("inspections:draw", pk=round_.pk)
    context = {
        "quotas": quotas,
        "strict": form,
        "before": len(all_draws),
        "declared": sum(row.declared for row in sheet),
        "asked": sum(row.quota for row in sheet if row.declared),
        "may_draw": may(request.user, "inspections.draw", round_) and round_.state != "closed",
    }
    status = 422 if quotas.errors or form.errors else 200
    return render(request, "inspections/quotas.html", _head(round_, all_draws, None) | context, status=status)


def _step(form_class: type[Form], act: Callable[[Draw, dict[str, Any], Any], object], **words: str) -> Any:
    """A view that takes one step of an open draw with a form of its own."""

    @signed_in("inspections.draw")
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int, draw_id: int) -> HttpResponse:
        found = _draw_of(request, pk, draw_id, "inspections.draw")
        here = reverse("inspections:draw", args=[pk])
        titles = {key: _(text) for key, text in words.items()}
        return ask(
            request, form_class(request.POST or None), lambda data: act(found, data, request.user),
            done=f"{here}?draw={draw_id}", cancel_url=here,
            breadcrumbs=[{"label": found.round.name, "url": here}, {"label": titles["page_title"]}], **titles,
        )  # fmt: skip

    return view


commit = _step(
    CommitmentForm,
    lambda d, data, actor: draws.commit_draw(d, commitment=data["commitment"], times=data["times"], actor=actor),
    page_title=gettext_noop("Publish the commitment"),
    submit=gettext_noop("Publish the commitment"),
)
run = _step(
    RunForm,
    lambda d, data, actor: draws.draw_strictly(d, randomness=data["randomness"], code=data["code"], actor=actor),
    page_title=gettext_noop("Draw"),
    submit=gettext_noop("Draw"),
)
close = _step(
    SecretForm,
    lambda d, data, actor: draws.close_draw(d, secret=data["secret"], actor=actor),
    page_title=gettext_noop("Publish the secret"),
    submit=gettext_noop("Publish the secret"),
)
withdraw = _step(
    ReasonForm,
    lambda d, data, actor: draws.withdraw_draw(d, reason=data["reason"], actor=actor),
    page_title=gettext_noop("Withdraw the draw"),
    submit=gettext_noop("Withdraw the draw"),
)


@signed_in("inspections.draw")
@require_POST
def draw_frozen(request: HttpRequest, pk: int, draw_id: int) -> HttpResponse:
    """Draw a pool that was frozen in the simple form."""
    found = _draw_of(request, pk, draw_id, "inspections.draw")
    back = reverse("inspections:draw", args=[pk])
    return attempt(request, lambda: draws.draw_simply(found, actor=request.user), done=back)


@signed_in("inspections.view")
@require_GET
def record(request: HttpRequest, pk: int, draw_id: int) -> HttpResponse:
    """The record as one file, for anybody to verify."""
    found = _public_draw(request, pk, draw_id)
    read = sampling.read_record(json.dumps(found.record).encode())
    return file_response(sampling.record_text(read).encode(), f"record-{found.pk}.json", JSON)


@signed_in("inspections.view")
@require_GET
def sheet(request: HttpRequest, pk: int, draw_id: int) -> HttpResponse:
    """抽签记录单: one sheet for witnesses to sign (practice.md, Papers)."""
    found = _public_draw(request, pk, draw_id)
    context = {"page_title": _("Sheet of the draw"), "round": found.round, "draw": found, "now": clock.now()}
    return render(request, "inspections/draw_sheet.html", context | _result(found, ""))


@signed_in()
@require_GET
def tool(_request: HttpRequest) -> HttpResponse:
    """The stand-alone program that verifies a record."""
    return file_response(_tool(), "verify_draw.py", "text/x-python")


@lru_cache(maxsize=1)
def _tool() -> bytes:
    return (files("chuangwen.inspections") / "data" / "verify_draw.txt").read_bytes()


def _chosen(request: HttpRequest, all_draws: list[Draw]) -> Draw | None:
    """The draw that the address names, else the open one, else the last that was drawn; none for a new one."""
    if request.GET.get("new"):
        return None
    wanted = request.GET.get("draw", "")
    named = next((one for one in all_draws if str(one.pk) == wanted), None)
    opened = next((one for one in all_draws if one.state in OPEN_DRAW_STATES), None)
    return named or opened or next((one for one in all_draws if one.state != DrawState.WITHDRAWN), None)


def _draw_of(request: HttpRequest, pk: int, draw_id: int, permission: str = "inspections.view") -> Draw:
    rows = Draw.objects.select_related("round__region", "region")
    return visible_or_404(rows, request.user, permission, pk=draw_id, round=pk)


def _public_draw(request: HttpRequest, pk: int, draw_id: int) -> Draw:
    found = _draw_of(request, pk, draw_id)
    if not found.is_public:
        raise Http404
    return found


def _usual_release(round_: Round) -> Any:
    """One hour before departure at half past eight on the first day."""
    return datetime.combine(round_.starts, time(7, 30), timezone.get_current_timezone())


def _head(round_: Round, all_draws: list[Draw], chosen: Draw | None) -> dict[str, Any]:
    url = reverse("inspections:draw", args=[round_.pk])
    crumbs = [
        {"label": _("Inspections"), "url": reverse("inspections:rounds")},
        {"label": round_.name, "url": reverse("inspections:round", args=[round_.pk])},
        {"label": _("Draw")},
    ]
    others = [
        {"draw": one, "url": f"{url}?draw={one.pk}", "current": one is chosen, "state": one.get_state_display()}
        for one in all_draws
    ]
    return {"page_title": _("Draw places"), "breadcrumbs": crumbs, "round": round_, "draw": chosen, "others": others}


def _open(request: HttpRequest, chosen: Draw) -> dict[str, Any]:
    """A draw on its way: what is published, and the next step."""
    names = dict(PlaceType.objects.filter(region=chosen.region_id).values_list("code", name_in_language()))
    rows = [
        {"name": names.get(code, code), "size": len(codes), "quota": chosen.quotas.get(code, 0)}
        for code, codes in chosen.pool.items()
    ]
    return {
        "page_title": _("Draw withdrawn") if chosen.state == DrawState.WITHDRAWN else _("Draw places"),
        "rows": sorted(rows, key=lambda row: -row["quota"]),
        "declared": sum(len(codes) for codes in chosen.pool.values()),
        "asked": sum(chosen.quotas.values()),
        "may_draw": may(request.user, "inspections.draw", chosen),
    }


def _result(chosen: Draw, stratum: str) -> dict[str, Any]:
    """Everything that the result page and the sheet show."""
    types = dict(
        PlaceType.objects.filter(region=chosen.region_id)
        .order_by("position", "pk")
        .values_list("code", name_in_language())
    )
    listed = Visit.objects.filter(draw=chosen).values_list("place__code", flat=True)
    shown = {code for codes in chosen.pool.values() for code in codes} if stratum else {*listed}
    names = dict(Place.objects.filter(region=chosen.region_id, code__in=shown).values_list("code", "name"))
    found = strata_of(chosen.record, types, names)
    detail = next((one for one in found if one.code == stratum), None) or next(
        (one for one in found if one.quota), found[0]
    )
    missing = {place.code for place in detail.places} - set(names)
    more = dict(Place.objects.filter(region=chosen.region_id, code__in=missing).values_list("code", "name"))
    found = strata_of(chosen.record, types, names | more)
    detail = next(one for one in found if one.code == detail.code)
    return {
        "page_title": _("%(drawn)d of %(all)d places drawn; anybody can verify it")
        % {"drawn": sum(len(one.drawn) for one in found), "all": sum(one.size for one in found)},
        "strata": [one for one in found if one.quota],
        "drawn_count": sum(len(one.drawn) for one in found),
        "pool_count": sum(one.size for one in found),
        "detail": detail,
        "detail_places": detail.places[: detail.quota + 10],
        "all_strata": found,
        "dice": dice_of(chosen.record["randomness"]),
        "differences": _differences(chosen.pk, json.dumps(chosen.record)),
        "is_simple": not chosen.strict,
        "ad_hoc_count": Visit.objects.filter(round=chosen.round_id, kind="ad-hoc").count(),
        "tool_lines": _tool().count(b"\n"),
    }


@lru_cache(maxsize=64)
def _differences(_pk: int, text: str) -> tuple[str, ...]:
    """What the verification finds; kept, since a record does not change but by a substitution."""
    return tuple(map(difference_words, sampling.verify_record(json.loads(text))))
