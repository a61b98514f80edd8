"""The burden meter: what each unit was asked for in a month, the trend, and what was asked although it was open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.errors import Missing
from chuangwen.core.fields import PicksField
from chuangwen.core.lists import Column, Filter, ListPage, pick_filter, respond, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.models import Region
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags import wording
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import own_units, units_today
from chuangwen.responsibilities.forms import RepeatRuleForm, TaskForm
from chuangwen.responsibilities.models import RepeatedRequest, RepeatGround, UnitBurden
from chuangwen.responsibilities.queries.breakdown import criteria_rows
from chuangwen.responsibilities.queries.burden import asked_lately, last_firsts
from chuangwen.responsibilities.queries.repeats import open_like, repeat_rule
from chuangwen.responsibilities.services import set_repeat_rule

HERE = _("What we ask of units")


def _months(_request: HttpRequest) -> Iterable[tuple[str, str]]:
    return [(f"{first:%Y-%m}", f"{first.year}.{first.month:02d}") for first in reversed(last_firsts(clock.today()))]


def _in_month(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(month=date.fromisoformat(f"{value[:7]}-01")) if len(value) >= 7 else rows


def _number(name: str, label: Any, **more: Any) -> Column:
    return Column(name, label, lambda row: getattr(row, name), sort=name, kind="number", **more)


class Burdens(ListPage):
    """A row for each unit and month; the present month unless another one is chosen."""

    name = "burden"
    title = HERE
    noun = _("rows")
    permission = "responsibilities.view"
    template = "responsibilities/burden.html"
    sort = "-asked"
    search = ("unit__name__icontains", "unit__short_name__icontains")
    search_words = _("Unit")
    columns: ClassVar = [
        Column("unit", _("Unit"), lambda row: str(row.unit), lambda row: two_lines(
            row.unit, wording.month(row.month), reverse("responsibilities:tasks") + f"?tab=all&unit={row.unit_id}"),
            css="cw-table__title"),
        Column("month", _("Month"), lambda row: row.month, sort="month", kind="date", screen=False),
        _number("asked", _("Asked in all")),
        _number("tasks", _("Tasks")),
        _number("dossiers", pgettext_lazy("burden", "Dossiers")),
        _number("reports", _("Written reports")),
        _number("weekly", _("Weekly reports")),
        _number("surveys", _("Surveys")),
        _number("repeated", _("Asked again")),
        _number("prefilled", _("Not asked again")),
        Column("median", _("Days to answer"), lambda row: row.median_days,
               lambda row: wording.figure(row.median_days), kind="number"),
        _number("problems", _("Problems, apart")),
    ]  # fmt: skip
    filters: ClassVar = [
        Filter("month", _("Month"), _months, _in_month),
        pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(unit=int(value))),
    ]
    empty = _("Nothing was asked this month, or it is not counted yet: that is done each morning.")
    definition = _(
        "Asked: tasks, dossiers, reports and surveys by the month in which they were sent. Asked again: sent although "
        "a like request was open. Not asked again: facts that were in the ledger already. Days to answer: the middle "
        "value, in working days, of what was answered in the month."
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = UnitBurden.objects.visible_to(request.user).select_related("unit")
        if request.GET.get("month") or request.GET.get("unit"):
            return rows
        return rows.filter(month=clock.today().replace(day=1))

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        trend = trend_of(UnitBurden.objects.visible_to(request.user))
        actions = [{"label": _("Asked again"), "icon": "copy", "url": reverse("responsibilities:repeats")}]
        if may(request.user, "responsibilities.edit"):
            actions.append({"label": _("What counts as the same"), "icon": "settings",
                            "url": reverse("responsibilities:repeat_rule")})  # fmt: skip
        words = _trend_words(trend)
        return {"page_actions": actions, "trend": trend if any(one["value"] for one in trend) else [],
                "trend_words": words}  # fmt: skip


class Repeats(ListPage):
    """Requests that were sent although a like one was open, with their reasons."""

    name = "repeats"
    title = _("Asked again")
    noun = _("requests")
    permission = "responsibilities.view"
    sort = "-created_at"
    search = ("title__icontains", "earlier__icontains")
    search_words = _("Words of a request")
    columns: ClassVar = [
        Column("title", _("Asked for"), lambda row: row.title, lambda row: two_lines(
            row.title, row.task.number if row.task else gettext("Written report"), row.url), css="cw-table__title"),
        Column("unit", _("Unit"), lambda row: str(row.unit)),
        Column("earlier", _("Asked already"), lambda row: row.earlier, lambda row: two_lines(
            row.earlier, row.get_ground_display(), row.earlier_url)),
        Column("reason", _("Reason"), lambda row: row.reason),
        Column("at", _("When"), lambda row: row.created_at, lambda row: wording.moment(row.created_at),
               sort="created_at", kind="datetime"),
    ]  # fmt: skip
    filters: ClassVar = [
        pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(unit=int(value))),
        Filter("ground", _("Why alike"), lambda _request: RepeatGround.choices,
               lambda rows, value: rows.filter(ground=value)),
    ]  # fmt: skip
    empty = _("No unit was asked twice.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return RepeatedRequest.objects.visible_to(request.user).select_related("task", "unit")

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        return {"breadcrumbs": [{"label": HERE, "url": reverse("responsibilities:burden")},
                                {"label": self.title, "url": ""}]}  # fmt: skip


BURDENS, REPEATS = Burdens(), Repeats()


@signed_in("responsibilities.view")
def burden(request: HttpRequest) -> HttpResponse:
    return respond(request, BURDENS)


@signed_in("responsibilities.view")
def repeats(request: HttpRequest) -> HttpResponse:
    return respond(request, REPEATS)


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def repeat_rule_page(request: HttpRequest) -> HttpResponse:
    """From how many like words on a request counts as the same."""
    region = request.user.region  # type: ignore[union-attr]
    if region is None:
        raise Missing(gettext("Your account belongs to no region."), gettext("The administrator can change that."))
    rule = repeat_rule(region)
    initial = {"percent": rule.percent, "source": rule.source}
    form = RepeatRuleForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_repeat_rule(region, actor=request.user, **form.cleaned_data)
        messages.success(request, gettext("Kept."))
        return redirect("responsibilities:burden")
    title, back = gettext("What counts as the same"), reverse("responsibilities:burden")
    context = {
        "page_title": title, "form": form, "submit": gettext("Keep"), "cancel_url": back,
        "breadcrumbs": [{"label": HERE, "url": back}, {"label": title, "url": ""}],
        "page_subtitle": gettext("A request of the same criterion, or whose dossier is open, counts in any case."),
    }  # fmt: skip
    return render(request, "responsibilities/repeat_rule.html", context, status=422 if form.is_bound else 200)


@signed_in("responsibilities.edit")
@require_GET
def beside_form(request: HttpRequest) -> HttpResponse:
    """Beside a new task: what its unit is asked for, and what is open there like it. Empty without a unit."""
    campaign = campaign_or_404(request)
    form = TaskForm(request.GET, region=campaign.region, nodes=criteria_rows(campaign))
    form.is_valid()  # only what is sound already is looked at
    unit: Unit | None = form.cleaned_data.get("unit")
    context: dict[str, Any] = {"unit": unit}
    if unit is not None:
        trend = trend_of(UnitBurden.objects.visible_to(request.user).filter(unit=unit))
        found = open_like(unit, form.cleaned_data.get("title", ""), form.cleaned_data.get("node"))
        for_each = [{"title": one.title, "url": one.url, "ground": RepeatGround(one.ground).label} for one in found]
        context |= {"columns": trend, "words": _trend_words(trend), "found": for_each}
    return render(request, "responsibilities/parts/beside_form.html", context)


@signed_in("responsibilities.view")
@require_GET
def asked_of(request: HttpRequest) -> HttpResponse:
    """Under a field that names units, before a request goes out: what they were asked for lately; empty without any."""
    units = _units_named(request.GET, campaign_or_404(request).region)
    return render(request, "responsibilities/parts/asked_of.html", {"asked": asked_lately(units, request.user)})


def _units_named(data: QueryDict, region: Region) -> QuerySet[Unit]:
    """The units that a form's fields name as they post them; all own ones where everybody is meant."""
    if data.get("everybody"):
        return own_units(region)
    field = PicksField(units_today(region).filter(depth__gt=1), source="units", required=False)
    rows = field.rows_of(field.texts([text for name in data for text in data.getlist(name)]))
    return Unit.objects.filter(pk__in=[one.pk for one in rows])


def trend_of(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """What was asked in each of the last six months, the present one last: one query."""
    firsts = last_firsts(clock.today())
    sums = dict(rows.filter(month__gte=firsts[0]).order_by().values_list("month").annotate(Sum("asked")))
    return [{"label": wording.month(first), "value": sums.get(first, 0)} for first in firsts]


def _trend_words(trend: list[dict[str, Any]]) -> str:
    this, before = trend[-1]["value"], trend[-2]["value"]
    words = ngettext("%(n)d request this month, %(before)d in the month before.",
                     "%(n)d requests this month, %(before)d in the month before.", this)  # fmt: skip
    return words % {"n": this, "before": before}
