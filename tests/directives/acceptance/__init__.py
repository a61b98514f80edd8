"""The speech by which it is tried whether a document becomes tasks in few keys, and what stands in it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from docx import Document as WordDocument

SPEECH = (Path(__file__).parent / "mobilization.txt").read_text(encoding="utf-8")
STREETS = ("东关街道", "西门街道", "南关街道", "北岸街道")


@dataclass(frozen=True, slots=True)
class Asked:
    """One directive as a reader of the speech marked it before any program had read it."""

    words: str  # stand in its passage, and in no other
    lead: str
    due: date


def _asked(words: str, lead: str, month: int, day: int) -> Asked:
    return Asked(words, lead, date(2026, month, day))


# Deadlines on a day off end on the next working day: 5, 6, 12, 13, 19, 20 December, 28 November.
ASKED = (
    _asked("58条背街小巷", "市城管局", 12, 4), _asked("柳林街等9条道路", "市住建局", 12, 18),
    _asked("雨水篦子320套", "市城投集团", 12, 25), _asked("违章搭建17处", "东关街道", 11, 30),
    _asked("破损店招逐一登记", "市城管局", 12, 10), _asked("乱贴乱画", "西门街道", 12, 11),
    _asked("分类投放点", "市机关事务中心", 11, 27), _asked("再生资源回收", "市商务局", 12, 15),
    _asked("三家的升级改造", "市市场监管局", 12, 21), _asked("拉网式检查", "市市场监管局", 12, 8),
    _asked("马路摊贩引导进场", "南关街道", 12, 7), _asked("病媒生物", "市卫健局", 12, 14),
    _asked("明厨亮灶", "市市场监管局", 12, 22), _asked("小餐饮的底数", "北岸街道", 11, 26),
    _asked("文明劝导岗", "市公安局", 12, 1), _asked("隔离护栏", "市公安局", 12, 16),
    _asked("车容车貌", "市交通局", 12, 9), _asked("候车亭36座", "市公交公司", 11, 25),
    _asked("停车泊位1500个", "市住建局", 12, 30), _asked("向社会公布", "市机关事务中心", 12, 3),
    _asked("兜底管理的办法", "市住建局", 12, 7), _asked("业主自管小组", "北岸街道", 12, 14),
    _asked("纺织厂宿舍区", "南关街道", 12, 21), _asked("高层住宅的消防通道", "市消防救援支队", 12, 11),
    _asked("铁路新村两个小区", "市供电公司", 12, 23), _asked("价格政策", "市发改局", 12, 2),
    _asked("充电端口2000个", "市城投集团", 12, 28), _asked("护学岗逐校", "市教育局", 11, 23),
    _asked("歌舞娱乐场所", "市文旅局", 12, 4), _asked("志愿服务队", "团市委", 12, 10),
    _asked("实验小学门口", "西门街道", 11, 30), _asked("家长学校示范点", "市妇联", 12, 17),
    _asked("填报说明", "市文明办", 12, 7), _asked("首问负责", "市政务服务局", 12, 1),
    _asked("导诊标识", "市卫健局", 12, 14), _asked("老年人绿色通道", "市税务局", 11, 30),
    _asked("无障碍坡道", "市邮政公司", 12, 8), _asked("知晓率提升", "市委宣传部", 11, 23),
    _asked("曝光栏目", "市融媒体中心", 11, 26), _asked("公益广告牌", "市文旅局", 12, 21),
    _asked("市民文明公约", "市文明办", 12, 2), _asked("文明职工标兵", "市总工会", 12, 9),
    _asked("专项督查", "市纪委监委", 12, 31), _asked("创建经费11月27日前", "市财政局", 11, 27),
    _asked("入户调查", "市统计局", 12, 24),
)  # fmt: skip

# The city's lines; the speech calls three of them otherwise, and one of them only cooperates.
UNITS = (*sorted({one.lead for one in ASKED}.difference(STREETS)), "市自然资源局")


def as_docx() -> bytes:
    """The speech as offices write it: a title, a date, paragraphs."""
    title, day, *rest = SPEECH.strip().split("\n")
    paper = WordDocument()
    paper.add_heading(title, level=0)
    for line in [day, *rest]:
        paper.add_paragraph(line)
    made = io.BytesIO()
    paper.save(made)
    return made.getvalue()
