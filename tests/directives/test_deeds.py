"""What a task is called by: the deed with its object and its condition, without who does it."""

from __future__ import annotations

import pytest

from chuangwen.directives.extraction import read_whole
from chuangwen.directives.reading import read_document
from tests.directives.finding import found


def deed_of(text):
    """Of the whole text as one directive, so that it is not the weights that say where it ends."""
    return read_whole(read_document("a.txt", text.encode())).action


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("排班表由团委编制，本周四下班前发到各部室。", "排班表编制,本周四下班前发到各部室"),
        ("场站中心负责首末站的保洁，地面不得有积水。", "负责首末站的保洁,地面不得有积水"),
        ("司机被投诉一次的，扣当月奖金200元。", "司机被投诉一次的,扣当月奖金200元"),
        ("各单位不得自行改动文字表述。", "不得自行改动文字表述"),
        ("各科室主任要每周查房，不要只听汇报。", "每周查房,不要只听汇报"),
        ("市文明办、督查室每周开展一次联合督查，发现问题当场交办。", "每周开展一次联合督查,发现问题当场交办"),
        (
            "城管局要引导摊贩，能进场的进场，能入店的入店，不能的依法取缔。",
            "引导摊贩,能进场的进场,能入店的入店,不能的依法取缔",
        ),
        ("各班长要按照方案抓好落实，月底前报送。", "按照方案抓好落实,月底前报送"),
        ("保洁员两小时一巡，巡查表挂在门后。", "两小时一巡,巡查表挂在门后"),
        ("主要道路的路灯由路灯所月底前检修，亮灯率达到98%以上。", "主要道路的路灯月底前检修,亮灯率达到98%以上"),
    ],
)
def test_deed_keeps_object_and_condition(text, deed):
    assert deed_of(text) == deed


def test_deed_names_a_second_party_that_does_not_lead():
    assert deed_of("校长要带头上专题课，全体教师签订承诺书。") == "带头上专题课,全体教师签订承诺书"


def test_wish_to_keep_the_spirit_is_no_directive():
    assert found("希望各单位把这股劲头保持住。") == []
    assert [each.deadline for each in found("希望各单位鼓足干劲，要在月底前把楼道全部清完。")] == ["月底前"]


def test_what_only_says_according_to_what_is_no_directive():
    assert "原则" not in "".join(each.quote for each in found("要按照“谁主管、谁负责”的原则。各单位要清理楼道堆物。"))


def test_who_leads_and_who_helps_belong_to_what_follows():
    text = "检务保障部牵头，法警大队、物业公司配合，对无障碍设施进行一次全面排查，五月底以前全部达标。"
    directives = found(text)
    assert [(each.lead, each.cooperate) for each in directives] == [(("检务保障部",), ("法警大队", "物业公司"))]
