"""Grids with their visits, contracted areas settled piece by piece, posts that change hands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.handing_over import hand_over, note_visit, sign_handover
from chuangwen.organizations.models import ContractedArea, Grid, GridVisit, Handover, Holding, Post
from tests.config.doors import picture
from tests.support.factories import make_campaign, make_problem, make_root, make_task, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """A street with a community; who leads it, the office."""
    root = make_root()
    street = make_unit(root, name="东街", kind="street", branch="territory")
    community = make_unit(street, name="钟楼社区", kind="community", branch="territory")
    return root, street, community, make_user(Role.OFFICE, root)


def test_grid_counts_households_and_the_lists_say_where_one_is_missing(town, sign_in):
    root, street, community, office = town
    bare = make_unit(street, name="东塔社区", kind="community", branch="territory")
    grid = Grid.objects.create(
        region=root.region, unit=community, code="W1", name="一网格", households=100, estates="新村\n百货宿舍",
        standards="公示栏齐全",
    )  # fmt: skip
    keeper, stranger = make_user(Role.LIAISON, community), make_user(Role.LIAISON, bare)
    with pytest.raises(Refusal, match="100户"):
        note_visit(grid, day=clock.today(), households=101, about="宣传", actor=keeper)
    with pytest.raises(PermissionDenied):
        note_visit(grid, day=clock.today(), households=1, about="宣传", actor=stranger)
    client = sign_in(keeper)
    page, visits = f"/units/grids/{grid.pk}/", f"/units/grids/{grid.pk}/visits/"
    for households in (30, 20):
        sent = {"day": clock.today().isoformat(), "households": households, "about": "发倡议书"}
        assert client.post(visits, sent).status_code == 302
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    answer = client.post(visits, {"day": tomorrow, "households": 5, "about": "敲门宣传"})
    assert (answer.status_code, list(answer.context["form"].errors), answer.context["called"]) == (422, ["day"], 50)
    assert 'value="敲门宣传"' in answer.content.decode()
    note_visit(grid, day=date(2020, 1, 1), households=9, about="旧年", actor=office)
    shown = client.get(page)
    assert shown.context["called"] == 50
    for words in ("百货宿舍", "公示栏齐全", "发倡议书"):
        assert words in shown.content.decode()
    assert client.get(f"{page}edit/").status_code == 403
    assert sorted(GridVisit.objects.values_list("households", flat=True)) == [9, 20, 30]
    client = sign_in(office)
    rows = client.get("/units/grids/?tab=bare").context["listing"].slice.rows
    assert [(row.name, row.called) for row in rows] == [("一网格", 50)]
    rows = client.get("/units/?tab=ungridded").context["listing"].slice.rows
    assert [row.name for row in rows] == ["东塔社区"]
    make_campaign(root)
    told = {one.key: (one.total, one.bare) for one in client.get("/coverage/").context["kinds"]}
    assert (told["communities"], told["grids"]) == ((2, 1), (1, 1))
    with CaptureQueriesContext(connection) as one:
        client.get("/units/grids/")
    for number in (2, 3):
        Grid.objects.create(region=root.region, unit=bare, code=f"W{number}", name="网格")
    with CaptureQueriesContext(connection) as three:
        client.get("/units/grids/")
    assert len(one) == len(three)


def test_area_is_settled_when_nothing_below_it_is_open(town, sign_in):
    root, street, community, office = town
    leader = Post.objects.create(region=root.region, unit=root, kind="charge", title="副市长")
    area = ContractedArea.objects.create(
        region=root.region, leader=leader, unit=street, name="东片", starts=date(2020, 1, 1)
    )
    client, page = sign_in(office), f"/units/areas/{area.pk}/"
    assert "已销账" in client.get(page).content.decode()
    task = make_task(community, campaign=make_campaign(root), title="清理楼道", state="accepted")
    problem = make_problem(make_unit(root), territory=community, title="积水")
    shown = client.get(page).content.decode()
    assert "清理楼道" in shown
    assert "积水" in shown
    assert "已销账" not in shown
    type(task).objects.filter(pk=task.pk).update(state="confirmed")
    type(problem).objects.filter(pk=problem.pk).update(state="closed")
    assert "已销账" in client.get(page).content.decode()


def test_post_changes_hands_with_a_sheet_of_what_is_open_that_both_sign(town, sign_in):
    root, street, community, office = town
    post = Post.objects.create(region=root.region, unit=street, kind=PostKind.LIAISON, title="联络员")
    leaving, coming = make_user(Role.LIAISON, street), make_user(region=root.region)
    holding = Holding.objects.create(region=root.region, post=post, user=leaving, starts=date(2020, 1, 1))
    make_task(street, campaign=make_campaign(root), title="清理楼道", state="accepted")
    make_task(community, title="别家的事", state="accepted")
    make_problem(street, title="积水")
    client = sign_in(office)
    page = f"/units/holdings/{holding.pk}/hand-over/"
    shown = client.get(page).content.decode()
    assert "清理楼道" in shown
    assert "积水" in shown
    assert "别家的事" not in shown
    assert client.post(page, {"coming": leaving.username, "day": clock.today().isoformat()}).status_code == 422
    sent = {"coming": coming.username, "day": clock.today().isoformat(), "note": "钥匙在值班室"}
    assert client.post(page, sent).status_code == 302
    sheet = Handover.objects.get()
    assert [[line[0] for line in one["lines"]] for one in sheet.items] == [["清理楼道"], ["积水"]]
    holding.refresh_from_db()
    assert holding.ends == clock.today() - timedelta(days=1)
    assert post.holdings.get(ends__isnull=True).user == coming
    address = f"/units/handovers/{sheet.pk}/"
    assert set(Notice.objects.filter(url=address).values_list("user", flat=True)) == {leaving.pk, coming.pk}
    with pytest.raises(PermissionDenied):
        sign_handover(sheet, actor=office)
    for person in (leaving, coming):
        client = sign_in(person)
        assert client.get(address).context["mine"]
        assert client.post(f"{address}sign/").status_code == 302
        assert not client.get(address).context["mine"]
    sheet.refresh_from_db()
    assert sheet.is_signed
    with pytest.raises(Refusal, match="签过"):
        sign_handover(sheet, actor=coming)
    stranger = sign_in(make_user(Role.LIAISON))
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}sign/").status_code == 404


def test_sheet_signed_on_paper_is_entered_by_the_office_with_its_scan(town, sign_in):
    root, street, _community, office = town
    post = Post.objects.create(region=root.region, unit=street, kind=PostKind.OTHER, title="科员")
    leaving, coming = make_user(region=root.region), make_user(region=root.region)
    holding = Holding.objects.create(region=root.region, post=post, user=leaving, starts=date(2020, 1, 1))
    with pytest.raises(PermissionDenied):
        hand_over(holding, coming, day=clock.today(), items=[], actor=make_user(Role.LIAISON, street))
    sheet = hand_over(holding, coming, day=clock.today(), items=[], actor=office)
    client, address = sign_in(office), f"/units/handovers/{sheet.pk}/"
    assert client.get("/units/handovers/").context["listing"].total == 1
    assert client.post(f"{address}paper/", {}).status_code == 302
    scan = SimpleUploadedFile("交接单.png", picture())
    assert client.post(f"{address}paper/", {"paper": scan}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.is_signed
    assert "交接单.png" in client.get(address).content.decode()
    assert client.get("/units/handovers/?tab=signed").context["listing"].total == 1
