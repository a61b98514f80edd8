"""`chuangwen draw` from the outside: options, outputs, exit codes, and the stand-alone tool beside it."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chuangwen.inspections.commands import add_parser
from tests.inspections.sampling.builders import SECRET, TOOL

H10 = "950ea08d8d5fd3ae415b9967aba7a48aba39ca62a4d98f2e7fe25cb1b8f8c488"
H9 = "5346f2efb5397a6788fc1f1d9c05c6d3f2abe9b7d16d8592a3695b6dbe9f2456"
RANDOMNESS = "1.2.3.4.5.6./1.2.3.4.5.6./1.2.3.4.5.6./"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line as the program's main file does; returns exit code, output, error output."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser(prog="chuangwen")
        add_parser(parser.add_subparsers(required=True))
        args = parser.parse_args([str(argument) for argument in arguments])
        code = args.run(args)
        sys.stderr.flush()
        return (code, *capfd.readouterr())

    return call


@pytest.fixture
def frozen(tmp_path: Path) -> tuple[str, ...]:
    """The options of a frozen pool of three colours and one road."""
    pool, quotas = tmp_path / "pool.csv", tmp_path / "quotas.json"
    pool.write_bytes("stratum,code\r\nc,blue\r\nc,lavenderblush\r\nc,darkgoldenrod\r\n道路,人民路\r\n".encode())
    quotas.write_text('{"c": 2, "道路": 3}', encoding="utf-8")
    return ("--pool", str(pool), "--quotas", str(quotas), "--randomness", RANDOMNESS)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_commit_prints_the_commitment_of_the_published_example(run: Run, tmp_path: Path, end: bytes) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(SECRET + end)
    code, out, err = run("draw", "commit", "--secret-file", secret, "--times", "10")
    assert (code, json.loads(out), err) == (0, {"commitment": H10, "times": 10}, "")


def test_commit_refuses_an_empty_secret_and_a_missing_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\n")
    code, out, err = run("draw", "commit", "--secret-file", tmp_path / "secret")
    assert (code, out, err) == (1, "", "the secret is empty; write a long random text into its file\n")
    code, out, err = run("draw", "commit", "--secret-file", tmp_path / "none")
    told = f"{tmp_path / 'none'}: No such file or directory; check the name and the rights\n"
    assert (code, out, err) == (1, "", told)


def test_run_writes_a_record_that_verifies_and_tells_of_short_strata(
    run: Run, frozen: tuple[str, ...], tmp_path: Path
) -> None:
    code, out, err = run(
        "draw", "run", *frozen, "--code", H9, "--source", "三次骰子", "--commitment", H10, "--times", "10"
    )
    record = json.loads(out)
    assert (code, err) == (0, "stratum “道路”: the quota is 3, all 1 places are drawn\n")
    assert record["drawn"] == {"c": ["lavenderblush", "blue"], "道路": ["人民路"]}
    assert (record["commitment"], record["times"], record["code"]) == (H10, 10, H9)
    assert (record["source"], record["method"]) == ("三次骰子", "vrs")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", record["times_of"].pop("drawn"))
    assert record["times_of"] == {"frozen": None, "committed": None, "released": None}
    path = tmp_path / "record.json"
    path.write_text(out, encoding="utf-8")
    assert run("draw", "verify", path) == (0, "ok\n", f"4 places, 3 drawn\n{err}")


def test_run_under_the_second_method(run: Run, frozen: tuple[str, ...], tmp_path: Path) -> None:
    code, out, _ = run("draw", "run", *frozen, "--code", "", "--method", "rfc3797")
    record = json.loads(out)
    assert (code, record["method"], record["commitment"], record["source"]) == (0, "rfc3797", None, "not stated")
    path = tmp_path / "record.json"
    path.write_text(out, encoding="utf-8")
    assert run("draw", "verify", path)[:2] == (0, "ok\n")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--code", "00", "--commitment", H10, "--times", "10"), "does not belong to the commitment"),
        (("--code", H9, "--commitment", H10), "--commitment and --times belong together"),
        (("--code", H9, "--times", "10"), "--commitment and --times belong together"),
        (("--code", H9, "--commitment", "ab", "--times", "10"), "a SHA-256 has 64"),
        (("--code", "zz"), "is not hexadecimal"),
    ],
)
def test_run_refuses_what_cannot_be_checked(
    run: Run, frozen: tuple[str, ...], options: tuple[str, ...], words: str
) -> None:
    code, out, err = run("draw", "run", *frozen, *options)
    assert (code, out) == (1, "")
    assert words in err


@pytest.mark.parametrize(
    "arguments", [["draw"], ["draw", "run"], ["draw", "commit"], ["draw", "verify"], ["draw", "x"]]
)
def test_incomplete_command_line_shows_the_usage(run: Run, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(*arguments)
    assert stop.value.code == 2


def test_verify_prints_what_differs(run: Run, frozen: tuple[str, ...], tmp_path: Path) -> None:
    record = json.loads(run("draw", "run", *frozen, "--code", H9)[1])
    record["drawn"]["c"][0] = "darkgoldenrod"
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    words = "drawn.c: names darkgoldenrod, blue; the first tickets are lavenderblush, blue\n"
    assert run("draw", "verify", path) == (1, words, "")
    path.write_text("{", encoding="utf-8")
    code, out, err = run("draw", "verify", path)
    assert (code, out) == (1, "")
    assert err.startswith(f"{path}: the record is not JSON")


def tool(path: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, str(TOOL), str(path)], capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def test_tool_says_the_same_in_its_own_process(run: Run, frozen: tuple[str, ...], tmp_path: Path) -> None:
    text = run("draw", "run", *frozen, "--code", H9)[1]
    path = tmp_path / "record.json"
    path.write_text(text, encoding="utf-8-sig")
    assert tool(path) == (0, f"ok{os.linesep}")
    path.write_text(text.replace('"人民路"', '"人民里"', 1), encoding="utf-8")
    assert tool(path) == (1, f"differs: pool_sha256, tickets, drawn{os.linesep}")
    path.write_text('{"a": 1, "a": 1}', encoding="utf-8")
    assert tool(path) == (1, f"differs: a name occurs twice{os.linesep}")
    code, words = tool(tmp_path / "none")
    assert (code, words.startswith("differs: not a sound record")) == (1, True)


def test_tool_is_at_most_sixty_lines_of_the_standard_library() -> None:
    source = TOOL.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 60
    assert max(map(len, source.splitlines())) <= 110
    imported = {name for line in re.findall(r"^import (.+)$", source, re.MULTILINE) for name in line.split(", ")}
    assert imported <= set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    ("pool", "quotas", "words"),
    [
        ("stratum,code\nc,a\nc,a\n", '{"c": 1}', "pool.csv, line 3: the code “a” occurs twice"),
        ("stratum,code\n", '{"c": 1}', "pool.csv: the pool is empty"),
        ("stratum,code\nc,a\n", "[", "quotas.json: the quota file is not JSON"),
        ("stratum,code\nc,a\n", '{"x": 1}', "quotas.json: there is a quota for the stratum “x”"),
    ],
)
def test_run_names_the_file_at_fault(run: Run, tmp_path: Path, pool: str, quotas: str, words: str) -> None:
    (tmp_path / "pool.csv").write_text(pool, encoding="utf-8")
    (tmp_path / "quotas.json").write_text(quotas, encoding="utf-8")
    files = ("--pool", tmp_path / "pool.csv", "--quotas", tmp_path / "quotas.json")
    code, out, err = run("draw", "run", *files, "--randomness", RANDOMNESS, "--code", H9)
    assert (code, out) == (1, "")
    assert err.startswith(f"{tmp_path}/{words}")
