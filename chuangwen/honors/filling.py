"""Papers of a programme in the authority's own forms where it gave some, else in the built-in ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.utils import translation

from chuangwen.core.files.services import read
from chuangwen.core.papers import WRITTEN_IN
from chuangwen.core.word_templates.placeholders import Rows, filled
from chuangwen.honors.eligibility import MET, NOT_MET
from chuangwen.honors.enums import STANDING_AWARDS, Paper
from chuangwen.honors.models import Application, Award, FormTemplate, Programme
from chuangwen.honors.placeholders import (
    CONDITIONS,
    DEEDS,
    FINDINGS,
    HONOURS,
    LINES,
    OF_PROGRAMME,
    OF_UNIT,
    SECTIONS,
    SHEETS,
    TABLE,
)
from chuangwen.honors.queries.assessing import assessment_of
from chuangwen.honors.queries.facts import current_figures, gather
from chuangwen.honors.queries.templates import template_of
from chuangwen.honors.sheets import (
    PaperTable,
    application_form,
    as_of_words,
    assessed_rows,
    cell_words,
    conditions_of,
    holder_of,
    meeting_words,
    notice_words,
    paper_day,
    paper_name,
    points_words,
    review_form,
    summary_of,
    table_word,
)
from chuangwen.honors.wording import verdict_word
from chuangwen.organizations.enums import PostKind

BUILT_IN: Final[dict[str, Callable[[Application], bytes]]] = {Paper.FORM: application_form, Paper.REVIEW: review_form}


def paper_of(application: Application, paper: str) -> bytes:
    """The application form or the review form as a Word file."""
    own = template_of(application.programme, paper)
    return BUILT_IN[paper](application) if own is None else filled_form(own, application)


def summary_paper(programme: Programme, rows: Sequence[Application], table: PaperTable) -> bytes:
    """The summary as a Word file: in the authority's form, else `table` as it is."""
    own = template_of(programme, Paper.SUMMARY)
    return table_word(table) if own is None else filled_summary(own, programme, rows)


def filled_form(template: FormTemplate, application: Application) -> bytes:
    """An application in this very template, also one that was replaced since."""
    with translation.override(WRITTEN_IN):
        return _filled(template, values_of(application, template.paper))


def filled_summary(template: FormTemplate, programme: Programme, rows: Sequence[Application]) -> bytes:
    """The summary of a programme in this very template."""
    with translation.override(WRITTEN_IN):
        return _filled(template, summary_values(programme, rows))


def _filled(template: FormTemplate, values: dict[str, Any]) -> bytes:
    assert template.attachment is not None  # noqa: S101 (kept with its file in one transaction)
    return filled(read(template.attachment.file), values)


def values_of(application: Application, paper: str) -> dict[str, Any]:
    """Everything that the form or the review form may ask for, by its Chinese name."""
    programme, unit = application.programme, application.unit
    held = Award.objects.filter(unit=unit, state__in=STANDING_AWARDS).select_related("title").order_by("granted_on")
    assessment = assessment_of(application)
    told: dict[str, Any] = _of_programme(programme, paper_name(application, paper))
    told |= _of_unit(application, "、".join(str(one.title) for one in held))
    told[DEEDS] = [line for line in application.self_report.splitlines() if line.strip()]
    conditions = [(one.title, one.have, one.need, one.word) for one in conditions_of(application)]
    told[CONDITIONS.name] = _rows(CONDITIONS, conditions)
    sections = assessment.sections() if assessment else []
    told[SECTIONS.name] = _rows(SECTIONS, [(name, worth, claimed) for name, claimed, _shown, worth in sections])
    told[LINES.name] = _rows(LINES, assessed_rows(assessment) if assessment else [])
    told[HONOURS.name] = _rows(HONOURS, [(one.title, paper_day(one.granted_on), one.document) for one in held])
    if paper == Paper.REVIEW:
        found, sheets = application.findings.select_related("rule__lower"), application.sheets.all()
        told |= {
            "评审得分": points_words(application.score), "审议": meeting_words(application),
            "公示": notice_words(application),
            FINDINGS.name: _rows(
                FINDINGS, [(one.rule, verdict_word(MET if one.met else NOT_MET), one.source) for one in found]
            ),
            SHEETS.name: _rows(
                SHEETS, [(one.reviewer, one.points, one.remarks, paper_day(one.reviewed_on)) for one in sheets]
            ),
        }  # fmt: skip
    return told


def summary_values(programme: Programme, rows: Sequence[Application]) -> dict[str, Any]:
    """Everything that the summary may ask for."""
    summary = summary_of(programme, rows)
    told: dict[str, Any] = _of_programme(programme, summary.title)
    told |= {"名额": str(programme.quota or "不限"), "申报数": str(len(rows))}
    return told | {TABLE.name: _rows(TABLE, summary.rows)}


def _of_programme(programme: Programme, title: str) -> dict[str, str]:
    values = (title, programme.title, programme.year, programme.name, programme.authority, as_of_words())
    return dict(zip(OF_PROGRAMME, map(str, values), strict=True))


def _of_unit(application: Application, held: str) -> dict[str, str]:
    unit, programme = application.unit, application.programme
    facts = gather(programme, [unit])
    offices = facts.offices[unit.pk]
    row = current_figures([unit.pk], programme.year).order_by("year", "pk").last()
    counted = (offices, facts.civil[unit.pk], facts.model[unit.pk]) if offices else ("", "", "")
    figures = (row.staff, row.volunteers, row.hours) if row else ("", "", "")
    signed = paper_day(application.signed_on) if application.signed_on else ""
    values = (
        unit.name, application.number, application.get_state_display(), holder_of(unit, PostKind.FIRST),
        holder_of(unit, PostKind.LIAISON), *counted, *figures, held, application.self_score, application.responsible,
        signed,
    )  # fmt: skip
    return dict(zip(OF_UNIT, map(cell_words, values), strict=True))


def _rows(table: Rows, rows: Sequence[Sequence[Any]]) -> list[dict[str, str]]:
    return [dict(zip(table.words, map(cell_words, row), strict=True)) for row in rows]
