"""Sets what of supervision counts in scores under a standard. Nothing counts before a person has said so."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core.access import require_region
from chuangwen.core.errors import Refusal
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.queries import tree_of
from chuangwen.supervision.enums import CountedFrom
from chuangwen.supervision.models import ConsequenceKind, CountingRule, VetoKind
from chuangwen.supervision.queries.counting import Countable, countables
from chuangwen.supervision.workflow import EDIT


@dataclass(frozen=True, slots=True)
class Counts:
    """What one kind counts as: a code of the standard with its points, from when on; no code: it does not count."""

    code: str
    points: float | None = None
    since: str = CountedFrom.YEAR


def save_counting(version: StandardVersion, chosen: Mapping[str, Counts], *, actor: Any) -> int:
    """Keep what each kind (by Countable.key) counts as; returns how many count.

    What rounds hold stays until it is taken anew. Refused: a code that does not belong to the kind, points that are
    missing or above the list's cap.
    """
    require_region(actor, EDIT, version.region_id)
    known = {one.key: one for one in countables(version)}
    standard = tree_of(version)
    caps = {one.code: one.cap for one in (*standard.bonuses, *standard.penalties)}
    with transaction.atomic():
        for key, counts in chosen.items():
            if key not in known:
                raise Refusal(_("This kind is not in use."), _("Choose another one."))
            _keep(version, known[key], _checked(known[key], counts, caps))
        said = {key: [one.code, one.points, str(one.since)] for key, one in chosen.items()}
        record("supervision.counting.save", version, actor=actor, data=said)
    return sum(bool(one.code) for one in chosen.values())


def _checked(kind: Countable, counts: Counts, caps: Mapping[str, float]) -> Counts:
    if not counts.code:
        return Counts("", None, counts.since)
    if counts.code not in dict(kind.listed):
        raise Refusal(_("“%(kind)s” cannot count as %(code)s.") % {"kind": kind.name, "code": counts.code},
                      _("Choose one from the list."))  # fmt: skip
    if counts.code not in caps:
        return Counts(counts.code, None, counts.since)
    points, cap = counts.points, caps[counts.code]
    if points is None or not math.isfinite(points) or not 0 < points <= cap:
        raise Refusal(
            _("“%(kind)s”: %(code)s has more than 0 and at most %(cap)g points.")
            % {"kind": kind.name, "code": counts.code, "cap": cap}, _("Give the points of one event."),
        )  # fmt: skip
    return counts


def _keep(version: StandardVersion, kind: Countable, counts: Counts) -> None:
    on = {
        "veto_kind": kind.kind if isinstance(kind.kind, VetoKind) else None,
        "consequence_kind": kind.kind if isinstance(kind.kind, ConsequenceKind) else None,
    }
    values = {"code": counts.code, "points": counts.points, "since": counts.since, "region": version.region}
    CountingRule.objects.update_or_create(version=version, **on, defaults=values)
