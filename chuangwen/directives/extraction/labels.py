"""Labelled parties of notices and breakdown tables: (牵头单位:…;配合单位:…;完成时限:…)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from chuangwen.directives.extraction.parties import Parties

_LABEL: Final = re.compile(
    r"(?P<lead>(?:牵头|责任|主办|承办|主责|实施|第一责任)(?:单位|部门|科室|处室|人|领导)(?:和(?:责任|配合)(?:单位|人))?)[:]"
    r"|(?P<help>(?:配合|协办|协助|参与|参加|协同)(?:单位|部门|科室|处室|人)?)[:]"
    r"|(?P<due>(?:完成|整改|办结|办理|报送)?(?:时限|时间|期限|日期)|时间节点)[:]"
)
_VALUE_END: Final = re.compile(r"[;。\n)()]")
_MAX_VALUE: Final = 160


@dataclass(slots=True)
class Labels:
    """What the labels of a sentence say; `start` is where the first label begins in it, `deadline_at` where the
    deadline does."""

    start: int
    lead: list[str] = field(default_factory=list)
    cooperate: list[str] = field(default_factory=list)
    deadline: str | None = None
    deadline_at: int = 0


def read_labels(sentence: str, parties: Parties) -> Labels | None:
    """The labels of `sentence` (folded), or None when it has none that names a party or a time."""
    labels: Labels | None = None
    if ":" not in sentence:
        return None
    for match in _LABEL.finditer(sentence):
        stop = _VALUE_END.search(sentence, match.end(), match.end() + _MAX_VALUE)
        told = sentence[match.end() : stop.start() if stop else match.end() + _MAX_VALUE]
        value = told.strip(" ,")
        if not value:
            continue
        labels = labels or Labels(match.start())
        if match.lastgroup == "due":
            if labels.deadline is None:
                labels.deadline, labels.deadline_at = value, match.end() + told.index(value)
        else:
            names = parties.split(value) or [name for name in re.split(r"[、,\s]+", value) if name]
            (labels.lead if match.lastgroup == "lead" else labels.cooperate).extend(names)
    return labels
