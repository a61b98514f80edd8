"""How often: frequency phrases in a clause."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from chuangwen.directives.extraction.cues import N
from chuangwen.directives.extraction.deadlines import BARE, CLOCK, FIRM, REMEMBERED, TimePhrase
from chuangwen.directives.patterns import by_first

_FESTIVAL = (
    r"(?:春节|元旦|元宵节?|清明节?|“?[五六七八]一”?|劳动节|端午节?|七夕节?|中秋节?|国庆节?|重阳节?|腊八节?|除夕"
    r"|学雷锋纪念日|国际志愿者日)"
)
_LEAST = r"(?:至少|不少于|不低于|定期)"
_COUNT = rf"{N}{{1,3}}(?:[次场期遍趟回轮堂]|课时|学时|节(?![日假点目约气能省水]))"
_BETWEEN = r"[\u4e00-\u524c\u524e-\u9fff]"
_TIMES = (
    rf"(?:(?:至少|不少于|不低于){N}{{1,3}}条次|{_BETWEEN}{{0,6}}?(?:{_LEAST}?{_COUNT}|(?:至少|不少于|不低于){N}{{1,3}}(?:小时|个?半天|天))"
    rf"|{_BETWEEN}{{0,2}}?至少{_BETWEEN}{{1,8}}?{_COUNT})"
)
"""How many times, and what. No 前 between: 每月五日前报送一次 is a deadline that comes again."""
_PERIOD = r"(?:工作日|天|日|晚|周|星期|礼拜|月|季度?|年|学期|学年|旬|半月|半年|小时|班(?![级子主组]))"
_PART = r"(?:早上|早晨|上午|中午|下午|傍晚|晚上?|夜里)"
_WEEKDAY = r"[一二三四五六日天](?![次场期遍轮一])"
_WEEKDAYS = rf"{_WEEKDAY}(?:、(?:周|星期|礼拜)?{_WEEKDAY})*"
_WHEN = (
    rf"(?:(?<=[周期拜]){_WEEKDAYS}{_PART}?|(?:第|最后)[一二三四]个?周的(?:周|星期)[一二三四五六日天]{_PART}?|(?:的|第|最后)[一二三四五两末]个?(?:周|星期)[一二三四五六日天]{_PART}?"
    rf"|的(?:周|星期)[一二三四五六日天]{_PART}?|(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})(?:[日号](?:前后|(?!前|以前|之前))|月份?(?![前底末初上中下]|以前|之前))"
    r"|初[一二三四五六七八九十](?:、初?[一二三四五六七八九十]{1,3})*|逢[一二三四五六七八九十][^,]{0,6}?日|最后一个工作日|初|末|底|收市后)"
)
_HOUR = rf"(?<=[天日晚])(?:{CLOCK}|{_PART})(?:、(?:{CLOCK}|{_PART}))+(?=各)"
"""每天上午十点、下午三点各巡一次: how many times, told by the hours."""
_ACT = r"(?:汇报|调度|小结|通报|点评|考核|讲评|总结|督查|巡查|报告|公示|评比|排名|检查|测评)"
_EACH = rf"每(?:{N}{{1,2}}个?)?{_PERIOD}一(?!上午|下午|早|晚)[\u4e00-\u9fff]{{1,2}}(?=[、,。;]|$)"
_CYCLE = rf"{N}{{1,3}}个?(?:半?小时|天|日|周|星期|月|季度?|年)"
_TURN = rf"{_CYCLE}一[\u4e00-\u9fff](?:(?!改)[\u4e00-\u9fff])?"
_SPELL = rf"(?:{N}{{1,3}}个(?:月|星期|礼拜|季度)|[一两三半]个?(?:日|周|星期|季|年)|{N}{{1,3}}天|[一半]月)"
_WITHIN_CYCLE = r"(?:(?![内后前里来中被])[\u4e00-\u9fff]){1,4}?"
_FREE = r"(?:双休日|周末|寒暑假|[寒暑]假|节假日|(?:周|星期|礼拜)[六日天])"
_UNTIL = r"(?:[\u4e00-\u9fff]{0,2}?[到至]|—{1,2}|[-~–])"
_RUSH = r"(?:早市|晚市|夜市|早高峰|晚高峰)"
_STATED = (
    # 每逢节日, 每逢周一、周四上午, 每逢集日
    rf"每逢(?:{_FESTIVAL}(?:、{_FESTIVAL}){{0,6}}|(?:周|星期){_WEEKDAYS}(?:、(?:周|星期)[一二三四五六日天])*{_PART}?"
    rf"|(?:重大|重要|传统|法定)?(?:节假日|节日|节庆)前?|初?[一二三四五六七八九十0-9]{{1,3}}(?:、[一二三四五六七八九十0-9]{{1,3}})*日?"
    r"|(?:雨雪|恶劣|大风)天气?|[\u4e00-\u9fff]{1,2}[日集假会季])"
    # 晚7点到早7点, 双休日和寒暑假, 周一到周五, 早市、晚市时段
    rf"|{CLOCK}{_UNTIL}{CLOCK}(?:、{CLOCK}{_UNTIL}{CLOCK})*|{_FREE}(?:[和及与、]?{_FREE}){{1,2}}|寒暑假|工作日{_PART}|双休日(?!期间)"
    rf"|(?:周|星期)[一二三四五六日天][到至](?:周|星期)[一二三四五六日天](?:{_PART}|(?:放学|下班)[之以]?后)?|{_RUSH}(?:[和及与、]{_RUSH})*(?:时段|期间)"
    r"|隔(?<![间相阻]隔)[天日周月](?![壁期末])|年年"
)
"""When something is done rather than how often: it counts where something is asked, and asks nothing by itself."""
_FREQUENCY: Final = re.compile(
    by_first(
        rf"{_EACH}(?:、{_EACH}){{0,4}}|(?:全年|半年(?<![上下]半年)){_TIMES}(?![^,]*的$)|(?:工作日|节假日|周末|双休日)每天"
        rf"|[日周月季年]{_ACT}(?:、[日周月季年]{_ACT}){{1,4}}|"
        rf"每(?:隔)?(?:{N}{{1,2}}个?|个|半个?)?{_PERIOD}(?:{_WHEN}|{_HOUR})?(?:(?:早晚?|晚)?高峰(?:时段|前|期间)?|黄金时段)?(?:{_TIMES})?"
        rf"|(?:{_TURN}|{_SPELL}{_WITHIN_CYCLE}{_LEAST}?{_COUNT}|{_SPELL}{_LEAST}?{_COUNT}(?=[,、。;]|$))(?:、(?:[\u4e00-\u9fff]{{1,4}}?)?{_TURN}){{0,4}}"
        rf"|(?:早中晚|早晚|早、中、晚|早、晚|上下午|上、下午|上午、下午)各[\u4e00-\u9fff]{{0,6}}?{_COUNT}"
        rf"|隔(?<![间相阻]隔)(?:{N}个?)?(?:天|日|周|星期|礼拜|月)[\u4e00-\u9fff]{{0,6}}?{_COUNT}"
        rf"|一(?:天|日)[两二三四五]{{1}}[\u4e00-\u9fff]|天天(?!向上)|日日|周周|月月|逐[日周月季年](?!期)|按[日周月季年](?=[\u4e00-\u9fff])|定期(?<!不定期)|不定期|日产日清|全天候|农闲时节|农忙时节|每学期开学第一周"
        rf"|{_FESTIVAL}(?:、{_FESTIVAL}|、[\u4e00-\u9fff]{{2,8}}(?=[、等])){{0,8}}等?(?:传统|重要|重大)?(?:时间)?(?:节日|节点|假日|期间)|在?(?:传统|重大|重要|法定)节(?:假)?日(?:期间)?(?!前|到来|之前|以前)"
        rf"|(?:节假日|双休日|周末|早晚高峰|高峰)(?:期间|时段)|早晚高峰(?:[和及与、]{_FREE})*|{_STATED}"
    )
)
_STATES: Final = re.compile(_STATED)
_TURNS: Final = re.compile(_TURN)
_WHICH: Final = frozenset("上下第本这今去近")
_ONE: Final = re.compile(rf"{_CYCLE}|周|星期|[暑寒]假")
"""What, after 上 or 本, is a single week or half a year and not how often: 本周五到周日, 下半年组织一次."""
_YEARLY: Final = re.compile(
    r"(?:纳入|列入|作为|实行|开展)[^,]{0,16}?(年度|季度|月度)(?=[^,]{0,10}(?:考核|考评|评估|绩效|计划|体检|目标|测评|预算|审计))"
)
"""纳入年度考核: what is counted once a year."""
_NOT: Final = re.compile(
    rf"逐步|按期|[^每]{{1,3}}年一届|{N}{{1,3}}个?([天日周月年])一\1|{N}{{1,3}}月一[日号]|[0-9]{{1,2}}月[^一]"
)
"""What looks like a frequency and is none: terms of office, turns of speech (一年一年地), dates (八月一日)."""
_HINT: Final = re.compile(r"[每天日周月年季定期节星高早晚点时隔寒暑:]")


@lru_cache(maxsize=REMEMBERED)
def find_frequency(clause: str) -> TimePhrase | None:
    """The first frequency of `clause`; None without any.

    每月25日前 is a deadline that comes again: the frequency is 每月.
    """
    if _HINT.search(clause) is None:
        return None
    stated: TimePhrase | None = None
    for match in _FREQUENCY.finditer(clause):
        before = clause[match.start() - 1 : match.start()]
        named = before == "《" or (before == "“" and _TURNS.match(match[0]) is None)
        one = before in _WHICH and _ONE.match(match[0]) is not None
        if named or one or _NOT.match(match[0]) is not None:
            continue
        if _STATES.fullmatch(match[0]) is None:
            return TimePhrase(match.start(), match.end(), match[0], FIRM)
        if stated is None and before not in ("日", "号", ":"):
            stated = TimePhrase(match.start(), match.end(), match[0], BARE)
    if stated is not None:
        return stated
    yearly = _YEARLY.search(clause)
    return TimePhrase(yearly.start(1), yearly.end(1), yearly[1], BARE) if yearly is not None else None
