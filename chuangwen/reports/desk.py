"""What papers put on a person's start page: to be approved, to be issued, to be signed for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.panels import DeskItem, DeskLine, single_lines, waiting_line
from chuangwen.reports.enums import BulletinState, PaperKind, ReleaseState
from chuangwen.reports.lists import page_of
from chuangwen.reports.models import Bulletin, Receipt, Release
from chuangwen.reports.periods import month_to_tell
from chuangwen.reports.queries import last_period_end, waiting_receipts
from chuangwen.reports.workflow import RELEASE

SHOWN = 4


def desk(request: HttpRequest) -> Iterable[DeskLine]:
    """One line a paper to decide on, to release or to sign for, and the month's bulletin when it is time: four queries
    at most."""
    user = request.user
    yield from _to_draft(request)
    if may(user, "reports.approve") or may(user, "reports.issue"):
        rows = Bulletin.objects.visible_to(user).filter(_to_decide(user)).order_by("updated_at")
        for one in rows[:SHOWN]:
            approving = one.state == BulletinState.SUBMITTED
            words = _("To be approved: %s") if approving else _("To be issued: %s")
            action = _("Approve") if approving else pgettext("paper", "Issue")
            yield DeskItem("decide", words % one.title, page_of(one), icon="speakerphone", action=action)
    if may(user, RELEASE):
        rows = Release.objects.visible_to(user).filter(state=ReleaseState.PROPOSED).exclude(proposed_by=user)
        yield single_lines(rows.order_by("created_at"), _release_lines, SHOWN)
    if scope_of(user, "reports.receive").unit_ids:
        yield from _to_sign(user)


def _release_lines(rows: QuerySet[Any]) -> Iterable[DeskItem]:
    """What others propose to show to everybody."""
    for one in rows.select_related("bulletin"):
        words = _("To be released to everybody: %s") % one.bulletin.title
        url = reverse("reports:release", args=[one.bulletin_id])
        yield DeskItem("decide", words, url, icon="world", action=pgettext("release", "Release"))


def _to_draft(request: HttpRequest) -> Iterable[DeskItem]:
    """The month's bulletin, for who drafts it, in the days around the month's end until somebody has begun it."""
    period = month_to_tell(clock.today())
    if period is None or not may(request.user, "reports.draft"):
        return
    campaign = current_campaign(request)
    if campaign is None:
        return
    last = last_period_end(campaign.region, PaperKind.BULLETIN)
    if last is None or last < period.last:
        words = _("Draft the month's bulletin: %s") % f"{period.first:%Y-%m}"
        url = reverse("reports:draft", args=[PaperKind.BULLETIN])
        yield DeskItem("week", words, url, icon="speakerphone", action=pgettext("paper", "Draft it"))


def _to_sign(user: Any) -> Iterable[DeskLine]:
    rows: list[Receipt] = list(waiting_receipts(user).order_by("bulletin__issued_at")[: SHOWN + 1])
    for one in rows[:SHOWN]:
        yield DeskItem(
            "mine", one.bulletin.title, page_of(one.bulletin), sub=one.bulletin.number, icon="speakerphone",
            action=_("Sign for receipt"),
        )  # fmt: skip
    if len(rows) > SHOWN:
        yield waiting_line(
            "mine", waiting_receipts(user),
            lambda n: ngettext("%d paper to be signed for, in all", "%d papers to be signed for, in all", n) % n,
            f"{reverse('reports:list')}?tab=mine", icon="speakerphone",
        )  # fmt: skip


def _to_decide(user: Any) -> Q:
    """Papers of others that wait for an approval, and approved ones that wait to be issued, as the rights allow."""
    found = Q(pk__in=[])
    if may(user, "reports.approve"):
        found |= Q(state=BulletinState.SUBMITTED) & ~Q(drafted_by=user)
    if may(user, "reports.issue"):
        found |= Q(state=BulletinState.APPROVED)
    return found
