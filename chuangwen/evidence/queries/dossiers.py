"""Which dossiers there are for whom, what one holds, and what its criterion asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.kept_figures import kept_figure
from chuangwen.core.models import Attachment
from chuangwen.evidence.completeness import Completeness, Given, Why, completeness_of, why_not
from chuangwen.evidence.enums import WITH_THE_UNIT, DossierState
from chuangwen.evidence.models import PIECE_OWNER, Dossier, Link, Piece
from chuangwen.evidence.naming import number_in
from chuangwen.evidence.slots import Slot, slots_of
from chuangwen.evidence.workflow import APPROVE, GIVE, REVIEW
from chuangwen.standards import tree
from chuangwen.standards.grading import Asked, asked_of
from chuangwen.standards.models import Node, StandardVersion
from chuangwen.standards.queries import tree_of

INCOMPLETE = Q(missing_since__isnull=False)
WITH_UNIT = Q(state__in=WITH_THE_UNIT)


def late(today: date | None = None) -> Q:
    """Still with the unit after its day."""
    return WITH_UNIT & Q(due_on__lt=today or clock.today())


def due_this_week() -> Q:
    """With the unit, and due by Sunday."""
    last = clock.local(clock.end_of_week() - timedelta(seconds=1)).date()
    return WITH_UNIT & Q(due_on__gte=clock.today(), due_on__lte=last)


def waiting_for(user: Any) -> Q:
    """What this person is to do something about: fill the own ones, review, approve."""
    found = WITH_UNIT & Q(unit__in=scope_of(user, GIVE).unit_ids)
    found |= Q(state=DossierState.SUBMITTED, region__in=scope_of(user, REVIEW).regions)
    if not scope_of(user, REVIEW):  # the office approves only from paper
        found |= Q(state=DossierState.ACCEPTED, region__in=scope_of(user, APPROVE).regions)
    return found


def dossiers_of(campaign: Campaign | None, user: Any) -> QuerySet[Any]:
    """The dossiers of a campaign that a person sees."""
    if campaign is None:
        return Dossier.objects.none()
    if campaign.region_id in scope_of(user, Dossier.view_permission).regions:
        # All of a campaign is in its region: without that condition an index alone answers, not 180,000 rows.
        return Dossier.objects.filter(campaign=campaign)
    return Dossier.objects.visible_to(user).filter(campaign=campaign)


def lacking_of_all(campaign: Campaign) -> tuple[int, int]:
    """How many of a campaign's dossiers lack something, and how many there are; kept for a minute where many are."""

    def count() -> tuple[int, int]:
        rows = Dossier.objects.filter(campaign=campaign)
        found = rows.aggregate(number=Count("pk"), lacking=Count("missing_since"))
        return found["lacking"], found["number"]

    return kept_figure(("dossiers", campaign.pk), count, lambda found: found[1])


def slots_by_code(version: StandardVersion) -> dict[str, tuple[Slot, ...]]:
    """The slots of every leaf that asks for evidence."""
    return {leaf.code: slots_of(leaf.evidence) for leaf in tree_of(version).leaves() if leaf.evidence}


def leaf_of(node: Node) -> tree.Node | None:
    """What the standard says of a criterion; None for a node that is no leaf."""
    return next((leaf for leaf in tree_of(node.version).leaves() if leaf.code == node.code), None)


def slots_for(node: Node) -> tuple[Slot, ...]:
    """What a criterion wants to see."""
    leaf = leaf_of(node)
    return slots_of(leaf.evidence) if leaf else ()


def grade_asked(node: Node) -> Asked | None:
    """By which grades or figures a criterion is judged."""
    leaf = leaf_of(node)
    return asked_of(leaf, tree_of(node.version).grades) if leaf else None


def conclusion_for(dossier: Dossier) -> str:
    """What the unit's conclusion likely says: the one kept, else the longest of its own words there: one query.

    "" where there is neither; a document number is no conclusion.
    """
    if dossier.conclusion:
        return dossier.conclusion
    pieces = Piece.objects.filter(links__dossier=dossier, file=None).order_by("pk")
    words = [(piece.text or piece.deed).strip() for piece in pieces]
    return max((one for one in words if number_in(one) != one), key=len, default="")


def given_of(slot: str, part: str, piece: Piece) -> Given:
    """What a piece brings into a slot: its day, and the length of the text that fills it."""
    on: Any = piece.on
    if piece.file_id is not None and not part:
        return Given(slot, on)
    text = getattr(piece, part) if part else piece.text or f"{piece.person}{piece.deed}{piece.spirit}"
    return Given(slot, on, len(text.strip()))


def completeness_for(slots: Sequence[Slot], links: Iterable[Link], year: int) -> Completeness:
    """How a dossier stands with these links, whose pieces are joined."""
    parts = {slot.key: slot.part for slot in slots}
    return completeness_of(slots, [given_of(one.slot, parts.get(one.slot, ""), one.piece) for one in links], year)


