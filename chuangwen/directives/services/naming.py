"""Learns whom a name means: said once, it holds for the rest of the document and for every later one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.directives.addressees import is_vague, lacks_unit, unit_ids
from chuangwen.directives.models import Candidate, CandidateState, Document
from chuangwen.directives.services.deciding import Before, check_current, claim, keep_act, snapshot
from chuangwen.directives.workflow import is_not_issued
from chuangwen.organizations.models import Unit, UnitAlias
from chuangwen.organizations.services import forget_alias, remember_alias
from chuangwen.responsibilities.models import Collective
from chuangwen.responsibilities.services import name_collective, unname_collective

NAME_LIMIT = 80
Learnt = dict[str, Any]  # name; the units that it meant before and means now, by key


def learn_names(document: Document, meant: Mapping[str, Sequence[Unit]], *, actor: Any) -> list[int]:
    """From now on each name means its units: one as another name of it, several as a collective name.

    Directives of the document that name it are given the units, unless they are out. Returns their keys; all of it is
    one act of review. Raises Refusal for a name that the text leaves open (相关单位): that differs from place to place.
    """
    require_actor(actor, "directives.edit", document)
    check_current(document)
    with transaction.atomic():
        learnt = [keep_name(document, name, units, actor=actor) for name, units in meant.items()]
        before, changed = give_names(document, {name: list(units) for name, units in meant.items()}, actor=actor)
        if changed:
            keep_act(document, "name", actor=actor, before=before, changed=changed, learnt=learnt)
    return [row.pk for row in changed]


def keep_name(document: Document, name: str, units: Sequence[Unit], *, actor: Any) -> Learnt:
    """Keep the name for later documents, standards and workbooks; returns what it meant before and means now."""
    if not name.strip() or not units:
        raise Refusal(_("Say which units are meant by “%s”.") % name, _("Choose them from the list."))
    if is_vague(name):
        raise Refusal(
            _("“%s” means somebody else each time.") % name, _("Name the units where it stands; it is not remembered.")
        )
    name = name.strip()[:NAME_LIMIT]
    before = _meant(document.region, name, together=len(units) > 1)
    if len(units) == 1:
        remember_alias(units[0], name, actor=actor)
    else:
        name_collective(document.region, name, units, actor=actor)
    return {"name": name, "before": before, "after": sorted(unit.pk for unit in units)}


def forget_name(document: Document, learnt: Learnt, *, actor: Any) -> None:
    """Take back what `keep_name` kept, unless somebody explained the name otherwise since."""
    name, before, after = learnt["name"], learnt["before"], learnt["after"]
    together = len(after) > 1
    if _meant(document.region, name, together=together) != after:
        return
    units = list(Unit.objects.filter(pk__in=before, region=document.region))
    if not together:
        forget_alias(document.region, name, actor=actor, unit=units[0] if units else None)
    elif units:
        name_collective(document.region, name, units, actor=actor)
    else:
        unname_collective(document.region, name, actor=actor)


def _meant(region: Region, name: str, *, together: bool) -> list[int]:
    """The units for which the name stands now, as a collective name or as that of one unit."""
    if together:
        return sorted(
            Collective.objects.filter(region=region, name=name, units__isnull=False).values_list("units", flat=True)
        )
    return list(UnitAlias.objects.filter(region=region, name=name).values_list("unit", flat=True))


def give_names(
    document: Document, meant: Mapping[str, Sequence[Unit]], *, actor: Any, but: Candidate | None = None
) -> tuple[list[Before], list[Candidate]]:
    """Put the units where their name stands alone, in what is not issued; returns how rows stood, and the rows."""
    before, changed = [], []
    rows = document.candidates.exclude(state=CandidateState.MERGED).select_related("document", "region")
    rows = rows.exclude(pk=but.pk) if but else rows
    for row in rows.order_by("start", "pk"):
        lead, cooperate = _named(row.lead, meant), _named(row.cooperate, meant)
        leading = set(unit_ids(lead))
        cooperate = [one for one in cooperate if not one["units"] or not leading.issuperset(one["units"])]
        if (lead, cooperate) == (row.lead, row.cooperate) or is_not_issued(actor, row):
            continue
        before.append(snapshot(row))
        claim(row, row.revision, lead=lead, cooperate=cooperate, needs_unit=lacks_unit(lead))
        changed.append(row)
    return before, changed


def _named(parties: list[dict[str, Any]], meant: Mapping[str, Sequence[Unit]]) -> list[dict[str, Any]]:
    return [
        party if party["units"] or party["name"] not in meant
        else {"name": party["name"], "units": [unit.pk for unit in meant[party["name"]]]}
        for party in parties
    ]  # fmt: skip
