"""Word templates of an office: which placeholders they may hold, and where one stands that nobody knows.

A template is somebody's file, so what stands in its braces is treated as hostile: names and comparisons alone are
taken, no call, no filter, no arithmetic, and it is filled in Jinja's sandbox (docs.jinja.dev, Sandbox). What is taken
has been filled once with sample words, since papers of this kind could not be issued with one that cannot.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jinja2
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from chuangwen.reports.paper import Photo

UNPACKED_LIMIT = 20 * 1024 * 1024
SHOWN = 40
# What a paper knows: single words, lists of lines, and the table's rows
SINGLE = ("标题", "文号", "发文机关", "主送", "期间", "统计截止", "成文日期", "签发人", "抄送")
LINES = ("正文", "口径")
ROWS = "表"
TOTAL = "合计"
PHOTOS, PHOTO_WORDS = "图", ("前", "后", "问题", "点位", "单位", "整改前", "整改后")
_SAMPLE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)  # a picture of one point
_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
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


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template. `reason`: unreadable | large | syntax | unknown | forbidden | unfilled; `what` the
    tag or name, `where` the beginning of its paragraph, both "" where no single one is to blame."""

    reason: str
    what: str = ""
    where: str = ""


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


def _drawn(document: DocxTemplate, value: Any) -> Any:
    """The value with its photos as pictures of the document, at the size that stands on them."""
    if isinstance(value, list):
        return [_drawn(document, one) for one in value]
    if isinstance(value, dict):
        return {name: _drawn(document, one) for name, one in value.items()}
    if isinstance(value, Photo):
        width, height = value.size_mm
        return InlineImage(document, io.BytesIO(value.data), width=Mm(width), height=Mm(height))
    return value


def check(data: bytes, columns: Collection[str]) -> Checked:
    """Read a .docx as a template; `columns` are the words that a row of the table knows."""
    try:
        parts = _parts(data)
        if parts is None:
            return Checked(faults=(Fault("large"),))
        names, faults = _read(parts, columns)
        return Checked(tuple(names), tuple(faults or _trial(data, columns)))
    except _UNREADABLE:
        return Checked(faults=(Fault("unreadable"),))


def _read(parts: list[Any], columns: Collection[str]) -> tuple[dict[str, None], list[Fault]]:
    """What the paragraphs ask for, and their faults, each with its place."""
    paragraphs = [text for part in parts for text in _paragraphs(part)]
    loops = {found["name"]: found["list"] for text in paragraphs for found in _FOR.finditer(text)}
    names: dict[str, None] = {}
    faults: list[Fault] = []
    for text in paragraphs:
        where = text.strip()[:SHOWN]
        found = (fault for tag in _TAG.finditer(text) for fault in _of_tag(tag, loops, columns, names))
        faults += [Fault(fault.reason, fault.what, where) for fault in found]
    return names, faults


def _trial(data: bytes, columns: Collection[str]) -> Iterator[Fault]:
    """The fault that filling the whole file meets, with every word there and with none: a tag may reach over
    paragraphs, a loop may never end, a row's word may stand outside of the rows."""
    try:
        for word in ("一", ""):
            row, rows = dict.fromkeys(columns, word), bool(word)
            pair: dict[str, Any] = dict.fromkeys(PHOTO_WORDS, word)
            pair |= dict.fromkeys(PHOTO_WORDS[:2], Photo(_SAMPLE, 1, 1, word))
            rendered(data, {**dict.fromkeys(SINGLE, word), **dict.fromkeys(LINES, [word] * rows), ROWS: [row] * rows,
                            TOTAL: row, PHOTOS: [pair] * rows})  # fmt: skip
    except SecurityError:
        yield Fault("forbidden")
    except jinja2.TemplateSyntaxError:
        yield Fault("syntax")
    except UNFILLED:
        yield Fault("unfilled")


def _parts(data: bytes) -> list[Any] | None:
    """The XML of what is filled; None for a file that unpacks to too much."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(one.file_size for one in archive.infolist()) > UNPACKED_LIMIT:
            return None
        archive.getinfo("word/document.xml")
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return [etree.fromstring(archive.read(name), parser) for name in archive.namelist() if _PARTS.fullmatch(name)]


def _paragraphs(part: Any) -> Iterator[str]:
    """The text of each paragraph, tables and boxes too."""
    for paragraph in part.iter(qn("w:p")):
        yield "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))


def _of_tag(
    tag: re.Match[str], loops: dict[str, str], columns: Collection[str], names: dict[str, None]
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
        yield from _unknown(tree, loops, columns, names)


def _unknown(
    tree: nodes.Template, loops: dict[str, str], columns: Collection[str], names: dict[str, None]
) -> Iterator[Fault]:
    holders = {id(one.node) for one in tree.find_all(nodes.Getattr)}
    for one in tree.find_all(nodes.Getattr):
        holder = one.node.name if isinstance(one.node, nodes.Name) else ""
        whole = TOTAL if holder == TOTAL else loops.get(holder, "")
        if one.attr in {ROWS: columns, TOTAL: columns, PHOTOS: PHOTO_WORDS}.get(whole, ()):
            names[f"{whole}.{one.attr}"] = None
        else:
            yield Fault("unknown", f"{holder}.{one.attr}")
    for name in tree.find_all(nodes.Name):
        if name.ctx == "store" or name.name in loops or (name.name == TOTAL and id(name) in holders):
            continue
        if name.name in {*SINGLE, *LINES, ROWS, TOTAL, PHOTOS}:
            names[name.name] = None
        else:
            yield Fault("unknown", name.name)


def known(columns: Sequence[str]) -> list[tuple[str, str]]:
    """Every placeholder with how it is written, for the page that lists them: each line is a paragraph or row."""
    found = [(name, f"{{{{ {name} }}}}") for name in SINGLE]
    found += [(name, f"{{%p for 段 in {name} %}}\n{{{{ 段 }}}}\n{{%p endfor %}}") for name in LINES]
    found.append((ROWS, f"{{%tr for 行 in {ROWS} %}}\n…\n{{%tr endfor %}}"))
    found += [(f"{ROWS}.{column}", f"{{{{ 行.{column} }}}}") for column in columns]
    found += [(f"{TOTAL}.{column}", f"{{{{ {TOTAL}.{column} }}}}") for column in columns]
    found.append((PHOTOS, f"{{%tr for 对 in {PHOTOS} %}}\n…\n{{%tr endfor %}}"))
    return found + [(f"{PHOTOS}.{word}", f"{{{{ 对.{word} }}}}") for word in PHOTO_WORDS]
