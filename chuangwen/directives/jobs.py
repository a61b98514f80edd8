"""Long work of this area: reading a large file, issuing many tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import visible_or_404
from chuangwen.core.files.services import read
from chuangwen.core.jobs import Progress, job_kind
from chuangwen.core.models import StoredFile
from chuangwen.directives.models import Document
from chuangwen.directives.queries.documents import READ
from chuangwen.directives.services import SameDocument, add_document, add_revision, issue_accepted, issue_plan
from chuangwen.directives.services.second_reading import ask_second_reader
from chuangwen.directives.words import issued_words
from chuangwen.responsibilities.services.repeating import Again


@job_kind(READ)
def read_file(
    progress: Progress,
    *,
    owner: Any,
    campaign: int,
    sha256: str,
    name: str,
    title: str,
    kind: str,
    day: str,
    revises: int = 0,
) -> None:
    """Read a large file that was stored before, for the person who gave it."""
    progress.total(1)
    found = visible_or_404(Campaign.objects, owner, "directives.edit", pk=campaign)
    data = read(StoredFile.objects.get(sha256=sha256))
    when = date.fromisoformat(day) if day else None
    earlier = visible_or_404(Document.objects, owner, "directives.edit", pk=revises) if revises else None
    try:
        facts: dict[str, Any] = {"name": name, "title": title, "kind": kind, "day": when, "reading": _told(progress)}
        if earlier:
            document = add_revision(earlier, data, actor=owner, **facts)
        else:
            document = add_document(found, data, actor=owner, **facts)
        number = document.candidates.count()
        words = ngettext("%d directive was found.", "%d directives were found.", number) % number
    except SameDocument as same:
        document, words = same.document, str(same)
    progress.step()
    page = "directives:changes" if document.replaces_id else "directives:review"
    progress.result(reverse(page, args=[document.pk]), words)


def _told(progress: Progress) -> Callable[[int, int], None]:
    """Tells the job's bar how many pages have been recognised; the last step is finding what they ask."""
    before = 0

    def pages_read(done: int, pages: int) -> None:
        nonlocal before
        progress.total(pages + 1)
        progress.step(done - before)
        before = done

    return pages_read


@job_kind("directives.second_reader")
def second_reading(progress: Progress, *, owner: Any, document: int) -> None:
    """Ask the second reader about a document, piece by piece."""
    found = visible_or_404(Document.objects, owner, "directives.edit", pk=document)
    reading = ask_second_reader(found, actor=owner, told=_told(progress))
    progress.step()
    number = reading.proposals.count()
    words = ngettext("The second reader has %d proposal.", "The second reader has %d proposals.", number) % number
    progress.result(reverse("directives:proposals", args=[found.pk]), words)


@job_kind("directives.issue")
def issue_many(
    progress: Progress, *, owner: Any, document: int, due_on: str, measure: str, rhythm: str = "", reason: str = "",
    leave_out: bool = False,
) -> None:  # fmt: skip
    """Issue the accepted directives of a document where that makes many tasks."""
    found = visible_or_404(Document.objects, owner, "directives.edit", pk=document)
    progress.total(issue_plan(found).number)
    when = date.fromisoformat(due_on) if due_on else None
    again = Again(reason, leave_out)
    issued = issue_accepted(found, actor=owner, due_on=when, measure=measure, rhythm=rhythm, again=again)
    progress.step(issued.tasks + issued.duties + issued.rules)
    progress.result(
        reverse("directives:review", args=[found.pk]),
        _("%(n)d directives were issued: %(what)s.") % {"n": issued.directives, "what": issued_words(issued)},
    )
