"""Merged, split, marked and taken back: every column of the rows, their history and acts; what is read beside it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chuangwen.core import clock
from chuangwen.directives import services
from chuangwen.directives.models import Candidate, Document
from chuangwen.directives.plans import on_workday
from chuangwen.directives.queries import documents as queries
from chuangwen.organizations.models import UnitAlias
from chuangwen.workflow.queries import history_of
from tests.directives.making import SPEECH, Desk, candidate
from tests.support.factories import NOON, make_campaign, make_root, make_task, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def kept(obj):
    return [(row.action, row.actor_id, row.data) for row in history_of(obj).order_by("pk")]


def columns(row):
    left_out = {"id", "created_at", "updated_at"}
    return {name: value for name, value in Candidate.objects.values().get(pk=row.pk).items() if name not in left_out}


def shot(row, state="open"):
    """How an act keeps the row as it stands now."""
    values = {name: getattr(row, name) for name in services.deciding.KEPT}
    return {
        "pk": row.pk,
        "state": state,
        "fields": values | {"due_on": row.due_on.isoformat() if row.due_on else None},
    }


def party(unit):
    return {"name": unit.name, "units": [unit.pk]}


def act(document):
    """(who, what) of the last act at the document."""
    name, actor, data = kept(document)[-1]
    assert name == "review"
    return actor, data


def test_merged_row_takes_what_both_have_and_the_earlier_times(desk):
    document = desk.document()
    first, second = candidate(document, "背街小巷"), candidate(document, "飞线充电")
    Candidate.objects.filter(pk=first.pk).update(action="甲" * 150, measure="成" * 200, frequency="每周")
    Candidate.objects.filter(pk=second.pk).update(
        action="、" + "乙" * 160 + "。", measure="效" * 120, frequency="每月", lead=[party(desk.schools), *first.lead],
        cooperate=[party(desk.east), *first.cooperate, {"name": "市教育局", "units": []}], words=["市教育局", "各街道"],
        targets=["46条", "方案"],
    )  # fmt: skip
    Candidate.objects.filter(pk=first.pk).update(
        cooperate=[*first.cooperate, party(desk.schools)], targets=["46条", "到位"]
    )
    first, second = (Candidate.objects.select_related("document", "region").get(pk=row.pk) for row in (first, second))
    before, old, gone = [shot(first), shot(second)], columns(first), columns(second)
    services.merge_into_previous(second, revision=1, actor=desk.office)
    assert columns(first) == old | {
        "end": second.end, "quote": document.text[first.start : second.end], "revision": 2,
        "action": "甲" * 150 + "；" + "乙" * 149, "measure": "成" * 200 + "；" + "效" * 99,
        "lead": [*first.lead, party(desk.schools)],
        "cooperate": [*first.cooperate[:-1], party(desk.east), {"name": "市教育局", "units": []}],
        "targets": ["46条", "到位", "方案"], "words": [*first.words, "市教育局"], "needs_unit": False,
    }  # fmt: skip
    assert columns(second) == gone | {"state": "merged", "revision": 2}
    assert kept(second) == [("merge", desk.office.pk, {"into": first.pk})]
    left = {str(first.pk): 2, str(second.pk): 2}
    assert act(document) == (desk.office.pk, {"act": "merge", "before": before, "left": left, "made": []})
    assert services.undo_last(document, actor=desk.office) == ("merge", [first.pk, second.pk])
    assert (columns(first), columns(second)) == (old | {"revision": 3}, gone | {"revision": 3})


def test_merged_row_takes_the_later_times_where_it_has_none(desk):
    document = desk.document()
    weekly, meeting = candidate(document, "每周检查"), candidate(document, "会后三天")
    services.merge_into_previous(meeting, revision=1, actor=None)
    both = Candidate.objects.get(pk=weekly.pk)
    assert (both.deadline, both.due_on, both.frequency) == (meeting.deadline, meeting.due_on, weekly.frequency)
    assert both.action == f"{weekly.action.strip('。')}；{meeting.action.strip('。')}"
    assert kept(meeting) == [("merge", None, {"into": weekly.pk})]


def test_halves_keep_what_stands_in_them(desk):
    document = desk.document()
    row = candidate(document, "背街小巷")
    Candidate.objects.filter(pk=row.pk).update(
        targets=["46条", "牵头"], frequency="整治到位", cooperate=[*row.cooperate, {"name": "46条", "units": []}],
        words=[*row.words, "背街"], kind="deadline",
    )  # fmt: skip
    row = candidate(document, "背街小巷")
    before, old = [shot(row)], columns(row)
    cut = next(place for place, rest in queries.cut_points(row) if rest.startswith("11月30日前"))
    made = services.split_candidate(row, cut, revision=1, actor=desk.office)
    one, two = document.text[row.start : cut], document.text[cut : old["end"]]
    assert columns(row) == old | {
        "end": cut, "quote": one, "action": one.strip("，"), "revision": 2, "deadline": "", "due_on": None,
        "frequency": "", "cooperate": old["cooperate"][:1], "targets": ["牵头"], "measure": "牵头",
        "words": ["市城管局", "各街道"],
    }  # fmt: skip
    assert columns(made) == old | {
        "start": cut, "end": cut + len(two), "quote": two, "action": two.strip("。"), "lead": old["lead"],
        "cooperate": old["cooperate"][1:], "targets": ["46条"], "measure": "46条", "words": ["11月30日前", "背街"],
        "becomes": "duty", "by_hand": True, "revision": 1, "confidence": 1.0,
    }  # fmt: skip
    assert kept(made) == [("split", desk.office.pk, {"from": row.pk})]
    told = {"act": "split", "before": before, "left": {str(row.pk): 2, str(made.pk): 1}, "made": [made.pk]}
    assert act(document) == (desk.office.pk, told)


def test_marked_passage_is_read_as_the_engine_reads_it(desk):
    document = desk.document()
    found = [columns(row) for row in document.candidates.order_by("start")]
    document.candidates.all().delete()
    for one in found:
        row = services.mark_by_hand(document, one["quote"], actor=desk.office)
        deed = {"by_hand": True, "action": one["action"].strip("。"), "confidence": 1.0}
        assert columns(row) | {"action": row.action.strip("。")} == one | deed
    assert kept(row) == [("mark", desk.office.pk, {})]
    assert act(document) == (
        desk.office.pk, {"act": "mark", "before": [], "left": {str(row.pk): 1}, "made": [row.pk]},
    )  # fmt: skip


def test_passage_is_found_over_other_blanks_and_at_its_place(desk):
    document = desk.document("一、楼道\n\n  清理楼道\n堆物。\n\n二、绿地\n\n  清理楼道\n堆物。\n")
    document.candidates.all().delete()
    later = document.text.index("清理", document.text.index("二、"))
    row = services.mark_by_hand(document, " 清理楼道   堆物 ", actor=None, start=later - 3)
    assert (row.start, row.quote, row.headings) == (later, "清理楼道\n堆物", ["绿地"])
    assert row.action == "清理楼道 堆物"


def test_undo_brings_a_row_back_to_its_decision(desk):
    document = desk.document()
    rows = candidate(document, "背街小巷"), candidate(document, "飞线充电")
    services.accept_candidate(rows[0], revision=1, actor=None)
    services.drop_candidate(rows[1], revision=1, actor=None)
    for row, state in zip(rows, ("accepted", "dropped"), strict=True):
        services.reopen_candidate(row, revision=2, actor=None)
        assert services.undo_last(document, actor=None) == ("reopen", [row.pk])
        assert Candidate.objects.get(pk=row.pk).state == state


def test_every_date_that_follows_is_counted_as_moved(desk):
    document = desk.document("讲话\n（2026年11月16日）\n\n各街道要在会后三天内开会。市教育局要在会后五天内上报。\n")
    assert services.change_document(document, actor=None, title="讲话", kind="speech", day=date(2026, 11, 23)) == 2
    days = [date(2026, 11, 22), date(2026, 11, 21), date(2026, 11, 20), None]
    assert [on_workday(day) for day in days] == [date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 20), None]


def test_names_are_those_of_this_region_below_its_root(desk):
    stranger = make_unit(make_root(), name="外地局")
    UnitAlias.objects.create(region=stranger.region, unit=stranger, name="外地")
    UnitAlias.objects.create(region=desk.root.region, unit=desk.city, name="城管")
    below = make_unit(desk.east, name="幸福社区")
    units = [desk.city, desk.schools, desk.east, desk.west, below]
    assert queries.lexicon(desk.root.region) == {
        "城管", *(unit.name for unit in units), *(unit.short_name for unit in units if unit.short_name),
    }  # fmt: skip
    known = queries.addressees(desk.root.region)
    assert known.resolve("各单位").units == tuple(unit.pk for unit in units[:-1])


def test_review_shows_its_text_with_marks_and_what_is_dropped_asks_nothing(desk):
    document = desk.document()
    lanes, wires, weekly, meeting = document.candidates.order_by("start")
    assert queries.documents_with_counts(Document.objects.all()).get().unclear_count == 1
    services.drop_candidate(wires, revision=1, actor=None)
    Candidate.objects.filter(pk=lanes.pk).update(lead=[*lanes.lead, {"name": "相关单位", "units": []}])
    review = queries.review_of(document)
    streets = queries.Chip("各街道", "n各街道", count=2)
    city, schools = (queries.Chip(unit.short_name, f"u{unit.pk}") for unit in (desk.city, desk.schools))
    nobody = queries.Chip("相关单位", "n相关单位")
    assert [(row.number, row.candidate, row.lead, row.cooperate, row.tasks) for row in review.rows] == [
        (1, lanes, (city, queries.Chip("相关单位", "n相关单位", ask=True)), (streets,), ()),
        (2, wires, (nobody,), (), ()),
        (3, weekly, (schools,), (), ()), (4, meeting, (streets,), (), ()),
    ]  # fmt: skip
    text = review.text()
    marks = [run.mark for one in text for run in one.runs if run.mark and run.opens]
    assert [(mark.key, mark.start, mark.end, mark.words, mark.number, mark.state) for mark in marks] == [
        (row.pk, row.start, row.end, tuple(row.words), number, "dropped" if row == wires else "open")
        for number, row in enumerate((lanes, wires, weekly, meeting), 1)
    ]
    assert [one.form for one in text].count("heading") == 2
    assert review.next_open(lanes.pk) == weekly.pk


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("一二三四，五六七八", [(15, "五六七八")]), ("一二三，四五六七八", []), ("一二三四，五六七", []),
        ("一二三四； 五六七八。九", [(16, "五六七八。九")]),
    ],
)  # fmt: skip
def test_directive_is_cut_where_four_characters_stand_on_both_sides(quote, found):
    assert queries.cut_points(Candidate(quote=quote, start=10)) == found


def test_four_alike_tasks_of_the_campaign_give_the_newest_three(desk):
    row = candidate(desk.document(), "背街小巷")
    tasks = [make_task(desk.city, campaign=desk.campaign, title="背街小巷全部整治到位") for _number in range(4)]
    make_task(desk.city, campaign=make_campaign(desk.root, name="别的周期"), title="背街小巷全部整治到位")
    tasks[3].candidates.add(row)
    assert queries.alike_tasks(row) == tasks[2::-1]
    tasks[3].candidates.clear()
    assert queries.alike_tasks(row) == tasks[:0:-1]
    assert queries.alike_tasks(row, 1) == tasks[3:]


def test_picker_finds_by_name_short_name_and_alias(desk):
    UnitAlias.objects.create(region=desk.root.region, unit=desk.schools, name="教委")
    region = desk.root.region
    assert [queries.units_named(region, words)[0] for words in ("城市管理", "市城管", "教委", "云溪市教")] == [
        [desk.city], [desk.city], [desk.schools], [desk.schools],
    ]  # fmt: skip
    assert queries.units_named(region, "各街") == ([], ["各街道"])


def test_who_looks_at_another_document_is_not_shown(desk):
    document, beside = desk.document(), desk.document(SPEECH + "\n")
    services.note_presence(beside, None, actor=desk.colleague)
    with clock.at(NOON + timedelta(seconds=1)):
        assert queries.others_present(queries.review_of(document), desk.office) == []


def test_rows_are_counted_once_and_wait_for_who_may_decide(desk):
    document = desk.document()
    lanes = candidate(document, "背街小巷")
    services.accept_candidate(lanes, revision=1, actor=None)
    for _number in range(2):
        make_task(desk.city, campaign=desk.campaign).candidates.add(lanes)
    counted = queries.documents_with_counts(Document.objects.all()).get()
    assert (counted.open_count, counted.accepted_count, counted.task_count) == (3, 1, 2)
    other = make_campaign(desk.root, name="别的周期")
    waiting = [(desk.office, desk.campaign), (desk.office, other), (make_user("leader", desk.root), desk.campaign)]
    assert [queries.open_candidates(user, campaign).count() for user, campaign in waiting] == [3, 0, 0]
