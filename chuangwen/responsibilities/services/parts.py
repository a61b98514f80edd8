"""A unit hands parts of its duties on, inside its own subtree, and takes them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import ContractedArea, Grid, Post, Unit
from chuangwen.organizations.queries import people_to_tell
from chuangwen.places.models import Place
from chuangwen.responsibilities.models import Assignment, ChainLink, Part, RoadSection, Task
from chuangwen.responsibilities.queries.parts import roots_of
from chuangwen.standards.models import Node

ANSWER = "responsibilities.answer"


@dataclass(frozen=True, slots=True)
class Hand:
    """To whom, and for which things; no thing means the whole of each criterion."""

    unit: Unit
    post: Post | None = None
    about: str = ""
    places: Sequence[Place] = ()
    sections: Sequence[RoadSection] = ()
    grids: Sequence[Grid] = ()
    areas: Sequence[ContractedArea] = ()

    @property
    def things(self) -> list[dict[str, Any]]:
        """What each row is for; one row for the whole where there is no thing."""
        kinds: list[tuple[str, Sequence[Any]]] = [
            ("place", self.places), ("section", self.sections), ("grid", self.grids), ("area", self.areas),
        ]  # fmt: skip
        return [{kind: one} for kind, several in kinds for one in several] or [{}]


def hand_on(campaign: Campaign, nodes: Sequence[Node], giver: Unit, hand: Hand, *, actor: Any) -> int:
    """Hand parts of these criteria from `giver` to a unit below it or to one of its posts; how many rows are new.

    The receiving unit is told. Raises Refusal where the giver has no share in a criterion, and for whoever and
    whatever is not of its own subtree; then nothing is written.
    """
    _require(actor, giver)
    _check_hand(giver, hand)
    _check_things(campaign, giver, hand)
    _check_held(campaign, nodes, giver)
    made = []
    with transaction.atomic():
        for node in nodes:
            for thing in hand.things:
                key = {"place": None, "section": None, "grid": None, "area": None, **thing}
                part, new = Part.objects.get_or_create(
                    campaign=campaign, node=node, giver=giver, unit=hand.unit, post=hand.post, **key,
                    defaults={"region": campaign.region, "about": hand.about},
                )  # fmt: skip
                if new:
                    made.append(part.pk)
        data = {
            "nodes": [node.code for node in nodes], "unit": hand.unit.pk, "post": hand.post.pk if hand.post else None,
            "parts": made,
        }  # fmt: skip
        record("responsibilities.part.hand_on", giver, actor=actor, data=data)
        if made and hand.unit.pk != giver.pk:
            title = ngettext(
                "%(giver)s hands on to you a part of %(n)d criterion",
                "%(giver)s hands on to you parts of %(n)d criteria", len(nodes),
            ) % {"giver": giver, "n": len(nodes)}  # fmt: skip
            url = reverse("responsibilities:sheet", args=[hand.unit.pk])
            people = people_to_tell(hand.unit, ANSWER)
            notify(people, "responsibilities", title, region=campaign.region, url=url)
    return len(made)


def take_back(part: Part, *, actor: Any) -> int:
    """Take a part back for all its things, and what its unit handed on of the criterion if it has no other share in it.

    How many rows went.
    """
    _require(actor, part.giver)
    same = Part.objects.filter(
        campaign=part.campaign, node=part.node, giver=part.giver, unit=part.unit, post=part.post, about=part.about
    )
    with transaction.atomic():
        node, unit, campaign = part.node, part.unit, part.campaign
        record("responsibilities.part.take_back", part.giver, actor=actor,
               data={"node": node.code, "unit": unit.pk, "post": part.post_id})  # fmt: skip
        gone, _by_model = same.delete()
        return gone + drop_loose(campaign.pk, [(node.pk, unit.pk)])


def drop_loose(campaign: int, keys: Iterable[tuple[int, int]]) -> int:
    """Drop what these units, by (criterion, unit), handed on of criteria in which they have no share any more."""
    waiting, dropped = set(keys), 0
    while waiting:
        nodes, units = {node for node, _unit in waiting}, {unit for _node, unit in waiting}
        given = [
            one for one in Part.objects.filter(campaign=campaign, node__in=nodes, giver__in=units)
            if (one.node_id, one.giver_id) in waiting
        ]  # fmt: skip
        held = _held(campaign, nodes, units) if given else set()
        loose = [one for one in given if (one.node_id, one.giver_id) not in held]
        Part.objects.filter(pk__in=[one.pk for one in loose]).delete()
        dropped += len(loose)
        waiting = {(one.node_id, one.unit_id) for one in loose if one.unit_id != one.giver_id}
    return dropped


@dataclass(frozen=True, slots=True)
class Chain:
    """One post a level; none leaves the level to what the unit's posts propose."""

    posts: dict[str, Post | None] = field(default_factory=dict)


