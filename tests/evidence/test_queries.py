"""What pages read of the ledger: whose dossiers, what one holds, which pieces are offered, the pages of the matrix."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chuangwen.campaigns.models import CampaignStandard
from chuangwen.core.files.services import Upload
from chuangwen.core.models import Attachment
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.evidence.queries import matrix as of_matrix
from chuangwen.evidence.queries.dossiers import (
    conclusion_for,
    contents_of,
    dossiers_of,
    due_this_week,
    files_of,
    grade_asked,
    nodes_with_slots,
    slots_for,
    twins_of,
    waiting_for,
)
from chuangwen.evidence.queries.likely import offers_for, uses_of
from chuangwen.evidence.queries.matrix import Cell, View, matrix_of
from chuangwen.evidence.services import Facts, give_files, open_dossiers, use_piece, write_piece
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Node
from chuangwen.standards.services import publish_standard
from tests.evidence.making import DUE, PDF, STANDARD, Ledger, make_ledger, photo
from tests.support.factories import NOON, make_campaign, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY, DAY = NOON.date(), timedelta(days=1)


def due(dossier: Dossier, day: date) -> Dossier:
    Dossier.objects.filter(pk=dossier.pk).update(due_on=day)
    return dossier


def test_each_person_has_the_steps_that_are_theirs_before_them(ledger: Ledger) -> None:
    elsewhere = make_ledger()
    elsewhere.submitted("1.1")
    elsewhere.accepted("1.2")
    elsewhere.dossier("1.4")
    open_, handed_in, accepted = ledger.dossier("1.4"), ledger.submitted("1.1"), ledger.accepted("1.2")
    ledger.approved("1.1", year=2025)
    ledger.dossier("1.4", unit=ledger.other)

    def waiting(user: Any) -> list[int]:
        return list(Dossier.objects.filter(waiting_for(user)).order_by("pk").values_list("pk", flat=True))

    assert waiting(ledger.liaison) == [open_.pk]
    assert waiting(ledger.office) == [handed_in.pk]
    assert waiting(ledger.leader) == [accepted.pk]


def test_week_ends_with_its_sunday_and_begins_today(ledger: Ledger) -> None:
    days = [TODAY - DAY, TODAY, date(2026, 11, 22), date(2026, 11, 23)]
    pairs = [(code, year) for code in ("1.1", "1.2") for year in (2025, 2026)]
    made = [due(ledger.dossier(code, year=year), day) for (code, year), day in zip(pairs, days, strict=True)]
    due(ledger.submitted("1.1", unit=ledger.unit, year=2024), TODAY)
    found = set(Dossier.objects.filter(due_this_week()).values_list("pk", flat=True))
    assert found == {made[1].pk, made[2].pk}


def test_campaign_shows_its_own_dossiers_to_who_may_see_them(ledger: Ledger) -> None:
    own, others = ledger.dossier("1.1"), ledger.dossier("1.1", unit=ledger.other)
    beside = make_campaign(ledger.root, version=ledger.version, subject_kind="unit", name="另一周期")
    pairs = [(own.node_id, ledger.unit.pk), (own.node_id, ledger.other.pk)]
    open_dossiers(beside, 2026, pairs, due_on=DUE, actor=None, tell=False)
    assert set(dossiers_of(ledger.campaign, ledger.office)) == {own, others}
    assert list(dossiers_of(ledger.campaign, ledger.liaison)) == [own]
    assert list(dossiers_of(None, ledger.office)) == []
    matrix = matrix_of(ledger.campaign, View(2026), ledger.office)
    assert (matrix.year, {cell.pk for cell in matrix.cells.values()}) == (2026, {own.pk, others.pk})


def test_criteria_without_slots_ask_for_nothing_and_are_left_out(ledger: Ledger) -> None:
    top = Node.objects.select_related("version").get(version=ledger.version, code="1")
    assert (slots_for(top), grade_asked(top)) == ((), None)
    rows = Node.objects.filter(version=ledger.version)
    positions = dict(rows.values_list("code", "position"))
    rows.filter(code="1.1").update(position=positions["1.4"])
    rows.filter(code="1.4").update(position=positions["1.1"])
    order = {pk: code for code, pk in rows.values_list("code", "pk")}
    assert [order[pk] for pk in nodes_with_slots(ledger.campaign)] == ["1.4", "1.2", "1.1"]


def test_dossier_shows_what_is_in_each_slot_and_why_it_does_not_count(ledger: Ledger) -> None:
    dossier, give = ledger.dossier("1.1"), {"actor": ledger.liaison}
    give_files(dossier, "图", [Upload("甲20260301.jpg", photo(1)), Upload("乙.jpg", photo(2))], **give)
    give_files(dossier, "文", [Upload("旧20230301.pdf", PDF)], **give)
    words = write_piece(dossier, ["成效"], Facts(text="翻番"), **give)
    paper, first = dossier.links.get(slot="文").piece, dossier.links.order_by("pk")[0].piece
    for year in (2024, 2025):
        other = ledger.dossier("1.4", year=year)
        use_piece(other, "记录", first, **give)
        use_piece(other, "记录", paper, **give)
    use_piece(other, "表", paper, **give)  # twice in one dossier is once elsewhere
    long = write_piece(ledger.dossier("1.4", year=2026), ["记录"], Facts(title="长", text="长" * 21), **give)
    use_piece(dossier, "成效", long, **give)
    extra = Link.objects.create(region_id=dossier.region_id, dossier=dossier, slot="旧栏", piece=words)
    Attachment.objects.filter(owner_id=paper.pk).update(owner_type="elsewhere")
    found = contents_of(ledger.read(dossier))
    shown = {
        view.slot.key: (view.counted, view.missing, view.is_filled, view.months, [
            (one.piece.title, one.why, one.attachment and one.attachment.name, one.text, one.elsewhere, one.twin)
            for one in view.pieces
        ])
        for view in found.slots
    }  # fmt: skip
    months = (False, False, True, *[False] * 9)
    assert shown == {
        "文": (0, 1, False, (), [("旧20230301", "outside", None, "", 2, "")]),
        "图": (1, 1, False, months, [
            ("甲20260301", "", "甲20260301.jpg", "", 2, ""), ("乙", "undated", "乙.jpg", "", 0, ""),
        ]),
        "成效": (1, 0, True, (), [
            ("翻番", "", None, "翻番", 0, ""), ("长", "too-long", None, "长" * 21, 1, ""),
        ]),
    }  # fmt: skip
    assert [(one.link, one.why, one.text, one.elsewhere) for one in found.loose] == [(extra, "", "翻番", 0)]
    assert (found.completeness.filled, found.completeness.needed) == (1, 3)
    assert set(files_of([first.pk])) == {first.pk}


def test_part_of_an_example_is_shown_and_counted_by_itself(ledger: Ledger) -> None:
    dossier = ledger.dossier("1.2")
    write_piece(dossier, ["人", "事", "精神"], Facts(person="张兰", deed="照看老人"), actor=ledger.liaison)
    found = contents_of(dossier)
    assert [(view.slot.key, [(one.why, one.text) for one in view.pieces]) for view in found.slots] == [
        ("人", [("", "张兰")]), ("事", [("", "照看老人")]), ("精神", [("no-text", "")]),
    ]  # fmt: skip


def test_picture_seen_before_in_this_region_is_told_by_its_first_piece(ledger: Ledger) -> None:
    elsewhere, dossier = make_ledger(), ledger.dossier()
    theirs = elsewhere.dossier()
    give_files(theirs, "图", [Upload("外地.jpg", photo(3))], actor=elsewhere.liaison)
    pictures = [Upload(f"{name}.jpg", photo(3) + tail) for name, tail in (("甲", b"\0"), ("乙", b"\1"), ("丙", b"\2"))]
    give_files(dossier, "图", [*pictures, Upload("别样.jpg", photo(5))], actor=ledger.liaison)
    give_files(dossier, "文", [Upload("方案.pdf", PDF)], actor=ledger.liaison)
    pieces = {one.title: one for one in Piece.objects.filter(region=dossier.region_id)}
    twins = twins_of(pieces.values())
    assert twins == {pieces[name].pk: "甲 (市档案局)" for name in ("乙", "丙")}
    assert twins_of([pieces["方案"]]) == {}


def test_conclusion_is_the_one_kept_or_the_longest_of_the_units_own_words(ledger: Ledger) -> None:
    dossier, beside = ledger.dossier("1.4"), ledger.dossier("1.4", year=2025)
    assert conclusion_for(dossier) == ""
    write_piece(beside, ["记录"], Facts(text="别处的一段很长的话"), actor=ledger.liaison)
    write_piece(dossier, ["记录"], Facts(text="云文明办〔2026〕3号"), actor=ledger.liaison)
    assert conclusion_for(dossier) == ""  # a number says nothing
    for text, deed in ((" 开展十二次 ", ""), ("", "一年照看老人"), ("共十一二次", "")):
        write_piece(dossier, ["记录"], Facts(text=text, deed=deed), actor=ledger.liaison)
    (paper,) = give_files(dossier, "表", [Upload("表.pdf", PDF)], actor=ledger.liaison)
    assert paper.piece is not None
    Piece.objects.filter(pk=paper.piece.pk).update(text="不是单位自己写的一段话")
    assert conclusion_for(dossier) == "一年照看老人"
    Piece.objects.filter(deed="一年照看老人").update(deed="")
    assert conclusion_for(dossier) == "开展十二次"  # of two as long the one given first
    dossier.conclusion = "已写"
    assert conclusion_for(dossier) == "已写"


def test_piece_is_offered_with_its_file_for_what_its_criterion_replaces(ledger: Ledger) -> None:
    last = ledger.dossier("1.1", year=2025)
    give_files(last, "文", [Upload("总结云文明办〔2026〕3号.pdf", PDF)], actor=ledger.liaison)
    piece = Piece.objects.get()
    Link.objects.update(slot="文#2")  # the second slot of a name offers under the first
    below = make_unit(ledger.unit, name="办公室")
    say = {"region": ledger.root.region, "unit": below, "kind": "document", "title": "乙"}
    for words in ("志愿服务常态开展", "甲" * 196 + "志愿服务", "甲" * 197 + "志愿服务"):  # what comes after 200 signs
        Piece.objects.create(text=words, **say)
        Piece.objects.create(deed=words, **say)
    same = ledger.dossier("1.1")

    def offered(dossier: Dossier) -> list[tuple[int, tuple[str, ...], int | None]]:
        return [
            (len(one.piece.text + one.piece.deed), one.reasons, one.attachment and one.attachment.owner_id)
            for one in offers_for(dossier, contents_of(dossier))["文"]
        ]

    first = (0, ("same-criterion", "same-slot", "number"), piece.pk)
    assert offered(same) == [first, *[(length, ("title",), None) for length in (8, 8, 200, 200)]]
    text = STANDARD.replace('version: "1"', 'version: "2"').replace("title: 志愿服务常态开展", "title: 垃圾分类")
    text = text.replace('code: "1.1"', 'code: "1.9"\n        replaces: ["1.1"]')
    version, _new = publish_standard(read_standard(text.encode(), "s.yaml"), region=ledger.root.region, actor=None)
    CampaignStandard.objects.create(region=ledger.root.region, campaign=ledger.campaign, version=version)
    pair = (version.nodes.get(code="1.9").pk, ledger.unit.pk)
    open_dossiers(ledger.campaign, 2026, [pair], due_on=DUE, actor=None)
    assert offered(ledger.read(Dossier.objects.get(node=pair[0]))) == [first]


def test_piece_is_offered_to_this_years_dossiers_that_lack_it_the_likeliest_first(ledger: Ledger) -> None:
    done = ledger.filled("1.1", year=2024)
    paper = done.links.get(slot="文").piece
    below = make_unit(ledger.unit, name="办公室")
    give = {"actor": ledger.office}
    ledger.dossier("1.1", year=2025)  # a year that is over
    weak = due(ledger.dossier("1.4"), TODAY)
    likeliest = due(ledger.dossier("1.1"), TODAY + DAY)
    ledger.dossier("1.1", unit=below)  # a paper of the unit is not one of an office below it
    Piece.objects.filter(pk=paper.pk).update(title="道德讲堂每月一次志愿服务", happened_on=TODAY)
    fresh = Piece.objects.select_related("unit").get(pk=paper.pk)
    found = uses_of(fresh, ledger.office)
    assert [(one.dossier.pk, one.slot.key) for one in found] == [
        (likeliest.pk, "文"), (weak.pk, "记录"),
    ]  # fmt: skip
    assert uses_of(fresh, ledger.leader) == []  # may look, and gives nothing
    handed_in = ledger.dossier("1.2")
    Dossier.objects.filter(pk=handed_in.pk).update(state="submitted")
    words = Piece.objects.create(region=ledger.root.region, unit=ledger.unit, kind="statement", title="身边好人选树")
    assert uses_of(words, ledger.office) == []
    use_piece(likeliest, "文", fresh, **give)
    use_piece(weak, "表", fresh, **give)  # where it stands it is offered for no other slot
    assert uses_of(fresh, ledger.office) == []
    offered = Piece.objects.create(region=ledger.root.region, unit=below, kind="document", title="志愿服务常态开展")
    assert {one.dossier.unit_id for one in uses_of(offered, ledger.office)} == {below.pk}


def test_matrix_counts_each_unit_and_is_late_from_the_day_after(ledger: Ledger) -> None:
    cell = Cell(1, "open", 0, 1, TODAY, TODAY)
    assert (cell.is_late(TODAY), cell.is_late(TODAY + DAY)) == (False, True)
    due(ledger.dossier("1.1"), TODAY - DAY)
    due(ledger.dossier("1.2"), TODAY - DAY)
    due(ledger.dossier("1.4"), TODAY)
    for code in ("1.1", "1.2"):
        ledger.dossier(code, unit=ledger.other)
    Dossier.objects.filter(unit=ledger.other).update(missing_since=None, state="submitted", due_on=TODAY - DAY)
    matrix = matrix_of(ledger.campaign, View(2026), ledger.office)
    assert [(one.unit.name, one.dossiers, one.complete, one.late) for one in matrix.columns] == [
        ("市档案局", 3, 0, 2), ("市水务局", 2, 2, 0),
    ]  # fmt: skip
    late = matrix_of(ledger.campaign, View(2026, show="late"), ledger.office)
    assert [one.unit.name for one in late.columns] == ["市档案局"]


def test_pages_of_the_matrix_begin_and_end_where_units_do(ledger: Ledger, monkeypatch: Any) -> None:
    monkeypatch.setattr(of_matrix, "PAGE_UNITS", 2)
    many = [make_unit(ledger.root, name=f"单位{number}") for number in range(6)]
    open_dossiers(ledger.campaign, 2026, [(ledger.node("1.1").pk, one.pk) for one in many], due_on=DUE, actor=None)
    paths = [one.path for one in many]

    def page(**options: Any) -> tuple[list[str], str, str]:
        found = matrix_of(ledger.campaign, View(2026, **options), ledger.office)
        return [one.unit.path for one in found.columns], found.before, found.after

    assert page() == (paths[:2], "", paths[1])
    assert page(after=paths[1]) == (paths[2:4], paths[2], paths[3])
    assert page(after=paths[3]) == (paths[4:], paths[4], "")
    assert page(before=paths[4]) == (paths[2:4], paths[2], paths[3])
    assert page(before=paths[2]) == (paths[:2], "", paths[1])
    assert page(before=paths[1]) == (paths[:1], "", paths[0])
    assert page(before=paths[0]) == ([], "", "")
    assert page(after=paths[5]) == ([], "", "")
    assert page(after=ledger.other.path) == (paths[:2], "", paths[1])  # nothing stands before it
    monkeypatch.setattr(of_matrix, "PAGE_UNITS", 3)
    assert page() == (paths[:3], "", paths[2])
    monkeypatch.setattr(of_matrix, "PAGE_UNITS", 2)
    stranger = make_unit(make_ledger().root)
    assert page(unit=stranger.pk)[0] == paths[:2]  # a unit of another region narrows nothing


def test_sections_stand_in_the_order_of_the_standards_the_main_one_first(ledger: Ledger) -> None:
    text = STANDARD.replace("evidence-test", "more").replace('"1.', '"2.').replace('code: "1"', 'code: "2"')
    text += """
  - code: "3"
    title: 三
    children:
      - {code: "3.1", title: 三一, points: 1, method: material, evidence: [{slot: 文, kind: document, min: 1}]}
