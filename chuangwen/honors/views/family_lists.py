"""The lists of families, and of households with a title by unit."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.addresses import address
from chuangwen.core.lists import Column, Filter, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day
from chuangwen.honors.enums import STANDING_AWARDS
from chuangwen.honors.models import Award, Family
from chuangwen.honors.queries.families import family_titles, has_ladder, titled_households
from chuangwen.honors.workflow import APPLY, CONTEST, EDIT

AGREED, TO_ASK, WITHDRAWN = "agreed", "to-ask", "withdrawn"
CONSENT_SHAPES: dict[str, tuple[str, Any]] = {
    AGREED: ("met", pgettext_lazy("consent", "Agreed")), TO_ASK: ("open", _("To be asked")),
    WITHDRAWN: ("not-applicable", pgettext_lazy("consent", "Withdrawn")),
}  # fmt: skip


def consent_of(family: Family) -> str:
    """agreed, to-ask or withdrawn."""
    return AGREED if family.has_agreed else WITHDRAWN if family.withdrawn_on else TO_ASK


def _titles(request: HttpRequest) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in family_titles(request.user.region)]  # type: ignore[union-attr,arg-type]


def _second(family: Any) -> str:
    return " · ".join(filter(None, (family.number, str(family.unit), family.top)))


class FamilyList(ListPage):
    """Families with their consent and their highest title in force."""

    name = "honors.families"
    title = _("Families")
    noun = _("families")
    permission = "honors.view"
    sort = "-number"
    search = ("name__icontains", "number__istartswith", "unit__name__icontains")
    search_words = _("Name, number or unit")
    signature = (_("Filled in by"), _("Checked by"))
    empty = _("No family yet. A unit takes in families that have agreed, by the name on their plaque.")
    empty_url = "honors:family_new"
    empty_action = _("Take in a family")
    empty_permission = APPLY
    columns = (
        Column("name", _("Family"), lambda f: f.shown,
               lambda f: two_lines(f.shown, _second(f), address("honors:family", str(f.pk))), css="cw-table__title",
               width=30),
        Column("number", _("Number"), lambda f: f.number, screen=False, sort="number"),
        Column("unit", _("Recommending unit"), lambda f: str(f.unit), screen=False, width=24),
        Column("title", pgettext_lazy("honour", "Title"), lambda f: f.top or "", screen=False),
        Column("consent", _("Consent"), lambda f: CONSENT_SHAPES[consent_of(f)][1],
               lambda f: state(*CONSENT_SHAPES[consent_of(f)]), css="cw-table__state"),
        Column("agreed", _("Agreed on"), lambda f: f.agreed_on, lambda f: day(f.agreed_on) if f.agreed_on else "",
               kind="date", sort="agreed_on"),
    )  # fmt: skip
    filters = (
        Filter("title", pgettext_lazy("honour", "Title"), _titles,
               lambda rows, value: rows.filter(awards__title=value, awards__state__in=STANDING_AWARDS)),
        pick_filter("unit", _("Recommending unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),
    )  # fmt: skip
    tabs = (
        Tab("all", _("All"), Q()),
        Tab("titled", _("With a title"), Q(top__isnull=False)),
        Tab("ask", _("To be asked"), Q(agreed_on__isnull=True, withdrawn_on__isnull=True)),
        Tab("ended", _("Unit has ended"), lambda request: Q(unit__valid_to__lt=clock.today())),
        Tab("withdrawn", pgettext_lazy("consent", "Withdrawn"), Q(withdrawn_on__isnull=False)),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        standing = Award.objects.filter(family=OuterRef("pk"), state__in=STANDING_AWARDS)
        top = Subquery(standing.order_by("-title__ladder_step__rank").values("title__name")[:1])
        return Family.objects.visible_to(request.user).select_related("unit").annotate(top=top)

    def row_url(self, row: Any) -> str:
        return address("honors:family", str(row.pk))

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        if not has_ladder(request.user.region):  # type: ignore[union-attr,arg-type]
            return {"lacks_ladder": True, "may_make": may(request.user, EDIT)}
        actions: list[dict[str, Any]] = [
            {"label": gettext("Households"), "icon": "chart-bar", "url": reverse("honors:households")}
        ]
        if may(request.user, CONTEST):
            url = reverse("honors:family_contest_new")
            actions.append({"label": gettext("Plan a selection"), "icon": "star", "url": url})
        if may(request.user, EDIT):
            url = reverse("core:import", args=["families"])
            actions.append({"label": gettext("Import families"), "icon": "table-import", "url": url})
        if may(request.user, APPLY):
            url = reverse("honors:family_new")
            actions.append({"label": gettext("Take in a family"), "icon": "plus", "url": url, "primary": True})
        return {"page_actions": actions}

    template = "honors/families.html"


class HouseholdList(ListPage):
    """Households with a title by unit, with the share where the unit's households are known."""

    name = "honors.households"
    title = _("Households with a title")
    noun = pgettext_lazy("households", "units")
    permission = "honors.view"
    sort = "-titled"
    search = ("name__icontains", "short_name__icontains")
    search_words = _("Unit")
    signature = (_("Filled in by"), _("Checked by"))
    empty = _("No unit recommends a family yet. Take in families first.")
    empty_url = "honors:families"
    empty_action = _("Look at the families")
    columns = (
        Column("unit", _("Recommending unit"), str,
               lambda u: two_lines(u, "", f"{address('honors:families')}?unit={u.pk}"), css="cw-table__title",
               width=30),
        Column("titled", _("With a title"), lambda u: u.titled, kind="number", sort="titled"),
        Column("known", _("Families"), lambda u: u.known, kind="number", sort="known"),
        Column("whole", _("Households"), lambda u: u.whole, lambda u: "—" if u.whole is None else u.whole,
               kind="number", sort="whole"),
        Column("share", pgettext_lazy("households", "Share"),
               lambda u: None if u.share is None else f"{u.share:.1f}%",
               lambda u: "—" if u.share is None else f"{u.share:.1f}%", css="cw-right cw-num", sort="share"),
        Column("year", _("Households of the year"), lambda u: u.year, lambda u: u.year or "", css="cw-wide"),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return titled_households(request.user)

    def row_url(self, row: Any) -> str:
        return f"{address('honors:families')}?unit={row.pk}"

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        url = reverse("honors:yearly")
        return {"page_actions": [{"label": gettext("Yearly figures of units"), "icon": "users", "url": url}]}


FAMILIES, HOUSEHOLDS = FamilyList(), HouseholdList()
