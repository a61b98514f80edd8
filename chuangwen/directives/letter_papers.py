"""The answer to a letter as a Word file: its words, the table of replies, the signature.

In Chinese whatever language the screen speaks, as all papers of the house are.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from chuangwen.core.papers import WRITTEN_IN, saved
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.meeting_papers import grid, line, new_paper
from chuangwen.directives.models import Letter, LetterSlip
from chuangwen.directives.slips import fields_of, shown, totals
from chuangwen.directives.workflow import REPLIED


def reply_table(letter: Letter, slips: Sequence[LetterSlip]) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the replies, one unit a row, with sums at the end where the slip counts something."""
    fields = fields_of(letter.slip)
    heads = [_("No."), _("Unit"), *(one.label for _key, one in fields), _("A few words")]
    told = [slip for slip in slips if slip.task.state in REPLIED]
    rows = [
        [str(number), str(slip.task.unit), *(shown(one, slip.values.get(key, "")) for key, one in fields), slip.note]
        for number, slip in enumerate(told, 1)
    ]
    sums = totals(letter.slip, [slip.values for slip in told])
    if sums and len(rows) > 1:
        rows.append(["", _("Together"), *(sums.get(key, "") for key, _one in fields), ""])
    return heads, rows


def proposed_answer(letter: Letter, slips: Sequence[LetterSlip]) -> str:
    """The usual words above the table of replies."""
    told = [slip for slip in slips if slip.task.state in REPLIED]
    opening = f"《{letter.title}》（{letter.paper_number}）收悉。我办高度重视，立即组织办理。"
    if not told:
        return f"{opening}现将有关情况报告如下：\n"
    if len(told) == 1 and not letter.slip:
        return f"{opening}现将{told[0].task.unit}办理情况报告如下：\n{told[0].note}"
    return f"{opening}现将{len(told)}个单位的回复汇总报告如下（见附表）。"


def answer_paper(letter: Letter, slips: Sequence[LetterSlip]) -> bytes:
    """The answer to be signed and sealed; before it is sent its number stands open."""
    with translation.override(WRITTEN_IN):
        paper = new_paper(f"关于《{letter.title}》的回复", letter.answer_number or _("(number at sending)"))
        line(paper, f"{letter.sender}：")
        for text in (letter.answer or proposed_answer(letter, slips)).splitlines():
            if text.strip():
                line(paper, text.strip())
        heads, rows = reply_table(letter, slips)
        if rows and (letter.slip or len(rows) > 1):
            paper.add_paragraph()
            line(paper, _("Table: replies of the units"), bold=True)
            grid(paper, heads, rows)
        paper.add_paragraph()
        line(paper, str(letter.unit.name))
        line(paper, _("Signed by: %s") % letter.signed_as)
        line(paper, _("Date: %s") % (day(letter.answered_on or letter.signed_on) if letter.signed_on else ""))
        return saved(paper)
