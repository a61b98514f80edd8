"""The benchmark fills a small city, asks every page of the real server and says what it found."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--scale", "0.002", "--clients", "2", "--requests", "1", "--seconds", "1", "--scoring", "20000", "--acts", "1",
    "--workers", "1",
]  # fmt: skip


@pytest.fixture(scope="module")
def measured(tmp_path_factory, migrated):
    """What a small run left behind; made once for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    var = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "bench"
    with var.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (var / "figures.json").exists():
            empty = var.with_suffix(".sqlite3")
            migrated.copy_to(empty)  # what it takes to migrate is not measured
            _measure(var, empty)
    return var


def _measure(var, empty):
    command = [sys.executable, "scripts/bench.py", *ARGUMENTS, "--var", var, "--empty", empty,
               "--report", var / "page.md"]  # fmt: skip
    outside = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "STORAGE_URL"}}
    done = subprocess.run(command, cwd=ROOT, env=outside, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_figures_cover_every_page_and_the_scoring(measured):
    figures = json.loads((measured / "figures.json").read_text("utf-8"))
    assert figures["refused"] == 0
    assert figures["rows"] | {"units": 24, "places": 60, "problems": 400, "observations": 10_000} == figures["rows"]
    assert figures["scoring"] == [20_000]
    assert figures["people"] is None
    assert figures["acts"] == {
        "fix a problem, with a photo": 1,
        "answers of a visit, in one batch": 1,
        "remind a unit": 1,
    }
    assert figures["works"]["draw from the whole register"] > 0
    assert figures["works"]["export the whole ledger, without photos"] == 400
    assert figures["works"]["issue tasks for the breakdown"] > 100
    assert figures["pages"]["plain page (healthz)"]["queries"] == 1
    assert len(figures["pages"]) == 47
    assert min(page["alone_p95"] for page in figures["pages"].values()) > 0


def test_page_names_rows_and_ratio(measured):
    text = (measured / "page.md").read_text("utf-8")
    assert "10,000 observations (scale 0.002)" in text
    assert "| ledger, next page, office " in text
    ways = ("`chuangwen.scoring.engine`", "the sums alone by hand", "sums and totals in pandas")
    assert all(f"| 20,000 | {way}" in text for way in ways)
    assert "| one pass of a loop over Django's objects |" in text
    assert "| fix a problem, with a photo | 1 |" in text
    assert "Many people" not in text


def test_data_of_another_scale_are_not_taken_for_these(measured, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from bench.fill import kept

    assert kept(measured, 0.002)["rows"]["units"] == 24
    assert kept(measured, 0.05) is None


def test_server_ends_when_the_bench_is_stopped(measured):
    outside = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "STORAGE_URL"}}
    command = [sys.executable, "-u", "scripts/bench.py", "--data", measured, "--scale", "0.002", "--people", "1",
               "--minutes", "5", "--requests", "1", "--workers", "1", "--report", measured / "stopped.md"]  # fmt: skip
    bench = subprocess.Popen(command, cwd=ROOT, env=outside, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not (children := _children(bench.pid)) and time.monotonic() < until:
        time.sleep(0.1)
    bench.terminate()
    assert bench.wait(90) == 128 + signal.SIGTERM
    assert children
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []
    assert not (measured / "stopped.md").exists()


STOPPED = """
import signal, sys, time
sys.path.insert(0, "scripts")
from bench import serving
sys.executable = sys.argv[1]  # a server that never answers
serving._await = lambda process, port: (print(process.pid, flush=True), time.sleep(60))
serving.listen()
with serving.server({}):
    pass
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name)
def test_server_that_was_starting_ends_although_the_signal_comes_more_than_once(tmp_path, number):
    """`kill` on the whole group reaches bench, and make, which hands it on: in the middle of the ending."""
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\nexec sleep 60\n")
    fake.chmod(0o755)
    bench = subprocess.Popen([sys.executable, "-c", STOPPED, fake], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    server = int(bench.stdout.readline())
    until = time.monotonic() + 30
    while bench.poll() is None and time.monotonic() < until:
        bench.send_signal(number)
        time.sleep(0.0002)
    bench.stdout.close()
    try:
        assert bench.wait(30) == 128 + number
        assert not Path(f"/proc/{server}").exists()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(server, signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_server_ends_with_a_bench_that_is_killed(tmp_path):
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\nexec sleep 60\n")
    fake.chmod(0o755)
    bench = subprocess.Popen([sys.executable, "-c", STOPPED, fake], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    server = int(bench.stdout.readline())
    bench.kill()
    bench.wait(30)
    bench.stdout.close()
    try:
        until = time.monotonic() + 30
        while _runs(server) and time.monotonic() < until:
            time.sleep(0.02)
        assert not _runs(server)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(server, signal.SIGKILL)


def _runs(pid):
    """Whether the process is there; one that has ended and that nobody waited for is not."""
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    return False


def _children(parent):
    """The processes that `parent` started."""
    listed = Path(f"/proc/{parent}/task/{parent}/children")
    return listed.read_text("ascii").split() if listed.exists() else []


def test_browser_of_a_simulated_person_keeps_cookies_and_gives_them_back(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from bench.load import Browser

    browser = Browser({"Cookie": "sessionid=s; csrftoken=t"})
    browser.take(["cw_counts=a.b:c; HttpOnly; Max-Age=60; Path=/; SameSite=Lax"])
    assert browser.headers == {"Cookie": "sessionid=s; csrftoken=t; cw_counts=a.b:c"}
    browser.take(['cw_counts=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax'])
    assert browser.headers == {"Cookie": "sessionid=s; csrftoken=t"}
    assert Browser({}).headers == {}
