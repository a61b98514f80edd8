"""How well and how quickly documents are read for directives, beside a plain rule of one word.

Each text is read with weights learned without it and without its tenth of the texts (scripts/learn_directives.py), so
that nothing is measured on what it was learned from. The plain rule takes every sentence with 要, 必须 or 应当.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import learn_directives as learning

from chuangwen.directives.cleaning import clean_text
from chuangwen.directives.extraction import extract
from chuangwen.directives.extraction.labelling import weights
from chuangwen.directives.extraction.leading import leading_weights
from chuangwen.directives.reading import Document
from tests.directives.agreement import evaluate

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "tests" / "directives" / "documents"
GIVEN = ROOT.parent / "shared" / "documents"
LEARNED = (OWN, *(OWN / name for name in ("papers", "meetings", "addresses", "sentences")))
HELD = (OWN / "spoken", OWN / "talks", OWN / "others")  # never learned from
VERSIONS = [frozenset({"speech-16.txt", "speech-18.txt"})]
_SENTENCE = re.compile(r"[^。!?;！？；\n]+")
_PLAIN = re.compile(r"要|必须|应当")


@dataclass(frozen=True, slots=True)
class Reading:
    """F1 figures by set (evaluate's names), those of the plain rule, and characters a second of processor time."""

    engine: dict[str, dict[str, float]]
    plain: dict[str, dict[str, float]]
    speed: float
    cleaning: float


def measured() -> Reading:
    """Learn, read and time; about a minute and a half of one core."""
    texts = [text for folder in LEARNED for text in learning.read_marked(folder / "directives.jsonl")]
    if GIVEN.is_dir():
        texts += [learning.twice(text) for text in learning.read_marked(GIVEN / "directives.jsonl")]
    found = learning.across(texts, VERSIONS)
    held = [text for folder in HELD for text in learning.read_marked(folder / "directives.jsonl")]
    found += learning.found(held, learning.Learned(weights(), leading_weights()))
    sets: dict[str, list[Any]] = {}
    for text in texts + held:
        sets.setdefault(_named(text.name), []).append(text)
    sets["left out, together"] = [text for text in texts if not text.name.startswith("sentences/")]
    engine = {name: _agreement(members, found) for name, members in sets.items()}
    crude = [row for text in texts + held for row in _plain_rows(text)]
    plain = {name: _agreement(members, crude) for name, members in sets.items()}
    return Reading(engine, plain, *_timed([text.document.text for text in texts]))


def _named(name: str) -> str:
    folder = name.partition("/")[0]
    own = {"documents": "given speeches" if GIVEN.is_dir() and name.startswith("documents/speech-") else "own, first"}
    held = any(folder == each.name for each in HELD)
    return own.get(folder, f"own, {folder} (never learned from)" if held else f"own, {folder}")


def _agreement(texts: list[Any], rows: list[dict[str, Any]]) -> dict[str, float]:
    names = {text.name for text in texts}
    marks = [mark | {"doc": text.name} for text in texts for mark in text.marks]
    return evaluate(marks, [row for row in rows if row["doc"] in names])


def _plain_rows(text: Any) -> list[dict[str, Any]]:
    return [
        {"doc": text.name, "start": match.start(), "end": match.end(), "lead": [], "cooperate": [], "targets": []}
        for match in _SENTENCE.finditer(text.document.text)
        if _PLAIN.search(match[0])
    ]


def _timed(texts: list[str]) -> tuple[float, float]:
    whole = "\n".join(texts)  # no text twice: what was read before would be remembered
    started = time.process_time()
    extract(Document("all.txt", whole, "txt"))
    read = time.process_time() - started
    started = time.process_time()
    clean_text(whole)
    return len(whole) / read, len(whole) / (time.process_time() - started)
