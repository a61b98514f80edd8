"""Writes the cells of the matrix of completeness as HTML.

A page has six thousand cells: a template would take a second for what joining strings does in some hundredths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.templatetags.chuangwen import state_shape
from chuangwen.core.templatetags.wording import day
from chuangwen.evidence.enums import DossierState
from chuangwen.evidence.queries.matrix import Cell

SHAPES = {"submitted": "assigned", "accepted": "fixed", "approved": "closed", "returned": "returned"}
EMPTY = "<td></td>"


class CellWriter:
    """Writes the rows of one page; what cells share is made once."""

    def __init__(self) -> None:
        self._shapes = {key: state_shape(shape, label=str(DossierState(key).label)) for key, shape in SHAPES.items()}
        self._since = escape(_("%(filled)s of %(needed)s filled, incomplete since %(day)s"))
        self._today = clock.today()
        self._days: dict[object, str] = {}

    def row(self, node: int, units: Sequence[int], cells: Mapping[tuple[int, int], Cell]) -> SafeString:
        """The cells of one criterion for these units."""
        return SafeString("".join([self._cell(cells.get((node, unit))) for unit in units]))

    def _cell(self, cell: Cell | None) -> str:
        if cell is None:
            return EMPTY
        look = cell.look
        late = ' class="is-late"' if cell.is_late(self._today) else ""
        if look in self._shapes:
            return f'<td{late}><a href="../{cell.pk}/">{self._shapes[look]}</a></td>'
        if cell.since is None:
            return f'<td{late}><a class="is-full" href="../{cell.pk}/">{cell.filled}/{cell.needed}</a></td>'
        words = self._since % {"filled": cell.filled, "needed": cell.needed, "day": self._day(cell)}
        return (
            f'<td{late}><a class="is-{look}" href="../{cell.pk}/" title="{words}">{cell.filled}/{cell.needed}</a></td>'
        )

    def _day(self, cell: Cell) -> str:
        if cell.since not in self._days:
            self._days[cell.since] = escape(day(cell.since))
        return self._days[cell.since]
