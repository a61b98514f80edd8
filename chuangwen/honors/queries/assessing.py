"""A self-assessment as people see it: each line with what is claimed, what the dossier shows, and the way there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from chuangwen.evidence.models import Dossier
from chuangwen.honors import selfassessment as s
from chuangwen.honors.models import Application, Programme, SelfLine
from chuangwen.organizations.models import Unit
from chuangwen.standards.models import Node, StandardVersion
from chuangwen.standards.queries import tree_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what the standard asks, the dossier behind it, the ledger's proposal, and what the unit claims."""

    asked: s.Asked
    dossier: Dossier | None
    proposal: s.Proposal
    points: Decimal | None
    basis: str
    saved: bool
    taken: Decimal | None = None  # what the ledger showed when the line was taken over, with its basis
    taken_basis: str = ""
    revision: int = 0  # 0: nobody has written it

    @property
    def untouched(self) -> bool:
        """Whether it still says what was taken over from the ledger."""
        return (self.points, self.basis) == (self.taken, self.taken_basis)

    @property
    def outdated(self) -> bool:
        """Whether the ledger shows something else now than when the line was taken over, and the line does not."""
        now = self.proposal.points
        return self.saved and now is not None and self.asked.leaf is not None and now not in {self.taken, self.points}

    @property
    def differs(self) -> bool:
        """Whether the ledger gives another number than what is claimed: it may have grown since."""
        return self.dossier is not None and self.points is not None and self.points != self.proposal.points

    @property
    def above(self) -> bool:
        """Whether more is claimed than a reviewed dossier gives, or than one that is not whole shows."""
        shown = self.proposal.points
        return bool(self.dossier and self.points is not None and shown is not None and self.points > shown)


@dataclass(frozen=True)
class Assessment:
    """All lines of an application, in the order of the standard."""

    version: StandardVersion
    lines: Sequence[Line]

    @cached_property
    def claimed(self) -> dict[str, Decimal | None]:
        return {line.asked.code: line.points for line in self.lines}

    @cached_property
    def shown(self) -> dict[str, Decimal | None]:
        """What the ledger alone gives."""
        return {line.asked.code: line.proposal.points for line in self.lines}

    @property
    def total(self) -> Decimal | None:
        return s.total_of([line.asked for line in self.lines], self.claimed, cap=tree_of(self.version).cap)

    @property
    def open_lines(self) -> int:
        """How many lines still wait for the unit's word."""
        return sum(line.points is None for line in self.lines)

    @property
    def above(self) -> int:
        return sum(line.above for line in self.lines)

    @property
    def outdated(self) -> int:
        """How many lines nobody touched since they were taken over, and of which the ledger says something else now."""
        return sum(line.outdated and line.untouched for line in self.lines)

    @property
    def by_ledger(self) -> Decimal:
        """The points that the ledger alone gives: the lines about which it says something."""
        return sum((points for points in self.shown.values() if points), Decimal(0))

    def sections(self) -> list[tuple[str, Decimal, Decimal, Decimal]]:
        """(section, claimed, by the ledger, worth)."""
        asked = [line.asked for line in self.lines]
        claimed, shown = s.sum_by_section(asked, self.claimed), s.sum_by_section(asked, self.shown)
        return [(name, had, shown[name][0], worth) for name, (had, worth) in claimed.items()]


def assessable(programme: Programme) -> StandardVersion | None:
    """The standard by whose criteria its applications assess themselves; None where it is one number."""
    version = programme.standard
    return version if version is not None and s.is_plain(tree_of(version)) else None


def newest_standard(programme: Programme) -> StandardVersion | None:
    """What a new programme begins with: the standard for its kind of subject that was published last."""
    rows = StandardVersion.objects.filter(
        region=programme.region, subject=programme.title.subject, state="published"
    ).order_by("-published_at", "-pk")
    return rows.first()


def assessment_of(application: Application) -> Assessment | None:
    """The self-assessment by criterion with the unit's dossiers beside it: four queries; None where it is a number."""
    version = assessable(application.programme)
    if version is None:
        return None
    saved = {line.code: line for line in SelfLine.objects.filter(application=application)}
    dossiers = dossiers_behind(version, application.unit, application.programme.year)
    return Assessment(version, [_line(one, dossiers.get(one.code), saved) for one in s.asked_lines(tree_of(version))])


def dossiers_behind(version: StandardVersion, unit: Unit, year: int) -> dict[str, Dossier]:
    """Criterion's code -> the unit's dossier of the year, the fullest where several campaigns have one."""
    rows = Dossier.objects.filter(unit=unit, year=year, node__version=version).select_related("node")
    return {row.node.code: row for row in rows.order_by("slots_filled", "pk")}


def nodes_of(version: StandardVersion) -> dict[str, int]:
    """Code -> row of every criterion."""
    return dict(Node.objects.filter(version=version, is_leaf=True).values_list("code", "pk"))


def _line(asked: s.Asked, dossier: Dossier | None, saved: Mapping[str, SelfLine]) -> Line:
    standing = None
    if dossier is not None:
        reviewed = dossier.value if dossier.accepted_at is not None else None
        standing = s.Standing(dossier.slots_filled, dossier.slots_needed, reviewed, dossier.grade)
    proposal, kept = s.proposal(asked, standing), saved.get(asked.code)
    if kept is not None:
        return Line(
            asked, dossier, proposal, kept.points, kept.basis, saved=True, taken=kept.taken,
            taken_basis=kept.taken_basis, revision=kept.revision,
        )  # fmt: skip
    return Line(asked, dossier, proposal, proposal.points, basis_words(proposal, dossier), saved=False)


def basis_words(proposal: s.Proposal, dossier: Dossier | None) -> str:
    """The basis of a line that the unit has not written yet."""
    if dossier is None or proposal.points is None:
        return ""
    if proposal.rests == "graded":
        return _("Dossier reviewed: %s") % (dossier.grade or dossier.value)
    told = {"filled": dossier.slots_filled, "needed": dossier.slots_needed}
    if proposal.rests == "filled":
        return _("Dossier complete, %(filled)d of %(needed)d") % told
    return _("Dossier in part, %(filled)d of %(needed)d") % told if dossier.slots_filled else _("Dossier empty")
