"""Character recognition (OCR) of scans and photos: optional (`chuangwen[ocr]`), offline, in a process of its own.

rapidocr brings its models in the wheel; a folder of other models can be named by CHUANGWEN_OCR_MODELS. Nothing is ever
downloaded: without models the file is refused. The recogniser takes some 0.8 GB while it runs, so it runs a few pages
at a time in a child that ends (core.apart) and gives the memory back.
"""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path

from chuangwen.core.apart import ParserStopped, run_apart
from chuangwen.directives.reading.document import Progress, UnreadableDocument
from chuangwen.directives.reading.pages import Piece, paragraphs

MAX_SCANNED_PAGES = 100
MODELS_VARIABLE = "CHUANGWEN_OCR_MODELS"
_BATCH = 4  # pages for each child: it takes a second or two to start
_MEMORY = 6 * 1024 * 1024 * 1024  # address space, most of it never touched
_SECONDS_A_PAGE = 90
_INSTALL = "请上传 Word 原件，或请管理员安装文字识别组件(pip install chuangwen[ocr])后再上传"


class NeedsRecognition(UnreadableDocument):
    """The file holds pictures of text: it can be recognised, but only by a job, since that takes seconds a page."""


def is_installed() -> bool:
    """Whether scans and photos can be read here."""
    return all(importlib.util.find_spec(module) is not None for module in ("rapidocr", "onnxruntime"))


def models_folder() -> Path | None:
    """The folder that holds the recogniser's models: the site's own, else the wheel's; None where there is none."""
    own = os.environ.get(MODELS_VARIABLE, "")
    spec = importlib.util.find_spec("rapidocr")
    folder = Path(own) if own else Path(spec.origin).parent / "models" if spec and spec.origin else None
    return folder if folder is not None and any(folder.glob("*_rec_*.onnx")) else None


def read_picture(name: str, data: bytes, progress: Progress | None = None) -> str:
    """The text of a photo or picture."""
    return _recognised(name, data, 1, progress, "是图片，没有可选取的文字")


def read_scan(name: str, data: bytes, pages: int, progress: Progress | None = None) -> str:
    """The text of a PDF whose pages are pictures."""
    if pages > MAX_SCANNED_PAGES:
        raise UnreadableDocument(name, f"是{pages}页的扫描件，超过{MAX_SCANNED_PAGES}页", "请只上传讲话或通知正文")
    return _recognised(name, data, pages, progress, "是扫描件，只有图像没有文字层")


def _recognised(name: str, data: bytes, pages: int, progress: Progress | None, fault: str) -> str:
    if not is_installed():
        raise UnreadableDocument(name, fault, _INSTALL)
    folder = models_folder()
    if folder is None:
        raise UnreadableDocument(name, f"{fault}，文字识别缺少模型文件", f"请管理员检查 {MODELS_VARIABLE} 所指的目录")
    if progress is None:
        raise NeedsRecognition(name, fault, "文字识别需要一些时间，请作为后台任务处理")
    found: list[list[Piece]] = []
    for first in range(0, pages, _BATCH):
        progress(first, pages)
        found += _batch(name, data, first, min(pages, first + _BATCH), folder)
    progress(pages, pages)
    return paragraphs(found)


def _batch(name: str, data: bytes, first: int, last: int, folder: Path) -> list[list[Piece]]:
    seconds = _SECONDS_A_PAGE * (last - first)
    try:
        answer = run_apart(
            "chuangwen.directives.reading.recognising",
            (first, last, folder, _MEMORY, seconds),
            data,
            wall_seconds=2 * seconds,
        )
    except ParserStopped:
        place = f"第{first + 1}至{last}页" if last > 1 else "图片"
        raise UnreadableDocument(name, f"{place}无法识别", "请重新扫描或拍摄后再上传，或上传 Word 原件") from None
    said = json.loads(answer)
    if "fault" in said:
        raise UnreadableDocument(name, said["fault"], said["way_out"])
    return [[Piece(*piece) for piece in page] for page in said["pages"]]
