"""What of supervision counts in scores: set once for a standard, by a person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chuangwen.core.access import visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.standards.models import StandardVersion
from chuangwen.supervision.forms.counting import CountingForm
from chuangwen.supervision.queries.counting import countables
from chuangwen.supervision.services.counting import save_counting
from chuangwen.supervision.views.parts import way_to


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def counting(request: HttpRequest, pk: int) -> HttpResponse:
    """Each kind with its code, points and period; proposals stand in the fields and count only once saved."""
    version = visible_or_404(StandardVersion.objects.select_related("region"), request.user, pk=pk)
    kinds = countables(version)
    form = CountingForm(request.POST if request.method == "POST" else None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        try:
            made = save_counting(version, form.chosen(), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            words = ngettext("Kept: %d kind counts.", "Kept: %d kinds count.", made) % made
            messages.success(request, words)
            return redirect("supervision:counting", pk)
    title = _("What counts in scores")
    context = {
        "page_title": title, "page_subtitle": str(version), "breadcrumbs": way_to(None, title), "form": form,
        "proposed": sum(one.rule is None and bool(one.code) for one in kinds),
    }  # fmt: skip
    return render(request, "supervision/counting.html", context, status=422 if form.is_bound else 200)
