"""What is read of a self-assessment: each line as claimed, as the ledger shows it, and what changed since."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.evidence.models import Dossier
from chuangwen.honors.eligibility import HeldTitle
from chuangwen.honors.models import (
    Award,
    LadderStep,
    Programme,
)
from chuangwen.honors.queries.assessing import (
    assessable,
    assessment_of,
    basis_words,
    dossiers_behind,
    newest_standard,
    nodes_of,
)
from chuangwen.honors.queries.facts import gather, outcomes
from chuangwen.honors.queries.family_facts import outcomes_by_application
from chuangwen.honors.services import (
    LineTold,
    begin_application,
    write_application,
)
from chuangwen.standards.models import StandardVersion
from tests.honors.making import NOW, make_dossier, make_programme, publish
from tests.support.factories import make_campaign

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 18)


def test_assessment_tells_of_each_line_what_is_claimed_shown_and_changed(house):
    version = publish(house)
    values = {"region": version.region, "subject": "unit", "scale": 100.0, "digest": "x"}
    for slug, state, subject, days in (("a", "published", "unit", -1), ("b", "draft", "unit", 1),
                                       ("c", "published", "city", 1)):  # fmt: skip
        told = {"urn": slug, "slug": slug, "state": state, "subject": subject}
        StandardVersion.objects.create(**values | told, version="1", published_at=clock.now() + timedelta(days=days))
    dossier = make_dossier(version, house.bureau, "1.1", 1, 2)
    make_dossier(version, house.other, "2.1", 2, 2)
    programme = make_programme(house)
    assert (newest_standard(programme), programme.standard) == (version, version)
    made = begin_application(programme, house.bureau, actor=None)
    found = assessment_of(made)
    assert [(one.asked.code, one.points, one.basis, one.saved, one.revision) for one in found.lines] == [
        ("1.1", Decimal(30), "Dossier in part, 1 of 2", False, 0), ("2.1", None, "", False, 0),
        ("P1", Decimal(0), "", False, 0), ("N1", Decimal(0), "", False, 0),
    ]  # fmt: skip
    assert (found.total, found.open_lines, found.above, found.outdated, found.by_ledger) == (None, 1, 0, 0, Decimal(30))
    lines = {"1.1": LineTold(Decimal(30), "Dossier in part, 1 of 2"), "2.1": LineTold(Decimal(40), "自查"),
             "P1": LineTold(Decimal(5), ""), "N1": LineTold(Decimal(2), "")}  # fmt: skip
    write_application(made, self_report="", lines=lines, actor=None)
    found = assessment_of(made)
    assert (found.total, found.open_lines, found.above, found.outdated) == (Decimal(73), 0, 0, 0)
    assert found.sections() == [
        ("组织", Decimal(30), Decimal(30), Decimal(60)), ("观察", Decimal(40), Decimal(0), Decimal(40)),
    ]  # fmt: skip
    line = found.lines[0]
    assert (line.untouched, line.outdated, line.differs, line.above) == (True, False, False, False)
    rows = type(dossier).objects.filter(pk=dossier.pk)
    for change, shown, basis, told in (
        ({"slots_filled": 2}, Decimal(60), "Dossier complete, 2 of 2", (True, True, True, False)),
        ({"slots_filled": 0}, Decimal(0), "Dossier empty", (True, True, True, True)),
        ({"slots_filled": 2, "grade": "C", "value": 0.5, "accepted_at": NOW}, Decimal(30), "Dossier reviewed: C",
         (True, False, False, False)),
        ({"grade": "", "value": 0.75}, Decimal(45), "Dossier reviewed: 0.75", (True, True, True, False)),
    ):  # fmt: skip
        rows.update(**change)
        found = assessment_of(made)
        line = found.lines[0]
        assert (line.proposal.points, basis_words(line.proposal, line.dossier)) == (shown, basis)
        assert (line.untouched, line.outdated, line.differs, line.above) == told
        assert (found.outdated, found.above) == (int(told[1]), int(told[3]))
    fuller = make_campaign(house.bureau, name="另一轮", title=house.title("city"))
    second = Dossier.objects.create(region=version.region, campaign=fuller, node=dossier.node, unit=house.bureau,
                                    year=2026, due_on=TODAY, slots_needed=9, slots_filled=9)  # fmt: skip
    make_dossier(version, house.bureau, "2.1", 1, 2)
    Dossier.objects.filter(node__code="2.1", unit=house.bureau).update(year=2025)
    assert dossiers_behind(version, house.bureau, 2026) == {"1.1": second}
    assert nodes_of(version) == {node.code: node.pk for node in version.nodes.filter(is_leaf=True)}
    plain = make_programme(house, "county")
    Programme.objects.filter(pk=plain.pk).update(standard=None)
    none = begin_application(Programme.objects.get(pk=plain.pk), house.bureau, actor=None)
    assert (assessable(none.programme), assessment_of(none)) == (None, None)


def test_title_without_a_rank_counts_as_the_lowest(house):
    odd = Title.objects.create(region=house.root.region, name="无阶梯", subject="unit")
    Award.objects.create(region=odd.region, unit=house.bureau, title=odd, granted_on=TODAY, held_since=TODAY,
                         reverify_by=TODAY)  # fmt: skip
    programme = make_programme(house)
    assert gather(programme, [house.bureau]).held == {house.bureau.pk: [HeldTitle(0, TODAY, False)]}
    LadderStep.objects.filter(title=programme.title).delete()
    states = {one.rule.kind: one.state for one in outcomes(programme, [house.bureau])[house.bureau.pk].verdicts}
    assert states["not-held"] == "not-met"
    rows = {unit.pk: begin_application(programme, unit, actor=None) for unit in (house.bureau, house.other)}
    found = outcomes_by_application(programme, rows.values())
    assert set(found) == {row.pk for row in rows.values()}
