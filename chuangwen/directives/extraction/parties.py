"""Who: the parties of a clause, recognised by how Chinese names units, offices and posts, or by the lexicon.

A name is a party when it ends as units and posts end (局, 办, 街道, 负责人) and holds no word that only a
sentence would hold. The site's lexicon of units and aliases is believed without that test.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from chuangwen.directives.extraction.cues import ACTION, LEAD_IN, NEED
from chuangwen.directives.extraction.deadlines import REMEMBERED, find_deadline
from chuangwen.directives.extraction.exclusions import is_everybody
from chuangwen.directives.extraction.frequencies import find_frequency
from chuangwen.directives.folding import fold

_UNIT_END = (
    r"政府(?!性|采购|网)|(?<=[师访讲务术剧社])团(?!结|圆)|(?<=各级)文明单位|(?<=[县市省国]级)文明单位|办公室|领导小组|(?<=[团党会])组织|(?:安委|[委理监]|工作委员|理事|业委|管委|文明委|股东|董事|党委|纪检监察|职工代表|分)会|门店|商场|超市|酒店|商铺|指挥部|委员会|居委会|村委会|人民政府|党委|党组|党总支|支部|纪委监委|政法委|团委|工会|妇联|文联|残联|科协|侨联|工商联|团[市县区省]委|公安交警|交警|交通公路|公路"
    r"|(?<![机环结格布时大])局(?!长|面|部|势)|(?<![举承主督交经开创兴操帮协])办(?!理|事|公(?!室)|好|成|完|学|起)|(?<=[爱创整文])办|(?<!原|编)委(?!托|员|派|以|任)|厅|(?<![好坏用难到四各益何此相短长深妙害别惩查判出住远近高低几两一多每死暗明])处(?!理|罚|分|置|于|在|长|以|所|事|境|方)|(?<!学)科(?!长|学|技|目|普)|(?<![教课寝])室(?!内|外)|(?<!场|厕)所(?!属|在|有|辖|以|长|需|做)|(?<![车前])站(?!台|点|长)|(?<![排])队(?!伍|员|长|形)|中心|法院|检察院|医院|学院|学校|小学|中学|高校|幼儿园|校(?!长|园|内|外|舍|史|服|风)|馆(?!长|员)|公司|集团|企业|银行|厂(?!长|家|房)|矿(?!长|业|区|产)"
    r"|(?<!小)组(?!织|建|成|合|装)|部门|(?<![全内外局干])部(?!长|分|位|署|队)|(?<!文明)单位|(?<=各)文明单位|机关|系统|窗口|(?<!同级)党支部|街道办?|社区|(?<![新农下乡])村(?!长|民|支书|主任|镇|组|规|容|干部)|(?<!城)镇(?!长)|(?<![下城家他])乡(?!长|风|村|镇)|(?<![门都城超])市(?!长|场|容|民)|(?<![小地园社景片校户业聚厂公生住辖老新商务])区(?!长|域|划|间|内)|园区|景区|(?<!本)县(?!长|级|城|域)|专班|网格|媒体|协会|商会|学会|志愿队|大队|支队|总队|班级|年级|车间|班组|处室|庭室|科室|站所|股室|股(?!份|东|票|权)|(?<![家法开出到门])庭(?!院|审|长|外|前)|食堂|物业|班子|开办方|主办方|运营方|运营商|学生会|少先队|财政"
)
_POST_END = (
    r"领导|领导同志|同志|师生|教职员工|教职工|家庭|居民|市民|村民|群众|指挥长|理事长|会长|秘书长|支书|[片点位组班栋队站段店厂馆园网楼路街巷湖林田链庭股排处科所室社校院部区乡]长(?![期效远度短大])|[\u4e00-\u9fff](?<![动人官满成])员|[\u4e00-\u9fff](?<![或前后])者|负责人|负责同志|责任人|“?一把手”?|书记|主任|局长|校长|院长|组长|县长|市长|区长|镇长|乡长|村长|所长|队长|站长|科长|处长|部长|经理|干部|党员|成员|委员|代表|职工|员工|教师|老师|班主任"
    r"|司机|驾驶员|辅导员|志愿者|网格员|联络员|楼长|路长|资料员|督导员|工作者|人员|民警|医护人员|学生|家长|团员|经营户|商户|业主|河长|点长|街长"
)
_PARTY: Final = re.compile(rf"(?:.{{0,24}}?)(?:{_UNIT_END}|{_POST_END})$")
_PLACE: Final = re.compile(r"^(?:主|老|新|中心|建成)?城区$|贫困山区$")
_LOCAL: Final = re.compile(
    r"(?:[市县区省州镇]|[县市区]委)(?![容场民区域里内外直级城])[\u4e00-\u9fff]{2,5}(?<![作动境貌象平量设进容段路口])"
)
_LONG_REST: Final = 4
_MAX_NAME: Final = 30
_SHORT_NAME: Final = 5
_BRACKET: Final = re.compile(r"\([^()]{1,16}\)")
_MARKS_OUTSIDE: Final = re.compile(r"、(?![^()]*\))")
_PRONOUN: Final = re.compile(
    r"^(?:双方|各方|贵单位|贵局|贵校|贵公司|贵站|你单位|你局|我办|我局|我们办|本单位|妇联|[局院校所区镇县乡市村厂]里|学校|公司|各地|各级)$"
)
_NOT_IN_NAME: Final = re.compile(
    r"[是对把将不为被让使到这那它在以于且而即月按扣向]|(?<!自)由|报(?!社|业|刊)|抄送|组建|配齐|明确|重新|逐|深化|急事|结果|名单|情况|规范(?!办)|机制|任务|方案|职责|能力|水平|细则|打造|见义|涉及|设置|开设|起草|讨论|上报|对接|周末|(?<!国)有(?!关|限)|就(?!业)|从(?!业)|(?<!主)要|经(?![理营济贸信委])|(?<![青少成老童中])年(?!级|会|组)|(?<!^)[一二两三四五0-9][名位次]|(?<!^)每|期间|安排|指定|选派|聘请|发现|带动|通过|按照|根据|如果|因为|虽然|进行|加强|开展|做好|做到|创建(?!办|工作|领导|指挥|组|文明|督导|专班|科|股)|建设(?!局|委|指挥|工作|厅|单位|办|部|领导|科|中心|提质)|工作(?!组|领导|小组|办|部|委|局|人员|专班|者|站|处)|问题|活动|推动|落实|取得|以及其|其他方面|方面|依法|传达|叮嘱|提供|承担|确保|必须|应当|反映|连续|了|着(?!力)|之"
)
_VERB_FIRST: Final = re.compile(
    r"x个|×个|新建|列入|纳入|明确|深化|传达|配合|确保|取消|约谈|追究|扣|表彰|通报(?!中心)|反复|叮嘱|原则|原原|报[送请备]|关闭|委托|聘请|选派|抽调|会同|联合(?!会|国|工会|大队|调解)|提请|请|由|不|没|只|先|有(?!关|线|限)|抓|清|派(?!出)|对接|结合|借助|参照|经(?!信|济|贸|开|营|管|发|办)|与|主动|下沉|再|教育引导|教育和|重大|调整|任命|对|在|给|向|为|尤其|要求|广招|组织(?!部|委员|人事|科|处|室)|督促|动员|帮助|引导|带领|推进(?!办|组|领导)|推动|形成|围绕|做好|抓好|着力|加快|实施|争取|经过|创建(?!办|工作|领导|指挥|组|文明城市)|要求|促使|鼓励|召集|邀请|依靠"
    r"|协调(?!组|办|小组)|指导(?!组|小组|委|中心)|加强|建立|完善|落实|提升|提高|推广|利用|发挥|发动|扎|稍后|交流|打造|充分|把|将|让|使|号召|支持|走进|深入|面向|覆盖|成立|涉及|包括|凡|及时|积极"
)
_ALLOWED_OF: Final = re.compile(
    r"^[^的]{1,16}的(?:文明|主要|分管)?(?:单位|部门|人员|企业|地方|同志|负责同志|负责人|领导|班子|干部|干部职工|职工|党员|村|社区|乡镇|学校|商户)$"
)
_NAME_AND: Final = re.compile(
    r"(?:住房|人力资源|文化|发展|工业|农业|体育|经济|卫生|民族|教育|生态|自然资源|科学|应急|交通|信访|机关)和|和(?:城乡建设|社会保障|旅游|改革|信息化|农村|规划|健康|技术|计划生育)"
)
_SEPARATOR: Final = re.compile(r"、|(?:以及|及(?![时早格其])|和|与|或|并|特别是|尤其是|/)(?=.{2})")
_ET_CETERA: Final = re.compile(
    r"等(?:相关|有关|各|沿线|重点|责任|成员|职能|县直|市直|区直|其他|群团|社会|行业|\d+|[一二三四五六七八九十]+个?)*(?:部门|单位|组织|机构|乡镇|街道|社区|村|地|领导|人员|企业|学校|科室|处室|局|委办局|同志|负责人|[一二三四五六七八九十]+家)?$|等$"
)
_TRAILER: Final = re.compile(
    r"(?:一定|务必|就|先|马上|要马上|首先|也|都|均|还|又|既|更|再|则|要|特别|今年|共同|分别|各自|应|在会后|会后|则|同时|立即|继续|主动|切实|全部|负责|应|今后|抓紧|尽快|每年|每月|同样|具体|直接|必须|需)+$"
)
_CUE: Final = re.compile(
    rf"(?P<need>{NEED}|不得|不准|不许|严禁)|(?P<lead>牵头|负责(?!人|同志)|总负责|主抓|承办|主办)|(?P<help>(?:密切|积极|共同|协同)?(?:配合|协助|协办|参与|参加|支持)(?=,|$|、))|(?P<with>会同|联合)|(?P<grasp>(?:亲自|具体|分头|专门|直接|共同|靠前|牵头|统一|层层)抓|[为是](?:第一|具体|直接|主要)责任人)|(?P<be>是(?=[^,]{{2,30}}$))"
)
_WITH_LIST: Final = re.compile(r"^(?:要|应|须|必须|负责)?(?:牵头)?(?:会同|联合|协同)(?P<names>[^,。;]{2,40})")
_TOGETHER: Final = re.compile(
    rf"^(?:{NEED}|主动|积极|加强)*[与和同](?P<names>[^,。;]{{2,40}}?)(?:加强|密切|主动)?(?:对接|联合|协同|一起|共同|配合)"
)
_NOMINAL: Final = re.compile(
    r"[为是]|(?:建设|创建|教育|管理|服务|宣传|组织)(?:[是好的和、]|$)|[\u4e00-\u9fff]{2,4}?(?:工作|活动|进程|成果|水平|能力|的|体系|项目|任务|成效|经验|机制|力度|现场|制度|组织|行动(?![,。])|与|和)"
)
"""A verb that names a matter (建设工作) instead of ordering a deed."""
_GRASP: Final = re.compile(
    r"(?P<name>[^、,]{2,24}?)(?:(?:亲自|具体|分头|专门|直接|共同|统一)抓|[为是](?:第一|具体|直接|主要)责任人)"
)
_COUNTED: Final = re.compile(r"[两三四五六七八九十]+[大个家](?:运营商|部门|单位|局|乡?镇|街道|社区|村)$")
_EACH: Final = re.compile(r"(?<=[^级、])(?=各[^级])")
_REST_ET_CETERA: Final = re.compile(r"^等(?:相关|有关|责任|成员)*(?:部门|单位|科室)?")
_START: Final = re.compile(r"[一-鿿“x×*A-Za-z]")
_STOPS: Final = re.compile(
    rf"(?:[局院校所区镇县乡市村厂]里|双方|贵[单局校公站院司位]+|各方|{_UNIT_END}|{_POST_END})(?=[\u4e00-\u9fff0-9x×“、(])"
)
_ENDS: Final = re.compile(
    rf"(?:[局院校所区镇县乡市村厂]里|双方|各方|{_UNIT_END}|{_POST_END})(?:\([^()]{{1,16}}\))?”?(?![长员)])"
)
_WEAK: Final = re.compile(
    r"^(?:全[县市区镇乡院校局公司]{1,2}各|各级|全体|广大|每[一]?[个名位])|(?:党员|职工|干部|员工|学生|群众)$"
)
_MAX_SUBJECT: Final = 90
_MAX_OPENING: Final = 60
_WORDS_BETWEEN: Final = re.compile(
    rf"{NEED}|[按对向把将以在从到为给让被派送评审代带交报打请去来所]|负责|牵头|配合|组织(?!部|委|科)|协助|委托|联合|会同|统一|共同"
)
"""What parts a party from its deed: a name does not go on behind it."""
_SEATED: Final = re.compile(r"(?:下设办公室|办公室设|办公室挂靠)(?:设)?在?(?P<names>[^,。;]{2,14})$")
_SERVES: Final = re.compile(
    r"^[^,]{0,10}?(?:配合|协助)(?:和支持|、支持|好)?(?P<names>[^,。;]{2,30}?)(?:的(?:统一)?|做好|开展|完成|抓好|搞好|推进)"
)
_AGENT: Final = re.compile(r"(?<![理自事缘])由(?![于此来])")
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


class Parties:
    """Recognises parties; `lexicon` holds the site's names of units, aliases and posts."""

    def __init__(self, lexicon: AbstractSet[str] = frozenset()) -> None:
        self._split: dict[str, tuple[str, ...]] = {}
        self._lexicon = {fold(name) for name in lexicon if name}

    def is_party(self, name: str) -> bool:
        """Whether `name` alone names a unit or post that a task can be given to."""
        bare = _BRACKET.sub("", name.strip("“”\"' "))
        if not 2 <= len(bare) <= _MAX_NAME or is_everybody(bare):
            return False
        if bare in self._lexicon or _PRONOUN.match(bare):
            return True
        if _PLACE.search(bare) or _VERB_FIRST.match(bare) or (bare.startswith("双方") and bare != "双方"):
            return False
        return _ALLOWED_OF.match(bare) is not None or (_looks_like_name(bare) and not self._is_sentence(bare))

    def _is_sentence(self, name: str) -> bool:
        """Whether `name` is a party with a deed after it (各部门指定资料员), not one longer name (县委督查室)."""
        for stop in _STOPS.finditer(name):
            rest = name[stop.end() :]
            if len(rest) > _LONG_REST and ACTION.match(rest) and _PARTY.match(name[: stop.end()]):
                return True
        return False

    def split(self, text: str) -> list[str]:
        """The parties that `text` lists, or an empty list when it is anything but a list of parties."""
        if text not in self._split:
            if len(self._split) >= REMEMBERED:
                self._split.clear()
            self._split[text] = tuple(self._listed(text))
        return list(self._split[text])

    def _listed(self, text: str) -> list[str]:
        text = text.strip(" ,:、")
        if not text or len(text) > _MAX_SUBJECT:
            return []
        if is_everybody(text):
            return []
        cut = _ET_CETERA.search(text)
        listed = cut is not None
        if cut is not None:
            text = text[: cut.start()]
        counted = _COUNTED.search(text)
        if counted is not None and counted.start() > 1:
            text, listed = text[: counted.start()], True
        names = self._names(text)
        if (
            len(names) > 1
            and names[-1].endswith("部门")
            and len(names[0]) < _SHORT_NAME
            and not self.is_party(names[0])
        ):
            # 财政、审计部门: the ending serves all, as in 公安、城管等部门.
            names[-1], listed = names[-1].removesuffix("部门"), True
        good = [self.is_party(name) for name in names]
        if all(good):
            return names
        # In a list one ending may serve all (城关、固城等乡镇): short bare names pass beside a real one.
        bare = all(
            ok
            or (2 <= len(name) <= 6 and "的" not in name and not _NOT_IN_NAME.search(name) and not ACTION.match(name))
            for ok, name in zip(good, names, strict=True)
        )
        return names if bare and len(names) > 1 and (listed or good[-1]) else []

    def _names(self, text: str) -> list[str]:
        names: list[str] = []
        for part in _MARKS_OUTSIDE.split(text):
            whole = part.strip()
            pieces = [piece for piece in _SEPARATOR.split(whole) if piece]
            if len(pieces) == 1 and all(self.is_party(piece) for piece in _EACH.split(whole)):
                pieces = _EACH.split(whole)
            if (
                len(pieces) > 1
                and (_NAME_AND.search(whole) or not all(self.is_party(p) for p in pieces))
                and self.is_party(whole)
            ):
                names.append(whole)
            else:
                names += pieces
        return [name.strip(" ") for name in names if name.strip(" ")]

    def subject(self, clause: str) -> Subject | None:
        """The parties that `clause` opens with and the cue that binds them; None when it has no subject of its own."""
        head = _opening(clause)
        body = clause[head : head + _MAX_SUBJECT]
        if not _START.match(body):
            return None
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
        )

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
            names = self.split(before) or ([before] if _unknown_name(before) else [])
            if not names:
                continue
            kind = str(cue.lastgroup)
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
        ends = [m.end() for m, _ in zip(_STOPS.finditer(text), range(_FEW_STOPS), strict=False)]
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
        for count, stop in enumerate(_STOPS.finditer(body, skip)):
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


def is_weak(name: str) -> bool:
    """Whether `name` means so many that only a checkable deed makes it a party: 全体党员, 各级, 广大群众."""
    return _WEAK.search(name) is not None


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


def _unknown_name(text: str) -> bool:
    """Whether `text`, which stands before 要 or 负责, must be somebody of the place (市融媒), whoever that is."""
    return _LOCAL.fullmatch(text) is not None and _NOT_IN_NAME.search(text) is None


def _looks_like_name(bare: str) -> bool:
    plain = bare.replace("一把手", "负责人")
    return "的" not in plain and _NOT_IN_NAME.search(plain) is None and _PARTY.match(plain) is not None
