"""The ladder of areas as import-linter's contract in pyproject.toml states it: one source for all rules."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "chuangwen"


def rungs() -> dict[str, int]:
    """area -> its rung, the lowest 0; siblings share a rung."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    layers = next(one for one in contracts if one["id"] == "ladder")["layers"]
    return {
        name.strip().strip("()"): number for number, layer in enumerate(reversed(layers)) for name in layer.split("|")
    }


def sources(*folders: str) -> list[Path]:
    """Python files below the folders of the checkout, migrations left out."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts and "node_modules" not in path.parts]


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
