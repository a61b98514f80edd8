"""What people do beyond looking, on the real server and on a copy of the data: acts change what they touch."""

from __future__ import annotations

import http.client
import io
import json
import random
import shutil
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.city import INSPECTOR, LIAISON, OFFICE
from bench.load import HOST, PATIENCE, Sample

ANSWERS = 20  # of one visit, sent in one batch, at most
BOUNDARY = "bench-boundary"
PICTURE = (1600, 1200)


@dataclass(frozen=True, slots=True)
class Act:
    """One request that changes something, as one person."""

    name: str
    person: str
    path: str
    kind: str
    body: bytes


@contextmanager
def copied(var: Path) -> Iterator[Path]:
    """The data once more, for the time of the block."""
    target = var / "acts"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    try:
        with sqlite3.connect(var / "chuangwen.sqlite3") as old, sqlite3.connect(target / "chuangwen.sqlite3") as new:
            old.backup(new)
        for name in ("prepared", "secret.key"):
            shutil.copy(var / name, target / name)
        shutil.copytree(var / "files", target / "files")
        yield target
    finally:
        shutil.rmtree(target, ignore_errors=True)


def acts(count: int) -> list[Act]:
    """`count` of each kind at most. Needs the filled database."""
    return [*_fixes(count), *_batches(count), *_deadlines(count)]


def _fixes(count: int) -> Iterator[Act]:
    from chuangwen.organizations.models import Unit
    from chuangwen.rectification.models import Problem

    street = Unit.objects.get(code="S0000")
    own = Unit.objects.filter(path__startswith=street.path)
    numbers = Problem.objects.filter(lead__in=own, state="assigned").order_by("pk").values_list("number", flat=True)
    for turn, number in enumerate(numbers[:count]):
        parts = _multipart({"measure": "已清理,已安排专人巡查。"}, "photos", _picture(turn))
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        yield Act("fix a problem, with a photo", LIAISON, f"/problems/{number}/fix/", kind, parts)


def _batches(count: int) -> Iterator[Act]:
    from chuangwen.inspections.models import Visit
    from chuangwen.inspections.queries import checklist

    visits = Visit.objects.filter(inspector__username=INSPECTOR, state="planned").select_related("place", "round")
    for visit in visits.order_by("-round__starts", "order")[:count]:
        checks = checklist(visit)[:ANSWERS]
        rows = [{"uid": str(uuid.uuid4()), "check": check.pk, "value": "met"} for check in checks]
        data = {"start": {"longitude": 118.1, "latitude": 30.1}, "answers": rows}
        yield Act(
            "answers of a visit, in one batch", INSPECTOR, f"/field/{visit.uid}/answers/", "application/json",
            json.dumps(data).encode(),
        )  # fmt: skip


def _deadlines(count: int) -> Iterator[Act]:
    """The office reminds the unit of a late problem."""
    from chuangwen.core import clock
    from chuangwen.rectification.models import Problem

    late = Problem.objects.filter(state="assigned", due_at__lt=clock.now()).order_by("-pk")
    for pk in late.values_list("pk", flat=True)[:count]:
        body = f"id={pk}&bulk=remind".encode()
        yield Act("remind a unit", OFFICE, "/problems/?tab=late", "application/x-www-form-urlencoded", body)


def _picture(seed: int) -> bytes:
    """A photo of the size that a phone sends after making it smaller."""
    from PIL import Image

    rough = Image.frombytes("RGB", (160, 120), random.Random(seed).randbytes(160 * 120 * 3))  # noqa: S311
    buffer = io.BytesIO()
    rough.resize(PICTURE, Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def _multipart(fields: dict[str, str], name: str, photo: bytes) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="a.jpg"\r\n'
    parts += [f"{head}Content-Type: image/jpeg\r\n\r\n".encode(), photo, f"\r\n--{BOUNDARY}--\r\n".encode()]
    return b"".join(parts)


def perform(port: int, todo: list[Act], headers: dict[str, dict[str, str]]) -> dict[str, Sample]:
    """Each act once, one after another; times by name. What is not accepted (200 or 302) counts as refused."""
    found: dict[str, Sample] = {}
    line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    for act in todo:
        cookie = headers[act.person]["Cookie"]
        token = cookie.split("csrftoken=")[1].split(";")[0]
        began = time.perf_counter()
        line.request("POST", act.path, act.body, {"Content-Type": act.kind, "X-CSRFToken": token, "Cookie": cookie})
        answer = line.getresponse()
        text = answer.read()
        sample = found.setdefault(act.name, Sample())
        sample.times.append(time.perf_counter() - began)
        sample.refused += answer.status not in {200, 302} or b'"refusal"' in text
    line.close()
    return found
