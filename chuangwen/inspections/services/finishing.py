"""Finishing a visit: answers become observations, and what is not met becomes a problem."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import hang
from chuangwen.core.updating import update_row
from chuangwen.inspections.enums import AnswerValue, VisitKind
from chuangwen.inspections.models import Answer, Observation, Visit
from chuangwen.inspections.queries import asked_checks
from chuangwen.inspections.services.answering import hold_visit
from chuangwen.inspections.workflow import VISIT_WORKFLOW, may_answer
from chuangwen.rectification.enums import PhotoRole, Source
from chuangwen.rectification.models import Problem, ProblemPhoto
from chuangwen.rectification.services import Finding, report_problem
from chuangwen.standards.models import Check, StandardVersion
from chuangwen.workflow.services import advance

VALUES = {AnswerValue.MET: 1.0, AnswerValue.NOT_MET: 0.0}  # the others are null (spec/standard.md)


def finish_visit(visit: Visit, *, actor: Any, at: datetime | None = None) -> list[Problem]:
    """Close the visit; returns the problems that were found or joined. All in one transaction.

    Every check must have an answer, and a photo where the standard asks for one; the refusal
    says how many are missing. A visit from paper is told with the time that stands on the sheet.
    """
    moment = at or (visit.started_at if visit.on_paper else None) or clock.now()
    if words := may_answer(actor, visit):
        raise Refusal(words)
    with hold_visit(visit):  # answers that arrive now wait, and are then told that the visit is over
        answers = list(
            visit.answers.select_related("checked__problem_type")
            .prefetch_related("checked__criteria", "photos__attachment__file")
            .order_by("checked__version", "checked__position")  # as the checklist goes
        )
        versions = {version.pk: version for version in visit.round.versions.all()}
        for check in (answer.checked for answer in answers if answer.checked.version_id in versions):
            check.version = versions[check.version_id]
        not_met = [answer for answer in answers if answer.value == AnswerValue.NOT_MET]
        _check_complete(visit, answers)
        advance(
            visit, VISIT_WORKFLOW, "finish", actor=actor, at=moment, finished_at=moment,
            answered=len(answers), not_met=len(not_met),
        )  # fmt: skip
        Observation.objects.bulk_create(_observations(visit, answers, versions.values()))
        return [_to_problem(visit, answer, actor=actor, at=moment) for answer in not_met if answer.checked.problem_type]


def _check_complete(visit: Visit, answers: list[Answer]) -> None:
    answered = {answer.checked_id for answer in answers}
    missing = [check for check in asked_checks(visit) if check not in answered]
    if missing:
        words = ngettext("%d check has no answer yet.", "%d checks have no answer yet.", len(missing))
        raise Refusal(words % len(missing), _("Answer them, or mark what cannot be seen."))
    without = [a for a in answers if wants_photo(a.checked, a.value) and not a.photos.all()]
    if without:
        raise Refusal(
            ngettext("%d answer still needs a photo.", "%d answers still need a photo.", len(without)) % len(without),
            _("The first one: %s") % without[0].checked.text_zh,
        )


def wants_photo(check: Check, value: str) -> bool:
    """Whether the standard asks for a photo with this answer; never of what was not there to be seen."""
    if value == AnswerValue.NOT_MET:
        return check.photo != "never"
    return check.photo == "always" and value == AnswerValue.MET


def _observations(visit: Visit, answers: list[Answer], held: Iterable[StandardVersion]) -> list[Observation]:
    """One row for each leaf an answer counts in. Ad hoc visits carry no place, so they never enter an estimate."""
    place = None if visit.kind == VisitKind.AD_HOC else visit.place
    unit_id = visit.place.keeper_id or visit.place.territory_id
    versions = {version.urn: version for version in held}
    rows = []
    for answer in answers:
        for version, code in _leaves(answer.checked, versions):
            rows.append(
                Observation(
                    region_id=visit.region_id,
                    round_id=visit.round_id,
                    version=version,
                    code=code,
                    place=place,
                    unit_id=unit_id,
                    value=VALUES.get(AnswerValue(answer.value)),
                    answer=answer,
                )
            )
    return rows


def _leaves(check: Check, versions: dict[str, StandardVersion]) -> list[tuple[StandardVersion, str]]:
    """The leaves a check counts in: of its own standard, and of the others that the round holds."""
    leaves = [(check.version, node.code) for node in check.criteria.all()]
    for reference in check.also:
        urn, _mark, code = reference.partition("#")
        if urn in versions:
            leaves.append((versions[urn], code))
    return leaves


def _to_problem(visit: Visit, answer: Answer, *, actor: Any, at: datetime) -> Problem:
    check = answer.checked
    problem, _new = report_problem(
        Finding(
            region=visit.region,
            problem_type=check.problem_type,  # type: ignore[arg-type]  # the caller took those that have one
            title=answer.note or _("Not met: %s") % check.text_zh,
            place=visit.place,
            source=Source.INSPECTION,
            round=visit.round,
            check_code=check.code,
            node_codes=[f"{check.version.urn}#{node.code}" for node in check.criteria.all()],
            longitude=visit.longitude,
            latitude=visit.latitude,
            at=at,
        ),
        actor=actor,
    )
    update_row(answer, {"problem": problem})
    for photo in answer.photos.all():
        attachment = hang(
            photo.attachment.file, photo.attachment.name, owner=problem, region=visit.region, actor=actor
        )  # fmt: skip
        ProblemPhoto.objects.create(
            region=visit.region, problem=problem, attachment=attachment, role=PhotoRole.BEFORE,
            taken_at=photo.taken_at or at, longitude=photo.longitude, latitude=photo.latitude,
        )  # fmt: skip
    return problem
