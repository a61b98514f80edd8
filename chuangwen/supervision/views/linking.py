"""Linking rules (挂钩规则表) and the kinds of consequences: kept by the office, tried on a past year, switched on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.templatetags.chuangwen import source_tag
from chuangwen.core.templatetags.wording import day
from chuangwen.organizations.models import Unit
from chuangwen.supervision.forms.linking import ConsequenceKindForm, LinkForm
from chuangwen.supervision.models import ConsequenceKind, LinkRule
from chuangwen.supervision.queries.linking import trial_of_link
from chuangwen.supervision.services import (
    propose_consequences,
    save_consequence_kind,
    save_link,
    switch_link,
)
from chuangwen.supervision.views.consequences import PLACE as REGISTER
from chuangwen.supervision.views.parts import form_page, the_region, way_to
from chuangwen.supervision.words import consequence_cell, link_ground, link_words
from chuangwen.supervision.workflow import EDIT

RULES = (gettext_lazy("Linking rules"), "supervision:links_rules")
KINDS = (gettext_lazy("Kinds of consequences"), "supervision:consequence_kinds")
YEARS = 3  # past years on which a rule can be tried, this one among them


@signed_in("supervision.view")
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The table: from which figure on what is proposed, by which source."""
    edits = may(request.user, EDIT)
    rows = LinkRule.objects.visible_to(request.user).select_related("kind")
    new = {"label": _("Write a rule"), "icon": "plus", "url": reverse("supervision:link_new"), "primary": True}
    context = {
        "page_title": _("Linking rules"), "breadcrumbs": way_to(REGISTER, _("Linking rules")), "edits": edits,
        "page_subtitle": _("From which figure on what is proposed. A person decides; nothing follows by itself."),
        "rules": [{"rule": one, "words": link_words(one), "source": source_tag(one.source)} for one in rows],
        "page_actions": [new] if edits and rows else [],
    }  # fmt: skip
    return render(request, "supervision/links.html", context)


@signed_in("supervision.edit")
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look now, as the program does every working day."""
    made = propose_consequences(the_region(request), actor=request.user)
    words = ngettext("%d consequence is proposed", "%d consequences are proposed", len(made)) % len(made)
    messages.success(request, words if made else _("Nothing new is proposed"))
    return redirect(reverse("supervision:consequences") + "?tab=proposed")


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """A new rule or another number for one. Kept switched off, then tried."""
    region = the_region(request)
    if not ConsequenceKind.objects.filter(region=region, is_on=True).exists():
        step = (_("To the kinds"), reverse("supervision:consequence_kinds"))
        raise Missing(_("There are no kinds yet."), _("Write them first."), step)
    rule = visible_or_404(LinkRule.objects.select_related("region"), request.user, EDIT, pk=pk) if pk else None
    first = {name: getattr(rule, name) for name in ("figure", "number", "kind", "source")} if rule else {}
    form = LinkForm(request.POST if request.method == "POST" else None, region=region, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            kept = save_link(region, actor=request.user, rule=rule, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept, switched off. Try it on a past year, then switch it on."))
            return redirect("supervision:link_trial", kept.pk)
    title = _("Change a rule") if rule else _("Write a rule")
    note = _("It is switched off until you switch it on again.") if rule else ""
    back = reverse("supervision:links_rules")
    return form_page(request, form, title, RULES, back, submit=_("Keep and try"), note=note)


@signed_in("supervision.edit")
@require_POST
def switch(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """On or off."""
    rule = visible_or_404(LinkRule.objects.select_related("region", "kind"), request.user, EDIT, pk=pk)
    said = _("The rule is in force") if way == "on" else _("The rule is switched off")
    on = way == "on"
    return attempt(
        request, lambda: switch_link(rule, on=on, actor=request.user), done="supervision:links_rules", said=said
    )


@signed_in("supervision.edit")
@require_GET
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rule would have proposed in a year, beside what the register has of its kind. Changes nothing."""
    rule = visible_or_404(LinkRule.objects.select_related("region", "kind"), request.user, EDIT, pk=pk)
    this = clock.today().year
    years = [this - back for back in range(YEARS)]
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in years else this
    found = trial_of_link(rule, year)
    units = Unit.objects.filter(region=rule.region).in_bulk({one.unit for one in found.reached})
    kept = {one.unit_id for one in found.kept}
    context = {
        "page_title": _("Try on a past year"), "page_subtitle": f"{link_words(rule)} → {rule.kind}", "rule": rule,
        "breadcrumbs": way_to(RULES, _("Try on a past year")), "year": year, "years": years,
        "reached": [
            {"unit": str(units[one.unit]), "day": day(one.day), "ground": link_ground(rule.figure, one.found),
             "kept": one.unit in kept,
             "url": f"{reverse('supervision:register')}?tab=all&unit={one.unit}"}
            for one in found.reached if one.unit in units
        ],
        "kept": [{"row": one, "day": day(one.day), "cell": consequence_cell(one)} for one in found.kept],
    }  # fmt: skip
    return render(request, "supervision/link_trial.html", context)


@signed_in("supervision.edit")
@require_GET
def kinds(request: HttpRequest) -> HttpResponse:
    """The kinds with their terms and sources."""
    rows = list(ConsequenceKind.objects.visible_to(request.user))
    new = {"label": _("Write a kind"), "icon": "plus", "primary": True,
           "url": reverse("supervision:consequence_kind_new")}  # fmt: skip
    context = {
        "page_title": _("Kinds of consequences"), "breadcrumbs": way_to(REGISTER, _("Kinds of consequences")),
        "kinds": [{"kind": one, "source": source_tag(one.source), "term": _term(one)} for one in rows],
        "page_actions": [new] if rows else [],
    }  # fmt: skip
    return render(request, "supervision/consequence_kinds.html", context)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def edit_kind(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """A kind: its term, whether it bars, its source."""
    kind = visible_or_404(ConsequenceKind.objects, request.user, EDIT, pk=pk) if pk else None
    names = ("name", "is_reward", "months", "of_year", "bars", "source", "is_on")
    first: dict[str, Any] = {name: getattr(kind, name) for name in names} if kind else {}
    form = ConsequenceKindForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            save_consequence_kind(the_region(request), actor=request.user, kind=kind, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept"))
            return redirect("supervision:consequence_kinds")
    title = _("Change a kind") if kind else _("Write a kind")
    return form_page(request, form, title, KINDS, reverse("supervision:consequence_kinds"), submit=_("Keep"))


def _term(kind: ConsequenceKind) -> str:
    if kind.of_year:
        return _("to the end of its year")
    return ngettext("%d month", "%d months", kind.months) % kind.months if kind.months else _("said once")
