"""A small office, and Wednesday noon."""

from __future__ import annotations

import pytest

from chuangwen.core import clock
from tests.supervision.making import NOW, make_world
from tests.support.factories import make_unit


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def noon():
    with clock.at(NOW):
        yield


@pytest.fixture
def peers(world):
    """Four departments of one group."""
    units = [world.unit, world.other, *(make_unit(world.root) for _more in range(2))]
    type(world.unit).objects.filter(pk__in=[one.pk for one in units]).update(peer_group="市直机关")
    return units
