"""A notice by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangwen.core import clock
from chuangwen.core.addresses import asked_key
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.pages import signed_in
from chuangwen.evidence.models import Dossier
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.supervision.enums import Colour
from chuangwen.supervision.forms import ProposeForm
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.queries.matters import facts_of_items, is_pressing
from chuangwen.supervision.queries.notices import has_ladder, items_of
from chuangwen.supervision.queries.rows import number_of
from chuangwen.supervision.services import propose_by_hand
from chuangwen.supervision.views.parts import form_page, the_region

NEXT = {Colour.WHITE: Colour.YELLOW, Colour.YELLOW: Colour.RED, Colour.RED: Colour.RED}


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """The form; `?problem=`, `?task=`, `?dossier=` or `?notice=` fill it."""
    region = the_region(request)
    if not has_ladder(region):
        step = (_("To the rules of the ladder"), reverse("supervision:rules"))
        raise Missing(_("The ladder of notices is not written yet."), _("Then notices can be proposed."), step)
    bound = request.POST if request.method == "POST" else None
    form = ProposeForm(bound, actor=request.user, region=region, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        try:
            notice = propose_by_hand(form.cleaned_data["unit"], actor=request.user, **form.split)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed; it waits for its signature"))
            return redirect("supervision:notice", notice.number)
    title, note = _("Propose a notice"), _("A proposal stays in the house until a named person signs it.")
    return form_page(request, form, title, None, reverse("supervision:register"), submit=_("Propose"), note=note)


def _known(request: HttpRequest) -> dict[str, Any]:
    """What the address says already."""
    problem = Problem.objects.visible_to(request.user).filter(number=request.GET.get("problem", "")[:24]).first()
    if problem:
        return {"unit": problem.lead_id, "matters": problem.number}
    task = Task.objects.visible_to(request.user).filter(number=request.GET.get("task", "")[:24]).first()
    if task:
        return {"unit": task.unit_id, "matters": task.number}
    asked = asked_key(request.GET.get("dossier", "")) or 0
    dossier = Dossier.objects.visible_to(request.user).select_related("node").filter(pk=asked).first()
    if dossier:
        return {"unit": dossier.unit_id, "matters": dossier.node.code}
    rows = SupervisionNotice.objects.visible_to(request.user).filter(number=request.GET.get("notice", "")[:24])
    notice = rows.first()
    if notice is None:
        return {}
    items = items_of(notice)
    known, now = facts_of_items(items), clock.now()
    numbers = "、".join(number_of(item.matter) for item in items if is_pressing(known[item.pk], now))
    return {"unit": notice.unit_id, "matters": numbers, "colour": NEXT[Colour(notice.colour)]}
