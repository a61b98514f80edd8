"""What names of files tell, and how papers number."""

from __future__ import annotations

from datetime import date

import pytest

from chuangwen.evidence.naming import day_in, kind_of, number_in, standard_number, title_of

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("03.志愿服务实施方案.docx", "志愿服务实施方案"),
        ("附件2：活动_照片.JPG", "活动 照片"),
        ("IMG_20260512_101112.jpg", ""),
        ("微信图片_20260512101112.jpg", ""),
        ("mmexport1716192021.jpg", ""),
        ("2026-05-12.pdf", ""),
        ("2026年工作要点.pdf", "2026年工作要点"),
        ("报告" * 150 + ".pdf", ("报告" * 150)[:200]),
        (".pdf", ""),
    ],
)
def test_title_is_the_name_without_what_machines_and_lists_put_there(name: str, title: str) -> None:
    assert title_of(name) == title


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("IMG_20260512_101112.jpg", date(2026, 5, 12)),
        ("2026-5-2 植树.jpg", date(2026, 5, 2)),
        ("2026年5月12日会议.docx", date(2026, 5, 12)),
        ("20261301.jpg", None),
        ("20261231.jpg", None),
        ("19500101.jpg", None),
        ("1234567890.jpg", None),
        ("方案.docx", None),
    ],
)
def test_day_in_a_name_is_a_real_day_that_is_over(name: str, day: date | None) -> None:
    assert day_in(name, TODAY) == day


def test_document_number_is_found_in_a_name() -> None:
    assert number_in("云文明办〔2026〕3号 方案.docx") == "云文明办〔2026〕3号"
    assert number_in("云政[2025]12号.pdf") == "云政[2025]12号"
    assert number_in("方案3号.pdf") == ""


@pytest.mark.parametrize(
    ("media_type", "asked", "kind"),
    [
        ("image/jpeg", "", "photo"),
        ("image/png", "document", "photo"),
        ("image/png", "record", "photo"),
        ("video/mp4", "", "video"),
        ("application/pdf", "", "document"),
        ("application/pdf", "table", "table"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "", "table"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "document", "document"),
    ],
)
def test_kind_follows_the_content_and_the_slot_where_both_fit(media_type: str, asked: str, kind: str) -> None:
    assert kind_of(media_type, asked) == kind


@pytest.mark.parametrize(
    ("code", "position", "number"),
    [
        ("2.1.1", 1, "(Ⅱ-1-1)-①"),
        ("12.3", 20, "(Ⅻ-3)-⑳"),
        ("13.1", 21, "(13-1)-(21)"),
        ("A.1", 0, "(A-1)"),
        ("0", 2, "(0)-②"),
    ],
)
def test_standard_numbers_are_written_as_the_paper_writes_them(code: str, position: int, number: str) -> None:
    assert standard_number(code, position) == number
