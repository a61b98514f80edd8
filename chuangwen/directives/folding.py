"""Full-width signs, digits and letters as their ASCII twins, one to one, so that offsets hold.

Chinese papers mix both widths freely; every rule of reading is written for the ASCII form and asked of folded text.
"""

from __future__ import annotations

import re
from typing import Final

_WIDE: Final = range(0xFF01, 0xFF5F)
FOLD: Final = {code: code - 0xFEE0 for code in _WIDE} | {0x3000: 0x20, 0xA0: 0x20, 0x2236: 0x3A, 0xFE55: 0x3A}
_TWINS: Final = {chr(code): chr(twin) for code, twin in FOLD.items()}
_FOLDED: Final = re.compile(f"[{''.join(_TWINS)}]")


def fold(text: str) -> str:
    """`text` with full-width forms and wide spaces as ASCII; as long as before."""
    for wide in set(_FOLDED.findall(text)):
        text = text.replace(wide, _TWINS[wide])
    return text
