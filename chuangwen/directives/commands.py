"""The command line of directives: `chuangwen directives extract FILE...`. Needs no database and no Django."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

from chuangwen.directives.extraction import Directive, extract
from chuangwen.directives.reading import UnreadableDocument, read_document

_COLUMNS = (("offset", 12), ("kind", 10), ("lead", 28), ("due", 16), ("often", 16), ("action", 60))


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Register `directives` with its verbs on the program's subparsers; `args.run(args)` returns the exit code."""
    told = "read documents for what they ask of whom"
    area = subparsers.add_parser("directives", help=told, description=f"{told.capitalize()}.")
    verbs = area.add_subparsers(dest="verb", required=True, metavar="VERB")
    parser = verbs.add_parser(
        "extract",
        help="print the directives of documents",
        description="Print each directive as a JSON line with offsets into the document's own text. "
        "txt, docx, doc, wps, rtf, pdf with text and html are told apart by content.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--format", choices=("jsonl", "table"), default="jsonl", help="for programs or for eyes (default: jsonl)"
    )
    parser.set_defaults(run=run_extract)


def run_extract(args: argparse.Namespace) -> int:
    """Print the directives of every readable file; 1 when any file could not be read, else 0."""
    failed = False
    for path in args.files:
        try:
            document = read_document(path.name, path.read_bytes())
        except UnreadableDocument as refusal:
            sys.stderr.write(f"{refusal}\n")
            failed = True
            continue
        except OSError as error:
            sys.stderr.write(f"无法打开 {path}（{error.strerror}）。请检查路径和权限。\n")
            failed = True
            continue
        directives = extract(document)
        if not directives:
            sys.stderr.write(f"{path}：没有找到部署。\n")
        sys.stdout.write(_table(document.name, directives) if args.format == "table" else _lines(directives))
    return 1 if failed else 0


def _lines(directives: list[Directive]) -> str:
    return "".join(json.dumps(each.as_row(), ensure_ascii=False) + "\n" for each in directives)


def _table(name: str, directives: list[Directive]) -> str:
    rows = [f"{name}: {len(directives)}", "  ".join(_padded(title, width) for title, width in _COLUMNS)]
    for each in directives:
        cells = (
            f"{each.start}-{each.end}",
            each.kind,
            "、".join(each.lead),
            each.deadline or "",
            each.frequency or "",
            each.action,
        )
        padded = (_padded(cell, width) for cell, (_, width) in zip(cells, _COLUMNS, strict=True))
        rows.append("  ".join(padded).rstrip())
    return "\n".join(rows) + "\n"


def _padded(text: str, width: int) -> str:
    """`text` cut and padded to `width` terminal columns; a Chinese character takes two."""
    shown, used = "", 0
    for char in text.replace("\n", " "):
        columns = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used + columns > width:
            break
        shown += char
        used += columns
    return shown + " " * (width - used)
