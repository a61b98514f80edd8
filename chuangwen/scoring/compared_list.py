"""The list of what changed by criterion between two runs: as on screen, in Excel and on paper."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import CharField, F, Field, FloatField, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.http import Http404, HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from chuangwen.core.lists import Column, Filter, ListPage, Tab
from chuangwen.core.lists.columns import Words
from chuangwen.scoring.changes import SEEN_APART, Change
from chuangwen.scoring.compared import asked_of
from chuangwen.scoring.engine import show
from chuangwen.scoring.models import NodeResult
from chuangwen.scoring.queries.comparing import Comparison
from chuangwen.scoring.templatetags.scores import signed
from chuangwen.standards.models import Node

FIGURE = "0.00##"  # as on screen, with two digits more where a change is small


class Reckoned(Func):
    """What was computed for each row, by its key: the database sorts and narrows by figures that it does not hold."""

    def __init__(self, by_key: Mapping[int, float | str], output_field: Field[Any, Any]) -> None:
        super().__init__(Value(json.dumps(by_key)), F("pk"), output_field=output_field)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "json_extract(%(expressions)s || '\"')"
        return super().as_sql(compiler, connection, template=template, arg_joiner=", '$.\"' || ", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        kind = "double precision" if isinstance(self.output_field, FloatField) else "text"
        template = f"(%(expressions)s)::text)::{kind}"
        return super().as_sql(compiler, connection, template=template, arg_joiner="::jsonb ->> (", **extra)


def _name(row: Any) -> SafeString:
    words = {"new": pgettext("criterion", "new"), "dropped": pgettext("criterion", "dropped")}
    tag = format_html(' <span class="cw-tag">{}</span>', words[row.mark]) if row.mark else ""
    return format_html('<span class="cw-dim">{}</span> {}{}', row.code, row.title, tag)


def _sections(request: HttpRequest) -> Iterable[tuple[str, Words]]:
    found = asked_of(request).found
    return [(one.code, f"{one.code} {one.title}") for one in found.sections if one.code] if found else []


class ComparedList(ListPage):
    """Every criterion with its points before and after, and what of the change the standard and the data made."""

    name = "scoring.compared"
    title = _("Two scores compared")
    noun = pgettext_lazy("noun", "criteria")
    permission = "scoring.view"
    sort = "-size"
    columns = (
        Column(
            "criterion", _("Criterion"), lambda row: f"{row.code} {row.title}", show=_name, css="cw-table__title",
            sort="position", width=44,
        ),
        Column(
            "before", pgettext_lazy("run", "Earlier"), lambda row: row.before, kind="number", number_format=FIGURE,
            show=lambda row: show(row.before),
        ),
        Column(
            "standard", _("Because of the standard"), lambda row: row.standard, kind="number", sort="standard",
            number_format=FIGURE, show=lambda row: signed(row.standard),
        ),
        Column(
            "data", _("Because of the data"), lambda row: row.data, kind="number", sort="data", number_format=FIGURE,
            show=lambda row: signed(row.data),
        ),
        Column(
            "after", pgettext_lazy("run", "Later"), lambda row: row.after, kind="number", number_format=FIGURE,
            show=lambda row: show(row.after),
        ),
        Column(
            "whole", pgettext_lazy("points", "Change"), lambda row: row.whole, kind="number", sort="size",
            number_format=FIGURE, show=lambda row: signed(row.whole),
        ),
    )  # fmt: skip
    filters = (Filter("section", _("Section"), _sections, lambda rows, value: rows.filter(section=value)),)
    tabs = (
        Tab("changed", pgettext_lazy("criteria", "Changed"), Q(size__gte=SEEN_APART)),
        Tab("fell", pgettext_lazy("criteria", "Fell"), Q(whole__lte=-SEEN_APART)),
        Tab("rose", pgettext_lazy("criteria", "Rose"), Q(whole__gte=SEEN_APART)),
        Tab("all", pgettext_lazy("criteria", "All"), Q()),
    )
    empty = _("Nothing changed here.")
    definition = _("Before and both parts add up to after, in every row and in the sum.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        found = asked_of(request).found
        if found is None:
            raise Http404
        by_key = _by_key(found)
        kept = NodeResult.objects.visible_to(request.user).filter(pk__in=by_key)
        title = Node.objects.filter(version=OuterRef("run__version"), code=OuterRef("code")).values("title_zh")[:1]
        return kept.annotate(title=Subquery(title), **_reckoned(by_key))

    def period(self, request: HttpRequest) -> Words:
        asked = asked_of(request)
        return f"{asked.earlier.round} — {asked.later.round}" if asked.earlier and asked.later else ""


def _by_key(found: Comparison) -> dict[int, Change]:
    """Each change at the row of the run that has its criterion: the later one, else the earlier. One query."""
    runs = (found.earlier.pk, found.later.pk)
    keys = {
        (run, code): pk for pk, run, code in NodeResult.objects.filter(run__in=runs).values_list("pk", "run", "code")
    }
    return {keys[found.later.pk if one.later else found.earlier.pk, one.code]: one for one in found.rows}


def _reckoned(by_key: Mapping[int, Change]) -> dict[str, Reckoned]:
    def figure(name: str) -> Reckoned:
        return Reckoned({pk: float(getattr(one, name)) for pk, one in by_key.items()}, FloatField())

    def word(words: Mapping[int, str]) -> Reckoned:
        return Reckoned(words, CharField())

    sizes = {pk: max(abs(one.standard), abs(one.data)) for pk, one in by_key.items()}
    marks = {pk: "new" if not one.earlier else "" if one.later else "dropped" for pk, one in by_key.items()}
    return {
        **{name: figure(name) for name in ("before", "standard", "data", "after", "whole")},
        "size": Reckoned(sizes, FloatField()),
        "section": word({pk: one.section for pk, one in by_key.items()}),
        "mark": word(marks),
    }
