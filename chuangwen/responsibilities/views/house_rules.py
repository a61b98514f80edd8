"""A unit's own rules (内部制度): the catalogue, one rule with its checks, entering, changing, replacing, ending."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import require, scope_of, visible_or_404
from chuangwen.core.addresses import asked_key
from chuangwen.core.lists import respond
from chuangwen.core.models import Region
from chuangwen.core.pages import kept, signed_in
from chuangwen.core.templatetags.wording import day
from chuangwen.organizations.models import Unit
from chuangwen.organizations.timeline import timeline
from chuangwen.responsibilities.enums import HouseRuleState, Keeping
from chuangwen.responsibilities.forms.house_rules import (
    EndRuleForm,
    HouseCheckForm,
    HouseRuleForm,
    WhoseRuleForm,
    house_rule_initial,
)
from chuangwen.responsibilities.forms.tasks import ReasonForm
from chuangwen.responsibilities.models import HouseRule, HouseRuleCheck
from chuangwen.responsibilities.queries.house_rules import (
    ANSWER,
    charge_of,
    checker_of,
    kept_unit,
    may_check,
    may_keep,
)
from chuangwen.responsibilities.queries.tasks import papers_of
from chuangwen.responsibilities.services.house_rules import (
    change_house_rule,
    end_house_rule,
    enter_house_rule,
    note_house_check,
    require_changeable,
    require_checkable,
    withdraw_house_check,
)
from chuangwen.responsibilities.views.house_rule_list import (
    HOUSE_RULES,
    often_words,
    result_tag,
    rule_url,
    standing_tag,
)
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of

VIEW = "responsibilities.view"
SHOWN = 40
RELATED = ("unit", "region", "office", "post", "checker", "checker_post", "successor")


@signed_in(VIEW)
def house_rules(request: HttpRequest) -> HttpResponse:
    """The catalogue: the unit's own, for the office all of its region."""
    return respond(request, HOUSE_RULES)


@signed_in(VIEW)
@require_GET
def house_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule: who answers for it, its text, its checks, what came before and after it."""
    rule = _rule(request, pk)
    stands = rule.state == HouseRuleState.HOLDS and may_keep(request.user, rule.unit)  # nothing took its place
    keeps = stands and not rule.is_over
    checks = not rule.is_over and rule.since <= clock.today() and may_check(request.user, rule)
    until = [{"label": pgettext("house rule", "In force until"), "value": day(rule.until)}] if rule.until else []
    number = [{"label": pgettext("house rule", "Number of the paper"), "value": rule.number}] if rule.number else []
    facts = [
        {"label": _("Unit"), "value": str(rule.unit)}, *number,
        {"label": pgettext("house rule", "In force since"), "value": day(rule.since)}, *until,
        {"label": _("Who answers for it"), "value": str(charge_of(rule))},
        {"label": _("How often it is checked"), "value": often_words(rule) or _("no rhythm set")},
        {"label": _("Who checks it"), "value": str(checker_of(rule)) or "—"},
    ]  # fmt: skip
    rows = rule.checks.filter(withdrawn_at__isnull=True).order_by("-day")[:SHOWN]
    context = {
        "page_title": rule.title, "page_subtitle": f"{rule.unit} {rule.number}".strip(),
        "breadcrumbs": [_crumb(), {"label": rule.title}], "page_actions": _acts(rule) if stands else [],
        "rule": rule, "facts": facts, "tag": standing_tag(rule),
        "papers": papers_of([rule]).get(rule.pk, []), "keeps": keeps,
        "checks": [(one, result_tag(one.result)) for one in rows], "may_check": checks,
        "form": HouseCheckForm() if checks else None,
        "predecessors": HouseRule.objects.visible_to(request.user).filter(successor=rule).order_by("-since"),
        "entries": timeline(list(history_of(rule)), _said),
    }  # fmt: skip
    return render(request, "responsibilities/house_rule.html", context)


@signed_in(ANSWER)
@require_http_methods(["GET", "POST"])
def new_house_rule(request: HttpRequest) -> HttpResponse:
    """Enter a rule into a unit's catalogue; `replaces` is the one whose place it takes."""
    previous = _replaced(request)
    unit = previous.unit if previous else _whose(request)
    if unit is None:
        return _ask_whose(request)
    require(request.user, ANSWER, unit)
    initial = house_rule_initial(previous) | {"since": clock.today(), "until": None, "number": ""} if previous else {}
    sent = request.method == "POST"
    form = HouseRuleForm(request.POST if sent else None, request.FILES if sent else None, unit=unit, initial=initial)
    made: list[HouseRule] = []

    def act() -> None:
        papers = form.cleaned_data["papers"]
        made.append(enter_house_rule(unit, form.facts, papers=papers, previous=previous, actor=request.user))

    if sent and kept(form, act):
        messages.success(request, _("It stands in the catalogue."))
        return redirect(rule_url(made[0]))
    title = _("Replace the rule") if previous else _("Enter a rule")
    between = [_own_crumb(previous)] if previous else []
    return _page(request, form, title, f"{previous or unit}", _("Enter it"), between)


