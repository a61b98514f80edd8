"""A post changes hands: the sheet of what is open, signed by both or entered from paper; and visits in grids."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import SCANS, Upload, attach
from chuangwen.notifications.services import notify
from chuangwen.organizations.enums import Slot
from chuangwen.organizations.models import Grid, GridVisit, Handover, Holding
from chuangwen.organizations.services import hold_post

EDIT, VISIT = "organizations.edit", "organizations.visit"
Items = list[dict[str, Any]]


def hand_over(
    holding: Holding, coming: Any, *, day: date, items: Items, actor: Any, note: str = ""
) -> Handover:  # fmt: skip
    """Give the post to `coming` from `day` on, with the sheet of what is open; both are asked to sign it.

    `items` are frozen as they are given. The open matters stay with the post. Raises Refusal where the same person
    would follow, or the day lies before the present holding.
    """
    require_actor(actor, EDIT, holding.post)
    if coming.pk == holding.user_id:
        raise Refusal(_("This person holds the post already."), _("Choose who takes it over."))
    with transaction.atomic():
        hold_post(holding.post, coming, slot=Slot(holding.slot), starts=day, actor=actor)
        sheet = Handover.objects.create(
            region=holding.region, post=holding.post, slot=holding.slot, leaving=holding.user, coming=coming, day=day,
            items=items, note=note.strip(),
        )  # fmt: skip
        lines = sum(len(one["lines"]) for one in items)
        record("organizations.post.hand_over", holding.post, actor=actor, data={"sheet": sheet.pk, "open": lines})
        title = _("Hand-over of %s: please read and sign") % holding.post
        for person in (holding.user, coming):
            notify([person], "organizations", title, region=sheet.region, url=f"/units/handovers/{sheet.pk}/")
    return sheet


def sign_handover(sheet: Handover, *, actor: Any) -> None:
    """Who leaves or who comes signs on screen, each for themselves."""
    if actor.pk not in (sheet.leaving_id, sheet.coming_id):
        raise PermissionDenied("organizations.handover")
    name = "left_at" if actor.pk == sheet.leaving_id else "taken_at"
    if getattr(sheet, name) is not None:
        raise Refusal(_("This is signed already."), _("Nothing is left to do."))
    with transaction.atomic():
        setattr(sheet, name, clock.now())
        sheet.save(update_fields=[name, "updated_at"])
        record("organizations.handover.sign", sheet.post, actor=actor, data={"sheet": sheet.pk, "as": name})


def enter_signed_sheet(sheet: Handover, paper: Upload, *, actor: Any) -> None:
    """Both signed on paper: the office hangs the scan on the sheet, and it counts as signed by both."""
    require_actor(actor, EDIT, sheet.post)
    with transaction.atomic():
        kept = attach(paper.data, paper.name, owner=sheet, region=sheet.region, actor=actor, accept=SCANS)
        sheet.left_at, sheet.taken_at = sheet.left_at or clock.now(), sheet.taken_at or clock.now()
        sheet.save(update_fields=["left_at", "taken_at", "updated_at"])
        data = {"sheet": sheet.pk, "sha256": kept.file.sha256}
        record("organizations.handover.paper", sheet.post, actor=actor, data=data)


def note_visit(grid: Grid, *, day: date, households: int, about: str, actor: Any) -> GridVisit:
    """Count households called on in a grid; by its community, or by the office from paper."""
    require_actor(actor, VISIT, grid)
    if grid.households is not None and households > grid.households:
        raise Refusal(
            _("%(grid)s has %(n)d households.") % {"grid": grid, "n": grid.households}, _("Give at most so many.")
        )
    with transaction.atomic():
        visit = GridVisit.objects.create(
            region=grid.region, grid=grid, day=day, households=households, about=about.strip()
        )
        data = {"day": day.isoformat(), "households": households, "about": visit.about}
        record("organizations.grid.visit", grid, actor=actor, data=data)
    return visit
