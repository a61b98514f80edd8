"""The one place at which a title comes into force, whatever the way to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.asking import Question
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.numbering import next_number
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.honors.customs import FAMILY, MODEL
from chuangwen.honors.eligibility import months_after
from chuangwen.honors.enums import ProgrammeState
from chuangwen.honors.models import Award, Family, LadderStep, Programme
from chuangwen.honors.queries.facts import predecessors
from chuangwen.honors.queries.register import civil_among, holding
from chuangwen.honors.queries.subjects import fits
from chuangwen.honors.services.papers import need
from chuangwen.honors.services.stepping import note_step
from chuangwen.honors.workflow import AWARD
from chuangwen.organizations.models import Unit

STEP = Question(lambda title: LadderStep.objects.filter(title=title).order_by("pk")[:1])
BARS = Question(
    lambda unit, ended, until: Award.objects.filter(
        unit=unit, family__isnull=True, ended_on__lte=ended, barred_until__gte=until
    )
)
DECIDING = Question(
    lambda title, day: (
        Programme.objects.filter(title=title, apply_from__lte=day)
        .exclude(state__in=(ProgrammeState.PREPARING, ProgrammeState.CANCELLED))
        .order_by("pk")[:1]
    )
)


def grant(unit: Unit, title: Title, *, granted_on: date, document: str, actor: Any, **more: Any) -> Award:
    """Put a title in force for a unit, with the next number of the plaque register.

    `more`: application, contest, carried_from, held_since, plaque, and the family that the unit recommends where the
    title is for families. Called by services that have judged already; consent is asked for here as well.
    """
    family: Family | None = more.get("family")
    if (family is None) == (title.subject == FAMILY):
        raise ValueError("a family holds a family's title, a unit another")
    step: LadderStep | None = STEP.first(title)
    months = step.reverify_months if step else 12
    held_since = more.pop("held_since", granted_on)
    due = months_after(granted_on, months)
    while due < clock.today() and months:  # a title of long ago is re-verified from now on
        due = months_after(due, months)
    try:
        with transaction.atomic():
            if family is not None:
                refuse_unasked(family)
            plaque = more.pop("plaque", "") or _plaque(title, granted_on)
            award: Award = Award.objects.create(
                region=unit.region, unit=unit, title=title, granted_on=granted_on, held_since=held_since,
                document=document, plaque=plaque, reverify_by=due, **more,
            )  # fmt: skip
            note_step(award, "grant", actor=actor, note=document, data={"title": str(title), "plaque": plaque})
    except IntegrityError as error:
        raise Conflict(
            _("“%(unit)s” holds the title “%(title)s” already.")
            % {"unit": family.shown if family else unit, "title": title},
            _("Open it in the register."),
        ) from error
    return award


def refuse_unasked(family: Family) -> None:
    """Refusal for a family without consent in force. Inside a transaction it holds until that ends."""
    rows = Family.objects.select_for_update() if transaction.get_connection().in_atomic_block else Family.objects
    if not rows.get(pk=family.pk).has_agreed:
        raise Refusal(
            _("“%s” has not agreed, or has withdrawn its consent.") % family.shown,
            _("The unit asks the family and enters the day on which it agreed."),
        )


def refuse_family_bar(family: Family, day: date) -> None:
    """Refusal where a delisting bars the family on `day`."""
    bars = Award.objects.filter(family=family, ended_on__lte=day, barred_until__gte=day).order_by("-barred_until")
    if bar := bars.first():
        raise Refusal(
            _("“%(unit)s” was delisted and is barred until %(day)s.")
            % {"unit": family.shown, "day": day_words(bar.barred_until)},
            _("The bar ends by itself; an appeal that is upheld ends it before."),
        )


def enter_family_award(
    family: Family, title: Title, *, granted_on: date, document: str, actor: Any, plaque: str = "",
    held_since: date | None = None,
) -> Award:  # fmt: skip
    """Enter a family's title from before, from its document; refused as for units, and without consent."""
    if actor is not None:
        require(actor, AWARD, family)
    number = need(document, _("The number of the decision is missing."), _("Give the number of the naming document."))
    if granted_on > clock.today():
        raise Refusal(_("The day lies ahead."), _("Give the day of the document."))
    if title.subject != FAMILY or title.region_id != family.region_id:
        raise Refusal(_("“%s” is no title for families.") % title, _("Choose one of the ladder of families."))
    _refuse_programme(title, granted_on)
    refuse_family_bar(family, granted_on)
    return grant(family.unit, title, family=family, granted_on=granted_on, document=number, actor=actor,
                 plaque=plaque.strip(), held_since=min(held_since or granted_on, granted_on))  # fmt: skip


