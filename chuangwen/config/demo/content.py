"""Reads the demo's words: units, places, texts of problems, people, tasks, documents."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.tree import Standard

FOLDER = Path(__file__).parent / "content"


@cache
def words(name: str) -> dict[str, Any]:
    """One YAML file of content/ as plain data."""
    return YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def standard(name: str) -> Standard:
    """One of the standards that come with the program; both regions strive by the same one for units."""
    data = files("chuangwen.standards").joinpath(f"data/{name}.yaml").read_bytes()
    return read_standard(data, f"{name}.yaml")


def table(name: str) -> bytes:
    """One register of content/ as the office's workbook would be uploaded."""
    return (FOLDER / f"{name}.csv").read_bytes()


def document(name: str) -> bytes:
    """One document as it would be uploaded."""
    return (FOLDER / f"{name}.txt").read_bytes()
