"""The command line `chuangwen`. Each command works without a running server.

standard, directives, draw and score work on files alone: they start without Django, so that a
clerk, a witness or another program can use them on any machine.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen import __version__

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (no public name)

A_CORE = 2  # processes: while one waits for its interpreter's lock or the disk, the other computes
MOST_WORKERS = 8  # unless told otherwise
# command -> (the area whose commands.py mounts it, what `chuangwen --help` says of it)
PURE = {
    "standard": ("standards", "check, convert and compare standard files"),
    "directives": ("directives", "read documents for what they ask of whom"),
    "draw": ("inspections", "draw the places to inspect, or check a draw"),
    "score": ("scoring", "score observations against a standard"),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    words = sys.argv[1:] if argv is None else argv
    parser = _parser(words[0] if words else "")
    if not words:
        parser.print_help(sys.stderr)
        return 2
    args = parser.parse_args(words)
    try:
        return int(args.run(args) or 0)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _parser(command: str) -> argparse.ArgumentParser:
    """The parser; of the file commands only `command` is loaded, since loading takes time."""
    parser = argparse.ArgumentParser(
        prog="chuangwen",
        description="A platform for civility campaigns (文明创建).",
        epilog="More about one: chuangwen COMMAND --help. "
        "Every command ends with 0 when done, 1 when refused (it says why), 2 when called wrongly.",
    )
    parser.add_argument("--version", action="version", version=f"chuangwen {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_serving(commands)
    _add_founding(commands)
    for name, (area, told) in PURE.items():
        if name == command:
            verbs = import_module(f"chuangwen.{area}.commands").add_parser(commands)
            if name == "score":
                _add_verifying(verbs)
        else:
            commands.add_parser(name, help=told)
    _add_audit(commands)
    _add_backup(commands)
    return parser


def _add_serving(commands: Subparsers) -> None:
    serve = _command(commands, "serve", "serve pages", "Until it is interrupted. Settings: docs/operations.md.")
    demo = _command(
        commands, "demo", "fill a demo campaign, serve it and work, all in one process",
        "The accounts are printed once it answers. A real site is never filled: the demo has data of its own.",
    )  # fmt: skip
    for parser, threads in ((serve, 2), (demo, 4)):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
        parser.add_argument("--port", type=_port, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument(
            "--threads", type=_positive, default=threads, help=f"requests at once in a process (default: {threads})"
        )
    workers = min(A_CORE * (os.cpu_count() or 1), MOST_WORKERS)
    serve.add_argument(
        "--workers", type=_positive, default=workers, help="processes (default: two a core, at most eight)"
    )
    demo.add_argument("--reset", action="store_true", help="forget the data of the embedded site and start anew")
    serve.set_defaults(run=_late("chuangwen.config.serving", "serve"))
    demo.set_defaults(run=_late("chuangwen.config.serving", "demo"))
    work = _command(
        commands,
        "work",
        "run queued and daily work",
        "Until it is interrupted, beside “serve”: imports, exports, reminders.",
    )
    work.set_defaults(run=_late("chuangwen.config.serving", "work"))


def _add_founding(commands: Subparsers) -> None:
    found = _command(
        commands, "found", "make the first region of an empty site and its administrator",
        "The administrator's first password is printed once.",
    )  # fmt: skip
    found.add_argument("name", metavar="NAME", help="the region as people call it: 云溪市")
    found.add_argument("--code", required=True, help="short and lasting: yunxi")
    found.add_argument(
        "--admin", default="admin", metavar="ACCOUNT", help="the administrator's account (default: admin)"
    )
    found.add_argument("--person", default="", metavar="NAME", help="the administrator's name")
    found.set_defaults(run=_late("chuangwen.config.founding", "found"))


def _add_audit(commands: Subparsers) -> None:
    audit = _command(commands, "audit", "verify the chain of what was done")
    verbs = audit.add_subparsers(dest="verb", required=True, metavar="VERB")
    verify = _command(verbs, "verify", "say ok, or name the first broken entry", "Ends with 1 where a chain is broken.")
    verify.add_argument("--region", default="", metavar="CODE", help="only this region's chain")
    verify.add_argument("--heads", type=Path, metavar="FILE", help="compare with what “audit head” printed earlier")
    verify.set_defaults(run=_late("chuangwen.config.site_commands", "verify_audit"))
    head = _command(verbs, "head", "print the heads of the chains, to be kept elsewhere")
    head.set_defaults(run=_late("chuangwen.config.site_commands", "print_heads"))


def _add_verifying(verbs: Subparsers) -> None:
    verify = _command(
        verbs, "verify", "compute a run of this site again from its frozen input",
        "Ends with 1 where a frozen file or a figure differs, which it names.",
    )  # fmt: skip
    verify.add_argument("number", type=_positive, metavar="RUN", help="the run's number, as in its address")
    verify.set_defaults(run=_late("chuangwen.config.site_commands", "verify_score"))


def _add_backup(commands: Subparsers) -> None:
    backup = _command(
        commands,
        "backup",
        "write database and files into one archive",
        "Ends with 1 where bytes of a file were missing.",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="a new file, never one that is there: 2026-11-22.tar")
    backup.set_defaults(run=_late("chuangwen.config.site_commands", "back_up"))
    restore = _command(
        commands, "restore", "bring a site back from an archive", "All or nothing: a damaged archive changes nothing."
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="what “backup” wrote")
    restore.add_argument("--yes", action="store_true", help="replace the data that is there")
    restore.set_defaults(run=_late("chuangwen.config.site_commands", "restore"))


def _command(commands: Subparsers, name: str, told: str, more: str = "") -> argparse.ArgumentParser:
    """A command whose own help begins with what the list of commands says of it."""
    return commands.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.", epilog=more or None)


def _late(module: str, name: str) -> Any:
    """A command that imports its module when it runs and not when help is shown."""

    def run(args: argparse.Namespace) -> Any:
        from chuangwen.config.refusing import site_told  # noqa: PLC0415 (file commands start without Django)

        with site_told():
            return getattr(import_module(module), name)(args)

    return run


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None


def _positive(text: str) -> int:
    number = _number(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _port(text: str) -> int:
    number = _number(text)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError("must lie between 1 and 65535")
    return number


if __name__ == "__main__":
    sys.exit(main())
