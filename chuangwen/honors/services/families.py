"""Families: taken in with their consent, asked later, called by another name, withdrawn, handed over."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.numbering import next_number
from chuangwen.core.persons import masked
from chuangwen.honors.discreet import LONGEST_NAME, core_of, plain_name
from chuangwen.honors.enums import RUNNING_APPLICATIONS
from chuangwen.honors.models import Application, Award, Family, Objection
from chuangwen.honors.queries.facts import predecessors
from chuangwen.honors.queries.families import recommends
from chuangwen.honors.services.papers import behalf_of, need
from chuangwen.honors.services.stepping import advance, note_step, refuse_private
from chuangwen.honors.workflow import APPLICATION, APPLY, AWARD
from chuangwen.organizations.models import Unit


def digest_of(name: str) -> str:
    """What tells that a name is the same as another, and gives it away to nobody without the site's key."""
    return salted_hmac("chuangwen.honors.family", plain_name(name), algorithm="sha256").hexdigest()


def register_family(unit: Unit, name: str, *, actor: Any, agreed_on: date | None = None) -> Family:
    """Take in a family that `unit` recommends, by the name on its plaque; `agreed_on` None: it is still to be asked.

    One that withdrew its consent and agrees again is the same as before, with what it holds and what bars it.
    """
    if actor is not None:
        require(actor, APPLY, Family(region=unit.region, unit=unit))
    if not recommends(unit):
        raise Refusal(_("“%s” recommends no families.") % unit, _("Choose a village, a community or another unit."))
    told = _name(name)
    _refuse_day(agreed_on)
    digest = digest_of(told)
    with transaction.atomic():
        before = Family.objects.select_for_update().filter(unit=unit, digest=digest).first()
        if before is not None:
            return _come_again(before, told, agreed_on, actor)
        number = next_number(unit.region, "family")
        try:
            made: Family = Family.objects.create(
                region=unit.region, unit=unit, number=f"{number:04d}", name=told, digest=digest, agreed_on=agreed_on
            )
        except IntegrityError as error:
            raise _there(told, unit) from error
        _note(made, "register", actor)
    return made


def _come_again(before: Family, name: str, agreed_on: date | None, actor: Any) -> Family:
    if before.withdrawn_on is None:
        raise _there(name, before.unit)
    if agreed_on is None or agreed_on < before.withdrawn_on:
        raise Refusal(
            _("This family withdrew its consent on %s.") % before.withdrawn_on,
            _("Give the day on which it agreed again."),
        )
    _write(before, name=name, agreed_on=agreed_on, withdrawn_on=None)
    _note(before, "agree", actor)
    return before


def confirm_consent(family: Family, *, agreed_on: date, actor: Any) -> None:
    """The family was asked and has agreed. After a withdrawal it is taken in again by its name."""
    if actor is not None:
        require(actor, APPLY, family)
    _refuse_day(agreed_on)
    with transaction.atomic():
        now = Family.objects.select_for_update().get(pk=family.pk)
        if now.withdrawn_on is not None:
            raise Refusal(_("This family withdrew its consent."), _("Where it agrees again, enter it with its name."))
        if now.agreed_on is not None:
            raise Refusal(_("The family has agreed already."), _("Open it to see the day."))
        _write(family, agreed_on=agreed_on)
        _note(family, "agree", actor)


def rename_family(family: Family, *, name: str, actor: Any) -> None:
    """Another name on the plaque, as the family wants it; what it holds and what bars it stays."""
    if actor is not None:
        require(actor, APPLY, family)
    told = _name(name)
    if family.withdrawn_on is not None:
        raise Refusal(_("This family withdrew its consent."), _("Where it agrees again, enter it with its name."))
    try:
        with transaction.atomic():
            _write(family, name=told, digest=digest_of(told))
            _note(family, "rename", actor)
    except IntegrityError as error:
        raise _there(told, family.unit) from error


