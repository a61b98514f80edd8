"""What a stranger may attach: a few small papers, looked at by their content before anything of them is kept."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from chuangwen.core.errors import BadUpload
from chuangwen.core.files.services import Upload, clean_name
from chuangwen.core.files.sniffing import DOCX, PDF, has_macros, media_type_of

MOST_PAPERS = 3
PAPER_MB = 5
KINDS = frozenset({"image/jpeg", "image/png", "image/webp", PDF, DOCX})
ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf,.docx"


def refuse_papers(papers: Sequence[Upload]) -> None:
    """BadUpload, naming the file, for more than MOST_PAPERS, one above PAPER_MB, another kind than KINDS, macros."""
    if len(papers) > MOST_PAPERS:
        raise BadUpload(
            _("%d papers are too many.") % len(papers),
            _("Attach the %d that prove most; more can be brought to the office.") % MOST_PAPERS,
        )
    for one in papers:
        name = clean_name(one.name)
        if len(one.data) > PAPER_MB * 1024 * 1024:
            raise BadUpload(_("“%(name)s” is larger than %(mb)d MB.") % {"name": name, "mb": PAPER_MB},
                            _("Make it smaller, or bring it to the office."))  # fmt: skip
        if media_type_of(one.data) not in KINDS:
            raise BadUpload(_("“%s” is no picture, PDF or Word file.") % name, _("Save it as one of these."))
        if has_macros(one.data):
            raise BadUpload(_("“%s” holds macros.") % name, _("Save it as PDF and attach that."))
