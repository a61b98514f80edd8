"""By when: deadline phrases in a clause. What they mean in days is resolution.py's matter."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from chuangwen.directives.extraction.cues import N

_BEFORE = r"(?:之前|以前|前(?![0-9一二三四五六七八九十]{1,3}[名位批]))"
_WITHIN = r"(?:之内|以内|内)"
_FIRM: Final = re.compile(
    rf"(?:(?:今年|明年|本年|{N}{{1,4}}年)?{N}{{1,3}}月(?:{N}{{1,3}}[日号]|份|上旬|中旬|下旬|底|末|初)?(?:下班|结束|到来|召开)?{_BEFORE}"
    rf"|(?:今年|明年|{N}{{1,4}}年)?{N}{{1,3}}月(?:底|末|内|份内|下旬)"
    rf"|(?:今年|本年度?|明年|{N}{{1,4}}年)?(?:年底(?!的)|年末|岁末|年终(?![考评总])|月底|月末|季末|季度末|学期末|学期结束|周末|旬末)(?:{_BEFORE})?"
    rf"|(?:今年|明年|{N}{{1,4}}年)(?:{_BEFORE}|底(?:{_BEFORE})?|末(?:{_BEFORE})?|{_WITHIN}|上半年|下半年|[一二三四第]{{1,2}}季度)"
    rf"|(?:今年|明年|{N}{{1,4}}年)?(?:上半年|下半年|第[一二三四]季度|[一二三四]季度)(?:末|底)?(?:{_BEFORE})?"
    rf"|(?:(?:会后|会议结束后|通知印发后|(?:自|从)?(?:收到|接到|发现)[^,。、]{{0,10}}(?:后|之日起)|自[^,。、]{{1,12}}之日起|开学|下发后|印发后|期满后)的?)(?:{N}{{1,3}}个?(?:工作日|小时|天|日|周|星期|月|分钟)(?:{_WITHIN})?)"
    rf"|{N}{{1,3}}个?(?:工作日|小时|天|日|周|星期|月|年|分钟|季度)(?:的时间)?{_WITHIN}"
    rf"|(?:年|月|周|季度|学年|学期|当年|当月|本周|本月|本季度|今年|本学期|本年度|近期|近日|短期|限期)内"
    rf"|(?:本|这|下)周[一二三四五六日天](?:下班|上午|下午)?(?:{_BEFORE})?|下周内?|本周内?(?=[,完])|下个?月{N}{{1,3}}[日号]?(?:{_BEFORE})?"
    rf"|(?:重大|重要|传统|法定)?(?:节假日|节日|节庆|春节|元旦|国庆节?|中秋节?|端午节?|清明节?|“五一”|五一|汛期|供暖期|雨季|开学|测评|迎检|验收|检查|复查|评审|会议|例会|申报|放假)(?:工作|组)?(?:到来|开始|来临|召开)?{_BEFORE}"
    rf"|在?最短(?:的)?时间{_WITHIN}|第一时间|(?:今晚|今天下班|明天|后天|当天|当日|当晚|次日)(?:下班|晚上|上午|下午|中午)?(?:{_BEFORE}|{_WITHIN})?|下班前|会前|提前{N}{{1,3}}个?(?:工作日|天|日|周|小时|月)"
    r"|(?:台账|时间|序时|工期|进度|规定|计划)(?:节点|进度要求|时限))"
)
_SOFT: Final = re.compile(
    rf"(?:(?:{N}{{1,4}}年)?{N}{{1,3}}月(?:{N}{{1,3}}[日号]|份|上旬|中旬|初)?|{N}{{4}}年|x年|今年|明年|届时|开学{N}{{1,2}}周)"
)
"""Bare dates: a deadline only where something is demanded, a fact of the past elsewhere."""
_VAGUE: Final = re.compile(r"(?:抓紧(?!抓)(?!时间)|尽快|尽早|限期)")
_SOFT_LEFT: Final = re.compile(r"(?:^|于|在|至|到|力争|确保|争取|计划)$")
_NOT_DEADLINE: Final = re.compile(r"(?:目|空|面|眼|史|从)前$|第[一二三四]季度(?:例会|考核)")
_HINT: Final = re.compile(r"[前底末内周月年日天号节届晚限进尽抓时]")


FIRM, BARE, VAGUE = 0, 1, 2


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


def find_deadline(clause: str) -> TimePhrase | None:
    """The first firm deadline of `clause`, else a bare date, else a vague word; None without any."""
    if _HINT.search(clause) is None:
        return None
    for match in _FIRM.finditer(clause):
        if match.start() and clause[match.start() - 1] in "每逐《“":
            continue
        if _NOT_DEADLINE.search(match[0]) is None:
            return TimePhrase(match.start(), match.end(), match[0], FIRM)
    for soft in _SOFT.finditer(clause):
        if _SOFT_LEFT.search(clause[max(0, soft.start() - 2) : soft.start()]):
            return TimePhrase(soft.start(), soft.end(), soft[0], BARE)
    vague = _VAGUE.search(clause)
    return TimePhrase(vague.start(), vague.end(), vague[0], VAGUE) if vague is not None else None