@signed_in(ANSWER)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what the catalogue says, or add the rule's text."""
    rule = _rule(request, pk)
    require(request.user, ANSWER, rule.unit)
    require_changeable(rule)
    sent = request.method == "POST"
    form = HouseRuleForm(
        request.POST if sent else None, request.FILES if sent else None, unit=rule.unit, rule=rule,
        initial=house_rule_initial(rule),
    )  # fmt: skip

    def act() -> None:
        change_house_rule(rule, form.facts, papers=form.cleaned_data["papers"], actor=request.user)

    if sent and kept(form, act):
        messages.success(request, _("Saved."))
        return redirect(rule_url(rule))
    return _page(request, form, pgettext("house rule", "Change the rule"), str(rule), _("Save"), [_own_crumb(rule)])


@signed_in(ANSWER)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The rule holds no more, and nothing takes its place."""
    rule = _rule(request, pk)
    require(request.user, ANSWER, rule.unit)
    require_changeable(rule)
    form = EndRuleForm(request.POST or None)
    if request.method == "POST" and kept(form, lambda: end_house_rule(rule, actor=request.user, **form.cleaned_data)):
        messages.success(request, _("Ended."))
        return redirect(rule_url(rule))
    return _page(request, form, _("End the rule"), str(rule), pgettext("house rule", "End it"), [_own_crumb(rule)])


@signed_in(ANSWER)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Note whether the rule is kept."""
    rule = _rule(request, pk)
    if not may_check(request.user, rule):
        require(request.user, ANSWER, rule.unit)
    require_checkable(rule)
    form = HouseCheckForm(request.POST or None)
    if request.method == "POST" and kept(form, lambda: note_house_check(rule, actor=request.user, **form.cleaned_data)):
        messages.success(request, _next_words(rule))
        return redirect(rule_url(rule))
    return _page(request, form, _("Note a check"), str(rule), _("Note it"), [_own_crumb(rule)])


@signed_in(ANSWER)
@require_http_methods(["GET", "POST"])
def withdraw_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a check that was entered by mistake."""
    rows = HouseRuleCheck.objects.select_related("rule__unit", "rule__checker", "rule__region")
    found: HouseRuleCheck = visible_or_404(rows, request.user, pk=pk)
    rule = found.rule
    if not may_check(request.user, rule):
        require(request.user, ANSWER, rule.unit)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].help_text = _("It stays in the history.")
    if request.method == "POST" and kept(
        form, lambda: withdraw_house_check(found, reason=form.cleaned_data["reason"], actor=request.user)
    ):
        messages.success(request, _("Taken back; it counts no longer."))
        return redirect(rule_url(rule))
    title = _("Take back the check of %s") % day(found.day)
    return _page(request, form, title, str(rule), _("Take it back"), [_own_crumb(rule)])


def _rule(request: HttpRequest, pk: int) -> HouseRule:
    found: HouseRule = visible_or_404(HouseRule.objects.select_related(*RELATED), request.user, pk=pk)
    return found


def _replaced(request: HttpRequest) -> HouseRule | None:
    wanted = asked_key(request.GET.get("replaces", ""))
    return None if wanted is None else _rule(request, wanted)


def _region(request: HttpRequest) -> Region:
    """The region in which the person keeps a catalogue."""
    regions = scope_of(request.user, ANSWER).home_regions
    return Region.objects.filter(pk__in=regions).order_by("pk")[0]


def _whose(request: HttpRequest) -> Unit | None:
    """The unit that the address names, else the person's own."""
    if "unit" not in request.GET:
        return kept_unit(request.user, _region(request).pk)
    form = WhoseRuleForm(request.GET, region=_region(request), user=request.user)
    return form.cleaned_data["unit"] if form.is_valid() else None


