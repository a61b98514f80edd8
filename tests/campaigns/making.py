"""Campaigns made through the services, and forms as a browser sends them."""

from __future__ import annotations

from datetime import date
from typing import Any

from chuangwen.campaigns.models import Campaign
from chuangwen.campaigns.services import CampaignPlan, create_campaign, keep_title, start_campaign
from chuangwen.organizations.models import Unit
from tests.support.factories import make_root, make_version

ASSESSMENT = date(2026, 12, 21)


def plan_of(root: Unit | None = None, **changes: Any) -> CampaignPlan:
    root = root or make_root()
    values: dict[str, Any] = {
        "name": "创建全国文明城市", "subject": root,
        "starts": date(2024, 1, 1), "ends": date(2026, 12, 31), "assessment_on": ASSESSMENT,
        "years": {2024: 0.15, 2025: 0.25, 2026: 0.60},
    }  # fmt: skip
    if "title" not in changes:
        values["title"] = keep_title(root.region, "全国文明城市", subject="city", actor=None)
    if "versions" not in changes:
        values["versions"] = [make_version(root.region)]
    return CampaignPlan(**values | changes)


def running_campaign(root: Unit | None = None, **changes: Any) -> Campaign:
    campaign = create_campaign(plan_of(root, **changes), actor=None)
    start_campaign(campaign, actor=None)
    return campaign
