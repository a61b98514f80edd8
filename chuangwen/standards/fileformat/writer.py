"""Writes a standard as YAML, JSON or an Excel workbook; the three say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from chuangwen.standards.fileformat.document import document_of
from chuangwen.standards.fileformat.reader import SUFFIXES
from chuangwen.standards.fileformat.workbook_text import workbook_of
from chuangwen.standards.fileformat.yaml_text import yaml_of
from chuangwen.standards.tree import Standard

FORMATS: Final = ("yaml", "json", "xlsx")


def write_standard(standard: Standard, target: Path | str) -> bytes:
    """The standard as a file; `target` is a format of FORMATS, or a path that is written as well.

    The format of a path follows from its suffix. `standard` must be free of faults, as read_standard
    returns it. Raises ValueError for an unknown format, OSError where the path cannot be written.
    """
    if isinstance(target, str) and target in FORMATS:
        return _content(standard, target)
    path = Path(target)
    file_format = SUFFIXES.get(path.suffix.lower())
    if file_format is None:
        raise ValueError(f"{path.name}: the format is not known; end the name in .yaml, .json or .xlsx")
    content = _content(standard, file_format)
    path.write_bytes(content)
    return content


def _content(standard: Standard, file_format: str) -> bytes:
    if file_format == "xlsx":
        return workbook_of(standard)
    document = document_of(standard)
    if file_format == "json":
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    return yaml_of(document).encode()
