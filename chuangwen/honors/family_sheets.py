"""The papers of programmes for families (申报表, 汇总表, 公示): plaque's name, unit, day of consent, short text.

No address, members or numbers stand on them, since none are kept; who withdrew is left out or stands by number.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.papers import word_table
from chuangwen.honors.enums import STANDING_AWARDS, ApplicationState
from chuangwen.honors.models import Application, Award, Programme
from chuangwen.honors.sheets import (
    PaperTable,
    as_of_words,
    conditions_of,
    opinion,
    paper_day,
    paper_name,
    quota_note,
)
from chuangwen.honors.tally import ranked
from chuangwen.honors.wordforms import COLUMNS, Field, Line, band, pairs, word_form

ON_NOTICE = (ApplicationState.NOTICED, ApplicationState.AWARDED)


def family_form(application: Application) -> bytes:
    """申报表 of a family as a Word file; opinions and signatures of others stay empty."""
    family, programme = application.family, application.programme
    if family is None:
        raise ValueError("not a family's application")
    lines: list[Line] = [
        pairs((_("Family"), family.shown), (_("Number"), application.number)),
        pairs((_("Recommending unit"), application.unit.name), (_("Title applied for"), str(programme.title))),
        pairs((_("Agreed on"), paper_day(family.agreed_on) if family.agreed_on else ""),
              (_("Seen on"), paper_day(application.seen_on) if application.seen_on else "")),
        pairs((_("Titles held"), _titles(application))),
        band(_("Conditions")),
        *([Field(one.title, 5), Field(one.have, 4), Field(one.word, 3)] for one in conditions_of(application)),
        band(_("What the family has done")),
        [Field(application.self_report or _("(nothing written)"), COLUMNS, "words")],
        opinion(_("Signature of the family")),
        opinion(_("Opinion of the recommending unit"), application.responsible, application.signed_on),
        opinion(_("Opinion of the authority above")),
    ]  # fmt: skip
    return word_form(paper_name(application, "form"), lines, notes=[as_of_words()])


WIDTHS = (12, 24, 48, 44, 48, 23, 16, 24, 30)


def family_summary(programme: Programme, rows: Sequence[Application]) -> PaperTable:
    """汇总表: the families put forward, by points: one query beside them."""
    places = ranked({row.pk: row.score for row in rows})
    held: dict[int, list[str]] = {}
    awards = Award.objects.filter(family__in=[row.family_id for row in rows], state__in=STANDING_AWARDS)
    for one in awards.select_related("title").order_by("granted_on"):
        held.setdefault(one.family_id or 0, []).append(str(one.title))
    heads = (
        _("No."), _("Number"), _("Family"), _("Recommending unit"), _("Titles held"), _("Points of the review"),
        pgettext("rank", "Place"), _("State"), _("Remarks"),
    )  # fmt: skip
    told = [
        (
            count, row.number, row.holder, row.unit.name, _(", ").join(held.get(row.family_id or 0, [])), row.score,
            places.get(row.pk, ""), row.get_state_display(), row.decided_note,
        )
        for count, row in enumerate(rows, 1)
    ]  # fmt: skip
    title = _("Summary of families for “%(title)s” of %(year)d") % {"title": programme.title, "year": programme.year}
    return PaperTable(title, heads, WIDTHS, (5,), told, [quota_note(programme, _("Families: %d") % len(rows))])


NOTICE_WIDTHS = (20, 130, 119)


def families_on_notice(programme: Programme) -> list[Application]:
    """Whom a notice names: on notice or awarded, with consent in force."""
    rows = programme.applications.filter(
        state__in=ON_NOTICE, family__agreed_on__isnull=False, family__withdrawn_on__isnull=True
    )
    return list(rows.select_related("family", "unit").order_by("unit__path", "pk"))


def notice_title(programme: Programme) -> str:
    return _("Public notice: %(title)s of %(year)d") % {"title": programme.title, "year": programme.year}


def family_notice(programme: Programme) -> bytes:
    """公示 of a programme for families as a Word file: plaque's names, units, days, where to object."""
    rows = [
        [str(count), row.holder, row.unit.name] for count, row in enumerate(families_on_notice(programme), 1)
    ]  # fmt: skip
    days = _("On public notice from %(first)s to %(last)s.") % {
        "first": paper_day(programme.notice_from), "last": paper_day(programme.notice_until)
    }  # fmt: skip
    where = _("Whoever knows something that speaks against it can object at %s meanwhile, with a name or without.")
    notes = [days, where % programme.authority]
    return word_table(
        notice_title(programme), (_("No."), _("Family"), _("Recommending unit")), NOTICE_WIDTHS, rows, notes=notes,
        signature=_("Stamp:                Date:"),
    )  # fmt: skip


def _titles(application: Application) -> str:
    rows = Award.objects.filter(family=application.family_id, state__in=STANDING_AWARDS).select_related("title")
    told = [f"{one.title} ({paper_day(one.granted_on)})" for one in rows.order_by("granted_on")]
    return "\n".join(told) or _("none")
