"""The papers of a programme (申报表, 推荐审核表, 汇总表, 自评表), filled from what the program knows.

Nothing is put on paper that nobody said: opinions and signatures of others stay empty for pen and stamp.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core import clock
from chuangwen.core.papers import word_table
from chuangwen.core.templatetags.wording import moment
from chuangwen.core.workbooks.writing import Column, write_table
from chuangwen.evidence.naming import standard_number
from chuangwen.honors.enums import STANDING_AWARDS, ApplicationState, Ruling
from chuangwen.honors.models import Application, Award, Programme
from chuangwen.honors.queries.assessing import Assessment, assessment_of
from chuangwen.honors.queries.facts import current_figures, gather
from chuangwen.honors.queries.family_facts import outcome_for
from chuangwen.honors.tally import ranked
from chuangwen.honors.wordforms import COLUMNS, Field, Line, band, pairs, word_form
from chuangwen.honors.wording import Condition, condition_of, number
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import holders

SIGNED = "        "


def paper_name(application: Application, paper: str) -> str:
    """The title of an application's paper: `form` (申报表) or `review` (推荐审核表)."""
    words = _("Application form for “%s”") if paper == "form" else _("Recommendation and review form for “%s”")
    return words % _title(application.programme)


def application_form(application: Application) -> bytes:
    """申报表 as a Word file: the unit, its offices and titles, the conditions, the self-assessment, its own words."""
    unit, programme = application.unit, application.programme
    lines: list[Line] = [
        pairs((_("Unit"), unit.name), (_("Number"), application.number)),
        pairs((_("First responsible"), holder_of(unit, PostKind.FIRST)),
              (_("Liaison"), holder_of(unit, PostKind.LIAISON))),
        *_figures(application),
        pairs((_("Titles held"), _titles(unit))),
        pairs((_("Title applied for"), str(programme.title)),
              (_("Self-assessment"), points_words(application.self_score))),
        band(_("Conditions")), *_conditions(application),
        *_sections(assessment_of(application)),
        band(_("What the unit has done")), [Field(application.self_report or _("(nothing written)"), COLUMNS, "words")],
        opinion(_("Opinion of the unit"), application.responsible, application.signed_on),
        opinion(_("Opinion of the authority above")),
    ]  # fmt: skip
    return word_form(paper_name(application, "form"), lines, notes=[as_of_words()])


