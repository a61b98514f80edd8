"""Starts what a site runs: `serve`, `work` and, for a first look, both together as `demo`."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import Namespace

from chuangwen.config.environment import text
from chuangwen.config.preparing import INTERRUPTED, is_prepared, reset, sole_server
from chuangwen.config.refusing import load_settings

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
GRACE = 20  # seconds in which a worker may finish its requests
READY_WITHIN = 60  # seconds


def serve(args: Namespace) -> int:
    """Serve pages until a signal. Tables and static files are brought up to date first."""
    _refuse_taken(args.host, args.port)
    _prepare(demo=False)
    _granian("chuangwen.config.wsgi:application", args.host, args.port, args.workers, args.threads)
    return 0


def work(args: Namespace) -> int:
    """Run queued and daily work until a signal."""
    load_settings()
    from chuangwen.config.working import run_worker  # noqa: PLC0415

    run_worker()
    return 0


def demo(args: Namespace) -> int:
    """Fill a demo where there is no data, then serve and work in one process until Ctrl-C."""
    os.environ["CHUANGWEN_DEMO"] = "1"
    if args.host not in LOCAL:
        os.environ.setdefault("ALLOWED_HOSTS", "*")  # whoever opens the demo to others names an address
    url = f"http://{'127.0.0.1' if args.host in {'0.0.0.0', '::'} else args.host}:{args.port}/"  # noqa: S104
    os.environ.setdefault("SITE_URL", url.rstrip("/"))  # addresses in calendars and on plates lead back here
    with sole_server(url):
        _refuse_taken(args.host, args.port)
        if args.reset:
            reset()
        _prepare(demo=True)
        threading.Thread(target=_greet, args=(url,), daemon=True).start()
        _granian("chuangwen.config.together:application", args.host, args.port, workers=1, threads=args.threads)
    return 0


def _prepare(*, demo: bool) -> None:
    """Prepare in a process of its own, which ends with this one. SystemExit where it fails or is interrupted."""
    if is_prepared(demo=demo):
        return
    print("Preparing the site…", flush=True)  # noqa: T201
    command = [sys.executable, "-m", "chuangwen.config.preparing", *(["--demo"] if demo else [])]
    child = subprocess.Popen(command)  # noqa: S603
    former = signal.signal(signal.SIGTERM, lambda *_args: sys.exit(128 + signal.SIGTERM))
    try:
        code = child.wait()
    except KeyboardInterrupt:
        code = INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, former)
        child.terminate()
        child.wait()
    if code == INTERRUPTED:
        print("\nInterrupted. Nothing is half done; the next start begins anew.", flush=True)  # noqa: T201
    if code:
        sys.exit(code)


def _refuse_taken(host: str, port: int) -> None:
    """SystemExit with the way out where the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            known = not isinstance(error, socket.gaierror) and error.errno != errno.EADDRNOTAVAIL
            another = (
                f"--port {port + 1 if port < 65535 else port - 1}" if known else "--host 127.0.0.1, or 0.0.0.0 for all"
            )
            sys.exit(f"Cannot listen on {host}:{port} ({error.strerror}). Choose another: {another}")


def _granian(target: str, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until SIGINT or SIGTERM. One thread a request; the embedded database lets one write at a time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangwen.config.settings")
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        runtime_threads=1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        log_level=LogLevels(text("LOG_LEVEL", "warning").lower()),
        log_access=text("ACCESS_LOG") == "1",
    ).serve()


def _greet(url: str) -> None:
    """Print address and accounts once the site answers."""
    began = time.monotonic()
    while time.monotonic() - began < READY_WITHIN:
        try:
            with urllib.request.urlopen(f"{url}healthz/", timeout=2) as answer:  # noqa: S310 (our own address)
                if answer.status == 200:
                    break
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    from chuangwen.config.demo.accounts import shown_lines  # noqa: PLC0415

    print(f"\nChuangwen 创文 is ready: {url}   (Ctrl-C ends it)\n", flush=True)  # noqa: T201
    for line in shown_lines():
        print(f"  {line}", flush=True)  # noqa: T201
