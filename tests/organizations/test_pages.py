"""Pages of units and what hangs on them: by role, by a stranger, with wrong, huge and malicious input."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.organizations.enums import GroupKind, PostKind, SuccessionKind, UnitKind
from chuangwen.organizations.models import (
    ContractedArea,
    Grid,
    Group,
    Holding,
    Membership,
    Post,
    RoleGrant,
    Unit,
    UnitAlias,
    UnitSuccession,
)
from tests.organizations.making import LONG_AGO, make_city, make_holding, make_post
from tests.support.factories import DAY, make_unit, make_user

pytestmark = pytest.mark.once

EVIL = "<script>alert(1)</script>'\";--"


@pytest.fixture
def page(sign_in, city):
    return sign_in(city.office)


def unit_fields(unit, **changes):
    fields = {
        "code": unit.code, "name": unit.name, "short_name": unit.short_name, "kind": unit.kind,
        "branch": unit.branch, "peer_group": "", "parent": Unit.objects.get_parent(unit).pk,
    }  # fmt: skip
    return fields | changes


def new_fields(city, **changes):
    return unit_fields(city.urban, code="C01", name="市水务局", short_name="") | changes


def notes(page):
    return [str(note) for note in page.context["messages"]]


def test_unit_is_added_by_the_form(page, city):
    answer = page.post("/units/new/", new_fields(city, parent=city.street.pk))
    made = Unit.objects.get(code="C01")
    assert answer.url == f"/units/{made.pk}/"
    assert Unit.objects.get_parent(made).pk == city.street.pk


@pytest.mark.parametrize(
    "changes",
    [
        {"code": ""}, {"name": ""}, {"code": "x" * 25}, {"name": "长" * 81}, {"parent": 0}, {"parent": "x"},
        {"kind": "castle"}, {"branch": "both"}, {"line_authority": 10**30}, {"name": "a\x00b"}, {"code": "A01"},
    ],
)  # fmt: skip
def test_wrong_unit_is_refused_and_what_was_typed_stays(page, city, changes):
    before = Unit.objects.count()
    answer = page.post("/units/new/", new_fields(city, **{"short_name": "水务"} | changes))
    assert (answer.status_code, Unit.objects.count()) == (422, before)
    assert "水务" in answer.content.decode()
    assert answer.context["form"].errors


def test_name_with_markup_is_shown_as_text(page, city):
    page.post("/units/new/", new_fields(city, name=EVIL))
    made = Unit.objects.get(code="C01")
    for path in ("/units/", f"/units/{made.pk}/", f"/units/{made.pk}/edit/", "/units/new/"):
        assert "<script>alert" not in page.get(path).content.decode()


def test_edit_changes_facts_and_place_together(page, city):
    answer = page.post(
        f"/units/{city.school.pk}/edit/", unit_fields(city.school, short_name="教体局", parent=city.street.pk)
    )
    changed = Unit.objects.get(pk=city.school.pk)
    assert answer.url == f"/units/{city.school.pk}/"
    assert (changed.short_name, Unit.objects.get_parent(changed).pk) == ("教体局", city.street.pk)


def test_edit_that_would_hang_a_unit_below_itself_changes_nothing(page, city):
    answer = page.post(
        f"/units/{city.street.pk}/edit/", unit_fields(city.street, name="东关新街道", parent=city.community.pk)
    )
    assert answer.status_code == 422
    assert "东关新街道" in answer.content.decode()
    assert Unit.objects.get(pk=city.street.pk).name == "东关街道"


def test_edit_to_a_taken_code_says_so_beside_what_was_typed(page, city):
    answer = page.post(f"/units/{city.school.pk}/edit/", unit_fields(city.school, code="A01"))
    assert answer.status_code == 422
    assert "“A01”" in answer.content.decode()


def test_root_is_edited_without_a_parent(page, city):
    assert "parent" not in page.get(f"/units/{city.root.pk}/edit/").context["form"].fields
    fields = {"code": "root", "name": "云溪新市", "kind": "region", "branch": "territory"}
    assert page.post(f"/units/{city.root.pk}/edit/", fields).status_code == 302
    assert Unit.objects.get(pk=city.root.pk).name == "云溪新市"


def test_who_edits_a_subtree_moves_nothing_out_of_it_or_into_another(sign_in, city):
    clerk = make_user(Role.OFFICE, city.street)
    page = sign_in(clerk)
    target = f"/units/{city.community.pk}/edit/"
    assert page.post(target, unit_fields(city.community, parent=city.urban.pk)).status_code == 403
    assert page.post("/units/new/", new_fields(city, parent=city.urban.pk)).status_code == 403
    assert page.post("/units/new/", new_fields(city, parent=city.street.pk)).status_code == 302
    assert Unit.objects.get_parent(Unit.objects.get(pk=city.community.pk)).pk == city.street.pk
    area = {"name": "片区", "leader": make_post(city.root).pk, "starts": "2026-01-01"}
    assert page.post("/units/areas/new/", area | {"unit": city.urban.pk}).status_code == 403
    assert page.post("/units/areas/new/", area | {"unit": city.street.pk}).status_code == 302


def test_units_are_renamed_merged_or_split(page, city):
    answer = page.post(
        "/units/succeed/",
        {"kind": SuccessionKind.MERGED, "old": [city.urban.pk, city.street.pk], "new": [city.school.pk],
         "day": "2026-12-01"},
    )  # fmt: skip
    assert answer.url == "/units/"
    assert UnitSuccession.objects.count() == 2
    history = page.get(f"/units/{city.school.pk}/").context
    assert [row.old for row in history["before"]] == [city.urban, city.street]


@pytest.mark.parametrize(
    "changes", [{"old": []}, {"new": ["x"]}, {"day": "2026-13-40"}, {"kind": "burnt"}, {"kind": "split"}]
)
def test_wrong_succession_is_refused(page, city, changes):
    fields = {"kind": "merged", "old": [city.urban.pk, city.street.pk], "new": [city.school.pk], "day": "2026-12-01"}
    assert page.post("/units/succeed/", fields | changes).status_code == 422
    assert UnitSuccession.objects.count() == 0


def test_unit_page_shows_holders_present_first_and_what_is_below(page, city):
    post = make_post(city.street)
    people = [make_user(region=city.region) for _ in range(2)]
    make_holding(post, people[0], ends=DAY - timedelta(days=1))
    make_holding(post, people[1], starts=DAY)
    shown = page.get(f"/units/{city.street.pk}/").context
    assert [holding.user for holding in shown["holdings"]] == [people[1], people[0]]
    assert list(shown["children"]) == [city.community]
    assert shown["editing"] is True


def test_post_is_filled_left_and_told(page, city):
    person = make_user(region=city.region, name="赵敏")
    fields = {"kind": "liaison", "title": "联络员", "user": person.pk, "slot": "A", "starts": "2026-11-01"}
    assert page.post(f"/units/{city.urban.pk}/posts/", fields).url == f"/units/{city.urban.pk}/"
    held = Holding.objects.get()
    assert (held.user, held.slot, held.post.unit) == (person, "A", city.urban)
    other = make_user(region=city.region)
    told = page.post(f"/units/{city.urban.pk}/posts/", fields | {"user": other.pk}, follow=True)
    assert "2026-11-01" in " ".join(notes(told))
    page.post(f"/units/{city.urban.pk}/posts/{held.pk}/end/")
    assert Holding.objects.get().ends == DAY
    assert page.post(f"/units/{city.school.pk}/posts/{held.pk}/end/").status_code == 404


@pytest.mark.parametrize(
    "changes", [{"user": 0}, {"user": "stranger"}, {"slot": "C"}, {"kind": "king"}, {"title": "长" * 61},
                {"starts": "soon"}, {"title": ""}],
)  # fmt: skip
def test_wrong_holder_is_told_on_the_units_page(page, city, changes):
    stranger = make_user(Role.OFFICE)
    if changes.get("user") == "stranger":
        changes = {"user": stranger.pk}
    fields = {
        "kind": "liaison", "title": "联络员", "user": make_user(region=city.region).pk, "slot": "A",
        "starts": "2026-11-01",
    }  # fmt: skip
    told = page.post(f"/units/{city.urban.pk}/posts/", fields | changes, follow=True)
    assert (len(notes(told)), Holding.objects.count(), Post.objects.count()) == (1, 0, 0)


def test_role_is_given_taken_and_the_administrator_stays(page, city):
    person = make_user(region=city.region)
    page.post(f"/units/{city.urban.pk}/roles/", {"user": person.pk, "role": "liaison"})
    grant = RoleGrant.objects.get(user=person)
    page.post(f"/units/{city.urban.pk}/roles/{grant.pk}/end/")
    assert RoleGrant.objects.get(pk=grant.pk).ends == DAY - timedelta(days=1)
    last = city.admin.role_grants.get()
    told = page.post(f"/units/{city.root.pk}/roles/{last.pk}/end/", follow=True)
    assert notes(told) == ["“管理员”这个角色由管理员授予和收回。请找本地区的管理员。"]
    told = page.post(f"/units/{city.urban.pk}/roles/", {"user": person.pk, "role": "king"}, follow=True)
    assert len(notes(told)) == 1


def test_alias_is_remembered_and_finds_the_unit(page, city):
    page.post(f"/units/{city.urban.pk}/aliases/", {"name": "执法队"})
    assert UnitAlias.objects.get().unit == city.urban
    assert "云溪市城市管理局" in page.get("/units/?q=执法队").content.decode()
    for name in ("", "长" * 81, "\x00"):
        assert len(notes(page.post(f"/units/{city.urban.pk}/aliases/", {"name": name}, follow=True))) == 1
    assert UnitAlias.objects.count() == 1


def test_group_with_its_seats(page, city):
    page.post("/units/groups/new/", {"kind": "leading", "name": "创建领导小组", "office": city.root.pk})
    group = Group.objects.get()
    post = make_post(city.urban, PostKind.FIRST, "局长")
    page.post(f"/units/groups/{group.pk}/seats/", {"post": post.pk, "seat": "组长", "rank": 1})
    seat = Membership.objects.get()
    assert (seat.group, seat.post, seat.region) == (group, post, city.region)
    assert list(page.get(f"/units/groups/{group.pk}/").context["members"]) == [seat]
    page.post(f"/units/groups/{group.pk}/edit/", {"kind": "working", "name": "宣传组", "office": city.root.pk})
    assert Group.objects.get().kind == GroupKind.WORKING
    page.post(f"/units/groups/{group.pk}/seats/{seat.pk}/drop/")
    assert Membership.objects.count() == 0


@pytest.mark.parametrize("changes", [{"post": 0}, {"post": "stranger"}, {"seat": "长" * 21}, {"rank": -1}])
def test_wrong_seat_is_told(page, city, changes):
    group = Group.objects.create(region=city.region, kind="leading", name="小组", office=city.root)
    if changes.get("post") == "stranger":
        changes = {"post": make_post(make_city("邻市").urban).pk}
    fields = {"post": make_post(city.urban).pk, "seat": "成员", "rank": 9} | changes
    told = page.post(f"/units/groups/{group.pk}/seats/", fields, follow=True)
    assert (len(notes(told)), Membership.objects.count()) == (1, 0)


def test_grid_has_a_code_of_its_own(page, city):
    fields = {"code": "W-01", "name": "幸福一网格", "unit": city.community.pk}
    assert page.post("/units/grids/new/", fields).url == "/units/grids/"
    grid = Grid.objects.get()
    assert page.post(f"/units/grids/{grid.pk}/edit/", fields | {"name": "幸福网格"}).status_code == 302
    assert Grid.objects.get().name == "幸福网格"
    again = page.post("/units/grids/new/", fields)
    assert again.context["form"].errors["code"] == ["编号“W-01”已经有网格在用，请换一个编号。"]
    other = make_city("邻市")
    Grid.objects.create(region=other.region, unit=other.community, code="W-02", name="邻市网格")
    assert page.post("/units/grids/new/", fields | {"code": "W-02"}).status_code == 302


def test_contracted_area_does_not_end_before_it_begins(page, city):
    leader = make_post(city.root, PostKind.CHARGE, "副市长")
    fields = {"name": "东片", "leader": leader.pk, "unit": city.street.pk, "starts": "2026-05-01"}
    told = page.post("/units/areas/new/", fields | {"ends": "2026-04-30"})
    assert told.context["form"].errors["ends"] == ["结束日期早于起始日期，请另选日期。"]
    assert page.post("/units/areas/new/", fields | {"ends": "2026-05-01"}).status_code == 302
    area = ContractedArea.objects.get()
    page.post(f"/units/areas/{area.pk}/edit/", fields)
    assert ContractedArea.objects.get().ends is None


def test_row_of_a_second_region_stays_there_when_it_is_edited(page, city):
    """Who works for two regions edits each row inside its own."""
    other = make_city("邻市")
    RoleGrant.objects.create(region=other.region, user=city.office, role=Role.OFFICE, unit=other.root, starts=LONG_AGO)
    grid = Grid.objects.create(region=other.region, unit=other.community, code="W-9", name="邻网格")
    page.post(f"/units/grids/{grid.pk}/edit/", {"code": "W-9", "name": "邻市网格", "unit": other.community.pk})
    grid.refresh_from_db()
    assert (grid.name, grid.region) == ("邻市网格", other.region)


ROLES_THAT_EDIT = {Role.OFFICE, Role.ADMINISTRATOR}
ROLES_THAT_SEE = ROLES_THAT_EDIT | {Role.LEADER, Role.LIAISON, Role.AUDITOR}


@pytest.mark.parametrize("role", Role)
def test_pages_by_role(sign_in, city, role):
    page = sign_in(make_user(role, city.root))
    see, edit = role in ROLES_THAT_SEE, role in ROLES_THAT_EDIT
    unit = city.urban.pk
    for path in ("/units/", f"/units/{unit}/", "/units/groups/", "/units/grids/", "/units/areas/"):
        assert page.get(path).status_code == (200 if see else 403)
    for path in ("/units/new/", f"/units/{unit}/edit/", "/units/succeed/", "/units/groups/new/", "/units/grids/new/"):
        assert page.get(path).status_code == (200 if edit else 403)
    for path in ("aliases", "posts", "roles"):
        assert page.post(f"/units/{unit}/{path}/").status_code == (302 if edit else 403)
        assert page.get(f"/units/{unit}/{path}/").status_code == (405 if edit else 403)


def test_reader_sees_a_grid_without_the_button_and_changes_nothing(sign_in, city):
    grid = Grid.objects.create(region=city.region, unit=city.community, code="W-1", name="网格")
    page = sign_in(make_user(Role.LEADER, city.root))
    address = f"/units/grids/{grid.pk}/"
    answer = page.get(address)
    assert (answer.status_code, answer.context["page_actions"]) == (200, [])
    fields = {"code": "X", "name": "改", "unit": city.community.pk}
    page.post(address, fields)
    assert page.post(f"{address}edit/", fields).status_code == 403
    assert Grid.objects.get().name == "网格"


def test_stranger_from_another_region_finds_nothing(sign_in, city):
    holding = make_holding(make_post(city.urban), city.office)
    grant = city.office.role_grants.get()
    group = Group.objects.create(region=city.region, kind="leading", name="小组", office=city.root)
    grid = Grid.objects.create(region=city.region, unit=city.community, code="W-1", name="网格")
    page = sign_in(make_city("邻市").office)
    unit = city.urban.pk
    assert "云溪市" not in page.get("/units/").content.decode()
    gets = [f"/units/{unit}/", f"/units/{unit}/edit/", f"/units/groups/{group.pk}/", f"/units/grids/{grid.pk}/"]
    posts = [
        f"/units/{unit}/aliases/", f"/units/{unit}/posts/", f"/units/{unit}/posts/{holding.pk}/end/",
        f"/units/{unit}/roles/", f"/units/{city.root.pk}/roles/{grant.pk}/end/", f"/units/groups/{group.pk}/seats/",
    ]  # fmt: skip
    before = Entry.objects.count()
    assert {page.get(path).status_code for path in gets} == {404}
    assert {page.post(path, {"name": "x"}).status_code for path in posts} == {404}
    assert Entry.objects.count() == before


@pytest.mark.parametrize("path", ["/units/", "/units/groups/", "/units/grids/", "/units/areas/"])
def test_list_costs_the_same_whatever_its_rows(sign_in, city, path):
    page = sign_in(city.office)

    def rows(number):
        for index in range(number):
            unit = make_unit(city.street, kind=UnitKind.COMMUNITY)
            post = make_post(unit, title=f"岗{index}")
            make_holding(post, city.office)
            Membership.objects.create(
                region=city.region, post=post, seat="成员",
                group=Group.objects.create(region=city.region, kind="working", name=unit.name, office=unit),
            )  # fmt: skip
            Grid.objects.create(region=city.region, unit=unit, code=unit.code, name=unit.name, worker=post)
            ContractedArea.objects.create(region=city.region, leader=post, unit=unit, name=unit.name, starts=LONG_AGO)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert page.get(path).status_code == 200
        return len(asked)

    rows(1)
    page.get(path)
    one = cost()
    rows(3)
    assert cost() == one


def test_tab_of_lacking_posts_and_the_desk_line_agree(page, city):
    person = make_user(region=city.region)
    for kind in (PostKind.FIRST, PostKind.ACTING, PostKind.LIAISON):
        make_holding(make_post(city.urban, kind, "岗"), person)
    listing = page.get("/units/?tab=lacking").context["listing"]
    assert [row.code for row in listing.slice.rows] == ["A02", "B01", "B0101"]
    desk = page.get("/desk/").context["groups"].decide
    assert [item.count for item in desk if item.url == "/units/?tab=lacking"] == [3]
