"""Pages of roads by sections and of shop fronts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import may, scope_of, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.models import label_of
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.organizations.queries import units_today
from chuangwen.places.models import Place
from chuangwen.responsibilities.forms.roads import FACTS, EndForm, FrontForm, SectionForm
from chuangwen.responsibilities.models import RoadSection, ShopFront
from chuangwen.responsibilities.queries.roads import (
    coverage,
    fronts_of,
    metres_words,
    open_fronts,
    road_or_404,
    roads_of,
    stretch_words,
    words_of,
)
from chuangwen.responsibilities.queries.tasks import papers_of
from chuangwen.responsibilities.roadbar import road_bar
from chuangwen.responsibilities.services.roads import (
    change_section,
    contract_section,
    end_section,
    keep_front,
)
from chuangwen.responsibilities.views.road_lists import FRONTS, ROADS, SECTIONS, coverage_crumbs, road_url
from chuangwen.workflow.queries import histories

EDIT, ANSWER = "responsibilities.edit", "responsibilities.answer"


@signed_in("responsibilities.view")
def roads(request: HttpRequest) -> HttpResponse:
    """All roads, those with a gap first."""
    return respond(request, ROADS)


@signed_in("responsibilities.view")
def sections(request: HttpRequest) -> HttpResponse:
    """All sections."""
    return respond(request, SECTIONS)


@signed_in("responsibilities.view")
def fronts(request: HttpRequest) -> HttpResponse:
    """All shop fronts."""
    return respond(request, FRONTS)


@signed_in("responsibilities.view")
@require_GET
def road(request: HttpRequest, code: str) -> HttpResponse:
    """One road as a bar and a table: who has which metres, where nobody is."""
    found = road_or_404(request.user, code)
    held: list[RoadSection] = found.now  # type: ignore[attr-defined]
    covered = coverage(found, held)
    edits = may(request.user, EDIT, found)
    papers = papers_of(held)
    shops = fronts_of(request.user).filter(road=found, closed_on__isnull=True)
    label = _("%(name)s, %(length)d metres. Nobody has: %(open)s") % {
        "name": found.name, "length": found.length, "open": words_of(covered.gaps) or _("no metre"),
    }  # fmt: skip
    new = {"label": _("Contract a section"), "icon": "plus", "url": _new_url(found), "primary": not covered.gaps}
    context = {
        "page_title": found.name,
        "page_subtitle": _("%d metres") % (found.length or 0),
        "page_actions": [new] if edits else [],
        "breadcrumbs": coverage_crumbs(
            found.name, {"label": _("Roads by sections"), "url": reverse("responsibilities:roads")}
        ),
        "road": found,
        "bar": road_bar(found.length or 1, held, covered, label=label),
        "covered": covered,
        "sections": [(one, metres_words(one.starts_at, one.ends_at), papers.get(one.pk, [])) for one in held],
        "gaps": [(stretch_words(one), one.metres, _new_url(found, one)) for one in covered.gaps],
        "overlaps": [(stretch_words(one), _units_there(held, one)) for one in covered.overlaps],
        "edits": edits,
        "over": _over(found),
        "shops": shops.count(),
        "shops_open": shops.filter(open_fronts()).count(),
        "shops_url": reverse("responsibilities:fronts") + f"?road={found.pk}",
        "now": clock.now(),
    }
    return render(request, "responsibilities/road.html", context)


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def new_section(request: HttpRequest, code: str) -> HttpResponse:
    """Contract metres of a road; the address may name a gap."""
    found = road_or_404(request.user, code, EDIT)
    given = {key: request.GET[key] for key in ("starts_at", "ends_at", "side") if key in request.GET}
    form = SectionForm(request.POST or None, request.FILES or None, road=found, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            section = contract_section(found, form.facts, actor=request.user, paper=form.cleaned_data["paper"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _say_overlap(request, section)
            return redirect("responsibilities:road", found.code)
    return _section_page(request, found, form, _("Contract a section"))


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what a contract says, or add its scan."""
    found = _section_or_404(request, pk)
    initial = {name: getattr(found, name) for name in FACTS}
    form = SectionForm(request.POST or None, request.FILES or None, road=found.road, initial=initial)
    form.watch(found)
    if request.method == "POST" and form.is_valid():
        try:
            change_section(found, form.facts, actor=request.user, paper=form.cleaned_data["paper"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _say_overlap(request, found)
            return redirect("responsibilities:road", found.road.code)
    return _section_page(request, found.road, form, metres_words(found.starts_at, found.ends_at))


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def section_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of a contract."""
    found = _section_or_404(request, pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_section(found, ends=form.cleaned_data["ends"], actor=request.user)
        except Refusal as refusal:
            form.add_error("ends", str(refusal))
        else:
            return redirect("responsibilities:road", found.road.code)
    words = _("%(unit)s, %(metres)s") % {
        "unit": found.unit, "metres": metres_words(found.starts_at, found.ends_at),
    }  # fmt: skip
    return _section_page(request, found.road, form, _("End the contract: %s") % words, _("End it"))


@signed_in("responsibilities.answer")
@require_http_methods(["GET", "POST"])
def new_front(request: HttpRequest) -> HttpResponse:
    """Enter a shop."""
    return _front_page(request, ShopFront(region_id=_region(request)), _("New shop"))


@signed_in("responsibilities.view")
@require_http_methods(["GET", "POST"])
def front(request: HttpRequest, pk: int) -> HttpResponse:
    """One shop; who may not change it reads it."""
    found = visible_or_404(ShopFront.objects.select_related("road", "unit", "region"), request.user, pk=pk)
    return _front_page(request, found, found.name)


def _region(request: HttpRequest) -> int:
    """The region in which the person keeps shops."""
    scope = scope_of(request.user, ANSWER)
    return min(scope.home_regions)


def _front_page(request: HttpRequest, found: ShopFront, title: str) -> HttpResponse:
    region = found.region_id
    roads_here = roads_of(request.user, ANSWER if may(request.user, ANSWER) else "responsibilities.view")
    units = units_today(region).filter(depth__gt=1)
    scope = scope_of(request.user, ANSWER)
    if region not in scope.regions:
        units = units.filter(pk__in=scope.unit_ids)
    form = FrontForm(request.POST or None, instance=found, roads=roads_here, units=units)
    edits = found.pk is None or may(request.user, ANSWER, found)
    if not edits:
        for field in form.fields.values():
            field.disabled = True
    elif request.method == "POST" and form.is_valid():
        try:
            keep_front(form.instance, actor=request.user)
        except Refusal as refusal:
            form.add_error("number", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(reverse("responsibilities:fronts") + f"?road={form.instance.road_id}&tab=all")
    between = {"label": _("Shop fronts"), "url": reverse("responsibilities:fronts")}
    context = {
        "page_title": title, "breadcrumbs": coverage_crumbs(title, between), "form": form, "submit": _("Save"),
        "read_only": not edits,
    }  # fmt: skip
    return render(request, "responsibilities/front.html", context, status=422 if form.errors else 200)


def _section_or_404(request: HttpRequest, pk: int) -> RoadSection:
    rows = RoadSection.objects.select_related("road", "unit", "post", "leader", "region")
    found: RoadSection = visible_or_404(rows, request.user, EDIT, pk=pk)
    return found


def _section_page(request: HttpRequest, found: Place, form: Any, title: str, submit: str = "") -> HttpResponse:
    between = {"label": found.name, "url": road_url(found)}
    context = {
        "page_title": title, "breadcrumbs": coverage_crumbs(title, between), "form": form,
        "submit": submit or _("Keep the contract"), "cancel_url": road_url(found), "multipart": True,
    }  # fmt: skip
    return render(request, "responsibilities/form.html", context, status=422 if form.errors else 200)


def _new_url(road: Place, gap: Any = None) -> str:
    url = reverse("responsibilities:new_section", args=[road.code])
    if gap is None:
        return url
    return f"{url}?{urlencode({'starts_at': gap.starts, 'ends_at': gap.ends, 'side': gap.side})}"


def _units_there(sections: list[RoadSection], overlap: Any) -> str:
    there = [one for one in sections if one.starts_at < overlap.ends and one.ends_at > overlap.starts]
    there = [one for one in there if "both" in (one.side, overlap.side) or one.side == overlap.side]
    return "、".join(str(one.unit) for one in there)


def _say_overlap(request: HttpRequest, section: RoadSection) -> None:
    fresh = road_or_404(request.user, section.road.code)
    if twice := coverage(fresh, fresh.now).overlaps:  # type: ignore[attr-defined]
        messages.warning(request, _("Two units have the same metres: %s. Put one of them right.") % words_of(twice))
    else:
        messages.success(request, _("%s is contracted.") % metres_words(section.starts_at, section.ends_at))


def _over(road: Place) -> list[dict[str, Any]]:
    """What changed on this road, the newest first."""
    rows = list(RoadSection.objects.filter(road=road).select_related("unit"))
    names = {one.pk: f"{one.unit} {metres_words(one.starts_at, one.ends_at)}" for one in rows}
    words = {"contract": _("contracted"), "change": _("changed"), "end": _("ended"), "paper": _("scan added")}
    found = histories(label_of(rows[0]), names) if rows else {}
    steps = sorted((step for several in found.values() for step in several), key=lambda step: step.at, reverse=True)
    return [
        {
            "icon": "signature", "what": f"{names.get(step.object_id, '')} {words.get(step.action, step.action)}",
            "when": moment(step.at), "when_iso": step.at.isoformat(),
            "text": _("until %s") % day(date.fromisoformat(step.data["until"])) if "until" in step.data else "",
        }
        for step in steps[:20]
    ]  # fmt: skip
