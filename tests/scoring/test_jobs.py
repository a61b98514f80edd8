"""A run begun from the page: in the worker, with its refusals told in words."""

from __future__ import annotations

import io

import duckdb
import polars as pl
import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core.files.services import read
from chuangwen.core.jobs import run_job
from chuangwen.core.models import Job, JobState
from chuangwen.inspections.models import Draw, Observation
from chuangwen.scoring import engine
from chuangwen.scoring.engine.duck import DuckBackend
from chuangwen.scoring.models import Run
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import PlaceType
from chuangwen.standards.services import publish_standard
from tests.scoring.test_runs import STANDARD
from tests.support.factories import (
    make_campaign,
    make_place,
    make_root,
    make_round,
    make_unit,
    make_user,
)


@pytest.fixture
def round_(db):
    root = make_root()
    version, _new = publish_standard(read_standard(STANDARD.encode(), "s.yaml"), region=root.region, actor=None)
    made = make_round(make_campaign(root, version=version))
    street = make_unit(made.campaign.subject)
    market = PlaceType.objects.get(region=made.region, code="market")
    for number, value in enumerate((1.0, 0.0)):
        place = make_place(street, place_type=market, code=f"M-{number}", declared=True)
        Observation.objects.create(
            region=made.region, round=made, version=version, code="1.1", place=place, unit=street, value=value
        )
    return made


def score(round_, role=Role.OFFICE):
    """The job as it stands when it is over."""
    owner = make_user(role, round_.campaign.subject)
    params = {"round_id": round_.pk, "version_id": round_.versions.get().pk}
    job = Job.objects.create(kind="score_round", title="计分", owner_id=owner.pk, params=params)
    run_job.call(job.pk)
    job.refresh_from_db()
    return job


def test_job_scores_the_round_and_leads_to_the_run(round_):
    job = score(round_)
    run = Run.objects.get(round=round_)
    assert (job.status, job.message, job.result_url) == (JobState.DONE, "", f"/scores/{run.pk}/")


def test_job_of_who_may_not_score_computes_nothing(round_, caplog):
    job = score(round_, Role.LIAISON)
    assert (job.status, Run.objects.count()) == (JobState.FAILED, 0)
    assert "PermissionDenied" in caplog.text


def test_pool_smaller_than_what_was_seen_is_told_and_nothing_is_kept(round_):
    Draw.objects.create(region=round_.region, round=round_, pool={"market": ["M-0"]}, pool_sha256="0" * 64)
    job = score(round_)
    assert (job.status, Run.objects.count()) == (JobState.FAILED, 0)
    assert "点位类型“农贸市场”考察了2处，点位册上只有1处" in job.message
    assert job.message.endswith("请在点位册里把考察过的点位设为申报点位，再算一次。"), job.message


def test_pool_of_the_draw_is_the_frame_whatever_the_register_says_since(round_):
    Draw.objects.create(
        region=round_.region, round=round_, pool={"market": ["M-0", "M-1", "M-2"]}, pool_sha256="0" * 64
    )
    assert score(round_).status == JobState.DONE
    frames = pl.read_parquet(io.BytesIO(read(Run.objects.get().frames)))
    assert frames.select("stratum", "size").rows() == [("market", 3)]


def test_engine_has_no_names_but_its_own():
    with pytest.raises(AttributeError, match="no attribute 'guess'"):
        _ = engine.guess


def test_query_that_is_wrong_is_not_called_a_damaged_file(tmp_path):
    wrong = duckdb.BinderException("no such column")
    with (
        DuckBackend(pl.DataFrame({"subject": ["S"]}), tmp_path) as backend,
        pytest.raises(duckdb.BinderException),
        backend._reading(),
    ):
        raise wrong
