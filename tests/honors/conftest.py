from __future__ import annotations

import copy

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from chuangwen.core import clock
from tests.honors.families import with_families
from tests.honors.making import NOW, make_house

MD5 = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def _house(django_db_setup, django_db_blocker):
    """Made once for all tests of a file, in a transaction around theirs; none of them may commit."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
        with translation.override("en"), clock.at(NOW), override_settings(PASSWORD_HASHERS=MD5):
            made = make_house()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def house(_house, db):
    """A copy, which a test may change."""
    with translation.override("en"), clock.at(NOW):
        yield copy.deepcopy(_house)


@pytest.fixture
def county(house):
    """The house with a community's families."""
    return with_families(house)
