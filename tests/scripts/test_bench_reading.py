"""What `make bench` says of reading documents is measured with both kinds of weights."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_texts_are_learned_from_left_out_and_held(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
    from bench import reading

    monkeypatch.setattr(reading, "LEARNED", (reading.OWN / "sentences",))
    monkeypatch.setattr(reading, "HELD", (reading.OWN,))
    monkeypatch.setattr(reading, "GIVEN", reading.OWN / "none")
    monkeypatch.setattr(reading, "_timed", lambda texts: (1.0, 2.0))
    measured = reading.measured()
    assert measured.engine["own, first"]["detection"] > measured.plain["own, first"]["detection"] > 0
    assert set(measured.engine) == {"own, first", "own, sentences", "left out, together"}
