"""A round's score for everybody: four eyes, a plain sentence, no unit unless asked, nothing of what is inside."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.notifications.models import Notice
from chuangwen.public.models import PublicSite, ReleasedFile, ScoreRelease
from chuangwen.public.scores import from_json
from chuangwen.public.services import drop_score, propose_score, release_score, take_score_back
from chuangwen.scoring.models import Run
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import StaleState
from tests.public.making import Town
from tests.support.factories import make_root, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    made = Town()
    made.leader = make_user(Role.LEADER, made.root, name="分管领导高远")
    return made


def of(release):
    return ScoreRelease.objects.select_related("run__round", "run__region", "region", "proposed_by").get(pk=release.pk)


def test_two_people_show_a_score_and_it_stays_as_it_was(town, client):
    run = town.run()
    made = propose_score(run, with_units=False, actor=town.office)
    address = town.address("scores/")
    assert client.get(address).status_code == 404
    with pytest.raises(Refusal, match="另一人"):
        release_score(of(made), actor=town.office)
    release_score(of(made), actor=town.leader)
    Run.objects.update(total=12.0)
    page = client.get(f"{address}{made.pk}/").content.decode()
    assert ("83.30" in page, "80.00至86.50" in page) == (True, True)
    assert [word for word in ("失分的单位", "梁志远", "高远", "12.00", "<img") if word in page] == []
    assert "83.30" in client.get(address).content.decode()
    assert 'href="' + address in client.get(town.address()).content.decode()
    assert list(Step.objects.filter(object_type="public.scorerelease").values_list("action", flat=True)) == [
        "propose", "release",
    ]  # fmt: skip


def test_sections_and_what_stands_beside_them_make_the_total(town, client):
    made = propose_score(town.run(), with_units=False, actor=town.office)
    parts = sum(one.attained for one in from_json(made.edition).sections)
    ScoreRelease.objects.filter(pk=made.pk).update(edition=made.edition | {"total": parts + 0.5})
    release_score(of(made), actor=town.leader)
    page = client.get(f"{town.address('scores/')}{made.pk}/").content.decode()
    assert f"各部分合计{parts:.2f}分，加分、扣分与封顶+0.50分，总分{parts + 0.5:.2f}分。" in page


def test_units_are_named_only_where_the_office_asked_for_it_and_nobody_never(town):
    with_units = from_json(propose_score(town.run(), with_units=True, actor=town.office).edition)
    assert [(one.name, one.lost) for one in with_units.units] == [("失分的单位", 1.25)]
    ReleasedFile.objects.all().delete()
    ScoreRelease.objects.all().delete()
    bare = from_json(propose_score(Run.objects.get(), with_units=False, actor=town.office).edition)
    assert (bare.units, len(bare.sections) > 0) == ((), True)


def test_what_is_not_finished_or_names_a_person_is_refused(town):
    run = town.run()
    for person in (make_user(Role.LIAISON, town.unit), make_user(Role.OFFICE, make_root())):
        with pytest.raises(PermissionDenied):
            propose_score(run, with_units=False, actor=person)
    Round.objects.update(state="running")
    run.refresh_from_db()
    with pytest.raises(Refusal, match="还没结束"):
        propose_score(run, with_units=False, actor=town.office)
    Round.objects.update(state="closed", name="办公室的梁志远的测评")
    run.refresh_from_db()
    with pytest.raises(Refusal, match="人名"):
        propose_score(run, with_units=False, actor=town.office)
    assert ScoreRelease.objects.count() == 0


def test_round_that_was_opened_again_stops_the_release(town):
    made = propose_score(town.run(), with_units=False, actor=town.office)
    Round.objects.update(state="running")
    with pytest.raises(Refusal, match="还没结束"):
        release_score(of(made), actor=town.leader)
    assert of(made).state == "proposed"


def test_it_waits_or_is_open_once_and_comes_back(town, client):
    run = town.run()
    made = propose_score(run, with_units=False, actor=town.office)
    with pytest.raises(Conflict):
        propose_score(run, with_units=True, actor=town.leader)
    drop_score(of(made), reason="再核", actor=town.leader)
    again = propose_score(run, with_units=False, actor=town.office)
    release_score(of(again), actor=town.leader)
    address = town.address(f"scores/{again.pk}/")
    assert client.get(address).status_code == 200
    take_score_back(of(again), reason="口径变了", actor=town.leader)
    assert (client.get(address).status_code, client.get(town.address("scores/")).status_code) == (404, 404)
    with pytest.raises(StaleState):
        release_score(of(again), actor=town.leader)


def test_leader_hears_and_who_proposed_hears_the_decision(town, sign_in):
    made = propose_score(town.run(), with_units=False, actor=town.office)
    assert [one.user for one in Notice.objects.all()] == [town.leader]
    page = reverse("public:score_inside", args=[made.run_id])
    assert page in sign_in(town.leader).get("/desk/").content.decode()
    assert page not in sign_in(town.office).get("/desk/").content.decode()
    drop_score(of(made), reason="再核", actor=town.leader)
    told = Notice.objects.get(user=town.office)
    assert (told.body, told.url) == ("再核", page)


def test_pages_inside_take_it_from_the_settings_to_everybody(town, sign_in, client):
    run = town.run()
    page = reverse("public:score_inside", args=[run.pk])
    office = sign_in(town.office)
    assert reverse("public:scores_inside") in office.get(reverse("public:settings")).content.decode()
    assert page in office.get(reverse("public:scores_inside")).content.decode()
    assert "提请公开" in office.get(page).content.decode()
    office.post(page, {"units": "1"})
    leader = sign_in(town.leader)
    assert "列出了单位" in leader.get(page).content.decode()
    leader.post(reverse("public:score_act", args=[run.pk, "release"]))
    made = ScoreRelease.objects.get()
    assert (made.state, "失分的单位" in Client().get(town.address(f"scores/{made.pk}/")).content.decode()) == (
        "released", True,
    )  # fmt: skip
    back = reverse("public:score_act", args=[run.pk, "take_back"])
    assert "请简单写明原因" in leader.post(back, {"reason": ""}, follow=True).content.decode()
    assert ScoreRelease.objects.get().state == "released"
    leader.post(back, {"reason": "口径变了"})
    assert ScoreRelease.objects.get().state == "taken-back"
    assert leader.post(back, {"reason": "再"}).status_code == 404
    assert leader.post(reverse("public:score_act", args=[run.pk, "burn"])).status_code == 404


def test_pages_inside_are_for_who_releases_in_the_region(town, sign_in):
    page = reverse("public:score_inside", args=[town.run().pk])
    assert sign_in(make_user(Role.LIAISON, town.unit)).get(page).status_code == 403
    assert sign_in(make_user(Role.OFFICE, make_root())).get(page).status_code == 404


def test_closed_pages_and_other_regions_show_nothing(town, client):
    made = town.score(town.run())
    other = Town()
    assert client.get(town.address(f"scores/{made.pk}/")).status_code == 200
    assert client.get(other.address(f"scores/{made.pk}/")).status_code == 404
    assert client.get(town.address("scores/0/")).status_code == 404
    waiting = town.score(town.run(), "proposed")
    assert client.get(town.address(f"scores/{waiting.pk}/")).status_code == 404
    PublicSite.objects.update(is_open=False)
    assert client.get(town.address(f"scores/{made.pk}/")).status_code == 404


def test_three_scores_cost_no_more_queries_than_one(town, client):
    town.score(town.run())
    with CaptureQueriesContext(connection) as one:
        client.get(town.address("scores/"))
    for _number in range(2):
        town.score(town.run())
    with CaptureQueriesContext(connection) as three:
        client.get(town.address("scores/"))
    assert len(three) == len(one)
