"""Labels and party lines: what minutes, plans and breakdown notices say about who and when outside of sentences.

Three forms, all told from folded text (folding.py): labels (牵头单位:…;完成时限:…), the bracket that closes an item
(市城管局牵头,市公安局配合), and lines that are nothing but names (综合协调组:). Pure. Whether a name is truly a unit is
decided later, with the site's lexicon; here the form of the line decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

Role = Literal["lead", "responsible", "cooperate", "leader", "deadline", "frequency", "target", "task", "other"]

_BODY = r"(?:单位|部门|科室|处室|股室|机构|主体|方|组)"
_LABELS: Final[tuple[tuple[Role, str], ...]] = (
    ("lead", rf"(?:总?牵头|主办|承办|主责|第一责任|组织实施){_BODY}|牵头(?!领导)|主办|承办"),
    ("responsible", rf"(?:责任|实施|落实|负责|执行|整改|承担|完成|具体责任){_BODY}(?:[及和、/]责任人)?|责任人"),
    ("cooperate", rf"(?:配合|协办|协助|参与|参加|协同|联办|成员|支持){_BODY}(?:和人员)?|配合|协办"),
    (
        "leader",
        r"(?:牵头|责任|分管|挂帅|包保|包联|包抓|带队|主管|督导)(?:市|县|区|院|局|校)?(?:领导|人|同志)|组长|副组长",
    ),
    (
        "deadline",
        r"(?:拟?完成|整改|办结|办理|报送|落实|达标|实施|推进|计划|规定|责任)?(?:时限|时间|期限|日期|节点)(?:要求|节点|安排)?|进度(?:安排|要求)",
    ),
    ("frequency", r"(?:工作|开展|检查|报送|巡查)?(?:频次|频率)"),
    ("target", r"(?:工作|创建|任务|整改|完成|验收|达到|质量|具体|阶段|预期)?(?:目标|标准|成效|成果形式|成果)(?:要求)?"),
    ("task", r"(?:工作|任务|主要|整改|创建|重点|具体)(?:内容|任务|事项|措施|举措)|工作要求"),
    (
        "other",
        r"(?:联系人|联系电话|电话|传真|邮箱|地点|时间地点|主持人?|出席|列席|参会(?:人员)?|记录人?|抄送|主送|报送对象|备注)",
    ),
)
_LABEL: Final = re.compile(
    r"(?:^|(?<=[(;。,、\s\u3010\[|]))(?:"
    + "|".join(f"(?P<{role}>{words})" for role, words in _LABELS)
    + r")(?:[:]|\u3011[:]?|\](?=.))"
)
_VALUE_END: Final = re.compile(r"[;。)\n\t\u3010]")
_MAX_VALUE: Final = 200

_TAIL: Final = re.compile(
    r"[(](?P<lead>[^()。;:\n]{2,120}?)(?:按照?(?:职责|各自职责)(?:分工)?|分别|共同|具体)?(?P<verb>牵头(?:负责)?|负责(?:落实)?|主办|承办)"
    r"(?:[,;、](?:会同)?(?P<help>[^()。;:\n]{2,120}?)(?:等?(?:按照?职责(?:分工)?)?(?:密切|积极|共同)?(?:配合|参与|参加|协助|协办|负责)))?[)]"
)

_END = (
    r"局|委|办|厅|部|处|科|室|所|站|队|组|院|校|园|馆|中心|公司|集团|银行|街道|社区|村|镇|乡|区|县|市|旗|团|会|联|协|专班|支部|政府"
    r"|学|医院|机关|处|单位|部门|指挥部|公安|交警|物业|企业|系统|口|窗口|班子|领导|负责人|负责同志|责任人|一把手”?|书记|主任"
    r"|局长|科长|处长|校长|院长|站长|所长|经理|网格员|班主任|辅导员|教师|志愿者|党员|干部|职工|楼长|路长|组长|联络员|资料员|成员"
)
_NO_NAME_BEGINS: Final = re.compile(
    r"加强|建立|健全|成立|组建|强化|推进|推动|开展|打造|抓|做|压实|落实|明确|突出|深化|提升|提高|优化|完善|规范|整治|治理|清理|改造"
    r"|动员|发动|评选|培育|选树|关爱|美丽|和谐|平安|最美|示范|先进|优秀|老旧|背街|无物业|主城|居民|辖区|附属|会议|时间|联系|全面"
    r"|深入|严格|切实|进一步|坚持|统一|认真|狠抓|注重|严肃|创新|各项|下一步|重点|存在|关于|[对在把以为从向]"
    r"|创建(?!办|工作|指挥|领导|组|全国|全省|省级|国家)|建设(?![局委厅科处])|文明(?!办|委|创建)|组织(?!部|委|处|科|人事|工作)"
    r"|宣传(?=.{0,4}(?:单位|干部))|服务(?=党员|群众|社区|企业)|主要(?!领导|负责)|学习(?!强国)|农村(?!商业|信用)"
    r"|城乡(?!建设|规划)|公共(?!资源|交通|事业)"
)
_NAME: Final = re.compile(rf"^[\u3400-\u9fffA-Za-z0-9x×*·“”]{{1,22}}?(?:{_END})$")
_NOT_IN_NAME: Final = re.compile(
    r"[是了的对把将使让为]|(?<!主)要|进行|必须|应当|已经|召开|举办|一次|每[周月年天季半]|(?:[小城片辖地景]区|机会|社会|[大例晚年盛]会|会议|会场|超市|门市|都市|全部|内部|外部|场所)$"
    r"|(?<!各)文明单位$"
)
_GENERIC: Final = re.compile(
    r"^(?:责任|牵头|配合|成员|参与|主办|承办|协办|有关|相关|所有|文明|示范|先进)?(?:单位|部门|机关|系统|领导|干部|党员|社区|村|企业)$|^(?:组|办|局|会|科学|数学|文学|大学|小学|中学|入学|教学|公园|校园|家园|社团|班会|例会|机构)$"
)
_JOINT: Final = re.compile(r"以及|及|和|与")
_SHARED_END: Final = re.compile(
    r"等(?:\d+|[一二三四五六七八九十]+个?|相关|有关|各|成员|责任)*(?:部门|单位|乡镇|街道|社区|村|科室|学校|企业)?$"
)
_DUTY: Final = re.compile(
    r"(?:(?:的?(?:主要|工作|具体|各自)?(?:职责|任务|分工)(?:任务|分工)?|负责(?!人|同志)|牵头(?:负责)?|(?:方面|工作)?(?:如下))\s*)+$"
)
_MAX_LINE: Final = 60


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled value; `start` and `end` bound `value` in the text that was searched.

    `opens_line`: the line begins with labels. Role `responsible` is 责任单位: the lead where nothing else leads, else
    among those who cooperate.
    """

    role: Role
    value: str
    start: int
    end: int
    opens_line: bool = False


