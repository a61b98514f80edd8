"""Notes where a unit's first responsible went on the spot and what was found (到场检查)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import PICTURES, Upload, attach
from chuangwen.core.numbering import next_number
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Post, Unit
from chuangwen.places.models import Place
from chuangwen.responsibilities.models import SiteVisit
from chuangwen.responsibilities.queries.in_person import NOTES, head_posts, may_note
from chuangwen.workflow.services import note_step


def note_visit(
    campaign: Campaign,
    unit: Unit,
    *,
    day: date,
    found: str,
    actor: Any,
    places: Iterable[Place] = (),
    spot: str = "",
    post: Post | None = None,
    photos: Iterable[Upload] = (),
) -> SiteVisit:
    """Keep that the unit's first responsible (or this one of several, `post`) was there on `day`, and what was found.

    Refused without a place, for a day to come, and where the unit has no such post.
    """
    _check_actor(unit, actor)
    post = post or head_posts([unit.pk]).first()
    if post is None or post.unit_id != unit.pk or post.kind != PostKind.FIRST:
        raise Refusal(_("%s has no first responsible yet.") % unit, _("Name the post on the unit's page first."))
    several = list(places)
    if not several and not spot.strip():
        raise Refusal(_("Say where it was."), _("Choose places, or write where else."))
    if not found.strip():
        raise Refusal(_("Say what was found."), _("One short sentence is enough."))
    if day > clock.today():
        raise Refusal(_("The time lies in the future."), _("Enter when it really happened."))
    year = clock.today().year
    with transaction.atomic():
        visit: SiteVisit = SiteVisit.objects.create(
            region=campaign.region, campaign=campaign, unit=unit, post=post, seen_as=str(post)[:160], day=day,
            number=f"V{year}-{next_number(campaign.region, f'site-visit-{year}'):04d}",
            spot=spot.strip(), found=found.strip(), made_by=actor,
        )  # fmt: skip
        visit.places.set(several)
        for photo in photos:
            attach(photo.data, photo.name, owner=visit, region=campaign.region, actor=actor, accept=PICTURES)
        said = {"day": day, "places": [str(one) for one in several]}
        note_step(visit, "note", actor=actor, data=said)
    return visit


def withdraw_visit(visit: SiteVisit, *, reason: str, actor: Any) -> None:
    """What was entered by mistake is counted no longer; it stays in the history with the reason."""
    _check_actor(visit.unit, actor)
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It stays in the history."))
    with transaction.atomic():
        rows = SiteVisit.objects.filter(pk=visit.pk, withdrawn_at__isnull=True)
        if rows.update(withdrawn_at=clock.now(), updated_at=clock.now()) != 1:
            raise Refusal(_("This visit is withdrawn already."))
        visit.withdrawn_at = clock.now()
        note_step(visit, "withdraw", actor=actor, note=reason)


def _check_actor(unit: Unit, actor: Any) -> None:
    if actor is not None and not may_note(actor, unit):
        raise PermissionDenied(NOTES[0])
