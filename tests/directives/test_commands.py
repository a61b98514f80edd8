"""`directives extract` prints JSON lines or a table, and says why a file is not read."""

from __future__ import annotations

import argparse
import json

import pytest

from chuangwen.directives.commands import add_parser


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["directives", *arguments])
    code = args.run(args)
    assert isinstance(code, int)
    return code


@pytest.fixture
def speech(tmp_path):
    path = tmp_path / "讲话.txt"
    path.write_bytes("同志们:\r\n县城管局要在月底前清理占道经营。\r\n".encode())
    return path


def test_extract_prints_one_json_line_for_each_directive(speech, capsys):
    assert run("extract", str(speech)) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {
            "doc": "讲话.txt",
            "start": 6,
            "end": 21,
            "quote": "县城管局要在月底前清理占道经营",
            "clean": "县城管局要在月底前清理占道经营",
            "action": "在月底前清理占道经营",
            "lead": ["县城管局"],
            "cooperate": [],
            "deadline": "月底前",
            "frequency": None,
            "targets": [],
            "kind": "deadline",
        }
    ]


def test_extract_as_table_aligns_chinese(speech, capsys):
    assert run("extract", str(speech), "--format", "table") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "讲话.txt: 1"
    assert lines[2].split() == ["6-21", "deadline", "县城管局", "月底前", "在月底前清理占道经营"]


def test_extract_goes_on_after_a_file_that_cannot_be_read(speech, tmp_path, capsys):
    empty = tmp_path / "空.txt"
    empty.touch()
    assert run("extract", str(empty), str(tmp_path / "无"), str(speech)) == 1
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 1
    assert printed.err.splitlines()[0] == "《空.txt》是空文件。请检查是否传错了文件。"
