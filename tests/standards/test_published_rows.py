"""A standard of every kind of part, published into a region that has types already: its rows, one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import BadUpload, Conflict
from chuangwen.core.models import Region
from chuangwen.standards.fileformat import read_standard
from chuangwen.standards.fileformat.raw import MAX_FILE_BYTES
from chuangwen.standards.models import Check, Node, PlaceType, ProblemType, StandardUpload, StandardVersion
from chuangwen.standards.services import importing, publish_standard, publishing, receive_standard, ship_models
from chuangwen.standards.tree import Standard, Text
from tests.standards.making import publish_small, small_standard, small_yaml
from tests.support.factories import make_region, make_root, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
URN = "urn:chuangwen:standard:whole"
WHOLE = f"""
urn: "{URN}"
version: "1"
title: 全
subject: unit
scale: 20
place_types: [{{code: inn, name: 宾馆}}, {{code: stop, name: {{zh: 车站, en: Stop}}, quota: 2}}]
nodes:
  - code: "1"
    title: 甲
    children:
      - {{code: "1.1", title: 浅, points: 8, method: field, lead: [城管局]}}
      - {{code: "1.2", title: 深处, children: [{{code: "1.2.1", title: 深, points: 12, method: field, manual: 看}}]}}
problem_types:
  - {{code: dust, name: 积灰, class: limited, within: 3d, lead: [住建局, 街道], source: "proposed: 三天"}}
  - {{code: smoke, name: {{zh: 烟味, en: Smoke}}, class: long-term, within: 30d}}
checks:
  - {{code: a, place_types: [stop, inn], text: 干净, criteria: ["1.2.1", "1.1"], problem_type: dust, photo: always}}
  - code: b
    place_types: [inn]
    text: {{zh: 有广告, en: Posters}}
    criteria: ["1.1"]
    also: ["{URN}#1.2.1"]
    quantity: {{label: 公益广告, at_least: 10}}
    photo: never
    group: 宣传
    problem_type: smoke
