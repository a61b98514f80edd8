"""Photos before and after in a paper: chosen by the office, looked at by a person, printed as smaller copies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.reports.models import Bulletin, PhotoPair
from chuangwen.reports.queries import pictured
from chuangwen.reports.services.drafting import hold_draft, refuse_no_draft
from chuangwen.reports.words import PICTURED
from chuangwen.reports.workflow import DRAFT
from chuangwen.workflow.services import note_step

MOST_PAIRS = 6  # two pages of them


def choose_photos(bulletin: Bulletin, problems: Sequence[int], *, looked: bool, revision: int, actor: Any) -> None:
    """Let the paper show these problems before and after, in this order, and no others; none takes all away.

    `looked`: the person says that no face and no number plate can be made out on any of them (design.md, Rules that
    protect people). `revision` is the one the person saw. Refused: what is no draft any more, a kind that shows no
    photos, too many, a problem that was not put right in the period or lacks a photo, photos nobody looked at;
    StaleState where somebody else saved meanwhile.
    """
    if actor is not None:
        require(actor, DRAFT, bulletin)
    refuse_no_draft(bulletin)
    wanted = list(dict.fromkeys(problems))
    if bulletin.kind not in PICTURED:
        raise Refusal(_("Papers of this kind show no photos."), _("Choose a bulletin or a report on rectification."))
    if len(wanted) > MOST_PAIRS:
        raise Refusal(_("A paper shows at most %d pairs.") % MOST_PAIRS, _("Choose the clearest ones."))
    if wanted and not looked:
        raise Refusal(
            _("Nobody has said yet that faces and number plates cannot be made out."),
            _("Look at each photo, leave out those that show one, and say so below."),
        )
    found = {one.problem.pk: one for one in pictured(bulletin, wanted)}
    if set(wanted) - set(found):
        raise Refusal(
            _("A problem was not closed in the period, or lacks a photo before or after."), _("Choose from the list.")
        )
    with transaction.atomic():
        hold_draft(bulletin, revision)
        bulletin.pairs.all().delete()
        PhotoPair.objects.bulk_create(
            [
                PhotoPair(
                    region=bulletin.region, bulletin=bulletin, problem=found[pk].problem, before=found[pk].before,
                    after=found[pk].after, position=position,
                )
                for position, pk in enumerate(wanted)
            ]
        )  # fmt: skip
        numbers = [found[pk].problem.number for pk in wanted]
        note_step(bulletin, "photos", actor=actor, data={"problems": numbers, "looked": looked})
