"""What a unit reads beside the rarer conditions, and in one sentence above them all, in Chinese."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chuangwen.honors.eligibility import HeldTitle, Rule, Yearly, judge
from chuangwen.honors.wording import submitted_title, verdict_text, verdict_title
from tests.honors.test_wording import FACTS, TODAY, _in_chinese, said

__all__ = ["_in_chinese"]
pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("kind", "facts", "rule", "words"),
    [
        ("held", {"held": (HeldTitle(2, date(2025, 12, 8)),)}, {"months": 24, "rank": 2},
         ("不达标", "到截止日满1年", "2年", "2025年12月8日(周一)起持有。2027年12月8日(周三)起满时间。")),
        ("civil-share", {"offices": 0, "civil": 0}, {"threshold": Decimal(50)},
         ("待定", "待核实", "不低于50%", "单位库里没有这个单位的处室。先录入，或由创建办按材料核实。")),
        ("civil-count", {}, {"threshold": Decimal(5)}, ("达标", "11", "至少5个", "18个处室中有11个")),
        ("civil-count", {"next_civil_contest": date(2026, 12, 8)}, {"threshold": Decimal(12)},
         ("不达标", "11", "至少12个", "18个处室中有11个；评比12月8日(周二)揭晓")),
        ("model-count", {"model": 2}, {"threshold": Decimal(1)}, ("达标", "2", "至少1个", "")),
        ("dossiers", {}, {"threshold": Decimal(95)},
         ("待定", "待核实", "不低于95%", "系统里还没有本年度台账，由创建办按材料核实。")),
        ("last-score", {}, {"threshold": Decimal(85)},
         ("待定", "待核实", "不低于85分", "单位自己的创建还没有得分，由创建办按材料核实。")),
        ("last-score", {"last_score": Decimal(80)}, {"threshold": Decimal(85)}, ("不达标", "80分", "不低于85分", "")),
        ("volunteers", {}, {"threshold": Decimal(30)}, ("待定", "待填报", "不低于30%", "由单位填报年度数据。")),
        ("volunteers", {"yearly": Yearly(200, 59, Decimal(0), confirmed=True)}, {"threshold": Decimal(30)},
         ("不达标", "29.5%", "不低于30%", "在职200人，注册59人，再有1个就够。")),
        ("volunteers", {"yearly": Yearly(200, 60, Decimal(0))}, {"threshold": Decimal(30)},
         ("待定", "30%", "不低于30%", "在职200人，注册60人。数据还待创建办核实。")),
        ("volunteer-hours", {"yearly": Yearly(200, 60, Decimal(1500), confirmed=True)}, {"threshold": Decimal(25)},
         ("达标", "25小时", "不少于25小时", "注册志愿者60人。")),
        ("volunteer-hours", {"yearly": Yearly(200, 60, Decimal(1440), confirmed=True)}, {"threshold": Decimal(25)},
         ("不达标", "24小时", "不少于25小时", "注册志愿者60人，再有60小时即可。")),
        ("no-veto", {"events": (date(2026, 3, 1),), "veto_until": date(2027, 3, 1)}, {"months": 12},
         ("不达标", "有", "近1年无", "最近一次是3月1日(周日)。计算到2027年3月1日(周一)为止。")),
        ("no-card", {}, {}, ("达标", "无", "无", "")),
        ("no-card", {"suspended": True}, {}, ("不达标", "已停牌", "无", "由创建办解除停牌。")),
        ("no-consequence", {}, {}, ("达标", "无", "无", "")),
        ("no-consequence", {"consequence_until": date(2026, 12, 31)}, {},
         ("不达标", "不能申报", "无", "因处理决定限制到12月31日(周四)，到期自动解除。")),
        ("not-barred", {}, {}, ("达标", "无", "不在限制期", "")),
        ("not-held", {}, {}, ("达标", "未持有", "未持有", "")),
        ("not-held", {"held": (HeldTitle(3, date(2025, 1, 8)),)}, {},
         ("不达标", "已持有", "未持有", "2025年1月8日(周三)起已持有，参加复查，不用申报。")),
        ("by-hand", {}, {}, ("待定", "待核实", "按材料达标", "提交后由创建办按材料核实。")),
        ("by-hand", {"findings": {1: True}}, {}, ("达标", "达标", "按材料达标", "由人按材料核实。")),
    ],
)  # fmt: skip
def test_condition_says_verdict_present_and_required_value(kind, facts, rule, words):
    assert said(kind, replace(FACTS, **facts), **rule) == words


def outcome(*rules, **facts):
    return judge([Rule(number, kind, Decimal(threshold)) for number, (kind, threshold) in enumerate(rules)],
                 replace(FACTS, **facts))  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "facts", "title", "text", "submitted"),
    [
        ([("civil-share", 50)], {}, "可以提交，条件全部达标", "", "条件全部达标"),
        ([("dossiers", 95)], {}, "可以提交，还有条件待创建办核实", "", "还有1项待核实"),
        ([("self-score", 85)], {}, "还不能提交，还差1项", "只差本单位自己要做的。", "还有1项待核实"),
        ([("civil-share", 70)], {}, "还不能提交，还差1项",
         "有的条件说不出达标日期，原因见下面的清单。", "今天有1项不达标"),
        ([("civil-share", 70)], {"next_civil_contest": date(2026, 12, 28)}, "还不能提交，还差1项",
         "最早12月28日(周一)才能满足，已过申报截止。", "今天有1项不达标"),
        ([("civil-share", 70)], {"next_civil_contest": TODAY}, "还不能提交，还差1项", "都可以马上补上。",
         "今天有1项不达标"),
    ],
)  # fmt: skip
def test_page_says_in_one_sentence_how_it_stands(rules, facts, title, text, submitted):
    found = outcome(*rules, **facts)
    assert (verdict_title(found), verdict_text(found, TODAY), submitted_title(found)) == (title, text, submitted)
