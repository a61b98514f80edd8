"""What is not asked for: the past, descriptions, reasons, exhortations to everybody."""

from __future__ import annotations

import re
from typing import Final

from chuangwen.directives.patterns import openings

_PAST: Final = re.compile(
    r"已经|已(?!有的)|曾|去年|前几[天年]|近年来|近几年|这几年|这些年|过去|以来|先后|一直|截至|截止(?!日期|时间|日)|取得[^,]{0,10}(?:成[效绩果]|进展|荣誉)|荣获|被(?:评|命名|授予|中央|省)|通过[^,]{0,6}努力|了(?<!为了)(?<!^除了)(?<![^拆清排消解免删铲根]除了)(?![解结之])|刚才|今天(?!下班|之内|内|前)|上季度|上个?月|同比|环比|较[^,]{0,8}(?:上升|提高|下降|增长)|会议(?:指出|认为|听取)|作(?:重要|总结|动员|表态)?讲话|上半年以来"
)
_DESCRIBES_FIRST: Final = re.compile(
    r"有的|个别|一些|部分|少数|有些|不少|许多|还有的|这|那|其|它|他们|谁|只有|只要|如果|因为|由于|虽然|尽管|但是?|可以说|认为|问题(?!整改)|主要表现|存在"
)
_DESCRIPTION: Final = re.compile(
    r"存在[^,]{0,20}(?:问题|差距|不足|隐患|偏差)|设在|时有发生|有待|仍然|依然|反复出现|还不[够高强深]|不够|不(?:规范|平衡|到位)(?!的)|是[^,]{0,40}(?:要求|保证|抓手|体现|关键|需要|内容|基础|工程|责任|形式|环节|载体|标志|窗口|灵魂|名片|途径)$"
)
_DEAD_HEADING: Final = re.compile(
    r"成绩|成效|回顾|现状|(?:存在|主要|突出)(?:的)?(?:问题|不足)|差距|意义|重要性|必要性|紧迫性|为什么|什么是|指导思想|形势|背景|总体要求|(?:思想)?认识|坚定信心|基本原则|经验"
)
_EVERYBODY_WORDS: Final = (
    r"我们(?![局办所科室队站处支派]|社区|中队|大队)|大家|同志们|我(?![们局办委校院司镇街县市区厅站队中])|咱们|"
    r"全[县市区乡镇校院局公司体社国]{1,2}"
    r"(?:上下|人民|各族)|社会各界|人人|每[一]?(?:个|名|位)"
    r"(?:人|同志|市民|公民)?$|各位(?:同志|领导|来宾|朋友|嘉宾|[^\u4e00-\u9fff]|.?$)"
)
_EVERYBODY: Final = re.compile(_EVERYBODY_WORDS)
_EVERYBODY_FIRST: Final = openings(_EVERYBODY_WORDS)
_LIVING_HEADING: Final = re.compile(r"任务|措施|要求|重点|分工|安排|落实|工作|整改|责任")


def is_past(clause: str) -> bool:
    """Whether `clause`, which holds no modal word, reports what was done; those after it in the sentence do too."""
    return _PAST.search(clause) is not None


def is_description(clause: str) -> bool:
    """Whether `clause`, which holds no modal word, tells what is."""
    return _DESCRIBES_FIRST.match(clause) is not None or _DESCRIPTION.search(clause) is not None


def is_background(headings: tuple[str, ...]) -> bool:
    """Whether the nearest telling heading announces a review, reasons or praise instead of work to do."""
    for title in reversed(headings):
        if _DEAD_HEADING.search(title):
            return _LIVING_HEADING.search(title) is None
        if _LIVING_HEADING.search(title):
            return False
    return False


def is_everybody(subject: str) -> bool:
    """Whether `subject` addresses everybody present, whom no task can be given to."""
    return subject[:1] in _EVERYBODY_FIRST and _EVERYBODY.match(subject) is not None
