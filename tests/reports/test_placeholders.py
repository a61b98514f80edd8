"""Word templates of an office: what they may ask for, and what is refused with its place."""

import io
import zipfile

import pytest
from docx import Document
from jinja2.exceptions import SecurityError, UndefinedError

from chuangwen.core.word_templates.placeholders import UNPACKED_LIMIT, Fault, check, filled, known
from chuangwen.reports.placeholders import vocabulary

COLUMNS = vocabulary(["单位", "应办结", "按期率"])
GOOD = [
    "{{ 标题 }}（{{文号}}）",
    "{%p for 段 in 正文 %}",
    "{{ 段 }}",
    "{%p endfor %}",
    "{% if 抄送 %}抄送：{{ 抄送 }}{% endif %}",
]


def template(*lines, table=()):
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    if table:
        rows = document.add_table(rows=0, cols=max(len(row) for row in table))
        for row in table:
            cells = rows.add_row().cells
            for cell, text in zip(cells, row, strict=False):
                cell.text = text
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


ROWS = [["单位", "应办结"], ["{%tr for 行 in 表 %}", ""], ["{{ 行.单位 }}", "{{ 行.应办结 }}"], ["{%tr endfor %}", ""],
        ["合计", "{{ 合计.应办结 }}"]]  # fmt: skip
VALUES = {
    "标题": "通报", "文号": "1号", "正文": ["甲", "<b>&"], "抄送": "", "表": [{"单位": "市城管局", "应办结": "3"}],
    "合计": {"应办结": "3"},
}  # fmt: skip


def test_good_template_says_what_it_asks_for():
    found = check(template(*GOOD, table=ROWS), COLUMNS)
    assert found.faults == ()
    assert found.names == ("标题", "文号", "正文", "抄送", "表", "表.单位", "表.应办结", "合计.应办结")


def test_template_is_filled_row_by_row_and_words_stay_words():
    made = Document(io.BytesIO(filled(template(*GOOD, table=ROWS), VALUES)))
    assert [one.text for one in made.paragraphs if one.text] == ["通报（1号）", "甲", "<b>&"]
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [
        ["单位", "应办结"], ["市城管局", "3"], ["合计", "3"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("报送{{ 秘密 }}", Fault("unknown", "秘密", "报送{{ 秘密 }}")),
        ("{{ 合计.没有 }}", Fault("unknown", "合计.没有", "{{ 合计.没有 }}")),
        ("{{ 标题.__class__ }}", Fault("unknown", "标题.__class__", "{{ 标题.__class__ }}")),
        ("{{ 标题", Fault("syntax")),
        ("{{ }}", Fault("syntax", "{{ }}", "{{ }}")),
        ("{{ 标题|upper }}", Fault("forbidden", "{{ 标题|upper }}", "{{ 标题|upper }}")),
        ("{{ range(9) }}", Fault("forbidden", "{{ range(9) }}", "{{ range(9) }}")),
        ("{{ 9 ** 9 }}", Fault("forbidden", "{{ 9 ** 9 }}", "{{ 9 ** 9 }}")),
        ("{% include '/x' %}", Fault("forbidden", "{% include '/x' %}", "{% include '/x' %}")),
        ("{% set a = 1 %}", Fault("forbidden", "{% set a = 1 %}", "{% set a = 1 %}")),
        ("{% for 段 in 没有 %}", Fault("unknown", "没有", "{% for 段 in 没有 %}")),
    ],
)  # fmt: skip
def test_template_that_asks_for_more_is_refused_with_its_place(line, fault):
    found = check(template("{{ 标题 }}", line), COLUMNS)
    if not fault.where:
        assert [one.reason for one in found.faults] == [fault.reason]
    else:
        assert found.faults[0] == fault


def test_loop_without_an_end_is_refused():
    assert [one.reason for one in check(template("{%p for 段 in 正文 %}", "{{ 段 }}"), COLUMNS).faults] == ["syntax"]


