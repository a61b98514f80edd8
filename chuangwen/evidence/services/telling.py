"""Tells the two sides of a dossier what the other one did."""

from __future__ import annotations

from django.urls import reverse

from chuangwen.evidence.models import Dossier
from chuangwen.evidence.workflow import GIVE, REVIEW
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import office_people, people_to_tell


def tell_unit(dossier: Dossier, title: str) -> int:
    """Into the inbox of who answers for the dossier's unit; returns how many know."""
    people = people_to_tell(dossier.unit, GIVE)
    return notify(people, "evidence", title, region=dossier.region, url=address(dossier), matter=True)


def tell_unit_of_many(unit: Unit, title: str, *, key: str = "", tab: str = "waiting", urgent: bool = False) -> int:
    """One line for all of a unit's dossiers; it opens the list at `tab`. Returns how many know."""
    url = reverse("evidence:dossiers") + f"?tab={tab}"
    people = people_to_tell(unit, GIVE)
    return notify(people, "evidence", title, region=unit.region, url=url, key=key, urgent=urgent)


def tell_office(dossier: Dossier, title: str) -> None:
    """Into the inbox of the campaign office."""
    people = office_people(dossier.region, REVIEW)
    notify(people, "evidence", title, region=dossier.region, url=address(dossier), matter=True)


def address(dossier: Dossier) -> str:
    return reverse("evidence:dossier", args=[dossier.pk])
