"""Reads the demo's words: units, places, texts of problems, people, tasks, documents."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent / "content"


@cache
def words(name: str) -> dict[str, Any]:
    """One YAML file of content/ as plain data."""
    return YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def table(name: str) -> bytes:
    """One register of content/ as the office's workbook would be uploaded."""
    return (FOLDER / f"{name}.csv").read_bytes()


def document(name: str) -> bytes:
    """One document as it would be uploaded."""
    return (FOLDER / f"{name}.txt").read_bytes()
