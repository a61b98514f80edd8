"""The ledger of the city that is measured: a dossier for each unit and criterion of one year."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from bench.city import City, keep
from chuangwen.core import clock
from chuangwen.evidence.enums import DossierState
from chuangwen.evidence.models import Dossier
from chuangwen.organizations.models import Unit
from chuangwen.standards.models import Node

CRITERIA = 150  # of the target size; a smaller city has fewer units, not fewer criteria
STATES = [
    *[DossierState.OPEN] * 80, *[DossierState.SUBMITTED] * 4, *[DossierState.ACCEPTED] * 3,
    *[DossierState.RETURNED] * 2, *[DossierState.APPROVED] * 11,
]  # fmt: skip


def add_dossiers(city: City) -> int:
    """Every unit's dossiers for the first CRITERIA criteria, most of them under way."""
    return keep(Dossier, _dossiers(city))


def _dossiers(city: City) -> Iterator[Dossier]:
    rng, today = random.Random("dossiers"), clock.today()  # noqa: S311
    nodes = Node.objects.filter(version=city.version, is_leaf=True).order_by("position")
    keys = list(nodes.values_list("pk", flat=True)[:CRITERIA])
    for unit in Unit.objects.filter(region=city.root.region, depth__gt=1).values_list("pk", flat=True):
        for node in keys:
            state, needed = rng.choice(STATES), rng.randint(2, 4)
            full = state not in {DossierState.OPEN, DossierState.RETURNED} or rng.random() < 0.3
            yield Dossier(
                region=city.root.region, campaign=city.campaign, node_id=node, unit_id=unit, year=today.year,
                state=state, due_on=today + timedelta(days=rng.randint(-5, 40)), slots_needed=needed,
                slots_filled=needed if full else rng.randrange(needed),
                missing_since=None if full else today - timedelta(days=rng.randint(1, 200)),
            )  # fmt: skip
