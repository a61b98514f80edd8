"""Writes the matrix's cells as HTML.

A matrix has ten thousand cells and more. The template engine would take a second for what joining
strings does in a hundredth, and an empty cell must cost nine bytes, not ninety: which criterion and
unit it stands for follows from its row and column (frontend/src/ts/matrix.ts).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from chuangwen.core.templatetags.chuangwen import state_shape
from chuangwen.responsibilities.models import Share


def cell_html(share: str, *, cut: bool = False, before: str | None = None) -> SafeString:
    """One cell. `before`: what stood there until now, kept for undo."""
    css = SafeString(' class="is-cut"') if cut else SafeString("")
    kept = SafeString("") if before is None else format_html(' data-before="{}"', before)
    if not share:
        return format_html("<td{}{}></td>", css, kept)
    shape = state_shape(share, label=str(Share(share).label))
    return format_html('<td{}{} data-share="{}">{}</td>', css, kept, share, shape)


class CellWriter:
    """Writes the rows of one page: the six possible cells are made once."""

    def __init__(self) -> None:
        shares = ("", *(str(share) for share in Share))
        self._cells = {(share, cut): cell_html(share, cut=cut) for share in shares for cut in (False, True)}

    def row(self, units: Sequence[tuple[int, bool]], shares: Mapping[int, str]) -> SafeString:
        """The cells of one criterion for `units` (id, whether a cut follows)."""
        return SafeString("".join([self._cells[shares.get(pk, ""), cut] for pk, cut in units]))
