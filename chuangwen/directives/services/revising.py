"""Takes a document as the revised version of an earlier one: what was decided goes along where the sentence stayed.

What was issued is never changed by an upload: where its sentence changed or went, a person settles it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.directives.addressees import lacks_unit
from chuangwen.directives.comparing import running
from chuangwen.directives.likeness import grams, likeness
from chuangwen.directives.models import Candidate, CandidateState, Carried, Change, Document, Settlement
from chuangwen.directives.plans import due_at
from chuangwen.directives.revisions import Passages, align
from chuangwen.directives.services.deciding import KEPT, check_current, claim
from chuangwen.directives.services.documents import add_document, dated_anew
from chuangwen.directives.workflow import CANDIDATE_WORKFLOW
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Task
from chuangwen.responsibilities.services import cancel_tasks, end_duty, end_rule, postpone_tasks
from chuangwen.workflow.services import advance, note_step

COPIED = (
    *(name for name in KEPT if name not in {"start", "end", "quote"}),
    "kind",
    "headings",
    "confidence",
    "inherited",
)
STEPS = {CandidateState.ACCEPTED: "accept", CandidateState.DROPPED: "drop"}


def add_revision(earlier: Document, data: bytes, *, actor: Any, **facts: Any) -> Document:
    """Upload the revised version of `earlier` (facts as in add_document): both or neither."""
    with transaction.atomic():
        document = add_document(earlier.campaign, data, actor=actor, **facts)
        take_as_revision(document, earlier, actor=actor)
    return document


def take_as_revision(document: Document, earlier: Document, *, actor: Any) -> Counter[str]:
    """Let `document` replace `earlier`; returns how many directives stayed, changed, went and came.

    Decisions, corrections and marks by hand go along with sentences that stayed; of a changed sentence the new
    reading waits for a decision. The earlier version can still be read, no longer changed. Refused where somebody
    has already decided in `document`, or either is part of another pair.
    """
    require_actor(actor, "directives.edit", document)
    require_actor(actor, "directives.edit", earlier)
    with transaction.atomic():
        locked = Document.objects.select_for_update().select_related("campaign", "region")
        both = {row.pk: row for row in locked.filter(pk__in=[document.pk, earlier.pk]).order_by("pk")}
        new, old = both[document.pk], both[earlier.pk]
        _check_pair(new, old)
        new.replaces, new.resembles = old, None
        new.save(update_fields=["replaces", "resembles", "updated_at"])
        numbers = _carry(new, old, actor)
        note_step(new, "revise", actor=actor, data={"earlier": old.pk, **numbers})
    document.replaces, document.resembles = earlier, None  # as it is kept now
    return numbers


def keep_apart(document: Document, *, actor: Any) -> None:
    """Say that the document is a paper of its own, however much it is like an earlier one."""
    require_actor(actor, "directives.edit", document)
    with transaction.atomic():
        document.resembles = None
        document.save(update_fields=["resembles", "updated_at"])
        note_step(document, "keep_apart", actor=actor)


def settle_issued(carried: Carried, settlement: str, *, actor: Any, reason: str = "") -> None:
    """Say what becomes of tasks whose sentence changed or went: keep, keep with the new deadline, or cancel.

    What is kept counts as issued from the revised sentence, so that nothing goes out twice.
    """
    document = carried.document
    require_actor(actor, "directives.edit", document)
    require_actor(actor, "responsibilities.edit", document)
    check_current(document)
    tasks, duties, rules = running(carried.old)
    if carried.change == Change.SAME or not (tasks or duties or rules):
        raise Refusal(_("Nothing that was issued from it waits for a word."))
    if settlement not in Settlement.values:
        raise Refusal(_("Say what is to become of the tasks."), _("Keep them, move their deadline, or cancel them."))
    with transaction.atomic():
        waiting = Carried.objects.filter(pk=carried.pk, settlement="")
        now = clock.now()
        if waiting.update(settlement=settlement, settled_by=actor, settled_at=now, updated_at=now) != 1:
            raise Conflict(_("Somebody settled this meanwhile."), _("Look at the page again."))
        words = reason.strip() or _("Revised version: “%s”") % document.title
        if settlement == Settlement.CANCEL:
            opened = [duty.tasks.filter(state__in=OPEN_TASK_STATES).order_by("pk") for duty in duties]
            cancel_tasks([*tasks, *chain.from_iterable(opened)], reason=words, actor=actor)  # the sentence is gone
            for duty in duties:
                end_duty(duty, reason=words, actor=actor)
            for rule in rules:
                end_rule(rule, reason=words, actor=actor)
        else:
            if settlement == Settlement.POSTPONE:
                _postpone(carried, tasks, words, actor)
            _count_as_issued(carried, actor)
        note_step(document, "settle", actor=actor, data={"candidate": carried.old_id, "settlement": settlement})


def _check_pair(document: Document, earlier: Document) -> None:
    if document.pk == earlier.pk or document.campaign_id != earlier.campaign_id:
        raise Refusal(_("This is no earlier version of the document."), _("Choose another document of this campaign."))
    if document.replaces_id:
        raise Refusal(_("The document is a revised version already."))
    if Document.objects.filter(replaces__in=[document, earlier]).exists():
        raise Refusal(_("A revised version of it is there already."), _("Compare with the latest version."))
    if document.candidates.exclude(state=CandidateState.OPEN).exists():
        raise Refusal(
            _("Directives of this document were decided already."),
            _("Undo that, or take the document away and upload it as a revised version."),
        )


def _carry(document: Document, earlier: Document, actor: Any) -> Counter[str]:
    passages = Passages(align(earlier.text, document.text), document.text)
    found = list(document.candidates.order_by("start", "pk"))
    standing = earlier.candidates.exclude(state=CandidateState.MERGED).order_by("start", "pk")
    rows = list(standing.prefetch_related("tasks", "duties", "rules"))
    moved = {row.pk: due_on for row, due_on in dated_anew(rows, earlier.day, document.day)}
    numbers: Counter[str] = Counter(same=0, changed=0, gone=0, new=0)
    broken = []
    for row in rows:
        span = passages.carried(row.start, row.end, row.quote)
        if span is None:
            broken.append(row)
            continue
        found = _without(found, span)
        issued = any(running(row))
        change = Change.CHANGED if issued and row.pk in moved else Change.SAME
        new = _copy(document, row, span, {"due_on": moved[row.pk]} if row.pk in moved else {})
        if change == Change.SAME:
            _link(row, new)
            if row.state in STEPS:
                advance(
                    new, CANDIDATE_WORKFLOW, STEPS[CandidateState(row.state)], actor=actor, data={"carried": row.pk}
                )
        _note(document, row, new, change, numbers)
    for row in broken:
        heir = _heir(row, passages, found)
        if heir:
            found.remove(heir)
            _lend(row, heir)
        _note(document, row, heir, Change.CHANGED if heir else Change.GONE, numbers)
    numbers["new"] = len(found)
    return numbers


def _note(document: Document, old: Candidate, new: Candidate | None, change: str, numbers: Counter[str]) -> None:
    Carried.objects.create(region=document.region, document=document, old=old, new=new, change=change)
    numbers[str(change)] += 1


def _link(old: Candidate, new: Candidate) -> None:
    """What was issued from the old sentence counts as issued from the new one."""
    new.tasks.add(*old.tasks.all())
    new.duties.add(*old.duties.all())
    new.rules.add(*old.rules.all())


def _without(found: list[Candidate], span: tuple[int, int]) -> list[Candidate]:
    """The engine's finds but those in a passage that is carried over: a person's reading of it goes before."""
    inside = [row for row in found if row.start < span[1] and row.end > span[0]]
    Candidate.objects.filter(pk__in=[row.pk for row in inside]).delete()
    return [row for row in found if row not in inside]


def _copy(document: Document, row: Candidate, span: tuple[int, int], changes: dict[str, Any]) -> Candidate:
    start, end = span
    values = {name: getattr(row, name) for name in COPIED} | changes
    return Candidate.objects.create(
        region=document.region, document=document, start=start, end=end, quote=document.text[start:end],
        by_hand=row.by_hand, **values,
    )  # fmt: skip


def _heir(row: Candidate, passages: Passages, found: Iterable[Candidate]) -> Candidate | None:
    """The new reading of the sentences that the row's sentences became: the one most like it."""
    places = passages.successors(row.start, row.end)
    near = [one for one in found if any(one.start < place.end and one.end > place.start for place in places)]
    words = grams(row.quote)
    return max(near, key=lambda one: (likeness(words, grams(one.quote)), -one.start), default=None)


def _lend(row: Candidate, heir: Candidate) -> None:
    """What a person said of the old sentence holds for the new one where its words leave the same open."""
    changes: dict[str, Any] = {}
    said = set(row.words)
    if {party["name"] for party in heir.lead} <= said and not lacks_unit(row.lead):
        changes |= {"lead": row.lead, "needs_unit": False}
    if {party["name"] for party in heir.cooperate} <= said:
        changes["cooperate"] = row.cooperate
    if not heir.measure:
        changes["measure"] = row.measure
    claim(heir, heir.revision, becomes=row.becomes, **changes)


def _postpone(carried: Carried, tasks: Iterable[Task], reason: str, actor: Any) -> None:
    day = carried.new.due_on if carried.new else None
    if day is None:
        raise Refusal(_("The revised version names no deadline."), _("Keep the tasks or cancel them."))
    postpone_tasks(tasks, due_at=due_at(day), reason=reason, actor=actor)


def _count_as_issued(carried: Carried, actor: Any) -> None:
    new = carried.new
    if new is None:
        return
    _link(carried.old, new)
    if new.state != CandidateState.ACCEPTED:
        claim(new, new.revision)
        advance(new, CANDIDATE_WORKFLOW, "accept", actor=actor, data={"carried": carried.old_id})
