"""What the engine refuses, in the reader's words: where it stands in the program, and what to do about it.

The engine speaks of tables and rows, which nobody at a desk has seen. Here the row is read back from the frozen
tables and called by its criterion, place and kind of place.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from chuangwen.core.errors import Refusal
from chuangwen.places.models import Place
from chuangwen.scoring.engine import BadInput
from chuangwen.scoring.frozen import Frozen, thaw
from chuangwen.standards.models import Node, PlaceType, StandardVersion


def refusal_of(fault: BadInput, frozen: Frozen, version: StandardVersion) -> Refusal:
    """The refusal of a run whose input breaks a rule of the tables."""
    if fault.kind == "crowded":
        return _crowded(fault, version)
    if not fault.kind:
        return Refusal(
            _("What was collected for this run cannot be read."), _("Tell the administrator the time and the round.")
        )
    row = _row_of(fault, frozen)
    message = _("%(where)s: %(what)s") % {"where": _where(row, version), "what": _what(fault)}
    return Refusal(message, _way_out(fault))


def _row_of(fault: BadInput, frozen: Frozen) -> dict[str, Any]:
    """The faulty row by its columns; nothing where a whole column is at fault."""
    if fault.row is None:
        return {}
    return dict(thaw(getattr(frozen, fault.table)).row(fault.row - 1, named=True))


def _where(row: dict[str, Any], version: StandardVersion) -> str:
    """Criterion, place, kind of place: as much as the row names."""
    parts = []
    if code := row.get("code"):
        node = Node.objects.filter(version=version, code=code).first()
        parts.append(_("Criterion %s") % (f"{code} {node.title}" if node else code))
    if code := row.get("place"):
        place = Place.objects.filter(region=version.region, code=code).first()
        parts.append(_("Place %s") % (f"{place.name} {code}" if place else code))
    if code := row.get("stratum"):
        parts.append(_("Place type %s") % _type_name(version, code))
    return _(", ").join(parts) or _("A row that names nothing")


def _type_name(version: StandardVersion, code: object) -> str:
    found = PlaceType.objects.filter(region=version.region, code=code).first()
    return str(found or code)


def _what(fault: BadInput) -> str:
    value = {"value": fault.value}
    return {
        "empty": _("something that every row needs is empty (%s).") % fault.column,
        "unknown": _("“%(value)s” is no criterion of this standard.") % value,
        "weight": _("the weight %(value)s is no number from 0 up.") % value,
        "value": _("the value %(value)s is no number.") % value,
        "rate": _("the value %(value)s does not lie between 0 and 1, as a rate must.") % value,
        "group": _("it stands in two groups.") % value,
        "size": _("the number of places %(value)s is no number from 0 up.") % value,
        "twice": _("it stands twice.") % value,
    }[fault.kind]


def _way_out(fault: BadInput) -> str:
    if fault.table == "observations":
        if fault.kind == "unknown":
            return _("Choose the standard that it belongs to, or correct the entered result, and run again.")
        return _("Correct the answer or the entered result, and run again.")
    if fault.table == "leads":
        return _("Correct the breakdown of responsibilities, and run again.")
    return _("Correct the register of places, and run again.")


def _crowded(fault: BadInput, version: StandardVersion) -> Refusal:
    """More places were seen than there are: the register lost some after the visits, or never had them."""
    words = {**fault.told, "type": _type_name(version, fault.told["stratum"])}
    return Refusal(
        _("Place type %(type)s: %(places)s places were inspected, but the register has only %(size)s.") % words,
        _("Declare in the register the places that were inspected, and run again."),
    )