def withdraw_consent(family: Family, *, actor: Any, day: date | None = None) -> None:
    """The family wants to be named no more: its name and the texts about it are wiped, not only hidden.

    Applications that run end with it. Titles stay in the counts under the number; audit and history never had the name.
    """
    if actor is not None:
        require(actor, APPLY, family)
    _refuse_day(day)
    with transaction.atomic():
        now = Family.objects.select_for_update().get(pk=family.pk)
        if now.withdrawn_on is not None:
            raise Refusal(_("The consent has been withdrawn already."), _("Nothing of the name is left."))
        behalf = behalf_of(family.unit, actor)
        running = Application.objects.filter(family=family, state__in=RUNNING_APPLICATIONS)
        for one in running.select_related("unit", "region", "family"):
            advance(one, APPLICATION, "withdraw", actor=actor, on_behalf=behalf,
                    note=_("The consent was withdrawn."))  # fmt: skip
        Application.objects.filter(family=family).update(self_report="", updated_at=clock.now())
        traces = {now.name, core_of(now.name), plain_name(now.name), core_of(plain_name(now.name))}
        for objection in Objection.objects.filter(application__family=family):
            texts = {"text": masked(objection.text, traces), "reply": masked(objection.reply, traces)}
            Objection.objects.filter(pk=objection.pk).update(**texts, updated_at=clock.now())
        _write(family, name="", withdrawn_on=day or clock.today())
        _note(family, "withdraw", actor)


def hand_over_family(family: Family, *, to: Unit, actor: Any) -> None:
    """Another unit looks after the family from now on: a successor, or where the family has moved to.

    Its titles and applications are seen by that unit from then on, and no more by the one before.
    """
    if actor is not None:
        require(actor, AWARD, family)
        require(actor, AWARD, Family(region=to.region, unit=to))
    if to.region_id != family.region_id or not recommends(to):
        raise Refusal(_("“%s” recommends no families.") % to, _("Choose a village, a community or another unit."))
    gone = family.unit.valid_to is not None and family.unit.valid_to < clock.today()
    follows = family.unit_id in predecessors(family.region, [to.pk])[to.pk]
    if Application.objects.filter(family=family, state__in=RUNNING_APPLICATIONS).exists() and not (gone and follows):
        raise Refusal(
            _("An application of the family is running."), _("Hand it over afterwards, or withdraw the application.")
        )
    try:
        with transaction.atomic():
            for rows in (Award.objects.filter(family=family), Application.objects.filter(family=family)):
                rows.update(unit=to, updated_at=clock.now())
            before = str(family.unit)
            _write(family, unit=to)
            note_step(family, "hand-over", actor=actor, data={"from": before, "to": str(to)})
    except IntegrityError as error:
        raise _there(family.shown, to) from error


def _write(family: Family, **fields: Any) -> None:
    Family.objects.filter(pk=family.pk).update(**fields, updated_at=clock.now())
    for name, value in fields.items():
        setattr(family, name, value)


def _note(family: Family, action: str, actor: Any) -> None:
    data = {"agreed_on": family.agreed_on, "withdrawn_on": family.withdrawn_on}
    note_step(family, action, actor=actor, on_behalf=behalf_of(family.unit, actor), data=data)


def _name(name: str) -> str:
    told = need(name, _("The family has no name."), _("Give the name as it stands on the plaque."))
    if len(told) > LONGEST_NAME:
        raise Refusal(
            _("The name has more than %d characters.") % LONGEST_NAME, _("Give the name as it stands on the plaque.")
        )
    refuse_private(told)
    return told


def _refuse_day(day: date | None) -> None:
    if day is not None and day > clock.today():
        raise Refusal(_("The day lies ahead."), _("Give today or an earlier day."))


def _there(name: str, unit: Unit) -> Conflict:
    return Conflict(
        _("“%(unit)s” recommends a family “%(name)s” already.") % {"unit": unit, "name": name}, _("Open that one.")
    )
