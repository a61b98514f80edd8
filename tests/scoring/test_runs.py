"""A run over a round: frozen, kept, computed again, and walked from the total to the place."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from django.db.models import Sum

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from chuangwen.inspections.models import Observation
from chuangwen.places.models import Place
from chuangwen.responsibilities.models import Assignment
from chuangwen.scoring.engine import BadInput
from chuangwen.scoring.frozen import Frozen
from chuangwen.scoring.models import Loss, NodeResult, Run
from chuangwen.scoring.queries import losses, results, runs
from chuangwen.scoring.queries.loss_lines import By, LossBook, loss_lines
from chuangwen.scoring.refusals import refusal_of
from chuangwen.scoring.services import run_scoring, verify_run
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import PlaceType
from chuangwen.standards.services import publish_standard
from tests.support.factories import (
    make_campaign,
    make_place,
    make_place_type,
    make_root,
    make_round,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db

STANDARD = """
urn: urn:chuangwen:standard:run-test
version: "1"
title: 测试
subject: city
scale: 100
place_types: [{code: market, name: 农贸市场}]
nodes:
  - code: "1"
    title: 公共环境
    children:
      - {code: "1.1", title: 整洁, points: 60, method: field, place_types: [market]}
      - {code: "1.2", title: 有序, points: 40, method: field, place_types: [market]}
  - code: "2"
    title: 材料
    children:
      - {code: "2.1", title: 台账, points: 20, method: material}
problem_types: [{code: litter, name: 垃圾, class: immediate, within: 2h}]
checks:
  - {code: c1, place_types: [market], text: 整洁, criteria: ["1.1"], problem_type: litter}
  - {code: c2, place_types: [market], text: 有序, criteria: ["1.2"], problem_type: litter}
"""


@pytest.fixture
def round_():
    """Two keepers' markets: the first met half of 1.1, the second nothing of 1.2."""
    root = make_root()
    version, _new = publish_standard(read_standard(STANDARD.encode(), "s.yaml"), region=root.region, actor=None)
    made = make_round(make_campaign(root, version=version))
    market = version.region, "market"
    first, second = make_unit(root, name="东关街道"), make_unit(root, name="西关街道")
    places = [
        make_place(unit, place_type=make_place_type(market[0], code=f"m{n}"), code=f"M-{n}", declared=True)
        for n, unit in enumerate((first, second, second))
    ]
    for place in places[1:]:
        place.place_type = places[0].place_type
        place.save()
    _see(made, version, places[0], "1.1", 1.0, 0.0)
    _see(made, version, places[1], "1.1", 1.0)
    _see(made, version, places[1], "1.2", 0.0)
    return made


def _see(round_, version, place, code, *values):
    for value in values:
        Observation.objects.create(
            region=round_.region, round=round_, version=version, code=code, place=place, unit=place.keeper, value=value
        )


def _run(round_, **kwargs) -> Run:
    return run_scoring(round_, round_.versions.get(), actor=None, **kwargs)


def test_run_total_follows_from_what_was_seen(round_):
    run = _run(round_)
    # 1.1: 2 of 3 met at 60 points, 1.2: 0 of 1 at 40, 2.1 not looked at: 60 * 2/3 of 100 assessed points
    assert math.isclose(run.total, 40.0, abs_tol=1e-9)


def test_run_missing_zero_counts_what_nobody_looked_at(round_):
    run = _run(round_, missing="zero")
    assert math.isclose(run.total, 100 * (60 * 2 / 3) / 120, abs_tol=1e-9)


def test_losses_of_units_add_up_to_the_whole_loss(round_):
    run = _run(round_)
    lost = Loss.objects.filter(run=run).aggregate(points=Sum("points"))["points"]
    assert math.isclose(lost + run.total, run.version.scale, abs_tol=1e-9)
    by_unit = {row.name: row.points for row in loss_lines(LossBook.whole(run), By.UNIT).lines}
    assert by_unit == pytest.approx({"西关街道": 40.0, "东关街道": 20.0})


def test_losses_beyond_the_first_still_add_up(round_, office, sign_in, monkeypatch):
    monkeypatch.setattr("chuangwen.scoring.views.loss_table.LINES_SHOWN", 1)
    run = _run(round_)
    page = sign_in(office).get(f"/scores/{run.pk}/")
    assert [row.name for row in page.context["losses"]] == ["西关街道"]
    assert (page.context["more_lines"], page.context["more_lost"], page.context["more_back"]) == (1, 20.0, 20.0)
    assert math.isclose(page.context["loss_sum"].points, 60.0, abs_tol=1e-9)
    whole = sign_in(office).get(f"/scores/{run.pk}/", {"losses": "all"})
    assert [row.name for row in whole.context["losses"]] == ["西关街道", "东关街道"]


def test_what_is_kept_of_places_and_misses_is_the_truth(round_):
    run = _run(round_)
    for result in NodeResult.objects.filter(run=run):
        seen = [one for one in Observation.objects.filter(round=round_, code=result.code) if one.value is not None]
        places = {one.place_id for one in seen if one.place_id}
        missed = sum(one.weight * (1 - one.value) for one in seen)
        assert (result.places, result.missed) == (len(places), pytest.approx(missed))
    assert NodeResult.objects.get(run=run, code="1.1").places == 2


