"""Word templates of an office: which placeholders they may hold, and where one stands that nobody knows.

A template is somebody's file, so what stands in its braces is treated as hostile: names and comparisons alone are
taken, no call, no filter, no arithmetic, and it is filled in Jinja's sandbox (docs.jinja.dev, Sandbox). What is taken
has been filled once with sample words, since papers of this kind could not be issued with one that cannot. What a paper
knows is its area's vocabulary.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import jinja2
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

UNPACKED_LIMIT = 20 * 1024 * 1024
SHOWN = 40
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that an archive knows
_SAMPLE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)  # a picture of one point
_PARTS = re.compile(r"word/(?P<part>document|header|footer|footnotes|endnotes)\d*\.xml")
_TAG = re.compile(r"\{\{(?P<output>.*?)\}\}|\{%(?P<statement>.*?)%\}", re.DOTALL)
_FOR = re.compile(r"for\s+(?P<name>\w+)\s+in\s+(?P<list>\w+)")
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.For, nodes.If,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip
UNFILLED = (jinja2.TemplateError, TypeError)  # TypeError: things compared that are not alike
# Of zipfile, lxml and python-docx for a file that is cut off, locked, or lacks a part
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, AttributeError, RuntimeError, etree.XMLSyntaxError,
)  # fmt: skip


@runtime_checkable
class Picture(Protocol):
    """What stands in a document as a picture: a file of pixels and its size there, width and height."""

    @property
    def data(self) -> bytes: ...

    @property
    def size_mm(self) -> tuple[float, float]: ...


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of rows that a template repeats. `each` is how the listed example calls one; `pictures` among `words`."""

    name: str
    words: tuple[str, ...]
    each: str = "行"
    pictures: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a kind of paper knows: single words, lists of paragraphs, tables, and records (合计.应办结) with words."""

    single: tuple[str, ...]
    lists: tuple[str, ...] = ()
    tables: tuple[Rows, ...] = ()
    records: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, name: str) -> tuple[str, ...]:
        """The words of a table's rows or of a record; none for another name."""
        return {**{one.name: one.words for one in self.tables}, **self.records}.get(name, ())

    @property
    def whole(self) -> frozenset[str]:
        """Names that stand alone. A record is asked for by its words."""
        return frozenset({*self.single, *self.lists, *(one.name for one in self.tables)})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template. `reason`: unreadable | large | syntax | unknown | forbidden | unfilled; `what` the
    tag or name, `where` the beginning of its paragraph, both "" where no single one is to blame. `part`: document,
    header, footer, footnotes or endnotes; `row`: table and row there, counted from one, None outside of tables."""

    reason: str
    what: str = ""
    where: str = ""
    part: str = "document"
    row: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The placeholders that a template asks for, or what is wrong with it."""

    names: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


class _NamesAlone(ImmutableSandboxedEnvironment):
    """Refuses as it reads, before anything is computed, what is more than a name or a comparison.

    docxtpl fills headers, notes and the file's properties as well, also where no paragraph shows them: all of it is
    read here.
    """

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if any(not isinstance(one, _ALLOWED) for one in tree.find_all(nodes.Node)):
            raise SecurityError("more than a name or a comparison")
        return tree


def sandbox() -> jinja2.Environment:
    """The environment in which templates are filled: nothing of Python is reached, a missing word is an error."""
    return _NamesAlone(autoescape=True, undefined=jinja2.StrictUndefined)


def rendered(template: bytes, values: Mapping[str, Any]) -> bytes:
    """The .docx with its placeholders filled, in the sandbox. Raises one of UNFILLED where it cannot be."""
    document = DocxTemplate(io.BytesIO(template))
    document.render({name: _drawn(document, value) for name, value in values.items()}, sandbox(), autoescape=True)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def filled(template: bytes, values: Mapping[str, Any]) -> bytes:
    """As `rendered`, without the times of its making: the same words are the same bytes."""
    return without_times(rendered(template, values))


def without_times(data: bytes) -> bytes:
    """A .docx without the times of its making, so that the same paper is the same bytes and is kept once."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _drawn(document: DocxTemplate, value: Any) -> Any:
    """The value with its pictures as those of the document, at the size that stands on them."""
    if isinstance(value, list):
        return [_drawn(document, one) for one in value]
    if isinstance(value, dict):
        return {name: _drawn(document, one) for name, one in value.items()}
    if isinstance(value, Picture):
        width, height = value.size_mm
        return InlineImage(document, io.BytesIO(value.data), width=Mm(width), height=Mm(height))
    return value


def check(data: bytes, vocabulary: Vocabulary) -> Checked:
    """Read a .docx as the template of a paper that knows `vocabulary`."""
    try:
        parts = _parts(data)
        if parts is None:
            return Checked(faults=(Fault("large"),))
        names, faults = _read(parts, vocabulary)
        return Checked(tuple(names), tuple(faults or _trial(data, vocabulary)))
    except _UNREADABLE:
        return Checked(faults=(Fault("unreadable"),))


def _read(parts: list[tuple[str, Any]], vocabulary: Vocabulary) -> tuple[dict[str, None], list[Fault]]:
    """What the paragraphs ask for, and their faults, each with its place."""
    paragraphs = [(part, text, row) for part, root in parts for text, row in _paragraphs(root)]
    loops: dict[str, list[str]] = {}  # what a loop's word runs over: several tables may share it
    for _part, text, _row in paragraphs:
        for one in _FOR.finditer(text):
            loops.setdefault(one["name"], []).append(one["list"])
    names: dict[str, None] = {}
    faults: list[Fault] = []
    for part, text, row in paragraphs:
        where = text.strip()[:SHOWN]
        for one in _FOR.finditer(text):
            loops[one["name"]].insert(0, one["list"])  # the loop that was begun last comes first
        found = (fault for tag in _TAG.finditer(text) for fault in _of_tag(tag, loops, vocabulary, names))
        faults += [Fault(fault.reason, fault.what, where, part, row) for fault in found]
    return names, faults


@dataclass(frozen=True, slots=True)
class _Sample:
    data: bytes = _SAMPLE
    size_mm: tuple[float, float] = (1, 1)


def _trial(data: bytes, vocabulary: Vocabulary) -> Iterator[Fault]:
    """The fault that filling the whole file meets, with every word there and with none: a tag may reach over
    paragraphs, a loop may never end, a row's word may stand outside of the rows."""
    try:
        for word in ("一", ""):
            values: dict[str, Any] = dict.fromkeys(vocabulary.single, word)
            values |= {name: [word] * bool(word) for name in vocabulary.lists}
            for table in vocabulary.tables:
                row = {one: _Sample() if one in table.pictures else word for one in table.words}
                values[table.name] = [row] * bool(word)
            values |= {name: dict.fromkeys(words, word) for name, words in vocabulary.records.items()}
            rendered(data, values)
    except SecurityError:
        yield Fault("forbidden")
    except jinja2.TemplateSyntaxError:
        yield Fault("syntax")
    except UNFILLED:
        yield Fault("unfilled")


