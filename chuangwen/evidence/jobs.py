"""Work of the ledger that takes longer than a page may: opening many dossiers, packing a unit's dossiers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import require, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import working_folder
from chuangwen.core.jobs import Progress, job_kind
from chuangwen.evidence.packages import package_name, write_package
from chuangwen.evidence.papers import dossiers_of_unit
from chuangwen.evidence.queries.dossiers import expected_pairs
from chuangwen.evidence.services.opening import CHUNK, open_dossiers
from chuangwen.evidence.workflow import EDIT
from chuangwen.organizations.models import Unit


@job_kind("open_dossiers")
def open_many(progress: Progress, *, owner: Any, campaign: int, year: int, due_on: str, units: list[int]) -> None:
    """Open the dossiers of all criteria for these units; the owner's right is looked at again."""
    found = Campaign.objects.get(pk=campaign)
    require(owner, EDIT, found)
    pairs = expected_pairs(found, units)
    progress.total(-(-len(pairs) // CHUNK))
    made = open_dossiers(found, year, pairs, due_on=date.fromisoformat(due_on), actor=owner, step=progress.step)
    words = ngettext("%d dossier opened.", "%d dossiers opened.", made) % made if made else _("All are open already.")
    progress.result(reverse("evidence:completeness") + f"?year={year}", words)


@job_kind("package_dossiers")
def package(progress: Progress, *, owner: Any, campaign: int, unit: int, year: int) -> None:
    """Pack what the owner sees of a unit's dossiers."""
    found = visible_or_404(Campaign.objects.all(), owner, pk=campaign)
    top = Unit.objects.get(pk=unit, region=found.region_id)
    dossiers = dossiers_of_unit(found, top, year, owner)
    if not dossiers:
        raise Refusal(_("There is no dossier to pack."), _("Open dossiers for the unit first."))
    progress.total(len(dossiers))
    with working_folder() as folder:
        target = folder / "package.zip"
        files = write_package(target, found, top, year, dossiers, step=progress.step)
        with transaction.atomic():
            told = {"campaign": found.pk, "year": year, "dossiers": len(dossiers), "files": files}
            record("evidence.dossier.package", top, actor=owner, data=told)
        progress.made(target, package_name(top, year), "application/zip")