def test_losses_that_nobody_carries_come_first(round_):
    Observation.objects.filter(code="1.2").update(place=None, unit=None)
    rows = loss_lines(LossBook.whole(run := _run(round_)), By.UNIT).lines
    assert (rows[0].is_nobody, round(rows[0].points, 2)) == (True, 40.0)
    assert math.isclose(losses.lost_by_nobody(run), 40.0, abs_tol=1e-9)


def test_run_losses_go_to_the_lead_where_nothing_was_seen_by_row(round_):
    version = round_.versions.get()
    lead = make_unit(round_.campaign.subject, name="市档案局")
    node = version.nodes.get(code="2.1")
    Assignment.objects.create(region=round_.region, campaign=round_.campaign, node=node, unit=lead, share="lead")
    run = _run(round_, missing="zero")
    assert math.isclose(Loss.objects.get(run=run, unit=lead).points, 100 * 20 / 120, abs_tol=1e-9)


def test_run_without_observations_is_refused(round_):
    Observation.objects.all().delete()
    with pytest.raises(Refusal):
        _run(round_)
    assert not Run.objects.exists()


def test_run_under_a_standard_of_another_round_is_refused(round_):
    other = make_round(make_campaign(make_root()))
    with pytest.raises(Refusal):
        run_scoring(round_, other.versions.get(), actor=None)


def test_run_is_audited_with_the_hash_of_its_input(round_):
    run = _run(round_)
    entry = Entry.objects.get(action="scoring.run")
    assert entry.data["observations"] == run.observations.sha256


def test_verify_agrees_with_an_untouched_run(round_):
    assert verify_run(_run(round_)) == []


def test_verify_names_what_somebody_changed(round_):
    run = _run(round_)
    Run.objects.filter(pk=run.pk).update(total=90)
    NodeResult.objects.filter(run=run, code="1.2").update(share=1)
    run.refresh_from_db()
    assert verify_run(run) == ["total", "1.2"]


def test_later_observations_do_not_change_a_run(round_):
    run = _run(round_)
    place = Observation.objects.filter(code="1.2").get().place
    _see(round_, round_.versions.get(), place, "1.2", 0.0, 0.0)
    leaf = NodeResult.objects.get(run=run, code="1.2")
    assert [(one.seen, round(one.lost, 2)) for one in results.places_of(run, leaf)] == [(1, 40.0)]
    assert verify_run(run) == []


def test_what_is_seen_while_a_run_computes_is_not_in_it(round_):
    """The frozen input decides every figure, the number of places too."""
    late = make_place(make_unit(round_.campaign.subject), place_type=PlaceType.objects.first(), declared=True)
    told = []

    def see_another(words):
        if not told:
            _see(round_, round_.versions.get(), late, "1.1", 0.0)
        told.append(words)

    run = _run(round_, tell=see_another)
    assert (bool(told), run.rows, run.drawn_places) == (True, 4, 2)
    assert math.isclose(run.total, 40.0, abs_tol=1e-9)
    again = _run(round_)
    assert (again.rows, again.drawn_places) == (5, 3)


def test_places_of_a_criterion_add_up_to_its_loss(round_):
    run = _run(round_)
    leaf = NodeResult.objects.get(run=run, code="1.1")
    assert math.isclose(sum(one.lost for one in results.places_of(run, leaf)), leaf.lost, abs_tol=1e-9)


@pytest.fixture
def office(round_):
    return make_user(Role.OFFICE, round_.campaign.subject)


def test_result_page_shows_total_and_units(round_, office, sign_in):
    run = _run(round_)
    page = sign_in(office).get(f"/scores/{run.pk}/").content.decode()
    assert "40.00" in page
    assert "西关街道" in page


def test_result_page_compares_with_the_round_before_under_the_same_standard(round_, office, sign_in):
    run = _run(round_)
    assert "上一轮" not in sign_in(office).get(f"/scores/{run.pk}/").content.decode()
    earlier = make_round(round_.campaign, name="春季回头望", starts=round_.starts - timedelta(days=90))
    before = Run.objects.create(
        region=run.region, round=earlier, version=run.version, total=31.5, observations=run.observations,
        frames=run.frames, leads=run.leads, places=run.places, made_by=run.made_by, rows=1,
    )  # fmt: skip
    Run.objects.create(
        region=run.region,
        round=earlier,
        version=run.version,
        total=None,
        observations=run.observations,
        frames=run.frames,
        leads=run.leads,
        places=run.places,
        rows=1,
    )
    for one in NodeResult.objects.filter(run=run):
        one.pk, one.run = None, before
        one.save()
    page = sign_in(office).get(f"/scores/{run.pk}/").content.decode()
    assert f'上一轮是<a href="/scores/{before.pk}/">春季回头望</a>，31.50分。' in page
    assert "多8.50分" in page
    assert runs.run_before(before) is None


