"""Who may change a campaign, its plan and its rounds: asked here once for every service that takes no step."""

from __future__ import annotations

from typing import Any

from chuangwen.campaigns import workflow
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import require


def require_edit(actor: Any, campaign: Campaign) -> None:
    """PermissionDenied unless `actor` may edit the campaign; the programme itself (None) may."""
    if actor is not None:
        require(actor, workflow.EDIT, campaign)
