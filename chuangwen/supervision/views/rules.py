"""The ladder as the office has it: whom a colour goes to, and when it is proposed; a rule is tried before it holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.templatetags.chuangwen import source_tag
from chuangwen.supervision.enums import LadderStep
from chuangwen.supervision.forms import RuleForm, StepForm
from chuangwen.supervision.models import NoticeRule, NoticeStep
from chuangwen.supervision.services import ensure_defaults, save_rule, save_step, switch_off, switch_on
from chuangwen.supervision.views.parts import form_page, the_region, way_to
from chuangwen.supervision.words import answer_words, condition_words, to_words

PLACE = (gettext_lazy("Rules of the ladder"), "supervision:rules")
LATEST = 12  # ended rules shown


@signed_in("supervision.view")
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The ladder on one page: each step with its rules, those that wait to be tried, those that ended."""
    steps = list(NoticeStep.objects.visible_to(request.user))
    rows = NoticeRule.objects.visible_to(request.user)
    order = list(LadderStep.values)
    steps.sort(key=lambda one: order.index(one.step))
    edits = may(request.user, "supervision.edit")
    context = {
        "page_title": _("Rules of the ladder"),
        "page_subtitle": _("Who gets which colour when, who signs it, by when it is answered. Days are working days."),
        "breadcrumbs": way_to(PLACE),
        "steps": [_step(step, rows) for step in steps],
        "waiting": [_rule(rule) for rule in rows.filter(is_on=False, ends__isnull=True)],
        "ended": [_rule(rule) for rule in rows.filter(ends__isnull=False).order_by("-ends", "-pk")[:LATEST]],
        "edits": edits,
        "page_actions": _actions(bool(steps)) if edits else [],
    }
    return render(request, "supervision/rules.html", context)


@signed_in("supervision.edit")
@require_POST
def fill(request: HttpRequest) -> HttpResponse:
    """Write the ladder with its labelled defaults."""
    made = ensure_defaults(the_region(request), actor=request.user)
    if made:
        messages.success(request, _("The ladder is written; change what is different here"))
    return redirect("supervision:rules")


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def edit_step(request: HttpRequest, step: str) -> HttpResponse:
    """To whom a step goes, who signs it, by when it is answered."""
    row = visible_or_404(NoticeStep.objects, request.user, "supervision.edit", step=step)
    form = StepForm(request.POST if request.method == "POST" else None, step=row)
    if request.method == "POST" and form.is_valid():
        try:
            save_step(row, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept; it holds for notices from now on"))
            return redirect("supervision:rules")
    return form_page(request, form, str(row), PLACE, reverse("supervision:rules"), submit=_("Keep"))


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def edit_rule(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """A new rule, or another number for one that holds. Kept switched off, then tried."""
    rows = NoticeRule.objects.filter(ends__isnull=True)
    rule = visible_or_404(rows, request.user, "supervision.edit", pk=pk) if pk else None
    form = RuleForm(request.POST if request.method == "POST" else None, rule=rule)
    if request.method == "POST" and form.is_valid():
        try:
            kept = save_rule(the_region(request), actor=request.user, replaces=rule, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept, switched off. Try it on past days, then switch it on."))
            return redirect("supervision:trial", kept.pk)
    title = _("Change a rule") if rule else _("Write a rule")
    note = _("The rule that holds stays in force until the new one is switched on.") if rule else ""
    return form_page(request, form, title, PLACE, reverse("supervision:rules"), submit=_("Keep and try"), note=note)


@signed_in("supervision.edit")
@require_POST
def switch(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """On or off."""
    rule = visible_or_404(NoticeRule.objects.select_related("region"), request.user, "supervision.edit", pk=pk)
    act, said = (switch_on, _("The rule is in force")) if way == "on" else (switch_off, _("The rule has ended"))
    return attempt(request, lambda: act(rule, actor=request.user), done="supervision:rules", said=said)


def _step(step: NoticeStep, rows: QuerySet[Any]) -> dict[str, Any]:
    shape = "open" if step.step == LadderStep.REMINDER else step.step
    return {
        "key": step.step, "label": str(step), "shape": shape, "to": to_words(step),
        "signer": step.get_signer_display() if step.signer else "—", "answer": answer_words(step),
        "source": source_tag(step.source),
        "rules": [_rule(rule) for rule in rows.filter(step=step.step, is_on=True, ends__isnull=True)],
    }  # fmt: skip


def _rule(rule: NoticeRule) -> dict[str, Any]:
    return {"rule": rule, "words": condition_words(rule), "source": source_tag(rule.source)}


def _actions(written: bool) -> list[dict[str, Any]]:
    new = {"label": _("Write a rule"), "icon": "plus", "url": reverse("supervision:rule_new"), "primary": True}
    return [new] if written else []