@dataclass(slots=True)
class Shown:
    """A linked piece as a page shows it: why it does not count, its file, other dossiers that use it."""

    link: Link
    why: Why
    attachment: Attachment | None
    text: str
    elsewhere: int = 0
    twin: str = ""  # another piece with nearly the same picture

    @property
    def piece(self) -> Piece:
        return self.link.piece


@dataclass(slots=True)
class SlotView:
    """A slot of a dossier with what is in it."""

    slot: Slot
    counted: int
    missing: int
    months: tuple[bool, ...]
    pieces: list[Shown] = field(default_factory=list)

    @property
    def is_filled(self) -> bool:
        return self.missing <= 0


@dataclass(slots=True)
class Contents:
    """All slots of a dossier; `loose`: pieces whose slot the standard does not have."""

    slots: list[SlotView]
    loose: list[Shown]
    completeness: Completeness


def contents_of(dossier: Dossier) -> Contents:
    """What is in a dossier: five queries whatever is in it."""
    slots = slots_for(dossier.node)
    links = list(dossier.links.select_related("piece__file", "piece__unit"))
    found = completeness_for(slots, links, dossier.year)
    files = files_of({link.piece_id for link in links})
    elsewhere = _elsewhere(dossier, links)
    twins = twins_of([link.piece for link in links])
    views = {one.slot.key: SlotView(one.slot, one.counted, one.missing, one.months) for one in found.slots}
    loose: list[Shown] = []
    for link in links:
        view = views.get(link.slot)
        part = view.slot.part if view else ""
        why = why_not(view.slot, given_of(link.slot, part, link.piece), dossier.year) if view else ""
        text = getattr(link.piece, part) if part else link.piece.text
        shown = Shown(link, why, files.get(link.piece_id), text, elsewhere[link.piece_id])
        shown.twin = twins.get(link.piece_id, "")
        (view.pieces if view else loose).append(shown)
    return Contents(list(views.values()), loose, found)


def files_of(pieces: Iterable[int]) -> dict[int, Attachment]:
    """The file of each piece that has one: one query."""
    rows = Attachment.objects.filter(owner_type=PIECE_OWNER, owner_id__in=set(pieces)).select_related("file")
    return {row.owner_id: row for row in rows.order_by("pk")}


def _elsewhere(dossier: Dossier, links: list[Link]) -> defaultdict[int, int]:
    """In how many other dossiers each piece stands: one query."""
    rows = Link.objects.filter(piece__in={link.piece_id for link in links}).exclude(dossier=dossier)
    count: defaultdict[int, int] = defaultdict(int)
    for piece, _dossier in set(rows.order_by().values_list("piece_id", "dossier_id")):
        count[piece] += 1
    return count


def twins_of(pieces: Iterable[Piece]) -> dict[int, str]:
    """Pieces whose picture looks like another piece's: id -> the other one's title and unit. One query.

    A reused picture is pointed out to a person and never judged by the program (design.md, Rules that protect people).
    """
    pictures = {one.pk: one for one in pieces if one.file is not None and one.file.likeness}
    if not pictures:
        return {}
    region = next(iter(pictures.values())).region_id
    looks = {one.file.likeness for one in pictures.values() if one.file}
    rows = Piece.objects.filter(region=region, file__likeness__in=looks).select_related("unit", "file")
    by_look: defaultdict[str, list[Piece]] = defaultdict(list)
    for row in rows.order_by("pk"):
        by_look[row.file.likeness].append(row)
    return {
        pk: f"{other.title} ({other.unit})"
        for pk, one in pictures.items()
        for other in by_look[one.file.likeness if one.file else ""][:1]
        if other.pk != pk
    }


def usable_pieces(dossier: Dossier) -> QuerySet[Any]:
    """The pieces that may stand in a dossier: its unit's own and those of the units below it."""
    return Piece.objects.filter(region=dossier.region_id, unit__path__startswith=dossier.unit.path)


def expected_pairs(campaign: Campaign, units: Iterable[int]) -> list[tuple[int, int]]:
    """(criterion, unit) of every criterion of the campaign that asks for evidence, for each of these units."""
    units = list(units)
    return [(node, unit) for node in nodes_with_slots(campaign) for unit in units]


def nodes_with_slots(campaign: Campaign) -> dict[int, tuple[Slot, ...]]:
    """The criteria of the campaign's standards that ask for evidence, with their slots: two queries."""
    versions = {one.version_id: one.version for one in campaign.standards.select_related("version")}
    slots = {pk: slots_by_code(version) for pk, version in versions.items()}
    rows = Node.objects.filter(version__in=versions, is_leaf=True).order_by("version", "position")
    found = rows.values_list("pk", "version_id", "code")
    return {pk: slots[version][code] for pk, version, code in found if code in slots[version]}
