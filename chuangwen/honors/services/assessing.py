"""The self-assessment while it is written: kept line by line, by several people at once, taken anew from the ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.templatetags.wording import moment
from chuangwen.honors.enums import ApplicationState
from chuangwen.honors.models import Application, SelfLine
from chuangwen.honors.queries.assessing import Assessment, Line, assessment_of, basis_words, nodes_of
from chuangwen.honors.selfassessment import faults
from chuangwen.honors.services.papers import behalf_of
from chuangwen.honors.wording import number
from chuangwen.honors.workflow import APPLY

REPORT = "report"  # stands for the unit's own words where a code names a line


@dataclass(frozen=True, slots=True)
class LineTold:
    """What a unit writes in a line of its self-assessment; `points` None: not said yet."""

    points: Decimal | None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """A line that another person wrote since it was seen: what stands there now, in words and as it is."""

    words: str
    points: Decimal | None
    basis: str
    revision: int


class Clashed(Conflict):
    """Somebody else wrote lines meanwhile; `clashes` by code."""

    def __init__(self, clashes: Mapping[str, Clash]) -> None:
        super().__init__(
            _("Somebody else changed what you have written; nothing of theirs is overwritten unseen."),
            _("Look at the marked lines. Saving again keeps what you wrote."),
        )
        self.clashes = clashes


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the lines: the revision of each that stands as it was told, and the clashes."""

    revisions: dict[str, int] = field(default_factory=dict)
    clashes: dict[str, Clash] = field(default_factory=dict)


def save_lines(
    application: Application, lines: Mapping[str, LineTold], seen: Mapping[str, int], *, actor: Any,
    self_report: str | None = None,
) -> Kept:  # fmt: skip
    """Keep some lines and, where given, the unit's own words while they are being written; clashes are left alone."""
    refuse_written(application, actor)
    with transaction.atomic():
        still_written(application)
        kept = keep_lines(application, lines, seen, actor=actor)
        if self_report is not None:
            if clashes := keep_report(application, self_report, seen):
                kept.clashes.update(clashes)
            else:
                kept.revisions[REPORT] = application.revision
        _sum_up(application)
        told = {code: line.points for code, line in lines.items() if code not in kept.clashes}
        record(
            "honors.application.write", application, actor=actor,
            data={"lines": told, "by_itself": True, "on_behalf": behalf_of(application.unit, actor)},
        )  # fmt: skip
    return kept


def refresh_lines(application: Application, codes: Collection[str] | None, *, actor: Any) -> int:
    """Take over what the ledger shows now: in these lines, or without `codes` in all that nobody touched since they
    were taken over; returns how many changed."""
    refuse_written(application, actor)
    with transaction.atomic():
        still_written(application)
        found = _assessment(application)
        wanted = [
            line for line in found.lines
            if line.saved and line.proposal.points is not None
            and (line.asked.code in codes if codes is not None else line.outdated and line.untouched)
        ]  # fmt: skip
        for line in wanted:
            basis = basis_words(line.proposal, line.dossier)
            SelfLine.objects.filter(application=application, code=line.asked.code).update(
                points=line.proposal.points, basis=basis, taken=line.proposal.points, taken_basis=basis,
                revision=line.revision + 1, written_by=actor, updated_at=clock.now(),
            )  # fmt: skip
        _sum_up(application)
        told = {line.asked.code: [line.points, line.proposal.points] for line in wanted}
        record(
            "honors.application.refresh", application, actor=actor,
            data={"lines": told, "on_behalf": behalf_of(application.unit, actor)},
        )  # fmt: skip
    return len(wanted)