"""


def whole() -> Standard:
    return read_standard(WHOLE.encode(), "whole.yaml")


def publish(standard: Standard, region: Region) -> StandardVersion:
    return publish_standard(standard, region=region, actor=None)[0]


def test_rows_of_a_whole_standard_follow_the_file_and_what_is_there():
    region, beside = make_region(), make_region()
    for one in (region, beside):
        publish_small(one)
    PlaceType.objects.filter(region=beside).update(position=70)
    ProblemType.objects.filter(region=beside).update(position=80)
    version = publish(whole(), region)
    nodes = Node.objects.filter(version=version).order_by("position")
    told = [(n.code, n.parent and n.parent.code, n.depth, n.is_leaf, n.points, n.lead_hints, n.manual) for n in nodes]
    assert told == [
        ("1", None, 1, False, 20, [], ""), ("1.1", "1", 2, True, 8, ["城管局"], ""), ("1.2", "1", 2, False, 12, [], ""),
        ("1.2.1", "1.2", 3, True, 12, [], "看"),
    ]  # fmt: skip
    places = PlaceType.objects.filter(region=region).order_by("position")
    assert list(places.values_list("code", "name_zh", "name_en", "ad_hoc", "quota", "position")) == [
        ("market", "农贸市场", "Market", False, 5, 0), ("street", "街巷", "", True, None, 1),
        ("inn", "宾馆", "", False, None, 2), ("stop", "车站", "Stop", False, 2, 3),
    ]  # fmt: skip
    kinds = ProblemType.objects.filter(region=region).order_by("position")
    rows = kinds.values_list(
        "code", "name_zh", "name_en", "problem_class", "within", "lead_hints", "source", "position"
    )
    assert list(rows)[1:] == [
        ("dust", "积灰", "", "limited", "3d", ["住建局", "街道"], "proposed: 三天", 1),
        ("smoke", "烟味", "Smoke", "long-term", "30d", [], "", 2),
    ]
    checks = Check.objects.filter(version=version).order_by("position")
    asked = [
        (c.code, c.text_zh, c.text_en, c.group, c.also, c.photo, c.quantity_label, c.quantity_at_least) for c in checks
    ]
    assert asked == [
        ("a", "干净", "", "", [], "always", "", None),
        ("b", "有广告", "Posters", "宣传", [f"{URN}#1.2.1"], "never", "公益广告", 10),
    ]
    assert [(c.position, c.problem_type.code, c.problem_type.region) for c in checks] == [
        (0, "dust", region), (1, "smoke", region),
    ]  # fmt: skip
    links = [
        (
            {kind.code for kind in c.place_types.filter(region=region)},
            {n.code for n in c.criteria.filter(version=version)},
        )
        for c in checks
    ]
    assert links == [({"stop", "inn"}, {"1.1", "1.2.1"}), ({"inn"}, {"1.1"})]
    assert (version.subject, version.scale, version.criteria_count, version.check_count) == ("unit", 20, 2, 2)


def test_digest_stays_for_ever():
    """A digest computed otherwise would refuse a file that is published already."""
    assert publish(whole(), make_region()).digest == "eef5e45aaf93800e979dd5610bec711ec84265b66dd4cfd6fe2d6715afe8eedf"


def test_same_version_published_at_the_same_moment_is_a_conflict(monkeypatch):
    version = publish_small()
    monkeypatch.setattr(publishing, "published_version", lambda *_: None)
    again = {"region": version.region, "actor": None, "error": Conflict}
    assert (
        said(publish_standard, small_standard(), **again)
        == "另一位同事正在发布同一个测评体系。请到测评体系列表里看看。"
    )


def test_addresses_are_the_last_part_of_the_urn_told_apart_within_the_region():
    region = make_region()
    publish_small()
    urns = ["urn:a:small", "urn:b:small", "urn:c:smaller", "urn:d:XX中 文?.X-", f"urn:e:{'n' * 75}", "urn"]
    slugs = [publish(replace(whole(), urn=urn), region).slug for urn in urns]
    assert slugs == ["small", "small-2", "smaller", "XX中-文-.X", "n" * 70, "urn"]


def test_texts_at_their_limits_are_kept_and_one_character_more_is_named():
    region, standard = make_region(), whole()
    first, second = standard.checks
    assert second.quantity is not None

    def sized(more: int) -> Standard:
        section = replace(standard.nodes[0], title=Text("节" * (300 + more), "s" * (300 + more)))
        quantity = replace(second.quantity, label="量" * (60 + more))  # type: ignore[type-var]
        return replace(
            standard, urn="u" * (120 + more), title=Text("题" * (120 + more)), nodes=(section,),
            checks=(replace(first, group="组" * (60 + more)), replace(second, quantity=quantity)),
            place_types=tuple(replace(one, name=Text("名" * (60 + more))) for one in standard.place_types),
            problem_types=tuple(replace(one, source="源" * (120 + more)) for one in standard.problem_types),
        )  # fmt: skip

    assert publish(sized(0), region).criteria_count == 2
    over, again = sized(1), {"region": region, "actor": None}
    way_out = "标题最多300字，名称最多60字；说明请写进操作手册。"
    assert said(publish_standard, over, **again) == (
        f"文字太长：标识 {'u' * 40}, 标题 1, 标题 1, 标题 1, 名称 inn。另有5处。{way_out}"
    )
    five = replace(over, title=standard.title, nodes=standard.nodes, place_types=standard.place_types)
    assert said(publish_standard, five, **again) == (
        f"文字太长：标识 {'u' * 40}, 来源 dust, 来源 smoke, 分组 a, 数量名称 b。{way_out}"
    )
    six = replace(five, title=Text("题" * 121, "t"))
    assert said(publish_standard, six, **again) == (
        f"文字太长：标识 {'u' * 40}, 标题 1, 来源 dust, 来源 smoke, 分组 a。另有1处。{way_out}"
    )


def test_uploads_are_limited_read_at_once_and_told_by_their_one_fault(monkeypatch):
    root = make_root()
    give = {"region": root.region, "actor": make_user(Role.OFFICE, root)}
    assert said(receive_standard, b"", "a.yaml", **give, error=BadUpload) == "文件是空的。请换一个文件。"
    assert said(receive_standard, b"#" * (MAX_FILE_BYTES + 1), "a.yaml", **give, error=BadUpload) == (
        "测评体系文件最大4MB。请去掉图片和不用的工作表。"
    )
    assert receive_standard(b"#" * MAX_FILE_BYTES, "a.yaml", **give).status == "reading"
    data = small_yaml()
    for limit, status in ((len(data), "ready"), (len(data) - 1, "reading")):
        monkeypatch.setattr(importing, "AT_ONCE_BYTES", limit)
        assert receive_standard(data, "a.yaml", **give).status == status
    monkeypatch.setattr(importing, "AT_ONCE_BYTES", 10_000)
    misfit = receive_standard(small_yaml(version="2026/1"), "a.yaml", **give)
    words = "版本号“2026/1”不能用在网址里。请用“.”代替“/”。"
    assert (misfit.fault_count, misfit.faults) == (1, [["file", words, words]])
    assert StandardUpload.objects.count() == 4


def test_models_are_shipped_once_with_who_did_it(monkeypatch):
    monkeypatch.setattr(importing, "SHIPPED", ("unit-2026",))
    root = make_root()
    actor = make_user(Role.OFFICE, root)
    (version,) = ship_models(region=root.region, actor=actor)
    assert (version.region, version.slug) == (root.region, "unit")
    assert ship_models(region=root.region, actor=actor) == [version]
