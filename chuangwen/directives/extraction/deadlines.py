"""By when: deadline phrases in a clause. What they mean in days is resolution.py's matter."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from chuangwen.directives.extraction.cues import ACTION, NEED, N
from chuangwen.directives.patterns import by_first

_BEFORE = r"(?:之前|以前|前[后夕]?(?![0-9一二三四五六七八九十]{1,3}[名位批]|[途景线沿往]))"
_WITHIN = r"(?:之内|以内|内)"
_YEAR = rf"(?:今年|明年|本年度?|{N}{{1,4}}年)"
_SPAN = r"(?:个?(?:工作日|半?小时|天|日|周|星期|礼拜|月|年|分钟|季度|学期))"
_DAYS = r"(?:个?(?:工作日|小时|天|日|周|星期|礼拜|月))"
_DAY_PART = r"(?:早上|早晨|清早|上午|中午|下午|傍晚|晚上|夜里|凌晨|下班|上班)"
CLOCK: Final = rf"(?:(?:{_DAY_PART}|早|晚)?{N}{{1,3}}(?:[时点](?:{N}{{1,3}}分|半|整|钟)?|:[0-9]{{2}}))"
"""A time of day: 早上六点半, 17时30分, 7:20."""
_CLOCK_PART = rf"(?:{CLOCK}|{_DAY_PART}(?:{CLOCK})?)"
_DAY = rf"{N}{{1,3}}[日号]"
_WEEKDAY = r"(?:周|星期|礼拜)[一二三四五六日天](?![次场期遍轮回])"
_WEEK = r"(?:周|星期|礼拜)"
_FESTIVAL = (
    r"(?:“?五一”?|“?十一”?(?=[前后之])|“?七一”?|“?八一”?|春节|元旦|元宵节?|国庆节?|中秋节?|端午节?|清明节?|重阳节?|三八节|教师节|儿童节|劳动节"
    r"|过年|小年|(?:重大|重要|传统|法定)?(?:节假日|节日|节庆))"
)
_SEASON = (
    r"(?:汛期|供暖期|雨季|麦收|秋收|夏收|春耕|秋播|双抢|入冬|入汛|入夏|上冻|封冻|放假|放?暑假|放?寒假"
    r"|开学|[春秋]季开学|新学期|期中(?:考试)?|期末(?:考试)?|中考|高考)"
)
_OCCASION = (
    r"(?:本轮|本次|下次|下一次|正式|第[一二三四五]次|国家|省里)?"
    r"(?:测评|迎检|验收|检查|复查|复审|评审|会议|全体会议|例会|碰头会|调度会|督办会|申报|考核|评估)"
)
_DONE = r"(?:结束|完成|完毕|截止|出台|签订|印发|下发|召开|开始|到来|来临|启动|落成|投用)"
_QUARTER = r"第?[一二三四]季度"
_TERM = r"(?:[春秋]季学期|本学期|下学期|上学期)"
_PART = r"(?:底|末|初|[上中下]旬)"
_POINT = rf"(?:{_YEAR}?{N}{{1,3}}月(?:{_DAY}|{_PART})?|{_DAY}|年底|月底)"
_TO = r"(?:到|至|—{1,2}|[-~–])"
_BEGINNING = rf"(?:[从自]?(?:{_YEAR}?{N}{{1,3}}月(?:{_DAY}|份|{_PART})?|即日|现在|今天|今日|明天)起?)"
_FROM = rf"(?:{_BEGINNING}{_TO})"
"""What a range of dates begins with (8月1日至…): its end is the deadline."""


def _firm(over: str = "", before_or_after: str = "") -> str:
    """What sets a time by itself; `over` and `before_or_after` add events that end or begin, each with a bar."""
    return (
        # 6月30日17时前, 6月底, 6月内
        rf"{_YEAR}?{N}{{1,3}}月(?:{_DAY}|份|{_PART})?{_CLOCK_PART}?(?:结束|到来|召开)?{_BEFORE}"
        rf"|[到至]?{_YEAR}?{N}{{1,3}}月(?:底|末|内|份内|下旬)(?:{_BEFORE})?"
        # 25日之前, 20日零点之前
        rf"|{_DAY}{_CLOCK_PART}?{_BEFORE}"
        # 每月25日前
        rf"|每个?(?:月|季度?|周|年)(?:第[一二三]个月)?(?:{_DAY}|[一二三四五六日天]|底|末)?{CLOCK}?{_BEFORE}"
        rf"|(?:这个|本|下个?|次)月(?:{_DAY}|{_PART})?{_BEFORE}|(?:这个|本|下个?)月{_DAY}"
        # 年底前, 月底, 学期末
        rf"|{_YEAR}?(?:年底(?!的|不[得能予])|年末(?!位)|岁末|年终(?![一考评总资])|月底|月末(?!位)|季末(?!位)|季度末(?!位)|学期末|学期结束|周末(?=[之以]?前)|旬末)(?:{_BEFORE})?"
        rf"|{_YEAR}(?:{_BEFORE}|底(?:{_BEFORE})?|末(?:{_BEFORE})?|{_WITHIN})"
        rf"|{_YEAR}?(?:上半年|下半年|{_QUARTER}|{_TERM})(?:(?:末|底)(?:{_BEFORE})?|结束{_BEFORE}|{_BEFORE}|{_WITHIN})"
        # 收到清单后5个工作日内, 自发现之时起24小时内, 活动结束三日内
        rf"|(?:自|从)?(?:收到|接到|发现)[^,。、;]{{0,12}}?(?:后|之日起|之时起|起)?的?{N}{{1,3}}{_SPAN}(?:{_WITHIN})?"
        rf"|自[^,。、;]{{1,12}}(?:之日起|之时起)的?{N}{{1,3}}{_SPAN}(?:{_WITHIN})?"
        rf"|(?:会议?{over})(?:之?后)?的?{N}{{1,3}}{_SPAN}{_WITHIN}"
        rf"|(?:会议结束后|会后|通知印发后|下发后|印发后|期满后|开学)的?{N}{{1,3}}{_SPAN}(?:{_WITHIN})?"
        rf"|{N}{{1,3}}{_SPAN}(?:的时间)?{_WITHIN}|限期{N}{{1,3}}{_SPAN}"
        r"|(?:年|月|周|季度|学年|学期|当年|当月|本周|本月|本季度|今年|本学期|本年度|近期|近日|短期|限期)内"
        # 本周五之前, 下个礼拜三之前, 下周, 这个礼拜之内
        rf"|(?:本|这|下)个?{_WEEKDAY}{_CLOCK_PART}?(?:{_BEFORE})?|{_WEEKDAY}{_CLOCK_PART}?{_BEFORE}"
        rf"|(?:这个?|本|下个?)(?:{_WEEK}|月)(?:之内|内|底)|下周|本周(?=[,完])|(?:这个?|本|下个?)(?:星期|礼拜|月)(?=[就要完拿,])"
        # 国庆节前, 汛期前, 测评结束后, 下学期起
        rf"|(?:{_FESTIVAL}|{_SEASON})(?:到来|开始|来临)?{_BEFORE}|[从自]?(?:{_TERM}|{_SEASON})起"
        rf"|{_OCCASION}(?:工作|组)?(?:到来|开始|来临|召开)?{_BEFORE}"
        rf"{before_or_after}|散会以?后|国庆节后|会后(?=[^,]{{3}})"
        # 从即日起, 从明天起, 从今天起到验收结束
        rf"|[从自](?:即日|现在|今天|今日|明天|今晚|下周[一二三四五六日]?|下个?月|{_YEAR}?{N}{{1,3}}月(?:{_DAY}|份)?|{_YEAR}?{_QUARTER})(?:起|开始)"
        rf"(?:[到至](?:[^,]{{2,6}}(?:结束|为止)|{_POINT}))?|即日起|{_YEAR}?{N}{{1,3}}月{_DAY}起"
        # 今天下午就, 今晚八点前, 明早
        rf"|在?最短(?:的)?时间{_WITHIN}|第一时间|(?:变动|发现|当事)?(?:当天|当日|当晚)(?!的|问题|值班)(?:{_DAY_PART})?(?:{_BEFORE}|{_WITHIN})?"
        rf"|第二天{_CLOCK_PART}{_BEFORE}|(?:今晚|明晚|明早|明晨|今天下班|明天|明日|后天|次日){_CLOCK_PART}?(?:{_BEFORE}|{_WITHIN})?"
        rf"|今[天日](?:{_CLOCK_PART}?{_BEFORE}|{_CLOCK_PART}(?=[就便要把]|必须|全部|一律|务必|一定)|之?内)"
        rf"|下班前|会前|提前{N}{{1,3}}{_SPAN}"
        r"|(?:台账|时间(?<!重要时间)(?<!关键时间)|序时|工期|进度|规定|计划)(?:节点|进度要求|时限)"
    )


_RANGE_BEFORE: Final = re.compile(rf"{_BEGINNING}{_TO}?$")
_CLOCK_BEFORE: Final = re.compile(by_first(rf"{CLOCK}{_BEFORE}"))
"""早上六点半前: of a day that is not told."""
_PERIOD: Final = re.compile(
    rf"{N}(?<=[给限用]{N})(?<!半){N}{{0,2}}{_DAYS}(?=的?(?:时间|期限|限期|工夫|功夫))"
    rf"|限{N}{{1,3}}{_DAYS}|{N}{{1,3}}{_DAYS}(?=的?(?:期限|限期)|为限)"
)
"""给十天期限, 用五天时间, 限三天: how long somebody has."""
_ENDING: Final = re.compile(rf"{_DONE}(?:之?[前后]|以前|的?{N})")
"""What a clause holds that names an event (新标准下发后, 活动结束三日内); others are not searched for events."""
_FIRM: Final = re.compile(by_first(_firm()))
_FIRM_OR_EVENT: Final = re.compile(
    _firm(
        rf"|[\u4e00-\u9fff]{{2,4}}?{_DONE}",
        rf"|(?:(?![在于])[\u4e00-\u9fff]){{2,8}}{_DONE}{_BEFORE}|(?:会议|测评|活动|考核){_DONE}之?后",
    )
)
_NUMBER = "0-9x×X*一二三四五六七八九十"
_BARE_DAY = (
    rf"[{_NUMBER}](?<![{_NUMBER}月第初逢每廿][{_NUMBER}])[{_NUMBER}]{{0,2}}(?:日|号(?![楼线院路街门机车店库桥坝码召令文台岗厅馆井通]))"
    rf"(?![0-9内后之以一二三两起报常程夜游])"
)
_SOFT: Final = re.compile(
    by_first(
        rf"{_FROM}{_POINT}|{_YEAR}?(?:上半年|下半年|{_QUARTER}(?:、{_QUARTER})*|{_TERM})"
        rf"|(?:{N}{{1,4}}年)?{N}{{1,3}}月(?:{_DAY}|份|[上中]旬|初)?|(?:本|下个?|次)月{_PART}|{N}{{4}}年|x年|今年|明年|届时|开学第?{N}{{1,2}}周"
        rf"|{_BARE_DAY}|这[两几]天|{_WEEKDAY}(?<![每逢本这下上到至和、由]..)(?<![每逢上到至和、]周.)(?=[就把要再]|必须|全部|一律|统一|给|交|报|上报|验收|检查|拿|完|开会|碰头)|[暑寒]假期间|{_SEASON}(?:时|的时候)|{CLOCK}(?=到岗)|当月(?=[换改清补办完])|{N}{{1,3}}{_DAYS}(?:之后|以后|后)|这个?{_WEEK}|本周(?![末期刊])|下一?次(?:例会|会议|督办会|调度会|全体会议)(?![定召将在于的由])"
    )
)
"""Bare dates: a deadline only where something is demanded, a fact of the past elsewhere."""
_EVENT: Final = re.compile(r"(?:^|(?<=[在于到]))[^,。、;:在于]{2,12}?(?:之前|以前)")
"""方案批准之前: told as it stands, for a person to date."""
_LONG_AGO: Final = re.compile(r"^(?:[几多数两三四五六七八九十0-9]|很久|不久|此|这|那|解放|改革|从|过去|以|来)")
_VAGUE: Final = re.compile(r"(?:抓紧(?!抓)(?!时间)|尽快|尽早|连夜)")
_SOFT_LEFT: Final = re.compile(r"(?:^|于|在|至|到|力争|确保|争取|计划|最[迟晚])$")
_SURE: Final = re.compile(r"^[当本这下次]|[日号旬后]$")
"""A bare date that a deed may follow right away: 年 and 月 stand before deeds of the past as often."""
_TOLD_AFTER: Final = re.compile(rf"[就便]|统统|全部|一律|(?:都|也|均)?(?:{NEED})")
"""What makes a bare date one by which something is asked, whatever stands before it (城管局18日要…)."""
_BARRED: Final = re.compile(r"(?:均|都|一律)?(?:不得|不能|不再|不予|不享受|不参|取消)|[^,]{0,6}[两二三四五2-5]次")
"""三年内不得申报, 一年内两次查实: how long a bar lasts or a count runs, not by when."""
_NOT_DEADLINE: Final = re.compile(r"(?:目|空|面|眼|史|从)前$|^[几多数]年|第[一二三四]季度(?:例会|考核)")
_HINT: Final = re.compile(
    r"[前底末内周月年日天号节届晚早夜限尽时后半礼季暑寒]|进度|抓紧|下一?次|[在期学冬汛夏]起|[分点半]到岗"
)
_LONGEST_BEGINNING: Final = 16  # characters


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
    """The first firm deadline of `clause`, else a bare date or event, else a vague word; None without any."""
    if _HINT.search(clause) is None:
        return None
    return (
        _firm_in(clause) or _told_in(clause) or _bare_in(clause) or _event_in(clause) or _first(_VAGUE, clause, VAGUE)
    )


def _firm_in(clause: str) -> TimePhrase | None:
    after: TimePhrase | None = None
    for match in (_FIRM_OR_EVENT if _ENDING.search(clause) else _FIRM).finditer(clause):
        if match.start() and clause[match.start() - 1] in "每逐逢《“":
            continue
        barred = match[0].endswith("内") and _BARRED.match(clause, match.end())
        if not barred and _NOT_DEADLINE.search(match[0]) is None:
            phrase = _with_beginning(clause, match.start(), match.end())
            if not match[0].endswith("后"):
                return phrase
            after = after or phrase  # 会后,各村今晚就要……: the time that is set counts, not the event
    return after


def _with_beginning(clause: str, start: int, end: int) -> TimePhrase:
    """The date at [start, end), with the beginning of the range whose end it is (3月1日至|4月底前)."""
    if clause[start] in "到至" or clause[max(0, start - 1)] in "到至—-~–":
        before = _RANGE_BEFORE.search(clause, max(0, start - _LONGEST_BEGINNING), start)
        start = before.start() if before is not None else start
    return TimePhrase(start, end, clause[start:end], FIRM)


def _told_in(clause: str) -> TimePhrase | None:
    """A clock or a period by which something is to be done, where no day is told."""
    if "前" in clause:
        clock = _first(_CLOCK_BEFORE, clause, FIRM)
        if clock is not None:
            return clock
    return _first(_PERIOD, clause, FIRM) if any(word in clause for word in ("限", "时间", "夫")) else None


def _bare_in(clause: str) -> TimePhrase | None:
    for soft in _SOFT.finditer(clause):
        left = _SOFT_LEFT.search(clause[max(0, soft.start() - 2) : soft.start()])
        if (
            left
            or _TOLD_AFTER.match(clause, soft.end())
            or (_SURE.search(soft[0]) and ACTION.match(clause, soft.end()))
        ):
            return TimePhrase(soft.start(), soft.end(), soft[0], BARE)
    return None


def _event_in(clause: str) -> TimePhrase | None:
    if "之前" not in clause and "以前" not in clause:
        return None
    for event in _EVENT.finditer(clause):
        if _LONG_AGO.match(event[0]) is None:
            return TimePhrase(event.start(), event.end(), event[0], BARE)
    return None


def _first(pattern: re.Pattern[str], clause: str, rank: int) -> TimePhrase | None:
    match = pattern.search(clause)
    return TimePhrase(match.start(), match.end(), match[0], rank) if match is not None else None