"""
    version, _new = publish_standard(read_standard(text.encode(), "s.yaml"), region=ledger.root.region, actor=None)
    main = CampaignStandard.objects.get(campaign=ledger.campaign)
    CampaignStandard.objects.create(region=ledger.root.region, campaign=ledger.campaign, version=version)
    nodes = {one.code: one for one in Node.objects.filter(version__in=(ledger.version, version))}
    pairs = [(nodes[code].pk, ledger.unit.pk) for code in ("3.1", "2.2", "2.1", "1.2", "1.1")]
    open_dossiers(ledger.campaign, 2026, pairs, due_on=DUE, actor=None)

    def sections(**options: Any) -> list[tuple[str, list[str]]]:
        found = matrix_of(ledger.campaign, View(2026, **options), ledger.office).sections
        return [(one.node.code, [node.code for node in one.rows]) for one in found]

    assert sections() == [("1", ["1.1", "1.2"]), ("2", ["2.1", "2.2"]), ("3", ["3.1"])]
    assert sections(section=nodes["2"].pk) == [("2", ["2.1", "2.2"])]
    CampaignStandard.objects.filter(pk=main.pk).update(is_main=False)
    CampaignStandard.objects.filter(version=version).update(is_main=True)
    assert [code for code, _rows in sections()] == ["2", "3", "1"]
