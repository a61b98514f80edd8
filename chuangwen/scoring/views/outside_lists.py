"""The list of outside scores, and the regions of one sheet."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from chuangwen.campaigns.models import RoundKind
from chuangwen.core.access import may
from chuangwen.core.lists import Column, Filter, Listing, ListPage, Tab
from chuangwen.core.lists.columns import two_lines
from chuangwen.core.models import Attachment
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.scoring.engine import show
from chuangwen.scoring.enums import OutsideState
from chuangwen.scoring.forms.outside import PART_LABELS
from chuangwen.scoring.models import OUTSIDE_OWNER, OutsideResult, OutsideRow
from chuangwen.scoring.printed import PARTS, unlike
from chuangwen.scoring.views.crumbs import crumbs
from chuangwen.scoring.workflow import OUTSIDE_WORKFLOW, SCORE
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import available

SHAPES = {OutsideState.STANDING: "closed", OutsideState.WITHDRAWN: "not-applicable"}
ICONS = {"enter": "writing", "correct": "edit", "withdraw": "trash", "own": "check"}


def outside_crumbs() -> list[dict[str, str]]:
    return [*crumbs(), {"label": _("Outside scores"), "url": reverse("scoring:outside")}]


def _points(value: float | None) -> str:
    return "" if value is None else show(value)


def _stands(result: Any) -> SafeString:
    return state(SHAPES[result.state], result.get_state_display())


class OutsideList(ListPage):
    """Every sheet that came in, with our own total on it."""

    name = "scoring.outside"
    title = gettext_lazy("Outside scores")
    noun = gettext_lazy("sheets")
    permission = "scoring.view"
    sort = "-year"
    search = ("name__icontains", "issued_by__icontains")
    empty = gettext_lazy("No score from outside has been entered yet.")
    empty_url = "scoring:outside_new"
    empty_action = gettext_lazy("Enter an outside score")
    empty_permission = SCORE
    columns: ClassVar = (
        Column(
            "name", gettext_lazy("Assessment"), lambda one: one.name, css="cw-table__title",
            show=lambda one: two_lines(one.name, one.issued_by, reverse("scoring:outside_result", args=[one.uid])),
        ),
        Column("issued_by", pgettext_lazy("outside score", "Issued by"), lambda one: one.issued_by, screen=False),
        Column("year", gettext_lazy("Year"), lambda one: one.year, sort="year", kind="integer"),
        Column("kind", pgettext_lazy("campaign", "kind"), lambda one: str(one.get_kind_display())),
        Column("total", gettext_lazy("Our total"), lambda one: one.own_total, kind="number", number_format="0.00",
               show=lambda one: format_html("<b>{}</b>", _points(one.own_total))),
        Column("rank", gettext_lazy("Our rank"), lambda one: one.own_rank, kind="number"),
        Column("regions", gettext_lazy("Regions"), lambda one: one.regions, kind="number"),
        Column("issued_on", gettext_lazy("Issued on"), lambda one: one.issued_on, lambda one: day(one.issued_on),
               sort="issued_on", kind="date"),
        Column("state", gettext_lazy("State"), lambda one: str(one.get_state_display()), _stands,
               css="cw-table__state"),
    )  # fmt: skip
    filters: ClassVar = (
        Filter("kind", pgettext_lazy("campaign", "kind"), lambda _request: RoundKind.choices,
               lambda rows, value: rows.filter(kind=value)),
    )  # fmt: skip
    tabs: ClassVar = (
        Tab("standing", pgettext_lazy("outside score", "Standing"), Q(state=OutsideState.STANDING)),
        Tab("withdrawn", pgettext_lazy("outside score", "Withdrawn"), Q(state=OutsideState.WITHDRAWN)),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        own = OutsideRow.objects.filter(result=OuterRef("pk"), own=True)
        seen = OutsideResult.objects.visible_to(request.user)
        return seen.annotate(
            own_total=Subquery(own.values("total")), own_rank=Subquery(own.values("rank")), regions=Count("rows")
        )

    def row_url(self, row: Any) -> str:
        return reverse("scoring:outside_result", args=[row.uid])

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        found: dict[str, Any] = {"breadcrumbs": [*crumbs(), {"label": _("Outside scores"), "url": ""}]}
        if may(request.user, SCORE):
            url = reverse("scoring:outside_new")
            found["page_actions"] = [
                {"label": _("Enter an outside score"), "url": url, "icon": "plus", "primary": True}
            ]
        return found


def _part(name: str) -> Column:
    return Column(
        name, PART_LABELS[name], lambda row: row.parts.get(name), kind="number", number_format="0.00",
        show=lambda row: _points(row.parts.get(name)),
    )  # fmt: skip


def _region(row: Any) -> str | SafeString:
    if not row.own:
        return str(row.subject)
    return format_html('<b>{}</b> <span class="cw-tag cw-tag--brand">{}</span>', row.subject, _("our own"))


def _total(row: Any) -> str | SafeString:
    made = unlike(row.total, row.parts, row.result.weights)
    if made is None:
        return format_html("<b>{}</b>", show(row.total))
    words = _("by its parts %s") % show(made)
    return format_html('<b>{}</b> <span class="cw-tag cw-tag--warn">{}</span>', show(row.total), words)


class SheetList(ListPage):
    """The regions of one sheet, in its order."""

    name = "scoring.outside-sheet"
    title = gettext_lazy("Result sheet")
    noun = gettext_lazy("regions")
    permission = "scoring.view"
    template = "scoring/outside.html"
    sort = "position"
    search = ("subject__icontains",)
    columns: ClassVar = (
        Column("rank", gettext_lazy("Rank"), lambda row: row.rank, kind="number"),
        Column("subject", gettext_lazy("Region"), lambda row: row.subject, _region, css="cw-table__title"),
        Column("group", pgettext_lazy("outside score", "Group"), lambda row: row.group),
        *(_part(name) for name in PARTS),
        Column("total", gettext_lazy("Total"), lambda row: row.total, _total, sort="total", kind="number",
               number_format="0.00"),
    )  # fmt: skip
    definition = gettext_lazy("As printed. Where weights are known, a total that does not follow from them is marked.")

    def __init__(self, result: OutsideResult | None = None) -> None:
        self.result = result

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        uid = request.resolver_match.kwargs["uid"] if request.resolver_match else None
        rows = OutsideRow.objects.visible_to(request.user).filter(result__uid=uid)
        return rows.select_related("result")

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        found = self.result
        if found is None:
            return {}
        rows = list(self.rows(request))
        steps = {one.action for one in available(found, OUTSIDE_WORKFLOW, request.user)}
        actions = []
        if "correct" in steps:
            again = f"{reverse('core:import', args=['outside'])}?result={found.pk}"
            actions = [
                {"label": _("Take the sheet in again"), "url": again, "icon": "upload"},
                {"label": _("Correct"), "url": reverse("scoring:outside_correct", args=[found.uid]), "icon": "edit"},
            ]
        papers = Attachment.objects.filter(owner_type=OUTSIDE_OWNER, owner_id=found.pk).order_by("-pk")
        return {
            "page_title": str(found), "page_actions": actions, "result": found,
            "breadcrumbs": [*outside_crumbs(), {"label": str(found), "url": ""}],
            "result_state": _stands(found), "facts": _facts(found, rows), "papers": papers, "steps": steps,
            "unknown": rows if "correct" in steps and not any(row.own for row in rows) else [],
            "unlike": sum(unlike(row.total, row.parts, found.weights) is not None for row in rows),
            "entries": _history(found),
        }  # fmt: skip


def _facts(found: OutsideResult, rows: list[Any]) -> list[dict[str, Any]]:
    own = next((row for row in rows if row.own), None)
    weights = _(", ").join(f"{PART_LABELS[name]} {weight:.4g}" for name, weight in found.weights.items())
    listed = [
        (_("Our total"), show(own.total) if own else ""), (_("Our rank"), own.rank if own else ""),
        (_("Year"), found.year), (pgettext_lazy("campaign", "kind"), found.get_kind_display()),
        (pgettext("outside score", "Issued by"), found.issued_by), (_("Issued on"), day(found.issued_on)),
        (_("Standard"), found.version or found.standard), (_("Campaign"), found.campaign or ""),
        (_("Weights"), weights), (_("Entered by"), found.entered_by or ""),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in listed if value]


def _history(found: OutsideResult) -> list[dict[str, Any]]:
    """What was done, the first act first."""
    done = {"enter": _("Entered"), "own": _("Our row chosen")}
    done |= {one.action: str(one.done) for one in OUTSIDE_WORKFLOW.transitions}
    return [
        {
            "icon": ICONS.get(step.action, "arrow-right"), "what": done.get(step.action, step.action),
            "who": _(", ") + step.actor_name if step.actor_name else "", "when": moment(step.at),
            "when_iso": step.at.isoformat(), "text": _changes(step.data) if step.action == "correct" else "",
            "quote": step.note if step.action != "enter" else "",
        }
        for step in history_of(found)
    ]  # fmt: skip


def _changes(data: dict[str, Any]) -> str:
    """Old and new value of everything that a correction touched."""
    said = [(key, *pair) for key, pair in data.items() if key != "rows"]
    rows = [(key, *map(_first_of, pair)) for key, pair in data.get("rows", {}).items()]
    labels = {
        "year": _("Year"), "name": _("Name"), "issued_by": pgettext("outside score", "Issued by"),
        "issued_on": _("Issued on"), "standard": _("Standard"), "version": _("Standard"), "campaign": _("Campaign"),
        "weights": _("Weights"),
    }  # fmt: skip
    return _("; ").join(f"{labels.get(key, key)} {old or '—'} → {new or '—'}" for key, old, new in [*said, *rows])


def _first_of(figures: Any) -> Any:
    """A row's total, of what is kept of the row."""
    return figures[0] if isinstance(figures, list) else figures