def _ask_whose(request: HttpRequest) -> HttpResponse:
    """Who keeps several catalogues says first which."""
    given = request.GET if "unit" in request.GET else None
    form = WhoseRuleForm(given, region=_region(request), user=request.user)
    context = {
        "page_title": _("Enter a rule"), "page_subtitle": _("Whose rule is it?"), "form": form, "submit": _("Go on"),
        "breadcrumbs": [_crumb(), {"label": _("Enter a rule")}], "cancel_url": reverse("responsibilities:house_rules"),
    }  # fmt: skip
    return render(request, "responsibilities/house_rule_unit.html", context, status=422 if form.errors else 200)


def _page(
    request: HttpRequest, form: Any, title: str, subtitle: str, submit: str, between: list[dict[str, str]]
) -> HttpResponse:
    back = between[-1]["url"] if between else reverse("responsibilities:house_rules")
    context = {
        "page_title": title, "page_subtitle": subtitle, "form": form, "submit": submit, "cancel_url": back,
        "breadcrumbs": [_crumb(), *between, {"label": title}], "multipart": True,
    }  # fmt: skip
    return render(request, "responsibilities/form.html", context, status=422 if form.errors else 200)


def _acts(rule: HouseRule) -> list[dict[str, Any]]:
    """What its keeper can do; one that ran out can only be replaced."""
    replace = {"label": pgettext("house rule", "Replace it"), "icon": "refresh",
               "url": f"{reverse('responsibilities:new_house_rule')}?replaces={rule.pk}"}  # fmt: skip
    if rule.is_over:
        return [replace]
    return [
        {"label": pgettext("house rule", "Change it"), "icon": "edit",
         "url": reverse("responsibilities:change_house_rule", args=[rule.pk])},
        replace,
        {"label": pgettext("house rule", "End it"), "icon": "circle-x",
         "url": reverse("responsibilities:end_house_rule", args=[rule.pk])},
    ]  # fmt: skip


def _next_words(rule: HouseRule) -> str:
    if rule.next_check is None:
        return _("Noted.")
    return _("Noted. The next check is due on %s.") % day(rule.next_check)


def _crumb() -> dict[str, str]:
    return {"label": _("House rules"), "url": reverse("responsibilities:house_rules")}


def _own_crumb(rule: HouseRule) -> dict[str, str]:
    return {"label": rule.title, "url": rule_url(rule)}


def _said(step: Step) -> dict[str, Any]:
    if step.action in {"check", "uncheck"}:
        return _said_of_check(step)
    if step.action == "follow":
        return {"what": _("Taken over from %s") % step.data["before"], "icon": "building", "text": step.data["unit"]}
    words = {
        "enter": (pgettext("house rule", "Entered"), "book"),
        "change": (pgettext("house rule", "Changed"), "edit"),
        "paper": (pgettext("house rule", "Text added"), "paperclip"),
        "replace": (pgettext("house rule", "Replaced by another"), "refresh"),
        "end": (pgettext("house rule", "Ended"), "circle-x"),
        "charge": (_("An office that follows answers for it, or checks it"), "building"),
    }  # fmt: skip
    what, icon = words[step.action]
    return {"what": what, "icon": icon}


def _said_of_check(step: Step) -> dict[str, Any]:
    on = day(date.fromisoformat(step.data["day"]))
    if step.action == "uncheck":
        return {"what": _("Check of %s taken back") % on, "icon": "arrow-back-up"}
    result = str(Keeping(step.data["result"]).label)
    what = _("Checked on %(day)s: %(result)s") % {"day": on, "result": result}
    return {"what": what, "icon": "checkbox", "quote": step.data["remark"]}