def test_call_that_reaches_over_paragraphs_is_refused():
    assert check(template("{{ range(", "9) }}"), COLUMNS).faults != ()


def test_placeholders_in_header_and_footer_are_read_too():
    document = Document()
    document.sections[0].header.paragraphs[0].text = "{{ 秘密 }}"
    held = io.BytesIO()
    document.save(held)
    assert [one.what for one in check(held.getvalue(), COLUMNS).faults] == ["秘密"]


def in_header(*lines, title=""):
    """A template whose body asks for the title, with these lines in its header."""
    document = Document(io.BytesIO(template("{{ 标题 }}")))
    for line in lines:
        document.sections[0].header.add_paragraph(line)
    document.core_properties.title = title
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def changed(data, name, change):
    """The file with one part changed, or left out where `change` gives None."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        for member in old.namelist():
            part = old.read(member)
            part = change(part) if member == name else part
            if part is not None:
                new.writestr(member, part)
    return held.getvalue()


@pytest.mark.parametrize(
    "made",
    [
        template("{{ 行.单位 }}", "{%p for 行 in 表 %}", "{{ 行.单位 }}", "{%p endfor %}"),
        template("{%p for 行 in 正文 %}", "{{ 行.单位 }}", "{%p endfor %}", "{%p for 行 in 表 %}", "{%p endfor %}"),
        template("{%p for 行 in 表 %}", "{% if 行.应办结 > 0 %}有{% endif %}", "{%p endfor %}"),
    ],
    ids=["a row outside of its loop", "two loops with one word", "words compared with a number"],
)
def test_template_that_could_not_be_filled_is_refused(made):
    assert check(made, COLUMNS).faults == (Fault("unfilled"),)


def test_loop_without_an_end_in_the_header_is_refused():
    made = in_header("{% for 行 in 表 %}{{ 行.单位 }}")
    assert check(made, COLUMNS).faults == (Fault("syntax"),)


@pytest.mark.parametrize(
    "made",
    [
        in_header("{{ 9 **", " 9 }}"),
        changed(in_header("页眉"), "word/header1.xml", lambda part: part.replace(b"<w:p>", b'<w:p a="{{ 9 ** 9 }}">')),
        in_header(title="{{ 9 ** 9 }}"),
    ],
    ids=["over two paragraphs", "in an attribute", "in the file's properties"],
)  # fmt: skip
def test_nothing_is_computed_wherever_it_stands(made):
    assert check(made, COLUMNS).faults == (Fault("forbidden"),)
    with pytest.raises(SecurityError):
        filled(made, VALUES)


@pytest.mark.parametrize("name", ["[Content_Types].xml", "_rels/.rels", "word/settings.xml"])
@pytest.mark.parametrize("change", [lambda part: None, lambda part: b"<a"], ids=["gone", "cut"])
def test_word_file_that_lacks_a_part_is_refused(name, change):
    made = changed(template("{{ 标题 }}"), name, change)
    assert check(made, COLUMNS).faults == (Fault("unreadable"),)


def test_what_is_no_word_file_or_too_large_is_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (UNPACKED_LIMIT + 1))
    assert check(held.getvalue(), COLUMNS).faults == (Fault("large"),)
    assert check(b"PK\x03\x04 no archive", COLUMNS).faults == (Fault("unreadable"),)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", b"<w:p>")
    assert check(held.getvalue(), COLUMNS).faults == (Fault("unreadable"),)


@pytest.mark.parametrize(
    ("line", "error"), [("{{ 秘密 }}", UndefinedError), ("{{ ''.__class__.mro() }}", SecurityError)]
)
def test_sandbox_stops_what_a_check_would_miss(line, error):
    with pytest.raises((error, UndefinedError)):
        filled(template(line), VALUES)


def test_every_known_placeholder_is_taken_as_it_is_written():
    lines = [line for name, written in known(COLUMNS) if name[0] not in "表图" for line in written.splitlines()]
    assert check(template(*lines), COLUMNS).faults == ()
