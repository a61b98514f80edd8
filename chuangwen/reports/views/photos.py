"""Photos before and after in a paper: choosing them, and showing them to whoever sees the paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import preview
from chuangwen.core.lists.paging import page_of as rows_of_page
from chuangwen.core.pages import signed_in
from chuangwen.rectification.models import ProblemPhoto
from chuangwen.reports.forms import PhotosForm
from chuangwen.reports.lists import page_of
from chuangwen.reports.models import Bulletin
from chuangwen.reports.queries import (
    Pictured,
    as_pictured,
    day_of,
    narrowed_pictured,
    pairs_of,
    pictured,
    pictured_rows,
    with_photos,
)
from chuangwen.reports.services import MOST_PAIRS, choose_photos
from chuangwen.reports.views.papers import crumbs, get_or_post, the_bulletin
from chuangwen.reports.words import PICTURED
from chuangwen.reports.workflow import DRAFT

SIZE, LONGEST = 12, 60


@signed_in(DRAFT)
@get_or_post
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Which problems the paper shows before and after: the chosen ones first, the others page by page."""
    found = the_bulletin(request, pk, DRAFT, figures=False)
    if found.kind not in PICTURED:
        raise Http404
    chosen = [one.problem_id for one in pairs_of(found)]
    form = PhotosForm(request.POST if request.method == "POST" else None, initial={"revision": found.revision})
    ticked = chosen
    if request.method == "POST":
        ticked = [int(value) for value in request.POST.getlist("problems") if value.isdecimal() and len(value) < 16]
        if form.is_valid():
            more = form.cleaned_data.pop("more")
            try:
                choose_photos(found, ticked, actor=request.user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _told(len(ticked)))
                return redirect(request.get_full_path() if more else page_of(found))
    context = {
        "page_title": _("Photos before and after"), "page_subtitle": found.title, "form": form, "bulletin": found,
        "breadcrumbs": crumbs(_("Photos before and after"), found), "cancel_url": page_of(found), "most": MOST_PAIRS,
        **_offered(request, found, {*chosen, *ticked[:MOST_PAIRS]}, set(ticked)),
    }  # fmt: skip
    return render(request, "reports/photos.html", context, status=422 if form.errors else 200)


def _offered(request: HttpRequest, found: Bulletin, first: set[int], ticked: set[int]) -> dict[str, Any]:
    """The problems that stand first, and a page of the others as the search and the unit narrow them."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    unit = request.GET.get("unit", "")
    rows = narrowed_pictured(pictured_rows(found), words, unit).exclude(pk__in=first)
    page = rows_of_page(request, with_photos(rows), "-closed_at", SIZE)
    units = [(str(one.pk), str(one)) for one in found.units.order_by("branch", "position", "pk")]
    return {
        "chosen": _shown(pictured(found, first), ticked), "rows": _shown(as_pictured(page["rows"]), ticked),
        "previous_url": page["previous_url"], "next_url": page["next_url"], "words": words, "unit": unit,
        "units": units, "narrowed": bool(words or unit), "all_url": request.path,
    }  # fmt: skip


def _shown(rows: list[Pictured], ticked: set[int]) -> list[dict[str, Any]]:
    return [
        {"pair": one, "checked": one.problem.pk in ticked, "days": (day_of(one.before), day_of(one.after))}
        for one in rows
    ]  # fmt: skip


def _told(number: int) -> str:
    words = ngettext("The paper shows %d pair of photos.", "The paper shows %d pairs of photos.", number)
    return words % number if number else _("The paper shows no photos.")


@signed_in("reports.view")
@require_GET
def picture(request: HttpRequest, pk: int, position: int, side: str) -> HttpResponse:
    """A smaller copy of one of the paper's photos, for whoever sees the paper; the original stays in the ledger."""
    found = the_bulletin(request, pk, figures=False)
    pair = found.pairs.filter(position=position).select_related("before__attachment__file", "after__attachment__file")
    one = pair.first()
    if one is None or side not in {"before", "after"}:
        raise Http404
    photo: ProblemPhoto = getattr(one, side)
    answer = HttpResponse(preview(photo.attachment.file, "small"), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
