"""Writes a document as YAML that people like to read and that never changes without a reason.

Small mappings and lists stand on one line, nodes and checks are spread out, long texts are literal
blocks. A text goes unquoted only where it is beyond doubt a text to every YAML reader, old or new;
codes such as 1.10 and words such as yes are always quoted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chuangwen.standards.fileformat.cells import number_text

_WIDTH: Final = 100
_SPREAD: Final = {"nodes", "children", "checks"}  # one key a line, however short
# Starts with a letter or an ideograph; inside, nothing that has a meaning to YAML.
_PLAIN: Final = re.compile(r"[A-Za-z\u4e00-\u9fff](?:[\w 、。，；（）《》“”·%/.+-]*[\w。）》”%])?")
_PLAIN_WITHIN: Final = re.compile(r"[1-9][0-9]{0,4}[hd]")
_NOT_TEXT: Final = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_URN: Final = re.compile(r"urn(:[A-Za-z0-9][\w.-]*)+", re.ASCII)
# What JSON lets stand and YAML readers fold or refuse.
_ESCAPE: Final = re.compile(r"[\x7f-\xa0\u2028\u2029\ufeff]")
_BLOCK_LINE: Final = re.compile(r"[^\s\x7f-\xa0\u2028\u2029\ufeff](?:[^\n\t\x7f-\xa0\u2028\u2029\ufeff]*\S)?")


def yaml_of(document: Mapping[str, Any]) -> str:
    """The document as YAML 1.2, ending in a line feed."""
    return "\n".join(_mapping_lines(document, "")) + "\n"


def _mapping_lines(mapping: Mapping[str, Any], indent: str) -> list[str]:
    lines = []
    for key, value in mapping.items():
        lines += _entry_lines(key, value, indent)
    return lines


def _entry_lines(key: str, value: Any, indent: str) -> list[str]:
    start = f"{indent}{_scalar(key)}:"
    if isinstance(value, str) and "\n" in value and _is_block(value):
        return [f"{start} |-", *(f"{indent}  {line}" if line else "" for line in value.split("\n"))]
    if _is_rows(value):
        lines = [start]
        for row in value:
            lines += _item_lines(row, f"{indent}  ", spread=key in _SPREAD)
        return lines
    return [f"{start} {_flow(value)}"]


def _item_lines(row: Mapping[str, Any], indent: str, *, spread: bool) -> list[str]:
    one_line = f"{indent}- {_flow(row)}"
    if not spread and len(one_line) <= _WIDTH:
        return [one_line]
    first, *rest = _mapping_lines(row, f"{indent}  ")
    return [f"{indent}- {first.lstrip()}", *rest]


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _is_block(text: str) -> bool:
    """Whether a literal block holds the text exactly: no line begins or ends in white space."""
    lines = text.split("\n")
    return bool(lines[0]) and bool(lines[-1]) and all(not line or _BLOCK_LINE.fullmatch(line) for line in lines)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(float(value))
    text = str(value)
    if _is_plain(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPE.sub(lambda sign: f"\\u{ord(sign.group()):04x}", quoted)


def _is_plain(text: str) -> bool:
    if _URN.fullmatch(text) or _PLAIN_WITHIN.fullmatch(text):
        return True
    return bool(_PLAIN.fullmatch(text)) and text.lower() not in _NOT_TEXT
