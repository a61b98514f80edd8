"""The benchmark fills a small city, asks every page of the real server and says what it found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = ["--scale", "0.002", "--clients", "2", "--requests", "2", "--seconds", "1", "--scoring", "20000"]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    var = tmp_path_factory.mktemp("bench") / "var"
    command = [sys.executable, "scripts/bench.py", *ARGUMENTS, "--var", var, "--report", var / "page.md"]
    outside = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "STORAGE_URL"}}
    done = subprocess.run(command, cwd=ROOT, env=outside, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return var


def test_figures_cover_every_page_and_the_scoring(measured):
    figures = json.loads((measured / "figures.json").read_text("utf-8"))
    assert figures["refused"] == 0
    assert figures["rows"] | {"units": 24, "places": 60, "problems": 400, "observations": 10_000} == figures["rows"]
    assert figures["scoring"] == 20_000
    assert figures["people"] is None
    assert figures["pages"]["plain page (healthz)"]["queries"] == 1
    assert len(figures["pages"]) == 32
    assert min(page["alone_p95"] for page in figures["pages"].values()) > 0


def test_page_names_rows_and_ratio(measured):
    text = (measured / "page.md").read_text("utf-8")
    assert "10,000 observations (scale 0.002)" in text
    assert "| ledger, next page, office " in text
    assert "20,000 generated observations" in text
    assert "Many people" not in text


def test_data_of_another_scale_are_not_taken_for_these(measured, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from bench.fill import kept

    assert kept(measured, 0.002)["rows"]["units"] == 24
    assert kept(measured, 0.05) is None
