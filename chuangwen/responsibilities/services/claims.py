"""A unit takes a criterion that nobody leads (认领), so that the office need not ask around."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import office_people
from chuangwen.responsibilities.models import Assignment, Origin, Share
from chuangwen.responsibilities.services.breakdown import Cell, write_shares
from chuangwen.standards.models import Node


def claim_criterion(campaign: Campaign, node: Node, unit: Unit, *, actor: Any) -> None:
    """`unit` leads `node` from now on, and the office is told. Refused where somebody leads it already.

    The first one to press leads: the campaign is locked while it is looked who does.
    """
    if not may(actor, "responsibilities.answer", unit):
        raise PermissionDenied("responsibilities.answer")
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        taken = Assignment.objects.filter(campaign=campaign, node=node, share=Share.LEAD).select_related("unit").first()
        if taken:
            raise Refusal(
                _("%(unit)s leads “%(criterion)s” already.") % {"unit": taken.unit, "criterion": node.title},
                _("Choose another one, or talk to the campaign office."),
            )
        write_shares(campaign, [Cell(node.pk, unit.pk, Share.LEAD)], origin=Origin.HAND, actor=actor)
        people = office_people(campaign.region, "responsibilities.edit")
        title = _("%(unit)s takes the lead of %(criterion)s") % {"unit": unit, "criterion": f"{node.code} {node.title}"}
        notify(people, "responsibilities", title, region=campaign.region, url=reverse("responsibilities:breakdown"))
