"""Photos before and after in a paper: choosing them, and showing them to whoever sees the paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import preview
from chuangwen.core.pages import signed_in
from chuangwen.rectification.models import ProblemPhoto
from chuangwen.reports.forms import PhotosForm
from chuangwen.reports.lists import page_of
from chuangwen.reports.queries import PICTURED_SHOWN, day_of, pairs_of, pictured
from chuangwen.reports.services import MOST_PAIRS, choose_photos
from chuangwen.reports.views.papers import crumbs, get_or_post, the_bulletin
from chuangwen.reports.words import PICTURED
from chuangwen.reports.workflow import DRAFT


@signed_in(DRAFT)
@get_or_post
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Which problems the paper shows before and after."""
    found = the_bulletin(request, pk, DRAFT)
    if found.kind not in PICTURED:
        raise Http404
    offered, chosen = pictured(found), [one.problem_id for one in pairs_of(found)]
    others = set(chosen) - {one.problem.pk for one in offered}
    offered += pictured(found, others) if others else []
    form = PhotosForm(request.POST if request.method == "POST" else None, initial={"revision": found.revision})
    if request.method == "POST":
        chosen = [int(value) for value in request.POST.getlist("problems") if value.isdecimal() and len(value) < 16]
        if form.is_valid():
            try:
                choose_photos(found, chosen, actor=request.user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                told = ngettext(
                    "The paper shows %d pair of photos.", "The paper shows %d pairs of photos.", len(chosen)
                )
                messages.success(request, told % len(chosen) if chosen else _("The paper shows no photos."))
                return redirect("reports:bulletin", pk)
    context = {
        "page_title": _("Photos before and after"), "page_subtitle": found.title, "form": form, "bulletin": found,
        "breadcrumbs": crumbs(_("Photos before and after"), found), "cancel_url": page_of(found), "most": MOST_PAIRS,
        "cut": len(offered) >= PICTURED_SHOWN and PICTURED_SHOWN,
        "rows": [
            {"pair": one, "checked": one.problem.pk in chosen, "days": (day_of(one.before), day_of(one.after))}
            for one in offered
        ],
    }  # fmt: skip
    return render(request, "reports/photos.html", context, status=422 if form.errors else 200)


@signed_in("reports.view")
@require_GET
def picture(request: HttpRequest, pk: int, position: int, side: str) -> HttpResponse:
    """A smaller copy of one of the paper's photos, for whoever sees the paper; the original stays in the ledger."""
    found = the_bulletin(request, pk)
    pair = found.pairs.filter(position=position).select_related("before__attachment__file", "after__attachment__file")
    one = pair.first()
    if one is None or side not in {"before", "after"}:
        raise Http404
    photo: ProblemPhoto = getattr(one, side)
    answer = HttpResponse(preview(photo.attachment.file, "small"), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
