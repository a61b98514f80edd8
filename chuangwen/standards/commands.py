"""The commands `standard check`, `standard convert` and `standard diff`.

They work on files alone, so that a clerk or another program can check a standard on any machine:
no settings, no database, no Django. The program's command line mounts them with `add_parser`.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, NoReturn

from chuangwen.standards.comparison import Comparison, DifferentStandardsError, Pair, compare
from chuangwen.standards.fileformat import FaultyStandard, read_standard, write_standard
from chuangwen.standards.fileformat.problems import place_zh
from chuangwen.standards.tree import Node, Standard, points_of

Language = Literal["en", "zh"]
_OK, _REFUSED = 0, 1

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "ok": (
        (
            "ok: {nodes} nodes, {leaves} leaves, {checks} checks, {places} place types, "
            "{problems} problem types, {scale} points"
        ),
        "合格：条目 {nodes}，末级条目 {leaves}，检查项 {checks}，点位类型 {places}，问题类型 {problems}，总分 {scale}",
    ),
    "written": ("{name}: written", "{name}：已写入"),
    "unreadable": ("{name}: {why}; check the name and the rights", "{name}：{why}；请检查文件名和权限"),
    "format": (
        "{name}: the format is not known; end the name in .yaml, .json or .xlsx",
        "{name}：无法识别的格式；文件名请以 .yaml、.json 或 .xlsx 结尾",
    ),
    "different": (
        "{old} and {new} are two standards; give two versions of one urn",
        "{old} 与 {new} 是两个测评体系；请给出同一 urn 的两个版本",
    ),
    "summary": (
        (
            "{old} -> {new}: {kept} kept, {moved} moved, {reworded} reworded, {reweighted} reweighted, "
            "{added} added, {dropped} dropped"
        ),
        "{old} -> {new}：不变 {kept}，移动 {moved}，改写 {reworded}，调分 {reweighted}，新增 {added}，取消 {dropped}",
    ),
    "moved": ("moved", "移动"),
    "reworded": ("reworded", "改写"),
    "reweighted": ("reweighted", "调分"),
    "rules": ("rules", "规则"),
    "added": ("added", "新增"),
    "dropped": ("dropped", "取消"),
    "perhaps": ("perhaps", "疑似"),
    "overruled": (
        "{new} says that it replaces {old}, but both codes live on; matched by code",
        "{new} 声明替代 {old}，但两个编号都仍存在；按编号对应",
    ),
}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Mount `standard …`; each command sets `run`, a callable from its arguments to an exit code."""
    told = "check, convert and compare standard files"
    standard = subparsers.add_parser("standard", help=told, description=f"{told.capitalize()}.")
    commands = standard.add_subparsers(dest="verb", required=True, metavar="VERB")

    check = _command(commands, "check", "tell whether a file is a standard, or list all its faults", run_check)
    check.add_argument("file", type=Path, metavar="FILE")

    convert = _command(commands, "convert", "write a standard in another format, without loss", run_convert)
    convert.add_argument("source", type=Path, metavar="IN")
    convert.add_argument("target", type=Path, metavar="OUT", help="ends in .yaml, .json or .xlsx")

    diff = _command(commands, "diff", "compare two versions of a standard", run_diff)
    diff.add_argument("old", type=Path, metavar="OLD")
    diff.add_argument("new", type=Path, metavar="NEW")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
    parser.add_argument("--language", choices=("en", "zh"), help="of the messages (default: LC_ALL or LANG)")
    parser.set_defaults(run=run)
    return parser


def run_check(args: argparse.Namespace) -> int:
    """Print what the file holds and return 0, or each fault on a line and return 1."""
    language = _language(args)
    try:
        standard = _read(args.file, language)
    except _RefusedError as refused:
        return refused.exit_code
    counts = {
        "nodes": sum(1 for _ in standard.walk()),
        "leaves": sum(1 for _ in standard.leaves()),
        "checks": len(standard.checks),
        "places": len(standard.place_types),
        "problems": len(standard.problem_types),
        "scale": f"{standard.scale:.10g}",
    }
    _say(_word("ok", language, **counts))
    return _OK


