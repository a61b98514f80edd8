"""Choosing one row among thousands: what is found, what a text names, who may look, and that no page grows."""

from __future__ import annotations

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.core.fields import PickField, PicksField
from chuangwen.core.picking import SHOWN, labels_of, look_up, named, resolve, source_of
from chuangwen.organizations.enums import Branch
from chuangwen.organizations.models import Post, Unit, UnitAlias
from chuangwen.organizations.queries import units_today
from tests.support.factories import make_place, make_root, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def units(root):
    """城管局, with short name, code and alias; two streets called 中心社区."""
    line = make_unit(root, name="市城市管理局", short_name="市城管局", code="CG")
    UnitAlias.objects.create(region=root.region, unit=line, name="城管")
    streets = [make_unit(root, name="中心社区", code=code, branch=Branch.TERRITORY) for code in ("Z1", "Z2")]
    return [line, *streets]


def of(root):
    return source_of("units"), units_today(root.region).filter(depth__gt=1)


@pytest.mark.parametrize("text", ["市城市管理局", "市城管局", "城管", "CG", " 市城管局 ", "#{pk}", "{pk}"])
def test_a_unit_is_named_by_each_of_its_names(root, units, text):
    assert resolve(*of(root), text.format(pk=units[0].pk)) == [units[0]]


@pytest.mark.parametrize("text", ["", "城", "市城管局（Z1）", "#99999999999999999999", "9" * 40, "\x00", "%", "（）"])
def test_what_names_no_unit(root, units, text):
    assert resolve(*of(root), text) == []


def test_two_of_a_name_are_told_apart_by_their_codes(root, units):
    source, rows = of(root)
    labels = list(labels_of(source, rows, units).values())
    assert labels == ["市城管局", "中心社区（Z1）", "中心社区（Z2）"]
    assert [resolve(source, rows, label) for label in labels] == [[unit] for unit in units]
    assert {unit.pk for unit in resolve(source, rows, "中心社区")} == {units[1].pk, units[2].pk}


def test_code_of_figures_goes_before_a_key_of_the_same_figures(root, units):
    other = make_unit(root, name="别的", code=str(units[0].pk))
    assert resolve(*of(root), str(units[0].pk)) == [other]


def test_names_that_begin_with_the_words_stand_first_and_more_is_told(root, units):
    for number in range(SHOWN):
        make_unit(root, name=f"大城管站{number:02d}")
    found = look_up(*of(root), "城管")
    assert [len(found.options), found.more] == [SHOWN, True]
    assert look_up(*of(root), "市城 管").options[0].label == "市城管局"
    make_unit(root, name="城管一所")
    assert look_up(*of(root), "城管").options[0].label == "城管一所"


def test_lookup_is_scoped_and_costs_the_same_however_many(sign_in, root, units):
    stranger = make_root()
    client = sign_in(make_user(Role.OFFICE, root))
    make_unit(stranger, name="别城城管局")

    def answer():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get("/pick/units/", {"of": "lead", "lead": "城管"}).content.decode()
        return page, len(queries)

    answer()
    page, few = answer()
    assert "市城管局" in page
    assert "别城" not in page
    for number in range(5):
        make_unit(root, name=f"城管{number}所")
    assert answer()[1] == few


def test_sources_open_to_those_who_have_a_use_for_them(sign_in, root, client):
    assert client.get("/pick/units/").status_code == 302
    office, liaison = sign_in(make_user(Role.OFFICE, root)), make_user(Role.LIAISON, root)
    assert [office.get(f"/pick/{key}/").status_code for key in ("units", "people", "places", "nothing")] == [
        200,
        200,
        200,
        404,
    ]
    assert [sign_in(liaison).get(f"/pick/{key}/").status_code for key in ("units", "people", "inspectors")] == [
        200,
        403,
        403,
    ]


def test_places_are_those_the_person_may_see(sign_in, root, units):
    make_place(units[1], name="东市场")
    make_place(units[2], name="西市场")
    page = sign_in(make_user(Role.LIAISON, units[1])).get("/pick/places/", {"q": "市场"}).content.decode()
    assert "东市场" in page
    assert "西市场" not in page


def test_script_in_a_name_is_words(sign_in, root):
    make_unit(root, name='<b onclick="x">局</b>')
    page = sign_in(make_user(Role.OFFICE, root)).get("/pick/units/", {"q": "局"}).content.decode()
    assert "<b onclick" not in page


def test_posts_are_found_by_unit_and_title_together(root, units):
    post = Post.objects.create(region=root.region, unit=units[0], kind="liaison", title="联络员")
    source = source_of("posts")
    rows = source.rows(make_user(Role.OFFICE, root))
    assert [one.label for one in look_up(source, rows, "城管 联络").options] == ["市城管局 联络员"]
    assert resolve(source, rows, "市城管局 联络员") == [post]
    first = Post.objects.create(region=root.region, unit=units[0], kind="first", title="联络员")
    labels = labels_of(source, rows, [post, first])
    assert list(labels.values()) == ["市城管局 联络员（联络员）", "市城管局 联络员（第一责任人）"]
    assert [resolve(source, rows, label) for label in labels.values()] == [[post], [first]]


