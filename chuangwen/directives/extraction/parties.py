"""Who: the parties that a clause tells to do something, and the cue that binds them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from chuangwen.directives.extraction.cues import ACTION, LEAD_IN, NEED
from chuangwen.directives.extraction.deadlines import REMEMBERED, find_deadline
from chuangwen.directives.extraction.frequencies import find_frequency
from chuangwen.directives.extraction.names import MAX_SUBJECT, STOPS, NameEnds, Names, is_unknown_name
from chuangwen.directives.extraction.people import CALLED, LATER, MYSELF
from chuangwen.directives.patterns import begun, by_first

_TRAILERS: Final = (
    "一定|务必|就|先|马上|要马上|首先|也|都|均|还|又|既|更|再|则|要|特别|今年|共同|分别|各自|应|"
    "在会后|会后|则|同时|立即|继续|主动|切实|全部|负责|应|今后|抓紧|尽快|每年|每月|同样|具体|直接|必须|需"
)
_TRAILER: Final = re.compile(rf"{by_first(_TRAILERS)}(?:{begun(_TRAILERS)})*$")
_CUES: Final = {
    "need": rf"{NEED}|不得|不准|不许|严禁",
    "lead": "牵头|负责(?!人|同志)|总负责|负[总主首]责|主抓|承办|主办",
    "help": "(?:密切|积极|共同|协同)?(?:配合|协助|协办|参与|参加|支持)(?=,|$|、)",
    "with": "会同|联合",
    "grasp": "(?:亲自|具体|分头|专门|直接|共同|靠前|牵头|统一|层层)抓|[为是](?:第一|具体|直接|主要)责任人",
    "be": "是(?=[^,]{2,30}$)",
}
_CUE: Final = re.compile(by_first("|".join(_CUES.values())))
_KIND: Final = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _CUES.items()))
"""Which of the cues stands where one was found."""
_WITH_LIST: Final = re.compile(r"^(?:要|应|须|必须|负责)?(?:牵头)?(?:会同|联合|协同)(?P<names>[^,。;]{2,40})")
_TOGETHER: Final = re.compile(
    rf"^(?:{NEED}|主动|积极|加强)*[与和同跟](?P<names>[^,。;]{{2,40}}?)(?:加强|密切|主动)?(?:对接|联合|协同|一起|共同|配合)"
)
_NOMINAL: Final = re.compile(
    r"[为是]|(?:建设|创建|教育|管理|服务|宣传|组织)(?:[是好的和、]|$)|(?!把|将(?![对于在以会要按根继进]))[\u4e00-\u9fff]{2,4}?(?:工作|活动|进程|成果|水平|能力|的|体系|项目|任务|成效|经验|机制|力度|现场|制度|组织|行动(?![,。])|与|和)"
)
"""A verb that names a matter (建设工作) instead of ordering a deed."""
_GRASP: Final = re.compile(
    r"(?P<name>[^、,]{2,24}?)(?:(?:亲自|具体|分头|专门|直接|共同|统一)抓|[为是](?:第一|具体|直接|主要)责任人)"
)
_REST_ET_CETERA: Final = re.compile(r"^等(?:相关|有关|责任|成员)*(?:部门|单位|科室)?")
_START: Final = re.compile(r"[一-鿿“x×*A-Za-z]")
_ENDS: Final = NameEnds("[局院校所区镇县乡市村厂]里|双方|各方", r"(?:\([^()]{1,16}\))?”?(?![长员)])")
_MAX_OPENING: Final = 60
_WORDS_BETWEEN: Final = re.compile(
    rf"{NEED}|[按对向把将以在从到为给让被派送评审代带交报打请去来所]|负责|牵头|配合|组织(?!部|委|科)|协助|委托|联合|会同|统一|共同"
)
"""What parts a party from its deed: a name does not go on behind it."""
_SEATED: Final = re.compile(r"(?:下设办公室|办公室设|办公室挂靠)(?:设)?在?(?P<names>[^,。;]{2,14})$")
_SERVES: Final = re.compile(
    r"^[^,]{0,10}?(?:配合|协助)(?:和?支持|、支持|好)?(?P<names>[^,。;]{2,30}?)(?:的(?:统一)?|做好|开展|完成|抓好|搞好|推进)"
)
_AGENT: Final = re.compile(
    r"由(?<![理自事缘为]由)(?![于此来])|请(?<=[事法项题由单料果况表案]请)(?![示假求帖客])|归(?<!回归)(?=[^,。]{2,12}(?:管|负责))"
)
_NEAR_STOP: Final = 8
_FEW_CUES: Final = 5
_FEW_STOPS: Final = 12


class Subject(NamedTuple):
    """Parties found at the head of a clause; the demand itself begins at `end`. `cue` tells how they were found."""

    lead: list[str]
    cooperate: list[str]
    end: int
    cue: str


class Opening(NamedTuple):
    """Names that a clause opens with, `[start, end)` of it, whether or not a deed follows."""

    names: list[str]
    start: int
    end: int


class Parties(Names):
    """Finds the parties of a clause."""

    def subject(self, clause: str) -> Subject | None:
        """The parties that `clause` opens with and the cue that binds them; None when it has no subject of its own."""
        head = _opening(clause)
        body = clause[head : head + MAX_SUBJECT]
        if not _START.match(body):
            return None
        named = self._by_name(body, head)
        if named is not None:
            return named
        joined = _WITH_LIST.match(body)
        if joined is not None:
            names = self._longest(joined["names"])
            return Subject([], names, head + joined.end(), "help") if names else None
        seat = _SEATED.search(body)
        if seat is not None:
            names = self.split(seat["names"])
            return Subject(names, [], head + seat.end(), "be") if names else None
        agent = _AGENT.search(body)
        if agent is not None:
            head += agent.end()
            body = body[agent.end() :]
            return self._by_cue(body, head, 0) or self._by_predicate(body, head, 0, any_deed=True)
        skip = 1 if body.startswith("请") else 0
        return (
            self._by_cue(body, head, skip)
            or self._alone(clause, body, head, skip)
            or self._by_predicate(body, head, skip)
            or self._served(body, head)
        )

    def _by_name(self, body: str, head: int) -> Subject | None:
        """Who is spoken to (李处长你亲自抓) or speaks of himself (这件事我来办)."""
        if "你" in body:
            called = CALLED.match(body)
            if called is not None and self.is_party(called["who"]):
                return Subject([called["who"]], [], head + called.end(), "need")
        later = LATER.match(body) if "老" in body or "小" in body else None
        if later is not None and (time_first(body[later.end() :]) or ACTION.match(body, later.end())):
            return Subject([later["who"]], [], head + later.end(), "predicate")
        myself = MYSELF.match(body) if "我" in body else None
        return Subject([myself["who"]], [], head + myself.end("who"), "lead") if myself is not None else None

    def _served(self, body: str, head: int) -> Subject | None:
        """Whom somebody named before is to help (积极配合综合科的统一安排)."""
        served = _SERVES.match(body) if "配合" in body or "协助" in body else None
        names = self.split(served["names"]) if served is not None and ACTION.match(body) else []
        return Subject(names, [], head + served.end("names"), "serve") if served is not None and names else None

    def opening(self, clause: str) -> Opening | None:
        """The longest list of parties at the head of `clause`; None when it opens with anything else.

        Weaker than `subject`: 市局承担统筹 opens with a party even where no list knows the verb.
        """
        head = _opening(clause)
        if clause[head : head + 1] in {"由", "请"}:
            head += 1
        body = clause[head : head + _MAX_OPENING]
        best: Opening | None = None
        for count, stop in enumerate(_ENDS.finditer(body)):
            if count >= _FEW_STOPS or (best is not None and head + stop.end() - best.end > _NEAR_STOP):
                break
            if best is not None and _WORDS_BETWEEN.match(clause, best.end):
                break
            names = self.split(body[: stop.end()])
            if names:
                best = Opening(names, head, head + stop.end())
        return best

    def _by_cue(self, body: str, head: int, skip: int) -> Subject | None:
        for count, cue in enumerate(_CUE.finditer(body)):
            if count >= _FEW_CUES:
                return None
            before = _before_cue(body[skip : cue.start()])
            names = self.split(before) or ([before] if is_unknown_name(before) else [])
            if not names:
                continue
            told = _KIND.match(body, cue.start())
            kind = str(told.lastgroup) if told is not None else ""
            if kind == "grasp":
                many = [name for match in _GRASP.finditer(body) for name in self.split(match["name"])]
                names = many if len(many) > len(names) else names
            rest = body[cue.end() :]
            if kind == "help":
                return Subject([], names, head + cue.end(), kind)
            served = _SERVES.match(rest) if kind == "need" else None
            if served is not None and self.split(served["names"]):
                return Subject(self.split(served["names"]), names, head + cue.end(), kind)
            lead_after = re.match(r"(?:牵头|负责)(?=、|,|$)", rest) if kind == "need" else None
            tail = rest[lead_after.end() :] if lead_after else rest
            helpers = self._helpers(body[cue.start() :], tail)
            return Subject(names, helpers, head + cue.start() if kind in {"with", "grasp"} else head + cue.end(), kind)
        return None

    def _helpers(self, predicate: str, rest: str) -> list[str]:
        match = _WITH_LIST.match(predicate)
        if match is not None:
            return self._longest(match["names"])
        match = _TOGETHER.match(predicate)
        if match is not None:
            return self.split(match["names"])
        match = re.match(r"^[、,和]([^,。;]{2,50}?)(?:密切|积极|共同)?(?:配合|协助|协同|参与)", rest)
        return self.split(match[1]) if match is not None else []

    def _longest(self, text: str) -> list[str]:
        whole = self.split(text)
        if whole:
            return whole
        ends = [m.end() for m, _ in zip(STOPS.finditer(text), range(_FEW_STOPS), strict=False)]
        for end in reversed(ends):
            names = self.split(text[:end])
            if names:
                return names
        return []

    def _alone(self, clause: str, body: str, head: int, skip: int) -> Subject | None:
        if head + len(body) < len(clause):
            return None
        names = self.split(_before_cue(body[skip:]))
        return Subject(names, [], len(clause), "alone") if names else None

    def _by_predicate(self, body: str, head: int, skip: int, *, any_deed: bool = False) -> Subject | None:
        best: Subject | None = None
        for count, stop in enumerate(STOPS.finditer(body, skip)):
            if count >= _FEW_STOPS or (best is not None and head + stop.end() - best.end > _NEAR_STOP):
                break
            rest = _REST_ET_CETERA.sub("", body[stop.end() :])
            if not any_deed and not time_first(rest) and (ACTION.match(rest) is None or _NOMINAL.match(rest)):
                continue
            names = self.split(body[skip : stop.end()])
            if names:
                cue = "agent" if any_deed else "predicate"
                served = _SERVES.match(rest)
                lead = self.split(served["names"]) if served is not None else []
                if lead:
                    best = Subject(lead, names, head + stop.end(), cue)
                else:
                    best = Subject(names, self._helpers(rest, rest), head + stop.end(), cue)
        return best


@lru_cache(maxsize=REMEMBERED)
def _opening(clause: str) -> int:
    """Length of connectives and time phrases before the subject."""
    at = 0
    for _ in range(4):
        match = LEAD_IN.match(clause, at)
        if match is not None and match.end() > at:
            at = match.end()
            continue
        rest = clause[at : at + 40]
        time = find_deadline(rest) or find_frequency(rest)
        if time is not None and time.start <= (1 if rest[:1] in "在于自从到至" else 0) and len(rest) > time.end:
            if rest[time.end] in "的召":
                break
            at += time.end
            continue
        break
    return at


def _before_cue(text: str) -> str:
    """`text` without adverbs and times that stand between a subject and its cue."""
    while True:
        text = text.rstrip(" ,")
        trailer = _TRAILER.search(text)
        if trailer is not None and trailer.start() > 1:
            text = text[: trailer.start()]
            continue
        return _without_time(text)


def _without_time(text: str) -> str:
    for phrase in (find_deadline(text), find_frequency(text)):
        if phrase is not None and phrase.end >= len(text) - 1 and phrase.start > 1:
            return text[: phrase.start].rstrip("于在至到,的")
    return text


def time_first(rest: str) -> bool:
    """Whether `rest` begins with a deadline or a frequency."""
    shift = 1 if rest[:1] in "于在自从到至" else 0
    for phrase in (find_deadline(rest[:30]), find_frequency(rest[:30])):
        if phrase is not None and phrase.start <= shift:
            return True
    return False
