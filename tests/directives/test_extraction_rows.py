"""What the engine finds in ten documents, row for row: a change of the rules shows what it changes.

The rows are what was found and looked at, not what people marked (test_extraction_figures.py). After a change
that is meant, write them anew and read the difference:

    .venv/bin/python -m tests.directives.test_extraction_rows
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chuangwen.directives.extraction import extract
from chuangwen.directives.reading import read_document

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "chuangwen" / "config" / "demo" / "content"
FILES = sorted([*(HERE / "documents").glob("*.txt"), *DEMO.glob("*.txt"), HERE / "files" / "table.txt"])
ROWS = HERE / "files" / "found.jsonl"


def rows(path: Path) -> list[dict[str, object]]:
    found = extract(read_document(path.name, path.read_bytes()))
    return [each.as_row() | {"inherited": each.inherited, "headings": list(each.headings)} for each in found]


@pytest.fixture(scope="module")
def kept():
    return [json.loads(line) for line in ROWS.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_found_is_what_was_found_before(path, kept):
    assert rows(path) == [row for row in kept if row["doc"] == path.name]


if __name__ == "__main__":
    lines = [json.dumps(row, ensure_ascii=False) for path in FILES for row in rows(path)]
    ROWS.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
