"""What a unit reads beside each condition, in Chinese."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from chuangwen.core import clock
from chuangwen.honors.eligibility import Facts, HeldTitle, Rule, judge
from chuangwen.honors.wording import condition_of, span_of, verdict_text, verdict_title
from tests.honors.making import NOW

pytestmark = pytest.mark.once
TODAY, DEADLINE = date(2026, 11, 18), date(2026, 12, 18)
FACTS = Facts(today=TODAY, deadline=DEADLINE, year=2026, rank=3, offices=18, civil=11)


@pytest.fixture(autouse=True)
def _in_chinese():
    with translation.override("zh-hans"), clock.at(NOW):
        yield


def said(kind, facts=FACTS, **rule):
    """(verdict, present, required, second line) of one condition."""
    verdict = judge([Rule(1, kind, **rule)], facts).verdicts[0]
    row = condition_of(verdict, None, DEADLINE)
    return row.word, row.have, row.need, row.second


@pytest.mark.parametrize(
    ("kind", "facts", "rule", "words"),
    [
        ("held", {"held": (HeldTitle(2, date(2023, 12, 8)),)}, {"months": 24, "rank": 2},
         ("达标", "到截止日满3年", "2年", "2023年12月8日(周五)起持有。")),
        ("held", {}, {"months": 24, "rank": 2}, ("不达标", "无", "2年", "要先取得下一级称号。")),
        ("civil-share", {}, {"threshold": Decimal(50)}, ("达标", "61.11%", "不低于50%", "18个处室中有11个")),
        ("civil-share", {"civil": 8, "next_civil_contest": date(2026, 12, 8)}, {"threshold": Decimal(50)},
         ("不达标", "44.44%", "不低于50%", "18个处室中有8个，再有1个就够；评比12月8日(周二)揭晓")),
        ("model-count", {}, {"threshold": Decimal(1)}, ("不达标", "0", "至少1个", "从11个文明处室中产生")),
        ("dossiers", {"dossiers": (39, 43)}, {"threshold": Decimal(95)},
         ("不达标", "90.7%", "不低于95%", "43个档案中有39个齐全，再有2个就够")),
        ("self-score", {}, {"threshold": Decimal(85)}, ("待定", "待自评", "不低于85分", "大约需要10分钟。")),
        ("self-score", {"self_score": Decimal("91.50")}, {"threshold": Decimal(85)},
         ("达标", "91.5分", "不低于85分", "")),
        ("no-veto", {"events": ()}, {"months": 12}, ("达标", "无", "近1年无", "")),
        ("no-veto", {}, {"months": 12},
         ("待定", "待核实", "近1年无", "系统里还没有一票否决登记，由创建办征求意见后核实。")),
        ("no-card", {"card_until": date(2027, 2, 18)}, {},
         ("不达标", "有黄牌", "无", "2027年2月18日(周四)前整改，之后由创建办解除。")),
        ("not-barred", {"barred_until": date(2027, 12, 31)}, {},
         ("不达标", "不能申报", "不在限制期", "摘牌后到2027年12月31日(周五)不能申报，到期自动解除。")),
    ],
)  # fmt: skip
def test_condition_says_verdict_present_and_required_value(kind, facts, rule, words):
    assert said(kind, replace(FACTS, **facts), **rule) == words


def test_page_says_in_one_sentence_how_it_stands():
    rules = [Rule(1, "civil-share", Decimal(70)), Rule(2, "self-score", Decimal(85))]
    found = judge(rules, replace(FACTS, next_civil_contest=date(2026, 12, 8)))
    assert verdict_title(found) == "还不能提交，还差2项"
    assert verdict_text(found, TODAY) == "都来得及。最早12月8日(周二)可以满足，离截止还有10天。"


@pytest.mark.parametrize(("months", "words"), [(24, "2年"), (6, "6个月"), (18, "18个月"), (0, "0个月")])
def test_span_is_said_in_years_where_it_is_whole(months, words):
    assert span_of(months) == words
