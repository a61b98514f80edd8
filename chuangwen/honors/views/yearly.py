"""Units' yearly figures: the list, one entry with what was said before, entering, confirming and returning."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import address
from chuangwen.core.lists import Column, Filter, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.honors import services
from chuangwen.honors.enums import FiguresState
from chuangwen.honors.forms import ReasonForm, YearlyForm
from chuangwen.honors.models import YearlyFigures
from chuangwen.honors.views.acting import Act, act_of, buttons, perform
from chuangwen.honors.views.history import history
from chuangwen.honors.wording import FIGURES_SHAPES, number
from chuangwen.honors.workflow import APPLY, FIGURES, REVIEW, VIEW
from chuangwen.organizations.models import Unit
from chuangwen.organizations.scopes import units_of_user

get_or_post = require_http_methods(["GET", "POST"])
CURRENT = [str(FiguresState.GIVEN), str(FiguresState.CONFIRMED)]


def share_of(row: YearlyFigures) -> Decimal:
    """The registered volunteers in a hundred of the staff."""
    return Decimal(row.volunteers * 100) / row.staff


def _share_words(row: YearlyFigures) -> str:
    return f"{number(share_of(row))}%"


def _years(_request: HttpRequest) -> list[tuple[str, str]]:
    this_year = clock.today().year
    return [(str(year), str(year)) for year in range(this_year, this_year - 5, -1)]


class YearlyList(ListPage):
    """Yearly figures of units, the newest entry first."""

    name = "honors.yearly"
    title = gettext_lazy("Yearly figures of units")
    noun = gettext_lazy("entries")
    permission = VIEW
    sort = "-created_at"
    search = ("unit__name__icontains", "unit__short_name__icontains", "source__icontains")
    search_words = gettext_lazy("Unit or paper")
    signature = (gettext_lazy("Filled in by"), gettext_lazy("Checked by"))
    empty = gettext_lazy("No figures yet. A unit enters staff, registered volunteers and hours once a year; the office "
                         "confirms them, and conditions are judged by them.")  # fmt: skip
    empty_url = "honors:yearly_new"
    empty_action = gettext_lazy("Enter yearly figures")
    empty_permission = APPLY
    columns = (
        Column("unit", gettext_lazy("Unit"), lambda f: str(f.unit),
               lambda f: two_lines(f.unit, f"{f.year} · {f.source}", address("honors:yearly_one", str(f.pk))),
               css="cw-table__title", width=30),
        Column("year", gettext_lazy("Year"), lambda f: f.year, screen=False),
        Column("state", gettext_lazy("State"), lambda f: f.get_state_display(),
               lambda f: state(FIGURES_SHAPES[f.state], f.get_state_display()), css="cw-table__state"),
        Column("staff", gettext_lazy("Staff"), lambda f: f.staff, kind="number"),
        Column("volunteers", gettext_lazy("Registered volunteers"), lambda f: f.volunteers, kind="number"),
        Column("share", pgettext_lazy("volunteers", "Share"), _share_words, css="cw-right cw-num"),
        Column("hours", gettext_lazy("Volunteer hours"), lambda f: f.hours, lambda f: number(f.hours), kind="number"),
        Column("households", gettext_lazy("Households"), lambda f: f.households, kind="number", screen=False),
        Column("source", gettext_lazy("Which papers"), lambda f: f.source, screen=False, width=40),
        Column("entered", gettext_lazy("Entered on"), lambda f: f.created_at, lambda f: day(f.created_at),
               kind="datetime", sort="created_at", css="cw-wide"),
    )  # fmt: skip
    filters = (
        Filter("year", gettext_lazy("Year"), _years, lambda rows, value: rows.filter(year=value)),
        pick_filter("unit", gettext_lazy("Unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),
    )
    tabs = (
        Tab("current", gettext_lazy("In force"), Q(state__in=CURRENT)),
        Tab("given", pgettext_lazy("figures", "To be confirmed"), Q(state=FiguresState.GIVEN)),
        Tab("all", gettext_lazy("All, with what was said before"), Q()),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return YearlyFigures.objects.visible_to(request.user).select_related("unit")

    def row_url(self, row: Any) -> str:
        return address("honors:yearly_one", str(row.pk))

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        if not may(request.user, APPLY):
            return {}
        new = {"label": _("Enter yearly figures"), "icon": "plus", "url": reverse("honors:yearly_new")}
        return {"page_actions": [{**new, "primary": True}]}


YEARLY = YearlyList()


def _confirm(row: YearlyFigures, *, actor: Any) -> None:
    services.confirm_figures(row, actor=actor)


ACTS: dict[str, Act] = {
    "confirm": Act(gettext_lazy("Confirm the figures"), _confirm, gettext_lazy("Confirmed; the unit has been told"),
                   icon="check", permission=REVIEW,
                   note=gettext_lazy("You have looked at the paper behind them. Conditions are judged by them from "
                                     "now on.")),
    "return": Act(gettext_lazy("Return the figures"), services.return_figures,
                  gettext_lazy("Returned; the unit has been told"), ReasonForm, icon="arrow-back-up",
                  permission=REVIEW),
}  # fmt: skip


@signed_in(VIEW)
@get_or_post
def yearly_list(request: HttpRequest) -> HttpResponse:
    """All yearly figures that the person may see."""
    return respond(request, YEARLY)


def _enter(region: Any, *, actor: Any, unit: Unit, papers: Any, **told: Any) -> None:
    services.enter_figures(unit, services.Told(**told), actor=actor, papers=papers)


@signed_in(APPLY)
@get_or_post
def yearly_new(request: HttpRequest) -> HttpResponse:
    """Enter a unit's figures of a year; what it said last stands in the fields already."""
    unit, year = _unit_asked(request), _year_asked(request)
    first: dict[str, Any] = {"unit": unit, "year": year}
    before = YearlyFigures.objects.filter(unit=unit, year__lte=year).order_by("-year", "-pk").first() if unit else None
    if before is not None:
        first |= {"staff": before.staff, "volunteers": before.volunteers, "households": before.households}
        if before.year == year:
            first |= {"hours": before.hours, "source": before.source}
    back = reverse("honors:yearly")
    sent = request.method == "POST"
    data = (request.POST, request.FILES) if sent else (None, None)
    region = request.user.region  # type: ignore[union-attr]
    form = YearlyForm(*data, obj=region, actor=request.user, initial=first)
    one = Act(_("Enter yearly figures"), _enter, _("Entered; the office confirms them"), YearlyForm,
              icon="device-floppy", note=_("Numbers alone, no names. The office looks at the paper and confirms "
                                           "them; earlier entries stay in the history."))  # fmt: skip
    return perform(request, region, one, back=back, crumbs=_crumbs(), subtitle=str(unit or ""), form=form)


