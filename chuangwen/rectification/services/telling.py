"""Who hears of a problem's steps. Called inside the transaction of the step, so nothing is told that did not happen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import office_people, people_to_tell, people_to_tell_of
from chuangwen.rectification.models import Problem


def page_of(problem: Problem) -> str:
    """The address of the problem's page."""
    return reverse("rectification:problem", args=[problem.number])


def tell_unit(problem: Problem, title: str, *, unit: Unit | None = None, key: str = "", urgent: bool = False) -> int:
    """One line to those who answer for `unit` (the lead by default); returns how many were told."""
    people = people_to_tell(unit or problem.lead, "rectification.answer")
    return _tell(people, problem, title, key=key, urgent=urgent)


def tell_both(problem: Problem, title: str) -> None:
    """One line to the lead and, where it is another unit, to the territory."""
    units = {unit.pk: unit for unit in (problem.lead, problem.territory) if unit is not None}
    _tell(people_to_tell_of(list(units.values()), "rectification.answer"), problem, title)


def tell_office(problem: Problem, title: str, permission: str) -> None:
    """One line to the people of the campaign office who hold `permission`."""
    _tell(office_people(problem.region, permission), problem, title)


def _tell(people: Iterable[Any], problem: Problem, title: str, *, key: str = "", urgent: bool = False) -> int:
    where = str(problem.place or problem.spot)
    return notify(
        people, "rectification", title,
        region=problem.region, url=page_of(problem), body=where, key=key, urgent=urgent, matter=True,
    )  # fmt: skip
