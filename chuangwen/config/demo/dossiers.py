"""The ledger of the demo: the leads' dossiers, some full and graded, some thin, one returned."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.config.demo.content import words
from chuangwen.config.demo.pictures import scene
from chuangwen.core import clock
from chuangwen.core.files.services import Upload, flushed_together
from chuangwen.core.workbooks.writing import Column, write_table
from chuangwen.core.workdays import default_calendar
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import grade_asked, nodes_with_slots, slots_for
from chuangwen.evidence.services import (
    Facts,
    accept_dossier,
    approve_dossier,
    default_due,
    give_files,
    open_dossiers,
    return_dossier,
    set_passage,
    submit_dossier,
    use_piece,
    write_piece,
)
from chuangwen.evidence.slots import Slot
from chuangwen.responsibilities.queries import lead_pairs


def fill_ledger(city: City, campaign: Campaign, year: Year, now: datetime) -> int:
    """Open a dossier for each lead of the breakdown and tell how far those of content/dossiers.yaml have come."""
    asked, on = nodes_with_slots(campaign), max(year.begins, date(year.today.year, 1, 1))
    opened = min(now - timedelta(days=60), moment(default_calendar().add_workdays(on, 40)))
    pairs = [pair for pair in lead_pairs(campaign) if pair[0] in asked]
    with clock.at(max(opened, moment(year.begins, 10))):
        made = open_dossiers(
            campaign, year.today.year, pairs, due_on=default_due(campaign, year.today.year), actor=city.office
        )
    rows = Dossier.objects.filter(campaign=campaign).select_related("node__version", "unit__region", "region")
    by_code: dict[str, Dossier] = {}
    for dossier in rows.order_by("unit__path"):
        by_code.setdefault(dossier.node.code, dossier)
    with flushed_together():
        for told in words("dossiers")["dossiers"]:
            if told["code"] in by_code:
                _tell(city, by_code[told["code"]], told, now)
                for code in told.get("also", ()):
                    _use(city, by_code[told["code"]], by_code[code], now)
    return made


def _use(city: City, given: Dossier, also: Dossier, now: datetime) -> None:
    """What was given once counts in another dossier of the unit too."""
    slot = next(slot for slot in slots_for(also.node) if slot.takes("document"))
    piece = given.links.filter(piece__kind="document").select_related("piece").earliest("pk").piece
    with clock.at(now - timedelta(days=9)):
        use_piece(also, slot.key, piece, actor=city.answering_for(also.unit))


def _tell(city: City, dossier: Dossier, told: dict[str, str], now: datetime) -> None:
    """Fill one dossier as far as told (`part`: all | most | little), then let it go as far as `until` says."""
    rng, actor = random.Random(told["code"]), city.answering_for(dossier.unit)  # noqa: S311 (the same demo each time)
    slots = [slot for slot in slots_for(dossier.node) if not slot.part]
    parts = [slot for slot in slots_for(dossier.node) if slot.part]
    kept = {"all": len(slots), "most": max(1, len(slots) - 1), "little": 1}[told["part"]]
    with clock.at(now - timedelta(days=12)):
        for slot in slots[:kept]:
            _fill(dossier, slot, told, rng, now.date() - timedelta(days=13), actor)
        if parts:
            facts = Facts(person=told["person"], deed=told["deed"], spirit=told["spirit"])
            write_piece(dossier, [slot.key for slot in parts], facts, actor=actor)
        for link in dossier.links.filter(slot="文").select_related("dossier", "piece")[:1]:
            set_passage(link, "第2页第1段：明确牵头处室和每月一查的做法", actor=actor)
    _review(city, dossier, told, now)


def _review(city: City, dossier: Dossier, told: dict[str, str], now: datetime) -> None:
    if told["until"] == "open":
        return
    with clock.at(now - timedelta(days=8)):
        gap = "" if dossier.is_complete else "其余材料按月补，本月底前报齐"
        submit_dossier(dossier, conclusion=told["result"], note=gap, actor=city.answering_for(dossier.unit))
    if told["until"] == "submitted":
        return
    with clock.at(now - timedelta(days=5)):
        if told["until"] == "returned":
            reason = "照片没有标日期，看不出是不是今年的；请补拍日期后再报"
            return_dossier(dossier, reason=reason, revision=dossier.revision, actor=city.office)
            return
        accept_dossier(dossier, result=_grade(dossier, told["grade"]), revision=dossier.revision, actor=city.office)
    if told["until"] == "approved":
        with clock.at(now - timedelta(days=2)):
            approve_dossier(dossier, revision=dossier.revision, actor=city.people["leader"])


def _grade(dossier: Dossier, wanted: str) -> str:
    """The grade wanted, or the best that the criterion knows."""
    asked = grade_asked(dossier.node)
    letters = list(asked.grades) if asked else []
    return wanted if wanted in letters else letters[0] if letters else "12"


def _fill(dossier: Dossier, slot: Slot, told: dict[str, str], rng: random.Random, last: date, actor: Any) -> None:
    """What a unit gives into one slot."""
    code, title = told["code"], told["title"]
    if slot.kind == "statement":
        paper = f"云{str(dossier.unit)[-3:-1]}〔{dossier.year}〕{rng.randint(3, 40)}号"
        text = paper if slot.label == "文号" else told["result" if slot.label == "成效" else "deed"]
        write_piece(dossier, [slot.key], Facts(text=text), actor=actor)
        return
    first = max(date(dossier.year, 1, 4), last - timedelta(days=300))
    span = max(1, (last - first).days)
    uploads = []
    for number in range(slot.least):
        nth = str(number + 1) if slot.least > 1 else ""
        day = min(last, first + timedelta(days=span * number // slot.least + rng.randint(0, 5)))
        name = f"{day:%Y-%m-%d} {title}"
        if slot.kind == "photo":
            uploads.append(Upload(f"{name}现场{nth}.jpg", scene(f"{code}-{number}", messy=False, take=number)))
        elif slot.kind == "table":
            uploads.append(Upload(f"{name}统计表{nth}.xlsx", workbook(title, code, day)))
        else:
            kind = "记录" if slot.kind == "record" else "实施方案"
            uploads.append(Upload(f"{name}{kind}{nth}.docx", word_paper(f"{title}{kind}", str(dossier.unit), day)))
    give_files(dossier, slot.key, uploads, actor=actor)


def word_paper(title: str, unit: str, day: date) -> bytes:
    """A short Word file, each with its own heading, unit and date; the same bytes at every fill."""
    words = {"TITLE": title, "UNIT": unit, "DAY": f"{day.year}年{day.month}月{day.day}日"}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, part in _pattern().items():
            filled = part
            for place, said in words.items():
                filled = filled.replace(f"={place}=".encode(), escape(said).encode())
            packed.writestr(zipfile.ZipInfo(name), filled, zipfile.ZIP_DEFLATED)
    return target.getvalue()


@lru_cache(maxsize=1)
def _pattern() -> dict[str, bytes]:
    """The parts of the Word file that all these papers are made from: writing each anew would take a second in all."""
    from docx import Document  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    paper, packed = Document(), io.BytesIO()
    paper.add_heading("=TITLE=", 1)
    paper.add_paragraph("=UNIT=  =DAY=")
    paper.add_paragraph("一、目标。围绕测评标准，明确牵头处室、参加处室和完成时限，做到件件有人管、月月有检查。")
    paper.add_paragraph("二、做法。每月一查，查到的问题当天交办；每季一评，评出的短板列入下季重点。")
    paper.add_paragraph("三、结果。本期共开展活动1次，参加43人，收集意见6条，已办结5条，1条列入下月。")
    paper.save(packed)
    with zipfile.ZipFile(packed) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def workbook(title: str, code: str, day: date) -> bytes:
    rows: list[list[Any]] = [[f"第{number}季度", 12 + number * 3, 11 + number * 3] for number in range(1, 5)]
    columns = [Column("q", "时间"), Column("n", "应办", "integer"), Column("d", "办结", "integer")]
    notes, made = [f"统计日期 {day.isoformat()}"], datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a sheet has no zones)
    return write_table(columns, rows, title=f"{code} {title}", notes=notes, created=made)
