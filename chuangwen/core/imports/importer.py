"""What an area declares to take in a workbook, and the register of all importers.

The wizard asks an importer for its fields and resolvers, shows what `preview` says would happen,
and calls `write` once, inside one transaction. An importer never sees a file or a request (but
for `context_from`), so the same rows come in the same way from a test, a job or a page.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from chuangwen.core.models import Region, RememberedName
from chuangwen.core.workbooks.likeness import plain
from chuangwen.core.workbooks.mapping import Field
from chuangwen.core.workbooks.names import Resolver
from chuangwen.core.workbooks.rows import ImportRow

Words = str | Promise
Context = Mapping[str, Any]
LINES_KEPT = 200


@dataclass(frozen=True, slots=True)
class Source:
    """The file that rows come from, for the audit entry that `write` makes."""

    name: str
    sha256: str

    def told(self, summary: Summary) -> dict[str, Any]:
        """What the audit entry says of the file and of what came in."""
        return {"file": self.name, "sha256": self.sha256, "new": summary.new, "changed": summary.changed}


@dataclass(frozen=True, slots=True)
class RowFault:
    """What an importer finds wrong with a row beyond its single cells; the field says which cell is named.

    `message` is translated and says fault and way out; the wizard puts the place before it.
    """

    row: int
    field: str
    message: str
    code: str = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One row that is new or changed, for people: `text` says what changes ("电话 8811→8812")."""

    row: int
    kind: str  # new | changed
    name: str
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import does or did. The first LINES_KEPT lines are shown and kept."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    lines: Sequence[Line] = field(default_factory=tuple)

    @classmethod
    def of(cls, lines: Sequence[Line], unchanged: int) -> Summary:
        """The sums of these lines, beside so many that stay as they are."""
        new = sum(line.kind == "new" for line in lines)
        return cls(new, len(lines) - new, unchanged, lines)

    def to_json(self) -> dict[str, Any]:
        lines = [[line.row, line.kind, line.name, line.text, line.url] for line in self.lines[:LINES_KEPT]]
        return {"new": self.new, "changed": self.changed, "unchanged": self.unchanged, "lines": lines}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Summary:
        lines = tuple(Line(*line) for line in kept.get("lines", ()))
        return cls(kept.get("new", 0), kept.get("changed", 0), kept.get("unchanged", 0), lines)


class Importer(ABC):
    """Declares one import. An instance keeps nothing between calls: one serves all requests."""

    key: ClassVar[str]  # in the address: /imports/<key>/
    title: ClassVar[Words]  # names the act: 导入点位
    paper: ClassVar[Words]  # the paper whose columns are asked for: 点位信息表; names the template
    noun: ClassVar[Words]  # what one row is: 处点位
    permission: ClassVar[str]  # must be held over the whole region
    together: ClassVar[tuple[tuple[str, ...], ...]] = ()  # keys of fields that no two rows share as a whole
    came_from: ClassVar[Words]  # the list behind `done_url`: the way back is named after it
    keeps_file: ClassVar[bool] = True  # False: the workbook is given up once its rows are in (private people)
    help: ClassVar[Words] = ""  # what happens to rows that are already there

    def context_from(self, request: HttpRequest) -> dict[str, Any]:
        """What this import needs to know besides the workbook, as plain JSON, from the upload page's address.

        Raises Http404 for what the person may not see.
        """
        return {}

    @abstractmethod
    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        """The columns that are asked for, in the order of the paper."""

    def resolvers(self, region: Region, context: Context) -> dict[str, Resolver]:
        """One for each field of kind `name`. Asked once a dry run: a few queries whatever the rows."""
        return {}

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Hashable, str]]:
        """All (value, label) that a name in field `key` can mean, offered where no candidate fits."""
        return ()

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        """Faults that only show over a row or against the database."""
        return ()

    @abstractmethod
    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        """What `write` would do with these rows now. Changes nothing; no query per row."""

    @abstractmethod
    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        """Take the rows in and audit it. Runs inside the wizard's transaction; the same rows again change nothing.

        Raises Refusal where nothing may be taken in; then everything is undone.
        """

    def remember(self, key: str, text: str, value: Hashable, *, region: Region, actor: Any) -> None:
        """From now on `text` in field `key` means `value`. An area with aliases of its own overrides this."""
        RememberedName.objects.update_or_create(
            region=region, realm=f"{self.key}.{key}", text=plain(text)[:200], defaults={"value": value}
        )

    def begin_url(self, context: Context) -> str:
        """Where another workbook is begun; an importer that takes its context from the address puts it there again."""
        return reverse("core:import", args=[self.key])

    @abstractmethod
    def done_url(self, context: Context) -> str:
        """Where the rows can be seen afterwards; also where the wizard was come from."""


def remembered_names(region: Region, realm: str) -> dict[str, Hashable]:
    """The words that were explained for `realm` ("<importer key>.<field key>"), for `resolver_of`: one query."""
    return dict(RememberedName.objects.filter(region=region, realm=realm).values_list("text", "value"))


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> Importer:
    """Make an importer known under its key. Called from an area's `ready()`."""
    _importers[importer.key] = importer
    return importer


def importer_or_404(key: str) -> Importer:
    """The importer of this key."""
    try:
        return _importers[key]
    except KeyError:
        raise Http404 from None
