"""Keeps the words of the screens: msgids are English in the source, translations lie in each area's locale/.

Without an option it brings every chuangwen/<area>/locale/zh_Hans/LC_MESSAGES/django.po up to
date with the source and compiles it. The files hold neither dates nor line numbers and are
sorted, so that two people's changes merge. A msgid that another area has already translated
takes that translation along. English needs no file: its words are the msgids.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "chuangwen"
LOCALE = "zh_Hans"
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
HEADER = """msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
CHINESE = re.compile(r"[\u3400-\u9fff]")
Key = tuple[str, str]  # context, msgid


@dataclass(frozen=True)
class Area:
    """One folder of the package with its words."""

    name: str
    folder: Path

    @property
    def po(self) -> Path:
        return self.folder / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def areas(package: Path = PACKAGE) -> list[Area]:
    """Every folder that is a Django app, by name."""
    return [Area(path.parent.name, path.parent) for path in sorted(package.glob("*/apps.py"))]


def messages_in(path: Path) -> Iterator[tuple[str, Any]]:
    """(context, msgid or (singular, plural)) for each message of a source file; variables are passed over."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = _template_as_python(text, str(path))
    for _line, words, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        yield context or "", words


def unread_in(path: Path) -> list[str]:
    """The messages inside an f-string of a Python file, as "line: call": whoever extracts does not look there."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = (part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node))
    calls = (part for part in parts if isinstance(part, ast.Call) and _is_message(part))
    return list(dict.fromkeys(f"{call.lineno}: {ast.unparse(call)}" for call in calls))  # a format is a string in one


def _is_message(call: ast.Call) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    return name in KEYWORDS


def _template_as_python(text: str, origin: str) -> str:
    """The template's messages as calls. Django blanks all else out; indentation would be Python's business."""
    from django.utils.translation.template import templatize

    return "\n".join(line.strip() for line in templatize(text, origin=origin).splitlines())


def sources(area: Area) -> Iterator[Path]:
    """Python files and templates of an area, tests and migrations left out."""
    for pattern in ("*.py", "templates/**/*.html", "templates/**/*.txt"):
        for path in sorted(area.folder.rglob(pattern)):
            if "migrations" not in path.parts:
                yield path


def extracted(area: Area) -> Catalog:
    """The messages of an area as an untranslated catalog."""
    catalog = _empty()
    for path in sources(area):
        try:
            for context, words in messages_in(path):
                catalog.add(words, context=context or None)
        except (SyntaxError, ValueError) as error:
            sys.exit(f"{path}: {error}")
    return catalog


def _empty() -> Catalog:
    return Catalog(locale=LOCALE, domain="django", charset="utf-8")


def read(path: Path) -> Catalog:
    """The catalog in a .po, empty where there is none."""
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, domain="django", charset="utf-8")


def key_of(message: Message) -> Key:
    words = message.id
    return message.context or "", str(words[0]) if isinstance(words, list | tuple) else str(words)


def translated(message: Message) -> bool:
    """Whether every form is there and nobody marked it as doubtful."""
    forms = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(forms) and "fuzzy" not in message.flags


def merged(source: Catalog, kept: Catalog, others: Iterable[Catalog]) -> Catalog:
    """The messages of `source` with their translations from `kept`, else from another area."""
    known: dict[Key, Message] = {}
    for catalog in (*others, kept):
        known |= {key_of(message): message for message in catalog if message.id and translated(message)}
    doubtful = {key_of(message): message for message in kept if message.id and "fuzzy" in message.flags}
    result = _empty()
    for message in source:
        if not message.id:
            continue
        old = known.get(key_of(message)) or doubtful.get(key_of(message))
        added = result.add(message.id, context=message.context)
        if old:
            added.string = _as_form(old.string, plural=isinstance(message.id, list | tuple))
            added.flags |= old.flags & {"fuzzy"}
    return result


def _as_form(string: Any, *, plural: bool) -> Any:
    """Chinese has one form: a tuple of one for messages with a plural."""
    one = string[0] if isinstance(string, list | tuple) else string
    return (one,) if plural else one


