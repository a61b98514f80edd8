"""Papers that come with a step, who a step is entered for, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.access import scope_of
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload, attach
from chuangwen.honors.models import Application, Award
from chuangwen.honors.services.stepping import family_of
from chuangwen.honors.workflow import APPLY
from chuangwen.inspections.services.results import PROOFS
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import office_people, people_to_tell


def keep_papers(papers: Iterable[Upload], owner: Model, *, region: Any, actor: Any) -> None:
    """Hang scans and documents on their matter. Of families no file is kept."""
    papers = list(papers)
    if papers and family_of(owner) is not None:
        raise Refusal(
            _("No files are kept about a family."), _("Leave the paper with the unit, and enter what it comes to.")
        )
    for one in papers:
        attach(one.data, one.name, owner=owner, region=region, actor=actor, accept=PROOFS)


def behalf_of(unit: Unit, actor: Any, permission: str = APPLY) -> str:
    """The unit's name where `actor` is not one of its own people and enters the step for it (代录)."""
    if actor is None or unit.pk in scope_of(actor, permission).unit_ids:
        return ""
    return str(unit)


def refuse_own_time(unit: Unit, actor: Any, given: datetime | date | None) -> None:
    """Another time than now is said by who enters a paper for the unit, never by the unit itself."""
    if given is not None and actor is not None and not behalf_of(unit, actor):
        raise Refusal(
            _("Another time is entered by the office, from paper."), _("Leave the time empty: it counts from now.")
        )


def need(text: str, fault: str, way_out: str) -> str:
    """`text` without blanks around it; Refusal where nothing is left."""
    if not text.strip():
        raise Refusal(fault, way_out)
    return text.strip()


def tell_unit(unit: Unit, title: str, url: str, *, body: str = "") -> None:
    """One line to the unit's people."""
    notify(people_to_tell(unit, APPLY), "honors", title, region=unit.region, url=url, body=body, matter=True)


def tell_office(region: Any, permission: str, title: str, url: str, *, body: str = "") -> None:
    """One line to the people of the campaign office who hold `permission`."""
    notify(office_people(region, permission), "honors", title, region=region, url=url, body=body, matter=True)


def page_of(application: Application) -> str:
    """The address of an application's page."""
    return reverse("honors:application", args=[application.pk])


def award_page(award: Award) -> str:
    """The address of an award's page."""
    return reverse("honors:award", args=[award.pk])
