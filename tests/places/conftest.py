from __future__ import annotations

import pytest

from chuangwen.accounts.roles import Role
from tests.places.making import City
from tests.support.factories import make_root, make_user


@pytest.fixture
def city(db):
    return City(make_root())


@pytest.fixture
def office(city):
    return make_user(Role.OFFICE, city.root)
