"""What the tests of papers share."""

import pytest

from chuangwen.core import clock
from chuangwen.reports.services import issuing, releasing
from tests.reports.making import LATER, Office
from tests.support.words import words_are_known

__all__ = ["quick", "words_are_known"]


@pytest.fixture
def office(db):
    with clock.at(LATER):
        yield Office()


@pytest.fixture
def quick(monkeypatch):
    """Papers are set in no time, each file with its number and whether it is signed: what they look like is looked
    at elsewhere."""

    def made(bulletin, *, signed=True):
        return f"%PDF-1.7 {bulletin.number} {'signed' if signed else 'for everybody'}".encode()

    for module in (issuing, releasing):
        monkeypatch.setattr(module, "word_of", made)
        monkeypatch.setattr(module, "pdf_of", made)
