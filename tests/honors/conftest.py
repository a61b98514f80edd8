from __future__ import annotations

import pytest
from django.utils import translation

from chuangwen.core import clock
from tests.honors.making import NOW, make_house


@pytest.fixture
def house(db):
    with translation.override("en"), clock.at(NOW):
        yield make_house()
