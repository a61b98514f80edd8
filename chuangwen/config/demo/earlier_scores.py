"""What the province gave in the years before: one total by hand, and a sheet with the other cities."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from chuangwen.core import clock
from chuangwen.scoring.printed import PrintedRow
from chuangwen.scoring.services.outside import Head, enter_outside

if TYPE_CHECKING:
    from chuangwen.campaigns.models import Campaign
    from chuangwen.config.demo.city import City

ISSUER = "省文明办"
WEIGHTS = {"field": 0.85, "survey": 0.15}
CITIES = (  # name, inspection, survey, total, rank; all made up
    ("楚江市", 91.0, 89.0, 90.70, 1), ("石岭市", 88.4, 90.0, 88.64, 2), ("云溪市", 87.5, 85.5, 87.20, 3),
    ("青湖市", 86.0, 88.0, 86.30, 4), ("南屏市", 84.2, 86.0, 84.47, 5),
)  # fmt: skip


def remember_scores(city: City, campaign: Campaign, today: date) -> None:
    """The official scores of the two years before the campaign's last."""
    region, actor = city.root.region, city.office
    for years_ago in (2, 1):
        year = today.year - years_ago
        head = Head(
            year, "official", f"{year}年度全国文明城市省级测评", ISSUER, min(date(year + 1, 1, 12), clock.today()),
            campaign,
            standard="全国文明城市测评体系", weights=WEIGHTS if years_ago == 1 else {},
        )  # fmt: skip
        rows = [PrintedRow(city.root.name, 88.10, {}, 4)]
        if years_ago == 1:
            rows = [
                PrintedRow(name, total, {"field": field, "survey": survey}, rank)
                for name, field, survey, total, rank in CITIES
            ]
        enter_outside(region, head, rows, actor=actor)
