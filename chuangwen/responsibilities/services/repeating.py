"""What asks a unit for something open there already: one reason answers for all of it, or it is left out (减负).

Every way of giving out more than one thing at once uses it: documents, the breakdown, recurring duties, instructions,
letters from above.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.errors import Refusal
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.models import RepeatedRequest, Task
from chuangwen.responsibilities.queries.repeats import OpenRequest

LONGEST = LONGEST_REASON = 300  # characters
K = TypeVar("K", bound=Hashable)


class Repeated(Refusal):
    """Units have been asked already; `found` says what is open. Sent all the same with a reason."""

    def __init__(self, found: list[OpenRequest]) -> None:
        words = _("The unit has been asked already: “%s”.") % found[0].title
        if len(found) > 1:
            number = ngettext("%d of it is open at its unit already.", "%d of these are open at their units already.",
                              len(found))  # fmt: skip
            words = number % len(found)
        super().__init__(words, _("Say why it is asked again, or leave it."))
        self.found = found


@dataclass(frozen=True, slots=True)
class Again:
    """What the sender says to requests that are open already: why they are asked again, or that they stay away."""

    reason: str = ""
    leave_out: bool = False

    def left_out(self, found: Mapping[K, OpenRequest]) -> frozenset[K]:
        """Which of what was asked for falls away; raises Repeated where nothing was said."""
        if self.leave_out:
            return frozenset(found)
        if found and not self.reason.strip():
            raise Repeated(list(found.values()))
        return frozenset()

    def check_one(self, unit: Unit, found: Mapping[K, OpenRequest]) -> None:
        """For one of many that go to `unit`: raises Repeated where nothing was said, Refusal where it stays away."""
        away = self.left_out(found)
        if away:
            words = {"unit": unit, "title": next(found[one].title for one in away)}
            raise Refusal(_("%(unit)s has it open already: “%(title)s”.") % words)

    def still_asked(self, units: Iterable[Unit], found: Mapping[int, OpenRequest]) -> list[Unit]:
        """Of units that are asked the same, `found` by their key, those that are left; refuses where none is."""
        away = self.left_out(found)
        left = [unit for unit in units if unit.pk not in away]
        if not left:
            raise Refusal(_("All of these units have it open already."), _("Say why it is asked again, or leave it."))
        return left


FIRST = Again()  # nothing said: refused where anything is open already


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out to a unit although `like` was open there."""

    unit: Unit
    title: str
    url: str
    like: OpenRequest
    task: Task | None = None


def keep_repeats(pairs: Iterable[tuple[Task, OpenRequest]], again: Again, actor: Any) -> None:
    """Keep beside each task what was open like it, and why it was sent all the same."""
    rows = ((task, reverse("responsibilities:task", args=[task.pk]), one) for task, one in pairs)
    keep_sent((Sent(task.unit, task.title, url, one, task) for task, url, one in rows), again, actor)


def keep_sent(sent: Iterable[Sent], again: Again, actor: Any) -> None:
    """The same of whatever was sent: the burden meter counts it, and its reason is read beside it."""
    RepeatedRequest.objects.bulk_create(
        RepeatedRequest(
            region_id=one.unit.region_id, unit=one.unit, title=one.title[:LONGEST], url=one.url, task=one.task,
            ground=one.like.ground, earlier=one.like.title[:LONGEST], earlier_url=one.like.url,
            reason=again.reason.strip()[:LONGEST_REASON], made_by=actor,
        )
        for one in sent
    )  # fmt: skip