def labels_in(line: str, at: int = 0) -> tuple[Label, ...]:
    """The labels of folded `line`, in order; offsets count from `at`. Values without text are left out."""
    found = [*_named(line, at), *_tails(line, at)]
    if not any(label.role in {"lead", "responsible", "cooperate", "leader"} for label in found):
        # 时间:3月12日 at the head of minutes says when the meeting was.
        found = [replace(one, role="other") if _is_bare_time(line, one.start - at) else one for one in found]
    return tuple(sorted(found, key=lambda label: label.start))


def _is_bare_time(line: str, start: int) -> bool:
    return re.fullmatch(r"\s*(?:会议|开会)?(?:时间|日期):\s*", line[:start]) is not None


def _named(line: str, at: int) -> Iterator[Label]:
    matches = list(_LABEL.finditer(line)) if ":" in line or "\u3010" in line or "[" in line else []
    opens = bool(matches) and not line[: matches[0].start()].strip(" (\u3010[")
    for i, match in enumerate(matches):
        limit = min(matches[i + 1].start() if i + 1 < len(matches) else len(line), match.end() + _MAX_VALUE)
        stop = _VALUE_END.search(line, match.end(), limit)
        start, end = _stripped(line, match.end(), stop.start() if stop else limit)
        if start < end:
            yield Label(_role(match), line[start:end], at + start, at + end, opens)


def _role(match: re.Match[str]) -> Role:
    return next(role for role, _ in _LABELS if match[role] is not None)


def _tails(line: str, at: int) -> Iterator[Label]:
    if ")" not in line:
        return
    for match in _TAIL.finditer(line):
        if not is_party_list(match["lead"]):
            continue
        role: Role = "responsible" if match["verb"].startswith("负责") else "lead"
        yield Label(role, match["lead"], at + match.start("lead"), at + match.end("lead"))
        if match["help"]:
            yield Label("cooperate", match["help"], at + match.start("help"), at + match.end("help"))


def is_label_line(line: str, labels: tuple[Label, ...]) -> bool:
    """Whether folded `line` is nothing but labels: it opens with one that says who, when or how often."""
    return bool(labels) and labels[0].opens_line and labels[0].role not in {"other", "target", "task"}


def party_span(line: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
    """Where in folded `line[start:end]` the parties stand when it is nothing but names, with 职责 or a colon behind."""
    start, end = _stripped(line, start, len(line) if end is None else end)
    if end - start > _MAX_LINE:
        return None
    if line[end - 1 : end] == ")":  # 环境整治组(12人)
        opened = line.rfind("(", start, end)
        if opened > start:
            start, end = _stripped(line, start, opened)
    duty = _DUTY.search(line, start, end)
    if duty is not None:
        end = duty.start()
    if line.startswith(("由", "请"), start):
        start += 1
    return (start, end) if start < end and is_party_list(line[start:end]) else None


def is_party_list(text: str) -> bool:
    """Whether folded `text` lists names of units or posts, told by their endings; at most 120 characters."""
    if not 2 <= len(text) <= 120:
        return False
    bare = _SHARED_END.sub("", text)
    names = [name for part in re.split("[、,/]", bare) for name in _parts(part.strip(" “”"))]
    if not names:
        return False
    shared = bare != text or len(names) > 1
    good = [_is_name(name) for name in names]
    if all(good):
        return True
    # One ending may serve a list (城关、固城等乡镇): short bare names pass beside a real one or a shared ending.
    short = all(ok or (2 <= len(n) <= 4 and _PLAIN.match(n)) for ok, n in zip(good, names, strict=True))
    return bool(shared and short and (bare != text or good[-1]))


_PLAIN: Final = re.compile(r"^[\u3400-\u9fff]+$")


def _parts(names: str) -> list[str]:
    """`names` parted at 和 and 及, unless that belongs to one name (住房和城乡建设局)."""
    if not names or _is_name(names):
        return [names] if names else []
    return [name for name in _JOINT.split(names) if name]


def _is_name(name: str) -> bool:
    if _NO_NAME_BEGINS.match(name) or _GENERIC.match(name):
        return False
    return bool(_NAME.match(name)) and not _NOT_IN_NAME.search(name)


def _stripped(line: str, start: int, end: int) -> tuple[int, int]:
    while start < end and line[start] in " \t,、:;.":
        start += 1
    while end > start and line[end - 1] in " \t,、:;.":
        end -= 1
    return start, end
