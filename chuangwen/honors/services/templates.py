"""The authority's own forms: taken after a check, replaced, dropped; what was replaced stays as history."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import attach
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.word_templates.taking import placeholders_in
from chuangwen.honors.customs import FAMILY
from chuangwen.honors.models import FormTemplate, Programme
from chuangwen.honors.placeholders import VOCABULARIES
from chuangwen.honors.services.stepping import note_step
from chuangwen.honors.workflow import EDIT

WORD = frozenset({DOCX})


def take_template(of: Programme | Title, paper: str, data: bytes, name: str, *, actor: Any) -> FormTemplate:
    """Take a Word file as the form of a paper, in place of the one before.

    Refused as core.word_templates.taking, each fault with its place, and nothing is changed.
    """
    if actor is not None:
        require(actor, EDIT, Programme(region=of.region))
    title = of.title if isinstance(of, Programme) else of
    if title.subject == FAMILY:
        raise Refusal(
            _("Papers about families have one form alone."), _("It holds what is kept of them, and no place for more.")
        )
    names = placeholders_in(data, VOCABULARIES[paper])
    own: dict[str, Any] = {"programme": of} if isinstance(of, Programme) else {"title": of}
    try:
        with transaction.atomic():
            FormTemplate.objects.filter(**own, paper=paper, ended_at__isnull=True).update(ended_at=clock.now())
            made = FormTemplate.objects.create(
                region=of.region, paper=paper, placeholders=names, taken_by=actor, **own
            )  # fmt: skip
            made.attachment = attach(data, name, owner=made, region=of.region, actor=actor, accept=WORD)
            made.save(update_fields=["attachment", "updated_at"])
            told = {"name": made.attachment.name, "sha256": made.attachment.file.sha256, "of": str(of)}
            note_step(made, "take", actor=actor, data=told)
    except IntegrityError as error:
        raise Conflict(
            _("Somebody else took a template for this paper just now."), _("Look at that one first.")
        ) from error
    return made


def drop_template(template: FormTemplate, *, actor: Any) -> None:
    """Use it no more: the title's form or the built-in one holds again. Files that were made stay as they are."""
    if actor is not None:
        require(actor, EDIT, template)
    with transaction.atomic():
        ended = FormTemplate.objects.filter(pk=template.pk, ended_at__isnull=True).update(ended_at=clock.now())
        if not ended:
            raise Conflict(_("This template is used no more already."), _("Open the page again."))
        note_step(template, "drop", actor=actor)
