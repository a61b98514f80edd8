"""The lists of this area: versions of standards, problem types, place types."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.lists import Column, Filter, ListPage, Tab, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.sources import source_parts
from chuangwen.core.templatetags.chuangwen import SOURCES, label_tag
from chuangwen.standards.enums import ProblemClass, Subject
from chuangwen.standards.models import PlaceType, ProblemType, StandardVersion
from chuangwen.standards.wording import number_words, within_words


def _chinese() -> bool:
    return not (get_language() or "").startswith("en")


def version_url(version: StandardVersion) -> str:
    return reverse("standards:version", args=[version.slug, version.version])


def types_actions() -> list[dict[str, Any]]:
    """The way to the region's own tables, from every list of this area."""
    return [
        {"label": _("Problem types"), "url": reverse("standards:problem-types"), "icon": "clock"},
        {"label": _("Place types"), "url": reverse("standards:place-types"), "icon": "map-pin"},
    ]


class StandardList(ListPage):
    """Versions of standards, the newest first."""

    name = "standards"
    title = gettext_lazy("Standards")
    noun = gettext_lazy("versions")
    permission = "standards.view"
    template = "standards/list.html"
    search: ClassVar = ["title_zh__icontains", "title_en__icontains", "version__icontains", "urn__icontains"]
    search_words = gettext_lazy("Title or version")
    sort = "-published_at"
    definition = gettext_lazy("Published versions; a published version never changes.")
    columns: ClassVar = [
        Column(
            "title", pgettext_lazy("standard", "Standard"), lambda v: v.title,
            lambda v: two_lines(v.title, "", version_url(v)), css="cw-table__title", width=36,
        ),
        Column("version", gettext_lazy("Version"), lambda v: v.version, sort="version"),
        Column("subject", gettext_lazy("For"), lambda v: v.get_subject_display()),
        Column(
            "scale", pgettext_lazy("standard", "Points"), lambda v: v.scale,
            lambda v: number_words(v.scale), kind="number",
        ),
        Column(
            "criteria", pgettext_lazy("standard", "Criteria"), lambda v: v.criteria_count,
            kind="number", sort="criteria_count",
        ),
        Column("checks", gettext_lazy("Checks"), lambda v: v.check_count, kind="number", sort="check_count"),
        Column(
            "published", gettext_lazy("Published on"), lambda v: v.published_at and clock.local(v.published_at).date(),
            kind="date", sort="published_at",
        ),
    ]  # fmt: skip
    filters: ClassVar = [
        Filter("subject", gettext_lazy("For"), lambda _r: Subject.choices, lambda rows, v: rows.filter(subject=v)),
    ]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return StandardVersion.objects.visible_to(request.user)

    def row_url(self, row: Any) -> str:
        return version_url(row)

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        edits = may(request.user, "standards.edit")
        actions = types_actions()
        if edits:
            upload = {"label": _("Import a standard"), "url": reverse("standards:import"), "icon": "upload"}
            actions.append(upload | {"primary": True})
        return {"page_actions": actions, "may_edit": edits}


def _source_words(row: ProblemType) -> str:
    kind, words = source_parts(row.source)
    return f"{SOURCES[kind][0]}：{words}" if kind else words


def _source(row: ProblemType) -> str | SafeString:
    kind, words = source_parts(row.source)
    if not kind:
        return words
    return format_html('{}<div class="cw-table__second">{}</div>', label_tag(kind), words)


def _crumbs(label: Any) -> list[dict[str, Any]]:
    return [{"label": _("Standards"), "url": reverse("standards:list")}, {"label": label, "url": ""}]


class ProblemTypeList(ListPage):
    """The region's problem types with class and deadline."""

    name = "problem-types"
    title = gettext_lazy("Problem types and deadlines")
    noun = gettext_lazy("problem types")
    permission = "standards.view"
    search: ClassVar = ["name_zh__icontains", "name_en__icontains", "code__icontains"]
    search_words = gettext_lazy("Name or code")
    sort = "position"
    empty = gettext_lazy("Problem types come with the first standard")
    empty_url = "standards:list"
    empty_action = gettext_lazy("To the standards")
    empty_permission = "standards.edit"
    definition = gettext_lazy(
        "Working hours and days by the office's calendar; a day limit ends with the working hours of its last day."
    )
    columns: ClassVar = [
        Column(
            "name", gettext_lazy("Problem type"), lambda r: r.name,
            lambda r: two_lines(r.name, r.code, reverse("standards:problem-type", args=[r.pk])),
            css="cw-table__title", width=28,
        ),
        Column(
            "class", pgettext_lazy("standard", "Class"), lambda r: r.get_problem_class_display(), sort="problem_class"
        ),
        Column("within", gettext_lazy("Time limit"), lambda r: within_words(r.within, chinese=_chinese()), width=18),
        Column("lead", gettext_lazy("Usual lead"), lambda r: "、".join(r.lead_hints), width=24),
        Column("source", gettext_lazy("Source"), _source_words, _source, width=36),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("all", gettext_lazy("All"), Q()),
        Tab("customary", gettext_lazy("customary"), Q(source__startswith="customary")),
        Tab("proposed", gettext_lazy("proposed"), Q(source__startswith="proposed")),
        Tab("site", gettext_lazy("our own"), Q(source__startswith="site")),
    ]
    filters: ClassVar = [
        Filter(
            "class",
            pgettext_lazy("standard", "Class"),
            lambda _r: ProblemClass.choices,
            lambda rows, value: rows.filter(problem_class=value),
        ),
    ]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return ProblemType.objects.visible_to(request.user)

    def row_url(self, row: Any) -> str:
        return reverse("standards:problem-type", args=[row.pk])

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        return {
            "breadcrumbs": _crumbs(self.title),
            "page_subtitle": _("Used by every problem that is found from now on."),
        }


class PlaceTypeList(ListPage):
    """The region's place types with their quotas."""

    name = "place-types"
    title = gettext_lazy("Place types and quotas")
    noun = gettext_lazy("place types")
    permission = "standards.view"
    search: ClassVar = ["name_zh__icontains", "name_en__icontains", "code__icontains"]
    search_words = gettext_lazy("Name or code")
    sort = "position"
    empty = gettext_lazy("Place types come with the first standard")
    empty_url = "standards:list"
    empty_action = gettext_lazy("To the standards")
    empty_permission = "standards.edit"
    definition = gettext_lazy("The quota is how many places of the type a mock round draws by default.")
    columns: ClassVar = [
        Column(
            "name", gettext_lazy("Place type"), lambda r: r.name,
            lambda r: two_lines(r.name, r.code, reverse("standards:place-type", args=[r.pk])),
            css="cw-table__title", width=28,
        ),
        Column("way", gettext_lazy("How it is chosen"), lambda r: _("ad hoc visit") if r.ad_hoc else _("draw")),
        Column("quota", gettext_lazy("Quota"), lambda r: r.quota, kind="number"),
    ]  # fmt: skip
    filters: ClassVar = [
        Filter(
            "way",
            gettext_lazy("How it is chosen"),
            lambda _r: [("draw", gettext_lazy("draw")), ("ad-hoc", gettext_lazy("ad hoc visit"))],
            lambda rows, value: rows.filter(ad_hoc=value == "ad-hoc"),
        ),
    ]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return PlaceType.objects.visible_to(request.user)

    def row_url(self, row: Any) -> str:
        return reverse("standards:place-type", args=[row.pk])

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        return {"breadcrumbs": _crumbs(self.title)}


STANDARDS = StandardList()
PROBLEM_TYPES = ProblemTypeList()
PLACE_TYPES = PlaceTypeList()