def run_convert(args: argparse.Namespace) -> int:
    """Write IN as OUT; a faulty IN is listed like by check, and OUT stays as it was."""
    language = _language(args)
    try:
        standard = _read(args.source, language)
    except _RefusedError as refused:
        return refused.exit_code
    try:
        write_standard(standard, args.target)
    except ValueError:
        _complain(_word("format", language, name=args.target))
        return _REFUSED
    except OSError as error:
        _complain(_word("unreadable", language, name=args.target, why=error.strerror))
        return _REFUSED
    _say(_word("written", language, name=args.target))
    return _OK


def run_diff(args: argparse.Namespace) -> int:
    """Print what became of each node; 1 where a file is faulty or the urns differ, else 0."""
    language = _language(args)
    try:
        old, new = _read(args.old, language, named=True), _read(args.new, language, named=True)
    except _RefusedError as refused:
        return refused.exit_code
    try:
        comparison = compare(old, new)
    except DifferentStandardsError:
        _complain(_word("different", language, old=old.urn, new=new.urn))
        return _REFUSED
    for line in _diff_lines(comparison, language):
        _say(line)
    return _OK


class _RefusedError(Exception):
    """A file cannot be used, and the user knows why already."""

    exit_code = _REFUSED


def _read(path: Path, language: Language, *, named: bool = False) -> Standard:
    """The standard of a file; its faults are told, with its name where several files are read."""
    where = f"{path}, " if named else ""
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        return read_standard(path)
    except FaultyStandard as faulty:
        for fault in faulty.faults:
            in_chinese = language == "zh"
            place, words = (place_zh(fault.place), fault.message_zh) if in_chinese else (fault.place, fault.message)
            _say(f"{where}{place}: {words}")
        raise _RefusedError from faulty
    except OSError as error:
        _refuse_file(path, error, language)


def _refuse_file(path: Path, error: OSError, language: Language) -> NoReturn:
    _complain(_word("unreadable", language, name=path, why=error.strerror))
    raise _RefusedError from error


def _diff_lines(comparison: Comparison, language: Language) -> Iterator[str]:
    """The summary, then a line for each change, in the order of the file."""
    counts = {
        name: len(getattr(comparison, name)) for name in ("kept", "moved", "reworded", "reweighted", "added", "dropped")
    }
    versions = {"old": comparison.old.version, "new": comparison.new.version}
    yield _word("summary", language, **versions, **counts)
    for pair in comparison.pairs:
        yield from _pair_lines(pair, language)
    for name, nodes in (("added", comparison.added), ("dropped", comparison.dropped)):
        for node in nodes:
            yield f"{_word(name, language)}: {_named(node)}"
    for proposal in comparison.proposals:
        names = f"{_named(proposal.old)} -> {_named(proposal.new)}"
        yield f"{_word('perhaps', language)}: {names} ({proposal.likeness:.2f})"
    for old, new in comparison.contradictions:
        yield _word("overruled", language, old=old, new=new)


def _pair_lines(pair: Pair, language: Language) -> Iterator[str]:
    old, new = pair.old, pair.new
    details = {
        "moved": f"{old.code} -> {_named(new)}",
        "reworded": f"{new.code} {old.title} -> {new.title}",
        "reweighted": f"{_named(new)} {points_of(old):.10g} -> {points_of(new):.10g}",
    }
    for change in pair.changes:
        yield f"{_word(change, language)}: {details[change]}"
    if pair.rules:
        yield f"{_word('rules', language)}: {_named(new)} ({', '.join(pair.rules)})"


def _named(node: Node) -> str:
    return f"{node.code} {node.title}"


def _language(args: argparse.Namespace) -> Language:
    chosen: str | None = args.language
    if chosen is None:
        chosen = os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return "zh" if chosen.startswith("zh") else "en"


def _word(key: str, language: Language, /, **values: object) -> str:
    return _WORDS[key][language == "zh"].format(**values)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _complain(line: str) -> None:
    sys.stderr.write(line + "\n")
