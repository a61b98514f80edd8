"""What two units of the demo keep in their catalogues of rules, with the checks of some quarters."""

from __future__ import annotations

from datetime import date

from chuangwen.config.demo.calendar import moment
from chuangwen.config.demo.city import City
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.enums import Keeping
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.models import HouseRule
from chuangwen.responsibilities.queries.house_rules import Charge
from chuangwen.responsibilities.services import HouseRuleFacts, enter_house_rule, note_house_check

BUREAU = "urban-management"


def write_house_rules(city: City, begins: date, today: date) -> None:
    """A bureau's two rules, of which one took another's place, and a street's, whose last check was not made.

    The checks are counted back in working days.
    """
    bureau, street = city.units[BUREAU], city.units["wenchang"]
    with clock.at(moment(begins, 15.0)):
        desk, discipline = _post(city, bureau, "办公室主任"), _post(city, bureau, "机关纪委书记")
        first = enter_house_rule(
            bureau,
            HouseRuleFacts("首问负责制", date(begins.year - 2, 3, 1), desk, f"城管发〔{begins.year - 2}〕7号",
                           schedule=schedule_of("每季度"), checker=discipline),
            actor=city.office,
        )  # fmt: skip
        old = enter_house_rule(
            bureau, HouseRuleFacts("机关考勤和请销假办法", date(begins.year - 4, 1, 1), desk), actor=city.office
        )
        meals = enter_house_rule(
            street,
            HouseRuleFacts("机关食堂节约用餐制度", date(begins.year - 1, 5, 1), _post(city, street, "党政办主任"),
                           schedule=schedule_of("每两月"), checker=Charge(office=street)),
            actor=city.office,
        )  # fmt: skip
    _checked(city, first, today, (90, Keeping.PARTLY, "一个窗口没有登记首问事项。"), (28, Keeping.KEPT, ""))
    _checked(city, meals, today, (104, Keeping.KEPT, ""))
    since = default_calendar().add_workdays(today, -14)
    with clock.at(moment(since, 9.5)):
        enter_house_rule(
            bureau,
            HouseRuleFacts("机关考勤管理办法", since, desk, f"城管发〔{since.year}〕21号",
                           schedule=schedule_of("每月"), checker=discipline),
            previous=old, actor=city.office,
        )  # fmt: skip


def _post(city: City, unit: Unit, title: str) -> Charge:
    return Charge(post=name_post(unit, PostKind.OTHER, title, actor=city.office))


def _checked(city: City, rule: HouseRule, today: date, *checks: tuple[int, Keeping, str]) -> None:
    for ago, result, remark in checks:
        day = default_calendar().add_workdays(today, -ago)
        with clock.at(moment(day, 16.5)):
            note_house_check(rule, day=day, result=result, remark=remark, actor=city.office)
