"""The submission table as page, Excel and Word, and a unit's dossiers as one package."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document

from chuangwen.audit.models import Entry
from chuangwen.core.files.services import Upload, read
from chuangwen.core.jobs import start_job
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.packages import write_package
from chuangwen.evidence.papers import dossiers_of_unit, excel, lines_of, word
from chuangwen.evidence.services import Facts, give_files, set_passage, use_piece, write_piece
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Node
from chuangwen.standards.services import publish_standard
from tests.evidence.making import STANDARD, Ledger, photo
from tests.support.factories import make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HEADS = ["标准号", "结论说明", "材料名", "文号", "日期", "印证段落", "填报人", "审核人"]


def lines(ledger: Ledger) -> list[Any]:
    return lines_of(dossiers_of_unit(ledger.campaign, ledger.unit, 2026, ledger.office))


def test_table_lists_each_piece_once_with_its_number_and_who_reviewed(ledger: Ledger) -> None:
    office = make_unit(ledger.unit, name="办公室")
    dossier = ledger.filled("1.1")
    set_passage(dossier.links.get(slot="文"), "第2页", actor=ledger.liaison)
    example = ledger.filled("1.2").links.first().piece
    ledger.dossier("1.4")
    found = lines(ledger)
    assert [(one.number, one.title, one.on, one.passage) for one in found] == [
        ("(Ⅰ-1)-①", "志愿服务方案2026-01-05", "2026-01-05", "第2页"),
        ("(Ⅰ-1)-②", "植树", "2026-03-01", ""),
        ("(Ⅰ-1)-③", "清河", "2026-06-01", ""),
        ("(Ⅰ-1)-④", "服务时长翻番", "", ""),
        ("(Ⅰ-2)-①", example.title, "", ""),
        ("(Ⅰ-4)", "（还没有材料）", "", ""),
    ]
    done = ledger.approved("1.1", unit=office)
    first = next(one for one in lines(ledger) if one.conclusion)
    assert (first.conclusion, first.filled_by, first.checked_by) == (
        "全年开展12次", str(ledger.liaison), str(ledger.office),
    )  # fmt: skip
    assert done.unit_id != ledger.unit.pk


def test_table_as_excel_and_word_says_the_same(ledger: Ledger) -> None:
    ledger.submitted("1.1")
    found = lines(ledger)
    sheet = openpyxl.load_workbook(io.BytesIO(excel(ledger.campaign, ledger.unit, 2026, found))).active
    rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    head = rows.index(HEADS)
    assert rows[0][0] == "测评材料提交表（2026年）"
    assert [tuple(row) for row in rows[head + 1 : head + 5]] == [line.cells() for line in found]
    paper = Document(io.BytesIO(word(ledger.campaign, ledger.unit, 2026, found)))
    table = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert table == [HEADS, *([*line.cells()] for line in found)]
    texts = [paragraph.text for paragraph in paper.paragraphs]
    assert texts[0] == "测评材料提交表（2026年）"
    assert "市档案局" in texts[1]
    assert texts[-1].startswith("填报：")


def test_package_holds_the_contents_and_every_file_in_the_folder_of_its_criterion(
    ledger: Ledger, run_jobs: Any, django_capture_on_commit_callbacks: Any
) -> None:
    first = ledger.filled("1.1")
    other = ledger.dossier("1.4")
    use_piece(other, "记录", first.links.filter(slot="图").first().piece, actor=ledger.liaison)
    ledger.filled("1.2")
    params = {"campaign": ledger.campaign.pk, "unit": ledger.unit.pk, "year": 2026}
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job("package_dossiers", owner=ledger.liaison, title="打包", params=params)
    run_jobs()
    job.refresh_from_db()
    assert (job.status, job.result_name) == ("done", "市档案局2026年台账.zip")
    archive = zipfile.ZipFile(io.BytesIO(read(job.result_file)))
    assert sorted(archive.namelist()) == sorted(
        [
            "目录.docx", "目录.xlsx",
            "1.1 志愿服务常态开展/结论说明.txt", "1.1 志愿服务常态开展/01 志愿服务方案2026-01-05.pdf",
            "1.1 志愿服务常态开展/02 植树.jpg", "1.1 志愿服务常态开展/03 清河.jpg",
            "1.1 志愿服务常态开展/04 服务时长翻番.txt",
            "1.2 身边好人选树/结论说明.txt", "1.2 身边好人选树/01 十年照看独居老人.txt",
            "1.4 道德讲堂每月一次/结论说明.txt", "1.4 道德讲堂每月一次/01 植树.jpg",
        ]
    )  # fmt: skip
    assert archive.read("1.1 志愿服务常态开展/02 植树.jpg") == photo(1)
    assert "邻里守望" in archive.read("1.2 身边好人选树/01 十年照看独居老人.txt").decode()
    assert Entry.objects.get(action="evidence.dossier.package").data["files"] == 4


def names_in_package(ledger: Ledger, folder: Path) -> list[str]:
    dossiers = dossiers_of_unit(ledger.campaign, ledger.unit, 2026, ledger.office)
    write_package(folder / "package.zip", ledger.campaign, ledger.unit, 2026, dossiers)
    with zipfile.ZipFile(folder / "package.zip") as archive:
        return [name for name in archive.namelist() if "目录" not in name and "结论" not in name]


def test_files_in_the_package_have_the_numbers_of_the_table(ledger: Ledger, tmp_path: Path) -> None:
    dossier = ledger.dossier("1.4")
    uploads = [Upload("一月.txt", "一月".encode()), Upload("二月.txt", "二月".encode())]
    first, _second = give_files(dossier, "记录", uploads, actor=ledger.liaison)
    use_piece(dossier, "表", first.piece, actor=ledger.liaison)
    assert [(one.number, one.title) for one in lines(ledger)] == [("(Ⅰ-4)-①", "一月"), ("(Ⅰ-4)-②", "二月")]
    folder = "1.4 道德讲堂每月一次"
    assert names_in_package(ledger, tmp_path) == [f"{folder}/01 一月.txt", f"{folder}/02 二月.txt"]


def test_criteria_of_the_same_name_in_two_standards_have_folders_of_their_own(ledger: Ledger, tmp_path: Path) -> None:
    text = STANDARD.replace('version: "1"', 'version: "2"')
    version, _new = publish_standard(read_standard(text.encode(), "s.yaml"), region=ledger.root.region, actor=None)
    old = ledger.dossier("1.2")
    new = Dossier.objects.get(pk=old.pk)
    new.pk, new.node = None, Node.objects.get(version=version, code="1.2")
    new.save()
    for dossier, words in ((old, "甲"), (ledger.read(new), "乙")):
        write_piece(dossier, ["人"], Facts(person=words), actor=ledger.liaison)
    assert names_in_package(ledger, tmp_path) == [
        "1.2 身边好人选树/01 甲.txt",
        "1.2 身边好人选树 (2)/01 乙.txt",
    ]


def test_nobody_packs_what_is_not_there_or_not_theirs(
    ledger: Ledger, run_jobs: Any, django_capture_on_commit_callbacks: Any
) -> None:
    ledger.filled("1.1")
    params = {"campaign": ledger.campaign.pk, "unit": ledger.unit.pk, "year": 2026}
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job("package_dossiers", owner=ledger.stranger, title="打包", params=params)
    run_jobs()
    job.refresh_from_db()
    assert (job.status, job.result_file) == ("failed", None)
    assert "没有可打包的档案" in job.message
