"""Files that hang on an instruction or a task: the leader's sheet, a unit's paper answer, photos with a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from chuangwen.core.access import require_actor
from chuangwen.core.files.services import SCANS, attach
from chuangwen.core.files.sniffing import DOCX, XLSX
from chuangwen.core.models import Attachment
from chuangwen.responsibilities.models import LevelMark, Task, WeekReport
from chuangwen.workflow.services import note_step

PAPERS = SCANS | {DOCX, XLSX}


@dataclass(frozen=True, slots=True)
class Scan:
    """A file as it came: its name and bytes."""

    name: str
    data: bytes


def keep_paper(task: Task | WeekReport | LevelMark, paper: Scan, *, actor: Any) -> Attachment:
    """Hang what belongs to a unit's answer on its task or weekly report; whoever sees that may open it.

    Raises BadUpload for what is neither picture, PDF, Word nor Excel.
    """
    require_actor(actor, "responsibilities.answer", task)
    with transaction.atomic():
        kept = attach(paper.data, paper.name, owner=task, region=task.region, actor=actor, accept=PAPERS)
        note_step(task, "paper", actor=actor, data={"name": kept.name, "sha256": kept.file.sha256})
    return kept
