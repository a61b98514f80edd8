"""A Word file as PDF by LibreOffice, where it is on the machine: the only way to a PDF of an office's own layout.

LibreOffice reads a stranger's file, so it runs in a process apart (apart.py) with a profile of its own that is thrown
away: nothing that one file does to it meets the next, two run side by side, macros are off and nothing is fetched
from elsewhere. What it starts ends with it when its time is over.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from chuangwen.core.apart import ParserStopped, limit_process, run_apart

NAMES = ("soffice", "libreoffice")
MEMORY = 4 * 1024**3  # of address space: LibreOffice maps far more than it uses
GRACE_SECONDS = 5  # for the child to end what it started
# Macros off, links and pictures from elsewhere not followed (org.openoffice.Office.Common.xcs, Security)
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""


class NotConverted(Exception):  # noqa: N818  (what happened to the file)
    """LibreOffice gave no PDF in its time."""


def office_program(setting: str) -> str:
    """The path of LibreOffice; "" where there is none. `setting` names it, "" looks on PATH, "0" means: do not use."""
    if setting == "0":
        return ""
    if setting:
        return shutil.which(setting) or ""
    return next((found for name in NAMES if (found := shutil.which(name))), "")


def pdf_from_word(word: bytes, program: str, *, seconds: int, fonts: Sequence[Path] = ()) -> bytes:
    """The .docx as PDF within `seconds` by the clock on the wall, with the fonts in the folders `fonts` beside the
    machine's. Raises NotConverted."""
    try:
        made = run_apart(__name__, [program, seconds, *fonts], word, wall_seconds=seconds + GRACE_SECONDS)
    except ParserStopped as error:
        raise NotConverted(str(error)) from error
    if not made.startswith(b"%PDF-"):
        raise NotConverted("no PDF")
    return made


def main(arguments: Sequence[str]) -> None:
    """The child: a Word file on standard input, its PDF on standard output; exit status 1 where there is none."""
    program, seconds, fonts = arguments[0], int(arguments[1]), arguments[2:]
    limit_process(MEMORY, seconds)
    with TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        (folder / "paper.docx").write_bytes(sys.stdin.buffer.read())
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(PROFILE)
        (folder / ".fonts").mkdir()  # where fontconfig looks for a person's own
        for number, one in enumerate(fonts):
            (folder / ".fonts" / str(number)).symlink_to(one)
        _convert(program, folder, seconds)
        made = folder / "paper.pdf"
        if not made.exists():
            raise SystemExit(1)
        sys.stdout.buffer.write(made.read_bytes())


def _convert(program: str, folder: Path, seconds: int) -> None:
    """Run LibreOffice in a group of its own, so that all it starts ends when the time is over."""
    command = [
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--convert-to",
        "pdf:writer_pdf_Export", "--outdir", str(folder), str(folder / "paper.docx"),
    ]  # fmt: skip
    running = subprocess.Popen(  # noqa: S603 (a program that the site named, no word of the file in its arguments)
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        cwd=folder, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    try:
        running.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
