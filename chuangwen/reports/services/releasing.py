"""Showing an issued paper to everybody: one person proposes, another releases; either takes it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import attach
from chuangwen.core.models import Attachment, Region
from chuangwen.core.persons import traces_of
from chuangwen.notifications.services import notify
from chuangwen.organizations.queries import names_of_people, region_people
from chuangwen.reports.composing import file_name, paper_of, pdf_of, sheet_of, word_of
from chuangwen.reports.edition import Edition, edition_of, from_json, person_columns
from chuangwen.reports.enums import STANDING_RELEASES, BulletinState, ReleaseState
from chuangwen.reports.models import Bulletin, Release, ReleaseRecord
from chuangwen.reports.queries import paper_form
from chuangwen.reports.words import INSIDE, label_of_column
from chuangwen.reports.workflow import RELEASE, RELEASE_WORKFLOW
from chuangwen.workflow.services import advance, note_step


def preview(bulletin: Bulletin) -> Edition:
    """What everybody would read of the paper."""
    return edition_of(paper_of(bulletin, paper_form(bulletin.region, bulletin.kind), signed=False))


def obstacles(bulletin: Bulletin, edition: Edition) -> Refusal | None:
    """Why the paper cannot be shown to everybody; None where nothing stands in the way."""
    if bulletin.state != BulletinState.ISSUED:
        return Refusal(_("This paper is not in force."), _("Only what is issued can be released."))
    if bulletin.kind in INSIDE:
        return Refusal(
            _("Papers of this kind stay inside: leaders' instructions and figures for the year-end assessment."),
            _("Release a bulletin or a weekly report on rectification instead."),
        )
    if columns := person_columns(sheet_of(bulletin)):
        heads = pgettext("between names", ", ").join(label_of_column(key) for key in columns)
        return Refusal(
            _("This kind of paper names persons (%s), so it stays inside.") % heads,
            _("Release a bulletin or a weekly report on rectification instead."),
        )
    return names_persons(bulletin.region, edition.texts(), _("Withdraw the paper and issue it again without them."))


def names_persons(region: Region, texts: Iterable[str], way_out: str) -> Refusal | None:
    """Why words with persons' names or numbers in them are not shown to everybody; None where there are none."""
    found = traces_of(texts, names_of_people(region))
    if not found:
        return None
    named = pgettext("between names", ", ").join(found)
    return Refusal(_("These names or numbers of persons stand in it: %s.") % named, way_out)


def propose_release(bulletin: Bulletin, *, actor: Any) -> Release:
    """Freeze what everybody would read, with its files, for a second person to release.

    Refused: not issued, a kind with persons in its columns, a person's name or number in its words; Conflict
    where it waits or is open already.
    """
    require_actor(actor, RELEASE, bulletin)
    edition = preview(bulletin)
    if refusal := obstacles(bulletin, edition):
        raise refusal
    word, pdf = word_of(bulletin, signed=False), pdf_of(bulletin, signed=False)  # while nobody waits for the database
    try:
        with transaction.atomic():
            made: Release = Release.objects.create(
                region=bulletin.region, bulletin=bulletin, edition=asdict(edition), proposed_by=actor
            )
            note_step(made, "propose", actor=actor, data={"number": bulletin.number})
            kept = {"word": _keep(made, word, ".docx", actor), "pdf": _keep(made, pdf, ".pdf", actor)}
            Release.objects.filter(pk=made.pk).update(**kept)
            for name, value in kept.items():
                setattr(made, name, value)
            _tell(second_persons(made, actor), bulletin, _("To be released to everybody: %s") % bulletin.title)
    except IntegrityError as error:
        raise standing_already() from error
    return made


def release_bulletin(release: Release, *, actor: Any) -> None:
    """The second person has looked at it: from now on everybody may read it; who proposed it hears of it."""
    edition = from_json(release.edition)
    if refusal := obstacles(release.bulletin, edition):
        raise refusal
    with transaction.atomic():
        advance(
            release, RELEASE_WORKFLOW, "release", actor=actor, released_by=actor, released_at=clock.now(),
            data={"number": release.bulletin.number},
        )  # fmt: skip
        _tell_others(release, actor, _("Released to everybody: %s") % release.bulletin.title)


def drop_release(release: Release, *, reason: str, actor: Any) -> None:
    """It stays inside, with the reason; who proposed it hears of it."""
    with transaction.atomic():
        advance(release, RELEASE_WORKFLOW, "drop", actor=actor, note=reason)
        _tell_others(release, actor, _("Not released: %s") % release.bulletin.title, body=reason)


def take_release_back(release: Release, *, reason: str, actor: Any) -> None:
    """Nobody outside reads it any more; the reason stays in its history, and who proposed and released it hear it."""
    with transaction.atomic():
        advance(release, RELEASE_WORKFLOW, "take_back", actor=actor, note=reason)
        _tell_others(release, actor, _("Taken off the public pages: %s") % release.bulletin.title, body=reason)


def end_releases(bulletin: Bulletin, *, reason: str) -> None:
    """A withdrawn paper is neither open to everybody nor waits for it; the program ends it with the same reason."""
    for one in Release.objects.filter(bulletin=bulletin, state__in=STANDING_RELEASES).select_related("region"):
        action = "take_back" if one.state == ReleaseState.RELEASED else "drop"
        advance(one, RELEASE_WORKFLOW, action, actor=None, note=reason)


def _keep(release: Release, data: bytes, ending: str, actor: Any) -> Attachment:
    name = file_name(release.bulletin, ending)
    return attach(data, name, owner=release, region=release.region, actor=actor)


def second_persons(release: ReleaseRecord, actor: Any) -> QuerySet[Any]:
    """Who may release what `actor` proposed."""
    people: QuerySet[Any] = region_people(release.region, RELEASE)
    return people.exclude(pk=actor.pk) if actor is not None else people


def concerned(release: ReleaseRecord, actor: Any) -> list[Any]:
    """Who proposed it and who released it, but not who acts now."""
    people = {one.pk: one for one in (release.proposed_by, release.released_by) if one is not None and one != actor}
    return list(people.values())


def standing_already() -> Conflict:
    """Two proposed the same at once, or it is open already."""
    return Conflict(_("It waits for its release, or is open to everybody already."), _("Open it again."))


def _tell_others(release: Release, actor: Any, words: str, *, body: str = "") -> None:
    _tell(concerned(release, actor), release.bulletin, words, body=body)


def _tell(people: Any, bulletin: Bulletin, words: str, *, body: str = "") -> None:
    url = reverse("reports:release", args=[bulletin.pk])
    notify(people, "reports", words, region=bulletin.region, url=url, body=body, matter=True)