def keep_lines(
    application: Application, lines: Mapping[str, LineTold], seen: Mapping[str, int] | None, *, actor: Any
) -> Kept:
    """Write lines; call inside a transaction. `seen`: the revision of each line that the writer saw, 0 for one that
    nobody had written; a line that is not in it is written whoever wrote it last.

    Refused: points beyond those of a line, lines the standard does not ask for.
    """
    found = _assessment(application)
    wrong = faults([line.asked for line in found.lines], {code: line.points for code, line in lines.items()})
    if wrong:
        raise Refusal(
            _("The points of %s are not among those that the standard gives.") % _(", ").join(wrong[:5]),
            _("Give a number from nought to the points of the line."),
        )
    nodes = nodes_of(found.version)
    before = {line.asked.code: line for line in found.lines}
    rows = {row.code: row for row in SelfLine.objects.filter(application=application).select_related("written_by")}
    kept, new = Kept(), []
    for code, told in lines.items():
        row, basis = rows.get(code), told.basis.strip()[:200]
        if row is None:
            new.append(_new_line(application, before[code], nodes.get(code), told.points, basis, actor))
            kept.revisions[code] = 1
        elif (row.points, row.basis) == (told.points, basis):
            kept.revisions[code] = row.revision
        elif (seen is not None and seen.get(code, row.revision) != row.revision) or not _rewrite(
            row, told.points, basis, actor
        ):
            kept.clashes[code] = _clash(row)
        else:
            kept.revisions[code] = row.revision + 1
    try:
        with transaction.atomic():
            SelfLine.objects.bulk_create(new)
    except IntegrityError as error:
        raise Conflict(_("Somebody else writes the same lines just now."), _("Save again.")) from error
    return kept


def keep_report(application: Application, text: str, seen: Mapping[str, int] | None) -> dict[str, Clash]:
    """Write the unit's own words, unless another person wrote them since."""
    text = text.strip()
    now = Application.objects.only("self_report", "revision").get(pk=application.pk)
    if now.self_report != text:
        if seen is not None and seen.get(REPORT, now.revision) != now.revision:
            words = _("Somebody else has written here: “%s”") % Truncator(now.self_report).chars(80)
            return {REPORT: Clash(words, None, now.self_report, now.revision)}
        now.revision += 1
        Application.objects.filter(pk=application.pk).update(
            self_report=text, revision=now.revision, updated_at=clock.now()
        )
    application.self_report, application.revision = text, now.revision
    return {}


def whole_sum(application: Application) -> Decimal | None:
    """The sum of the lines; None while one is open or was never written."""
    kept = _assessment(application)
    return kept.total if all(line.saved for line in kept.lines) else None


def refuse_written(application: Application, actor: Any) -> None:
    """PermissionDenied to strangers; refused once it is handed in."""
    if actor is not None:
        require(actor, APPLY, application)
    if application.state != ApplicationState.DRAFT:
        raise _moved_on(application)


def still_written(application: Application) -> None:
    """Refused where it was handed in meanwhile. Holds the row until the transaction ends."""
    if not Application.objects.filter(pk=application.pk, state=ApplicationState.DRAFT).update(updated_at=clock.now()):
        raise _moved_on(application)


def _assessment(application: Application) -> Assessment:
    found = assessment_of(application)
    if found is None:
        raise Refusal(
            _("The self-assessment of this programme is one number."), _("Open the application again.")
        )  # fmt: skip
    return found


def _sum_up(application: Application) -> None:
    application.self_score = whole_sum(application)
    Application.objects.filter(pk=application.pk).update(self_score=application.self_score)


def _new_line(
    application: Application, line: Line, node: int | None, points: Decimal | None, basis: str, actor: Any
) -> SelfLine:
    return SelfLine(
        region=application.region, application=application, node_id=node, code=line.asked.code, points=points,
        basis=basis, taken=line.proposal.points, taken_basis=basis_words(line.proposal, line.dossier),
        written_by=actor,
    )  # fmt: skip


def _rewrite(row: SelfLine, points: Decimal | None, basis: str, actor: Any) -> bool:
    """Write the row as it was read; False where somebody was quicker."""
    found = SelfLine.objects.filter(pk=row.pk, revision=row.revision)
    return bool(
        found.update(
            points=points, basis=basis, revision=row.revision + 1, written_by=actor, updated_at=clock.now()
        )
    )  # fmt: skip


def _clash(row: SelfLine) -> Clash:
    now = SelfLine.objects.select_related("written_by").get(pk=row.pk)
    told = {
        "who": now.written_by or _("the program"), "at": moment(now.updated_at),
        "points": number(now.points) if now.points is not None else _("none"), "basis": now.basis,
    }  # fmt: skip
    words = _("%(who)s changed it at %(at)s: points %(points)s, “%(basis)s”.") % told
    return Clash(words, now.points, now.basis, now.revision)


def _moved_on(application: Application) -> Refusal:
    return Refusal(
        _("“%s” is handed in and no more changed.") % application,
        _("The office can return it for completion while units can apply."),
    )
