"""The figures as a table on the screen and as a page of the documentation."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bench.load import THINKING, Sample
from bench.longwork import Work
from bench.pages import Cost, Page
from bench.reading import Reading
from bench.scoring import Contest, Turn

TARGET = 150.0  # milliseconds at the 95th percentile


@dataclass
class Figures:
    """All that one run measured."""

    scale: float
    clients: int
    database: str
    rows: dict[str, int]
    filled_in: float
    load_before: float
    load_after: float = 0.0
    pages: list[Page] = field(default_factory=list)
    costs: dict[str, Cost] = field(default_factory=dict)
    alone: dict[str, Sample] = field(default_factory=dict)
    crowd: dict[str, Sample] = field(default_factory=dict)
    people: tuple[int, float, Sample] | None = None
    acts: dict[str, Sample] = field(default_factory=dict)
    works: list[Work] = field(default_factory=list)
    contest: Contest | None = None
    reading: Reading | None = None

    @property
    def refused(self) -> int:
        samples = [*self.alone.values(), *self.crowd.values(), *([self.people[2]] if self.people else []),
                   *self.acts.values()]  # fmt: skip
        return sum(sample.refused for sample in samples)


def table(figures: Figures) -> list[str]:
    """The table in Markdown; it can be read on a screen as it stands."""
    n = figures.clients
    head = ["page", "alone p50", "alone p95", f"p50 ×{n}", f"p95 ×{n}", f"p99 ×{n}", "queries", "ratio alone",
            f"ratio ×{n}"]  # fmt: skip
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    plain_alone, plain_crowd = (kind[figures.pages[0].name].at(50) for kind in (figures.alone, figures.crowd))
    for page in figures.pages:
        alone, crowd = figures.alone[page.name], figures.crowd[page.name]
        times = [alone.at(50), alone.at(95), crowd.at(50), crowd.at(95), crowd.at(99)]
        ratios = [alone.at(50) / plain_alone, crowd.at(50) / plain_crowd]
        cells = [f"{time:.1f}" for time in times] + [str(figures.costs[page.name].queries)]
        rows.append([page.name, *cells, *(f"{ratio:.1f}" for ratio in ratios)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return ["| " + " | ".join(_padded(row, widths)) + " |" for row in rows]


def _padded(row: list[str], widths: list[int]) -> list[str]:
    first, *others = (
        cell if set(cell) <= set("-:") else (cell.rjust(width) if at else cell.ljust(width))
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return [first, *others]


def slowest(figures: Figures, count: int = 8) -> list[str]:
    """The dearest pages with the statement that took longest, for whoever wants to mend them."""
    ranked = sorted(figures.costs.items(), key=lambda item: -item[1].seconds)[:count]
    return [f"{name}: {cost.seconds:.3f} s in {cost.queries} queries; {cost.slowest[:600]}" for name, cost in ranked]


def page(figures: Figures) -> str:
    """docs/benchmarks.md."""
    parts = [_opening(figures), _pages_part(figures)]
    if figures.people:
        parts.append(_people_part(*figures.people))
    if figures.acts:
        parts.append(_acts_part(figures))
    if figures.contest:
        parts.append(_scoring_part(figures.contest))
    if figures.reading:
        parts.append(_reading_part(figures.reading))
    return "\n".join(parts)


def _opening(figures: Figures) -> str:
    cores = os.cpu_count() or 1
    rows = ", ".join(f"{count:,} {name}" for name, count in figures.rows.items())
    before, after = figures.load_before, figures.load_after
    busy = (
        f"The machine was busy with other work: its load average stood at {before:.1f} when the measuring began and "
        f"at {after:.1f} when it ended, on {cores} cores. The milliseconds are therefore worse than on a machine of "
        "its own, by a factor that nobody knows; the ratios to the plain page, taken in the same run, say more."
        if before > cores
        else f"Nothing else ran to speak of: the load average stood at {before:.1f} when the measuring began."
    )
    return f"""# Benchmarks

`make bench` fills a city of the target size, starts the program's own server on the same machine and writes this
page. Nothing here was written by hand.

- Date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC
- Machine: {cores} cores, shared by the server, its database ({figures.database}) and the clients
- Data: {rows} (scale {figures.scale:g}); filled in {figures.filled_in:,.0f} s
- {busy}
"""


def _pages_part(figures: Figures) -> str:
    counted = len(figures.alone[figures.pages[0].name].times)
    measured = [figures.alone[page.name].at(95) for page in figures.pages[1:]]
    within = sum(time <= TARGET for time in measured)
    return f"""## Pages

Times in milliseconds from the request to the last byte, over loopback, as signed in through the sign-in page.
*Alone* is one client that asks again at once; ×{figures.clients} are {figures.clients} such clients against
`chuangwen serve` with its defaults (two processes for each core, two threads each), so the times under
×{figures.clients} are mostly waiting in line. The ratio divides a page's median by that of the plain page,
`/healthz/`, which does one trivial query. Queries are those of one request, session and person included. Percentiles
are by nearest rank over at most {counted} answers a page alone, fewer where a page is slow; with so few, p99 is
nearly the worst answer seen.

