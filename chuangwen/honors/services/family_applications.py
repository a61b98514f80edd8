"""A family's application, put forward by the unit that recommends it: begun, and the short text that the family saw."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.numbering import next_number
from chuangwen.honors.discreet import LONGEST_DEED
from chuangwen.honors.models import Application, Family, Programme
from chuangwen.honors.queries.families import recommends
from chuangwen.honors.queries.family_facts import for_families
from chuangwen.honors.services.applications import refuse_time
from chuangwen.honors.services.assessing import refuse_written, still_written
from chuangwen.honors.services.granting import refuse_unasked
from chuangwen.honors.services.papers import behalf_of, need
from chuangwen.honors.services.stepping import note_step, refuse_private
from chuangwen.honors.workflow import APPLY


def begin_family_application(programme: Programme, family: Family, *, actor: Any) -> Application:
    """Put a family forward. Whether the conditions let it be handed in is another question; consent comes first."""
    refuse_time(programme, clock.today())
    if actor is not None:
        require(actor, APPLY, family)
    if not for_families(programme) or family.region_id != programme.region_id:
        raise Refusal(
            _("“%(title)s” is not for “%(unit)s”.") % {"title": programme.title, "unit": family.shown},
            _("Choose one of the kind that the title is for."),
        )
    if not recommends(family.unit):
        raise Refusal(_("“%s” exists no more.") % family.unit, _("Hand the family over to another unit."))
    try:
        with transaction.atomic():
            refuse_unasked(family)
            count = next_number(programme.region, f"application-{programme.year}")
            made = Application.objects.create(
                region=programme.region, programme=programme, unit=family.unit, family=family,
                number=f"{programme.year}-{count:03d}",
            )  # fmt: skip
            note_step(made, "begin", actor=actor, on_behalf=behalf_of(family.unit, actor))
    except IntegrityError as error:
        raise Conflict(_("“%s” has an application here already.") % family.shown, _("Open that one.")) from error
    return made


def write_deed(application: Application, *, deed: str, seen_on: date | None, actor: Any) -> None:
    """Keep the short text of what the family has done, and the day on which the family saw it as it stands."""
    refuse_written(application, actor)
    if application.family is None:
        raise Refusal(_("This application is of a unit."), _("Open it again to write its self-assessment."))
    text = need(deed, _("Nothing is said of the family."), _("Two or three sentences will do."))
    if len(text) > LONGEST_DEED:
        raise Refusal(
            _("The text has more than %d characters.") % LONGEST_DEED, _("A short one will do: no file is kept.")
        )
    refuse_private(text)
    if seen_on is not None and seen_on > clock.today():
        raise Refusal(_("The day lies ahead."), _("Give today or an earlier day."))
    with transaction.atomic():
        refuse_unasked(application.family)
        still_written(application)
        Application.objects.filter(pk=application.pk).update(self_report=text, seen_on=seen_on)
        application.self_report, application.seen_on = text, seen_on
        told = {"seen_on": seen_on, "characters": len(text), "on_behalf": behalf_of(application.unit, actor)}
        record("honors.application.write", application, actor=actor, data=told)
