"""What is known of each criterion of a round by whatever method, and all results that were entered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Round, RoundState
from chuangwen.core.access import may
from chuangwen.core.lists import BulkAction, Column, Filter, Listing, ListPage, Tab
from chuangwen.core.lists.columns import two_lines
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, points
from chuangwen.inspections.enums import STANDING_RESULT_STATES, ResultKind, ResultState
from chuangwen.inspections.models import EnteredResult, Observation
from chuangwen.inspections.queries import versions_of
from chuangwen.inspections.services.results import confirm_result
from chuangwen.inspections.services.taking import reviewed
from chuangwen.inspections.views.lists import round_of
from chuangwen.inspections.views.source_lines import lines_of
from chuangwen.inspections.wording import asked_at, measure_words, name_of, result_words
from chuangwen.inspections.workflow import ASSESS
from chuangwen.standards.enums import Method
from chuangwen.standards.grading import enterable
from chuangwen.standards.models import Node, StandardVersion
from chuangwen.standards.queries import tree_of
from chuangwen.standards.wording import rule_words

RESULT_SHAPES = {"entered": "fixed", "confirmed": "closed", "returned": "returned", "withdrawn": "not-applicable"}


def version_of(request: HttpRequest, round_: Round) -> StandardVersion | None:
    """The standard that the address names, else the main one."""
    found = versions_of(round_)
    wanted = request.GET.get("standard", "")
    return next((one for one in found if str(one.pk) == wanted), found[0] if found else None)


def _round(request: HttpRequest) -> Round:
    match = request.resolver_match
    return round_of(request, int(match.kwargs["pk"]) if match else 0)


def _rule(node: Any) -> str:
    """How the criterion gets its points, as the standard says it."""
    leaf = next((one for one in tree_of(node.version).leaves() if one.code == node.code), None)
    return rule_words(leaf, chinese=not (get_language() or "").startswith("en")) if leaf else ""


def _result(node: Any) -> str:
    """What counts or waits for a criterion, in words; several units have several."""
    if not node.results:
        return ""
    if node.results > 1:
        return str(_("%d results") % node.results)
    return measure_words(asked_at(node.version, node.code), node.grade, node.value, node.weight)


def _known(node: Any) -> tuple[str, str]:
    """(shape, words) of what is known of a criterion."""
    if node.waiting:
        return "fixed", str(ResultState.ENTERED.label)
    if node.results:
        return "closed", str(ResultState.CONFIRMED.label)
    if node.seen:
        return "closed", _("Inspected")
    return "found", _("Not yet observed")


def _link(node: Any) -> str:
    """The page of its one result, the list of several, or the page on which it is entered."""
    if node.results > 1:
        return reverse("inspections:entries", args=[node.round_id]) + f"?q={node.code}"
    if node.results:
        return reverse("inspections:result", args=[node.uid])
    if node.code in enterable(tree_of(node.version)):
        return reverse("inspections:result_enter", args=[node.round_id, node.pk])
    return ""


def _sections(request: HttpRequest) -> Iterable[tuple[str, str]]:
    version = version_of(request, _round(request))
    tops = Node.objects.filter(version=version, depth=1)
    return [(top.code, f"{top.code} {top.title}") for top in tops]


def _in_section(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    """The leaves below a top node, which no standard known to us has deeper than five levels."""
    above = Q()
    for depth in range(1, 6):
        above |= Q(**{"__".join(["parent"] * depth) + "__code": code})
    return rows.filter(above)


class LeafList(ListPage):
    """Every criterion of a round's standard with what is known of it."""

    name = "round-results"
    title = gettext_lazy("Results by criterion")
    noun = pgettext_lazy("counted", "criteria")
    permission = "inspections.view"
    template = "inspections/results.html"
    sort = "position"
    search = ("code__startswith", "title_zh__icontains")
    search_words = gettext_lazy("Criterion or its number")
    definition = gettext_lazy(
        "A result counts once a second person has confirmed it. Criteria that checks feed are inspected at places."
    )
    columns: ClassVar = (
        Column(
            "code", gettext_lazy("Criterion"), lambda n: f"{n.code} {n.title_zh}",
            lambda n: two_lines(f"{n.code} {n.title}", _rule(n), _link(n)),
            css="cw-table__title", sort="position",
        ),
        Column("method", gettext_lazy("Method"), lambda n: str(n.get_method_display())),
        Column("points", pgettext_lazy("full marks", "Points"), lambda n: n.points, lambda n: points(n.points),
               kind="number"),
        Column("result", gettext_lazy("Result"), _result),
        Column("state", gettext_lazy("State"), lambda n: _known(n)[1], lambda n: state(*_known(n)),
               css="cw-table__state"),
    )  # fmt: skip
    filters: ClassVar = (
        Filter("method", gettext_lazy("Method"), lambda _request: Method.choices,
               lambda rows, value: rows.filter(method=value)),
        Filter("section", gettext_lazy("Section"), _sections, _in_section),
        Filter("standard", gettext_lazy("Standard"),
               lambda request: [(str(one.pk), str(one)) for one in versions_of(_round(request))],
               lambda rows, _value: rows),
    )  # fmt: skip
    tabs: ClassVar = (
        Tab("all", gettext_lazy("All"), Q()),
        Tab("none", gettext_lazy("Not yet observed"), Q(results=0, seen=False)),
        Tab("waiting", ResultState.ENTERED.label, Q(waiting=True)),
        Tab("counts", ResultState.CONFIRMED.label, Q(results__gt=0, waiting=False)),
        Tab("inspected", gettext_lazy("Inspected"), Q(seen=True)),
    )

    def shown_tabs(self, request: HttpRequest) -> Sequence[Tab]:
        """A unit's round has no places, so nothing of it is ever inspected at one."""
        is_unit = _round(request).campaign.shape == "unit"
        return [tab for tab in self.tabs if not (is_unit and tab.key == "inspected")]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        round_ = _round(request)
        version = version_of(request, round_)
        entered = EnteredResult.objects.visible_to(request.user).filter(
            round=round_, version=version, code=OuterRef("code"), kind=ResultKind.LEAF,
            state__in=STANDING_RESULT_STATES,
        )  # fmt: skip
        seen = Observation.objects.visible_to(request.user).standing().filter(
            round=round_, version=version, code=OuterRef("code"), result=None
        )  # fmt: skip
        first = entered.order_by("pk")
        counted = entered.order_by().values("code").annotate(n=Count("pk")).values("n")
        return (
            Node.objects.filter(version=version, is_leaf=True)
            .select_related("version")
            .annotate(
                round_id=Value(round_.pk, output_field=IntegerField()),
                results=Coalesce(Subquery(counted), 0),
                waiting=Exists(entered.exclude(state=ResultState.CONFIRMED)),
                seen=Exists(seen),
                **{name: Subquery(first.values(name)[:1]) for name in ("uid", "grade", "value", "weight")},
            )
        )

    def row_url(self, row: Any) -> str:
        return _link(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        return "", f"{row.code} {row.title_zh}: {_result(row) or _known(row)[1]}"

    def period(self, request: HttpRequest) -> str:
        return str(_round(request))

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        round_ = _round(request)
        version = version_of(request, round_)
        lines = [] if round_.campaign.shape == "unit" else lines_of(request, round_, versions_of(round_))
        return {
            "sources": lines,
            "sources_wait": sum(one.waits for one in lines if one.url),
            "page_title": _("Results by criterion"),
            "page_subtitle": f"{round_.name} · {version}",
            "breadcrumbs": crumbs(round_, _("Results by criterion")),
            "page_actions": list(_actions(request, round_, version)),
            "round": round_,
        }


def crumbs(round_: Round, *further: str) -> list[dict[str, str]]:
    """Inspections / the round / …, for a unit the campaign / the round / …; the last one is the page itself."""
    campaign = round_.campaign
    if campaign.shape == "unit":
        above = [{"label": campaign.name, "url": reverse("campaigns:campaign", args=[campaign.pk])}]
    else:
        above = [
            {"label": _("Inspections"), "url": reverse("inspections:rounds")},
            {"label": round_.name, "url": reverse("inspections:round", args=[round_.pk])},
        ]
    results = {"label": _("Results by criterion"), "url": reverse("inspections:results", args=[round_.pk])}
    return [*above, *([results] if further[0] != results["label"] else []), {"label": further[0]}]


def _actions(request: HttpRequest, round_: Round, version: StandardVersion | None) -> Iterable[dict[str, Any]]:
    entries = reverse("inspections:entries", args=[round_.pk])
    yield {"label": _("All entered results"), "icon": "list-check", "url": entries}
    if version is None or round_.state != RoundState.RUNNING or not may(request.user, ASSESS, round_):
        return
    address = reverse("core:import", args=["results"]) + f"?round={round_.pk}&standard={version.pk}"
    yield {"label": _("Import a workbook"), "icon": "table-import", "url": address}
    if reviewed(round_).exists():
        url = reverse("inspections:result_take", args=[round_.pk])
        yield {"label": _("Take reviewed dossiers"), "icon": "folder", "url": url}
    event = reverse("inspections:result_event", args=[round_.pk]) + f"?standard={version.pk}"
    yield {"label": _("Enter a bonus, penalty or veto"), "icon": "award", "url": event}


def _confirm(result: EnteredResult, *, actor: Any, data: dict[str, Any]) -> None:
    confirm_result(result, revision=result.revision, actor=actor)


class EntryList(ListPage):
    """Every result that was entered in a round, vetoes, bonuses and penalties among them."""

    name = "entered-results"
    title = gettext_lazy("All entered results")
    noun = gettext_lazy("results")
    permission = "inspections.view"
    sort = "-created_at"
    search = ("code__startswith", "source__icontains", "judged_by__icontains")
    search_words = gettext_lazy("Number, source or assessor")
    empty = gettext_lazy("Nothing has been entered yet.")
    definition = gettext_lazy("Who entered a result does not confirm it; only confirmed ones count.")
    signature: ClassVar = (pgettext_lazy("result", "Entered by"), gettext_lazy("Confirmed by"))
    columns: ClassVar = (
        Column("name", gettext_lazy("Criterion"), name_of,
               lambda r: two_lines(name_of(r), r.source, reverse("inspections:result", args=[r.uid])),
               css="cw-table__title"),
        Column("kind", gettext_lazy("What"), lambda r: str(r.get_kind_display())),
        Column("unit", gettext_lazy("Unit"), lambda r: str(r.unit or "")),
        Column("result", gettext_lazy("Result"), result_words, lambda r: _bold(result_words(r))),
        Column("source", pgettext_lazy("result", "Source"), lambda r: r.source, screen=False),
        Column("judged", gettext_lazy("Judged by"), lambda r: r.judged_by,
               lambda r: two_lines(r.judged_by, day(r.judged_on)), sort="judged_by"),
        Column("entered", pgettext_lazy("result", "Entered by"), lambda r: str(r.entered_by or "")),
        Column("checked", gettext_lazy("Confirmed by"), lambda r: str(r.checked_by or "")),
        Column("state", gettext_lazy("State"), lambda r: str(r.get_state_display()),
               lambda r: state(RESULT_SHAPES[r.state], r.get_state_display()), css="cw-table__state"),
    )  # fmt: skip
    filters: ClassVar = (
        Filter("kind", gettext_lazy("What"), lambda _request: ResultKind.choices,
               lambda rows, value: rows.filter(kind=value)),
    )  # fmt: skip
    tabs: ClassVar = (
        Tab("waiting", ResultState.ENTERED.label, Q(state=ResultState.ENTERED)),
        Tab("returned", ResultState.RETURNED.label, Q(state=ResultState.RETURNED)),
        Tab("counts", ResultState.CONFIRMED.label, Q(state=ResultState.CONFIRMED)),
        Tab("withdrawn", ResultState.WITHDRAWN.label, Q(state=ResultState.WITHDRAWN)),
        Tab("all", gettext_lazy("All"), Q()),
    )
    bulk: ClassVar = (
        BulkAction(
            "confirm", gettext_lazy("Confirm the result"), _confirm, "check", ASSESS,
            confirm=gettext_lazy("You have compared these results with their papers. From now on they count."),
        ),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        found = EnteredResult.objects.visible_to(request.user).filter(round=_round(request))
        return found.select_related("version", "unit", "entered_by", "checked_by", "round", "region")

    def row_url(self, row: Any) -> str:
        return reverse("inspections:result", args=[row.uid])

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit or ""), f"{name_of(row)}: {result_words(row)}"

    def period(self, request: HttpRequest) -> str:
        return str(_round(request))

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        round_ = _round(request)
        return {"page_subtitle": round_.name, "breadcrumbs": crumbs(round_, _("All entered results"))}


def _bold(text: str) -> SafeString:
    return format_html("<b>{}</b>", text)