The target is {TARGET:.0f} ms at p95: {within} of {len(measured)} pages met it alone in this run. Answers that were
not a page: {figures.refused}.

{chr(10).join(table(figures))}
"""


def _people_part(people: int, seconds: float, sample: Sample) -> str:
    if not sample.times:
        return ""
    return f"""## Many people

{people} people, who share two accounts, each in a browser of her own that keeps cookies, open one of the pages above,
the desk, lists and details of problems and tasks more often than the others, and think for {THINKING[0]} to
{THINKING[1]} seconds before the next:
{len(sample.times)} pages in {seconds:.0f} s, {len(sample.times) / seconds:.1f} a second. p50
{sample.at(50):.0f} ms, p95 {sample.at(95):.0f} ms, p99 {sample.at(99):.0f} ms; answers that were not a page:
{sample.refused}.
"""


def _reading_part(reading: Reading) -> str:
    names = ("detection", "lead", "cooperate", "deadline", "frequency", "row")
    head = ["set", *names, "plain rule"]
    rows = [
        [name, *(f"{figures[each]:.2f}" for each in names), f"{reading.plain[name]['detection']:.2f}"]
        for name, figures in reading.engine.items()
    ]
    lines = [head, ["---", *["---:"] * len(names), "---:"], *rows]
    return f"""## Directives in documents

Agreement with what people marked (F1; row is the share of directives with exactly the right lead parties and
deadline), each text read with weights learned without it; docs/directives.md says how. The plain rule takes every
sentence with 要, 必须 or 应当 and is shown for detection. One core reads {reading.speed:,.0f} characters a second,
of which cleaning alone does {reading.cleaning:,.0f}.

{chr(10).join("| " + " | ".join(line) + " |" for line in lines)}
"""


def _acts_part(figures: Figures) -> str:
    plain = figures.alone[figures.pages[0].name].at(50)
    head = ["| act | times | p50 | p95 | ratio |", "| --- | ---: | ---: | ---: | ---: |"]
    rows = [
        f"| {name} | {len(one.times)} | {one.at(50):.1f} | {one.at(95):.1f} | {one.at(50) / plain:.1f} |"
        for name, one in figures.acts.items()
    ]
    works = ["| work | rows | seconds | memory at most, MB |", "| --- | ---: | ---: | ---: |"]
    works += [f"| {one.name} | {one.rows:,} | {one.seconds:.1f} | {one.megabytes:,.0f} |" for one in figures.works]
    return f"""## Acts and long work

One after another on a copy of the data, in milliseconds, with the ratio to the plain page; then what the worker does,
each in a process of its own with the program loaded.

{chr(10).join(head + rows)}

{chr(10).join(works)}
"""


WAYS = {
    "engine": "`chuangwen.scoring.engine`, files to finished scores",
    "hand": "the sums alone by hand, DuckDB's SQL",
    "pandas": "sums and totals in pandas",
}


def _scoring_part(contest: Contest) -> str:
    head = ["rows", "way", "seconds", "µs a row", "memory at most, MB", "ratio to the sums by hand"]
    lines = [head, ["---:", "---", "---:", "---:", "---:", "---:"]]
    lines += [_way(turn, contest.of("hand", turn.rows)) for turn in contest.turns]
    loop = contest.loop
    lines.append(
        [f"{loop.rows:,}", "one pass of a loop over Django's objects", f"{loop.seconds:.2f}",
         f"{loop.microseconds:.1f}", f"{loop.megabytes:.0f}", "—"]
    )  # fmt: skip
    return f"""## Scoring

Generated observations of 300 cities (fewer in short files), 400 leaves and 60 places a city, as Parquet. The engine
reads files and gives finished scores: checks, shares, tree, totals, ranks, intervals, losses of units. By hand are the
three sums over the rows alone, without checks, tree and tables out; pandas does the sums and totals and is left out
where its memory would not do; the loop reads a sample of the program's own rows from its database. Each in a process
of its own, the better of two; all ways that compute a total agree on it within a millionth of a point.

{chr(10).join("| " + " | ".join(line) + " |" for line in lines)}
"""


def _way(turn: Turn, floor: Turn | None) -> list[str]:
    ratio = f"{turn.seconds / floor.seconds:.2f}" if floor and floor.seconds else "—"
    figures = [f"{turn.seconds:.2f}", f"{turn.microseconds:.3f}", f"{turn.megabytes:.0f}", ratio]
    return [f"{turn.rows:,}", WAYS[turn.way], *figures]


def as_json(figures: Figures) -> dict[str, Any]:
    """The figures for another program."""
    return {
        "scale": figures.scale,
        "rows": figures.rows,
        "refused": figures.refused,
        "pages": {
            page.name: {
                "queries": figures.costs[page.name].queries,
                "alone_p95": figures.alone[page.name].at(95),
                "crowd_p95": figures.crowd[page.name].at(95),
            }
            for page in figures.pages
        },
        "acts": {name: len(sample.times) for name, sample in figures.acts.items()},
        "works": {work.name: work.rows for work in figures.works},
        "people": len(figures.people[2].times) if figures.people else None,
        "scoring": figures.contest.lengths if figures.contest else None,
    }
