"""What publishing, taking in and editing leave behind: every column, the audit, and nothing at the row beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.standards.models import Check, Node, PlaceType, ProblemType, StandardUpload, StandardVersion
from chuangwen.standards.services import (
    edit_place_type,
    edit_problem_type,
    publish_standard,
    publish_upload,
    receive_standard,
    restore_problem_type,
)
from chuangwen.standards.services.importing import forget_uploads
from chuangwen.standards.tree import Text
from tests.standards.making import publish_small, small_standard, small_yaml
from tests.support.factories import NOON, make_root, make_user
from tests.support.leaving import fields
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


def told() -> tuple[str, str, str, Any]:
    """Action, row, person and data of the newest audit entry."""
    entry = Entry.objects.order_by("pk").last()
    assert entry is not None
    return entry.action, entry.object_id, entry.actor_id, entry.data


def test_published_rows_hold_every_column():
    root = make_root()
    region, actor = root.region, make_user(Role.OFFICE, root)
    with clock.at(NOON):
        version, _new = publish_standard(small_standard(), region=region, actor=actor)
    told_of = {"urn": version.urn, "digest": version.digest}
    assert told() == ("standards.version.publish", str(version.pk), str(actor.pk), told_of)
    assert (version.title_zh, version.title_en, version.subject, version.scale, version.published_at) == (
        "小城标准", "Small standard", "city", small_standard().scale, NOON,
    )  # fmt: skip
    assert len(version.digest) == 64
    top, leaf, plan = Node.objects.filter(version=version).order_by("position")
    assert (top.title_zh, top.title_en, top.parent, top.lead_hints) == ("公共环境", "Public environment", None, [])
    assert (leaf.title_zh, leaf.parent, leaf.manual, leaf.lead_hints) == (
        "路面整洁", top, "看过道和门口。", ["城管部门"],
    )  # fmt: skip
    assert (plan.parent, plan.manual) == (top, "")
    types = PlaceType.objects.filter(region=region).values_list("name_zh", "name_en", "ad_hoc", "quota", "position")
    assert list(types.order_by("position")) == [("农贸市场", "Market", False, 5, 0), ("街巷", "", True, None, 1)]
    kind = ProblemType.objects.get(region=region)
    assert (kind.name_zh, kind.name_en, kind.problem_class, kind.source, kind.lead_hints, kind.position) == (
        "路面垃圾", "Litter", "immediate", "customary: 两小时清理", [], 0,
    )  # fmt: skip
    check = Check.objects.get(version=version)
    assert (check.code, check.text_zh, check.text_en, check.group, check.position, check.also, check.photo) == (
        "market-1", "过道畅通", "", "环境", 0, [], small_standard().checks[0].photo,
    )  # fmt: skip
    assert (check.problem_type, check.quantity_label, check.quantity_at_least) == (kind, "", None)


def test_words_about_what_cannot_be_published():
    version = publish_small()
    again = {"region": version.region, "actor": None}
    assert said(publish_standard, small_standard(points=5), **again) == (
        "这个测评体系的2026版已经发布，内容不同。请给改过的文件换一个版本号，再导入。"
    )
    assert said(publish_standard, replace(small_standard(), version="2026/1"), **again) == (
        "版本号“2026/1”不能用在网址里。请用“.”代替“/”。"
    )
    full = small_standard(title="长" * 300, version="2027")
    publish_standard(full, **again)
    check = full.checks[0]
    long = replace(
        full, title=Text("长" * 121, "l" * 121), urn="urn:" + "x" * 120, version="2028",
        checks=(replace(check, text=Text("长" * 301, "l" * 301), group="长" * 61),),
        place_types=tuple(replace(one, name=Text("长" * 61, "l" * 61)) for one in full.place_types),
        problem_types=tuple(replace(one, source="长" * 121) for one in full.problem_types),
    )  # fmt: skip
    assert said(publish_standard, long, **again) == (
        "文字太长：标识 urn:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, 标题 2028, 标题 2028, 标题 market-1, 标题 market-1。"
        "另有6处。标题最多300字，名称最多60字；说明请写进操作手册。"
    )
    some = replace(full, version="2028", problem_types=long.problem_types, checks=(replace(check, group="长" * 61),))
    assert (
        said(publish_standard, some, **again)
        == "文字太长：来源 litter, 分组 market-1。标题最多300字，名称最多60字；说明请写进操作手册。"
    )
    assert StandardVersion.objects.count() == 2


def test_types_are_edited_one_at_a_time():
    first = publish_small()
    beside = publish_small()
    actor = make_user(Role.OFFICE, make_root(first.region))
    litter, market = ProblemType.objects.get(region=first.region), PlaceType.objects.get(region=first.region, quota=5)
    others = [ProblemType.objects.get(region=beside.region), PlaceType.objects.get(region=beside.region, quota=5)]
    before = [fields(one) for one in others]
    same = {
        "name_zh": "路面垃圾", "name_en": "Litter", "problem_class": "immediate", "within": "2h",
        "source": "customary: 两小时清理", "actor": actor,
    }  # fmt: skip
    entries = Entry.objects.count()
    edit_problem_type(litter, **same)
    assert Entry.objects.count() == entries
    ProblemType.objects.filter(pk=litter.pk).update(position=7)
    edit_problem_type(litter, **same | {"within": "99d", "source": "会议定"})
    changed = {"within": ["2h", "99d"], "source": ["customary: 两小时清理", "会议定"]}
    assert told() == ("standards.problem_type.edit", str(litter.pk), str(actor.pk), changed)
    row = fields(litter)
    assert (row["within"], row["source"], row["name_zh"], row["position"]) == ("99d", "会议定", "路面垃圾", 7)
    restore_problem_type(litter, actor=actor)
    back = {name: [new, old] for name, (old, new) in changed.items()}
    assert told() == ("standards.problem_type.restore", str(litter.pk), str(actor.pk), back)
    assert fields(litter)["within"] == "2h"
    edit_place_type(market, actor=actor, name_zh="市场", name_en="Market", quota=None)
    quota = {"name_zh": ["农贸市场", "市场"], "quota": [5, None]}
    assert told() == ("standards.place_type.edit", str(market.pk), str(actor.pk), quota)
    assert (fields(market)["name_zh"], fields(market)["quota"]) == ("市场", None)
    assert [fields(one) for one in others] == before
    assert (
        said(edit_problem_type, litter, **same | {"within": "soon"}) == "“soon”不是时限。请填1到9999的整数，并选单位。"
    )
    assert said(edit_problem_type, litter, **same | {"problem_class": "odd"}) == "没有这个类别。请从列表里选。"
    ProblemType.objects.filter(pk=litter.pk).update(code="own")
    litter.refresh_from_db()
    assert said(restore_problem_type, litter, actor=actor) == "已发布的测评体系里没有这类问题。请直接修改。"


def test_uploads_are_kept_told_and_forgotten():
    root = make_root()
    office = make_user(Role.OFFICE, root)
    with clock.at(NOON):
        good = receive_standard(small_yaml(), "../甲.yaml", region=root.region, actor=office)
    sha = good.file.sha256
    assert (good.name, good.owner_id, good.region) == ("甲.yaml", office.pk, root.region)
    received = {"status": "ready", "faults": 0, "sha256": sha}
    assert told() == ("standards.upload.receive", str(good.pk), str(office.pk), received)
    bad = receive_standard(b"nodes: 1", "乙.yaml", region=root.region, actor=office)
    assert told()[3] == {"status": "faulty", "faults": bad.fault_count, "sha256": ""}
    assert len(bad.faults) == bad.fault_count > 0
    place, english, chinese = bad.faults[0]
    assert place.startswith("line")
    assert english != chinese
    assert said(publish_upload, bad, actor=office) == "这个文件还有错误。请改好后重新上传。"
    beside = receive_standard(small_yaml(version="2027"), "丙.yaml", region=root.region, actor=office)
    version = publish_upload(beside, actor=office)
    assert (version.region, fields(beside)["status"], fields(beside)["version_id"]) == (
        root.region, "published", version.pk,
    )  # fmt: skip
    later = receive_standard(small_yaml(version="2028"), "丁.yaml", region=root.region, actor=office)
    StandardUpload.objects.filter(pk__in=[good.pk, bad.pk, beside.pk]).update(updated_at=NOON)
    StandardUpload.objects.filter(pk=later.pk).update(updated_at=NOON + timedelta(days=1))
    assert forget_uploads(NOON) == 0
    assert forget_uploads(NOON + timedelta(hours=1)) == 1
    assert [fields(one)["file_id"] is None for one in (good, beside, later)] == [True, False, False]
    good.refresh_from_db()
    assert said(publish_upload, good, actor=office) == "这个文件已不再保存。请重新上传。"
