"""Goals by group as a workbook: the groups with their figures, and what is in several of them or in none."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.workbooks.writing import Column, OutTable, write_tables
from chuangwen.scoring.loss_sheets import POINTS
from chuangwen.scoring.queries.goals import Goals


def goals_workbook(found: Goals) -> bytes:
    """One sheet of groups; another where criteria fit several groups or none."""
    tables = [_groups(found)]
    if found.several or found.none:
        tables.append(_apart(found))
    return write_tables(tables)


def _groups(found: Goals) -> OutTable:
    columns = (
        Column("group", pgettext("goal", "Group"), width=20), Column("lead", _("Leads"), width=24),
        Column("criteria", _("Criteria"), kind="integer"),
        *(Column(key, label, kind="number", number_format=POINTS) for key, label in (
            ("points", pgettext("full marks", "Points")), ("got", _("Got")), ("lost", _("Lost")),
            ("back", _("Can be won back")), ("forecast", pgettext("goal", "Forecast")),
            ("goal", pgettext("goal", "Goal")), ("gap", _("Gap")),
        )),
    )  # fmt: skip
    rows = [
        (
            one.group.name, str(one.group.lead or _("nobody")), one.criteria, one.points, one.got, one.lost, one.back,
            one.forecast, one.goal, one.gap,
        )
        for one in found.lines
    ]  # fmt: skip
    notes = (_("By the last score: %s") % found.run.round,) if found.run else ()
    return OutTable(columns, rows, _("Goals by group"), notes, _("Goals by group"), True)


def _apart(found: Goals) -> OutTable:
    columns = (Column("criterion", _("Criterion"), width=60), Column("groups", pgettext("goal", "Group"), width=40))
    rows = [*found.several, *((leaf, _("in no group")) for leaf in found.none)]
    title = _("Criteria of several groups or none")
    return OutTable(columns, rows, title, (), title, True)
