"""Which leaves are bound together, and what problems of a kind are proposed to take."""

from __future__ import annotations

import pytest

from chuangwen.scoring.bound import bound_groups
from chuangwen.scoring.efforts import Effort, proposed_effort
from chuangwen.standards.tree import Band, Map
from tests.scoring.engine.builders import inner, leaf, standard

pytestmark = pytest.mark.once

BANDS = Map(kind="bands", bands=(Band(0.9, 1.0), Band(None, 0.0)))


def test_bands_bind_a_leaf_and_the_highest_min_or_met_all_below_it():
    least = inner("3.1", leaf("3.1.1"), leaf("3.1.2", shape=BANDS), aggregate="min")
    measured = standard(
        leaf("1"), leaf("2", shape=BANDS),
        inner("3", least, leaf("3.2"), aggregate="met"),
        inner("4", inner("4.1", leaf("4.1.1"), aggregate="mean"), aggregate="sum"),
    )  # fmt: skip
    assert bound_groups(measured) == {"2": "2", "3.1.1": "3", "3.1.2": "3", "3.2": "3"}


def test_root_that_takes_the_smallest_binds_everything():
    assert bound_groups(standard(leaf("1"), inner("2", leaf("2.1")), aggregate="min")) == {"1": "", "2.1": ""}


@pytest.mark.parametrize(
    ("kind", "within", "wanted"),
    [
        ("immediate", "2h", (0.25, 1)), ("immediate", "1d", (0.5, 1)), ("immediate", "24H", (0.5, 1)),
        ("limited", "2d", (1.0, 1)), ("limited", "15d", (5.0, 8)), ("limited", "7d", (2.5, 4)),
        ("long-term", "90d", (18.0, 45)), ("long-term", "20d", (10.0, 10)), ("limited", "", (1.0, 1)),
    ],
)  # fmt: skip
def test_proposal_follows_class_and_time_limit(kind, within, wanted):
    assert proposed_effort(kind, within) == Effort(*wanted, 0.0, proposed=True)
