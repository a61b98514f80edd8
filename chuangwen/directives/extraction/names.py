"""What names a unit or a post, and a list of them.

A name is a party when it ends as units and posts end (局, 办, 街道, 负责人) and holds no word that only a
sentence would hold. The site's lexicon of units and aliases is believed without that test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Final

from chuangwen.directives.extraction.cues import ACTION
from chuangwen.directives.extraction.deadlines import REMEMBERED
from chuangwen.directives.extraction.exclusions import is_everybody
from chuangwen.directives.extraction.people import PERSON_END, is_person
from chuangwen.directives.folding import fold
from chuangwen.directives.patterns import by_first, first_characters, last_characters

UNIT_END: Final = (
    # Bodies of party and government, associations
    r"政府(?!性|采购|网)|办公室|领导小组|组织(?<=[团党会]组织)|"
    r"安委会|[委理监]会|工作委员会|理事会|业委会|管委会|文明委会|股东会|董事会|党委会|纪检监察会|职工代表会|分会|指挥部|委员会|"
    r"居委会|村委会|人民政府|党委|党组(?!织)|党总支|支部|纪委监委|政法委|团委|工会|妇联|文联|残联|科协|侨联|工商联|"
    r"人大(?!代)|政协(?!委)|共青团|团[市县区省]委|党支部(?<!同级党支部)|媒体|协会|商会|学会|志愿队|班子|学生会|"
    r"少先队|财政|"
    # Courts, schools, hospitals, companies, shops
    r"门店|商场|超市|酒店|商铺|中心|法院|检察院|人民法庭|医院|学院|学校|小学|中学|高校|幼儿园|公司|集团|企业|"
    r"银行|供销社|少年宫|食堂|物业|开办方|主办方|运营方|运营商|"
    # Kinds of units, and parts of them
    r"文明单位(?<=各级文明单位)|文明单位(?<=[县市省国]级文明单位)|公安交警|交警|交通公路|公路|部门|单位(?<!文明单位)|"
    r"文明单位(?<=各文明单位)|机关|系统|窗口|专班|[大支总]队(?!长)|班级|年级|车间|班组|处室|庭室|科室|站所|股室|"
    # Places that are told something
    r"街道办?|社区|村(?<![新农下乡]村)(?!长|民|支书|主任|镇|组|规|容|干部|庄)|镇(?<!城镇)(?!长)|"
    r"乡(?<![下城家他]乡)(?!长|风|村|镇)|市(?<![门都城超归]市)(?!长|场|容|民)|"
    r"区(?<![小地园社景片校户业聚厂公生住辖老新商务]区)(?!长|域|划|间|内)|园区|景区|县(?<!本县)(?!长|级|城|域)|"
    r"网格|"
    # One character that ends the name of an office: what may not stand before it, and not behind
    r"团(?<=[师访讲务术剧社]团)(?!结|圆)|局(?<![机环结格布时大]局)(?!长|面|部|势)|"
    r"办(?<![举承主督交经开创兴操帮协想简]办)(?!理|事|公(?!室)|好|成|完|学|起)|办(?<=[爱创整文]办)|"
    r"委(?<![原编]委)(?!托|员|派|以|任)|厅|"
    r"处(?<![好坏用难到四各益何此相短长深妙害别惩查判出住远近高低几两一多每死暗明]处)(?!理|罚|分|置|于(?![0-9x每])|在|长|以|所|事|境|方)|"
    r"科(?<!学科)(?!长|学|技|目|普|级)|室(?<![教课寝]室)(?!内|外)|所(?<![场厕]所)(?!属|在|有|辖|以|长|需|做)|"
    r"站(?<![车前]站)(?!台|点|长)|队(?<!排队)(?!伍|员|长|形)|校(?!长|园|内|外|舍|史|服|风)|馆(?!长|员)|"
    r"厂(?!长|家|房)|矿(?!长|业|区|产)|组(?<!小组)(?!织|建|成|合|装)|部(?<![全内外局干]部)(?!长|分|位|署|队)|"
    r"班(?<=各班)(?!子|级|车|次|前)|股(?!份|东|票|权)|庭(?<![家法开出到门]庭)(?!院|审|长|外|前)"
)
"""How the names of units end."""
POST_END: Final = (
    # Leaders
    r"领导|领导同志|主席|指挥长|理事长|会长|秘书长|"
    r"[片点位组班栋队站段店厂馆园网楼路街巷湖林田链庭股排处科所室社校院部区乡]长(?![期效远度短大])|负责人|"
    r"负责同志|责任人|“一把手”?|一把手”?|书记|主任|局长|校长|院长|组长|县长|市长|区长|镇长|乡长|村长|所长|队长|站长|"
    r"科长|处长|部长|经理|成员|委员|代表|班主任|楼长|路长|家长|河长|点长|街长|"
    # Staff
    r"师生|教职员工|教职工|干部|党员|职工|"
    r"员工|教师|老师|司机|驾驶员|辅导员|志愿者|网格员|联络员|资料员|督导员|工作者|人员|民警|医护人员|团员|"
    # People
    r"同志|家庭|居民|市民|村民|群众|支书|学生|经营户|商户|业主|承包户|摊主|车主|户主|"
    rf"户(?<=[这那][几两三四五六七八九十]户)|{PERSON_END}"
)
"""How posts and groups of people end."""
LIVING_END: Final = r"[\u4e00-\u9fff](?<![动人官满成])员|[\u4e00-\u9fff](?<![或前后])者"
"""How it ends who does something for a living (保洁员, 经营者)."""
_ENDS_AS_PARTY: Final = re.compile(
    rf"(?=[{first_characters(f'{UNIT_END}|{POST_END}')}]|.[员者])(?:{UNIT_END}|{POST_END}|{LIVING_END})$"
)
_PLACE: Final = re.compile(r"^(?:主|老|新|中心|建成)?城区$|贫困山区$")
_BRACKET: Final = re.compile(r"\([^()]{1,16}\)")
_PRONOUNS: Final = (
    r"双方|各方|贵单位|贵局|贵校|贵公司|贵站|你单位|你局|我办|我局|我们办|本单位|妇联|"
    r"[局院校所区镇县乡市村厂]里|学校|公司|各地|各级"
)
_PRONOUN: Final = re.compile(rf"^(?:{_PRONOUNS})$")
_NOT_IN_NAME: Final = re.compile(
    by_first(
        "\t|"
        r"[:请是对把将不为被让使到这那它以于且而即月按扣向]|在(?<!所在)|分别|各自|一律|全部|带队|真正|形成|点站|由(?<!自由)|报(?!社|业|刊)|抄送|组建|"
        r"配齐|明确|重新|逐|深化|急事|结果|名单|情况|规范(?!办)|机制|任务|方案|职责|能力|水平|细则|打造|见义|涉及|"
        r"设置|开设|起草|讨论|上报|对接|周末|有(?<!国有)(?!关|限)|就(?!业)|从(?!业)|要(?<!主要)|经(?![理营济贸信委])|"
        r"年(?<![青少成老童中]年)(?!级|会|组)|[一二两三四五0-9](?<!^.)[名位次]|每(?<!^每)|期间|安排|指定|选派|聘请|发现|"
        r"带动|通过|按照|根据|如果|因为|虽然|进行|加强|开展|做好|做到|"
        r"创建(?!办|工作|领导|指挥|组|文明|督导|专班|科|股)|"
        r"建设(?!局|委|指挥|工作|厅|单位|办|部|领导|科|中心|提质)|"
        r"工作(?!组|领导|小组|办|部|委|局|人员|专班|者|站|处)|问题|活动|推动|落实|取得|以及其|其他方面|方面|依法|"
        r"传达|叮嘱|提供|承担|确保|必须|应当|反映|连续|了|着(?!力)|之|约谈|组成(?!员|人员)|召开|同意|结束后|成立|"
        r"送(?![变货水餐])|转(?![型运播化制业])|交(?<![外社公]交)(?![通警运投易流管大控建行际])|任(?<![主责信现]任)(?![务职课教丘城])"
    )
)
"""What only a sentence holds."""
_AND_FIRST = (
    r"和(?!平(?!台)|[兴谐顺睦田县丰泰祥静]|政县|美(?!术)|园(?!林)|龙(?!头)|合(?!作)|林格尔)"
    r"|及|跟|并(?!州)|同(?![心仁江济德升里福乐]|安(?![监全]))"
)
"""和社区, 及各学校: what joins a party to another is no part of its name; places are named so (和平区, 同安区)."""
_JOINED: Final = re.compile(_AND_FIRST)
_VERB_FIRST: Final = re.compile(
    rf"{_AND_FIRST}|"
    r"离开|分给|x个|×个|新建|建(?=一|[两三四五六七八九十\d]|好|成|立)|列入|纳入|明确|深化|传达|配合|确保|取消|约谈|追究|"
    r"扣|表彰|通报(?!中心)|反复|叮嘱|原则|原原|报[送请备]|关闭|委托|聘请|选派|抽调|会同|"
    r"联合(?!会|国|工会|大队|调解)|提请|请|由|不|没|只|先|有(?!关|线|限)|抓|清|派(?!出)|对接|结合|借助|参照|"
    r"经(?!信|济|贸|开|营|管|发|办)|与|主动|下沉|再|教育引导|教育和|重大|调整|任命|对|在|给|向|为|尤其|要求|"
    r"广招|组织(?!部|委员|人事|科|处|室)|督促|动员|帮助|引导|带领|推进(?!办|组|领导)|推动|形成|围绕|做好|抓好|"
    r"着力|加快|实施|争取|经过|创建(?!办|工作|领导|指挥|组|文明城市)|促使|鼓励|召集|邀请|依靠|"
    r"协调(?!组|办|小组)|指导(?!组|小组|委|中心)|加强|建立|完善|落实|提升|提高|推广|利用|发挥|发动|扎|稍后|"
    r"交流|打造|充分|把|将|让|使|号召|支持|走进|深入|面向|覆盖|成立|涉及|包括|凡|及时|积极|"
    r"重点(?=推进|抓|做|加强|整治|治理|解决|打造|建设)|防止|教会|接受|列出|登记(?!处|中心|科|局|管理)|除(?![尘虫])"
)
"""What a deed begins with, and a name does not."""
_WHOM: Final = (
    r"(?:单位|部门|人员|企业|地方|同志|负责同志|负责人|领导|班子|干部|干部职工|职工|党员|村|社区|乡镇|街道|学校|商户|机关|督导组|检查组|工作组|专班"
    r"|公安机关|宣传部|联络员|联系人|妇女主任|班主任|“?一把手”?|承包户|农户|住户|人家|户|老师|局|处室|科室|窗口)"
)
_OF_WHOM: Final = (
    r"的[这那]?(?:\d+|几|[一二两三四五六七八九十]+)?[个家名位]?(?:文明|主要|分管|[县市区镇]级|相关|有关)*"
    rf"{_WHOM}$"
)
_ALLOWED_OF: Final = re.compile(rf"^[^的对把将给向]{{1,16}}{_OF_WHOM}")
_CASE_OF: Final = re.compile(rf"^(?:没有?|尚未|未|有|排名|分包|包联|联系|承担|设有)[^的]{{1,16}}{_OF_WHOM}")
"""Who is told by what is the matter with them: 没有结对的文明单位."""
_ALL: Final = "每家每户|家家户户|人人"
_EVERY: Final = re.compile(rf"^(?:各位|每[一]?[位个名]|任何)(?=..)|^(?:{_ALL})$")
_SEVERAL: Final = re.compile(
    r"^(?:[x×]|\d+|[一二两三四五六七八九十百]+)个(?=.{0,10}(?:组|专班|[大中小支]队|支部|单位|社区|村|乡镇|街道)$)"
)
_LOCAL: Final = re.compile(
    r"(?:[市县区省州镇]|[县市区]委)(?![容场民区域里内外直级城])[\u4e00-\u9fff]{2,5}(?<![作动境貌象平量设进容段路口])"
)
_LONG_REST: Final = 4
_LONG_END: Final = 8
_LONG_BEFORE_END: Final = 24
_MAX_NAME: Final = 30
_SHORT_NAME: Final = 5
_LONG_BARE: Final = 6
MAX_SUBJECT: Final = 90
_MARKS_OUTSIDE: Final = re.compile(r"、(?![^()]*\))")
_NAME_AND: Final = re.compile(
    r"(?:住房|人力资源|文化|发展|工业|农业|体育|经济|卫生|民族|教育|生态|自然资源|科学|应急|交通|信访|机关(?=和事业))和|和(?:城乡建设|社会保障|旅游|改革|信息化|农村|规划|健康|技术|计划生育)"
)
_SEPARATOR: Final = re.compile(
    by_first(
        r"、|(?:以及|及(?![时早格其])|和|与(?<!参与)|或|并|特别是|尤其是|/)(?=.{2})"
        r"|[同跟](?<=[局委办部处科室队院校区镇乡村司所站厂府社][同跟])(?![志心济仁意类级时步学])(?=.{2})"
    )
)
_ET_CETERA: Final = re.compile(
    r"等(?:相关|有关|各|沿线|重点|责任|成员|职能|县直|市直|区直|其他|群团|社会|行业|\d+|[一二三四五六七八九十]+个?)*(?:部门|单位|组织|机构|乡镇|街道|社区|村|地|领导|人员|企业|学校|科室|处室|局|委办局|同志|负责人|[一二三四五六七八九十]+家)?$|等$"
)
_COUNTED_END: Final = (
    r"[大个家所](?:运营商|部门|单位|局|乡?镇|街道|社区|村|县|区|园区|学校|(?:人民)?法庭|科室|支部)?|方"
)
_COUNTED: Final = re.compile(rf"(?P<count>[两二三四五六七八九十](?<=...)[两二三四五六七八九十]*)(?:{_COUNTED_END})$")
_NUMERALS: Final = "零一二三四五六七八九十"
_EACH: Final = re.compile(r"(?<=[^级、])(?<!机关)(?=各[^级])")
_WEAK: Final = re.compile(
    r"^(?:全[县市区镇乡院校局公司]{1,2}各|各级|全体|广大|每[一]?[个名位])|(?:党员|职工|干部|员工|学生|群众)$"
)


class NameEnds:
    """Finds where names may end in a text: as `more` or as units, posts and people do, with `behind` right after."""

    def __init__(self, more: str, behind: str) -> None:
        self._ends = f"{more}|{UNIT_END}|{POST_END}"
        self._behind = behind
        self._plain = re.compile(by_first(self._ends) + behind)

    @cached_property
    def _with_living(self) -> re.Pattern[str]:
        first = first_characters(self._ends)
        return re.compile(f"(?=[{first}]|.[员者])(?:{self._ends}|{LIVING_END}){self._behind}")

    def finditer(self, text: str, at: int = 0) -> Iterator[re.Match[str]]:
        """The ends in `text` from `at` on, in order, none inside another."""
        living = "员" in text or "者" in text  # mostly neither: then characters that end nothing are passed over
        return (self._with_living if living else self._plain).finditer(text, at)


STOPS: Final = NameEnds(
    "[局院校所区镇县乡市村厂]里|双方|贵[单局校公站院司位]+|各方", r"(?:\([^()]{1,16}\))?(?=[\u4e00-\u9fff0-9x×“、(])"
)
"""Where a name may end and a deed begin."""


_LAST: Final = frozenset(")“”\"' ").union(
    *map(last_characters, (UNIT_END, POST_END, LIVING_END, _WHOM, _PRONOUNS, _ALL, _COUNTED_END))
)
"""How a party or a list of them may end, 等 and the site's own names left aside: most that is asked ends otherwise."""