def enter_award(
    unit: Unit, title: Title, *, granted_on: date, document: str, actor: Any, plaque: str = "",
    held_since: date | None = None,
) -> Award:  # fmt: skip
    """Enter a title that was granted before the program knew of it, from its document.

    Refused: what a programme here decides, what a bar forbids, a title of another kind of unit.
    """
    if actor is not None:
        require(actor, AWARD, Award(region=unit.region, unit=unit))
    number = need(document, _("The number of the decision is missing."), _("Give the number of the naming document."))
    if granted_on > clock.today():
        raise Refusal(_("The day lies ahead."), _("Give the day of the document."))
    if unit.region_id != title.region_id:
        raise Refusal(_("The unit belongs to another region."), _("Choose one from the list."))
    if not fits(title, unit):
        raise Refusal(
            _("“%(title)s” is not for “%(unit)s”.") % {"title": title, "unit": unit},
            _("Offices inside a unit hold office titles; villages, schools and cities have titles of their own."),
        )
    _refuse_programme(title, granted_on)
    refuse_bar(unit, granted_on)
    if title.level == MODEL:
        refuse_uncivil([unit])
    return grant(unit, title, granted_on=granted_on, document=number, actor=actor, plaque=plaque.strip(),
                 held_since=min(held_since or granted_on, granted_on))  # fmt: skip


def refuse_bar(unit: Unit, day: date) -> None:
    """Refusal where a delisting of the unit, or of one whose matters it took over, bars it on `day`."""
    ids = {unit.pk, *predecessors(unit.region, [unit.pk])[unit.pk]}
    bars = [bar for one in ids for bar in BARS(one, day, day)]
    if bars:
        bar = max(bars, key=lambda one: one.barred_until)
        raise Refusal(
            _("“%(unit)s” was delisted and is barred until %(day)s.")
            % {"unit": unit, "day": day_words(bar.barred_until)},
            _("The bar ends by itself; an appeal that is upheld ends it before."),
        )


def refuse_uncivil(offices: Sequence[Unit]) -> None:
    """Model offices come from among the civil offices (标兵处室在文明处室中产生); names all that are none."""
    civil = civil_among(offices)
    if others := [office for office in offices if office.pk not in civil]:
        words = ngettext("“%s” is no civil office.", "“%s” are no civil offices.", len(others))
        raise Refusal(words % named(others), _("Model offices come from among the civil offices."))


def refuse_holders(offices: Sequence[Unit], title: Title) -> None:
    """Who holds the title is re-verified and takes no part; names all who do."""
    held = holding(offices, title)
    if holders := [office for office in offices if office.pk in held]:
        words = ngettext(
            "“%(unit)s” holds the title “%(title)s” already.",
            "“%(unit)s” hold the title “%(title)s” already.",
            len(holders),
        )
        raise Refusal(
            words % {"unit": named(holders), "title": title},
            ngettext("It is re-verified and takes no part.", "They are re-verified and take no part.", len(holders)),
        )


def named(offices: Sequence[Unit]) -> str:
    """The offices by name, for words between quotation marks."""
    return _("”, “").join(str(one) for one in offices)


def _refuse_programme(title: Title, day: date) -> None:
    """What a programme of the house decides or has decided is not entered past it."""
    found: Programme | None = DECIDING.first(title, day)
    if found:
        raise Refusal(
            _("Titles of that time come from the programme “%s”.") % found, _("Let the unit apply there.")
        )  # fmt: skip


def _plaque(title: Title, day: date) -> str:
    number = next_number(title.region, f"plaque-{title.pk}-{day.year}")
    return f"{day.year}-{number:03d}"
