"""The tables with which a form can be filled: an area registers each when the program starts, with its columns.

A list of `core.lists` registers itself (lists.own_forms); any other table names its words and gives their values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.templatetags.wording import moment
from chuangwen.core.workbook_templates.vocabulary import Content, Value, Vocabulary, Word

Words = str | Promise

# What every table knows besides its own words; the areas add theirs.
USUAL_WORDS: Final = (
    Word("标题", _("The title of the table.")),
    Word("地区", _("The region.")),
    Word("填报单位", _("The unit of who fills in the form, else the region's campaign office.")),
    Word("填报人", _("Who fills in the form.")),
    Word("填报日期", _("Today.")),
    Word("统计截止", _("Date and time of the data.")),
    Word("行数", _("How many rows the table has.")),
)


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A kind of table. `key` stands in addresses; `view` and `keep` are the permissions to fill a form and to keep one.

    `vocabulary()` is called in Chinese. `back()` leads to where the table is seen. `example(request)` gives real rows
    to look at a form with, or None where there are none.
    """

    key: str
    title: Words
    view: str
    keep: str
    vocabulary: Callable[[], Vocabulary]
    back: Callable[[], str]
    example: Callable[[HttpRequest], Content | None] = lambda _request: None


_tables: dict[str, OwnTable] = {}
_units: list[Callable[[Any], str]] = []


def register_own_table(table: OwnTable) -> OwnTable:
    """Make a table known under its key. Called in AppConfig.ready."""
    _tables[table.key] = table
    return table


def register_unit_words(words: Callable[[Any], str]) -> None:
    """Name the function user -> the unit by whose name a form is filled in; "" for the office of the region."""
    _units[:] = [words]


def own_table(key: str) -> OwnTable | None:
    """The table registered under `key`."""
    return _tables.get(key)


def own_table_or_404(key: str) -> OwnTable:
    """The table registered under `key`."""
    try:
        return _tables[key]
    except KeyError:
        raise Http404 from None


def usual_values(user: Any, title: str, rows: Sequence[Sequence[Value]]) -> Mapping[str, Value]:
    """The values of USUAL_WORDS for a table that `user` takes out now."""
    now = clock.now()
    region = str(user.region or "")
    unit = _units[0](user) if _units else ""
    values = (title, region, unit or f"{region}创建办", str(user), clock.today(), moment(now), len(rows))
    return dict(zip((one.name for one in USUAL_WORDS), values, strict=True))
