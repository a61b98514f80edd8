"""Who hears of a problem's steps. Called inside the transaction of the step, so nothing is told that did not happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from chuangwen.core.models import Region
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import keys_to_tell_of, office_people, people_to_tell
from chuangwen.rectification.enums import ProblemState
from chuangwen.rectification.models import Problem


def page_of(problem: Problem) -> str:
    """The address of the problem's page."""
    return reverse("rectification:problem", args=[problem.number])


def tell_unit(problem: Problem, title: str, *, unit: Unit | None = None, key: str = "", urgent: bool = False) -> int:
    """One line to those who answer for `unit` (the lead by default); returns how many were told."""
    people = keys_to_tell_of([unit or problem.lead], "rectification.answer")
    return _tell(people, problem, title, key=key, urgent=urgent)


def tell_both(problem: Problem, title: str) -> None:
    """One line to the lead and, where it is another unit, to the territory."""
    units = {unit.pk: unit for unit in (problem.lead, problem.territory) if unit is not None}
    _tell(keys_to_tell_of(list(units.values()), "rectification.answer"), problem, title)


def tell_office(problem: Problem, title: str, permission: str) -> None:
    """One line to the people of the campaign office who hold `permission`."""
    _tell(office_people(problem.region, permission), problem, title)


def tell_of_ledger(problems: Sequence[Problem], region: Region, name: str) -> None:
    """Of many problems that came in at once from the file `name`: one line to each unit, one to the office.

    A unit hears of what it leads and of what lies in its territory; the office of what it has to assign.
    """
    ledger = reverse("rectification:ledger")
    waiting = sum(problem.state == ProblemState.FOUND for problem in problems)
    given = [problem for problem in problems if problem.state != ProblemState.FOUND]
    counts = Counter(unit for one in given for unit in {one.lead, one.territory or one.lead})
    leads = {problem.lead for problem in given}
    for unit, count in sorted(counts.items(), key=lambda item: item[0].pk):
        title = ngettext("%(n)d new problem from “%(file)s”", "%(n)d new problems from “%(file)s”", count)
        url = f"{ledger}?{'lead' if unit in leads else 'territory'}={unit.pk}"
        people = people_to_tell(unit, "rectification.answer")
        notify(people, "rectification", title % {"n": count, "file": name}, region=region, url=url, body=str(unit))
    if waiting:
        title = ngettext(
            "%(n)d problem to be assigned from “%(file)s”", "%(n)d problems to be assigned from “%(file)s”", waiting
        )
        people = office_people(region, "rectification.assign")
        words = title % {"n": waiting, "file": name}
        notify(people, "rectification", words, region=region, url=f"{ledger}?tab=found")


def _tell(people: Iterable[Any], problem: Problem, title: str, *, key: str = "", urgent: bool = False) -> int:
    where = str(problem.place or problem.spot)
    return notify(
        people, "rectification", title,
        region=problem.region, url=page_of(problem), body=where, key=key, urgent=urgent, matter=True,
    )  # fmt: skip
