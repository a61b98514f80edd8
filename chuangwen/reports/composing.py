"""Puts a bulletin together as a paper: its own text, the table of its snapshot, the definitions, the foot."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import preview, read, working_folder
from chuangwen.core.office_pdf import NotConverted, office_program, pdf_from_word
from chuangwen.core.word_templates.placeholders import UNFILLED, filled
from chuangwen.rectification.models import ProblemPhoto
from chuangwen.reports.drafting import TABLE_TITLES, day_words, moment_words, period_words
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.filling import values_of
from chuangwen.reports.models import Bulletin, PaperForm, Snapshot
from chuangwen.reports.paper import Pair, Pairs, Paper, Photo, Table, blocks_of
from chuangwen.reports.pdf import OWN_FONTS, pdf_file, writes_chinese
from chuangwen.reports.periods import Period
from chuangwen.reports.queries import day_of, fonts_of, pairs_of, paper_form
from chuangwen.reports.sheet import NUMBERS, Row, Sheet, from_json
from chuangwen.reports.word import word_file
from chuangwen.reports.words import DEFINITIONS, FIRST, label_of_column, shown

LANGUAGE = "zh-hans"
FIRST_WIDTH = {PaperKind.SUPERIOR: 10, PaperKind.HARD: 10, PaperKind.INSTRUCTIONS: 6,
               PaperKind.TASKS: 12}  # fmt: skip
NO_CONVERTER = gettext_lazy("A PDF in the layout of your own template is made by LibreOffice, which this server lacks.")
NO_NUMBER, DRAFT_MARK = "（未编号）", "（草稿，未签发）"


def period_of(snapshot: Snapshot) -> Period:
    """The period that the figures are of."""
    return Period(snapshot.starts, snapshot.ends)


def sheet_of(bulletin: Bulletin, most: int | None = None) -> Sheet:
    """The frozen sheet with what the office entered beside it: who checked a unit's row of the report on work.

    `most`: only so many of its rows, for who shows no more.
    """
    sheet = from_json(bulletin.snapshot.sheet, most)
    named = bulletin.checked
    if not named:
        return sheet
    rows = [
        replace(row, values={**row.values, "checked_by": named[str(row.unit)]}) if str(row.unit) in named else row
        for row in sheet.rows
    ]
    return replace(sheet, rows=tuple(rows))


def paper_of(bulletin: Bulletin, form: PaperForm | None, *, signed: bool = True) -> Paper:
    """The paper as it would be set now, in Chinese; not `signed`: as everybody may read it, without the name of who
    signed it and without photos, of which no program can say what they show."""
    with translation.override(LANGUAGE):
        table = table_of(bulletin.kind, sheet_of(bulletin))
        is_final = bool(bulletin.number)
        day = clock.local(bulletin.issued_at).date() if bulletin.issued_at else clock.today()
        return Paper(
            issuer=form.issuer if form else "",
            number=bulletin.number or NO_NUMBER,
            title=bulletin.title,
            addressee=bulletin.addressee,
            blocks=list(blocks_of(bulletin.body, table, photos_in(bulletin) if signed else None)),
            notes=notes_of(bulletin),
            dated=day_words(day),
            signatory=bulletin.signatory if signed else "",
            copy_to=form.copy_to if form else "",
            draft="" if is_final else DRAFT_MARK,
        )


def photos_in(bulletin: Bulletin) -> Pairs | None:
    """The photos that the office chose, as copies without what a camera writes into a file; None for none."""
    pairs = [
        Pair(_photo(one.before), _photo(one.after), one.problem.title, str(one.problem.place or one.problem.spot),
             str(one.problem.lead))
        for one in pairs_of(bulletin)
    ]  # fmt: skip
    return Pairs(pairs) if pairs else None


def _photo(photo: ProblemPhoto) -> Photo:
    data = preview(photo.attachment.file, "large")
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
    return Photo(data, width, height, day_words(day_of(photo)))


def notes_of(bulletin: Bulletin) -> list[str]:
    """Period, status date and definitions, which every paper prints."""
    snapshot = bulletin.snapshot
    when = f"统计时段：{period_words(period_of(snapshot))}；统计截止：{moment_words(snapshot.as_of)}。"
    words = [str(one) for one in DEFINITIONS[bulletin.kind]]
    return [when, *(f"口径：{one}" for one in words)]


def table_of(kind: str, sheet: Sheet) -> Table | None:
    """The sheet as a table of written values, the sum last; None where it has no row."""
    if not sheet.rows:
        return None
    first = FIRST_WIDTH.get(PaperKind(kind), 8)
    lines = [_cells(row, sheet) for row in sheet.rows]
    if sheet.total is not None:
        lines.append(_cells(sheet.total, sheet, name="合计"))
    return Table(
        heads=[str(FIRST[kind]), *(label_of_column(one.key) for one in sheet.columns)],
        widths=[first, *(one.width for one in sheet.columns)],
        rows=lines,
        numeric=[False, *(one.kind in NUMBERS for one in sheet.columns)],
        caption=TABLE_TITLES[PaperKind(kind)],
    )


def _cells(row: Row, sheet: Sheet, name: str = "") -> list[str]:
    return [name or row.name, *(shown(row.values.get(one.key), one) for one in sheet.columns)]


def word_of(bulletin: Bulletin, *, signed: bool = True) -> bytes:
    """The Word file: from the site's template where it has one, else in the built-in layout.

    Refused: a template that cannot be filled with this paper's words.
    """
    form = paper_form(bulletin.region, bulletin.kind)
    paper = paper_of(bulletin, form, signed=signed)
    if form is None or form.template is None:
        return word_file(paper)
    with translation.override(LANGUAGE):
        sheet = sheet_of(bulletin)
        period, as_of = period_words(period_of(bulletin.snapshot)), moment_words(bulletin.snapshot.as_of)
        values = values_of(paper, bulletin.kind, sheet, period=period, as_of=as_of)
    try:
        return filled(read(form.template.file), values)
    except UNFILLED as error:
        raise Refusal(
            _("The Word template “%s” cannot be filled with this paper.") % form.template.name,
            _("Take another one under “Layout and templates”, or use the built-in layout again."),
        ) from error


def pdf_of(bulletin: Bulletin, *, signed: bool = True) -> bytes:
    """The PDF: in the layout of the office's own template where it has one (by LibreOffice), else in the built-in one.
    What everybody may read (not `signed`) is always in the built-in one.

    Refused where no font has Chinese characters: the PDF would be blank, and an issued one is kept for good; for a
    template where LibreOffice is missing or gives none.
    """
    form = paper_form(bulletin.region, bulletin.kind)
    if signed and form is not None and form.template is not None:
        return pdf_of_word(bulletin, word_of(bulletin))
    paper = paper_of(bulletin, form, signed=signed)
    with _site_fonts(bulletin) as folders:
        return pdf_file(paper, folders)


def pdf_of_word(bulletin: Bulletin, word: bytes) -> bytes:
    """A paper's Word file as PDF by LibreOffice, in the site's fonts. Refused where it is missing or gives none."""
    program = converter()
    if not program:
        raise Refusal(str(NO_CONVERTER), _("Take the Word file and save it as PDF there."))
    with _site_fonts(bulletin) as folders:
        try:
            return pdf_from_word(word, program, seconds=settings.PDF_SECONDS, fonts=[*folders, OWN_FONTS])
        except NotConverted as error:
            raise Refusal(
                _("LibreOffice made no PDF of this Word file within %d seconds.") % settings.PDF_SECONDS,
                _("Try again, or take the Word file and save it as PDF there."),
            ) from error


def converter() -> str:
    """LibreOffice's path on this machine; "" where it is not there."""
    return office_program(settings.SOFFICE)


@contextmanager
def _site_fonts(bulletin: Bulletin) -> Iterator[list[Path]]:
    """Folders with the site's own fonts. Refused where no font at hand has Chinese characters."""
    fonts = [one.attachment.file for one in fonts_of(bulletin.region) if one.attachment]
    with working_folder() as folder:
        for one in fonts:
            (folder / one.sha256).with_suffix(".ttf").write_bytes(read(one))
        folders = [folder] if fonts else []
        if not writes_chinese(folders):
            raise Refusal(
                _("This machine has no Chinese font, so the PDF would be blank."),
                _("Add one under “Layout and templates”, “Fonts”, or run “make setup” again with a network."),
            )
        yield folders


def file_name(bulletin: Bulletin, ending: str) -> str:
    """The name under which a paper's file is saved."""
    return f"{bulletin.number} {bulletin.title}{ending}".strip()