@signed_in(VIEW)
@require_GET
def yearly_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: figures, papers, the next step, and what the unit said before of the same year."""
    found = _figures(request, pk)
    papers = Attachment.objects.filter(owner_type=label_of(found), owner_id=found.pk).select_related("file")

    def act_url(action: str) -> str:
        return reverse("honors:yearly_act", args=[found.pk, action])

    actions = buttons(found, FIGURES, request.user, ACTS, act_url, ("confirm",))
    if may(request.user, APPLY, found) and found.state != FiguresState.REPLACED:
        url = reverse("honors:yearly_new") + f"?unit={found.unit_id}&year={found.year}"
        actions.append({"label": _("Enter them again"), "icon": "pencil", "url": url, "primary": not actions})
    before = YearlyFigures.objects.visible_to(request.user).filter(unit=found.unit_id).exclude(pk=found.pk)
    context = {
        "page_title": _("%(unit)s, %(year)s") % {"unit": found.unit, "year": found.year},
        "breadcrumbs": [*_crumbs(), {"label": f"{found.unit} {found.year}"}], "figures_row": found,
        "state": state(FIGURES_SHAPES[FiguresState(found.state)], found.get_state_display()), "facts": _facts(found),
        "papers": papers, "next": {"title": _("Next step"), "text": _text(found), "actions": actions},
        "entries": history(found, FIGURES), "before": before.order_by("-year", "-pk")[:12],
    }  # fmt: skip
    return render(request, "honors/yearly.html", context)


@signed_in(REVIEW)
@get_or_post
def yearly_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Confirm or return."""
    one = act_of(ACTS, action)
    found = _figures(request, pk, REVIEW)
    back = reverse("honors:yearly_one", args=[pk])
    crumbs = [*_crumbs(), {"label": f"{found.unit} {found.year}", "url": back}]
    return perform(request, found, one, back=back, crumbs=crumbs, subtitle=_words(found))


def _words(found: YearlyFigures) -> str:
    told = {"volunteers": found.volunteers, "staff": found.staff, "share": _share_words(found), "source": found.source}
    return _("%(volunteers)d of %(staff)d registered (%(share)s), from: %(source)s") % told


def _facts(found: YearlyFigures) -> list[dict[str, Any]]:
    confirmed = moment(found.confirmed_at) if found.confirmed_at else ""
    each = number(found.hours / found.volunteers) if found.volunteers else "—"
    rows = [
        (_("Unit"), str(found.unit)), (_("Year"), found.year), (_("Staff"), found.staff),
        (_("Registered volunteers"), found.volunteers), (_("Share of the staff"), _share_words(found)),
        (_("Volunteer hours"), number(found.hours)), (_("For each volunteer"), each),
        (_("Households"), found.households if found.households is not None else ""),
        (_("Which papers"), found.source), (pgettext("figures", "Entered by"), str(found.entered_by or "")),
        (_("Confirmed by"), str(found.confirmed_by or "")), (_("Confirmed on"), confirmed),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in rows if value != ""]


def _text(found: YearlyFigures) -> str:
    return {
        FiguresState.GIVEN: _("The office looks at the paper and confirms the figures, or returns them."),
        FiguresState.CONFIRMED: _("Conditions of this year's programmes are judged by these figures."),
        FiguresState.RETURNED: _("The unit enters them again; the reason stands below."),
        FiguresState.REPLACED: _("Later figures stand in their place."),
    }[FiguresState(found.state)]


def _unit_asked(request: HttpRequest) -> Unit | None:
    own = Unit.objects.visible_to(request.user, APPLY).filter(depth__gt=1)
    asked = request.GET.get("unit", "")
    if asked.isdecimal() and len(asked) < 19:
        return own.filter(pk=int(asked)).first()
    return own.filter(pk__in=units_of_user(request.user)).exclude(kind="office").first()


def _year_asked(request: HttpRequest) -> int:
    asked, this_year = request.GET.get("year", ""), clock.today().year
    return int(asked) if asked.isdecimal() and len(asked) == 4 and 2000 <= int(asked) <= this_year else this_year


def _figures(request: HttpRequest, pk: int, permission: str = "") -> YearlyFigures:
    rows = YearlyFigures.objects.select_related("unit__region", "region", "entered_by", "confirmed_by")
    found: YearlyFigures = visible_or_404(rows, request.user, permission, pk=pk)
    return found


def _crumbs() -> list[dict[str, Any]]:
    return [{"label": _("Yearly figures of units"), "url": reverse("honors:yearly")}]
