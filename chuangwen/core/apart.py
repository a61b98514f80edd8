"""A short-lived process of its own, in which a parser reads a stranger's file. Pure.

A broken or hostile file can make a parser crash, run for ever or ask for all memory, and a failed allocation would
take the web server with it. So it runs in a child that limits its own memory and time, and only that process ends.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_START = (
    "import importlib, sys; sys.path.insert(0, sys.argv[1]); importlib.import_module(sys.argv[2]).main(sys.argv[3:])"
)


class ParserStopped(Exception):  # noqa: N818  (what happened to the child)
    """The child ended without an answer: it ran out of memory or time, or it crashed."""


def run_apart(module: str, arguments: Sequence[object], data: bytes, *, wall_seconds: float) -> bytes:
    """What `main` of the module prints: it gets `arguments` as text and `data` as its standard input.

    `main` holds itself to its memory and processor time (`limit_process`). Raises ParserStopped.
    """
    command = [sys.executable, "-I", "-c", _START, str(_ROOT), module, *map(str, arguments)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=wall_seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise ParserStopped("time") from error
    if done.returncode != 0:
        raise ParserStopped(f"exit status {done.returncode}")
    return done.stdout


def limit_process(memory: int, seconds: int) -> None:
    """Hold this very process to so much address space (bytes) and processor time, where the system can."""
    try:
        import resource  # noqa: PLC0415  (Unix only; elsewhere the wall clock alone limits)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
