"""A short-lived process of its own, in which a stranger's workbook is parsed.

A file of a few kilobytes can ask the parser for terabytes (one cell in the last corner of a sheet, one
long text used a million times) or for endless time (a chain of sectors that bites its own tail). No
list of checks beforehand is complete, and a failed allocation in the parser would take the web server
with it. So the parser runs in a child that limits its own memory and time, and the worst that a
workbook can do is to be refused.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 30
WALL_SECONDS = 90  # a machine under load gives a child less than a whole core

_ROOT = Path(__file__).resolve().parents[3]
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from chuangwen.core.workbooks import parsing; parsing.main(sys.argv[2:])"
)


class ParserStopped(Exception):  # noqa: N818  (what happened to the child)
    """The child ended without an answer: it ran out of memory or time, or it crashed."""


def parse_apart(kind: str, data: bytes) -> bytes:
    """What `parsing.main` prints for the file `data` of the given kind (xlsx, xls or ods).

    The child may use MEMORY_BYTES of address space and CPU_SECONDS of processor time. Raises ParserStopped.
    """
    command = [sys.executable, "-I", "-c", _START, str(_ROOT), kind, str(MEMORY_BYTES), str(CPU_SECONDS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=WALL_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise ParserStopped("time") from error
    if done.returncode != 0:
        raise ParserStopped(f"exit status {done.returncode}")
    return done.stdout
