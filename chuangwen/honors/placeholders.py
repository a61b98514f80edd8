"""What an authority's own form may ask for: the words of the application form, the review form and the summary. Pure.

The form goes to the unit, so it knows nothing of reviewers and decisions. Opinions and signatures of others are no
words: their places stay empty in the authority's form as in the built-in one.
"""

from __future__ import annotations

from typing import Final

from chuangwen.core.word_templates.placeholders import Rows, Vocabulary

FORM: Final = "form"
REVIEW: Final = "review"
SUMMARY: Final = "summary"
OF_PROGRAMME: Final = ("标题", "称号", "年度", "评选", "授予机关", "数据截止")
OF_UNIT: Final = (
    "单位", "编号", "状态", "第一责任人", "联络员", "处室", "文明处室", "标兵处室", "在职人数", "注册志愿者",
    "志愿服务时长", "已获称号", "自评得分", "签字人", "签字日期",
)  # fmt: skip
CONDITIONS: Final = Rows("条件", ("名称", "现状", "要求", "结论"))
SECTIONS: Final = Rows("分项", ("项目", "分值", "自评"))
LINES: Final = Rows("自评", ("标准号", "标准", "分值", "自评", "台账", "依据"))
HONOURS: Final = Rows("荣誉", ("称号", "授予日期", "文号"))
FINDINGS: Final = Rows("核实", ("条件", "结论", "依据"))
SHEETS: Final = Rows("评审", ("评审人", "得分", "评语", "日期"))
TABLE: Final = Rows("表", ("序号", "编号", "单位", "已获称号", "自评得分", "评审得分", "名次", "状态", "备注"))
DEEDS: Final = "事迹"
VOCABULARIES: Final = {
    FORM: Vocabulary((*OF_PROGRAMME, *OF_UNIT), (DEEDS,), (CONDITIONS, SECTIONS, LINES, HONOURS)),
    REVIEW: Vocabulary(
        (*OF_PROGRAMME, *OF_UNIT, "评审得分", "审议", "公示"), (DEEDS,),
        (CONDITIONS, SECTIONS, LINES, HONOURS, FINDINGS, SHEETS),
    ),
    SUMMARY: Vocabulary((*OF_PROGRAMME, "名额", "申报数"), (), (TABLE,)),
}  # fmt: skip
