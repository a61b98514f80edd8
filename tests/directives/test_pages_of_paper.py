"""What stands on paper is read in its order: columns, paragraphs, page numbers; scans and photos by recognition."""

from __future__ import annotations

import io

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader

from chuangwen.core.models import Job
from chuangwen.directives.models import Document
from chuangwen.directives.reading import NeedsRecognition, UnreadableDocument, read_document, recognition
from chuangwen.directives.reading.pages import Piece, paragraphs
from tests.directives.making import Desk

SETTING = '#set text(lang: "zh", font: "Noto Serif CJK SC", size: 12pt)\n'
PARAGRAPH = (
    "由区城管局牵头，区公安局配合，于九月底前完成第{}批背街小巷整治，"
    "各街道每周组织一次集中清扫，做到不留死角，确保环境整洁。"
)


def pdf(columns: int, number: int) -> bytes:
    foot = "footer: context [— #counter(page).display() —]"
    head = f'#set page("a4", columns: {columns}, header: [某区文明办文件], {foot})\n'
    indent = "#set par(first-line-indent: (amount: 2em, all: true), justify: true)\n"
    body = "\n\n".join(PARAGRAPH.format(i) for i in range(number))
    return typst.compile((head + SETTING + indent + body).encode(), format="pdf")


@pytest.mark.parametrize(("columns", "number"), [(1, 30), (2, 45)])
def test_pdf_lines_become_paragraphs_without_what_returns_on_each_page(columns, number):
    data = pdf(columns, number)
    assert len(PdfReader(io.BytesIO(data)).pages) >= 2
    lines = read_document("通知", data).text.replace(" ", "").splitlines()
    assert lines == [PARAGRAPH.format(i) for i in range(number)]


def pieces(*rows: tuple[str, float]) -> list[Piece]:
    return [Piece(text, left, 20.0 * i, 10, left + 10 * len(text)) for i, (text, left) in enumerate(rows)]


def test_cells_far_apart_are_parted_by_tabs_and_short_lines_stay_alone():
    page = [
        Piece("任务", 0, 0, 10, 20), Piece("牵头单位", 100, 1, 10, 140),
        Piece("清理", 0, 20, 10, 20), Piece("城管局", 100, 20, 10, 130),
    ]  # fmt: skip
    assert paragraphs([page]) == "任务\t牵头单位\n清理\t城管局\n"
    assert paragraphs([pieces(("关于开展整治的通知", 60), ("各单位：", 0), ("一、清理垃圾", 20))]) == (
        "关于开展整治的通知\n各单位：\n一、清理垃圾\n"
    )


def test_paragraph_goes_on_over_the_page():
    full = "各单位要在月底前完成整治任务并报送"
    first = pieces(("　　" + full[2:], 0), (full, 0), (full, 0), ("- 1 -", 80))
    second = pieces((full, 0), ("结束。", 0), ("第2页", 80))
    assert paragraphs([first, second]).count("\n") == 1


def picture(*lines: str, turned: float = 0) -> bytes:
    page = Image.new("RGB", (1240, 900), "white")
    font = ImageFont.truetype("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 40)
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((100, 100 + 90 * number), line, font=font, fill="black")
    stream = io.BytesIO()
    page.rotate(turned, fillcolor="white").save(stream, "PNG")
    return stream.getvalue()


def test_picture_where_nothing_is_installed_names_the_way_out(monkeypatch):
    monkeypatch.setattr(recognition, "is_installed", lambda: False)
    with pytest.raises(UnreadableDocument, match=r"是图片.*chuangwen\[ocr\]"):
        read_document("照片", picture())


def test_picture_without_models_is_refused_and_nothing_is_fetched(monkeypatch, tmp_path):
    monkeypatch.setattr(recognition, "is_installed", lambda: True)
    monkeypatch.setenv(recognition.MODELS_VARIABLE, str(tmp_path))
    with pytest.raises(UnreadableDocument, match=r"缺少模型文件.*CHUANGWEN_OCR_MODELS"):
        read_document("照片", picture())
    (tmp_path / "a_rec_b.onnx").touch()
    with pytest.raises(NeedsRecognition, match="后台任务"):
        read_document("照片", picture())


def test_child_that_dies_names_the_page(monkeypatch, tmp_path):
    monkeypatch.setattr(recognition, "is_installed", lambda: True)
    monkeypatch.setenv(recognition.MODELS_VARIABLE, str(tmp_path))
    monkeypatch.setattr(recognition, "_MEMORY", 1024 * 1024)
    (tmp_path / "a_rec_b.onnx").touch()
    with pytest.raises(UnreadableDocument, match="请重新扫描"):
        read_document("照片", picture(), lambda done, pages: None)


def test_scan_of_too_many_pages_is_refused():
    with pytest.raises(UnreadableDocument, match="101页的扫描件"):
        recognition.read_scan("扫描", b"", 101)


@pytest.mark.django_db
def test_photo_becomes_a_job_that_tells_its_pages(
    client, run_jobs, monkeypatch, tmp_path, django_capture_on_commit_callbacks
):
    desk = Desk()
    monkeypatch.setattr(recognition, "is_installed", lambda: True)
    monkeypatch.setenv(recognition.MODELS_VARIABLE, str(tmp_path))
    (tmp_path / "a_rec_b.onnx").touch()
    read = [[Piece("各街道要在月底前完成整改。", 0.0, 0.0, 10.0, 130.0)]]
    monkeypatch.setattr(recognition, "_batch", lambda *told: read)
    client.force_login(desk.office)
    photo = SimpleUploadedFile("照片.png", picture())
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("directives:new"), {"file": photo, "text": "", "title": "", "kind": "", "day": ""})
    job = Job.objects.get()
    assert answer.url == reverse("core:job", args=[job.uid])
    run_jobs()
    job.refresh_from_db()
    document = Document.objects.get()
    assert (document.text, job.done, job.total) == ("各街道要在月底前完成整改。\n", 2, 2)
    assert job.result_url == reverse("directives:review", args=[document.pk])


installed = pytest.mark.skipif(not recognition.is_installed(), reason="the extra `ocr` is not installed")


@installed
def test_photo_of_chinese_text_is_read(monkeypatch):
    told: list[tuple[int, int]] = []
    data = picture(
        "关于开展文明城市创建迎检工作的通知", "各街道办事处：", "一、由区城管局牵头，于9月20日前完成整治。", turned=2
    )
    document = read_document("照片", data, lambda done, pages: told.append((done, pages)))
    assert document.format == "picture"
    assert document.text.splitlines() == [
        "关于开展文明城市创建迎检工作的通知", "各街道办事处：", "一、由区城管局牵头，于9月20日前完成整治。",
    ]  # fmt: skip
    assert told == [(0, 1), (1, 1)]


@installed
def test_damaged_and_unknown_pictures_say_so():
    with pytest.raises(UnreadableDocument, match="图像已损坏"):
        read_document("照片", picture()[:300], lambda done, pages: None)
    with pytest.raises(UnreadableDocument, match="不能打开的图片格式"):
        read_document("照片", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50, lambda done, pages: None)
