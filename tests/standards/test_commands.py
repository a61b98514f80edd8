"""The commands as a user meets them: words, exit codes, files."""

from __future__ import annotations

import argparse
import subprocess
import sys

import pytest

from chuangwen.standards.commands import add_parser
from chuangwen.standards.fileformat import read_standard
from tests.standards.marked import HEAD, LEAF

FAULTY = HEAD + "nodes:\n  - {code: 1.1, title: a, points: 1}\n  - {title: b, points: 1}\n"


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a command; gives exit code, output and complaints."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))

    def run_command(*words):
        args = parser.parse_args(["standard", *map(str, words)])
        code = args.run(args)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_command


@pytest.fixture
def file(tmp_path):
    def write(text, name="standard.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_check_counts_what_a_good_file_holds(run, file):
    assert run("check", file(HEAD + LEAF)) == (
        0, "ok: 1 nodes, 1 leaves, 0 checks, 0 place types, 0 problem types, 4 points\n", "",
    )  # fmt: skip


def test_check_prints_each_fault_on_a_line(run, file):
    code, out, err = run("check", file(FAULTY))
    assert (code, err) == (1, "")
    assert out == (
        'line 6: the code 1.1 is a number, so 1.10 would become 1.1; put it in quotes: "1.1"\n'
        'line 7: "code" is missing; add it\n'
    )


def test_check_speaks_chinese_where_asked(run, file):
    assert run("check", "--language", "zh", file(HEAD + LEAF))[1].startswith("合格：条目 1，")
    assert "第 7 行: 缺少“code”；请补上\n" in run("check", "--language", "zh", file(FAULTY))[1]


@pytest.mark.parametrize(("name", "value"), [("LC_ALL", "zh_CN.UTF-8"), ("LANG", "zh_CN.UTF-8")])
def test_language_follows_the_environment(run, file, monkeypatch, name, value):
    monkeypatch.delenv("LC_ALL")
    monkeypatch.setenv(name, value)
    assert run("check", file(HEAD + LEAF))[1].startswith("合格")


def test_language_is_english_where_nothing_is_said(run, file, monkeypatch):
    monkeypatch.delenv("LC_ALL")
    monkeypatch.delenv("LANG", raising=False)
    assert run("check", file(HEAD + LEAF))[1].startswith("ok")


def test_missing_file_is_told(run, tmp_path):
    path = tmp_path / "none.yaml"
    complaint = f"{path}: No such file or directory; check the name and the rights\n"
    assert run("check", path) == (1, "", complaint)
    assert run("diff", path, path) == (1, "", complaint)


@pytest.mark.parametrize("suffix", ["json", "xlsx", "yml"])
def test_convert_writes_the_same_standard(run, file, tmp_path, suffix):
    source, target = file(HEAD + LEAF), tmp_path / f"out.{suffix}"
    assert run("convert", source, target) == (0, f"{target}: written\n", "")
    assert read_standard(target) == read_standard(source)


def test_convert_of_a_faulty_file_writes_nothing(run, file, tmp_path):
    code, out, _ = run("convert", file(FAULTY), tmp_path / "out.json")
    assert (code, out.count("\n"), (tmp_path / "out.json").exists()) == (1, 2, False)


def test_convert_to_an_unknown_format_is_refused(run, file, tmp_path):
    target = tmp_path / "out.csv"
    assert run("convert", file(HEAD + LEAF), target) == (
        1, "", f"{target}: the format is not known; end the name in .yaml, .json or .xlsx\n",
    )  # fmt: skip


def test_convert_to_a_folder_that_is_not_there_is_told(run, file, tmp_path):
    target = tmp_path / "none" / "out.json"
    code, out, err = run("convert", file(HEAD + LEAF), target)
    assert (code, out) == (1, "")
    assert err == f"{target}: No such file or directory; check the name and the rights\n"


OLD = """nodes:
  - {code: "1", title: 路面整洁, points: 4}
  - {code: "2", title: 路灯完好, points: 1}
  - {code: "3", title: 市场证照齐全, points: 1}
  - {code: "4", title: 旧事项, points: 1}
  - {code: "5", title: 不变, points: 1}
"""
NEW = """nodes:
  - {code: "1", title: 路面干净, points: 5, method: field}
  - {code: "7", title: 路灯完好, points: 1, replaces: ["2"]}
  - {code: "8", title: 市场证照齐全公示, points: 1}
  - {code: "5", title: 不变, points: 1, replaces: ["1"]}
"""


def test_diff_tells_what_became_of_each_node(run, file):
    new = HEAD.replace('"1"', '"2"') + NEW
    assert run("diff", file(HEAD + OLD, "old.yaml"), file(new, "new.yaml")) == (
        0,
        (
            "1 -> 2: 1 kept, 1 moved, 1 reworded, 1 reweighted, 1 added, 2 dropped\n"
            "reworded: 1 路面整洁 -> 路面干净\n"
            "reweighted: 1 路面干净 4 -> 5\n"
            "rules: 1 路面干净 (method)\n"
            "moved: 2 -> 7 路灯完好\n"
            "added: 8 市场证照齐全公示\n"
            "dropped: 3 市场证照齐全\n"
            "dropped: 4 旧事项\n"
            "perhaps: 3 市场证照齐全 -> 8 市场证照齐全公示 (0.83)\n"
            "5 says that it replaces 1, but both codes live on; matched by code\n"
        ),
        "",
    )


def test_diff_of_two_standards_is_refused(run, file):
    other = file(HEAD.replace("standard:test", "standard:other") + LEAF, "other.yaml")
    assert run("diff", file(HEAD + LEAF), other) == (
        1,
        "",
        (
            "urn:chuangwen:standard:test and urn:chuangwen:standard:other are two standards; "
            "give two versions of one urn\n"
        ),
    )


def test_commands_need_no_django():
    program = "import sys, chuangwen.standards.commands; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_diff_names_the_file_at_fault(run, file):
    good, bad = file(HEAD + LEAF, "good.yaml"), file(FAULTY, "bad.yaml")
    for words in ((good, bad), (bad, good)):
        code, out, _err = run("diff", *words)
        assert code == 1
        assert [line.split(":")[0] for line in out.splitlines()] == [f"{bad}, line 6", f"{bad}, line 7"]
