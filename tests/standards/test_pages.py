"""The pages of standards: who may open them, what they show, how many queries they cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from chuangwen.accounts.roles import Role
from chuangwen.standards.models import PlaceType, ProblemType, StandardVersion, name_in_language
from tests.standards.making import publish_small
from tests.support.factories import make_root, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def version(root):
    return publish_small(root.region)


@pytest.fixture
def office(root):
    return make_user(Role.OFFICE, root)


def address(name, version, *args):
    return reverse(f"standards:{name}", args=[version.slug, version.version, *args])


def pages(version):
    types = reverse("standards:problem-type", args=[ProblemType.objects.get(region=version.region).pk])
    place = reverse("standards:place-type", args=[PlaceType.objects.filter(region=version.region).first().pk])
    compare = f"{reverse('standards:compare')}?old={version.pk}&new={version.pk}"
    return [
        address("version", version), address("checklists", version), address("checklist", version, "market"),
        address("download", version, "yaml"), types, place, compare,
    ]  # fmt: skip


def test_pages_open_for_readers_of_the_region(sign_in, root, version):
    client = sign_in(make_user(Role.LIAISON, root))
    assert [client.get(page).status_code for page in pages(version)] == [200] * 7


def test_pages_are_hidden_from_another_region(sign_in, version):
    client = sign_in(make_user(Role.OFFICE, make_root()))
    assert [client.get(page).status_code for page in pages(version)] == [404] * 7


def test_pages_are_closed_to_who_has_no_use_for_them(sign_in, root, version):
    client = sign_in(make_user(Role.KEEPER, root))
    assert {client.get(page).status_code for page in [*pages(version), reverse("standards:list")]} == {403}


def test_pages_lead_the_nameless_to_sign_in(client, version):
    assert {client.get(page).status_code for page in pages(version)} == {302}


@pytest.mark.parametrize("name", ["import", "ship"])
def test_writing_pages_are_for_the_office(sign_in, root, name):
    client = sign_in(make_user(Role.LIAISON, root))
    assert client.post(reverse(f"standards:{name}")).status_code == 403


def test_ship_is_never_done_by_reading(sign_in, office):
    assert sign_in(office).get(reverse("standards:ship")).status_code == 405
    assert StandardVersion.objects.count() == 0


def test_empty_list_offers_the_model_standards_to_the_office_alone(sign_in, root, office):
    assert reverse("standards:ship") in sign_in(office).get(reverse("standards:list")).content.decode()
    liaison = sign_in(make_user(Role.LIAISON, root)).get(reverse("standards:list")).content.decode()
    assert reverse("standards:ship") not in liaison


def test_ship_publishes_both_models_once(sign_in, office):
    client = sign_in(office)
    for _time in range(2):
        assert client.post(reverse("standards:ship")).status_code == 302
    rows = StandardVersion.objects.order_by("slug").values_list("slug", "criteria_count")
    assert len(rows) == 2
    assert [count for _slug, count in rows] == [
        sum(1 for node in StandardVersion.objects.get(slug=slug).nodes.all() if node.is_leaf) for slug, _count in rows
    ]


def test_version_page_says_sections_methods_and_vetoes(sign_in, office, version):
    text = sign_in(office).get(address("version", version)).content.decode()
    assert [word in text for word in ("公共环境", "实地考察", "材料审核", "重大事故", "A = 100%")] == [True] * 5


def test_section_page_says_rule_manual_evidence_and_checks(sign_in, office, version):
    text = sign_in(office).get(address("version", version), {"section": "1"}).content.decode()
    expected = ("达标率85%以上得A，其余得B", "看过道和门口。", "文：文件至少1份，近12个月", "过道畅通", "城管部门")
    assert [word in text for word in expected] == [True] * 5


def test_version_page_speaks_english_where_the_standard_does(sign_in, office, version):
    client = sign_in(office)
    client.cookies["django_language"] = "en"
    text = client.get(address("version", version)).content.decode()
    assert "Public environment" in text
    assert "公共环境" not in text


def test_unknown_section_is_not_found(sign_in, office, version):
    assert sign_in(office).get(address("version", version), {"section": "9"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "过道"}, ["1.1"]),
        ({"method": "material"}, ["1.2"]),
        ({"place_type": "market"}, ["1.1"]),
        ({"q": "Public environment"}, ["1.1", "1.2"]),
        ({"q": "没有的词"}, []),
        ({"q": "\x00<script>"}, []),
    ],
)
def test_search_finds_criteria(sign_in, office, version, query, found):
    response = sign_in(office).get(address("version", version), query)
    assert [one.node.code for one in response.context["found"]] == found


def test_checklist_on_paper_has_a_row_a_check_and_room_to_sign(sign_in, office, version):
    text = sign_in(office).get(address("checklist", version, "market"), {"format": "print"}).content.decode()
    assert text.count("过道畅通") == 1
    assert text.count("□") == 4
    assert "测评员" in text


def test_checklist_of_an_unknown_place_type_is_not_found(sign_in, office, version):
    assert sign_in(office).get(address("checklist", version, "moon")).status_code == 404


@pytest.mark.parametrize("file_format", ["yaml", "json", "xlsx"])
def test_download_reads_back_as_the_same_standard(sign_in, office, version, file_format):
    from chuangwen.standards.fileformat import read_standard
    from chuangwen.standards.queries import tree_of

    response = sign_in(office).get(address("download", version, file_format))
    assert read_standard(response.content, f"x.{file_format}") == tree_of(version)


def test_download_in_an_unknown_format_is_not_found(sign_in, office, version):
    assert sign_in(office).get(address("download", version, "exe")).status_code == 404


def test_compare_shows_each_kind_of_change(sign_in, office, version):
    newer = publish_small(version.region, version="2027", title="路面干净整洁", points=7)
    page = reverse("standards:compare")
    query = {"old": version.pk, "new": newer.pk}
    client = sign_in(office)
    reworded = client.get(page, query | {"show": "reworded"}).content.decode()
    assert "路面干净整洁" in reworded
    assert {tab["label"]: tab["count"] for tab in client.get(page, query).context["tabs"]} == {
        "移动": 0, "改写": 1, "调分": 2, "新增": 0, "取消": 0, "不变": 1, "待确认": 0,
    }  # fmt: skip


@pytest.mark.parametrize("query", [{}, {"old": "x", "new": "1"}, {"old": "99999999999999999999", "new": "1"}])
def test_compare_of_nothing_is_not_found(sign_in, office, query):
    assert sign_in(office).get(reverse("standards:compare"), query).status_code == 404


def test_compare_of_two_standards_is_not_found(sign_in, office, version):
    other = publish_small(version.region, name="other")
    query = {"old": version.pk, "new": other.pk}
    assert sign_in(office).get(reverse("standards:compare"), query).status_code == 404


@pytest.mark.parametrize("name", ["list", "problem-types", "place-types"])
def test_list_costs_the_same_for_one_row_and_three(sign_in, root, office, name):
    client, page = sign_in(office), reverse(f"standards:{name}")
    publish_small(root.region)
    client.get(page)
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    publish_small(root.region, version="2027")
    publish_small(root.region, name="other")
    for number in range(2):
        ProblemType.objects.create(
            region=root.region, code=f"p{number}", name_zh="x", problem_class="limited", within="1d"
        )
        PlaceType.objects.create(region=root.region, code=f"t{number}", name_zh="x")
    with CaptureQueriesContext(connection) as three:
        client.get(page)
    assert len(one) == len(three)


def test_a_section_costs_the_same_however_much_is_in_it(sign_in, office, version):
    client = sign_in(office)
    client.get(address("version", version))
    with CaptureQueriesContext(connection) as overview:
        client.get(address("version", version), {"section": "1"})
    with CaptureQueriesContext(connection) as whole:
        client.get(address("version", version), {"section": "all"})
    assert len(overview) == len(whole)


def test_names_of_types_and_versions_are_in_the_readers_language(office, version):
    one = PlaceType.objects.create(region=office.region, code="road", name_zh="主干道", name_en="Main road")
    nameless = PlaceType.objects.create(region=office.region, code="lane", name_zh="背街小巷")
    rows = PlaceType.objects.filter(pk__in=[one.pk, nameless.pk]).order_by("pk")
    with override("en"):
        assert sorted(map(str, rows)) == ["Main road", "背街小巷"]
        assert sorted(rows.values_list(name_in_language(), flat=True)) == ["Main road", "背街小巷"]
        assert str(version).startswith(version.title_en or version.title_zh)
    with override("zh-hans"):
        assert str(one) == "主干道"
        assert set(rows.values_list(name_in_language(), flat=True)) == {"主干道", "背街小巷"}
