"""The program's own set of duties by kind of organization, as data: proposed, until somebody takes them over. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

SOURCE: Final = "proposed: 按三类组织分工拟定"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One duty as shipped: `kind` as OrgKind, `often` in the words that frequency.schedule_of reads."""

    key: str
    kind: str
    title: str
    often: str
    measure: str
    source: str = SOURCE


@cache
def shipped() -> tuple[Shipped, ...]:
    """The whole set, in the order of the three kinds."""
    from ruamel.yaml import YAML  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    text = files("chuangwen.responsibilities").joinpath("data/duty_templates.yaml").read_text(encoding="utf-8")
    return tuple(Shipped(**row) for row in YAML(typ="safe").load(text))
