"""Acts on the chosen rows of a list: the ticked ones, or all that the filter matches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.errors import Refusal
from chuangwen.core.lists.columns import BulkAction
from chuangwen.core.lists.page import Listing

TICKED_LIMIT = 1000  # boxes of one page; more comes as "all that match"
REASONS_TOLD = 5


@dataclass
class Outcome:
    """What became of the chosen rows."""

    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)  # row, why

    def words(self, label: str) -> str:
        """One sentence; the first reasons follow, the rest is a number."""
        told = [
            ngettext("%(label)s: %(n)d row done.", "%(label)s: %(n)d rows done.", self.done)
            % {"label": label, "n": self.done}
        ]
        if self.refused:
            told.append(
                ngettext("%d row was left alone:", "%d rows were left alone:", len(self.refused)) % len(self.refused)
            )
            told += [_("“%(row)s” %(why)s") % {"row": row, "why": why} for row, why in self.refused[:REASONS_TOLD]]
        return " ".join(told)


def chosen_rows(listing: Listing, action: BulkAction | None, *, ids: Iterable[str], everything: bool) -> QuerySet[Any]:
    """The rows meant, in the list's order: never one that the list would not show or `action` not allow."""
    rows = listing.ordered()
    if not everything:
        numbers = [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 19][:TICKED_LIMIT]
        rows = rows.filter(pk__in=numbers)
    if action and action.permission:
        held = rows.model.objects.visible_to(listing.request.user, action.permission)
        rows = rows.filter(pk__in=held.values("pk"))
    return rows


def act(
    action: BulkAction,
    rows: Iterable[Any],
    *,
    actor: Any,
    data: dict[str, Any],
    step: Callable[[], None] = lambda: None,
) -> Outcome:
    """Run `action` on each row, each on its own; what one row refuses does not stop the others. Who is concerned is
    told once of all that was done, also where something breaks off."""
    outcome, done = Outcome(), list[Any]()
    try:
        for row in rows:
            try:
                action.run(row, actor=actor, data=data)
                done.append(row)
            except Refusal as refusal:
                outcome.refused.append((str(row), str(refusal)))
            except PermissionDenied:
                outcome.refused.append((str(row), _("This is up to somebody with another role.")))
            step()
    finally:
        if done and action.tell is not None:
            action.tell(done)
    outcome.done = len(done)
    return outcome
