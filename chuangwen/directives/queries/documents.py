"""Reads documents and their candidates: for lists, for the review, and for resolving names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.models import Job, Region
from chuangwen.directives.addressees import Addressees, is_vague, unknown_names
from chuangwen.directives.comparing import running
from chuangwen.directives.likeness import SURE_GRAMS, most_alike
from chuangwen.directives.marking import Mark, Paragraph, paragraphs
from chuangwen.directives.models import Candidate, CandidateState, Document, Presence
from chuangwen.directives.outcomes import UNSURE_BELOW, names_nobody
from chuangwen.directives.reasons import why
from chuangwen.organizations.models import Unit, UnitAlias
from chuangwen.organizations.queries import name_index, units_today
from chuangwen.responsibilities.models import (
    OPEN_TASK_STATES,
    Assignment,
    Collective,
    Duty,
    Share,
    StandingRule,
    Task,
    TaskState,
)
from chuangwen.responsibilities.queries.parties import collectives_of

READ = "directives.read"  # the kind of work that reads a large file
PICKED = 8  # units that the picker shows
COLLECTIVES = ("各街道", "各镇", "各社区", "各村", "各学校", "各医院", "各单位")
PRESENT_FOR = timedelta(seconds=60)
_CUT = re.compile(r"[，,；;。！!？?：:]\s*")
_ALL_BUT_MERGED = ~Q(candidates__state=CandidateState.MERGED)


def documents_with_counts(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Documents with `open_count`, `accepted_count`, `dropped_count` and `unclear_count`."""

    def counted(**condition: Any) -> Count:
        names = {f"candidates__{key}": value for key, value in condition.items()}
        return Count("candidates", filter=Q(**names), distinct=True)

    return documents.annotate(
        open_count=counted(state=CandidateState.OPEN),
        accepted_count=counted(state=CandidateState.ACCEPTED),
        dropped_count=counted(state=CandidateState.DROPPED),
        unclear_count=counted(state=CandidateState.OPEN, needs_unit=True),
        task_count=Count("candidates__tasks", filter=_ALL_BUT_MERGED, distinct=True),
    )


def typed_before(user: Any, digest: str) -> dict[str, Any]:
    """What the person typed beside a file that was to be read as long work, so that nothing is typed twice."""
    jobs = Job.objects.filter(owner_id=user.pk, kind=READ, params__sha256=digest) if digest else Job.objects.none()
    job = jobs.order_by("-pk").first()
    return {name: job.params.get(name) or "" for name in ("title", "kind", "day", "revises")} if job else {}


def open_candidates(user: Any, campaign: Campaign | None) -> QuerySet[Candidate]:
    """Candidates of the campaign that wait for this person's decision."""
    rows = Candidate.objects.visible_to(user, "directives.edit").filter(state=CandidateState.OPEN)
    rows = rows.filter(document__revised=None)  # an earlier version is no longer worked on
    return rows.filter(document__campaign=campaign) if campaign else rows.none()


def addressees(region: Region) -> Addressees:
    """Resolves the names of parties among the region's units: four queries."""
    return Addressees(name_index(region), collectives_of(region))


def lexicon(region: Region) -> frozenset[str]:
    """The names by which the region's units are known, alone or together, for the engine: three queries."""
    units = units_today(region).filter(depth__gt=1).values_list("name", "short_name")
    aliases = UnitAlias.objects.filter(region=region).values_list("name", flat=True)
    together = Collective.objects.filter(region=region).values_list("name", flat=True)
    return frozenset(name for pair in units for name in pair if name) | frozenset(aliases) | frozenset(together)


@dataclass(frozen=True, slots=True)
class Chip:
    """A party as it is shown: `value` goes into the form, `ask`: no unit is known by it."""

    label: str
    value: str
    count: int = 0
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the review's table. `number` counts the candidates of the document from 1."""

    number: int
    candidate: Candidate
    lead: tuple[Chip, ...]
    cooperate: tuple[Chip, ...]
    tasks: tuple[Task, ...] = ()
    duties: tuple[Duty, ...] = ()
    rules: tuple[StandingRule, ...] = ()

    @property
    def is_issued(self) -> bool:
        """Whether something runs that was issued from it."""
        return any(running(self.candidate))

    @property
    def was_issued(self) -> bool:
        return bool(self.tasks or self.duties or self.rules)

    @property
    def asks(self) -> bool:
        """Whether a person must still say who leads; what is dropped asks nothing."""
        one = self.candidate
        unnamed = names_nobody(one.becomes, needs_unit=one.needs_unit, lead=one.lead)
        return unnamed and one.state != CandidateState.DROPPED

    @property
    def is_unsure(self) -> bool:
        """Whether the engine itself would rather not have proposed it, and nobody has decided yet."""
        return self.candidate.state == CandidateState.OPEN and self.candidate.confidence < UNSURE_BELOW

    @property
    def why(self) -> str:
        return why(self.candidate)

    @property
    def shape(self) -> str:
        shapes = {CandidateState.ACCEPTED: "met", CandidateState.DROPPED: "not-applicable"}
        return shapes.get(CandidateState(self.candidate.state), "found")


