"""A value that does not fit its field, and the cleaning that every kind of value needs first."""

from __future__ import annotations

import unicodedata


class Misfit(Exception):  # noqa: N818  (a value's, not the program's, mistake)
    """A value does not fit its field. The texts end a sentence that begins with the place."""

    def __init__(self, code: str, message: str, message_zh: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.message_zh = message_zh


def clean(text: str) -> str:
    """Text without what nobody typed on purpose: control characters, odd blanks, blanks at line ends."""
    if text.isprintable():  # no line ends, control characters or odd blanks: nearly every cell
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(" " if mark in "\t\u00a0\u3000" else mark for mark in line if _visible(mark)) for line in lines)
    return "\n".join(line.strip() for line in kept).strip()


def _visible(mark: str) -> bool:
    return mark == "\t" or unicodedata.category(mark) not in ("Cc", "Cf", "Cs")


def half_width(text: str) -> str:
    """Full-width letters, digits and marks made half width; Ⅱ, ① and the like stay, unlike in NFKC."""
    return "".join(chr(ord(mark) - 0xFEE0) if "\uff01" <= mark <= "\uff5e" else mark for mark in text)
