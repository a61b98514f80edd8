"""A unit takes a criterion that nobody leads (认领), so that the office need not ask around.

While a pool is open, claims are collected until its day is over; a sole claim is then given, and where two units
claim the same criterion the office decides. Without a pool the first one to press leads.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.accounts.roles import roles_with
from chuangwen.audit.services import record
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may, require_actor
from chuangwen.core.errors import Refusal
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import RoleGrant, Unit
from chuangwen.organizations.queries import lasting, office_people, people_to_tell
from chuangwen.responsibilities.enums import ClaimState
from chuangwen.responsibilities.models import Assignment, Claim, ClaimPool, Origin, Share
from chuangwen.responsibilities.queries.breakdown import gap_rows
from chuangwen.responsibilities.services.breakdown import Cell, write_shares
from chuangwen.responsibilities.workflow import CLAIM_WORKFLOW
from chuangwen.standards.models import Node
from chuangwen.workflow.services import advance, note_step

EDIT, ANSWER = "responsibilities.edit", "responsibilities.answer"


def open_pool(campaign: Campaign, *, closes_on: date, actor: Any) -> ClaimPool:
    """Ask all units to claim what nobody leads by the end of a day. Their liaisons are told."""
    require_actor(actor, EDIT, campaign)
    if closes_on < clock.today():
        raise Refusal(_("This day is over."), _("Choose a later one."))
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        if ClaimPool.objects.filter(campaign=campaign, settled_at__isnull=True).exists():
            raise Refusal(_("Units are already claiming."), _("Settle that first."))
        gaps = gap_rows(campaign).count()
        if not gaps:
            raise Refusal(_("Every criterion has a lead."), _("Nothing is left to claim."))
        pool = ClaimPool.objects.create(region=campaign.region, campaign=campaign, closes_on=closes_on)
        record("responsibilities.claims.open", campaign, actor=actor, data={"until": closes_on.isoformat()})
        title = _("%(n)d criteria have no lead: claim yours by %(day)s") % {"n": gaps, "day": closes_on.isoformat()}
        roles = [str(role) for role in roles_with(ANSWER)]
        grants = RoleGrant.objects.filter(lasting(), region=campaign.region, role__in=roles, unit__depth__gt=1)
        people = get_user_model().objects.filter(pk__in=grants.values("user"), is_active=True)
        notify(people, "responsibilities", title, region=campaign.region, url=reverse("responsibilities:breakdown"))
    return pool


def running_pool(campaign: Campaign) -> ClaimPool | None:
    """The pool into which claims go now; None where the first one to press leads."""
    pools = ClaimPool.objects.filter(campaign=campaign, settled_at__isnull=True)
    return pools.filter(closes_on__gte=clock.today()).first()


def claim_criterion(
    campaign: Campaign, node: Node, unit: Unit, *, actor: Any, reason: str = "", on_behalf: str = ""
) -> Claim | None:
    """`unit` claims `node`: in a pool the claim waits and is returned; else the unit leads from now on.

    Refused where somebody leads it already. The first one to press leads: the campaign is locked while it is looked
    who does. The office is told.
    """
    if not may(actor, ANSWER, unit):
        raise PermissionDenied(ANSWER)
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        taken = Assignment.objects.filter(campaign=campaign, node=node, share=Share.LEAD).select_related("unit").first()
        if taken:
            raise Refusal(
                _("%(unit)s leads “%(criterion)s” already.") % {"unit": taken.unit, "criterion": node.title},
                _("Choose another one, or talk to the campaign office."),
            )
        if pool := running_pool(campaign):
            return _wait(pool, node, unit, reason, actor, on_behalf)
        write_shares(campaign, [Cell(node.pk, unit.pk, Share.LEAD)], origin=Origin.HAND, actor=actor)
        title = _("%(unit)s takes the lead of %(criterion)s") % {"unit": unit, "criterion": f"{node.code} {node.title}"}
        _tell_office(campaign, title, reverse("responsibilities:breakdown"))
    return None


def withdraw_claim(claim: Claim, *, actor: Any) -> None:
    """The unit takes its claim back while it waits."""
    advance(claim, CLAIM_WORKFLOW, "withdraw", actor=actor)


def decide_claim(claim: Claim, *, reason: str, actor: Any) -> None:
    """This unit leads; the others that claim the same criterion are turned down with the reason. All are told."""
    require_actor(actor, EDIT, claim.campaign)
    others = list(_waiting(claim.campaign).filter(node=claim.node).exclude(pk=claim.pk))
    if others and not reason.strip():
        raise Refusal(_("Several units claim it."), _("Say why it is this one; the others read it."))
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=claim.campaign_id)
        led = Assignment.objects.filter(campaign=claim.campaign, node=claim.node, share=Share.LEAD).first()
        if led is not None and led.unit_id != claim.unit_id:
            raise Refusal(_("Somebody leads it meanwhile."), _("Open the matrix and look."))
        advance(claim, CLAIM_WORKFLOW, "give", actor=actor, note=reason)
        cell = Cell(claim.node_id, claim.unit_id, Share.LEAD)
        write_shares(claim.campaign, [cell], origin=Origin.CLAIM, actor=actor)
        _tell(claim, _("You lead %(code)s %(title)s now") % {"code": claim.node.code, "title": claim.node.title})
        for other in others:
            advance(other, CLAIM_WORKFLOW, "turn_down", actor=actor, note=reason)
            words = _("%(unit)s leads %(code)s: %(reason)s")
            _tell(other, words % {"unit": claim.unit, "code": claim.node.code, "reason": reason})


def settle_pool(pool: ClaimPool, *, actor: Any) -> int:
    """Close the pool: sole claims are given, contested ones wait for the office. How many were given.

    The office is told what nobody claimed.
    """
    require_actor(actor, EDIT, pool.campaign)
    with transaction.atomic():
        if not ClaimPool.objects.filter(pk=pool.pk, settled_at__isnull=True).update(settled_at=clock.now()):
            return 0
        record("responsibilities.claims.settle", pool.campaign, actor=actor)
        claims = list(_waiting(pool.campaign).filter(pool=pool))
        number = Counter(claim.node_id for claim in claims)
        sole = [claim for claim in claims if number[claim.node_id] == 1]
        for claim in sole:
            decide_claim(claim, reason="", actor=actor)
        unclaimed = gap_rows(pool.campaign).exclude(pk__in=list(number)).count()
        contested = sum(n > 1 for n in number.values())
        if unclaimed or contested:
            title = _("Claims are in: %(contested)d criteria claimed by several, %(bare)d by nobody") % {
                "contested": contested, "bare": unclaimed,
            }  # fmt: skip
            _tell_office(pool.campaign, title, reverse("responsibilities:claims"))
    return len(sole)


def settle_due_pools() -> int:
    """Settle every pool whose day is over; how many. Daily work."""
    due = ClaimPool.objects.filter(settled_at__isnull=True, closes_on__lt=clock.today())
    pools = list(due.select_related("campaign__region"))
    for pool in pools:
        settle_pool(pool, actor=None)
    return len(pools)


def _wait(pool: ClaimPool, node: Node, unit: Unit, reason: str, actor: Any, on_behalf: str) -> Claim:
    claim, new = Claim.objects.get_or_create(
        pool=pool, node=node, unit=unit,
        defaults={"region": pool.region, "campaign": pool.campaign, "reason": reason.strip(), "made_at": clock.now()},
    )  # fmt: skip
    if new:
        note_step(claim, "claim", actor=actor, note=reason, on_behalf=on_behalf)
    elif claim.state == ClaimState.WITHDRAWN:
        advance(claim, CLAIM_WORKFLOW, "claim_again", actor=actor, note=reason, on_behalf=on_behalf)
    else:
        raise Refusal(_("%s has claimed it already.") % unit, _("The campaign office decides."))
    return claim


def _waiting(campaign: Campaign) -> Any:
    return Claim.objects.filter(campaign=campaign, state=ClaimState.WAITING).select_related(
        "node", "unit", "region", "campaign__region"
    )


def _tell(claim: Claim, title: str) -> None:
    people = people_to_tell(claim.unit, ANSWER)
    url = reverse("responsibilities:sheet", args=[claim.unit_id])
    notify(people, "responsibilities", title, region=claim.region, url=url)


def _tell_office(campaign: Campaign, title: str, url: str) -> None:
    notify(office_people(campaign.region, EDIT), "responsibilities", title, region=campaign.region, url=url)
