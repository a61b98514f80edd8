"""What the tests of papers share."""

import pytest

from chuangwen.reports.services import issuing, releasing
from tests.support.words import words_are_known

__all__ = ["quick", "words_are_known"]


@pytest.fixture
def quick(monkeypatch):
    """Papers are set in no time: what they look like is looked at elsewhere."""
    for module in (issuing, releasing):
        monkeypatch.setattr(module, "word_of", lambda bulletin, **_how: f"{bulletin.number} as Word".encode())
        monkeypatch.setattr(module, "pdf_of", lambda bulletin, **_how: f"%PDF-1.7 {bulletin.number}".encode())
