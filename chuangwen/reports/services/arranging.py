"""How a site's papers look: issuing body, letters, copies, Word templates, fonts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.core.access import scope_of
from chuangwen.core.errors import BadUpload, Conflict
from chuangwen.core.files.services import attach, working_folder
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.models import Region
from chuangwen.core.word_templates.taking import placeholders_in
from chuangwen.reports.filling import row_words
from chuangwen.reports.models import PaperForm, SiteFont
from chuangwen.reports.pdf import families_in
from chuangwen.reports.placeholders import vocabulary
from chuangwen.reports.queries import lacking_forms
from chuangwen.workflow.services import note_step

ARRANGE = "reports.arrange"
WORD = frozenset({DOCX})
FONT_STARTS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf")
FONT_LIMIT = 40 * 1024 * 1024
PROPOSED = "proposed: GB/T 9704-2012"


def ensure_defaults(region: Region, *, actor: Any) -> int:
    """One form for each kind that has none yet; returns how many were made."""
    _require_region(actor, region)
    missing = lacking_forms(region)
    with transaction.atomic():
        for kind in missing:
            made = PaperForm.objects.create(
                region=region, kind=kind, issuer=f"{region.name}创建办", source=PROPOSED,
            )  # fmt: skip
            note_step(made, "create", actor=actor, data={"kind": kind})
    return len(missing)


def change_form(form: PaperForm, *, issuer: str, letters: str, copy_to: str, actor: Any) -> None:
    """Who issues papers of this kind, under which letters, with copies to whom."""
    _require_region(actor, form.region)
    values = {"issuer": issuer.strip(), "letters": letters.strip(), "copy_to": copy_to.strip()}
    changed = {name: [getattr(form, name), value] for name, value in values.items() if getattr(form, name) != value}
    if not changed:
        return
    for name, value in values.items():
        setattr(form, name, value)
    form.source = "site"
    with transaction.atomic():
        form.save()
        note_step(form, "change", actor=actor, data=changed)


def set_template(form: PaperForm, data: bytes, name: str, *, actor: Any) -> list[str]:
    """Take an office's Word file as the template of a kind; returns the placeholders it asks for.

    Refused with the place: a placeholder that papers do not know, anything but names and comparisons in the braces,
    a loop without end; and what is no Word file, or holds macros.
    """
    _require_region(actor, form.region)
    names = placeholders_in(data, vocabulary(row_words(form.kind)))
    with transaction.atomic():
        form.template = attach(data, name, owner=form, region=form.region, actor=actor, accept=WORD)
        form.placeholders = names
        form.save()
        note_step(form, "template", actor=actor, data={"name": form.template.name, "sha256": form.template.file.sha256})
    return names


def drop_template(form: PaperForm, *, actor: Any) -> None:
    """Back to the built-in layout; papers that were issued keep their files."""
    _require_region(actor, form.region)
    with transaction.atomic():
        form.template, form.placeholders = None, []
        form.save()
        note_step(form, "no_template", actor=actor)


def add_font(region: Region, data: bytes, name: str, *, actor: Any) -> SiteFont:
    """Keep a font that the site owns; PDF files use it where papers name its face.

    Refused: what is no font, one too large, a face that is there already.
    """
    _require_region(actor, region)
    if data[:4] not in FONT_STARTS:
        raise BadUpload(_("This is no font."), _("Send a .ttf, .otf or .ttc file."))
    if len(data) > FONT_LIMIT:
        raise BadUpload(_("The font is larger than %d MB.") % (FONT_LIMIT // 1024 // 1024), _("Send another one."))
    families = _families(data)
    if not families:
        raise BadUpload(_("The font cannot be read."), _("Send another one."))
    family = "、".join(sorted(families))[:80]
    try:
        with transaction.atomic():
            made = SiteFont.objects.create(region=region, family=family)
            made.attachment = attach(data, name, owner=made, region=region, actor=actor)
            made.save()
            note_step(made, "add", actor=actor, data={"family": family})
    except IntegrityError as error:
        raise Conflict(_("“%s” is there already.") % family, _("Remove the old one first.")) from error
    return made


def remove_font(font: SiteFont, *, actor: Any) -> None:
    """Use it no more; what was issued keeps its files."""
    _require_region(actor, font.region)
    with transaction.atomic():
        note_step(font, "remove", actor=actor, data={"family": font.family})
        font.delete()


def _require_region(actor: Any, region: Region) -> None:
    """PermissionDenied unless `actor`, if there is one, arranges the papers of the region."""
    if actor is not None and region.pk not in scope_of(actor, ARRANGE).regions:
        raise PermissionDenied(ARRANGE)


def _families(data: bytes) -> frozenset[str]:
    with working_folder() as folder:
        Path(folder, "font.ttf").write_bytes(data)
        return families_in(folder)
