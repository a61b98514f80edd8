"""What a task is called: the deed without the words of its deadline, which stands beside it and may be moved. Pure."""

from __future__ import annotations

import re
from typing import Final

LEAST: Final = 4  # characters that a title still says
_DONE: Final = re.compile("[，,](?:全部|全面|务必)?完成$")  # 修补破损路面，于月底前完成
_SPAN: Final = re.compile("至|到|起|—|-|~|、")  # 11月20日至12月10日 says more than when it ends


def undated(deed: str, deadline: str) -> str:
    """The deed as it is called where its deadline, in the document's own words, stands beside it.

    A stretch of days stays, and so does a deed of which hardly anything would be left.
    """
    words = deadline.strip()
    if not words or words not in deed or _SPAN.search(words):
        return deed
    found = re.search(rf"[在于]?{re.escape(words)}(?!的|后|起|至|到)[，,、]?", deed)
    if found is None:
        return deed
    before, after = deed[: found.start()], deed[found.end() :]
    if not after.strip("。；;，, "):  # at the end: the comma before it goes along
        before = before.rstrip("，,、 ")
    left = _DONE.sub("", (before + after).strip())
    return left if len(left) >= LEAST else deed