def po_text(catalog: Catalog) -> str:
    """The .po as it lies in the repository."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return HEADER + buffer.getvalue().decode("utf-8")


def update(found: list[Area]) -> list[str]:
    """Write each area's .po anew; the places that still want words."""
    catalogs = {area.name: read(area.po) for area in areas()}
    wanting = []
    for area in found:
        source = extracted(area)
        if not any(message.id for message in source):
            area.po.unlink(missing_ok=True)
            continue
        new = merged(source, catalogs[area.name], [c for name, c in catalogs.items() if name != area.name])
        area.po.parent.mkdir(parents=True, exist_ok=True)
        text = po_text(new)
        if not area.po.exists() or area.po.read_text(encoding="utf-8") != text:
            area.po.write_text(text, encoding="utf-8")
        wanting += [f"{area.po.relative_to(ROOT)}: {key_of(m)[1]!r}" for m in new if m.id and not translated(m)]
    return wanting


def faults(found: list[Area]) -> list[str]:
    """What is wrong with the words, each with its place: stale files, empty or doubtful translations,
    placeholders that differ, msgids in Chinese, one msgid with two translations, words inside an f-string.
    """
    catalogs = {area.name: read(area.po) for area in found}
    said: dict[Key, tuple[str, str]] = {}
    wrong = []
    for area in found:
        place = area.po.relative_to(ROOT) if area.po.is_relative_to(ROOT) else area.po
        for path in (one for one in sources(area) if one.suffix == ".py"):
            way_out = "stands in an f-string, where nobody extracts it; name it before"
            wrong += [f"{path.relative_to(area.folder.parent)}:{fault} {way_out}" for fault in unread_in(path)]
        source = extracted(area)
        wanted = {key_of(message) for message in source if message.id}
        present = {key_of(message) for message in catalogs[area.name] if message.id}
        wrong += [f"{place}: {msgid!r} is missing; run make messages" for _c, msgid in sorted(wanted - present)]
        wrong += [f"{place}: {msgid!r} is no longer used; run make messages" for _c, msgid in sorted(present - wanted)]
        for message in catalogs[area.name]:
            if message.id and key_of(message) in wanted:
                wrong += [f"{place}: {key_of(message)[1]!r} {fault}" for fault in _message_faults(message)]
                wrong += _contradiction(message, area.name, said)
    return wrong


def _message_faults(message: Message) -> list[str]:
    if not translated(message):
        return ["has no translation, or a doubtful one"]
    wrong = ["is not English"] if CHINESE.search(key_of(message)[1]) else []
    ids = message.id if isinstance(message.id, list | tuple) else [message.id]
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    known = {name for text in ids for name in _placeholders(str(text))}
    for text in strings:
        said = _placeholders(str(text))
        if said - known or (len(ids) == 1 and known - said):
            wrong.append(f"has other placeholders than {str(text)!r}")
    return wrong


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[#0\- +.\d]*[a-zA-Z]|%[sd]|\{\w*\}", text))


def _contradiction(message: Message, area: str, said: dict[Key, tuple[str, str]]) -> list[str]:
    """All catalogs become one when the program starts, so one msgid has one translation."""
    text = str(_as_form(message.string, plural=False))
    other, known = said.setdefault(key_of(message), (area, text))
    if known == text:
        return []
    way_out = "say it alike or tell them apart with pgettext"
    return [f"{key_of(message)[1]!r} is {known!r} in {other} and {text!r} in {area}; {way_out}"]


def compile_all(found: list[Area]) -> None:
    """Write each .mo beside its .po, whole or not at all."""
    for area in found:
        target = area.po.with_suffix(".mo")
        if not area.po.exists():
            target.unlink(missing_ok=True)
            continue
        buffer = io.BytesIO()
        write_mo(buffer, read(area.po))
        if not target.exists() or target.read_bytes() != buffer.getvalue():
            temporary = target.with_suffix(f".{os.getpid()}")
            temporary.write_bytes(buffer.getvalue())
            temporary.replace(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; name every fault and end with 1")
    parser.add_argument("--compile", action="store_true", help="only compile")
    parser.add_argument("areas", nargs="*", help="only these areas")
    chosen = parser.parse_args()
    found = [area for area in areas() if not chosen.areas or area.name in chosen.areas]
    if chosen.check:
        wrong = faults(found)
        print("\n".join(wrong) or "words: all there")
        sys.exit(1 if wrong else 0)
    if not chosen.compile:
        wanting = update(found)
        print("\n".join(wanting))
        print(f"words: {len(wanting)} to translate" if wanting else "words: all there")
    compile_all(found)


if __name__ == "__main__":
    main()
