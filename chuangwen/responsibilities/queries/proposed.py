"""What the program proposes for measures and people where a unit has not given them: only from what is known already.

Nobody is asked for what an earlier task, the plan, the paper or the unit's posts say; the person sees it above the
button, changes it where it is wrong, and confirms it by pressing (practice.md: no report on what the ledger knows).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from chuangwen.evidence.models import Link
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Post
from chuangwen.responsibilities.models import Task, TaskState

LONGEST = 300  # characters of a paper's sentence: measures are read on a phone
ANSWERED = (TaskState.ACCEPTED, TaskState.REPORTED, TaskState.CONFIRMED)
WHO = (PostKind.ACTING, PostKind.FIRST, PostKind.LIAISON)


@dataclass(frozen=True, slots=True)
class Proposed:
    """Measures and people, each with where it was taken from ("" where the unit entered it, or nothing is known)."""

    measures: str
    people: str
    measures_from: str = ""
    people_from: str = ""


def proposed_fixings(task: Task) -> Proposed:
    """What was entered; else what the duty's last task, the plan, the paper's own words and the unit's posts say."""
    last = _last_of_duty(task)
    measures = (task.measures.strip(), "") if task.measures.strip() else _measures(task, last)
    people = (task.people.strip(), "") if task.people.strip() else _people(task, last)
    return Proposed(measures[0], people[0], measures[1], people[1])


def pieces_held(task: Task) -> int:
    """How much the ledger of the task's criterion and unit holds: it counts without being given again."""
    if task.node_id is None:
        return 0
    mine = {"dossier__campaign": task.campaign_id, "dossier__node": task.node_id, "dossier__unit": task.unit_id}
    return Link.objects.filter(**mine).count()


def _last_of_duty(task: Task) -> Task | None:
    """The unit's latest other task of the same recurring duty that has both."""
    if task.duty_id is None:
        return None
    rows = Task.objects.filter(duty=task.duty_id, unit=task.unit_id, state__in=ANSWERED).exclude(pk=task.pk)
    return rows.exclude(measures="").exclude(people="").order_by("-due_at", "-pk").first()


def _measures(task: Task, last: Task | None) -> tuple[str, str]:
    if last:
        return last.measures, _("As last time; change what is different.")
    steps = [one.name for one in task.milestones.order_by("due_on", "pk")]
    if steps:
        return "、".join(steps), _("From your plan; change what is different.")
    said = task.instruction.content if task.instruction else task.origin_text
    if said.strip():
        return _short(said), _("From the words of the paper; change what is different.")
    return task.title, _("From the task's own words; change what is different.")


def _people(task: Task, last: Task | None) -> tuple[str, str]:
    if last:
        return last.people, _("As last time; change what is different.")
    named = [post.title for post in (task.implementer, task.post) if post]
    if not named:
        posts = {post.kind: post for post in Post.objects.filter(unit=task.unit_id, kind__in=WHO)}
        named = [posts[kind].title for kind in WHO if kind in posts][:1]
    return "、".join(dict.fromkeys(named)), _("From the posts of the unit; change what is different.") if named else ""


def _short(words: str) -> str:
    """One run of words without line breaks, not longer than what is read on a phone."""
    said = " ".join(words.split())
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
