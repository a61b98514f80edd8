"""Who is meant by the names that a document uses for parties.

Pure: works on the name index of organizations. "各街道" is every street, "各单位" every unit right
under the region, "市教育局主要负责人" the unit whose post it is. What is left is asked of a person:
a party without units is shown with the mark 要指明.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chuangwen.organizations.naming import NameIndex, means_everybody, plain

_POST = re.compile(r"的?(?:党政)?(?:主要|分管|第一|具体|相关)?(?:负责人|负责同志|领导干部|领导|责任人|一把手|联络员)$")
_VAGUE = re.compile(r"相关|有关|责任单位|牵头单位|主管部门|职能部门|所在|属地|同级|上述|其他|排名|末位|本单位|该")
_FOLDED = re.compile(r"(?<![0-9A-Za-z])[,;:!?]|[,;:!?](?![0-9A-Za-z])")
_MARKS = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
# Ends of the names of offices. Bodies of which a place has several (社区, 学校, 公司, 派出所) are told by where they
# belong (市环卫中心) or by the site's names.
_OFFICE = re.compile(r"(?:局|委|委员会|办|办公室|厅|署|支队|大队|总队)$")
_BODY = re.compile(
    r"(?:街道|街道办|镇|乡|社区|村|学校|小学|中学|大学|学院|医院|卫生院|集团|银行|公司|分公司|"
    r"中心|部|站|所|院|会|队|馆|处|科|厂)$"
)
_OF_THE_PLACE = re.compile(r"^[省市州县区]")
_MANY = re.compile(r"^(?:各|全|每|所有|广大|基层|下属|直属|辖区|参会|与会)|[们等]$|[、和及与]")
NAME_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Party:
    """A party: its name, and the ids of the units it stands for (none: nobody known)."""

    name: str
    units: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "units": list(self.units)}


@dataclass(frozen=True, slots=True)
class Addressees:
    """Resolves names of parties among a region's units; `collectives` are the names that the office has explained."""

    index: NameIndex
    collectives: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # by plain name

    def resolve(self, name: str) -> Party:
        """The party that `name` means."""
        return Party(name[:NAME_LIMIT], self._units(name))

    def resolve_all(self, names: Iterable[str]) -> list[Party]:
        """The parties of `names`, each once, in order."""
        return [self.resolve(name) for name in dict.fromkeys(name.strip() for name in names) if name]

    def proposals(self, name: str) -> tuple[int, ...]:
        """Units that a name nobody bears may mean, the likeliest first."""
        bare = _POST.sub("", name)
        return () if is_vague(name) else self.index.resolve(bare or name).proposals

    def reads_like_a_unit(self, name: str) -> bool:
        """Whether a name that fits no unit reads like that of one unit, so that it may well mean the same one later.

        By its form: an office (局, 委, 办 and the like) with two characters of its own before the end, or a body that
        says whose it is or whose name is like one of the site's. Words for many or for a kind of people or bodies
        (社区, 学生, 单位主要负责人) are not: whom they mean differs from paper to paper (proposed).
        """
        bare = plain(name)
        if is_vague(bare) or _POST.search(bare) or _MANY.search(bare):
            return False
        office, body = _OFFICE.search(bare), _BODY.search(bare)
        if office:
            return office.start() >= 2
        if body is None or not body.start():
            return False
        return bool(_OF_THE_PLACE.search(bare) or self.index.resolve(bare).proposals)

    def _units(self, name: str) -> tuple[int, ...]:
        found = self.collectives.get(plain(name)) or self.index.resolve(name).units
        if found:
            return found
        bare = _POST.sub("", plain(name))
        if means_everybody(bare):  # and their heads (各单位主要负责人)
            return self.index.everybody
        return self.index.resolve(bare).units if bare and bare != name else ()


def full_width(text: str) -> str:
    """`text` with Chinese marks where the engine folded them: between letters and figures they stay."""
    return _FOLDED.sub(lambda match: _MARKS[match[0]], text)


def is_vague(name: str) -> bool:
    """Whether the document itself leaves open who is meant (相关单位), so that no likeness can help."""
    return bool(_VAGUE.search(name))


def unknown_names(parties: Iterable[dict[str, Any]]) -> list[str]:
    """Names that fit no unit and could be learnt: what the text itself leaves open is left out."""
    names = (party["name"] for party in parties if not party["units"])
    return [name for name in dict.fromkeys(names) if name and not is_vague(name)]


def lacks_unit(parties: Iterable[dict[str, Any]]) -> bool:
    """Whether nobody leads, or one of the leading parties is no known unit."""
    parties = list(parties)
    return not parties or any(not party["units"] for party in parties)


def unit_ids(parties: Iterable[dict[str, Any]]) -> list[int]:
    """All units of the parties, each once, in order."""
    return list(dict.fromkeys(unit for party in parties for unit in party["units"]))
