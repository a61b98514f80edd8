"""`chuangwen draw ...`: commit, draw and verify on the command line, without database or Django.

A facilitator may not want the program that inspects to hold the secret, and a witness may want to
repeat the draw elsewhere: both need files in and files out. Source: spec/draw.md, commands.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.inspections.sampling import (
    METHODS,
    Chain,
    Commitment,
    Record,
    SamplingError,
    Times,
    load_record,
    make_commitment,
    read_pool,
    read_quotas,
    read_record,
    read_secret,
    record_text,
    run_draw,
    verify_record,
)
from chuangwen.inspections.sampling.chain import DEFAULT_TIMES
from chuangwen.inspections.sampling.draw import UNSTATED_SOURCE
from chuangwen.inspections.sampling.pool import check_quotas

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (no public name)

CHINA = timezone(timedelta(hours=8))


def add_parser(subparsers: Subparsers) -> None:
    """Register `draw commit`, `draw run` and `draw verify`; each sets `run(args) -> exit code`."""
    told = "draw the places to inspect, or check a draw"
    draw = subparsers.add_parser("draw", help=told, description=f"{told.capitalize()}.")
    commands = draw.add_subparsers(dest="verb", required=True, metavar="VERB")

    commit = commands.add_parser(
        "commit", help="print the commitment to a secret", description="Print the commitment to a secret, as JSON."
    )
    commit.add_argument("--secret-file", type=Path, required=True, metavar="FILE", help="holds a long random text")
    commit.add_argument(
        "--times",
        type=int,
        default=DEFAULT_TIMES,
        metavar="N",
        help=f"how often it is hashed (default: {DEFAULT_TIMES})",
    )
    commit.set_defaults(run=_guarded(_commit))

    run = commands.add_parser(
        "run", help="draw, and write the record to standard output",
        description="Draw, and write the record to standard output, as JSON.",
    )  # fmt: skip
    run.add_argument("--pool", type=Path, required=True, metavar="FILE", help="CSV with the columns stratum, code")
    run.add_argument("--quotas", type=Path, required=True, metavar="FILE", help="JSON {stratum: number}")
    run.add_argument(
        "--randomness", required=True, metavar="TEXT", help="public, known to nobody before the list was frozen"
    )
    run.add_argument("--code", required=True, metavar="HEX", help='the one-time code; "" for none')
    run.add_argument(
        "--source", default=UNSTATED_SOURCE, metavar="TEXT", help="where the randomness is from, for the record"
    )
    run.add_argument("--commitment", metavar="HEX", help="what “draw commit” printed; with --times")
    run.add_argument("--times", type=int, metavar="N", help="how often the secret was hashed for it")
    run.add_argument("--method", choices=METHODS, default="vrs", help="docs/draw.md tells both (default: vrs)")
    run.set_defaults(run=_guarded(_run))

    verify = commands.add_parser(
        "verify", help="repeat the draw of a record",
        description="Repeat the draw of a record. Ends with 1 and names what differs where it does not come out again.",
    )  # fmt: skip
    verify.add_argument("record", type=Path, metavar="FILE", help="what “draw run” wrote")
    verify.set_defaults(run=_guarded(_verify))


def _guarded(command: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """`command` with its refusals told on standard error and exit code 1."""

    def run(args: argparse.Namespace) -> int:
        try:
            return command(args)
        except SamplingError as fault:
            _tell(str(fault))
        except OSError as fault:
            _tell(f"{fault.filename}: {fault.strerror}; check the name and the rights")
        return 1

    return run


class FileError(SamplingError):
    """A refusal with the name of the file whose fault it is."""

    def __init__(self, path: Path, fault: SamplingError) -> None:
        ValueError.__init__(self, f"{path}{',' if fault.line else ':'} {fault}")


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Two files are read: a refusal must say which of them it means."""
    try:
        yield
    except SamplingError as fault:
        raise FileError(path, fault) from None


def _commit(args: argparse.Namespace) -> int:
    commitment = Chain(read_secret(args.secret_file.read_bytes()), args.times).commitment()
    _put(json.dumps({"commitment": commitment.digest, "times": commitment.times}) + "\n")
    return 0


def _run(args: argparse.Namespace) -> int:
    with _naming(args.pool):
        pool = read_pool(args.pool.read_bytes())
    with _naming(args.quotas):
        quotas = check_quotas(pool, read_quotas(args.quotas.read_bytes()))
    record = run_draw(
        pool,
        quotas,
        randomness=args.randomness,
        code=args.code,
        source=args.source,
        commitment=_commitment(args),
        method=args.method,
        times=Times(drawn=datetime.now(CHINA).replace(microsecond=0)),
    )
    _put(record_text(record))
    _tell_short(record)
    return 0


def _commitment(args: argparse.Namespace) -> Commitment | None:
    if (args.commitment is None) != (args.times is None):
        raise SamplingError("--commitment and --times belong together; give both or neither")
    return None if args.commitment is None else make_commitment(args.commitment, args.times)


def _verify(args: argparse.Namespace) -> int:
    data = args.record.read_bytes()
    with _naming(args.record):
        loaded = load_record(data)
    differences = verify_record(loaded)
    if differences:
        _put("".join(f"{difference}\n" for difference in differences))
        return 1
    record = read_record(data)
    _put("ok\n")
    _tell(f"{record.pool.size} places, {record.drawn_count} drawn")
    _tell_short(record)
    return 0


def _tell_short(record: Record) -> None:
    for stratum, (quota, size) in record.short_strata.items():
        _tell(f"stratum “{stratum}”: the quota is {quota}, all {size} places are drawn")


def _put(text: str) -> None:
    """Write UTF-8 whatever the terminal: a record must have the same bytes everywhere."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _tell(text: str) -> None:
    encoding = sys.stderr.encoding
    sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
