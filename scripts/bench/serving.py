"""The program's own server while a block runs; whatever ends the benchmark ends it too, at whichever moment."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
READY_WITHIN = 180  # seconds

ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)  # a terminal that is closed sends the last one
PR_SET_PDEATHSIG = 1  # of <sys/prctl.h>
PATIENCE = 30  # seconds for the server to end by itself


def listen() -> None:
    """From now on a signal that ends this program ends it as an exception would: what was begun is put away."""
    for number in ENDINGS:
        signal.signal(number, _stopped)


def _stopped(number: int, _frame: object) -> None:
    """Only the first signal counts: another (`kill` on the group, which make hands on) would break off the ending."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop a server that was started as a session of its own, with all that it started."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # the server, or what it left: one that was starting leaves its own
    process.wait()


def _ends_with(parent: int) -> Callable[[], None] | None:
    """What a new process does first so that it is told to end when `parent` is gone, even by SIGKILL. Linux alone."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up here: between fork and exec as little as can be is done

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it was gone before it was asked for
            os.kill(os.getpid(), signal.SIGTERM)

    return tie


@contextmanager
def server(environment: dict[str, str], workers: int = 0) -> Iterator[int]:
    """`chuangwen serve` with its default threads and, where `workers` is 0, processes; gives the port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "chuangwen.config.cli", "serve", "--host", HOST, "--port", str(port)]
    command += ["--workers", str(workers)] if workers else []
    stopped: list[int] = []  # an exception in the middle of Popen would lose the process that it starts
    kept = {number: signal.signal(number, lambda number, _frame: stopped.append(number)) for number in ENDINGS}
    tie = _ends_with(os.getpid())
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, preexec_fn=tie)  # noqa: PLW1509 (no threads yet)
    try:
        for number, handler in kept.items():
            signal.signal(number, handler)
        if stopped:
            raise SystemExit(128 + stopped[0])
        _await(process, port)
        yield port
    finally:
        _end(process)


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit("The server ended before it answered; its words stand above.")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz/", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The server did not answer within {READY_WITHIN} s.")
