"""Measures the program at its target size and writes docs/benchmarks.md. Only this machine is asked.

scripts/bench.py                      the whole city; the data are kept for the next run
scripts/bench.py --full               also 300 people, acts, long work, 10 and 100 million observations, directives
scripts/bench.py --scale 0.05         a quick look
scripts/bench.py --data DIR           the data in DIR, as they are
scripts/bench.py --postgres --people 300   on PostgreSQL; written beside the other page, without acts and long work
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import serving

ROOT = Path(__file__).resolve().parent.parent
SCORED = [10_000_000, 100_000_000]  # observations
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]


def main(argv: list[str] | None = None) -> int:
    args = _arguments(argv)
    told = _kept(args)
    with contextlib.ExitStack() as stack:
        environment = _environment(args.var)
        if args.postgres:
            from bench import postgres

            environment["DATABASE_URL"] = stack.enter_context(postgres.database(args.var / "postgresql"))
        return _run(args, environment, told or _filled(args, environment))


def _run(args: argparse.Namespace, environment: dict[str, str], told: dict[str, Any]) -> int:
    os.environ.update(environment)
    import django

    django.setup()
    figures = _measure(args, environment, told)
    from bench import report

    print("\n".join(report.table(figures)))
    if args.slow:
        print("\n".join(report.slowest(figures)))
    args.report.write_text(report.page(figures), "utf-8")
    (args.var / "figures.json").write_text(json.dumps(report.as_json(figures)), "utf-8")
    print(f"bench: written to {args.report}")
    return 1 if figures.refused else 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="of the target size (default: 1)")
    parser.add_argument("--fresh", action="store_true", help="fill in anew even if the data are there")
    parser.add_argument("--clients", type=int, default=8, help="requests at once (default: 8)")
    parser.add_argument("--requests", type=int, default=80, help="at most so many a page (default: 80)")
    parser.add_argument("--seconds", type=float, default=2, help="at most so long a page and way (default: 2)")
    parser.add_argument("--workers", type=int, default=0, help="processes of the server (default: as it starts itself)")
    parser.add_argument("--full", action="store_true", help="--people 300 --acts --scoring --reading")
    parser.add_argument("--people", type=int, default=0, help="simulate people with think time")
    parser.add_argument("--minutes", type=float, default=2, help="for how long (default: 2)")
    parser.add_argument("--acts", type=int, nargs="?", const=25, default=0, metavar="N", help="acts, long work")
    parser.add_argument("--scoring", type=int, nargs="*", default=[], metavar="ROWS")
    parser.add_argument("--reading", action="store_true", help="how well documents are read for directives")
    parser.add_argument("--postgres", action="store_true", help="instead of SQLite; pages and people only")
    parser.add_argument("--slow", action="store_true", help="name the slowest queries")
    parser.add_argument("--var", type=Path, help="where the data lie (default: var/bench/SCALE)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="use these, even if another version filled them in")
    parser.add_argument("--empty", type=Path, metavar="FILE", help="fill a copy of this SQLite file, migrated already")
    parser.add_argument("--report", type=Path, help="default: docs/benchmarks.md for the whole city, else beside data")
    args = parser.parse_args(argv)
    if args.full:
        args.reading = True
        args.people, args.acts, args.scoring = args.people or 300, args.acts or 25, args.scoring or SCORED
    suffix = "-postgresql" if args.postgres else ""
    args.var = (args.data or args.var or ROOT / "var" / "bench" / f"{args.scale:g}{suffix}").resolve()
    args.report = args.report or (ROOT / "docs" if args.scale == 1 else args.var) / f"benchmarks{suffix}.md"
    return args


def _environment(var: Path) -> dict[str, str]:
    """That of the site that is measured: its own data, nothing from the site around it."""
    left_out = {"DATABASE_URL", "STORAGE_URL", "DEBUG", "CHUANGWEN_DEMO", "ALLOWED_HOSTS", "SITE_URL"}
    kept = {key: value for key, value in os.environ.items() if key not in left_out}
    return kept | {
        "CHUANGWEN_VAR": str(var),
        "STATIC_ROOT": str(var / "static"),
        "DJANGO_SETTINGS_MODULE": "chuangwen.config.settings",
        "PYTHONPATH": os.pathsep.join(sys.path[:2]),
    }


def _kept(args: argparse.Namespace) -> dict[str, Any] | None:
    """What an earlier run filled in, if it may be used again; else the folder is emptied."""
    from bench.fill import kept

    if args.data:
        return json.loads((args.var / "filled.json").read_text("utf-8"))  # type: ignore[no-any-return]
    if not args.fresh and (told := kept(args.var, args.scale)):
        print(f"bench: the data in {args.var} are used again")
        return told
    shutil.rmtree(args.var, ignore_errors=True)
    args.var.mkdir(parents=True)
    if args.empty:
        shutil.copyfile(args.empty, args.var / "chuangwen.sqlite3")
    return None


def _filled(args: argparse.Namespace, environment: dict[str, str]) -> dict[str, Any]:
    from bench.fill import kept

    print(f"bench: filling {args.var}", flush=True)
    for module in (["chuangwen.config.preparing"], ["bench.fill", "--var", str(args.var), "--scale", str(args.scale)]):
        subprocess.run([sys.executable, "-m", *module], check=True, cwd=ROOT, env=environment)
    told = kept(args.var, args.scale)
    if told is None:
        raise SystemExit("The data were filled in, and yet are not those that this run needs.")
    return told


def _measure(args: argparse.Namespace, environment: dict[str, str], told: dict[str, Any]) -> Any:
    from bench import load, scoring
    from bench.pages import costs, pages
    from bench.report import Figures

    database = "PostgreSQL" if args.postgres else "SQLite"
    figures = Figures(args.scale, args.clients, database, told["rows"], told["seconds"], os.getloadavg()[0])
    figures.pages = pages()
    figures.costs = costs(figures.pages)
    with serving.server(environment, args.workers) as port:
        headers = {person: load.sign_in(port, person) for person in {page.person for page in figures.pages}}
        for page in figures.pages:
            for samples, clients in ((figures.alone, 1), (figures.crowd, args.clients)):
                samples[page.name] = load.press(
                    port, page, headers[page.person], clients=clients, count=args.requests, seconds=args.seconds
                )
        if args.people:
            seconds = args.minutes * 60
            sample = load.live(port, figures.pages[1:], headers, people=args.people, seconds=seconds)
            figures.people = (args.people, seconds, sample)
    if args.acts:
        _act(args, environment, figures)
    if args.scoring:
        figures.contest = scoring.contest(args.scoring, environment, ROOT)
    if args.reading:
        from bench import reading

        figures.reading = reading.measured()
    figures.load_after = os.getloadavg()[0]
    return figures


def _act(args: argparse.Namespace, environment: dict[str, str], figures: Any) -> None:
    """Steps and long work, on a copy that is thrown away."""
    from bench import acts, load, longwork

    todo = acts.acts(args.acts)
    with acts.copied(args.var) as var:
        aside = environment | {"CHUANGWEN_VAR": str(var)}
        with serving.server(aside, args.workers) as port:
            headers = {person: load.sign_in(port, person) for person in {act.person for act in todo}}
            figures.acts = acts.perform(port, todo, headers)
        figures.works = longwork.measured(aside, ROOT)


if __name__ == "__main__":
    serving.listen()
    sys.exit(main())
