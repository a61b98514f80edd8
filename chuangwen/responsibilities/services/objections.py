"""A unit objects to its share in a criterion; the office rules, and the matrix follows the ruling."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.audit.settings import keep_setting
from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import SCANS, attach
from chuangwen.core.models import Region
from chuangwen.core.templatetags.wording import moment
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import office_people, people_to_tell
from chuangwen.responsibilities.models import Assignment, Objection, Origin, Share
from chuangwen.responsibilities.queries.objections import ObjectionRule, objection_rule, objection_until
from chuangwen.responsibilities.services.breakdown import Cell, write_shares
from chuangwen.responsibilities.services.papers import Scan
from chuangwen.responsibilities.workflow import OBJECTION_WORKFLOW
from chuangwen.workflow.services import advance, note_step

EDIT, ANSWER = "responsibilities.edit", "responsibilities.answer"


def object_to_share(
    assignment: Assignment, *, reason: str, actor: Any, proposed: Unit | None = None, on_behalf: str = "",
    at: datetime | None = None, paper: Scan | None = None,
) -> Objection:  # fmt: skip
    """The unit says why its share is not its own, and whose it is if it knows. The office is told.

    Raises Refusal after the rule's days, where an objection waits already, and without a reason; whoever is not of
    the unit says for whom the answer is entered, `at` when it was really given.
    """
    _check_voice(assignment, actor, on_behalf, at)
    given = at or clock.now()
    if not reason.strip():
        raise Refusal(_("Say why it is not yours."), _("The office decides by it."))
    if given > objection_until(assignment):
        raise Refusal(
            _("Objections to this share were possible until %s.") % moment(objection_until(assignment)),
            _("Talk to the campaign office."),
        )
    rule = objection_rule(assignment.region)
    due = default_calendar().deadline(given, f"{rule.ruling_days}d")
    try:
        with transaction.atomic():
            made = Objection.objects.create(
                region=assignment.region, campaign=assignment.campaign, node=assignment.node, unit=assignment.unit,
                share=assignment.share, reason=reason.strip(), proposed=proposed, made_at=given, due_at=due,
            )  # fmt: skip
            note_step(made, "object", actor=actor, note=reason, on_behalf=on_behalf, at=at)
            if paper:
                attach(paper.data, paper.name, owner=made, region=made.region, actor=actor, accept=SCANS)
            title = _("%(unit)s objects to %(code)s") % {"unit": made.unit, "code": made.node.code}
            url = reverse("responsibilities:objection", args=[made.pk])
            notify(office_people(made.region, EDIT), "responsibilities", title, region=made.region, url=url)
    except IntegrityError as error:
        raise Refusal(_("An objection to this share waits for the ruling."), _("Wait for it.")) from error
    return made


def rule_on_objection(
    objection: Objection, *, stays: bool, reason: str, actor: Any, unit: Unit | None = None
) -> None:  # fmt: skip
    """The office's ruling: the share stays, or it is taken off the unit and, with `unit`, given to that one."""
    with transaction.atomic():
        data = {"given_to": unit.pk} if unit else {}
        action = "stay" if stays else "move"
        advance(objection, OBJECTION_WORKFLOW, action, actor=actor, note=reason, data=data)
        if not stays:
            if unit is not None and unit.pk == objection.unit_id:
                raise Refusal(_("That is the unit that objects."), _("Choose another one, or none."))
            cells = [Cell(objection.node_id, objection.unit_id, "")]
            cells += [Cell(objection.node_id, unit.pk, objection.share)] if unit else []
            write_shares(objection.campaign, cells, origin=Origin.HAND, actor=actor)
        _tell(objection.unit, objection, _("Ruling on your objection to %s") % objection.node.code)
        if not stays and unit:
            words = _("Lead of %s, by a ruling") if objection.share == Share.LEAD else _("You cooperate in %s")
            _tell(unit, objection, words % f"{objection.node.code} {objection.node.title}")


def set_objection_rule(region: Region, rule: ObjectionRule, *, actor: Any) -> None:
    """Keep within how many working days units object and the office rules."""
    if not 1 <= rule.days <= 60 or not 1 <= rule.ruling_days <= 60:
        raise Refusal(_("The rule is out of range."), _("Give 1 to 60 working days."))
    said = {"days": rule.days, "ruling_days": rule.ruling_days, "source": rule.source}
    keep_setting(region, "objections", said, action="responsibilities.objections.rule", actor=actor, permission=EDIT)


def _tell(unit: Unit, objection: Objection, title: str) -> None:
    people = people_to_tell(unit, ANSWER)
    url = reverse("responsibilities:sheet", args=[unit.pk])
    notify(people, "responsibilities", title, region=objection.region, url=url)


def _check_voice(assignment: Assignment, actor: Any, on_behalf: str, at: datetime | None) -> None:
    if actor is not None:
        if not may(actor, ANSWER, assignment):
            raise PermissionDenied(ANSWER)
        if assignment.unit_id not in scope_of(actor, ANSWER).unit_ids and not on_behalf.strip():
            raise Refusal(
                _("You enter this for “%s”: say who gave the answer.") % assignment.unit, _("Name the unit's post.")
            )
    if at is not None and at > clock.now():
        raise Refusal(_("The time given lies in the future."), _("Give the time at which it was really said."))
