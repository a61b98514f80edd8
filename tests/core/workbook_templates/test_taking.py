"""Parts that no office program wrote are told as damage when the form is taken, never met later as an error page."""

from __future__ import annotations

import pytest
from django.utils import translation

from chuangwen.core.errors import BadUpload
from chuangwen.core.workbook_templates.table import Table
from chuangwen.core.workbook_templates.taking import looked_at, tried
from tests.core.workbook_templates.making import WORDS, form, saved
from tests.core.workbook_templates.test_refusing import with_part

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
POINTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TABLE = Table("问题清单", (3, 4), 5, 14, {"B": "问题"})
AGAIN = "存为.xlsx"


def take(data: bytes) -> None:
    looked_at("样表.xlsx", data, WORDS)
    tried("样表.xlsx", data, WORDS, TABLE)


def told(name: str, part: str) -> str:
    """What is said of a form one of whose parts is `part`."""
    data = with_part(saved(form()[0]), name, part.encode())
    with translation.override("zh-hans"), pytest.raises(BadUpload) as refused:
        take(data)
    return str(refused.value)


def pointing(kind: str) -> str:
    return (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId9" Type="{POINTS}/{kind}" '
        'Target="https://example.org/look.png" TargetMode="External"/></Relationships>'
    )


def test_picture_that_is_fetched_from_elsewhere_is_refused_and_a_link_to_be_clicked_is_not():
    name = "xl/drawings/_rels/drawing1.xml.rels"
    assert told(name, pointing("image")) == "工作簿里有链接到别处的图片。请改为插入到文件内的图片，保存后再上传。"
    looked_at("样表.xlsx", with_part(saved(form()[0]), name, pointing("hyperlink").encode()), WORDS)


@pytest.mark.parametrize(
    "cells",
    ["<row><c><v>1</v></c></row>", '<row r="5"><c r="5A"><v>1</v></c></row>', '<row r="5"><c t="s"><v>x</v></c></row>'],
    ids=["no place", "no address", "no text"],
)
def test_cells_that_do_not_say_where_they_stand(cells):
    part = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    assert AGAIN in told("xl/worksheets/sheet1.xml", part)


@pytest.mark.parametrize(
    "part",
    [
        "<broken",
        f'<styleSheet xmlns="{MAIN}"><fonts><font><sz val="x"/></font></fonts></styleSheet>',
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="x" formatCode="0"/></numFmts></styleSheet>',
    ],
    ids=["broken", "no size", "no number"],
)
def test_styles_that_say_nothing(part):
    assert AGAIN in told("xl/styles.xml", part)