def _parts(data: bytes) -> list[tuple[str, Any]] | None:
    """The XML of what is filled, with the kind of part; None for a file that unpacks to too much."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(one.file_size for one in archive.infolist()) > UNPACKED_LIMIT:
            return None
        archive.getinfo("word/document.xml")
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        found = [(match["part"], name) for name in archive.namelist() if (match := _PARTS.fullmatch(name))]
        return [(part, etree.fromstring(archive.read(name), parser)) for part, name in found]


def _paragraphs(part: Any) -> Iterator[tuple[str, tuple[int, int] | None]]:
    """The text of each paragraph, tables and boxes too; and in which row of which table it stands."""
    tables = {table: number for number, table in enumerate(part.iter(qn("w:tbl")), 1)}
    for paragraph in part.iter(qn("w:p")):
        row = next(paragraph.iterancestors(qn("w:tr")), None)
        table = None if row is None else next(row.iterancestors(qn("w:tbl")), None)
        place = None if table is None else (tables[table], list(table.iter(qn("w:tr"))).index(row) + 1)
        yield "".join(piece.text or "" for piece in paragraph.iter(qn("w:t"))), place


def _of_tag(
    tag: re.Match[str], loops: dict[str, list[str]], vocabulary: Vocabulary, names: dict[str, None]
) -> Iterator[Fault]:
    """The faults of one tag; what it asks for is added to `names`."""
    text = tag["output"] if tag["output"] is not None else tag["statement"]
    body = re.sub(r"^-?\s*(?:p|tr|tc)\s+", " ", text).strip().strip("-").strip()
    if tag["output"] is None:
        if body in {"endfor", "endif", "else"}:
            return
        whole = {"for": "%s %%}{%% endfor", "if": "%s %%}{%% endif", "elif": "if 1 %%}{%% %s %%}{%% endif"}
        body = whole.get(body.split(" ")[0], "%s") % body
    source = f"{{{{ {body} }}}}" if tag["output"] is not None else f"{{% {body} %}}"
    try:
        tree = sandbox().parse(source)
    except jinja2.TemplateSyntaxError:
        yield Fault("syntax", tag[0])
    except SecurityError:
        yield Fault("forbidden", tag[0])
    else:
        yield from _unknown(tree, loops, vocabulary, names)


def _unknown(
    tree: nodes.Template, loops: dict[str, list[str]], vocabulary: Vocabulary, names: dict[str, None]
) -> Iterator[Fault]:
    holders = {id(one.node) for one in tree.find_all(nodes.Getattr)}
    for one in tree.find_all(nodes.Getattr):
        holder = one.node.name if isinstance(one.node, nodes.Name) else ""
        lists = [holder] if holder in vocabulary.records else loops.get(holder, [])
        whole = next((name for name in lists if one.attr in vocabulary.of(name)), None)
        if whole is not None:
            names[f"{whole}.{one.attr}"] = None
        else:
            yield Fault("unknown", f"{holder}.{one.attr}")
    for name in tree.find_all(nodes.Name):
        if name.ctx == "store" or name.name in loops or (name.name in vocabulary.records and id(name) in holders):
            continue
        if name.name in vocabulary.whole or name.name in vocabulary.records:
            names[name.name] = None
        else:
            yield Fault("unknown", name.name)


def known(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Every placeholder with how it is written, for the page that lists them: each line is a paragraph or row."""
    found = [(name, f"{{{{ {name} }}}}") for name in vocabulary.single]
    found += [(name, f"{{%p for 段 in {name} %}}\n{{{{ 段 }}}}\n{{%p endfor %}}") for name in vocabulary.lists]
    for table in vocabulary.tables:
        found.append((table.name, f"{{%tr for {table.each} in {table.name} %}}\n…\n{{%tr endfor %}}"))
        found += [(f"{table.name}.{word}", f"{{{{ {table.each}.{word} }}}}") for word in table.words]
    return found + [
        (f"{name}.{word}", f"{{{{ {name}.{word} }}}}") for name, words in vocabulary.records.items() for word in words
    ]
