"""What kind of organization a unit is, by its name where that is plain. Only ever proposed; a person confirms. Pure."""

from __future__ import annotations

import re
from typing import Final

PARTY, ADMINISTRATION, MASS = "party", "administration", "mass"
_NAMES: Final = (
    # 校工会办公室 is of the union and 团支部 of the youth league: mass organizations are looked for first
    (MASS, re.compile(
        "工会|共青团|团委|团工委|团总支|团支部|妇联|妇委会|妇女委员会|学生会|学联|少先队|少工委|志愿服务队|志愿者"
    )),
    ("", re.compile("党政")),  # 党政办 is of both
    (PARTY, re.compile("党|支部|总支|纪委")),
    (ADMINISTRATION, re.compile("办公室|行政|后勤|总务|[科处局]$|[科处局](?:室|办)$")),
)  # fmt: skip


def proposed_kind(name: str) -> str:
    """The kind of organization that a unit's name says, as OrgKind; "" where it says none or two."""
    return next((kind for kind, names in _NAMES if names.search(name)), "")


_LEADS: Final = {
    PARTY: ("党委办公室", "委办公室", "党办", "党委", "党群", "党总支"),
    ADMINISTRATION: ("政府办公室", "行政办公室", "校办公室", "综合办公室", "办公室", "综合科"),
    MASS: ("总工会", "工会", "团委"),
}


def lead_rank(kind: str, name: str) -> int:
    """How plainly a name says that it leads its kind: 0 for the plainest, more for others."""
    words = _LEADS.get(kind, ())
    return next((number for number, one in enumerate(words) if one in name), len(words))
