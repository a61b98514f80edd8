"""To what measure: quantities, rates and checkable conditions in a clause."""

from __future__ import annotations

import re
from typing import Final

from chuangwen.directives.extraction.cues import N
from chuangwen.directives.patterns import begun

_UNIT = (
    r"(?:%|个百分点|个|条|处|项|户|套|亿元|万元|元|名|人|场|次|家|座|所|平方米|平米|米|公里|亩|吨|篇|期"
    r"|块|辆|份|批|小时|学时|天|桌|册|间|支|对|盏|株|趟|件|棵|台|面|幅)"
)
_QUANTITY: Final = re.compile(
    begun(
        rf"(?:不少于|不低于|不超过|不高于|至少|不得超过|超过|达到|突破|控制在)?{N}{{1,9}}(?:\.{N}{{1,9}})?(?:余|多)?(?:万|千|亿)?(?:余|多)?{_UNIT}"
    )
)
_MEASURE: Final = re.compile(
    begun(
        rf"百分之|{N}{{1,9}}(?:\.{N}{{1,9}})?%|不少于|不低于|不超过|不高于|不得超过|至少|全覆盖|无死角|零(?:投诉|上访|事故|容忍|差错|发生|增长|失分)|满分|不失分|只加分不减分|(?:率|满意度|知晓度|比例|占比|人数)[^,]{{0,4}}?(?:达到?|为(?=[0-9x×])|不[低少高超]|保持在?|[0-9x×])|投资{N}{{1,9}}(?:\.{N}{{1,9}})?[万亿]?元|(?:新建|改建|扩建|改造|建成|完成|培育|打造|评选|选树|增设|配备|拆除)[^,、]{{0,8}}?{N}{{1,9}}[余多]?(?:个|条|处|座|所|户|套|家|名|万)|(?:做到|确保)有[^,]{{2,}}"
    )
)
_CONDITION: Final = re.compile(
    r"(?:确保|保证|实现|做到|达到|必须|坚决|力争|争取)?[^,]{0,40}?(?:达到[^,]{0,16}(?:标准|要求|水平|以上)|全覆盖|全部[^,]{1,10}|杜绝[^,]{2,30}|无[^,]{2,24}(?:现象|行为|垃圾|问题|死角|事故)|(?:做到)?有(?![的些人效序关利])[^,]{3,}|都?有(?:专人|场所|人)[^,]{0,8}|一次[^,]{0,6}(?:成功|通过)|到位$|只加分不减分|零[\u4e00-\u9fff]{2}|不失分|处于[^,]{0,6}(?:行列|前列))"
)
_LEADING: Final = re.compile(r"^(?:并|且|要|和|以及|确保|保证|实现|做到|力争|争取|同时|共|其中|达到)+(?=.{3})")
_EMPTY_COUNT: Final = re.compile(
    begun(
        rf"{N}{{1,9}}(?:个|项|件|点|大|条)(?:方面|重点|环节|工作|关键|意见|要求|问题|意识|中心|落实|事|事项|主体|原则|突出|主题|举措)"
    )
)
_DATE_LIKE: Final = re.compile(
    begun(
        rf"{N}{{1,9}}(?:个)?(?:工作日|小时|天|日|周|月|年|分钟)(?:以|之)?内|[每同任何]一[个段米名位条]|[有是还]一[位个名]|[这那好]几[个天年位]"
        r"|一(?:手|次性|律|定|些|个(?:人人|大|新)|批|项|件)|“[^”]{0,20}”"
        r"|(?:开展|召开|组织|进行|举办)?[一两]次"
    )
)
_HINT: Final = re.compile(rf"{N}|[%率全无确杜有到零]")


def find_targets(clause: str) -> list[str]:
    """Every measurable phrase of `clause`, in order, without its leading verb of effort."""
    if _HINT.search(clause) is None:
        return []
    condition = _CONDITION.match(clause)
    if condition is not None and not _only_generic(clause):
        return [_trim(clause)]
    found = []
    for segment in re.split(r"[、,]", clause):
        if _MEASURE.search(segment):
            found.append(_trim(segment))
            continue
        quantity = _QUANTITY.search(_EMPTY_COUNT.sub("", _DATE_LIKE.sub("", segment)))
        if quantity is not None:
            at = segment.find(quantity[0])
            found.append(_trim(segment if len(segment) <= 18 or at < 0 else segment[at:]))
    return found


def has_measure(clause: str) -> bool:
    """Whether `clause` names a rate, a bound or full coverage: a demand even without a party."""
    return _MEASURE.search(clause) is not None


def _only_generic(clause: str) -> bool:
    return len(clause) < 5 or clause.startswith(("只有", "没有", "如果"))


def _trim(phrase: str) -> str:
    return _LEADING.sub("", phrase.strip())
