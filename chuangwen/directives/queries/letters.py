"""Reads letters from above: where they stand by the replies of their units, what is late, what was read from them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.models import Attachment, label_of
from chuangwen.directives.enums import OPEN_LETTERS, LetterStage
from chuangwen.directives.models import Document, Letter, LetterSlip
from chuangwen.directives.workflow import REPLIED
from chuangwen.organizations.enums import GroupKind
from chuangwen.organizations.models import Group, Unit
from chuangwen.responsibilities.models import OPEN_TASK_STATES, TaskState
from chuangwen.responsibilities.queries.instructions import posts_held

AWAITED = Q(task__state__in=[str(state) for state in OPEN_TASK_STATES])


def letters_of(request: HttpRequest) -> QuerySet[Letter]:
    """The letters of the present campaign that the person sees; all counts that lead to the list ask here."""
    return Letter.objects.visible_to(request.user).filter(campaign=current_campaign(request))


def with_replies(rows: QuerySet[Letter], user: Any) -> QuerySet[Letter]:
    """`rows` with how many units were asked and have replied, of those that the person sees; let off ones left out."""
    seen = LetterSlip.objects.visible_to(user).values("pk")
    asked = Q(slips__in=seen) & ~Q(slips__task__state=TaskState.CANCELLED)
    replied = asked & Q(slips__task__state__in=[str(state) for state in REPLIED])
    return rows.annotate(
        asked=Count("slips", filter=asked, distinct=True), replied=Count("slips", filter=replied, distinct=True)
    )


def is_awaited() -> Q:
    """Letters of which a unit has not replied."""
    return Q(Exists(LetterSlip.objects.filter(AWAITED, letter=OuterRef("pk"))))


def with_units() -> Q:
    """Letters that units are at."""
    return Q(state=LetterStage.HANDLED) & is_awaited()


def to_answer() -> Q:
    """Letters that the office can answer: all have replied, or nobody had to; signed ones wait to be sent."""
    return Q(state=LetterStage.SIGNED) | (Q(state=LetterStage.HANDLED) & ~is_awaited())


def late_answer() -> Q:
    """Letters whose sender waits longer than the day that the letter names."""
    return Q(state__in=[str(one) for one in OPEN_LETTERS], due_on__lt=clock.today())


def before_me(user: Any) -> Q:
    """Letters that lie before a leader: the person holds the post."""
    return Q(state=LetterStage.LEADER, leader__in=posts_held(user).order_by().values("pk"))


def with_slips(rows: QuerySet[Letter], user: Any) -> QuerySet[Letter]:
    """`rows` with the slips that the person sees, each with its task and unit."""
    slips = LetterSlip.objects.visible_to(user).select_related("task__unit", "task__region")
    return rows.prefetch_related(Prefetch("slips", slips.order_by("task__unit__path", "pk")))


def same_letter(region: int, sender_key: str, paper_key: str, *, but: Letter | None = None) -> Letter | None:
    """The letter (another than `but`) of the same sender and number that is in the register already."""
    rows = Letter.objects.filter(region=region, sender_key=sender_key, paper_key=paper_key)
    return rows.exclude(state=LetterStage.WITHDRAWN).exclude(pk=but.pk if but else None).first()


def paper_of(letter: Letter) -> Attachment | None:
    """The letter's own paper: the first file that hangs on it."""
    rows = Attachment.objects.filter(owner_type=label_of(letter), owner_id=letter.pk).select_related("file")
    return rows.order_by("pk").first()


def document_of(letter: Letter) -> Document | None:
    """The document that the review read from the letter's paper: the one with the same bytes, whoever gave it in."""
    paper = paper_of(letter)
    if paper is None:
        return None
    return Document.objects.filter(campaign=letter.campaign_id, digest=paper.file.sha256).first()


def office_unit(region_id: int) -> Unit:
    """Who answers letters: the office of the leading group, else the region's own top."""
    group = (
        Group.objects.filter(region=region_id, kind=GroupKind.LEADING).select_related("office").order_by("pk").first()
    )
    if group is not None and group.office is not None:
        found: Unit = group.office
        return found
    return Unit.objects.filter(region=region_id, depth=1).order_by("path").get()


def known_senders(region_id: int) -> list[str]:
    """Who has written before, the latest first: nobody types a sender twice."""
    rows = Letter.objects.filter(region=region_id).order_by("-pk").values_list("sender", flat=True)[:200]
    return list(dict.fromkeys(rows))[:12]


def replies_of(letter: Letter) -> list[LetterSlip]:
    """The slips that count for the answer, in the order of the units: what was let off is left out."""
    rows = letter.slips.exclude(task__state=TaskState.CANCELLED).select_related("task__unit", "task__region")
    return list(rows.order_by("task__unit__path", "pk"))
