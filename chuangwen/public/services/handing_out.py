"""The files with which a stranger computes a released score again: standard, observations, places, frames, leads.

They hold the specification's columns and nothing else: no person, no paper, no problem, no photo, no address. Where the
office does not show units, the columns of units are emptied and the table of leads stays inside; total, interval and
every criterion come out to the same digits, since who answers for a row changes only who lost what.
"""

from __future__ import annotations

from chuangwen.core.files.services import read, store_bytes
from chuangwen.public.models import ReleasedFile, ScoreRelease
from chuangwen.scoring.frozen import public_copy
from chuangwen.standards.fileformat import write_standard
from chuangwen.standards.queries import tree_of

TABLES = ("observations", "places", "frames")
OF_UNITS = "leads"


def hand_out(release: ScoreRelease, *, with_units: bool) -> None:
    """Keep the release's files, each by its hash. Inside a transaction."""
    run, region = release.run, release.region
    standard = store_bytes(write_standard(tree_of(run.version), "yaml"))
    rows = [ReleasedFile(region=region, release=release, name="standard.yaml", file=standard)]
    for table in (*TABLES, OF_UNITS) if with_units else TABLES:
        kept = getattr(run, table)
        file = store_bytes(public_copy(read(kept), units=with_units))
        name = f"{table}.parquet"
        rows.append(ReleasedFile(region=region, release=release, name=name, file=file, source=kept.sha256))
    ReleasedFile.objects.bulk_create(rows)
