"""Sets everything up in the checkout: environment, command line, front end, words, static files.

Uses nothing but Python's own library, since it runs before anything is installed. Each step
keeps a stamp of what it was made from and is passed over while that stays the same, so that a
second run takes no time. `--dev` adds what lint and tests need.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
LEAST = (3, 11)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="also what lint and tests need")
    options = parser.parse_args()
    if sys.version_info < LEAST:
        return fail(
            "Python 3.11 or newer is needed. Install it and run again, for example: PYTHON=python3.12 make setup"
        )
    make_environment()
    lock = ROOT / ("requirements-dev.lock" if options.dev or stamped("lock-dev") else "requirements.lock")
    step("lock-dev" if lock.name == "requirements-dev.lock" else "lock", [lock], lambda: install(lock))
    step("command", [ROOT / "pyproject.toml"], install_ourselves)
    run(PYTHON, "scripts/build_frontend.py")
    run(PYTHON, "scripts/fonts.py")
    step("words", sorted(ROOT.glob("chuangwen/*/locale/*/LC_MESSAGES/*.po")), compile_words)
    step("static", [ROOT / "chuangwen/core/static/chuangwen/.built", lock], collect_static)
    return 0


def make_environment() -> None:
    """The virtual environment; on Debian its package is installed where root may."""
    if PYTHON.exists():
        return
    made = subprocess.run([sys.executable, "-m", "venv", VENV], check=False, capture_output=True, text=True)
    if made.returncode and os.geteuid() == 0 and shutil.which("apt-get"):
        shutil.rmtree(VENV, ignore_errors=True)
        apt_install("python3-venv")
        made = subprocess.run([sys.executable, "-m", "venv", VENV], check=False, capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            fail("Python cannot make a virtual environment here. Install its package: apt-get install python3-venv")
        )


def install(lock: Path) -> None:
    """Exactly the packages of the lock, each checked against its hash."""
    if not install_into(PYTHON, lock):
        sys.exit(fail(f"the packages of {lock.name} cannot be installed. See above; then run make setup again."))


def install_into(python: Path, lock: Path) -> bool:
    """The lock's packages for `python`: by uv in seconds, else by pip in minutes."""
    uv = shutil.which("uv") or own_uv()
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", lock]
        if not subprocess.run(command, check=False, cwd=ROOT).returncode:
            return True
        print("setup: uv could not; trying pip", flush=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]
    return not subprocess.run(pip, check=False, cwd=ROOT).returncode


def own_uv() -> str:
    """uv in the environment; "" where it cannot be had."""
    lock = ROOT / "scripts" / "uv.lock"
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True)
    return "" if done.returncode else str(VENV / "bin" / "uv")


def install_ourselves() -> None:
    """The package itself, editable, so that .venv/bin/chuangwen is there."""
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--no-build-isolation", "--editable", ROOT)  # fmt: skip


def compile_words() -> None:
    run(PYTHON, "scripts/messages.py", "--compile")


def collect_static() -> None:
    run(PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0")


def step(name: str, sources: list[Path], action) -> None:  # type: ignore[no-untyped-def]
    """Run `action` unless it was run for just these sources."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update(str(source.relative_to(ROOT)).encode() + source.read_bytes())
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    print(f"setup: {name}", flush=True)
    action()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest())


def stamped(name: str) -> bool:
    return (STAMPS / name).exists()


def apt_install(*packages: str) -> None:
    """Debian's packages, quietly; needs root."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def quick_starts() -> dict[str, str]:
    """The environment for many starts of Python: what it compiles is kept, where a shell forbids it beside the sources.

    Compiling anew at each start takes longer than the rest of the start.
    """
    kept = dict(os.environ)
    if kept.pop("PYTHONDONTWRITEBYTECODE", "") and "PYTHONPYCACHEPREFIX" not in kept:
        kept["PYTHONPYCACHEPREFIX"] = str(VENV / "compiled")
    return kept


def run(*command: object) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(
            fail(
                f"“{' '.join(words)}” ended with {done.returncode}. Nothing after it was set up; run make setup again."
            )
        )


def fail(message: str) -> int:
    print(f"setup: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
