"""Papers of a notice: the signed sheet, the written answer; kept untouched, seen by whoever sees the notice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from chuangwen.core import soundness
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import SCANS, Upload, attach
from chuangwen.core.files.sniffing import DOCX
from chuangwen.supervision.models import SupervisionNotice

PAPERS = SCANS | {DOCX, "application/msword"}


def keep_papers(owner: Any, papers: Iterable[Upload], *, actor: Any) -> list[str]:
    """Hang the papers on a notice or a talk; returns their hashes for the history."""
    kept = [
        attach(paper.data, paper.name, owner=owner, region=owner.region, actor=actor, accept=PAPERS) for paper in papers
    ]
    return [one.file.sha256 for one in kept]


def true_time(notice: SupervisionNotice, at: datetime | None, *, since: datetime | None = None) -> datetime:
    """The true time of a step, now if none is named; refuses the future and what lies before the step before it."""
    moment = soundness.true_time(at)
    if at is not None and at < (since or notice.proposed_at):
        raise Refusal(_("The time lies before the step before it."), _("Enter when it really happened."))
    return moment