def test_filter_value_is_a_key_or_a_name(root, units):
    user = make_user(Role.OFFICE, root)
    key = str(units[0].pk)
    assert [named("units", user, text) for text in (key, "城管", "没有", "中心社区")] == [
        (key, "市城管局"), (key, "市城管局"), ("", "没有"), ("", "中心社区")
    ]  # fmt: skip
    assert named("people", make_user(Role.LIAISON, root), user.username) == ("", user.username)


def form_of(root):
    class Chosen(forms.Form):
        one = PickField(Unit.objects.none(), source="units", required=False)
        many = PicksField(Unit.objects.none(), source="units", required=False)

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            for field in self.fields.values():
                field.queryset = units_today(root.region).filter(depth__gt=1)

    return Chosen


def test_fields_take_names_without_scripts_and_keys_with_them(root, units):
    form = form_of(root)({"one": "城管", "many": ["市城管局、 Z1", f"#{units[2].pk}", ""]})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["one"] == units[0]
    assert list(form.cleaned_data["many"]) == units


def test_names_with_marks_inside_brackets_or_known_as_a_whole_are_typed_among_several(root, units):
    named = [make_unit(root, name=name) for name in ("市场监管局（食品、药品科）", "甲/乙联合站", "教育局和体育局")]
    for text in ("市场监管局（食品、药品科）、甲/乙联合站，教育局和体育局", "、".join(f"#{one.pk}" for one in named)):
        form = form_of(root)({"one": "城管", "many": [text]})
        assert form.is_valid(), form.errors
        assert {one.pk for one in form.cleaned_data["many"]} == {one.pk for one in named}


def test_fields_say_what_may_be_meant_and_keep_what_was_typed(root, units):
    form = form_of(root)({"one": "城市", "many": ["市城管局、中心社区、没有"]})
    assert not form.is_valid()
    assert "市城管局" in form.errors["one"][0]
    assert ["中心社区（Z1）" in form.errors["many"][0], "没有" in form.errors["many"][1]] == [True, True]
    page = str(form["one"]) + str(form["many"])
    assert 'value="城市"' in page
    assert 'value="中心社区、没有"' in page
    assert f'value="#{units[0].pk}" checked' in page


def test_field_shows_the_name_of_what_is_chosen(root, units):
    page = str(form_of(root)(initial={"one": units[1].pk, "many": units[:1]})["one"])
    assert 'value="中心社区（Z1）"' in page


def test_page_with_choices_does_not_grow_with_the_units(sign_in, root, units):
    client = sign_in(make_user(Role.OFFICE, root))
    sizes = []
    for _ in range(2):
        sizes.append(
            [len(client.get(page).content) for page in ("/problems/new/", "/places/new/", "/problems/?format=filters")]
        )
        for number in range(30):
            make_unit(root, name=f"又一个街道{number}", branch=Branch.TERRITORY)
    assert all(abs(first - second) < 20 for first, second in zip(*sizes, strict=True))


def test_names_of_many_are_offered_and_taken_where_several_are_chosen(sign_in, root):
    streets = [make_unit(root, name=f"{name}街道", kind="street") for name in ("东关", "文昌")]
    above = make_unit(root, name="楚江市税务局")
    tax = make_unit(root, name="云溪市税务局", kind="vertical", line_authority=above)
    source, rows = of(root)
    offered = lambda words: [(one.key, one.label) for one in look_up(source, rows, words, several=True).options]  # noqa: E731
    assert offered("各")[:2] == [("各单位", "各单位(3)"), ("各街道", "各街道(2)")]
    assert offered("全部") == [("全部单位", "全部单位(3)")]
    assert offered("")[:2] == offered("各")[:2]
    assert look_up(source, rows, "各街道").options == []  # a field of one row takes no name of many
    client = sign_in(make_user(Role.OFFICE, root))
    assert 'data-key="各街道"' in client.get("/pick/units/?of=units&several=1&units=各街").content.decode()
    assert 'data-key="各街道"' not in client.get("/pick/units/?of=unit&unit=各街").content.decode()

    class Form(forms.Form):
        units = PicksField(rows, source="units")

    for sent, meant in (
        (["各街道"], streets), (["#各街道"], streets), (["全部"], [*streets, tax]), (["#各单位"], [*streets, tax]),
        (["各街道、云溪市税务局"], [*streets, tax]), ([f"#{above.pk}", "各镇街"], [*streets, above]),
    ):  # fmt: skip
        form = Form({"units": sent})
        assert form.is_valid(), sent
        assert set(form.cleaned_data["units"]) == set(meant)
    assert 'value="#各街道" checked><span>各街道(2)</span>' in str(Form({"units": ["#各街道", "没有这个局"]})["units"])
    assert not Form({"units": ["各村"]}).is_valid()  # there is none


def test_names_of_many_are_counted_in_one_query(root, django_assert_num_queries):
    for number in range(4):
        for kind in ("street", "school", "hospital"):
            make_unit(root, name=f"甲{kind}{number}", kind=kind)
    source, rows = of(root)
    with django_assert_num_queries(2):  # whose region's units 各单位 means, and all numbers together
        assert source.together.offered(rows, "各") == [
            ("各单位", 12), ("各街道", 4), ("各镇街", 4), ("各学校", 4), ("各医院", 4)
        ]  # fmt: skip
