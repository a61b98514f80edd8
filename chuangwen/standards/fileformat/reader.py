"""Reads a standard file of any format: bytes in, a Standard or all its faults out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from chuangwen.standards.fileformat.assembly import assemble
from chuangwen.standards.fileformat.faults import FaultList, FaultyStandard, UnreadableFileError
from chuangwen.standards.fileformat.json_source import read_json
from chuangwen.standards.fileformat.raw import FORBIDDEN, MAX_FILE_BYTES, Raw
from chuangwen.standards.fileformat.workbook_source import read_workbook
from chuangwen.standards.fileformat.yaml_source import read_yaml
from chuangwen.standards.tree import Standard

SUFFIXES: Final = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".xlsx": "xlsx"}


def read_standard(source: Path | str | bytes, name: str = "") -> Standard:
    """The standard in a file (a path) or in its content (bytes; `name` tells the format by its suffix).

    Raises FaultyStandard with all faults; OSError where a path cannot be read.
    """
    path = None if isinstance(source, bytes) else Path(source)
    faults = FaultList()
    try:
        file_format = _format_of(name or (path.name if path else ""), faults)
        standard = assemble(_read_raw(source, path, file_format, faults), faults, workbook=file_format == "xlsx")
    except UnreadableFileError:
        raise FaultyStandard(faults.in_reading_order()) from None
    if faults:
        raise FaultyStandard(faults.in_reading_order())
    return standard


def _format_of(name: str, faults: FaultList) -> str:
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise faults.stop("format", "file", value=suffix or "?")
    return SUFFIXES[suffix]


def _read_raw(source: Path | str | bytes, path: Path | None, file_format: str, faults: FaultList) -> Raw | None:
    if path is not None:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    else:
        content = source if isinstance(source, bytes) else b""
    if len(content) > MAX_FILE_BYTES:
        raise faults.stop("too-large", "file", limit=f"{MAX_FILE_BYTES // 1024 // 1024} MB")
    if file_format == "xlsx":
        return read_workbook(content, faults)
    text = _decode(content, faults)
    return read_json(text, faults) if file_format == "json" else read_yaml(text, faults)


def _decode(content: bytes, faults: FaultList) -> str:
    """UTF-8 with or without a mark; anything else is refused with a guess at what it is."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise faults.stop("encoding", f"line {line}", guess=_guess(content)) from error
    forbidden = FORBIDDEN.search(text)
    if forbidden:
        line = text.count("\n", 0, forbidden.start()) + 1
        raise faults.stop("control-character", f"line {line}", value=f"U+{ord(forbidden.group()):04X}")
    return text


def _guess(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return " (UTF-16)"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return " (GBK / GB18030)"