def review_form(application: Application) -> bytes:
    """推荐审核表 as a Word file: points, what was found, deliberation, public notice; opinions stay empty."""
    programme = application.programme
    sheets = list(application.sheets.all())
    findings = list(application.findings.select_related("rule__lower"))
    scored = [pairs((one.reviewer, f"{points_words(one.points)}  {one.remarks}".strip()), label=3) for one in sheets]
    verdicts = {True: _("Met"), False: _("Not met")}
    found = [pairs((str(one.rule), f"{verdicts[bool(one.met)]}  {one.source}"), label=4) for one in findings]
    lines: list[Line] = [
        pairs((_("Unit"), application.unit.name), (_("Number"), application.number)),
        pairs((_("Title applied for"), str(programme.title)), (_("State"), application.get_state_display())),
        pairs((_("Self-assessment"), points_words(application.self_score)),
              (_("Points of the review"), points_words(application.score))),
        band(_("Conditions")), *_conditions(application),
        *([band(_("Settled from papers")), *found] if found else []),
        *([band(_("Reviewers' sheets")), *scored] if scored else []),
        pairs((_("Deliberation"), meeting_words(application)), label=3),
        pairs((_("Public notice"), notice_words(application)), label=3),
        opinion(_("Opinion of the campaign office")), opinion(_("Opinion of the guiding group")),
    ]  # fmt: skip
    return word_form(paper_name(application, "review"), lines, notes=[as_of_words()])


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table that leaves as a Word file and as a workbook: heads, their widths on paper (269 mm together), rows.

    `figures` are the places of columns with numbers.
    """

    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    figures: tuple[int, ...]
    rows: list[tuple[Any, ...]]
    notes: list[str]


def table_word(table: PaperTable) -> bytes:
    """The table as a Word file."""
    rows = ([cell_words(cell) for cell in row] for row in table.rows)
    return word_table(table.title, table.heads, table.widths, rows, notes=table.notes, signature=_signature())


def table_excel(table: PaperTable) -> bytes:
    """The table as a workbook."""
    columns = [
        Column(str(place), head, kind="number" if place in table.figures else "text", width=mm / 2)
        for place, (head, mm) in enumerate(zip(table.heads, table.widths, strict=True))
    ]
    return write_table(columns, table.rows, title=table.title, notes=[*table.notes, _signature()])


WIDTHS = (12, 24, 58, 52, 23, 23, 16, 27, 34)


def summary_of(programme: Programme, rows: Sequence[Application]) -> PaperTable:
    """汇总表: the applications of a programme by points: two queries beside them."""
    places = ranked({row.pk: row.score for row in rows})
    awards = Award.objects.filter(
        unit__in=[row.unit_id for row in rows], title__subject=programme.title.subject, state__in=STANDING_AWARDS
    )
    held: dict[int, list[str]] = {}
    for one in awards.select_related("title").order_by("granted_on"):
        held.setdefault(one.unit_id, []).append(str(one.title))
    heads = (
        _("No."), _("Number"), _("Unit"), _("Titles held"), _("Self-assessment"), _("Points of the review"),
        pgettext("rank", "Place"), _("State"), _("Remarks"),
    )  # fmt: skip
    told = [
        (
            count, row.number, row.unit.name, _(", ").join(held.get(row.unit_id, [])), row.self_score, row.score,
            places.get(row.pk, ""), row.get_state_display(), row.decided_note,
        )
        for count, row in enumerate(rows, 1)
    ]  # fmt: skip
    title = _("Summary of applications for “%s”") % _title(programme)
    return PaperTable(title, heads, WIDTHS, (4, 5), told, [quota_note(programme, _("Applications: %d") % len(rows))])


def quota_note(programme: Programme, counted: str) -> str:
    """What stands under a summary: the quota, how many there are, when the data were read."""
    quota = _("Quota: %s") % (programme.quota or _("no limit"))
    return f"{quota}    {counted}    {as_of_words()}"


ASSESSED_WIDTHS = (24, 84, 18, 20, 46, 77)


def assessed_heads() -> tuple[str, ...]:
    return (
        _("Standard no."), _("Criterion"), _("Worth"), _("Claimed"), pgettext("self-assessment", "In the ledger"),
        _("Basis"),
    )  # fmt: skip


def assessed_rows(found: Assessment) -> list[tuple[Any, ...]]:
    """自评表: a row for each line of the standard."""
    return [
        (
            standard_number(line.asked.code), line.asked.title, line.asked.most, line.points, ledger_words(line),
            line.basis,
        )
        for line in found.lines
    ]  # fmt: skip


def ledger_words(line: Any) -> str:
    """How the dossier behind a line stands; "" where there is none."""
    if line.dossier is None:
        return ""
    filled = _("%(filled)d of %(needed)d") % {
        "filled": line.dossier.slots_filled,
        "needed": line.dossier.slots_needed,
    }
    grade = line.dossier.grade if line.dossier.accepted_at else ""
    return _(", ").join(filter(None, [filled, _("grade %s") % grade if grade else _("not reviewed")]))


def assessed_title(application: Application) -> str:
    return _("Self-assessment: %(unit)s, “%(title)s”") % {
        "unit": application.unit.name, "title": _title(application.programme)
    }  # fmt: skip


def assessed_table(application: Application, found: Assessment) -> PaperTable:
    """自评表."""
    total = _("Sum: %s points") % (points_words(found.total) or _("not complete"))
    note = "    ".join([total, _("Standard: %s") % found.version, as_of_words()])
    return PaperTable(
        assessed_title(application), assessed_heads(), ASSESSED_WIDTHS, (2, 3), assessed_rows(found), [note]
    )


def as_of_words() -> str:
    """When the data were read, in words."""
    return _("Data as of %s") % moment(clock.now())


def cell_words(value: Any) -> str:
    """What stands in a cell; "" for nothing."""
    return "" if value is None else number(value) if isinstance(value, Decimal) else str(value)


def _signature() -> str:
    return _("Filled in by:                Checked by:                Stamp:                Date:")


def _title(programme: Programme) -> str:
    """2026年度省级文明单位."""
    return _("%(title)s of %(year)d") % {"title": programme.title, "year": programme.year}


def paper_day(on: date) -> str:
    """2026年11月22日: a paper is read years later, so the year always stands there."""
    return _("%(year)d-%(month)d-%(day)d") % {"year": on.year, "month": on.month, "day": on.day}


def points_words(value: Decimal | None) -> str:
    """Points as written; "" for none."""
    return "" if value is None else number(value)


def holder_of(unit: Unit, kind: str) -> str:
    """Who holds a post of the unit today; its name alone, no telephone."""
    found = holders([unit], [kind]).first()
    return str(found.user) if found else ""


def _figures(application: Application) -> list[Line]:
    """Offices and yearly figures, as far as the program knows them."""
    facts = gather(application.programme, [application.unit])
    offices, civil, model = (
        facts.offices[application.unit_id], facts.civil[application.unit_id], facts.model[application.unit_id],
    )  # fmt: skip
    lines: list[Line] = []
    if offices:
        told = (_("Offices"), offices), (_("Civil offices"), civil), (_("Model offices"), model)
        lines.append(pairs(*((label, str(count)) for label, count in told)))
    row = current_figures([application.unit_id], application.programme.year).order_by("year", "pk").last()
    if row is not None:
        lines.append(
            pairs((_("Staff"), str(row.staff)), (_("Registered volunteers"), str(row.volunteers)),
                  (_("Volunteer hours"), number(row.hours)))
        )  # fmt: skip
    return lines


def _titles(unit: Unit) -> str:
    rows = Award.objects.filter(unit=unit, state__in=STANDING_AWARDS).select_related("title").order_by("granted_on")
    comma = _(", ")
    told = [f"{one.title} ({comma.join(filter(None, (paper_day(one.granted_on), one.document)))})" for one in rows]
    return "\n".join(told) or _("none")


def _conditions(application: Application) -> list[Line]:
    lines: list[Line] = [
        [Field(_("Condition"), 4, "label"), Field(_("Present"), 3, "label"),
         Field(pgettext("condition", "Required"), 3, "label"),
         Field(_("Verdict"), 2, "label")]
    ]  # fmt: skip
    lines += [
        [Field(row.title, 4), Field(row.have, 3), Field(row.need, 3), Field(row.word, 2)]
        for row in conditions_of(application)
    ]
    return lines


def conditions_of(application: Application) -> list[Condition]:
    """What the rules say today of a unit's or a family's application, condition by condition."""
    rules = {rule.pk: rule for rule in application.programme.rules.select_related("lower")}
    until = application.programme.apply_until
    return [condition_of(one, rules.get(one.rule.key), until) for one in outcome_for(application).verdicts]


def _sections(found: Assessment | None) -> list[Line]:
    if found is None:
        return []
    lines: list[Line] = [
        band(_("Self-assessment by section")),
        [Field(_("Section"), 6, "label"), Field(_("Worth"), 3, "label"), Field(_("Claimed"), 3, "label")],
    ]
    for name, claimed, _shown, worth in found.sections():
        lines.append([Field(name, 6), Field(number(worth), 3, "number"), Field(number(claimed), 3, "number")])
    for line in found.lines:
        if line.asked.kind != "criterion" and line.points:
            sign = "−" if line.asked.kind == "penalty" else ""
            lines.append(
                [Field(line.asked.title, 6), Field(number(line.asked.most), 3, "number"),
                 Field(f"{sign}{number(line.points)}", 3, "number")]
            )  # fmt: skip
    return lines


def meeting_words(application: Application) -> str:
    """The deliberation and what it came to, in one line."""
    meeting = getattr(application.programme, "deliberation", None)
    if meeting is None:
        return pgettext("paper", "not yet")
    words = {
        ApplicationState.RESERVE: _("put in reserve"), ApplicationState.PASSED_OVER: _("not recommended"),
    }.get(ApplicationState(application.state), _("recommended"))  # fmt: skip
    told = [paper_day(meeting.held_on), meeting.chair, meeting.minutes, words, application.decided_note]
    return _(", ").join(filter(None, told))


def notice_words(application: Application) -> str:
    """The days of the public notice and the objections to it."""
    if application.notice_from is None or application.notice_until is None:
        return pgettext("paper", "not yet")
    objections = list(application.objections.all())
    upheld = sum(one.ruling == Ruling.UPHELD for one in objections)
    told = _("%(n)d objections, %(upheld)d upheld") % {"n": len(objections), "upheld": upheld}
    days = f"{paper_day(application.notice_from)}–{paper_day(application.notice_until)}"
    return days + _(", ") + told


def opinion(label: str, name: str = "", on: Any = None) -> list[Field]:
    """A place for an opinion with signature, stamp and day; filled where the unit has signed."""
    when = paper_day(on) if on else _("        (year)    (month)    (day)")
    signed = _("Signed: %s    (stamp)") % (name or SIGNED)
    return [Field(label, 3, "label"), Field(f"{signed}\n{when}", 9, "sign")]
