"""`make test` names at its end what failed in either part, and its last line is pytest's summary of that part."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import pytest_terminal_summary

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture(scope="module")
def runs():
    """scripts/test.py, which by its own name would be taken for Python's `test`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        spec = importlib.util.spec_from_file_location("runs_of_tests", SCRIPTS / "test.py")
        module = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, "runs_of_tests", module)
        spec.loader.exec_module(module)
        yield module


OUTPUT = """.F..E
=================================== FAILURES ===================================
ERROR    django.request:log.py:293 Internal Server Error: /tasks/
=========================== short test summary info ============================
SKIPPED [1] tests/core/test_office_pdf.py:34: LibreOffice is not on this machine
FAILED tests/audit/test_pages.py::test_head[1] - AssertionError: assert 1 == 2
ERROR tests/audit/test_chain.py::test_link - RuntimeError: no
1 failed, 3 passed, 1 error in 2.04s
nanobind: leaked 3 functions!
"""


def part(runs, name, text, code=1):
    return runs.Part(name, code, *runs.repeated(text))


def test_ending_names_what_failed_in_the_first_part_and_closes_with_its_summary(runs):
    said = runs.ending(
        [runs.Part("the front end", 0), part(runs, "SQLite", OUTPUT), part(runs, "PostgreSQL", "9 passed in 1.00s", 0)]
    )
    assert said.splitlines() == [
        "",
        "failed: SQLite",
        "FAILED tests/audit/test_pages.py::test_head[1] - AssertionError: assert 1 == 2",
        "ERROR tests/audit/test_chain.py::test_link - RuntimeError: no",
        "1 failed, 3 passed, 1 error in 2.04s",
    ]


def test_nothing_is_added_where_all_parts_passed(runs):
    assert (
        runs.ending([part(runs, "SQLite", "9 passed in 1.00s", 0), part(runs, "PostgreSQL", "9 passed in 1.00s", 0)])
        == ""
    )


def test_each_part_that_failed_is_told_and_a_part_without_pytest_by_its_code(runs):
    said = runs.ending([runs.Part("the front end", 2), part(runs, "SQLite", OUTPUT), part(runs, "PostgreSQL", OUTPUT)])
    assert said.splitlines()[:4] == ["", "failed: the front end", "ended with 2", ""]
    assert said.count("FAILED tests/audit") == 2
    assert said.endswith("error in 2.04s\n")


def test_failures_of_browser_modules_are_named_too(runs):
    said = (
        "\x1b[41m FAIL \x1b[49m src/ts/a.test.ts\x1b[2m > \x1b[22mkeeps\n\x1b[31mError\x1b[39m: timed out\n"
        "\x1b[2m Test Files \x1b[22m 1 failed\n\x1b[2m      Tests \x1b[22m 1 failed | 9 passed (10)\nnpm test failed\n"
    )
    found = runs.repeated_of_modules(said)
    assert found == (["FAIL  src/ts/a.test.ts > keeps"], "Tests  1 failed | 9 passed (10)")
    assert runs.repeated_of_modules("node is missing") == ([], "")


def test_long_lists_and_lines_are_cut(runs):
    names = "".join(f"FAILED tests/a.py::test_{number} - {'x' * 900}\n" for number in range(50))
    failed, summary = runs.repeated(f"=== short test summary info ===\n{names}50 failed in 9.00s (0:00:09)\n")
    assert (len(failed), failed[-1], {len(line) for line in failed[:-1]}) == (40, "and 11 more", {300})
    assert summary == "50 failed in 9.00s (0:00:09)"


def test_coloured_output_is_read_like_plain(runs):
    failed, summary = runs.repeated(
        "\x1b[36mshort test summary info\x1b[0m\n\x1b[31mFAILED\x1b[0m a::b\n\x1b[31m1 failed\x1b[0m in 0.10s"
    )
    assert (failed, summary) == (["FAILED a::b"], "1 failed in 0.10s")


def test_run_that_broke_before_any_test_is_told_by_its_last_line(runs):
    assert runs.repeated("ImportError: no\n\n") == ([], "ImportError: no")
    assert runs.repeated("") == ([], "")


def test_messages_of_failures_are_whole_where_the_output_is_no_terminal(monkeypatch):
    writer = SimpleNamespace(fullwidth=80)
    reporter = SimpleNamespace(config=SimpleNamespace(get_terminal_writer=lambda: writer))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    pytest_terminal_summary(reporter)
    assert writer.fullwidth == 80
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    pytest_terminal_summary(reporter)
    assert writer.fullwidth == 300


def test_process_left_behind_does_not_keep_the_run_waiting(runs, capfdbinary):
    orphan = "import subprocess, sys; print('said', flush=True); subprocess.Popen(['sleep', '20']); sys.exit(3)"
    assert runs.shown([sys.executable, "-c", orphan], dict(os.environ)) == (3, "said\n")
    assert capfdbinary.readouterr().out == b"said\n"
