"""What a list is made of: columns, filters, tabs and bulk actions, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

Words = str | Promise
FIGURES = frozenset({"number", "percent"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `value` gives the plain value for export, `show` the cell on screen.

    `sort` names the model field that orders the list by this column; it must not be null,
    since pages are cut by key. `css` places the cell on a phone's card: cw-table__title,
    __photo, __state, __due, __sheet stand without their label, cw-wide is left out there.
    """

    key: str
    label: Words
    value: Callable[[Any], Any]
    show: Callable[[Any], str | SafeString] | None = None
    sort: str = ""
    kind: str = "text"  # text | number | date | datetime | percent | picture
    css: str = ""
    screen: bool = True  # False: only in exports and on paper
    paper: bool = True
    width: float | None = None
    number_format: str = ""  # of a workbook's cells: 0.00

    @property
    def classes(self) -> str:
        """`css`, with figures to the right."""
        return f"{self.css} cw-right cw-num".strip() if self.kind in FIGURES else self.css


@dataclass(frozen=True, slots=True)
class Cell:
    """A column's content in one row, ready for the template; the label is what a phone's card shows before it."""

    label: Words
    content: str | SafeString
    css: str


class Shown:
    """A column with its words said once, not once a row."""

    def __init__(self, column: Column) -> None:
        self._content = column.show or column.value
        self._css = column.classes
        self._label = "" if "cw-table__" in column.css else str(column.label)
        self._nothing = Cell("", "—", f"{column.classes} cw-wide".strip())

    def cell(self, row: Any) -> Cell:
        """The column's content in `row`; on a phone's card nothing needs no place."""
        content = self._content(row)
        return self._nothing if content is None or content == "" else Cell(self._label, content, self._css)


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice that narrows the list. `choices(request)` yields (value, label).

    A filter of kind "pick" has a `source` (core.picking) instead of choices, which may be thousands; its value in an
    address is a key or a name, and `apply` is given the key.
    """

    key: str
    label: Words
    choices: Callable[[HttpRequest], Iterable[tuple[str, Words]]]
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]]
    kind: str = "choice"  # choice | date | pick
    source: str = ""


def pick_filter(key: str, label: Words, source: str, apply: Callable[[QuerySet[Any], str], QuerySet[Any]]) -> Filter:
    """A filter by one row among thousands, looked up while its name is typed."""
    return Filter(key, label, lambda _request: (), apply, kind="pick", source=source)


@dataclass(frozen=True, slots=True)
class Tab:
    """A kept view over the list, with its count."""

    key: str
    label: Words
    condition: Q | Callable[[HttpRequest], Q]

    def q(self, request: HttpRequest) -> Q:
        return self.condition(request) if callable(self.condition) else self.condition


@dataclass(frozen=True, slots=True)
class Effect:
    """What a bulk action would make of a row: what stands there now and then, or why the row is left alone."""

    before: str
    after: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something done to every chosen row: the ticked ones, or all that the filter matches.

    `run(row, actor=…, data=…)` acts on one row by calling one service; the Refusal of one row
    is told and does not stop the others. Rows are those on which the person holds
    `permission`; `form(data, actor=person)` asks for choices, which come cleaned as `data`. `confirm` is shown before
    what leaves the house or cannot come back: say the effect, the number is added. `offered(person)` says who of those
    with the permission finds the button at all. `preview(row, data)` says what would become of a row, shown for what
    was typed before anything is done. `check(rows, form)` looks at all chosen rows together once the form is sound:
    where it adds an error to the form nothing is done, and the rows that it returns are shown with their fault.
    `tell(rows)` is called once with the rows that it was done to, so that nobody is told row by row.
    """

    key: str
    label: Words  # names the act: 转派, 催办
    run: Callable[..., None]
    icon: str = "arrow-right"
    permission: str = ""
    form: Callable[..., Form] | None = None
    confirm: Words = ""
    offered: Callable[[Any], bool] | None = None
    preview: Callable[[Any, dict[str, Any]], Effect] | None = None
    check: Callable[[Any, Any], list[tuple[str, Effect]]] | None = None
    tell: Callable[[Sequence[Any]], None] | None = None

    @property
    def asks(self) -> bool:
        """Whether a page stands between the button and the act."""
        return self.form is not None or bool(self.confirm)


def two_lines(first: Any, second: Any, url: str = "") -> SafeString:
    """A cell with a second, quieter line; the first is a link where `url` is given."""
    head = conditional_escape(first)
    if url:
        head = SafeString(f'<a href="{escape(url)}">{head}</a>')
    return SafeString(f'{head}<div class="cw-table__second">{conditional_escape(second)}</div>') if second else head


def opens(words: Any, url: str) -> Any:
    """A figure that opens the rows behind it; nought has none."""
    return SafeString(f'<a href="{escape(url)}">{escape(str(words))}</a>') if words else words


def options(choices: list[tuple[str, Words]], chosen: str) -> SafeString:
    """The options of a select; written here, since a template takes forty times as long over a thousand units."""
    return SafeString(
        "".join(
            f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(str(text))}</option>'
            for key, text in choices
        )
    )
