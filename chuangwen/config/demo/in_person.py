"""Where first responsibles of the demo went on the spot, as their offices noted it."""

from __future__ import annotations

from datetime import datetime

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.calendar import moment
from chuangwen.config.demo.city import City
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.responsibilities.services import note_visit

# unit, working days ago, kind of place (or a spot where the register has none), what was found
TOLD = (
    ("city", 26, "market", "", "两个摊区占道，灭蝇灯有三盏不亮；当场要求市场开办方当天清理，两日内换好。"),
    ("city", 9, "", "人民路与文化路口", "早高峰行人绕行护栏，等候区遮阳棚破损；请交警和住建现场商定方案。"),
    ("urban-management", 5, "", "东关夜市", "油污接水盘缺七个，收摊后地面未冲洗，已责成中队逐户登记。"),
    ("zhonggulou", 3, "community", "", "楼道杂物已清，充电桩旁仍有飞线两处，网格员当日复查。"),
)  # fmt: skip


def note_visits(city: City, campaign: Campaign, now: datetime) -> None:
    """Four visits, each noted on the evening of its day."""
    for code, ago, kind, spot, found in TOLD:
        unit = city.units.get(code)
        if unit is None or (code, "first") not in city.posts:
            continue
        day = default_calendar().add_workdays(clock.local(now).date(), -ago)
        places = [place for place in city.places.values() if place.place_type.code == kind]
        near = [place for place in places if place.territory_id == unit.pk] or places
        with clock.at(moment(day, 18.2)):
            note_visit(
                campaign, unit, day=day, found=found, places=near[:1], spot=spot if near or spot else unit.name,
                actor=city.office,
            )  # fmt: skip
