"""Contracts road sections and keeps the ledger of shop fronts (路段分包, 门前三包), dated and audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.core.access import may, require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import SCANS, attach
from chuangwen.core.models import Attachment
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.queries import people_to_tell
from chuangwen.places.models import Place
from chuangwen.responsibilities.enums import RoadSide
from chuangwen.responsibilities.models import RoadSection, ShopFront
from chuangwen.responsibilities.queries.roads import metres_words
from chuangwen.responsibilities.services.papers import Scan
from chuangwen.workflow.services import note_step

EDIT, ANSWER = "responsibilities.edit", "responsibilities.answer"


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """What a contract of a section says; metres count from the road's beginning."""

    starts_at: int
    ends_at: int
    unit: Unit
    starts: date
    side: str = RoadSide.BOTH
    between: str = ""
    post: Post | None = None
    leader: Post | None = None


def contract_section(
    road: Place, facts: SectionFacts, *, actor: Any, paper: Scan | None = None, tell: bool = True
) -> RoadSection:
    """From `facts.starts` on the unit answers for these metres; it is told. Overlaps are listed, not refused.

    `paper` is the signed contract. Raises Refusal for metres that the road lacks and for a post of another unit.
    """
    require_actor(actor, EDIT, road)
    check_section(road, facts)
    with transaction.atomic():
        values = {name: getattr(facts, name) for name in facts.__slots__}
        section = RoadSection.objects.create(region=road.region, road=road, **values)
        note_step(section, "contract", actor=actor, data=_told(section))
        if paper:
            keep_contract(section, paper, actor=actor)
        if tell:
            title = _("%(unit)s answers for %(road)s, %(metres)s") % {
                "unit": section.unit, "road": road.name, "metres": metres_words(section.starts_at, section.ends_at),
            }  # fmt: skip
            people = people_to_tell(section.unit, ANSWER)
            notify(people, "responsibilities", title, region=road.region, url=f"/roads/{road.code}/")
    return section


def change_section(section: RoadSection, facts: SectionFacts, *, actor: Any, paper: Scan | None = None) -> RoadSection:
    """Put right what a contract says; whoever answers from another day on gets a contract of its own."""
    require_actor(actor, EDIT, section)
    check_section(section.road, facts)
    if section.ends and facts.starts > section.ends + timedelta(days=1):
        words = _("This contract ended on %s.") % day_words(section.ends)
        raise Refusal(words, _("Choose an earlier day, or contract anew."))
    before = _told(section)
    with transaction.atomic():
        for name in facts.__slots__:
            setattr(section, name, getattr(facts, name))
        section.save()
        note_step(section, "change", actor=actor, data={"before": before, "after": _told(section)})
        if paper:
            keep_contract(section, paper, actor=actor)
    return section


def end_section(section: RoadSection, *, ends: date, actor: Any) -> None:
    """The unit answers for these metres up to and including `ends`."""
    require_actor(actor, EDIT, section)
    if ends < section.starts - timedelta(days=1):
        raise Refusal(_("The end lies before the beginning."), _("Choose a later date."))
    with transaction.atomic():
        RoadSection.objects.filter(pk=section.pk).update(ends=ends)
        section.ends = ends
        note_step(section, "end", actor=actor, data={"until": ends.isoformat()})


def keep_contract(section: RoadSection, paper: Scan, *, actor: Any) -> Attachment:
    """Hang the signed contract on its section; whoever sees the section may open it."""
    require_actor(actor, EDIT, section)
    with transaction.atomic():
        kept = attach(paper.data, paper.name, owner=section, region=section.region, actor=actor, accept=SCANS)
        note_step(section, "paper", actor=actor, data={"name": kept.name, "sha256": kept.file.sha256})
    return kept


def keep_front(front: ShopFront, *, actor: Any) -> ShopFront:
    """Write a shop front, new or changed, by the office or by the unit that supervises it."""
    _require_front(front, actor)
    made = front.pk is None
    if front.road.length is None:
        raise Refusal(_("“%s” is no road: it has no length.") % front.road, _("Write its length on the register."))
    try:
        with transaction.atomic():
            front.save()
            note_step(front, "create" if made else "edit", actor=actor, data={"number": front.number})
    except IntegrityError as error:
        words = _("%(road)s has a shop with the house number “%(number)s” already.")
        raise Refusal(words % {"road": front.road, "number": front.number}, _("Open that one.")) from error
    return front


def sign_front(front: ShopFront, *, signed_on: date, actor: Any) -> ShopFront:
    """The shop signed all three: clean, orderly, green."""
    _require_front(front, actor)
    if front.closed_on:
        raise Refusal(_("%s is closed.") % front.name, _("Enter the shop that is there now."))
    with transaction.atomic():
        front.keeps_clean = front.keeps_order = front.keeps_green = True
        front.signed_on = signed_on
        front.save(update_fields=["keeps_clean", "keeps_order", "keeps_green", "signed_on", "updated_at"])
        note_step(front, "sign", actor=actor, data={"on": signed_on.isoformat()})
    return front


def close_front(front: ShopFront, *, closed_on: date, actor: Any) -> None:
    """The shop is gone; the next one behind the same door is entered and signs anew."""
    _require_front(front, actor)
    with transaction.atomic():
        front.closed_on = closed_on
        front.save(update_fields=["closed_on", "updated_at"])
        note_step(front, "close", actor=actor, data={"on": closed_on.isoformat()})


def _require_front(front: ShopFront, actor: Any) -> None:
    """The office keeps all shops, a street or community its own."""
    if actor is not None and not may(actor, ANSWER, front.unit):
        require_actor(actor, EDIT, front)


def check_section(road: Place, facts: SectionFacts) -> None:
    """Raises Refusal for metres that the road lacks, a unit of another region, a post of another unit."""
    if road.length is None:
        raise Refusal(_("“%s” is no road: it has no length.") % road, _("Write its length on the register."))
    if not 0 <= facts.starts_at < facts.ends_at <= road.length:
        raise Refusal(
            _("%(road)s has the metres 0 to %(length)d.") % {"road": road.name, "length": road.length},
            _("Give metres within them, the smaller one first."),
        )
    if facts.unit.region_id != road.region_id:
        raise Refusal(_("A unit does not belong to this region."), _("Choose units of your own region."))
    if facts.post is not None and facts.post.unit_id != facts.unit.pk:
        raise Refusal(_("The post is not one of %s.") % facts.unit, _("Choose a post of the unit, or none."))


def _told(section: RoadSection) -> dict[str, Any]:
    return {
        "road": section.road.code, "from": section.starts_at, "to": section.ends_at, "side": str(section.side),
        "unit": section.unit_id, "post": section.post_id, "leader": section.leader_id,
        "starts": section.starts.isoformat(),
    }  # fmt: skip
