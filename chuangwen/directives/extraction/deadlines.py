"""By when: deadline phrases in a clause. What they mean in days is resolution.py's matter."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from chuangwen.directives.extraction.cues import N
from chuangwen.directives.patterns import begun

_BEFORE = r"(?:之前|以前|前(?![0-9一二三四五六七八九十]{1,3}[名位批]))"
_WITHIN = r"(?:之内|以内|内)"
_YEAR = rf"(?:今年|明年|本年度?|{N}{{1,4}}年)"
_SPAN = r"(?:个?(?:工作日|半?小时|天|日|周|星期|礼拜|月|年|分钟|季度|学期))"
_DAY_PART = r"(?:早上|上午|中午|下午|晚上|凌晨|下班|上班)"
_CLOCK = rf"(?:{_DAY_PART}?{N}{{1,3}}(?:[时点](?:{N}{{1,3}}分|半|整)?|:[0-9]{{2}}))"
_DAY = rf"{N}{{1,3}}[日号]"
_WEEKDAY = r"(?:周|星期|礼拜)[一二三四五六日天]"
_FESTIVAL = (
    r"(?:“?五一”?|“?十一”?(?=[前后之])|“?七一”?|“?八一”?|春节|元旦|元宵节?|国庆节?|中秋节?|端午节?|清明节?|重阳节?|三八节|教师节|儿童节|劳动节"
    r"|(?:重大|重要|传统|法定)?(?:节假日|节日|节庆))"
)
_SEASON = r"(?:汛期|供暖期|雨季|麦收|秋收|入冬|入汛|放假|暑假|寒假|开学|[春秋]季开学)"
_OCCASION = (
    r"(?:本轮|本次|下次|下一次|正式|第[一二三四五]次|国家|省里)?"
    r"(?:测评|迎检|验收|检查|复查|复审|评审|会议|全体会议|例会|申报|考核|评估)"
)
_DONE = r"(?:结束|完成|完毕|截止|出台|签订|印发|下发|召开|开始|到来|来临|启动|落成|投用)"
_QUARTER = r"第?[一二三四]季度"
_TERM = r"(?:[春秋]季学期|本学期|下学期|上学期)"


def _firm(over: str = "", before_or_after: str = "") -> str:
    """What sets a time by itself; `over` and `before_or_after` add events that end or begin, each with a bar."""
    return (
        # 6月30日17时前, 6月底, 6月内
        rf"{_YEAR}?{N}{{1,3}}月(?:{_DAY}|份|上旬|中旬|下旬|底|末|初)?{_CLOCK}?(?:{_DAY_PART})?(?:结束|到来|召开)?{_BEFORE}"
        rf"|[到至]?{_YEAR}?{N}{{1,3}}月(?:底|末|内|份内|下旬)"
        # 25日之前, 20日零点之前
        rf"|{_DAY}{_CLOCK}?(?:{_DAY_PART})?{_BEFORE}"
        # 每月25日前
        rf"|每个?(?:月|季度?|周|年)(?:第[一二三]个月)?(?:{_DAY}|[一二三四五六日天]|底|末)?{_CLOCK}?{_BEFORE}"
        rf"|次月(?:{_DAY})?{_BEFORE}|(?:这个|本|下个?)月{_DAY}(?:{_BEFORE})?"
        # 年底前, 月底, 学期末
        rf"|{_YEAR}?(?:年底(?!的)|年末|岁末|年终(?![一考评总资])|月底|月末|季末|季度末|学期末|学期结束|周末(?=[之以]?前)|旬末)(?:{_BEFORE})?"
        rf"|{_YEAR}(?:{_BEFORE}|底(?:{_BEFORE})?|末(?:{_BEFORE})?|{_WITHIN})"
        rf"|{_YEAR}?(?:上半年|下半年|{_QUARTER}|{_TERM})(?:(?:末|底)(?:{_BEFORE})?|结束{_BEFORE}|{_BEFORE}|{_WITHIN})"
        # 收到清单后5个工作日内, 自发现之时起24小时内, 活动结束三日内
        rf"|(?:自|从)?(?:收到|接到|发现)[^,。、;]{{0,12}}?(?:后|之日起|之时起|起)?的?{N}{{1,3}}{_SPAN}(?:{_WITHIN})?"
        rf"|自[^,。、;]{{1,12}}(?:之日起|之时起)的?{N}{{1,3}}{_SPAN}(?:{_WITHIN})?"
        rf"|(?:会议?{over})(?:之?后)?的?{N}{{1,3}}{_SPAN}{_WITHIN}"
        rf"|(?:会议结束后|会后|通知印发后|下发后|印发后|期满后|开学)的?{N}{{1,3}}{_SPAN}(?:{_WITHIN})?"
        rf"|{N}{{1,3}}{_SPAN}(?:的时间)?{_WITHIN}|限期{N}{{1,3}}{_SPAN}"
        r"|(?:年|月|周|季度|学年|学期|当年|当月|本周|本月|本季度|今年|本学期|本年度|近期|近日|短期|限期)内"
        # 本周五之前, 礼拜三之前, 下周
        rf"|(?:本|这|下)(?:{_WEEKDAY})(?:{_DAY_PART})?(?:{_BEFORE})?|{_WEEKDAY}{_CLOCK}?(?:{_DAY_PART})?{_BEFORE}|下周内?|本周内?(?=[,完])|(?:这个?|本|下个?)(?:星期|礼拜|月)(?:之内|内|底)?(?=[就要完拿,])"
        # 国庆节前, 汛期前, 测评结束后
        rf"|(?:{_FESTIVAL}|{_SEASON})(?:到来|开始|来临)?{_BEFORE}"
        rf"|{_OCCASION}(?:工作|组)?(?:到来|开始|来临|召开)?{_BEFORE}"
        rf"{before_or_after}|散会以?后|国庆节后|会后(?=[^,]{{3}})"
        # 从即日起, 从明天起
        rf"|[从自](?:即日|现在|今天|今日|明天|今晚|下周[一二三四五六日]?|下个?月|{_YEAR}?{N}{{1,3}}月(?:{_DAY}|份)?|{_YEAR}?{_QUARTER})(?:起|开始)"
        rf"(?:到[^,]{2, 6}结束)?|即日起|{_YEAR}?{N}{{1,3}}月{_DAY}起"
        rf"|在?最短(?:的)?时间{_WITHIN}|第一时间|(?:变动|发现|当事)?(?:当天|当日|当晚)(?:{_DAY_PART})?(?:{_BEFORE}|{_WITHIN})?"
        rf"|(?:今晚|今天下班|明天|后天|次日)(?:{_DAY_PART})?(?:{_BEFORE}|{_WITHIN})?|下班前|会前|提前{N}{{1,3}}{_SPAN}"
        r"|(?:台账|时间(?<!重要时间)(?<!关键时间)|序时|工期|进度|规定|计划)(?:节点|进度要求|时限)"
    )


_ENDING: Final = re.compile(rf"{_DONE}(?:之?[前后]|以前|的?{N})")
"""What a clause holds that names an event (新标准下发后, 活动结束三日内); others are not searched for events."""
_FIRM: Final = re.compile(begun(_firm()))
_FIRM_OR_EVENT: Final = re.compile(
    _firm(
        rf"|[\u4e00-\u9fff]{{2,4}}?{_DONE}",
        rf"|(?:(?![在于])[\u4e00-\u9fff]){{2,8}}{_DONE}{_BEFORE}|(?:会议|测评|活动|考核){_DONE}之?后",
    )
)
_SOFT: Final = re.compile(
    begun(
        rf"{_YEAR}?(?:上半年|下半年|{_QUARTER}(?:、{_QUARTER})*|{_TERM})|(?:{N}{{1,4}}年)?{N}{{1,3}}月(?:{_DAY}|份|上旬|中旬|初)?|{N}{{4}}年|x年|今年|明年|届时|开学第?{N}{{1,2}}周"
    )
)
"""Bare dates: a deadline only where something is demanded, a fact of the past elsewhere."""
_VAGUE: Final = re.compile(r"(?:抓紧(?!抓)(?!时间)|尽快|尽早|连夜)")
_SOFT_LEFT: Final = re.compile(r"(?:^|于|在|至|到|力争|确保|争取|计划)$")
_BARRED: Final = re.compile(r"(?:均|都|一律)?(?:不得|不能|不再|不予|取消|两次|[二三]次)")
"""三年内不得申报, 一年内两次查实: how long a bar lasts or a count runs, not by when."""
_NOT_DEADLINE: Final = re.compile(r"(?:目|空|面|眼|史|从)前$|第[一二三四]季度(?:例会|考核)")
_HINT: Final = re.compile(r"[前底末内周月年日天号节届晚限进尽抓时后起半礼季]")


FIRM, BARE, VAGUE = 0, 1, 2
REMEMBERED: Final = 4096
"""A clause is asked several times, whole and in parts: so many answers are kept."""


class TimePhrase(NamedTuple):
    """A phrase at [start, end) of the clause; `rank` is FIRM, BARE or VAGUE."""

    start: int
    end: int
    text: str
    rank: int

    @property
    def firm(self) -> bool:
        """Whether the phrase makes a demand by itself."""
        return self.rank == FIRM


@lru_cache(maxsize=REMEMBERED)
def find_deadline(clause: str) -> TimePhrase | None:
    """The first firm deadline of `clause`, else a bare date, else a vague word; None without any."""
    if _HINT.search(clause) is None:
        return None
    after: TimePhrase | None = None
    for match in (_FIRM_OR_EVENT if _ENDING.search(clause) else _FIRM).finditer(clause):
        if match.start() and clause[match.start() - 1] in "每逐《“":
            continue
        barred = match[0].endswith("内") and _BARRED.match(clause, match.end())
        if not barred and _NOT_DEADLINE.search(match[0]) is None:
            phrase = TimePhrase(match.start(), match.end(), match[0], FIRM)
            if not match[0].endswith("后"):
                return phrase
            after = after or phrase  # 会后,各村今晚就要……: the time that is set counts, not the event
    if after is not None:
        return after
    for soft in _SOFT.finditer(clause):
        if _SOFT_LEFT.search(clause[max(0, soft.start() - 2) : soft.start()]):
            return TimePhrase(soft.start(), soft.end(), soft[0], BARE)
    vague = _VAGUE.search(clause)
    return TimePhrase(vague.start(), vague.end(), vague[0], VAGUE) if vague is not None else None
