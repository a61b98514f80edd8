"""Draws: what is announced beforehand, and after the round the record that anybody can verify."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.lists.paging import page_of
from chuangwen.inspections import sampling
from chuangwen.inspections.models import Draw
from chuangwen.inspections.results import dice_of, strata_of
from chuangwen.places.models import Place
from chuangwen.public.queries import draws, one_or_404, public_record, site_or_404
from chuangwen.public.views.showing import download, public_page, show
from chuangwen.standards.models import PlaceType, name_in_language


@public_page
def draw_list(request: HttpRequest, code: str) -> HttpResponse:
    """All draws that were announced, and those whose round is over."""
    site = site_or_404(code)
    if not site.draws_places:  # type: ignore[attr-defined]  # queries.open_sites adds it
        raise Http404
    context = page_of(request, draws(site.region), "-pk") | {"page_title": pgettext("public", "Draws")}
    return show(site, "public/draws.html", context, here="draws")


@public_page
def draw(_request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One draw; its record once the round is over, before that what was announced."""
    site = site_or_404(code)
    found = one_or_404(draws(site.region), pk=pk)
    context = {"page_title": _("Draw of places: %s") % found.round.name, "draw": found} | _announced(found)
    if found.is_over:
        context |= _result(found)
    return show(site, "public/draw.html", context, here="draws")


@public_page
def record(_request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The record as one file, for anybody to verify."""
    found = one_or_404(draws(site_or_404(code).region), pk=pk)
    if not found.is_over:
        raise Http404
    text = sampling.record_text(sampling.read_record(json.dumps(public_record(found)).encode()))
    return download(text.encode(), f"record-{found.pk}.json", "application/json")


@public_page
def tool(_request: HttpRequest) -> HttpResponse:
    """The stand-alone program that verifies a record."""
    return download(_program(), "verify_draw.py", "text/x-python")


@lru_cache(maxsize=1)
def _program() -> bytes:
    return (files("chuangwen.inspections") / "data" / "verify_draw.txt").read_bytes()


def _announced(found: Draw) -> dict[str, Any]:
    names = dict(PlaceType.objects.filter(region=found.region_id).values_list("code", name_in_language()))
    rows = [(names.get(code, code), len(codes), found.quotas.get(code, 0)) for code, codes in found.pool.items()]
    return {
        "rows": sorted((row for row in rows if row[2]), key=lambda row: (-row[2], row[0])),
        "declared": sum(len(codes) for codes in found.pool.values()), "asked": sum(found.quotas.values()),
    }  # fmt: skip


def _result(found: Draw) -> dict[str, Any]:
    told = public_record(found)
    codes = {code for stratum in told["drawn"].values() for code in stratum}
    codes |= {one["by"] for one in told["substitutes"]}
    places = dict(Place.objects.filter(region=found.region_id, code__in=codes).values_list("code", "name"))
    types = PlaceType.objects.filter(region=found.region_id).order_by("position", "pk")
    strata = strata_of(told, dict(types.values_list("code", name_in_language())), places)
    return {
        "strata": [one for one in strata if one.quota], "record": told, "dice": dice_of(told["randomness"]),
        "drawn_count": sum(len(one.drawn) for one in strata), "tool_lines": _program().count(b"\n"),
        "same": not sampling.verify_record(told),
    }  # fmt: skip
