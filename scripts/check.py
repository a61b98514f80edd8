"""All checks that need no tests to run: lint, format, types, import rules, migrations, words, rules of the house.

Runs every one of them before it ends, so that one run names all faults.
"""

from __future__ import annotations

import subprocess
import sys

from setup import ROOT, quick_starts

BIN = ROOT / ".venv" / "bin"
CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "--quiet", "."]),
    ("types", ["mypy"]),
    ("import rules", ["lint-imports"]),
    ("migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("system check", ["python", "manage.py", "check", "--fail-level", "WARNING"]),
    ("words", ["python", "scripts/messages.py", "--check"]),
    ("keys, states, sizes, templates, documents", ["pytest", "-q", "-p", "no:cacheprovider", "tests/rules"]),
)


def main() -> int:
    failed = []
    environment = quick_starts()
    for name, (program, *arguments) in CHECKS:
        print(f"check: {name}", flush=True)
        if subprocess.run([BIN / program, *arguments], check=False, cwd=ROOT, env=environment).returncode:
            failed.append(name)
    if failed:
        print(f"check: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