def set_chain(task: Task, chain: Chain, *, actor: Any) -> None:
    """Say through whose hands a task goes: who decides, who answers for it, who does it. Posts of the unit or above."""
    if actor is not None and not may(actor, ANSWER, task):
        raise PermissionDenied(ANSWER)
    for post in chain.posts.values():
        if post is not None and not task.unit.path.startswith(post.unit.path) and not _below(post.unit, task.unit):
            raise Refusal(_("The post is not one of %s.") % task.unit, _("Choose a post of the unit, or none."))
    with transaction.atomic():
        for level, post in chain.posts.items():
            if post is None:
                ChainLink.objects.filter(task=task, level=level).delete()
            else:
                ChainLink.objects.update_or_create(
                    task=task, level=level, defaults={"post": post, "region": task.region}
                )
        data = {level: post.pk if post else None for level, post in chain.posts.items()}
        record("responsibilities.task.chain", task, actor=actor, data=data)


def _require(actor: Any, giver: Unit) -> None:
    """A unit for itself and for those below it; the office for all, from paper."""
    if actor is not None and not may(actor, ANSWER, giver):
        raise PermissionDenied(ANSWER)


def _below(unit: Unit | None, top: Unit) -> bool:
    return unit is not None and unit.path.startswith(top.path)


def _check_hand(giver: Unit, hand: Hand) -> None:
    if not _below(hand.unit, giver):
        raise Refusal(
            _("%(unit)s does not belong to %(giver)s.") % {"unit": hand.unit, "giver": giver},
            _("Choose one of its own offices or units below it."),
        )
    if hand.post is not None and hand.post.unit_id != hand.unit.pk:
        raise Refusal(_("The post is not one of %s.") % hand.unit, _("Choose a post of the unit, or none."))
    if hand.post is None and hand.unit.pk == giver.pk:
        raise Refusal(_("The unit has it already."), _("Choose an office, a unit below it, or a post."))


def _check_things(campaign: Campaign, giver: Unit, hand: Hand) -> None:
    """Everything lies with the unit, or with those from whom it has its parts."""
    things: list[Any] = [*hand.sections, *hand.grids, *hand.areas]
    keepers: list[tuple[Any, tuple[Unit | None, ...]]] = [(one, (one.unit,)) for one in things]
    keepers += [(one, (one.territory, one.keeper, one.department)) for one in hand.places]
    roots = roots_of(campaign, giver) if keepers else []
    for thing, units in keepers:
        if not any(_below(unit, root) for unit in units for root in roots):
            _refuse_thing(thing, giver)


def _refuse_thing(thing: Any, giver: Unit) -> None:
    raise Refusal(
        _("“%(thing)s” is not in the hands of %(giver)s.") % {"thing": thing, "giver": giver},
        _("Choose what lies with the unit."),
    )


def _check_held(campaign: Campaign, nodes: Sequence[Node], giver: Unit) -> None:
    held = {node for node, _unit in _held(campaign.pk, [node.pk for node in nodes], [giver.pk])}
    for node in nodes:
        if node.pk not in held:
            raise Refusal(
                _("%(giver)s has no share in %(code)s.") % {"giver": giver, "code": node.code},
                _("Choose criteria that stand on its sheet."),
            )


def _held(campaign: int, nodes: Iterable[int], units: Iterable[int]) -> set[tuple[int, int]]:
    """(criterion, unit) in which a unit has a share: by the matrix, or handed on from above. Two queries."""
    nodes, units = list(nodes), list(units)
    rows = Assignment.objects.filter(campaign=campaign, node__in=nodes, unit__in=units)
    handed = Part.objects.filter(campaign=campaign, node__in=nodes, unit__in=units)
    own = {(node, unit) for node, unit, giver in handed.values_list("node", "unit", "giver") if unit != giver}
    return own | set(rows.values_list("node_id", "unit_id"))
