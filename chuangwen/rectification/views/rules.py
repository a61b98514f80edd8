"""The routing rules (问题归口表): which unit leads which type of problem where."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.lists import Column, Filter, ListPage, Tab, respond
from chuangwen.core.pages import signed_in
from chuangwen.rectification.enums import ProblemClass, RuleOrigin
from chuangwen.rectification.forms import RuleEditForm
from chuangwen.rectification.models import RoutingRule
from chuangwen.rectification.services import end_rule, rules_from_hints, save_rule
from chuangwen.rectification.words import within_words
from chuangwen.standards.models import ProblemType

CLASSES = dict(ProblemClass.choices)


def _url(rule: Any) -> str:
    """Where the rule is changed; empty where it has ended or the reader may not."""
    return reverse("rectification:rule", args=[rule.pk]) if rule.may_edit and rule.ends is None else ""


def _type(rule: Any) -> SafeString:
    url = _url(rule)
    return format_html('<a href="{}">{}</a>', url, rule.problem_type) if url else format_html("{}", rule.problem_type)


def _type_choices(request: HttpRequest) -> list[tuple[str, str]]:
    types = ProblemType.objects.filter(region=request.user.region)  # type: ignore[union-attr]
    return [(one.code, str(one)) for one in types]


class RoutingRules(ListPage):
    """Rules that hold now; the tab of ended ones keeps what held before."""

    name = "routing-rules"
    title = _("Routing rules")
    noun = _("rules")
    permission = "rectification.view"
    search = ("problem_type__name_zh__icontains", "lead__name__icontains", "lead__short_name__icontains")
    search_words = _("Problem type or lead")
    sort = "problem_type__position"
    empty = _("No rules yet: every problem goes to the place's keeper")
    empty_url = "rectification:rule_new"
    empty_permission = "rectification.route"
    empty_action = _("Write a rule")
    columns = (
        Column("type", _("Problem type"), lambda r: str(r.problem_type), _type, sort="problem_type__position",
               css="cw-table__title"),
        Column("place_type", _("Place type"), lambda r: str(r.place_type or gettext("Every place type"))),
        Column("lead", _("Lead (line)"), lambda r: str(r.lead)),
        Column("territory", _("Territory"), lambda r: str(r.territory or gettext("Every territory"))),
        Column("within", _("Time limit"), lambda r: within_words(r.problem_type.within)),
        Column("class", _("Class"), lambda r: CLASSES.get(r.problem_type.problem_class, "")),
        Column("origin", _("Origin"), lambda r: r.get_origin_display(), paper=False),
        Column("starts", _("Holds from"), lambda r: r.starts, kind="date", sort="starts", screen=False, paper=False),
        Column("ends", _("Holds until"), lambda r: r.ends, kind="date", screen=False, paper=False),
    )  # fmt: skip
    filters = (
        Filter("type", _("Problem type"), _type_choices, lambda rows, value: rows.filter(problem_type__code=value)),
        Filter("origin", _("Origin"), lambda request: RuleOrigin.choices,
               lambda rows, value: rows.filter(origin=value)),
    )  # fmt: skip
    tabs = (
        Tab("now", _("In force"), Q(ends__isnull=True)),
        Tab("ended", _("Ended"), Q(ends__isnull=False)),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        edits = may(request.user, "rectification.route")
        rows = RoutingRule.objects.visible_to(request.user).annotate(may_edit=Value(edits))
        return rows.select_related("problem_type", "place_type", "territory", "lead")

    def row_url(self, row: Any) -> str:
        return _url(row)

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        subtitle = gettext("The most exact rule wins; without one the problem goes to the place's keeper.")
        actions: list[dict[str, Any]] = []
        if may(request.user, "rectification.route"):
            hints = {"label": gettext("Fill from the standard"), "icon": "list-check"}
            table = {"label": gettext("Import a table"), "icon": "table-import"}
            actions = [
                {**table, "url": reverse("core:import", args=["routing-rules"])},
                {**hints, "url": reverse("rectification:rule_hints")},
                {
                    "label": gettext("Write a rule"),
                    "icon": "plus",
                    "url": reverse("rectification:rule_new"),
                    "primary": True,
                },
            ]
        crumbs = [{"label": gettext("Problems"), "url": reverse("rectification:ledger")}, {"label": self.title}]
        return {"page_actions": actions, "page_subtitle": subtitle, "breadcrumbs": crumbs}


RULES = RoutingRules()


@signed_in("rectification.view")
def rules(request: HttpRequest) -> HttpResponse:
    """The list of rules."""
    return respond(request, RULES)


@signed_in("rectification.route")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """A new rule, or another lead for a rule's case: the old rule ends and a new one begins."""
    rows = RoutingRule.objects.filter(ends__isnull=True)
    rule = visible_or_404(rows, request.user, "rectification.route", pk=pk) if pk else None
    region = request.user.region  # type: ignore[union-attr]
    form = RuleEditForm(request.POST if request.method == "POST" else None, instance=rule, region=region)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            save_rule(
                data["problem_type"], data["place_type"], data["territory"], lead=data["lead"], actor=request.user
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Rule kept; it holds from now on"))
            return redirect("rectification:rules")
    title = gettext("Routing rule") if rule else gettext("Write a rule")
    context = {"page_title": title, "form": form, "rule": rule, "breadcrumbs": _crumbs(title)}
    return render(request, "rectification/rule.html", context, status=422 if form.is_bound else 200)


@signed_in("rectification.route")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The rule no longer holds."""
    rule = visible_or_404(RoutingRule.objects.select_related("lead"), request.user, "rectification.route", pk=pk)
    end_rule(rule, actor=request.user)
    messages.success(request, gettext("The rule has ended"))
    return redirect("rectification:rules")


@signed_in("rectification.route")
@require_http_methods(["GET", "POST"])
def from_hints(request: HttpRequest) -> HttpResponse:
    """Rules for the types that have none, where the standard's hint names one unit for certain."""
    region = request.user.region  # type: ignore[union-attr]
    if request.method == "POST":
        made, left = rules_from_hints(region, actor=request.user)  # type: ignore[arg-type]
        messages.success(request, ngettext("%d rule written", "%d rules written", made) % made)
        if left:
            names = gettext(", ").join(str(one) for one in left)
            messages.info(request, gettext("Still without a rule: %s. Their hints fit several units or none.") % names)
        return redirect("rectification:rules")
    if not ProblemType.objects.filter(region=region).exists():
        step = (gettext("To the standards"), reverse("standards:list"))
        raise Missing(gettext("There are no problem types yet."), gettext("A published standard brings them."), step)
    title = gettext("Fill from the standard")
    ruled = RoutingRule.objects.filter(region=region, ends__isnull=True).values("problem_type")
    missing = ProblemType.objects.filter(region=region).exclude(pk__in=ruled)
    context = {"page_title": title, "missing": missing, "breadcrumbs": _crumbs(title)}
    return render(request, "rectification/rule_hints.html", context)


def _crumbs(title: str) -> list[dict[str, Any]]:
    return [
        {"label": gettext("Problems"), "url": reverse("rectification:ledger")},
        {"label": gettext("Routing rules"), "url": reverse("rectification:rules")},
        {"label": title},
    ]
