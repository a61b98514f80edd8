"""Tells the two sides of a task what the other one did."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth import get_user_model
from django.urls import reverse

from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Holding, Unit
from chuangwen.organizations.queries import lasting, office_people, people_to_tell
from chuangwen.responsibilities.models import Duty, KindLead, Origin, Task


def tell_unit(task: Task, title: str, *, unit: Unit | None = None, urgent: bool = False) -> None:
    """Into the inbox of who answers for the task's unit (or `unit`)."""
    people = people_to_tell(unit or task.unit, "responsibilities.answer")
    notify(people, "responsibilities", title, region=task.region, url=address(task), matter=True, urgent=urgent)


def remind_unit(task: Task, title: str, *, key: str) -> int:
    """As `tell_unit`, once for each `key`; returns how many people know."""
    people = people_to_tell(task.unit, "responsibilities.answer")
    return notify(people, "responsibilities", title, region=task.region, url=address(task), key=key, matter=True)


def tell_unit_of_many(
    unit: Unit, tasks: Sequence[Task], title: str, *, tab: str = "accept", urgent: bool = False
) -> None:
    """One line for many tasks; it opens the list at `tab`, or the task where there is only one."""
    people = people_to_tell(unit, "responsibilities.answer")
    notify(people, "responsibilities", title, region=unit.region, url=of_many(tasks, tab), urgent=urgent)


def of_many(tasks: Sequence[Task], tab: str) -> str:
    """The task where there is only one, else the list at `tab`."""
    several = reverse("responsibilities:tasks") + (f"?tab={tab}" if tab else "")
    return address(tasks[0]) if len(tasks) == 1 else several


def tell_unit_of_duty(duty: Duty, title: str) -> None:
    """What became of a recurring duty, into the inbox of who answers for its unit."""
    people = people_to_tell(duty.unit, "responsibilities.answer")
    url = reverse("responsibilities:duty", args=[duty.pk])
    notify(people, "responsibilities", title, region=duty.region, url=url)


def tell_lead(lead: KindLead, title: str, *, url: str = "") -> int:
    """Into the inbox of who checks a kind of organization; returns how many people know."""
    people = people_to_tell(lead.lead, "responsibilities.answer")
    page = url or reverse("responsibilities:kind_check", args=[lead.pk])
    return notify(people, "responsibilities", title, region=lead.region, url=page)


def tell_office(task: Task, title: str) -> None:
    """Into the inbox of the campaign office."""
    people = office_people(task.region, "responsibilities.edit")
    notify(people, "responsibilities", title, region=task.region, url=address(task), matter=True)


def tell_leader(task: Task, title: str) -> None:
    """Into the inbox of who holds the post whose instruction the task comes from; of nobody for other tasks."""
    if task.instruction is None:
        return
    held = Holding.objects.filter(lasting(), post=task.instruction.post_id).values("user")
    people = get_user_model().objects.filter(pk__in=held, is_active=True)
    url = reverse("responsibilities:instruction", args=[task.instruction_id])
    notify(people, "responsibilities", title, region=task.region, url=url)


def address(task: Task) -> str:
    """Where the unit answers it: the task's page; for a letter's reply its slip, which asks for no more than that."""
    if task.origin == Origin.LETTER and task.origin_url:
        return task.origin_url
    return reverse("responsibilities:task", args=[task.pk])
