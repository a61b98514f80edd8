"""What kind of organization the units below one are: proposed by their names, confirmed by a person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chuangwen.core.access import visible_or_404
from chuangwen.core.pages import kept, signed_in
from chuangwen.organizations.forms import OrgKindsForm
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_to_classify
from chuangwen.organizations.services import CLASSIFY, set_org_kinds


@signed_in(CLASSIFY)
@require_http_methods(["GET", "POST"])
def org_kinds(request: HttpRequest, pk: int) -> HttpResponse:
    """The units below one with their kinds of organization, to be confirmed in one press."""
    top = visible_or_404(Unit.objects.select_related("region"), request.user, CLASSIFY, pk=pk)
    units, cut = units_to_classify(top)
    form = OrgKindsForm(request.POST or None, units=units)
    changed: list[int] = []

    def act() -> None:
        changed.append(set_org_kinds(top, form.kinds, actor=request.user))

    if request.method == "POST" and kept(form, act):
        words = ngettext("%d unit has another kind now.", "%d units have another kind now.", changed[0]) % changed[0]
        messages.success(request, words if changed[0] else _("Saved; nothing was otherwise."))
        return redirect("organizations:org_kinds", top.pk)
    own = reverse("organizations:unit", args=[top.pk])
    context: dict[str, Any] = {
        "page_title": _("Kinds of organization"), "page_subtitle": str(top), "form": form, "cut": cut,
        "lines": form.lines(), "open": form.left_open, "unit": top, "back": own,
        "breadcrumbs": [
            {"label": _("Units and posts"), "url": reverse("organizations:units")}, {"label": str(top), "url": own},
            {"label": _("Kinds of organization")},
        ],
    }  # fmt: skip
    return render(request, "organizations/org_kinds.html", context, status=422 if form.errors else 200)
