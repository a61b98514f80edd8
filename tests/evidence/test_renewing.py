"""A new version of the standard: open dossiers go on, reviewed ones stay where they were judged."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.campaigns.models import CampaignStandard
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.services import Facts, carry_dossiers, write_piece
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Node
from chuangwen.standards.services import publish_standard
from chuangwen.workflow.models import Step
from tests.evidence.making import STANDARD, Ledger
from tests.support.factories import NOON

pytestmark = pytest.mark.django_db


def renewed(ledger: Ledger) -> dict[str, int]:
    """The new version's criteria; it asks for one photo less and calls 成效 something else."""
    text = STANDARD.replace('version: "1"', 'version: "2"').replace("kind: photo, min: 2", "kind: photo, min: 1")
    data = text.replace("slot: 成效", "slot: 结果").encode()
    version, _new = publish_standard(read_standard(data, "s.yaml"), region=ledger.root.region, actor=None)
    CampaignStandard.objects.create(region=ledger.root.region, campaign=ledger.campaign, version=version)
    return dict(Node.objects.filter(version=version, is_leaf=True).values_list("code", "pk"))


def test_open_dossier_goes_on_with_its_pieces_and_is_counted_anew(ledger: Ledger) -> None:
    dossier, reviewed = ledger.filled("1.1"), ledger.accepted("1.2")
    old = {code: ledger.node(code).pk for code in ("1.1", "1.2")}
    new = renewed(ledger)
    assert carry_dossiers(ledger.campaign, {old[code]: [new[code]] for code in old}, actor=ledger.office) == 1
    row = Dossier.objects.get(pk=dossier.pk)
    assert (row.node_id, row.slots_filled, row.slots_needed, row.links.count()) == (new["1.1"], 2, 3, 4)
    assert Dossier.objects.get(pk=reviewed.pk).node_id == old["1.2"]
    assert Step.objects.get(action="renew").data == {"from": old["1.1"], "to": new["1.1"]}
    assert carry_dossiers(ledger.campaign, {old["1.1"]: [new["1.1"]]}, actor=ledger.office) == 0


def test_two_that_become_one_bring_their_pieces_together(ledger: Ledger) -> None:
    first, second = ledger.dossier("1.1"), ledger.dossier("1.4")
    ledger.dossier("1.4", year=2025)  # of a year that is over
    write_piece(second, ["记录"], Facts(text="第一讲", happened_on=NOON.date()), actor=ledger.liaison)
    new = renewed(ledger)
    goes = {first.node_id: [new["1.4"]], second.node_id: [new["1.4"]], ledger.node("1.2").pk: []}
    assert carry_dossiers(ledger.campaign, goes, actor=ledger.office) == 1
    assert [link.piece.title for link in Dossier.objects.get(pk=first.pk).links.all()] == ["第一讲"]
    assert Dossier.objects.get(pk=second.pk).node_id == second.node_id


def test_only_the_office_takes_dossiers_along(ledger: Ledger) -> None:
    for person in (ledger.liaison, ledger.leader):
        with pytest.raises(PermissionDenied):
            carry_dossiers(ledger.campaign, {}, actor=person)
