"""A stranger computes a released score again from the public files, with the same digits, and reads no unit unasked."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.config import cli
from chuangwen.core import clock
from chuangwen.inspections.models import Observation
from chuangwen.public.models import PublicSite, ReleasedFile, ScoreRelease
from chuangwen.public.services import propose_score, release_score, take_score_back
from chuangwen.responsibilities.models import Assignment
from chuangwen.scoring.models import Run
from chuangwen.scoring.services import run_scoring
from chuangwen.workflow.models import Step
from tests.inspections.results_making import make_judging
from tests.support.factories import NOON, make_place, make_place_type, make_user

pytestmark = pytest.mark.django_db
TABLES = ["observations.parquet", "places.parquet", "frames.parquet"]


class Town:
    """A finished round with places of two markets, a graded material, a bonus and who leads."""

    def __init__(self) -> None:
        self.judging = make_judging()
        root, version, round_ = self.judging.root, self.judging.version, self.judging.round
        kind = make_place_type(root.region, code="stall")
        for number, value in enumerate((1.0, 1.0, 0.0)):
            place = make_place(self.judging.bureau, place_type=kind, declared=True, code=f"S-{number}")
            Observation.objects.create(
                region=root.region, round=round_, version=version, code="1.2", place=place, unit=self.judging.bureau,
                value=value,
            )  # fmt: skip
        make_place(
            self.judging.bureau, place_type=kind, declared=True, code="S-unseen"
        )  # so that the draw has an error
        Assignment.objects.create(
            region=root.region, campaign=round_.campaign, node=self.judging.leaf("2.1"), unit=self.judging.bureau,
            share="lead",
        )  # fmt: skip
        self.judging.confirmed("2.1")
        self.judging.confirmed("P1", kind="bonus", value=1.5)
        self.run: Run = run_scoring(round_, version, actor=None)
        Round.objects.update(state="closed")
        self.run.refresh_from_db()
        self.office, self.leader = self.judging.office, make_user(Role.LEADER, root)
        PublicSite.objects.create(region=root.region, is_open=True, office_name="市创建办", telephone="0571-8800")

    def released(self, *, with_units: bool) -> ScoreRelease:
        made = propose_score(self.run, with_units=with_units, actor=self.office)
        found = ScoreRelease.objects.select_related("run__round", "region").get(pk=made.pk)
        release_score(found, actor=self.leader)
        return found

    def address(self, release: ScoreRelease, name: str = "") -> str:
        return f"/public/{self.judging.root.region.code}/scores/{release.pk}/{name}"


@pytest.fixture
def town() -> Any:
    with clock.at(NOON):
        yield Town()


def computed(town: Town, client: Any, release: ScoreRelease, folder: Path) -> Path:
    """What the command line makes of the downloaded files."""
    for row in ReleasedFile.objects.filter(release=release):
        answer = client.get(town.address(release, row.name))
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == row.file.sha256
        (folder / row.name).write_bytes(answer.content)
    given = [f"--{one}={folder / one}.parquet" for one in ("observations", "places", "frames", "leads")
             if (folder / f"{one}.parquet").exists()]  # fmt: skip
    out = folder / "out"
    call = ["score", "run", f"--standard={folder / 'standard.yaml'}", *given, "--missing", "exclude", f"--out={out}"]
    assert cli.main(call) == 0
    return out


def same_digits(town: Town, out: Path) -> None:
    row = pl.read_parquet(out / "subjects.parquet").row(0, named=True)
    for name in ("total", "se", "low", "high", "bonus", "penalty"):
        kept = getattr(town.run, name)
        assert (row[name] is None) == (kept is None)
        if kept is not None:
            assert row[name] == pytest.approx(kept, abs=1e-9)
    nodes = {one["code"]: one for one in pl.read_parquet(out / "nodes.parquet").iter_rows(named=True)}
    kept_nodes = list(town.run.nodes.all())
    assert len(kept_nodes) == len(nodes) > 5
    for node in kept_nodes:
        assert nodes[node.code]["assessed"] == node.assessed
        assert (nodes[node.code]["lost"] or 0) == pytest.approx(node.lost or 0, abs=1e-9)


def test_outsider_gets_the_same_digits_without_reading_any_unit(town: Town, client: Any, tmp_path: Path) -> None:
    release = town.released(with_units=False)
    out = computed(town, client, release, tmp_path)
    assert town.run.se is not None
    assert town.run.se > 1
    same_digits(town, out)
    assert [one.name for one in release.files.all()] == ["standard.yaml", *TABLES]
    for table in ("observations.parquet", "places.parquet"):
        assert pl.read_parquet(tmp_path / table)["unit"].null_count() == pl.read_parquet(tmp_path / table).height > 0
    told = [str(row) for name in TABLES for row in pl.read_parquet(tmp_path / name).rows()]
    assert [row for row in told if town.judging.bureau.code in row] == []
    raw = b"".join((tmp_path / name).read_bytes() for name in TABLES)
    assert (town.judging.bureau.code.encode() in raw, b"seen_at" in raw, b"problem" in raw) == (False,) * 3
    page = client.get(town.address(release)).content.decode()
    seen = release.files.get(name="observations.parquet")
    assert (seen.file.sha256 in page, town.run.observations.sha256 in page) == (True, True)
    assert ("--leads" in page, "chuangwen score verify" in page) == (False, True)
    assert client.get(town.address(release, "leads.parquet")).status_code == 404


def test_with_units_losses_come_out_too_and_nothing_else_is_told(town: Town, client: Any, tmp_path: Path) -> None:
    release = town.released(with_units=True)
    out = computed(town, client, release, tmp_path)
    same_digits(town, out)
    files = {one.name: one.file.sha256 for one in release.files.all()}
    assert set(files) == {"standard.yaml", *TABLES, "leads.parquet"}
    columns = ["subject", "code", "place", "value", "weight", "unit"]
    assert pl.read_parquet(tmp_path / "observations.parquet").columns == columns
    sources = {one.name: one.source for one in release.files.all()}
    assert sources["observations.parquet"] == town.run.observations.sha256
    assert sources["leads.parquet"] == town.run.leads.sha256
    losses = pl.read_parquet(out / "losses.parquet")
    mine = losses.filter(pl.col("unit") == town.judging.bureau.code)["points"].sum()
    assert mine == pytest.approx(sum(town.run.losses.filter(unit=town.judging.bureau).values_list("points", flat=True)))
    assert mine > 0


def test_files_go_with_the_release_and_the_trace_stays(town: Town, client: Any) -> None:
    proposed = propose_score(town.run, with_units=False, actor=town.office)
    assert client.get(town.address(proposed, "standard.yaml")).status_code == 404
    release = ScoreRelease.objects.select_related("run__round", "region").get(pk=proposed.pk)
    release_score(release, actor=town.leader)
    assert client.get(town.address(release, "standard.yaml")).status_code == 200
    take_score_back(release, reason="口径有误", actor=town.leader)
    assert client.get(town.address(release, "standard.yaml")).status_code == 404
    assert client.get(town.address(release)).status_code == 404
    steps = Step.objects.filter(object_type="public.scorerelease", object_id=str(release.pk)).order_by("pk")
    assert list(steps.values_list("action", "note")) == [("propose", ""), ("release", ""), ("take_back", "口径有误")]
    assert release.files.count() == 4
    assert ScoreRelease.objects.get(pk=release.pk).edition["total"] == town.run.total


def test_page_inside_tells_nothing_of_files_and_the_trace_is_read_there(town: Town, sign_in: Any) -> None:
    release = town.released(with_units=False)
    take_score_back(release, reason="口径有误", actor=town.leader)
    page = sign_in(town.office).get(reverse("public:score_inside", args=[town.run.pk])).content.decode()
    assert "口径有误" in page
