"""Changes where directives begin and end: merge, split, mark by hand."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.addressees import full_width, lacks_unit
from chuangwen.directives.cleaning import clean_text
from chuangwen.directives.extraction import Directive, read_whole
from chuangwen.directives.models import Candidate, CandidateState, Document
from chuangwen.directives.outcomes import proposed
from chuangwen.directives.outline import outline_of
from chuangwen.directives.plans import on_workday
from chuangwen.directives.queries.documents import addressees, cut_points, lexicon
from chuangwen.directives.reading import Document as ReadDocument
from chuangwen.directives.services.deciding import check_current, check_editable, claim, keep_act, snapshot
from chuangwen.directives.services.documents import candidate_of
from chuangwen.directives.workflow import CANDIDATE_WORKFLOW
from chuangwen.workflow.services import advance, note_step

QUOTE_LIMIT = 1000
_EDGE = " \t\r\n\u3000，,、；;。.：:"


def merge_into_previous(candidate: Candidate, *, revision: int, actor: Any) -> Candidate:
    """Make one directive of this and the one before it; returns that one.

    It takes the passage from the first to the last character of both, the deeds joined, the
    parties of both, and the earlier one's times where it has any. Where nobody knows a party of the two, what was
    accepted is open again.
    """
    check_editable(candidate, actor)
    previous: Candidate | None = (
        candidate.document.candidates.exclude(state=CandidateState.MERGED)
        .filter(start__lte=candidate.start)
        .exclude(pk=candidate.pk)
        .order_by("-start", "-pk")
        .select_related("document", "region")
        .first()
    )
    if previous is None:
        raise Refusal(_("This is the first directive."), _("Choose the one that should be joined to it."))
    check_editable(previous, actor)
    before = [snapshot(previous), snapshot(candidate)]
    with transaction.atomic():
        claim(previous, previous.revision, **_joined(previous, candidate))
        if previous.state == CandidateState.ACCEPTED and previous.needs_unit:  # it could not go out as it stands now
            advance(previous, CANDIDATE_WORKFLOW, "reopen", actor=actor)
        claim(candidate, revision)
        advance(candidate, CANDIDATE_WORKFLOW, "merge", actor=actor, data={"into": previous.pk})
        keep_act(candidate.document, "merge", actor=actor, before=before, changed=[previous, candidate])
    return previous


def split_candidate(candidate: Candidate, cut: int, *, revision: int, actor: Any) -> Candidate:
    """Cut a directive in two at the offset `cut` of the text; returns the second one, which is open.

    Each half keeps the parties and times that stand in it; where none stands, the parties of the whole.
    """
    check_editable(candidate, actor)
    if cut not in dict(cut_points(candidate)):
        raise Refusal(_("A directive is cut after a comma or a full stop."), _("Choose one of the places shown."))
    before = [snapshot(candidate)]
    first, second = _half(candidate, candidate.start, cut), _half(candidate, cut, candidate.end)
    with transaction.atomic():
        claim(candidate, revision, **first)
        made = Candidate.objects.create(
            region=candidate.region,
            document=candidate.document,
            headings=candidate.headings,
            kind=candidate.kind,
            by_hand=True,
            **second,
        )
        note_step(made, "split", actor=actor, data={"from": candidate.pk})
        keep_act(candidate.document, "split", actor=actor, before=before, changed=[candidate, made], made=[made])
    return made


def mark_by_hand(document: Document, quote: str, *, actor: Any, start: int | None = None) -> Candidate:
    """Mark a passage that the engine passed over. `start` tells which, where it stands in the text twice.

    What can be read in it (parties, times, measures) is filled in. Raises Refusal where the passage
    is not in the text or overlaps a directive that is there already.
    """
    require_actor(actor, "directives.edit", document)
    check_current(document)
    begin, end = _find(document.text, quote, start)
    other = (
        document.candidates.exclude(state=CandidateState.MERGED)
        .filter(start__lt=end, end__gt=begin)
        .order_by("start")
        .first()
    )
    if other:
        raise Refusal(
            _("This passage already belongs to “%s”.") % other,
            _("Edit that one, or split it, or mark less of the text."),
        )
    row = _read_passage(document, begin, end)
    with transaction.atomic():
        row.save()
        note_step(row, "mark", actor=actor)
        keep_act(document, "mark", actor=actor, before=[], changed=[row], made=[row])
    return row


def _joined(first: Candidate, second: Candidate) -> dict[str, Any]:
    end = max(first.end, second.end)
    lead = _both(first.lead, second.lead)
    leading = {party["name"] for party in lead}
    targets = list(dict.fromkeys([*first.targets, *second.targets]))
    deeds = [first.action.strip(_EDGE), second.action.strip(_EDGE)]
    return {
        "end": end,
        "quote": first.document.text[first.start : end],
        "action": "；".join(dict.fromkeys(deed for deed in deeds if deed))[:300],
        "lead": lead,
        "cooperate": [party for party in _both(first.cooperate, second.cooperate) if party["name"] not in leading],
        "deadline": first.deadline or second.deadline,
        "due_on": first.due_on or second.due_on,
        "frequency": first.frequency or second.frequency,
        "becomes": _becomes(first, second),
        "targets": targets,
        "measure": "；".join(dict.fromkeys(one for one in (first.measure, second.measure) if one))[:300],
        "words": list(dict.fromkeys([*first.words, *second.words])),
        "needs_unit": lacks_unit(lead),
    }


def _both(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen = {party["name"] for party in first}
    return [*first, *(party for party in second if party["name"] not in seen)]


def _becomes(first: Candidate, second: Candidate) -> str:
    """What the two become as one: as a person said of the first, else as the words of both propose."""
    if first.becomes != proposed(first.kind, deadline=first.deadline, frequency=first.frequency):
        return first.becomes
    deadline, frequency = first.deadline or second.deadline, first.frequency or second.frequency
    return proposed(first.kind, deadline=deadline, frequency=frequency)


def _half(candidate: Candidate, start: int, end: int) -> dict[str, Any]:
    text = candidate.document.text[start:end]
    begin = start + len(text) - len(text.lstrip(_EDGE))
    quote = candidate.document.text[begin:end].rstrip("\r\n \u3000")

    def standing(parties: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [party for party in parties if party["name"] in quote]

    lead = standing(candidate.lead) or candidate.lead
    has_deadline = bool(candidate.deadline) and candidate.deadline in quote
    deadline = candidate.deadline if has_deadline else ""
    frequency = candidate.frequency if candidate.frequency and candidate.frequency in quote else ""
    targets = [one for one in candidate.targets if one in quote]
    return {
        "start": begin,
        "end": begin + len(quote),
        "quote": quote,
        "action": quote.strip(_EDGE)[:300],
        "lead": lead,
        "cooperate": standing(candidate.cooperate),
        "deadline": deadline,
        "due_on": candidate.due_on if has_deadline else None,
        "frequency": frequency,
        "becomes": proposed(candidate.kind, deadline=deadline, frequency=frequency),
        "targets": targets,
        "measure": "；".join(targets)[:300],
        "words": [word for word in candidate.words if word in quote],
        "needs_unit": lacks_unit(lead),
    }


def _find(text: str, quote: str, start: int | None) -> tuple[int, int]:
    """The span of `quote`: at `start`, else the only place where it stands, line ends and blanks counting as one."""
    wanted = quote.strip()
    if not wanted:
        raise Refusal(_("No text is selected."), _("Select the sentence on the left, or copy it into the field."))
    if len(wanted) > QUOTE_LIMIT:
        raise Refusal(_("The passage is longer than %d characters.") % QUOTE_LIMIT, _("Mark one directive at a time."))
    pattern = re.compile(r"\s*".join(map(re.escape, re.split(r"\s+", wanted))))
    if start is not None and (match := pattern.match(text, _skip_blank(text, start))):
        return match.span()
    found = [match.span() for match in pattern.finditer(text)]
    if not found:
        raise Refusal(_("These words do not stand in the text."), _("Copy them from the text as they are."))
    if len(found) > 1:
        raise Refusal(
            _("These words stand in the text %d times.") % len(found), _("Select the passage in the text itself.")
        )
    return found[0]


def _skip_blank(text: str, start: int) -> int:
    start = min(max(0, start), len(text))
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _read_passage(document: Document, begin: int, end: int) -> Candidate:
    """A row for the passage, with what the engine can read when shown it alone."""
    quote = document.text[begin:end]
    known = addressees(document.region)
    found = read_whole(
        ReadDocument(name=document.title, text=quote, format="txt"),
        lexicon=lexicon(document.region),
        meeting_date=document.day,
        is_workday=default_calendar().is_workday,
    )
    read = found or Directive(
        doc="", start=0, end=0, quote=quote, clean=quote, action=quote, lead=(), cooperate=(), deadline=None,
        frequency=None, targets=(), kind="duty",
    )  # fmt: skip
    action = " ".join((quote if "\n" in quote else read.action).strip(_EDGE).split())
    return candidate_of(
        document, read, known, start=begin, end=end, quote=quote, action=full_width(action)[:300], by_hand=True,
        due_on=on_workday(read.due), headings=_headings_above(document, begin),
    )  # fmt: skip


def _headings_above(document: Document, begin: int) -> list[str]:
    above: list[tuple[int, str]] = []
    for start, level in document.headings:
        if start > begin:
            break
        line = clean_text(document.text[start:].splitlines()[0].strip()).text
        opened = outline_of(line).roots  # titles without their numbers, as the engine keeps them
        above = [one for one in above if one[0] < level]
        above.append((level, opened[0].title if opened else line))
    return [title for _level, title in above]