def test_unit_of_a_result_opens_what_it_lost_down_to_the_criterion(round_, office, sign_in):
    run = _run(round_)
    loss = Loss.objects.filter(run=run, unit__name="西关街道").first()
    page = sign_in(office).get(f"/scores/{run.pk}/?unit={loss.unit_id}").content.decode()
    assert f"?by=unit&amp;line={loss.unit_id}&amp;node=1&amp;leaf={loss.code}#drill" in page
    for odd in ("x", "9" * 30, "-1", "²"):
        assert sign_in(office).get(f"/scores/{run.pk}/?unit={odd}").status_code == 200


@pytest.mark.parametrize("query", ["?node=1&leaf=1.1", "?node=nonsense", "?leaf=9.9&place=x", "?node=2"])
def test_result_page_survives_any_address(round_, office, sign_in, query):
    assert sign_in(office).get(f"/scores/{_run(round_).pk}/{query}").status_code == 200


def test_result_page_of_another_region_is_not_there(round_, sign_in):
    stranger = make_user(Role.OFFICE)
    assert sign_in(stranger).get(f"/scores/{_run(round_).pk}/").status_code == 404


def test_result_page_is_refused_to_a_liaison_who_sees_own_losses(round_, sign_in):
    run = _run(round_)
    unit = Loss.objects.filter(run=run, unit__name="西关街道").first().unit
    client = sign_in(make_user(Role.LIAISON, unit))
    assert client.get(f"/scores/{run.pk}/").status_code == 403
    page = client.get(f"/scores/{run.pk}/own/").content.decode()
    assert "西关街道" in page
    assert "东关街道" not in page
    lost = Loss.objects.filter(run=run, unit=unit).first()
    assert f">{lost.code}</span>" in page  # what it lost, criterion by criterion, and a way back
    assert 'href="/desk/"' in page


def test_own_losses_of_a_stranger_are_not_there(round_, sign_in):
    stranger = make_user(Role.LIAISON)
    assert sign_in(stranger).get(f"/scores/{_run(round_).pk}/own/").status_code == 404


def test_new_run_refuses_a_round_of_another_campaign(round_, office, sign_in):
    other = make_round(make_campaign(make_root()))
    response = sign_in(office).post(
        "/scores/new/", {"round": other.pk, "version": round_.versions.get().pk, "missing": "exclude"}
    )
    assert response.status_code == 422
    assert sign_in(office).post("/scores/new/").status_code == 422
    assert not Run.objects.exists()


def test_run_list_costs_the_same_for_one_and_three_runs(round_, office, sign_in, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(office)
    counts = []
    for _number in range(2):
        _run(round_)
        client.get("/scores/")
        with CaptureQueriesContext(
            connection,
        ) as queries_made:
            client.get("/scores/")
        counts.append(len(queries_made))
        _run(round_)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("wrong", "words", "way_out"),
    [
        ({"value": 1.5}, "条目1.1 整洁，点位{place}：得值1.5不在0和1之间", "请改正这条考察记录"),
        ({"weight": -2.0}, "条目1.1 整洁，点位{place}：权重-2.0不对", "请改正这条考察记录"),
        ({"code": "9.9"}, "条目9.9，点位{place}：“9.9”不是这套测评体系里的条目", "请选它所属的测评体系"),
    ],
)
def test_row_that_cannot_be_scored_is_told_by_criterion_and_place(round_, wrong, words, way_out):
    row = Observation.objects.filter(code="1.1").first()
    Observation.objects.filter(pk=row.pk).update(**wrong)
    with pytest.raises(Refusal) as caught:
        _run(round_)
    told = str(caught.value)
    assert words.format(place=f"{row.place.name} {row.place.code}") in told
    assert way_out in told
    assert "row" not in told


def test_more_places_seen_than_the_register_holds_is_told_by_their_type(round_):
    Place.objects.filter(code="M-1").update(state="closed")
    Place.objects.filter(code="M-2").update(state="closed")
    with pytest.raises(Refusal, match="考察了2处，点位册上只有1处"):
        _run(round_)


@pytest.mark.parametrize("kind", ["empty", "unknown", "weight", "value", "rate", "group", "size", "twice", ""])
@pytest.mark.parametrize("table", ["observations", "places", "frames", "leads"])
@pytest.mark.once
def test_every_kind_of_fault_has_words_and_a_way_out(round_, kind, table):
    version = round_.versions.get()
    refusal = refusal_of(
        BadInput(table, "fault", column="code", value="x", kind=kind), Frozen(b"", b"", b"", b"", 0), version
    )
    assert refusal.way_out
    assert not any(word in str(refusal) for word in ("fault", "row", "observations"))


def test_what_is_kept_has_no_digits_that_threads_decide(round_):
    run = _run(round_)
    kept = [run.total, run.se, run.low, run.high]
    kept += NodeResult.objects.values_list("share", flat=True)
    kept += Loss.objects.values_list("points", flat=True)
    figures = [figure for figure in kept if figure is not None]
    assert len(figures) > 4
    assert figures == [round(figure, 12) for figure in figures]
