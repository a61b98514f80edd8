"""Word to PDF by LibreOffice in a process apart; with a program in its place where LibreOffice is not there."""

import io
import time
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from chuangwen.core.office_pdf import NotConverted, office_program, pdf_from_word
from tests.support.arriving import arrives

PROGRAM = office_program("")
pytestmark = pytest.mark.once


def a_word_file(text):
    document = Document()
    document.add_paragraph(text)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def a_program(folder, lines):
    """A shell script in LibreOffice's place; the folder it may write to is its ninth word."""
    path = folder / "office"
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(not PROGRAM, reason="LibreOffice is not on this machine")
def test_words_of_a_word_file_stand_in_the_pdf():
    made = pdf_from_word(a_word_file("Year 2026, No. 7"), PROGRAM, seconds=120)
    assert "Year 2026, No. 7" in PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_program_gets_a_profile_of_its_own_and_the_fonts(tmp_path):
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    (fonts / "a.ttf").write_bytes(b"font")
    settings = "$HOME/profile/user/registrymodifications.xcu"
    told = f'echo %PDF-; grep -c "<prop oor:name=.DisableMacros" "{settings}"; cat "$HOME/.fonts/0/a.ttf"'
    program = a_program(tmp_path, f'({told}) > "$HOME/paper.pdf"')
    assert pdf_from_word(b"PK", program, seconds=10, fonts=[fonts]) == b"%PDF-\n1\nfont"


@pytest.mark.parametrize("lines", ["exit 3", "true", 'echo text > "$HOME/paper.pdf"'])
def test_no_pdf_is_told_as_such(tmp_path, lines):
    with pytest.raises(NotConverted):
        pdf_from_word(b"PK", a_program(tmp_path, lines), seconds=10)


def test_what_takes_too_long_is_ended_with_all_that_it_started(tmp_path):
    note = tmp_path / "pid"
    program = a_program(tmp_path, f'sleep 300 & echo $! > "{note}"; wait')
    begun = time.monotonic()
    with pytest.raises(NotConverted):
        pdf_from_word(b"PK", program, seconds=1)
    assert time.monotonic() - begun < 6
    arrives(lambda: is_running(int(note.read_text())), False)


def is_running(pid):
    """Whether the process is there and does more than wait to be taken note of."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(("setting", "found"), [("0", ""), ("/no/such/program", ""), ("/bin/sh", "/bin/sh")])
def test_setting_names_the_program_or_forbids_it(setting, found):
    assert office_program(setting) == found


def test_without_a_setting_it_is_looked_for_on_the_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert office_program("") == ""
    program = tmp_path / "libreoffice"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert office_program("") == str(program)
