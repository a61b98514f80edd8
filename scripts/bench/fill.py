"""Fills the database that is measured, once; a stamp tells whether it is there and of which make."""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent.parent / "chuangwen"


def wanted_stamp(scale: float) -> str:
    """A digest of what the data depend on: the scale, what fills it, the tables."""
    found = hashlib.sha256(f"{scale}".encode())
    fillers = [HERE / name for name in ("sizes.py", "city.py", "matters.py", "ledger.py", "fieldwork.py", "fill.py")]
    for path in [*fillers, *sorted(PACKAGE.glob("*/migrations/*.py"))]:
        found.update(path.read_bytes())
    return found.hexdigest()


def kept(var: Path, scale: float) -> dict[str, Any] | None:
    """What an earlier run filled in, where it is still what this one would fill in."""
    path = var / "filled.json"
    if not path.exists():
        return None
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return told if told["stamp"] == wanted_stamp(scale) else None


def fill(var: Path, scale: float) -> dict[str, Any]:
    """Fill an empty, migrated database; returns rows by name and the seconds it took, and writes the stamp."""
    from django.db import transaction

    from bench import fieldwork, ledger, matters
    from bench.city import build_city
    from bench.depth import add_depth
    from bench.postgres import settle
    from bench.sizes import sizes_at
    from chuangwen.config.housekeeping import renew_statistics
    from chuangwen.core import clock

    began = time.monotonic()
    with transaction.atomic():
        city = build_city(sizes_at(scale), clock.today())
        add_depth(city)
        rows = {
            "units": city.sizes.units,
            "places": len(city.places),
            "problems": matters.add_problems(city),
            "open problems": city.sizes.open_problems,
            "photos": matters.add_photos(city),
            "steps": matters.add_history(city),
            "tasks": matters.add_tasks(city),
            "dossiers": ledger.add_dossiers(city),
            **fieldwork.add_fieldwork(city),
        }
    renew_statistics()  # as the worker does every night
    settle()
    told = {"stamp": wanted_stamp(scale), "rows": rows, "seconds": round(time.monotonic() - began, 1)}
    (var / "filled.json").write_text(json.dumps(told), "utf-8")
    return told


def main() -> None:
    """Run as a process of its own, so that the memory it takes is given back before anything is measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--var", type=Path, required=True)
    parser.add_argument("--scale", type=float, required=True)
    args = parser.parse_args()
    import django

    django.setup()
    fill(args.var, args.scale)


if __name__ == "__main__":
    main()
