"""Word files against what Word itself is strict about, and through another program that reads them."""

import io
import shutil
import subprocess
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

from chuangwen.reports.paper import Table
from chuangwen.reports.word import ORDER, word_file
from tests.reports.test_paper import a_paper

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
# ECMA-376 part 1, 17.3.1.26 and 17.3.2.28: the order of a paragraph's and of a run's properties
PARAGRAPH = [
    "w:pStyle", "w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:framePr", "w:widowControl", "w:numPr",
    "w:suppressLineNumbers", "w:pBdr", *ORDER,
]  # fmt: skip
RUN = ["w:rStyle", "w:rFonts", "w:b", "w:bCs", "w:i", "w:iCs", "w:color", "w:spacing", "w:w", "w:kern", "w:position",
       "w:sz", "w:szCs", "w:highlight", "w:u", "w:lang"]  # fmt: skip


def parts(data):
    document = Document(io.BytesIO(data))
    section = document.sections[0]
    yield from (document.element, document.styles["Normal"].element)
    yield from (section.footer._element, section.even_page_footer._element)


@pytest.mark.parametrize(("holder", "order"), [("w:pPr", PARAGRAPH), ("w:rPr", RUN)])
def test_properties_stand_in_the_order_that_the_schema_wants(holder, order):
    places = {qn(name): number for number, name in enumerate(order)}
    read = 0
    for part in parts(word_file(a_paper(draft="草稿"))):
        for found in part.iter(qn(holder)):
            numbers = [places[child.tag] for child in found]
            assert numbers == sorted(numbers), [child.tag for child in found]
            read += 1
    assert read > 10


@pytest.mark.once
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not on this machine")
def test_another_program_reads_every_word_and_cell(tmp_path):
    data = word_file(a_paper())
    (tmp_path / "paper.docx").write_bytes(data)
    (tmp_path / "out").mkdir()
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        SOFFICE,
        profile,
        "--headless",
        "--convert-to",
        "docx",
        "--outdir",
        tmp_path / "out",
        tmp_path / "paper.docx",
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    before, after = (Document(one) for one in (io.BytesIO(data), tmp_path / "out" / "paper.docx"))
    assert [one.text for one in after.paragraphs if one.text] == [one.text for one in before.paragraphs if one.text]
    cells = [[[cell.text for cell in row.cells] for row in one.tables[0].rows] for one in (before, after)]
    assert cells[0] == cells[1]
    section = after.sections[0]
    assert [round(one.mm) for one in (section.top_margin, section.left_margin, section.right_margin)] == [37, 28, 26]


def test_word_file_of_a_thousand_rows_is_a_whole_archive():
    table = Table(["单位", "应办结"], [8, 4], [[f"第{n}单位", str(n)] for n in range(1200)], [False, True])
    with zipfile.ZipFile(io.BytesIO(word_file(a_paper(blocks=[table])))) as archive:
        assert archive.testzip() is None
        assert archive.read("word/document.xml").count(b"<w:tr>") == 1201
