"""What claims and objections put on the start pages of the office and of units."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import may, scope_of
from chuangwen.core.panels import DeskLine, waiting_line
from chuangwen.core.templatetags.wording import day
from chuangwen.responsibilities.models import Claim, ClaimPool
from chuangwen.responsibilities.queries import gap_rows
from chuangwen.responsibilities.queries.breakdown import criteria_rows
from chuangwen.responsibilities.queries.claims import contested
from chuangwen.responsibilities.queries.objections import open_objections


def desk_lines(request: HttpRequest) -> Iterator[DeskLine]:
    """For the office what it has to decide and what nobody claimed in time; for a unit that it can claim."""
    campaign = current_campaign(request)
    if campaign is None:
        return
    if may(request.user, "responsibilities.edit", campaign):
        yield from _office_lines(campaign)
    elif scope_of(request.user, "responsibilities.answer").unit_ids:
        yield from _unit_lines(request, campaign)


def _office_lines(campaign: Campaign) -> Iterator[DeskLine]:
    yield waiting_line(
        "decide", criteria_rows(campaign).filter(
            pk__in=Claim.objects.filter(contested(), campaign=campaign).values("node")),
        lambda n: ngettext("%d criterion claimed by several units", "%d criteria claimed by several units", n) % n,
        reverse("responsibilities:claims"), icon="hand-stop", action=_("Decide"),
    )  # fmt: skip
    yield waiting_line(
        "decide", open_objections(campaign),
        lambda n: ngettext("%d objection to a share", "%d objections to shares", n) % n,
        reverse("responsibilities:objections"), icon="messages", action=_("Decide"),
    )  # fmt: skip
    claimed = Claim.objects.filter(campaign=campaign, state="waiting").values("node")
    over = ClaimPool.objects.filter(campaign=campaign, settled_at__isnull=False).values("campaign")
    bare = gap_rows(campaign).exclude(pk__in=claimed).filter(version__in=campaign.standards.filter(
        campaign__in=over).values("version"))  # fmt: skip
    yield waiting_line(
        "late", bare,
        lambda n: ngettext("%d criterion that nobody claimed in time", "%d criteria that nobody claimed in time", n)
        % n,
        reverse("responsibilities:breakdown") + "?show=gap", icon="alert-triangle", action=_("Fill in leads"),
    )  # fmt: skip


def _unit_lines(request: HttpRequest, campaign: Campaign) -> Iterator[DeskLine]:
    """One line while a pool is open."""
    pool = ClaimPool.objects.filter(campaign=campaign, settled_at__isnull=True).first()
    if pool is not None:
        yield waiting_line(
            "mine", gap_rows(campaign),
            lambda n: ngettext("%d criterion has no lead: is it yours?", "%d criteria have no lead: are some yours?", n)
            % n,
            reverse("responsibilities:breakdown"), sub=_("Claims until %s") % day(pool.closes_on), icon="hand-stop",
            action=_("Claim"),
        )  # fmt: skip
