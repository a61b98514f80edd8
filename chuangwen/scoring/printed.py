"""A row of somebody else's result sheet, and whether its total follows from its parts. Pure.

Published sheets print a total beside the scores it was made of: total = 0.85 field + 0.15 survey (Jining, August
2017; scoring specification, Checked against). Where the weights are known, a total that does not follow is pointed
out to a person and never put right by the program: the sheet is the authority's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PARTS = ("material", "field", "survey", "household")  # 网上申报, 实地考察, 问卷调查, 入户调查
FOLLOWS = 0.01  # two figures that were rounded to two decimals may differ by as much
_ROUNDING = 1e-9
_TAILS = ("市", "县", "区", "旗", "自治县", "自治旗", "新区")


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """What a sheet says of one region: points, its parts by name (PARTS), the rank as printed."""

    subject: str
    total: float
    parts: Mapping[str, float] = field(default_factory=dict)
    rank: int | None = None
    group: str = ""


def followed_total(parts: Mapping[str, float], weights: Mapping[str, float]) -> float | None:
    """The sum of weight x part; None where no weights are known or a weighed part is not printed."""
    if not weights or any(name not in parts for name in weights):
        return None
    return sum(weight * parts[name] for name, weight in weights.items())


def unlike(total: float, parts: Mapping[str, float], weights: Mapping[str, float]) -> float | None:
    """What the parts come to where the total printed is another by more than FOLLOWS; else None."""
    made = followed_total(parts, weights)
    return made if made is not None and abs(made - total) > FOLLOWS + _ROUNDING else None


def bare(name: str) -> str:
    """A region's name without blanks, its province before it and the word for what it is: 云溪 of 江南省云溪市."""
    text = "".join(unicodedata.normalize("NFKC", name).split())
    text = text.partition("省")[2] or text
    for tail in sorted(_TAILS, key=len, reverse=True):
        if text.endswith(tail) and len(text) - len(tail) >= 2:
            return text.removesuffix(tail)
    return text


def own_place(subjects: Iterable[str], names: Iterable[str]) -> int | None:
    """The place of the one subject that bears one of our names, written in full or bare; None for none or several."""
    listed = list(subjects)
    ours = {"".join(unicodedata.normalize("NFKC", name).split()) for name in names} - {""}
    exact = [at for at, one in enumerate(listed) if "".join(unicodedata.normalize("NFKC", one).split()) in ours]
    like = exact or [at for at, one in enumerate(listed) if bare(one) in {bare(name) for name in ours}]
    return like[0] if len(like) == 1 else None
