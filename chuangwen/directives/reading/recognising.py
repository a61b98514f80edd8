"""What the recognising child does (recognition.py): pages of a scan or a photo to pieces of text with their places."""

from __future__ import annotations

import importlib
import io
import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from chuangwen.core.apart import limit_process

DOTS_PER_INCH = 200
MAX_SIDE = 3_500
"""A photo of twelve megapixels is made smaller: letters of an office paper stay 30 pixels high and more."""
MAX_PIXELS = 120_000_000
_SURE = 0.5


def main(arguments: Sequence[str]) -> None:
    """Read a file from standard input and print {"pages": [[piece, …], …]} or {"fault": …, "way_out": …}."""
    first, last, folder, memory, seconds = arguments
    limit_process(int(memory), int(seconds))
    data = sys.stdin.buffer.read()
    try:
        engine = _engine(Path(folder))
        pages = [list(_pieces(engine, picture)) for picture in _pictures(data, int(first), int(last))]
        answer: dict[str, Any] = {"pages": pages}
    except UnidentifiedImageError:
        answer = {
            "fault": "是本系统不能打开的图片格式",
            "way_out": "请存为 JPG 或 PNG 再上传(iPhone:设置-相机-格式-兼容性最佳)",
        }
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        answer = {"fault": "的图像已损坏或过大", "way_out": "请重新扫描或拍摄后再上传"}
    sys.stdout.write(json.dumps(answer))


def _engine(folder: Path) -> Any:
    """The recogniser over the models in `folder`, quiet, with nothing to fetch."""
    recogniser = importlib.import_module("rapidocr").RapidOCR
    named = {
        key: str(path)
        for key, pattern in (("Det", "*_det_*.onnx"), ("Rec", "*_rec_*.onnx"), ("Cls", "*_cls_*.onnx"))
        for path in sorted(folder.glob(pattern))[:1]
    }
    params: dict[str, Any] = {f"{part}.model_path": path for part, path in named.items()}
    return recogniser(params=params | {"Global.log_level": "critical"})


def _pictures(data: bytes, first: int, last: int) -> Iterator[Image.Image]:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    if b"%PDF-" in data[:1024]:
        pdfium = importlib.import_module("pypdfium2")
        document = pdfium.PdfDocument(data)
        for number in range(first, last):
            page = document[number]
            scale = min(DOTS_PER_INCH / 72, MAX_SIDE / max(*page.get_size(), 1))
            yield page.render(scale=scale).to_pil().convert("RGB")
        return
    with Image.open(io.BytesIO(data)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    yield upright


def _pieces(engine: Any, picture: Image.Image) -> Iterator[tuple[str, float, float, float, float]]:
    numpy = importlib.import_module("numpy")
    result = engine(numpy.asarray(picture))
    if result.txts is None:
        return
    slope = _slope(result.boxes)
    for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        if score >= _SURE:
            across, down = [float(point[0]) for point in box], [float(point[1]) for point in box]
            tilt = slope * (max(across) - min(across))
            height = (max(down) - min(down) - abs(tilt)) * 0.8
            yield text, min(across), down[0] - slope * across[0], max(height, 1.0), max(across)


def _slope(boxes: Any) -> float:
    """How far lines fall for each step to the right: a page that was not laid straight is set straight."""
    falls = [
        float(box[1][1] - box[0][1]) / float(box[1][0] - box[0][0])
        for box in boxes
        if box[1][0] - box[0][0] > 4 * abs(box[3][1] - box[0][1])
    ]
    return statistics.median(falls) if falls else 0.0
