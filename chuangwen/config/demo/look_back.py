"""The demo's quarterly look-back: made on what lags now, trimmed by one line, given out, two lines answered."""

from __future__ import annotations

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.city import City
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.supervision.enums import LagKind
from chuangwen.supervision.models import LagLine
from chuangwen.supervision.queries.look_backs import JOINED
from chuangwen.supervision.queries.standings import last_quarter
from chuangwen.supervision.services.look_backs import (
    Numbers,
    answer_line,
    drop_line,
    give_look_back,
    judge_line,
    make_look_back,
)
from chuangwen.supervision.workflow import of_the_unit

ANSWERS = ("产权单位已确定，本月底前完成，已报请街道现场协调。", "资金已到位，十个工作日内完成并附照片。")


def look_back(city: City, campaign: Campaign) -> None:
    """The quarter that is over, at the clock's moment."""
    made = make_look_back(campaign, last_quarter(clock.today())[0], actor=city.office, numbers=Numbers(sample=4))
    lines = list(LagLine.objects.filter(look_back=made).select_related(*JOINED).order_by("since", "pk"))
    listed = [line for line in lines if line.kind != LagKind.SAMPLE]
    if len(listed) < len(ANSWERS) + 1:
        return
    drop_line(listed.pop(), reason="已并入专项行动督办", actor=city.office)
    give_look_back(made, due_on=default_calendar().add_workdays(clock.today(), 5), actor=city.office)
    rows = LagLine.objects.select_related(*JOINED)
    for line, words in zip(listed, ANSWERS, strict=False):
        answer_line(rows.get(pk=line.pk), answer=words, actor=city.answering_for(line.unit))
    drawn = next((one for one in lines if one.kind == LagKind.SAMPLE and not of_the_unit(city.office, one)), None)
    if drawn is not None:
        judge_line(rows.get(pk=drawn.pk), judgement="done", note="现场查看，没有回潮", actor=city.office)
