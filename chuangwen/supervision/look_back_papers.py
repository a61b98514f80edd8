"""The study sheet of a look-back (专题研究单) as a Word file: its lines by unit, with room for what is decided."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.papers import WRITTEN_IN, word_table
from chuangwen.core.templatetags.wording import day, moment, span
from chuangwen.supervision.enums import LagState
from chuangwen.supervision.models import LagLine, LookBack

WIDTHS = (10, 34, 60, 34, 38, 52, 41)


def study_sheet(look_back: LookBack, lines: Iterable[LagLine]) -> bytes:
    """Number, unit, matter, why listed, since when and how long, answer, judgement or what is decided."""
    with translation.override(WRITTEN_IN):
        heads = (
            _("No."), _("Unit"), _("Matter"), pgettext("look-back", "Why listed"), pgettext("look-back", "What lags"),
            pgettext("look-back", "Answer"), pgettext("look-back", "Judged, or decided"),
        )  # fmt: skip
        rows = [
            (
                str(number), str(line.unit), line.title, str(line.get_kind_display()), _fact(line), line.answer,
                _judged(line),
            )
            for number, line in enumerate(lines, 1)
        ]  # fmt: skip
        above = [_("%(period)s, status of %(made)s") % {"period": span(look_back.starts, look_back.ends),
                                                        "made": moment(look_back.made_at)}]  # fmt: skip
        if look_back.due_on:
            above.append(_("To be answered by %s.") % day(look_back.due_on))
        title = _("Study sheet of the quarterly look-back %s") % look_back
        signature = _("Filled in by: 　　　　　　Checked by: 　　　　　　Read by the leader: 　　　　　　Date: ")
        return word_table(title, heads, WIDTHS, rows, above=above, signature=signature)


def _fact(line: LagLine) -> str:
    again = pgettext("look-back", "once more")
    return f"{line.fact}（{again}）" if line.again else line.fact


def _judged(line: LagLine) -> str:
    if line.state in {LagState.LISTED, LagState.ANSWERED}:
        return ""
    return "：".join(filter(None, (str(line.get_state_display()), line.judgement)))
