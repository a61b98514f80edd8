"""Who hears of a notice's steps. Called inside the transaction of the step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from chuangwen.core.models import Region
from chuangwen.notifications.services import notify
from chuangwen.organizations.queries import office_people, people_to_tell, region_people
from chuangwen.supervision.enums import Signer
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.workflow import EDIT, SIGNING, is_own_office


def page_of(notice: SupervisionNotice) -> str:
    """The address of the notice's page."""
    return reverse("supervision:notice", args=[notice.number])


def tell(people: Iterable[Any], notice: SupervisionNotice, title: str, *, urgent: bool = False) -> int:
    """One line about the notice to each."""
    return notify(
        people, "supervision", title, region=notice.region, url=page_of(notice), body=str(notice.unit), urgent=urgent,
        matter=True,
    )  # fmt: skip


def tell_unit(notice: SupervisionNotice, title: str, *, urgent: bool = False) -> int:
    return tell(people_to_tell(notice.unit, "supervision.answer"), notice, title, urgent=urgent)


def tell_judges(notice: SupervisionNotice, title: str) -> int:
    """The office, or those who judge the office's own answer."""
    if is_own_office(notice.unit_id):
        return tell(region_people(notice.region, SIGNING[Signer.DEPUTY]), notice, title)
    return tell_office(notice, title)


def tell_office(notice: SupervisionNotice, title: str) -> int:
    return tell(office_people(notice.region, EDIT), notice, title)


def tell_region(region: Region, title: str, url: str, key: str) -> int:
    """The region's office hears once, by `key`, of what the program drafted."""
    return notify(office_people(region, EDIT), "supervision", title, region=region, url=url, key=key)
