"""Duty templates by kind of organization: the list, writing, changing, ending, and laying them out on units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import may, require, scope_of, visible_or_404
from chuangwen.core.addresses import asked_key
from chuangwen.core.errors import Missing
from chuangwen.core.lists import Column, Filter, Listing, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.pages import attempt, kept, signed_in
from chuangwen.core.sources import bare, source_parts
from chuangwen.core.templatetags.chuangwen import label_tag, state
from chuangwen.organizations.enums import OrgKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.forms import AgainForm
from chuangwen.responsibilities.forms.kinds import LayOutForm, OwnUnitForm, TemplateForm, template_initial
from chuangwen.responsibilities.models import DutyTemplate, KindLead
from chuangwen.responsibilities.queries.house_rules import kept_unit
from chuangwen.responsibilities.queries.kinds import (
    ANSWER,
    MOST_UNITS,
    bare_units,
    dates_a_year,
    like_ones,
    missing_pairs,
    proposed_lead,
    running_duties,
    templates_for,
    templates_of,
    units_of_kind,
    unsaid_units,
)
from chuangwen.responsibilities.queries.repeats import OpenRequest
from chuangwen.responsibilities.services.kinds import (
    USUAL_POST,
    change_template,
    end_template,
    lay_out,
    take_shipped,
    write_template,
)
from chuangwen.responsibilities.words import schedule_words

VIEW = "responsibilities.view"


def _change_url(row: Any) -> str:
    return reverse("responsibilities:change_duty_template", args=[row.pk])


def _source_cell(row: DutyTemplate) -> Any:
    label, rest = source_parts(row.source)
    return two_lines(label_tag(label), rest) if label else rest


def _standing(template: DutyTemplate) -> str:
    return pgettext("duty template", "Offered") if template.ended_on is None else pgettext("duty", "Ended")


def _tag(template: DutyTemplate) -> Any:
    return state("assigned" if template.ended_on is None else "not-applicable", _standing(template))


class TemplateList(ListPage):
    """The templates that are offered to the person's units, by kind of organization."""

    name = "duty_templates"
    title = gettext_lazy("Duty templates")
    noun = pgettext_lazy("noun", "duty templates")
    permission = VIEW
    sort = "pk"
    own_path = "responsibilities:duty_templates"
    search = ("title__icontains", "measure__icontains", "unit__name__icontains")
    search_words = gettext_lazy("Duty, measure or unit")
    columns: ClassVar = [
        Column("title", gettext_lazy("Recurring duty"), lambda t: t.title,
               lambda t: two_lines(t.title, t.measure, _change_url(t)), sort="title", css="cw-table__title", width=30),
        Column("kind", gettext_lazy("Kind of organization"), lambda t: t.get_org_kind_display(),
               sort="org_kind", width=14),
        Column("often", gettext_lazy("How often"), lambda t: schedule_words(t.plan), width=20),
        Column("measure", gettext_lazy("Measure of success"), lambda t: t.measure, screen=False, width=36),
        Column("unit", gettext_lazy("Whose template"), lambda t: t.unit.name, lambda t: str(t.unit), width=18),
        Column("source", gettext_lazy("Source"), lambda t: bare(t.source), _source_cell, css="cw-wide", width=24),
        Column("state", gettext_lazy("State"), _standing, _tag, css="cw-table__state",
               width=10),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("now", pgettext_lazy("duty template", "Offered"), Q(ended_on=None)),
        Tab("ended", pgettext_lazy("duty", "Ended"), Q(ended_on__isnull=False)),
        Tab("all", gettext_lazy("All"), Q()),
    ]
    filters: ClassVar = [
        Filter("kind", gettext_lazy("Kind of organization"), lambda _r: OrgKind.choices,
               lambda rows, value: rows.filter(org_kind=value)),
        pick_filter("unit", gettext_lazy("Whose template"), "units-and-root",
                    lambda rows, value: rows.filter(unit=int(value))),
    ]  # fmt: skip
    empty = gettext_lazy("No duty templates here")
    empty_url = "responsibilities:new_duty_template"
    empty_action = gettext_lazy("Write a template")
    empty_permission = ANSWER
    definition = gettext_lazy(
        "A template becomes a recurring duty of each unit that it is laid out on. Changing it changes no duty that is "
        "out already."
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return templates_of(request.user)

    def row_url(self, row: Any) -> str:
        return _change_url(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), f"{row.title} {schedule_words(row.plan)}"

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        actions: list[dict[str, Any]] = []
        if may(request.user, "responsibilities.edit"):
            url = reverse("core:import", args=["duty-templates"])
            actions.append({"label": _("Import"), "icon": "table-import", "url": url})
        if may(request.user, ANSWER):
            actions += [
                {"label": _("Write a template"), "icon": "plus", "url": reverse("responsibilities:new_duty_template")},
                {"label": _("Lay out duties"), "icon": "sitemap", "url": reverse("responsibilities:lay_out"),
                 "primary": True},
            ]  # fmt: skip
        return {"page_actions": actions, "breadcrumbs": [_crumb(), {"label": self.title}]}


TEMPLATES = TemplateList()


@signed_in(VIEW)
def duty_templates(request: HttpRequest) -> HttpResponse:
    """What is offered, by kind of organization."""
    return respond(request, TEMPLATES)


@signed_in(ANSWER)
@require_http_methods(["GET", "POST"])
def new_template(request: HttpRequest) -> HttpResponse:
    """Write a template for the organizations of one kind below a unit; the office for all of its region."""
    rows = _tops(request)
    initial = {"unit": usual_top(request), "org_kind": request.GET.get("kind", "")}
    form = TemplateForm(request.POST or None, rows=rows, initial=initial)

    def act() -> None:
        write_template(form.cleaned_data["unit"], form.facts, actor=request.user)

    if request.method == "POST" and kept(form, act):
        messages.success(request, _("It is offered from now on."))
        return redirect("responsibilities:duty_templates")
    return _page(request, form, _("Write a template"), _("Keep it"))


@signed_in(VIEW)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a template, or end it; who only sees it reads what it says."""
    template = visible_or_404(DutyTemplate.objects.select_related("unit", "region"), request.user, pk=pk)
    if request.method == "POST":
        require(request.user, ANSWER, template)
    elif not may(request.user, ANSWER, template) or template.ended_on is not None:
        return _read(request, template)
    form = TemplateForm(request.POST or None, rows=_tops(request), template=template,
                        initial=template_initial(template))  # fmt: skip

    def act() -> None:
        change_template(template, form.facts, actor=request.user)

    if request.method == "POST" and kept(form, act):
        messages.success(request, _("Saved."))
        return redirect("responsibilities:duty_templates")
    ends = reverse("responsibilities:end_duty_template", args=[pk]) if template.ended_on is None else ""
    return _page(request, form, _("Change the template"), _("Save"), unit=template.unit, ends=ends)


def _read(request: HttpRequest, template: DutyTemplate) -> HttpResponse:
    facts = [
        {"label": _("Whose template"), "value": str(template.unit)},
        {"label": _("Kind of organization"), "value": template.get_org_kind_display()},
        {"label": _("How often"), "value": schedule_words(template.plan)},
        {"label": _("Measure of success"), "value": template.measure},
        {"label": _("Source"), "value": bare(template.source) or "—"},
        {"label": _("State"), "value": _standing(template)},
    ]
    context = {"page_title": template.title, "facts": facts, "breadcrumbs": _trail(template.title)}
    return render(request, "responsibilities/duty_template.html", context)


@signed_in(ANSWER)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer it no more."""
    template = visible_or_404(DutyTemplate.objects.select_related("unit", "region"), request.user, pk=pk)
    return attempt(
        request, lambda: end_template(template, actor=request.user), done=reverse("responsibilities:duty_templates"),
        said=_("Ended; duties that came of it go on."),
    )  # fmt: skip


@signed_in(ANSWER)
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the program's own set over into the templates of a unit."""
    top = chosen_top(request, request.POST.get("unit", ""))
    made = take_shipped(top, actor=request.user)
    words = ngettext("%d template taken over; change what is otherwise here.",
                     "%d templates taken over; change what is otherwise here.", made) % made  # fmt: skip
    messages.success(request, words if made else _("They stand here already."))
    return redirect(f"{reverse('responsibilities:lay_out')}?{urlencode({'unit': top.pk})}")


@signed_in(ANSWER)
@require_http_methods(["GET", "POST"])
def lay_out_page(request: HttpRequest) -> HttpResponse:
    """Templates and units of the kind, what would be made and what is there already; then all of it in one press."""
    campaign, kind = campaign_or_404(request), _kind(request)
    top = chosen_top(request, request.GET.get("unit", ""))
    templates, units = templates_for(top, kind), units_of_kind(top, kind)
    many = len(units) > MOST_UNITS
    units = [] if many else units
    form = LayOutForm(request.POST or None, kind=kind, top=top, units=units, templates=templates,
                      lead=proposed_lead(top, kind, units))  # fmt: skip
    if top.depth == 1:  # what stands further down its unit lays out itself
        form.initial["units"] = [str(one.pk) for one in units if one.depth == 2]
    again, made = AgainForm(request.POST or None), list[int]()

    def act() -> None:
        made.append(lay_out(campaign, top, form.plan, actor=request.user, again=again.said()))

    if request.method == "POST" and again.is_valid() and kept(form, act):
        words = ngettext("%d duty laid out.", "%d duties laid out.", made[0]) % made[0]
        messages.success(request, words if made[0] else _("All of it was there already; who checks is kept."))
        return redirect("responsibilities:kind_check", KindLead.objects.get(unit=top, org_kind=kind).pk)
    pairs = missing_pairs(campaign, units, templates)
    context = {
        "page_title": _("Lay out duties"), "page_subtitle": f"{top} · {OrgKind(kind).label}",
        "breadcrumbs": [_crumb(), {"label": _("Lay out duties")}], "page_actions": _acts(request),
        "top": top, "kind": kind, "kinds": _kind_tabs(top, kind), "many": many, "most": MOST_UNITS,
        "choose": OwnUnitForm(rows=_tops(request), initial={"unit": top}) if _may_choose(request, top) else None,
        "form": form, "again": again, "unsaid": unsaid_units(top),
        "repeats": _repeats(pairs, like_ones(campaign, pairs)), "templates_offered": bool(templates),
        "usual_post": USUAL_POST, **_burden(campaign, top, form, templates, pairs),
    }  # fmt: skip
    return render(request, "responsibilities/lay_out.html", context, status=422 if form.errors else 200)


def usual_top(request: HttpRequest) -> Unit:
    """The unit that the person lays out for: the own one, for the office the region's. 404 for who has neither."""
    region = getattr(request.user, "region_id", None)
    own = kept_unit(request.user, region) if region else None
    if own is None:
        own = _tops(request).filter(region=region).order_by("depth", "path").first()
    if own is None:
        raise Missing(_("This unit is none of yours."), _("Open the page without a unit."))
    return own


def chosen_top(request: HttpRequest, wanted: str) -> Unit:
    """The unit that the address names, within the person's own subtree, else the usual one."""
    rows = Unit.objects.select_related("region")
    if not wanted:
        return usual_top(request)
    key = asked_key(wanted)
    if key is None:  # typed into the field without being looked up
        name = wanted.replace("\x00", "")  # which PostgreSQL does not take
        key = _tops(request).filter(Q(name=name) | Q(short_name=name)).values_list("pk", flat=True).first()
    return visible_or_404(rows, request.user, ANSWER, pk=key)


def _tops(request: HttpRequest) -> Any:
    return Unit.objects.visible_to(request.user, ANSWER).select_related("region")


def _may_choose(request: HttpRequest, top: Unit) -> bool:
    """Whether there is another unit to lay out for: for the office, and where units below have units below."""
    if top.region_id in scope_of(request.user, ANSWER).regions:
        return True
    return bool(units_today(top.region_id).filter(path__startswith=top.path, depth__gt=top.depth + 1).exists())


def _kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in OrgKind.values else str(OrgKind.PARTY)


def _kind_tabs(top: Unit, kind: str) -> list[dict[str, Any]]:
    return [
        {"label": one.label, "url": f"?{urlencode({'unit': top.pk, 'kind': one.value})}", "count": None,
         "current": one == kind}
        for one in OrgKind
    ]  # fmt: skip


def _burden(
    campaign: Campaign, top: Unit, form: LayOutForm, templates: Sequence[DutyTemplate],
    pairs: Sequence[tuple[Unit, DutyTemplate]],
) -> dict[str, Any]:  # fmt: skip
    """What each unit gets if all is laid out: new duties, those there, all it has then, dates a year."""
    dates = {one.pk: dates_a_year(one.plan) for one in templates}
    units = form.shown
    running, bare_ones = running_duties(campaign, units), {unit.pk for unit in bare_units(units)}
    given: defaultdict[int, list[int]] = defaultdict(list)
    for unit, template in pairs:
        given[unit.pk].append(template.pk)
    lines = []
    for box, unit in zip(form["units"], units, strict=True):
        new = given[unit.pk]
        lines.append({
            "box": box, "unit": unit, "new": len(new), "there": len(templates) - len(new),
            "all": running[unit.pk] + len(new), "dates": sum(dates[pk] for pk in new), "bare": unit.pk in bare_ones,
            "below": unit.depth > top.depth + 1 and unit.name != str(unit),
        })  # fmt: skip
    boxes = [
        (box, one, schedule_words(one.plan), dates[one.pk])
        for box, one in zip(form["templates"], templates, strict=True)
    ]
    return {"lines": lines, "boxes": boxes, "new": len(pairs), "bare": len(bare_ones)}


def _repeats(
    pairs: Sequence[tuple[Unit, DutyTemplate]], found: dict[tuple[int, int], OpenRequest]
) -> list[tuple[Unit, str, OpenRequest]]:
    return [
        (unit, template.title, found[unit.pk, template.pk])
        for unit, template in pairs
        if (unit.pk, template.pk) in found
    ]


def _acts(request: HttpRequest) -> list[dict[str, Any]]:
    return [{"label": _("Duty templates"), "icon": "list-check", "url": reverse("responsibilities:duty_templates")}]


def _crumb() -> dict[str, str]:
    return {"label": _("Duties by kind of organization"), "url": reverse("responsibilities:kind_checks")}


def _trail(title: str) -> list[dict[str, str]]:
    return [
        _crumb(), {"label": _("Duty templates"), "url": reverse("responsibilities:duty_templates")}, {"label": title},
    ]  # fmt: skip


def _page(
    request: HttpRequest, form: Any, title: str, submit: str, *, unit: Unit | None = None, ends: str = ""
) -> HttpResponse:
    back = reverse("responsibilities:duty_templates")
    context = {
        "page_title": title, "page_subtitle": str(unit or ""), "form": form, "submit": submit, "cancel_url": back,
        "ends": ends,
        "breadcrumbs": _trail(title),
    }  # fmt: skip
    return render(request, "responsibilities/duty_template.html", context, status=422 if form.errors else 200)
