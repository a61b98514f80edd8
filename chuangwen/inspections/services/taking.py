"""Takes the grades of reviewed dossiers into a round, so that nobody types them a second time.

Two people have reviewed a dossier before (first review by the office, second by the group leader); so its result
counts at once, with the first reviewer as who entered it and the second as who confirmed it. The score leads back to
the dossier through the result. A dossier that was opened again or is graded otherwise takes its result back with the
next press; a round that is over keeps what it had.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.evidence.enums import DossierState
from chuangwen.evidence.models import Dossier
from chuangwen.inspections.enums import STANDING_RESULT_STATES, ResultKind
from chuangwen.inspections.models import EnteredResult, Observation
from chuangwen.inspections.services.results import check_running, observations_of
from chuangwen.inspections.services.sources import lapse_result
from chuangwen.inspections.workflow import ASSESS, RESULT_WORKFLOW
from chuangwen.organizations.models import Unit
from chuangwen.standards.grading import WrongValue, asked_of, enterable
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.queries import tree_of
from chuangwen.workflow.services import advance, note_step

AS_TAKEN: Final = 1  # the revision of a result that nobody has corrected


@dataclass(frozen=True, slots=True)
class Takeable:
    """A reviewed dossier and the result that it gives; `why`: why it gives none, "" where it does."""

    dossier: Dossier
    unit: Unit | None  # None: the campaign's subject itself
    value: float | None = None
    why: str = ""


def reviewed(round_: Round) -> Any:
    """The approved dossiers of the round's year and standards."""
    return Dossier.objects.filter(
        campaign=round_.campaign_id, year=round_.year, state=DossierState.APPROVED,
        node__version__in=round_.versions.all(),
    )  # fmt: skip


def outdated(round_: Round) -> list[tuple[EnteredResult, str]]:
    """Results taken from a dossier that says otherwise now, with the reason; what a person corrected since stays.

    One query.
    """
    rows = EnteredResult.objects.filter(
        round=round_, dossier__isnull=False, revision=AS_TAKEN, state__in=STANDING_RESULT_STATES
    ).select_related("dossier__node__version", "dossier__unit", "unit", "version", "round", "region")
    found = ((one, _otherwise(one)) for one in rows.order_by("pk"))
    return [(one, why) for one, why in found if why]


def _otherwise(result: EnteredResult) -> str:
    dossier = result.dossier
    assert dossier is not None  # noqa: S101  (the filter says so)
    if dossier.state != DossierState.APPROVED:
        return _("The dossier has been opened again.")
    if (dossier.node.version_id, dossier.node.code) != (result.version_id, result.code):
        return _("The dossier belongs to another criterion now.")
    if (_judged(dossier, result.unit).value, dossier.grade) != (result.value, result.grade):
        return _("The dossier is graded otherwise now.")
    return ""


def takeable(round_: Round, back: Collection[int] = ()) -> list[Takeable]:
    """Every approved dossier of the round's year and standards that no result stands for: three queries.

    `back`: keys of results that are about to be taken back.
    """
    standing = set(
        EnteredResult.objects.filter(round=round_, kind=ResultKind.LEAF, state__in=STANDING_RESULT_STATES)
        .exclude(pk__in=back).values_list("version_id", "code", "unit_id")
    )  # fmt: skip
    subject = round_.campaign.subject_id
    found = []
    joined = reviewed(round_).select_related("node__version", "unit", "accepted_by", "approved_by", "region")
    for dossier in joined.order_by("node__version", "node__position", "unit__path"):
        unit = None if dossier.unit_id == subject else dossier.unit
        if (dossier.node.version_id, dossier.node.code, unit.pk if unit else None) not in standing:
            found.append(_judged(dossier, unit))
    return found


def take_dossiers(round_: Round, *, actor: Any) -> tuple[int, int]:
    """Make a confirmed result of each reviewed dossier that can give one, after taking back what is `outdated`.

    Returns how many came and how many were taken back. What is left is told by `takeable` afterwards. Refused while the
    round does not run. All or nothing; taking twice changes nothing.
    """
    require_actor(actor, ASSESS, round_)
    check_running(round_)
    with transaction.atomic():
        # Whoever presses at the same moment waits here, and then finds the results already there.
        Round.objects.select_for_update().get(pk=round_.pk)
        back = outdated(round_)
        for result, reason in back:
            lapse_result(result, reason, actor)
        chosen = [one for one in takeable(round_) if not one.why]
        for one in chosen:
            _take(round_, one, actor)
    return len(chosen), len(back)


def _take(round_: Round, one: Takeable, actor: Any) -> None:
    dossier = one.dossier
    source = _("Reviewed dossier: %(dossier)s, %(unit)s") % {"dossier": dossier, "unit": dossier.unit}
    made = EnteredResult.objects.create(
        region=round_.region, round=round_, version=dossier.node.version, kind=ResultKind.LEAF,
        code=dossier.node.code, unit=one.unit, grade=dossier.grade, value=one.value, source=source[:300],
        judged_by=str(dossier.accepted_by)[:60], judged_on=clock.local(dossier.accepted_at or clock.now()).date(),
        entered_by=dossier.accepted_by, dossier=dossier,
    )  # fmt: skip
    note_step(made, "enter", actor=actor, note=made.source, data={"dossier": dossier.pk, "grade": dossier.grade})
    advance(
        made, RESULT_WORKFLOW, "take", actor=actor, data={"dossier": dossier.pk, "revision": dossier.revision},
        checked_by=dossier.approved_by, checked_at=dossier.approved_at,
    )  # fmt: skip
    Observation.objects.bulk_create(observations_of(made))


def _judged(dossier: Dossier, unit: Unit | None) -> Takeable:
    version: StandardVersion = dossier.node.version
    standard = tree_of(version)
    leaf = enterable(standard).get(dossier.node.code)
    if leaf is None:
        return Takeable(dossier, unit, why=_("Checks at places feed this criterion."))
    asked = asked_of(leaf, standard.grades)
    try:
        value = asked.graded(dossier.grade) if dossier.grade else asked.checked(dossier.value)
    except WrongValue:
        return Takeable(dossier, unit, why=_("The criterion does not know this grade."))
    return Takeable(dossier, unit, value)
