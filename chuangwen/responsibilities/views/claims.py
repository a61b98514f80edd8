"""Pages of claims and objections: units claim until a day, units object, the office decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import may, require, scope_of, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import moment
from chuangwen.organizations.queries import titles_of
from chuangwen.responsibilities.enums import ClaimState, ObjectionState
from chuangwen.responsibilities.forms.claims import (
    DecideClaimForm,
    ObjectForm,
    ObjectionRuleForm,
    PoolForm,
    RulingForm,
)
from chuangwen.responsibilities.models import Assignment, Claim, ClaimPool, Objection
from chuangwen.responsibilities.queries import gap_rows
from chuangwen.responsibilities.queries.matrix import title_of
from chuangwen.responsibilities.queries.objections import objection_rule
from chuangwen.responsibilities.queries.tasks import papers_of
from chuangwen.responsibilities.services.claims import decide_claim, open_pool, settle_pool, withdraw_claim
from chuangwen.responsibilities.services.objections import object_to_share, rule_on_objection, set_objection_rule
from chuangwen.responsibilities.views.claim_lists import (
    CLAIMS,
    OBJECTIONS,
    claim_state,
    matrix_crumbs,
    objection_state,
)
from chuangwen.responsibilities.workflow import CLAIM_WORKFLOW, OBJECTION_WORKFLOW
from chuangwen.workflow.queries import history_of

EDIT, ANSWER = "responsibilities.edit", "responsibilities.answer"


@signed_in("responsibilities.view")
def claims(request: HttpRequest) -> HttpResponse:
    """What units claimed."""
    campaign_or_404(request)
    return respond(request, CLAIMS)


@signed_in("responsibilities.view")
def objections(request: HttpRequest) -> HttpResponse:
    """What units objected to."""
    campaign_or_404(request)
    return respond(request, OBJECTIONS)


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def pool(request: HttpRequest) -> HttpResponse:
    """Have units claim until a day; or, while they do, how many claimed what."""
    campaign = campaign_or_404(request)
    require(request.user, EDIT, campaign)
    running = ClaimPool.objects.filter(campaign=campaign, settled_at__isnull=True).first()
    form = PoolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            open_pool(campaign, closes_on=form.cleaned_data["closes_on"], actor=request.user)
        except Refusal as refusal:
            if running:  # somebody else was faster: this page has no form any more that could say so
                messages.error(request, str(refusal))
                return redirect("responsibilities:pool")
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("All liaisons were told."))
            return redirect("responsibilities:pool")
    title = _("Have units claim")
    waiting = Claim.objects.filter(pool=running, state=ClaimState.WAITING) if running else Claim.objects.none()
    gaps = gap_rows(campaign)
    context = {
        "page_title": title,
        "breadcrumbs": matrix_crumbs(title, {"label": _("Claims"), "url": reverse("responsibilities:claims")}),
        "pool": running,
        "form": form,
        "gaps": gaps.count(),
        "claimed": waiting.values("node").distinct().count(),
        "bare": list(gaps.exclude(pk__in=waiting.values("node")).order_by("version", "position")[:40]),
        "submit": _("Tell all liaisons"),
    }
    return render(request, "responsibilities/pool.html", context, status=422 if form.errors else 200)


@signed_in("responsibilities.edit")
@require_POST
def pool_settle(request: HttpRequest) -> HttpResponse:
    """Close the pool now."""
    campaign = campaign_or_404(request)
    require(request.user, EDIT, campaign)
    running = ClaimPool.objects.filter(campaign=campaign, settled_at__isnull=True).select_related(
        "campaign__region"
    ).first()  # fmt: skip
    if running is None:
        raise Http404
    n = settle_pool(running, actor=request.user)
    messages.success(request, ngettext("%d criterion has a lead now.", "%d criteria have a lead now.", n) % n)
    return redirect("responsibilities:claims")


@signed_in("responsibilities.view")
@require_http_methods(["GET", "POST"])
def claims_of(request: HttpRequest, pk: int) -> HttpResponse:
    """All claims on one criterion; the office gives it to one of the units."""
    campaign = campaign_or_404(request)
    rows = Claim.objects.visible_to(request.user).filter(campaign=campaign, node=pk)
    found = list(rows.select_related("unit", "node", "region", "campaign__region").order_by("made_at", "pk"))
    if not found:
        raise Http404
    decides = may(request.user, EDIT, campaign)
    form = DecideClaimForm(request.POST or None)
    if request.method == "POST" and (answer := _decided(request, found, form, decides)) is not None:
        return answer
    node = found[0].node
    title = f"{node.code} {title_of(node)}"
    context = {
        "page_title": title,
        "breadcrumbs": matrix_crumbs(node.code, {"label": _("Claims"), "url": reverse("responsibilities:claims")}),
        "claims": [(one, claim_state(one), may(request.user, ANSWER, one)) for one in found],
        "decides": decides and any(one.state == ClaimState.WAITING for one in found),
        "form": form,
        "entries": _entries([step for one in found for step in history_of(one)], CLAIM_WORKFLOW, found),
    }
    return render(request, "responsibilities/claims_of.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, found: list[Claim], form: DecideClaimForm, decides: bool) -> HttpResponse | None:
    """Carry out what was pressed: withdraw the own claim, or give the lead to one unit."""
    key = request.POST.get("claim", "")
    claim = next((one for one in found if str(one.pk) == key), None)
    if claim is None:
        raise Http404
    try:
        if "withdraw" in request.POST:
            withdraw_claim(claim, actor=request.user)
        elif not decides:
            raise PermissionDenied(EDIT)
        elif form.is_valid():
            decide_claim(claim, reason=form.cleaned_data["reason"], actor=request.user)
        else:
            return None
    except Refusal as refusal:
        form.full_clean()
        form.add_error("reason", str(refusal))
        return None
    return redirect("responsibilities:claims_of", claim.node_id)


@signed_in("responsibilities.answer")
@require_http_methods(["GET", "POST"])
def object_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to one share of a unit."""
    rows = Assignment.objects.select_related("unit", "node", "campaign", "region")
    share = visible_or_404(rows, request.user, ANSWER, pk=pk)
    speaks = share.unit_id in scope_of(request.user, ANSWER).unit_ids
    form = ObjectForm(request.POST or None, request.FILES or None, unit=share.unit, speaks=speaks)
    if request.method == "POST" and form.is_valid():
        try:
            made = object_to_share(share, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("responsibilities:objection", made.pk)
    sheet = reverse("responsibilities:sheet", args=[share.unit_id])
    title = _("Object to %s") % share.node.code
    context = {
        "page_title": title, "page_subtitle": title_of(share.node),
        "breadcrumbs": matrix_crumbs(title, {"label": str(share.unit), "url": sheet}), "form": form,
        "submit": _("Object"), "cancel_url": sheet, "multipart": True,
    }  # fmt: skip
    return render(request, "responsibilities/form.html", context, status=422 if form.errors else 200)


@signed_in("responsibilities.view")
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection with its history; the office rules."""
    rows = Objection.objects.select_related("unit", "node", "campaign__region", "proposed", "region")
    found = visible_or_404(rows, request.user, pk=pk)
    decides = found.state == ObjectionState.OPEN and may(request.user, EDIT, found.campaign)
    form = RulingForm(request.POST or None, unit=found.unit, initial={"unit": found.proposed})
    if request.method == "POST":
        if not decides:
            raise PermissionDenied(EDIT)
        if form.is_valid():
            try:
                rule_on_objection(found, actor=request.user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("responsibilities:objection", found.pk)
    title = _("Objection to %s") % found.node.code
    context = {
        "page_title": title,
        "page_subtitle": title_of(found.node),
        "breadcrumbs": matrix_crumbs(title, {"label": _("Objections"), "url": reverse("responsibilities:objections")}),
        "objection": found,
        "state": objection_state(found),
        "form": form if decides else None,
        "submit": _("Rule"),
        "papers": papers_of([found]).get(found.pk, []),
        "entries": _entries(list(history_of(found)), OBJECTION_WORKFLOW, [found]),
    }
    return render(request, "responsibilities/objection.html", context, status=422 if form.errors else 200)


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def objection_rule_page(request: HttpRequest) -> HttpResponse:
    """How long units may object and the office has to rule."""
    campaign = campaign_or_404(request)
    require(request.user, EDIT, campaign)
    rule = objection_rule(campaign.region)
    initial = {"days": rule.days, "ruling_days": rule.ruling_days, "source": rule.source}
    form = ObjectionRuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_objection_rule(campaign.region, form.rule, actor=request.user)
        messages.success(request, _("Saved."))
        return redirect("responsibilities:objections")
    title = _("Days to object")
    context = {
        "page_title": title, "form": form, "submit": _("Save the rule"),
        "breadcrumbs": matrix_crumbs(title, {"label": _("Objections"), "url": reverse("responsibilities:objections")}),
    }  # fmt: skip
    return render(request, "responsibilities/form.html", context, status=422 if form.errors else 200)


def _entries(steps: list[Any], workflow: Any, matters: list[Any]) -> list[dict[str, Any]]:
    """History, the newest first, with the unit where there are several matters."""
    first = {"claim": pgettext("claim", "Claimed"), "object": _("Objected")}
    units = {one.pk: str(one.unit) for one in matters}
    titles = titles_of({step.actor_id for step in steps if step.actor_id})
    shown = []
    for step in sorted(steps, key=lambda one: one.at, reverse=True):
        transition = workflow.get(step.action)
        what = str(transition.done) if transition else first.get(step.action, step.action)
        who = step.on_behalf or titles.get(step.actor_id or 0, step.actor_name)
        shown.append({
            "icon": transition.icon if transition else "messages",
            "what": f"{units[step.object_id]} {what}" if len(matters) > 1 else what, "who": who,
            "when": moment(step.at), "when_iso": step.at.isoformat(), "text": step.note,
        })  # fmt: skip
    return shown
