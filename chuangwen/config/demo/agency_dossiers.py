"""The agencies' ledgers: a dossier for each criterion; some agencies have them full, others thin.

A paper given for one criterion counts for others too, as in a real agency: the same plan, the same photos.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chuangwen.config.demo.agencies import Committee
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.dossiers import word_paper, workbook
from chuangwen.config.demo.pictures import scene
from chuangwen.core import clock
from chuangwen.core.files.services import Upload, flushed_together
from chuangwen.core.workdays import default_calendar
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import slots_for
from chuangwen.evidence.services import Facts, default_due, give_files, open_dossiers, write_piece
from chuangwen.evidence.slots import Slot
from chuangwen.standards.models import Node

# Agency -> how many of its 37 dossiers are complete; the next few are begun. All others have not begun.
KEPT = {"transport": 37, "water": 33, "petitions": 37, "commerce-federation": 5}
BEGUN = 3
MOST = 12  # papers of a kind that one agency keeps


def open_agency_ledgers(committee: Committee, year: Year) -> None:
    """A dossier for each agency and criterion of this year, and what four of them have given."""
    nodes = [node for node in Node.objects.filter(version=committee.version, is_leaf=True) if slots_for(node)]
    pairs = [(node.pk, unit.pk) for unit in committee.units.values() for node in nodes]
    due_on = default_due(committee.campaign, year.today.year)
    calendar = default_calendar()
    with clock.at(moment(calendar.add_workdays(date(year.today.year, 1, 4), 6), 10)):
        open_dossiers(committee.campaign, year.today.year, pairs, due_on=due_on, actor=committee.people["gongwei"])
    with clock.at(moment(calendar.add_workdays(year.today, -21), 10)), flushed_together():
        for code, count in KEPT.items():
            _keep(committee, code, count, year)


def _keep(committee: Committee, code: str, count: int, year: Year) -> None:
    unit = committee.units[code]
    rows = Dossier.objects.filter(unit=unit, year=year.today.year).select_related(
        "node__version", "unit__region", "region"
    )
    papers = _Papers(str(unit), code, year)
    for number, dossier in enumerate(rows.order_by("node__position")):
        if number >= count + BEGUN:
            return
        papers.fill(dossier, slots_for(dossier.node), committee, whole=number < count)


class _Papers:
    """One agency's papers: made once, given wherever they prove something."""

    def __init__(self, unit: str, code: str, year: Year) -> None:
        self.unit, self.code = unit, code
        self.days = [date(year.today.year, 1 + month % 10, 8 + month) for month in range(MOST)]
        self._made: dict[tuple[str, int], Upload] = {}

    def fill(self, dossier: Dossier, slots: Sequence[Slot], committee: Committee, *, whole: bool) -> None:
        """Give what the slots want; of a dossier that is only begun, the first slot."""
        actor = committee.liaisons[self.code]
        plain = [slot for slot in slots if not slot.part]
        for slot in plain if whole else plain[:1]:
            if slot.kind == "statement":
                write_piece(dossier, [slot.key], Facts(text=self._words(dossier, slot)), actor=actor)
            else:
                papers = [self._paper(slot.kind, number) for number in range(slot.least)]
                give_files(dossier, slot.key, papers, actor=actor)
        if parts := [slot.key for slot in slots if slot.part]:
            example = Facts(
                person=f"{self.unit}一名一线工作人员，在岗十一年", deed="坚持每周到点，登记在册，群众当面道谢三次。",
                spirit="岗位平常，做得长久，身边人跟着做。",
            )  # fmt: skip
            write_piece(dossier, parts, example, actor=actor)

    def _words(self, dossier: Dossier, slot: Slot) -> str:
        if slot.label == "文号":
            return f"楚{self.unit[1:3]}党〔{dossier.year}〕{3 + dossier.node.position % 30}号"
        return f"{dossier.node.title_zh}：全年有安排、有记录，参加面九成以上，短板已列入下季重点。"

    def _paper(self, kind: str, number: int) -> Upload:
        """The agency's paper of this kind and number, the same bytes each time."""
        key = kind, number
        if key not in self._made:
            day = self.days[number % MOST]
            if kind == "photo":
                data = scene(f"{self.code}-{number}", messy=False, take=number)
                self._made[key] = Upload(f"{day:%Y-%m-%d} 活动现场{number + 1}.jpg", data)
            elif kind == "table":
                self._made[key] = Upload(
                    f"{day:%Y-%m-%d} 登记表{number + 1}.xlsx", workbook("登记表", f"{self.code}-{number}", day)
                )
            else:
                title = f"{'记录' if kind == 'record' else '方案'}{number + 1}"
                self._made[key] = Upload(f"{day:%Y-%m-%d} {title}.docx", word_paper(title, self.unit, day))
        return self._made[key]