@dataclass
class Review:
    """A document as the review shows it: all rows in the order of the text, and how far it is."""

    document: Document
    rows: list[Row] = field(default_factory=list)

    def count(self, state: str) -> int:
        return sum(row.candidate.state == state for row in self.rows)

    @property
    def open(self) -> int:
        return self.count(CandidateState.OPEN)

    @property
    def accepted(self) -> int:
        return self.count(CandidateState.ACCEPTED)

    @property
    def dropped(self) -> int:
        return self.count(CandidateState.DROPPED)

    @property
    def decided(self) -> int:
        return len(self.rows) - self.open

    @property
    def unclear(self) -> int:
        return sum(row.asks for row in self.rows)

    @property
    def unsure(self) -> int:
        return sum(row.is_unsure for row in self.rows)

    @property
    def to_issue(self) -> int:
        """Accepted directives that are not out yet."""
        return sum(row.candidate.state == CandidateState.ACCEPTED and not row.was_issued for row in self.rows)

    def shown(self, show: str) -> list[Row]:
        """The rows under a chip: open | unclear | unsure | all."""
        if show == "open":
            return [row for row in self.rows if row.candidate.state == CandidateState.OPEN]
        if show == "unsure":
            return [row for row in self.rows if row.is_unsure]
        return [row for row in self.rows if row.asks] if show == "unclear" else self.rows

    @property
    def unknown(self) -> list[str]:
        """Names of parties that fit no unit and could be learnt, each once, in the order of the text."""
        rows = [row for row in self.rows if row.candidate.state != CandidateState.DROPPED and not row.is_issued]
        parties = [party for row in rows for party in [*row.candidate.lead, *row.candidate.cooperate]]
        return unknown_names(parties)

    def row(self, pk: int) -> Row | None:
        return next((row for row in self.rows if row.candidate.pk == pk), None)

    def next_open(self, after: int, show: str = "") -> int | None:
        """The candidate to go to after a decision: the next open one, else the first, else none."""
        waiting = [row for row in self.shown(show) if row.candidate.state == CandidateState.OPEN]
        place = next((row.number for row in self.rows if row.candidate.pk == after), 0)
        later = [row for row in waiting if row.number > place]
        return next((row.candidate.pk for row in [*later, *waiting] if row.candidate.pk != after), None)

    def text(self) -> list[Paragraph]:
        """The document's text with its marks."""
        marks = [
            Mark(one.pk, one.start, one.end, tuple(one.words), row.number, "unsure" if row.is_unsure else one.state)
            for row in self.rows
            for one in [row.candidate]
        ]
        return paragraphs(self.document.text, marks, dict(self.document.headings))


def review_of(document: Document) -> Review:
    """The review of one document: five queries, whatever its length."""
    rows = document.candidates.exclude(state=CandidateState.MERGED).order_by("start", "pk")
    candidates = list(rows.prefetch_related("tasks", "duties", "rules"))
    parties = [party for one in candidates for party in [*one.lead, *one.cooperate]]
    names = _unit_names(parties)
    made = [_row(number, one, names) for number, one in enumerate(candidates, 1)]
    for one in candidates:
        one.document = document
    return Review(document, made)


def open_dates(duties: Iterable[Duty]) -> dict[int, date]:
    """Duty -> the day by which its earliest open task is due; without those that have none open. One query."""
    running = Task.objects.filter(duty__in=list(duties), state__in=OPEN_TASK_STATES)
    earliest = running.values_list("duty").annotate(first=Min("due_at")).order_by()
    return {duty: clock.local(due_at).date() for duty, due_at in earliest}


def _row(number: int, one: Candidate, names: dict[int, str]) -> Row:
    lead, cooperate = chips(one.lead, names), chips(one.cooperate, names)
    if one.state == CandidateState.DROPPED:
        lead, cooperate = (tuple(replace(chip, ask=False) for chip in some) for some in (lead, cooperate))
    issued = (tuple(one.tasks.all()), tuple(one.duties.all()), tuple(one.rules.all()))
    return Row(number, one, lead, cooperate, *issued)


