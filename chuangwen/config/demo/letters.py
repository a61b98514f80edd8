"""Letters from above in the demo: one answered with its units' slips, one that lies before a leader."""

from __future__ import annotations

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.config.demo.instructions import VICE, sheet
from chuangwen.core import clock
from chuangwen.core.files.services import Upload
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.models import Letter, LetterSlip
from chuangwen.directives.services.letter_answers import AnswerSignature, Sent, send_answer, sign_answer, write_answer
from chuangwen.directives.services.letters import Received, enter_words, propose_handling, register_letter
from chuangwen.directives.services.slips import Routing, SlipAnswer, answer_slip, route_letter
from chuangwen.directives.slips import usual_fields
from chuangwen.responsibilities.models import Urgency

CALLED = "关于召开全省文明城市创建工作推进会的通知"
ASKED = "关于报送公益广告设置自查情况的函"
REPLIES = {
    "urban-management": {"a1": "参加", "a2": "副局长", "a3": 2},
    "housing": {"a1": "参加", "a2": "物业监管科科长", "a3": 1},
}


def receive_letters(city: City, campaign: Campaign, year: Year) -> None:
    """Two letters of the last three weeks, all of it before today."""
    days = default_calendar()
    came = days.add_workdays(year.today, -14)
    with clock.at(moment(came, 9.2)):
        letter = register_letter(
            campaign,
            Received(
                "省文明办", f"省文明办函〔{came.year}〕31号", CALLED, came, [Upload("省文明办通知.png", sheet(31))],
                came, Urgency.URGENT, days.add_workdays(came, 6),
            ),
            actor=city.office,
        )  # fmt: skip
        propose_handling(letter, proposal="拟请城管局、住建局派员参会，创建办汇总回执。", leader=city.posts[VICE],
                         actor=city.office)  # fmt: skip
    with clock.at(moment(came, 15.1)):
        enter_words(letter, city.posts[VICE], content="同意。按时报回执。", actor=city.people["leader"])
    with clock.at(moment(came, 15.6)):
        units = [city.units[code] for code in REPLIES]
        due = days.end_of_day(days.add_workdays(came, 3))
        route_letter(letter, Routing(units, due, "填报参会回执", usual_fields(CALLED)), actor=city.office)
    for number, slip in enumerate(_slips(letter), 1):
        with clock.at(moment(days.add_workdays(came, number), 10.3)):
            code = next(code for code in REPLIES if city.units[code].pk == slip.task.unit_id)
            answer_slip(slip, SlipAnswer(REPLIES[code]), actor=city.answering_for(slip.task.unit))
    answered = days.add_workdays(came, 4)
    with clock.at(moment(answered, 11.4)):
        letter = Letter.objects.select_related("region", "campaign__region").get(pk=letter.pk)
        write_answer(letter, answer=f"《{CALLED}》收悉。现将我市2个单位参会回执汇总报上（见附表）。", actor=city.office)
        sign_answer(letter, AnswerSignature("领导小组副组长", answered), actor=city.people["leader"])
        send_answer(letter, Sent(f"云文明办函〔{answered.year}〕18号", answered), actor=city.office)
    _one_that_waits(city, campaign, year)


def _one_that_waits(city: City, campaign: Campaign, year: Year) -> None:
    days = default_calendar()
    came = days.add_workdays(year.today, -1)
    with clock.at(moment(came, 10.4)):
        letter = register_letter(
            campaign,
            Received(
                "省文明办", f"省文明办函〔{came.year}〕36号", ASKED, came, [Upload("自查通知.png", sheet(36))], came,
                Urgency.ORDINARY, days.add_workdays(came, 9),
            ),
            actor=city.office,
        )  # fmt: skip
        propose_handling(letter, proposal="拟请城管局、住建局分别自查，5个工作日内报创建办。",
                         leader=city.posts[VICE], actor=city.office)  # fmt: skip


def _slips(letter: Letter) -> list[LetterSlip]:
    joined = ("letter__region", "task__unit", "task__region", "task__campaign", "task__instruction", "region")
    return list(LetterSlip.objects.filter(letter=letter).select_related(*joined).order_by("pk"))