class Names:
    """Recognises names of parties; `lexicon` holds the site's names of units, aliases and posts."""

    def __init__(self, lexicon: AbstractSet[str] = frozenset()) -> None:
        self._split: dict[str, tuple[str, ...]] = {}
        self._known: dict[str, bool] = {}
        self._lexicon = {fold(name) for name in lexicon if name}
        self._last = _LAST.union(name[-1] for name in self._lexicon)

    def is_party(self, name: str) -> bool:
        """Whether `name` alone names a unit or post that a task can be given to."""
        known = self._known.get(name)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[name] = self._names_party(name)
        return known

    def _names_party(self, name: str) -> bool:
        bare = name.strip("“”\"' ")
        bare = _SEVERAL.sub("", _BRACKET.sub("", bare) if "(" in bare else bare)
        if not 2 <= len(bare) <= _MAX_NAME or is_everybody(bare):
            return False
        if bare[-1] not in self._last:
            return is_person(bare)
        if bare in self._lexicon or _PRONOUN.match(bare) or _CASE_OF.match(bare) or is_person(bare):
            return True
        bare = _EVERY.sub("", bare)
        if not bare:
            return True
        if _PLACE.search(bare) or _VERB_FIRST.match(bare) or (bare.startswith("双方") and bare != "双方"):
            return False
        return _ALLOWED_OF.match(bare) is not None or (_looks_like_name(bare) and not self._is_sentence(bare))

    def _is_sentence(self, name: str) -> bool:
        """Whether `name` is a party with a deed after it (各部门指定资料员), not one longer name (县委督查室)."""
        for stop in STOPS.finditer(name):
            rest = name[stop.end() :]
            if len(rest) > _LONG_REST and ACTION.match(rest) and _ends_as_party(name[: stop.end()]):
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
        if (
            not text
            or len(text) > MAX_SUBJECT
            or (text[-1] not in self._last and "等" not in text and not is_person(text))
        ):
            return []
        if is_everybody(text):
            return []
        cut = _ET_CETERA.search(text) if "等" in text else None
        listed = cut is not None
        if cut is not None:
            text = text[: cut.start()]
        names = [_COUNTED.sub("", name) for name in self._names(text)]
        counted = _COUNTED.search(text)
        if counted is not None and _as_many(names, counted["count"]):
            return names  # 电信、广电、移动、联通四大运营商
        listed = listed or (counted is not None and len(names) > 1)
        if (
            len(names) > 1
            and names[-1].endswith("部门")
            and len(names[0]) < _SHORT_NAME
            and (names[0] == "财政" or not self.is_party(names[0]))
        ):
            # 财政、审计部门: the ending serves all, as in 公安、城管等部门.
            names[-1], listed = names[-1].removesuffix("部门"), True
        good = [self.is_party(name) for name in names]
        if all(good):
            return names
        # In a list one ending may serve all (城关、固城等乡镇): short bare names pass beside a real one.
        bare = all(
            ok
            or (
                2 <= len(name) <= _LONG_BARE
                and "的" not in name
                and not _NOT_IN_NAME.search(name)
                and not ACTION.match(name)
                and not _JOINED.match(name)
            )
            for ok, name in zip(good, names, strict=True)
        )
        return names if bare and len(names) > 1 and (listed or good[-1]) else []

    def _names(self, text: str) -> list[str]:
        names: list[str] = []
        for part in _MARKS_OUTSIDE.split(text) if "、" in text else [text]:
            whole = part.strip()
            pieces = [piece for piece in _SEPARATOR.split(whole) if piece]
            if (
                len(pieces) == 1
                and (pieces[0] != whole or "各" in whole)
                and all(self.is_party(piece) for piece in _EACH.split(whole))
            ):
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


def is_weak(name: str) -> bool:
    """Whether `name` means so many that only a checkable deed makes it a party: 全体党员, 各级, 广大群众."""
    return _WEAK.search(name) is not None


def _as_many(names: list[str], count: str) -> bool:
    """Whether a list of short names has just as many as its end says: no word of a sentence is among them then."""
    same = len(names) == _NUMERALS.find(count.replace("两", "二"))
    return same and len(names) > 1 and all(2 <= len(name) <= _LONG_BARE and "的" not in name for name in names)


def is_unknown_name(text: str) -> bool:
    """Whether `text`, which stands before 要 or 负责, must be somebody of the place (市融媒), whoever that is."""
    return _LOCAL.fullmatch(text) is not None and _NOT_IN_NAME.search(text) is None


def _looks_like_name(bare: str) -> bool:
    plain = bare.replace("一把手", "负责人")
    return "的" not in plain and _ends_as_party(plain) and _NOT_IN_NAME.search(plain) is None


def _ends_as_party(name: str) -> bool:
    """Whether `name` ends as a unit or post, and begins with nothing much longer than names have there."""
    end = _ENDS_AS_PARTY.search(name, max(0, len(name) - _LONG_END))
    return end is not None and end.start() <= _LONG_BEFORE_END
