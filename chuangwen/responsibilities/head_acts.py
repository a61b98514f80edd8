"""What duties know of a first responsible's own work: instructions, visits on the spot, units judged."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from chuangwen.core.panels import PanelLine
from chuangwen.evidence.models import Dossier
from chuangwen.responsibilities.enums import HeadWork
from chuangwen.responsibilities.in_person import Act, ActSource, Ask, register_acts
from chuangwen.responsibilities.models import Instruction, LevelMark, SiteVisit


def instructions(ask: Ask) -> Iterable[Act]:
    """Written by the post, those on letters from above too; by the day that stands on the paper."""
    rows = Instruction.objects.visible_to(ask.user).filter(
        campaign=ask.campaign, post__in=ask.heads.posts, withdrawn_at__isnull=True,
        written_on__range=(ask.period.first, ask.period.last),
    )  # fmt: skip
    for one in rows:
        url = reverse("responsibilities:instruction", args=[one.pk])
        yield Act(ask.heads.posts[one.post_id], one.written_on, PanelLine(one.about, url, one.number))


def visits(ask: Ask) -> Iterable[Act]:
    """On the spot, as they were noted here."""
    rows = SiteVisit.objects.visible_to(ask.user).filter(
        campaign=ask.campaign, unit__in=ask.heads.units, withdrawn_at__isnull=True,
        day__range=(ask.period.first, ask.period.last),
    ).prefetch_related("places")  # fmt: skip
    for one in rows:
        url = reverse("responsibilities:site_visit", args=[one.pk])
        yield Act(one.unit_id, one.day, PanelLine(one.found, url, where(one)))


def where(visit: SiteVisit) -> str:
    """The places of a visit, and where else."""
    return "、".join([*(str(one) for one in visit.places.all()), *([visit.spot] if visit.spot else [])])


def marks(ask: Ask) -> Iterable[Act]:
    """Units below that were judged for a period."""
    first, end = ask.period.moments
    rows = LevelMark.objects.visible_to(ask.user).filter(
        campaign=ask.campaign, judged_by__in=ask.heads.terms, judged_at__gte=first, judged_at__lt=end
    )
    return ask.by_person(rows.select_related("unit"), "judged_by_id", "judged_at", _mark)


def _mark(mark: LevelMark) -> PanelLine:
    return PanelLine(str(mark.unit), reverse("responsibilities:level_mark", args=[mark.pk]))


def papers(ask: Ask) -> Iterable[Act]:
    """Material that was signed off (申报材料组长签批)."""
    first, end = ask.period.moments
    rows = Dossier.objects.visible_to(ask.user).filter(
        campaign=ask.campaign, approved_by__in=ask.heads.terms, approved_at__gte=first, approved_at__lt=end
    )
    return ask.by_person(rows.select_related("node"), "approved_by_id", "approved_at", _dossier)


def _dossier(dossier: Dossier) -> PanelLine:
    return PanelLine(str(dossier), reverse("evidence:dossier", args=[dossier.pk]))


register_acts(
    ActSource("instructions", 30, HeadWork.COMMAND, pgettext_lazy("in person", "Instruction written"), instructions),
    ActSource("dossiers", 40, HeadWork.COMMAND, pgettext_lazy("in person", "Material signed off"), papers),
    ActSource("visits", 60, HeadWork.INSPECT, pgettext_lazy("in person", "Visit on the spot"), visits),
    ActSource("marks", 90, HeadWork.INSPECT, pgettext_lazy("in person", "Unit below judged"), marks),
)
