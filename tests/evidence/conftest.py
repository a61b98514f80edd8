"""Two units and their ledgers, at noon."""

from __future__ import annotations

from typing import Any

import pytest

from chuangwen.core import clock
from tests.evidence.making import make_ledger
from tests.support.factories import NOON


@pytest.fixture
def ledger(db: Any) -> Any:
    with clock.at(NOON):
        yield make_ledger()