def chips(parties: Iterable[dict[str, Any]], names: dict[int, str] | None = None) -> tuple[Chip, ...]:
    """Parties as they are shown: one unit by its own short name, many by the name that stands for them."""
    parties = list(parties)
    names = _unit_names(parties) if names is None else names
    return tuple(_chip(party, names) for party in parties)


def _chip(party: dict[str, Any], names: dict[int, str]) -> Chip:
    units = party["units"]
    if len(units) == 1:
        return Chip(names.get(units[0], party["name"]), f"u{units[0]}")
    return Chip(party["name"], f"n{party['name']}", count=len(units), ask=not units)


def _unit_names(parties: Iterable[dict[str, Any]]) -> dict[int, str]:
    wanted = {party["units"][0] for party in parties if len(party["units"]) == 1}
    return {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=wanted)} if wanted else {}


def cut_points(candidate: Candidate) -> list[tuple[int, str]]:
    """Where a directive can be split: (offset in the text, the words that would begin the second one)."""
    text = candidate.quote
    found = []
    for match in _CUT.finditer(text):
        rest = text[match.end() :].strip()
        if len(rest) >= 4 and len(text[: match.start()].strip()) >= 4:
            found.append((candidate.start + match.end(), rest))
    return found


@dataclass(frozen=True, slots=True)
class Hint:
    """A unit that a vague party may mean, and why: who led alike work before."""

    unit: Unit
    why: str = ""  # code and title of the criterion that it leads, or ""


def hints(candidate: Candidate, known: Addressees) -> list[Hint]:
    """Units to propose where a candidate's lead names nobody: by likeness of the name, then by earlier breakdown."""
    region = candidate.region
    likely: list[int] = []
    for party in candidate.lead:
        if not party["units"]:
            likely += known.proposals(party["name"])
    units = Unit.objects.in_bulk(likely)
    found = [Hint(units[pk]) for pk in dict.fromkeys(likely) if pk in units]
    if not found or any(is_vague(party["name"]) for party in candidate.lead):
        found += _led_before(candidate, region)
    return list({hint.unit.pk: hint for hint in found}.values())[:3]


def _led_before(candidate: Candidate, region: Region) -> list[Hint]:
    """Who leads the criteria, or had the tasks, whose titles are like this deed."""
    text = f"{candidate.action} {candidate.quote}"
    shares = Assignment.objects.filter(region=region, share=Share.LEAD).select_related("node", "unit")
    leads = list(shares.order_by("node__position", "pk"))
    by_criterion = most_alike(text, ((one, one.node.title_zh) for one in leads), limit=2, shared=SURE_GRAMS)
    return [Hint(one.unit, f"{one.node.code} {one.node.title_zh}") for one in by_criterion]


def alike_tasks(candidate: Candidate, limit: int = 3) -> list[Task]:
    """Tasks of the campaign that ask much the same; those made from this candidate left out."""
    tasks = (
        Task.objects.filter(campaign=candidate.document.campaign_id)
        .exclude(state=TaskState.CANCELLED)
        .exclude(candidates=candidate)
    )
    keys = most_alike(candidate.action, tasks.order_by("-pk").values_list("pk", "title")[:3000], limit=limit)
    found = Task.objects.select_related("unit").in_bulk(keys)
    return [found[pk] for pk in keys]


def units_named(region: Region, query: str) -> tuple[list[Unit], list[str]]:
    """(units, collective names) that fit what was typed into the picker."""
    words = query.strip()[:40]
    if not words:
        return [], [COLLECTIVES[0], COLLECTIVES[-1]]
    fits = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(aliases__name__icontains=words)
    units = units_today(region).filter(fits, depth__gt=1).distinct()[:PICKED]
    return list(units), [name for name in COLLECTIVES if words in name]


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody else who looks at the same review now; `number`: at which candidate, 0 where unknown."""

    who: str
    number: int
    candidate: int = 0


def others_present(review: Review, user: Any) -> list[Onlooker]:
    """Who else looks at this review now: one query."""
    since = clock.now() - PRESENT_FOR
    rows = Presence.objects.filter(document=review.document, seen_at__gte=since).exclude(user=user)
    numbers = {row.candidate.pk: row.number for row in review.rows}
    return [
        Onlooker(str(one.user), numbers.get(one.candidate_id or 0, 0), one.candidate_id or 0)
        for one in rows.select_related("user").order_by("user_id")
    ]
