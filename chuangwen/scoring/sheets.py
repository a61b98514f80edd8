"""A result as a workbook."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.workbooks.writing import Column, OutTable, write_tables
from chuangwen.scoring.engine import show
from chuangwen.scoring.loss_sheets import POINTS, loss_sheets
from chuangwen.scoring.models import Loss, Run
from chuangwen.scoring.queries.loss_lines import LossBook
from chuangwen.scoring.queries.peers import standing_of
from chuangwen.scoring.queries.results import unassessed_by_method
from chuangwen.standards.models import Node


def result_workbook(run: Run, user: Any) -> bytes:
    """Every table of the result page: the total, all nodes, who lost what in every way, the peers that `user` sees."""
    book = LossBook.whole(run)
    ways = loss_sheets(book, book.ways, str(run.round), _notes(run))
    return write_tables([_total(run), _nodes(run), *_unassessed(run), *ways, _losses(run), *_peers(run, user)])


def _notes(run: Run) -> tuple[str, ...]:
    return (_("Frozen input SHA-256: %s") % run.observations.sha256, _("Standard: %s") % run.version)


def _total(run: Run) -> OutTable:
    rows = [
        (_("Total"), _shown(run.total)), (_("Interval from"), _shown(run.low)), (_("Interval to"), _shown(run.high)),
        (_("Bonus"), _shown(run.bonus)), (_("Penalty"), _shown(run.penalty)),
        (_("Places drawn and seen"), run.drawn_places), (_("Observations"), run.rows),
    ]  # fmt: skip
    columns = (Column("name", _("Figure"), width=24), Column("value", _("Value"), "number", 14))
    return OutTable(columns, rows, str(run.round), _notes(run), _("Total"), False)


def _shown(points: float | None) -> float | None:
    """As on screen, where exact values stand in the other sheets."""
    return None if points is None else float(show(points))


def _nodes(run: Run) -> OutTable:
    titles = dict(Node.objects.filter(version=run.version_id).values_list("code", "title_zh"))
    columns = (
        Column("code", _("Code"), width=10), Column("title", _("Criterion"), width=50),
        Column("points", pgettext("full marks", "Points"), kind="number"), Column("share", _("Share"), kind="percent"),
        Column("attained", _("Got"), kind="number", number_format=POINTS),
        Column("lost", _("Lost"), kind="number", number_format=POINTS),
        Column("n", _("Seen"), kind="integer"), Column("assessed", _("Assessed")),
    )  # fmt: skip
    rows = (
        (
            node.code, titles.get(node.code, _("Total")), node.points, node.share, node.attained, node.lost, node.n,
            _("yes") if node.assessed else _("no"),
        )
        for node in run.nodes.order_by("position")
    )  # fmt: skip
    return OutTable(columns, rows, str(run.round), _notes(run), _("Criteria"), True)


def _losses(run: Run) -> OutTable:
    titles = dict(Node.objects.filter(version=run.version_id).values_list("code", "title_zh"))
    columns = (
        Column("unit", _("Unit"), width=24), Column("code", _("Code"), width=10),
        Column("title", _("Criterion"), width=50), Column("points", _("Lost"), kind="number", number_format=POINTS),
    )  # fmt: skip
    losses = Loss.objects.filter(run=run).select_related("unit").order_by("unit__path", "-points")
    rows = ((str(x.unit) if x.unit else _("Nobody"), x.code, titles.get(x.code, ""), x.points) for x in losses)
    note = _("All rows add up to the points lost: %s") % show(sum(losses.values_list("points", flat=True)))
    return OutTable(columns, rows, str(run.round), (note, *_notes(run)), _("Losses"), True)


def _unassessed(run: Run) -> list[OutTable]:
    """What nobody looked at, by method; no sheet where everything was."""
    columns = (
        Column("method", _("Method"), width=24), Column("criteria", _("Criteria"), kind="integer"),
        Column("points", pgettext("full marks", "Points"), kind="number", number_format=POINTS),
    )  # fmt: skip
    rows = [(one.label, one.criteria, one.points) for one in unassessed_by_method(run)]
    return [OutTable(columns, rows, str(run.round), _notes(run), _("Not yet assessed"), False)] if rows else []


def _peers(run: Run, user: Any) -> list[OutTable]:
    """The rank among those that the reader sees; no sheet where there is nobody."""
    found = standing_of(run, user)
    if found is None:
        return []
    columns = (
        Column("rank", _("Rank"), kind="integer"), Column("region", _("Region"), width=26),
        Column("total", _("Total"), kind="number", number_format="0.00"),
        Column("low", _("Interval from"), kind="number", number_format="0.00"),
        Column("high", _("Interval to"), kind="number", number_format="0.00"),
        Column("apart", _("not told apart"), width=14),
    )  # fmt: skip
    rows = [
        (
            one.rank, one.peer.name, _shown(one.peer.total), _shown(one.peer.low), _shown(one.peer.high),
            _("yes") if one.unclear else "",
        )
        for one in found[0].placed
    ]  # fmt: skip
    return [OutTable(columns, rows, str(run.round), (), _("Among peers"), False)]
