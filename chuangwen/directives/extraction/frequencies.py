"""How often: frequency phrases in a clause."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from chuangwen.directives.extraction.cues import N
from chuangwen.directives.extraction.deadlines import BARE, FIRM, REMEMBERED, TimePhrase
from chuangwen.directives.patterns import begun

_FESTIVAL = (
    r"(?:春节|元旦|元宵节?|清明节?|五一|“五一”|劳动节|端午节?|七夕节?|中秋节?|国庆节?|重阳节?|腊八节?|除夕"
    r"|学雷锋纪念日|国际志愿者日)"
)
_COUNT = rf"{N}{{1,3}}[次场期遍趟回]"
_TIMES = rf"(?:至少)?(?:[\u4e00-\u9fff]{{0,6}}?)(?:至少|不少于|不低于|定期)?{_COUNT}"
_PERIOD = r"(?:工作日|天|日|晚|周|星期|礼拜|月|季度?|年|学期|学年|旬|半月|半年|小时|班(?![级子主组]))"
_WHEN = (
    r"(?:[一二三四五六日天](?![次场期、遍一])(?:[上下]午|晚上?)?|(?:的|第|最后)[一二三四五两末]个?(?:周|星期)[一二三四五六日天](?:[上下]午|晚上?)?"
    r"|的(?:周|星期)[一二三四五六日天](?:[上下]午|晚上?)?|初|末|底|收市后)"
)
_ACT = r"(?:汇报|调度|小结|通报|点评|考核|讲评|总结|督查|巡查|报告|公示|评比|排名|检查|测评)"
_EACH = rf"每(?:{N}{{1,2}}个?)?{_PERIOD}一(?!上午|下午|早|晚)[\u4e00-\u9fff]{{1,2}}(?=[、,。;]|$)"
_FREQUENCY: Final = re.compile(
    begun(
        rf"{_EACH}(?:、{_EACH}){{0,4}}|(?:全年|半年(?<![上下]半年)){_TIMES}|每逢{_FESTIVAL}(?:、{_FESTIVAL}){{0,6}}"
        rf"|[日周月季年]{_ACT}(?:、[日周月季年]{_ACT}){{1,4}}|"
        rf"每(?:隔)?(?:{N}{{1,2}}个?|个|半个?)?{_PERIOD}(?:{_WHEN})?(?:(?:早晚)?高峰(?:时段|前|期间)?)?(?:{_TIMES})?"
        rf"|{N}{{1,3}}个?(?:天|日|周|星期|月|季度?|年)(?:一[\u4e00-\u9fff]{{1,2}}|[\u4e00-\u9fff]{_COUNT})(?:、{N}{{1,3}}(?:天|日|周|月|个月|季度?|年)一[\u4e00-\u9fff]{{1,2}}){{0,4}}"
        rf"|一(?:天|日)[两二三四五]{{1}}[\u4e00-\u9fff]|天天(?!向上)|日日|周周|月月|年年|逐[日周月季年](?!期)|按[日周月季年](?=[\u4e00-\u9fff])|定期(?<!不定期)|不定期|日产日清|全天候|农闲时节|农忙时节|每学期开学第一周"
        rf"|{_FESTIVAL}(?:、{_FESTIVAL}|、[\u4e00-\u9fff]{{2,8}}(?=[、等])){{0,8}}等?(?:传统|重要|重大)?(?:时间)?(?:节日|节点|假日|期间)|在?(?:传统|重大|重要|法定)节(?:假)?日(?:期间)?(?!前|到来|之前|以前)"
        rf"|(?:节假日|双休日|周末|早晚高峰|高峰)(?:期间|时段)|早晚高峰|周末和(?:寒暑假|节假日)"
    )
)
_YEARLY: Final = re.compile(
    r"(?:纳入|列入|作为|实行|开展)[^,]{0,8}?(年度|季度|月度)(?=[^,]{0,10}(?:考核|考评|评估|绩效|计划|体检|目标|测评|预算|审计))"
)
"""纳入年度考核: what is counted once a year."""
_NOT: Final = re.compile(
    rf"逐步|按期|[^每]{{1,3}}年一届|{N}{{1,3}}个?([天日周月年])一\1|{N}{{1,3}}月一[日号]|[0-9]{{1,2}}月[^一]"
)
"""What looks like a frequency and is none: terms of office, turns of speech (一年一年地), dates (八月一日)."""
_HINT: Final = re.compile(r"[每天日周月年季定期节星高]")


@lru_cache(maxsize=REMEMBERED)
def find_frequency(clause: str) -> TimePhrase | None:
    """The first frequency of `clause`; None without any.

    每月25日前 is a deadline that comes again: the frequency is 每月.
    """
    if _HINT.search(clause) is None:
        return None
    for match in _FREQUENCY.finditer(clause):
        if clause[match.start() - 1 : match.start()] in ("《", "“"):
            continue
        if _NOT.match(match[0]) is None:
            rank = BARE if match[0] == "年年" else FIRM
            return TimePhrase(match.start(), match.end(), match[0], rank)
    yearly = _YEARLY.search(clause)
    return TimePhrase(yearly.start(1), yearly.end(1), yearly[1], BARE) if yearly is not None else None
