"""What one issue gives to units, told to each of them once: what it leads, what it cooperates in, what always holds.

A unit that cooperates hears in what, since nobody rings it up; it is told when something is issued or opened, falls
away or gets another deadline, and not again for each date of a recurring duty (those stand in its digest and calendar).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell_of
from chuangwen.responsibilities.models import Duty, StandingRule, Task
from chuangwen.responsibilities.services.telling import address, of_many

NAMED = 3  # so many matters are named in a line
LONGEST = 40  # characters of a matter's title in a line
ANSWER = "responsibilities.answer"
LeadWords = Callable[[Sequence[Task], Sequence[Duty]], str]
TaskWords = Callable[[Sequence[Task]], str]


@dataclass
class _Share:
    """What one unit was given."""

    tasks: list[Task] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    helps: list[Task | Duty] = field(default_factory=list)
    rules: list[StandingRule] = field(default_factory=list)


class News:
    """Collects what goes out in one issue; `tell` puts one line into the inbox of each unit."""

    def __init__(self) -> None:
        self._units: dict[int, Unit] = {}
        self._given: defaultdict[int, _Share] = defaultdict(_Share)

    def lead(self, matter: Task | Duty, helpers: Iterable[Unit] = ()) -> None:
        """`matter` went to the unit that leads it, and to `helpers`."""
        share = self._of(matter.unit)
        if isinstance(matter, Task):
            share.tasks.append(matter)
        else:
            share.duties.append(matter)
        self.help(matter, helpers)

    def help(self, matter: Task | Duty, helpers: Iterable[Unit]) -> None:
        """`helpers` cooperate in `matter`."""
        for unit in helpers:
            if unit.pk != matter.unit_id:
                self._of(unit).helps.append(matter)

    def rule(self, rule: StandingRule, units: Iterable[Unit]) -> None:
        """`rule` holds for `units` from now on."""
        for unit in units:
            self._of(unit).rules.append(rule)

    def tell(self, words: LeadWords, *, tab: str = "accept") -> None:
        """Tell each unit once; `words` says what it leads. Units that hear the same are told together."""
        lines: defaultdict[tuple[str, str], list[Unit]] = defaultdict(list)
        for pk, share in self._given.items():
            lines[_title(share, words), _url(share, tab)].append(self._units[pk])
        for (title, url), units in lines.items():
            people = people_to_tell_of(units, ANSWER)
            notify(people, "responsibilities", title, region=units[0].region, url=url)

    def _of(self, unit: Unit) -> _Share:
        self._units[unit.pk] = unit
        return self._given[unit.pk]


def tell_helpers(matter: Task | Duty, helpers: Iterable[Unit]) -> None:
    """Those who cooperate in one matter, whose lead was told already."""
    news = News()
    news.help(matter, helpers)
    news.tell(lambda _tasks, _duties: "")


def tell_of_issue(tasks: Sequence[Task]) -> None:
    """Those who got tasks that went out together, and those who cooperate in them, in one line a unit."""
    news, helpers = News(), _helpers(tasks)
    for task in tasks:
        news.lead(task, helpers[task.pk])
    news.tell(_issued)


def tell_of_end(tasks: Sequence[Task]) -> None:
    """Those who had tasks that fell away together, and those who cooperate in them, in one line a unit."""
    _tell_of_change(tasks, _ended, _end_of_help, "all&state=cancelled", "all&state=cancelled")


def tell_of_deadline(tasks: Sequence[Task], words: TaskWords | None = None) -> None:
    """Those whose tasks have another deadline (in `words`), and those who cooperate in them, in one line a unit."""
    _tell_of_change(tasks, words or _moved, _moved_help, "running", "helping")


def _tell_of_change(
    tasks: Sequence[Task], lead: TaskWords, helping: TaskWords, lead_tab: str, helping_tab: str
) -> None:
    """Who answers for the lead too hears of it once; the line about one task takes the place of an older unread one."""
    led: defaultdict[Unit, list[Task]] = defaultdict(list)
    given: defaultdict[Unit, list[Task]] = defaultdict(list)
    helpers = _helpers(tasks)
    for task in tasks:
        led[task.unit].append(task)
        for unit in helpers[task.pk]:
            given[unit].append(task)
    for unit, theirs in led.items():
        _tell(people_to_tell_of([unit], ANSWER), theirs, lead, lead_tab)
    lines: defaultdict[tuple[Task, ...], list[Unit]] = defaultdict(list)
    for unit, shared in given.items():
        lines[tuple(shared)].append(unit)
    for several, units in lines.items():
        told = people_to_tell_of([task.unit for task in several], ANSWER).values("pk")
        _tell(people_to_tell_of(units, ANSWER).exclude(pk__in=told), several, helping, helping_tab)


def _tell(people: Iterable[Any], tasks: Sequence[Task], words: TaskWords, tab: str) -> None:
    url, one = of_many(tasks, tab), len(tasks) == 1
    notify(people, "responsibilities", words(tasks), region=tasks[0].region, url=url, matter=one)


def _helpers(tasks: Sequence[Task]) -> defaultdict[int, list[Unit]]:
    """The units that cooperate, by the key of the task: one query."""
    found: defaultdict[int, list[Unit]] = defaultdict(list)
    pairs = Task.cooperating.through.objects.filter(task__in=[task.pk for task in tasks])
    for pair in pairs.select_related("unit__region").order_by("task", "unit"):
        found[pair.task_id].append(pair.unit)
    return found


def _issued(tasks: Sequence[Task], _duties: Sequence[Duty]) -> str:
    if len(tasks) == 1:
        return _("New task: %s") % tasks[0].title
    return ngettext("%(n)d new task: %(what)s", "%(n)d new tasks: %(what)s", len(tasks)) % _said(tasks)


def _ended(tasks: Sequence[Task]) -> str:
    if len(tasks) == 1:
        return _("Cancelled: %s") % tasks[0].title
    return ngettext("%(n)d task cancelled: %(what)s", "%(n)d tasks cancelled: %(what)s", len(tasks)) % _said(tasks)


def _end_of_help(tasks: Sequence[Task]) -> str:
    words = ngettext("You need no longer cooperate, %(n)d task was cancelled: %(what)s",
                     "You need no longer cooperate, %(n)d tasks were cancelled: %(what)s", len(tasks))  # fmt: skip
    return words % _said(tasks)


def _moved(tasks: Sequence[Task]) -> str:
    if len(tasks) == 1:
        return _("New deadline: %s") % tasks[0].title
    words = ngettext("New deadline of %(n)d task: %(what)s", "New deadlines of %(n)d tasks: %(what)s", len(tasks))
    return words % _said(tasks)


def _moved_help(tasks: Sequence[Task]) -> str:
    words = ngettext("New deadline of %(n)d task in which you cooperate: %(what)s",
                     "New deadlines of %(n)d tasks in which you cooperate: %(what)s", len(tasks))  # fmt: skip
    return words % _said(tasks)


def _said(tasks: Sequence[Task]) -> dict[str, Any]:
    return {"n": len(tasks), "what": _names([one.title for one in tasks])}


def _title(share: _Share, words: LeadWords) -> str:
    said = [words(share.tasks, share.duties)] if share.tasks or share.duties else []
    if share.helps:
        said.append(_helping(share.helps, first=not said))
    if share.rules:
        said.append(_holding(share.rules, first=not said))
    return "".join(said)


def _helping(helps: Sequence[Task | Duty], *, first: bool) -> str:
    what, n = _names([one.title for one in helps]), len(helps)
    if first and n == 1:
        return _("You cooperate with %(unit)s: %(title)s") % {"unit": helps[0].unit, "title": what}
    if first:
        return ngettext("You cooperate in %(n)d task: %(what)s", "You cooperate in %(n)d tasks: %(what)s", n) % {
            "n": n, "what": what,
        }  # fmt: skip
    return ngettext("; you cooperate in %(n)d task: %(what)s", "; you cooperate in %(n)d tasks: %(what)s", n) % {
        "n": n, "what": what,
    }  # fmt: skip


def _holding(rules: Sequence[StandingRule], *, first: bool) -> str:
    what, n = _names([one.text for one in rules]), len(rules)
    if first:
        words = ngettext("%(n)d new standing rule: %(what)s", "%(n)d new standing rules: %(what)s", n)
        return words % {"n": n, "what": what}
    return ngettext("; %(n)d new standing rule: %(what)s", "; %(n)d new standing rules: %(what)s", n) % {
        "n": n, "what": what,
    }  # fmt: skip


def _names(titles: Sequence[str]) -> str:
    named = "、".join(one if len(one) <= LONGEST else f"{one[: LONGEST - 1]}…" for one in titles[:NAMED])
    return pgettext("more than are named", "%s and others") % named if len(titles) > NAMED else named


def _url(share: _Share, tab: str) -> str:
    """The matter where there is only one; else the list of what came first."""
    if share.tasks:
        return of_many(share.tasks, tab)
    several = share.duties or share.helps
    if len(several) == 1:
        return _page_of(several[0])
    if several:
        duties = isinstance(several[0], Duty)
        return reverse("responsibilities:duties") if duties else reverse("responsibilities:tasks") + "?tab=helping"
    if len(share.rules) == 1:
        return reverse("responsibilities:standing_rule", args=[share.rules[0].pk])
    return reverse("responsibilities:rules")


def _page_of(matter: Task | Duty) -> str:
    return address(matter) if isinstance(matter, Task) else reverse("responsibilities:duty", args=[matter.pk])
