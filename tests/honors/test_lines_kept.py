"""Authorities' forms and the lines of a self-assessment: what is kept, field by field, and nothing beside it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.honors.models import (
    Application,
    FormTemplate,
    Programme,
    SelfLine,
)
from chuangwen.honors.queries.templates import applications_to_try, handed_in, template_of, templates_given
from chuangwen.honors.services import (
    Clashed,
    LineTold,
    begin_application,
    drop_template,
    refresh_lines,
    save_lines,
    take_template,
    write_and_refresh,
    write_application,
)
from tests.core.test_word_templates import form
from tests.honors.families import make_call, with_families
from tests.honors.making import NOW, make_dossier, make_programme, publish
from tests.honors.seeing import files, some
from tests.support.factories import make_unit, make_user
from tests.support.leaving import audited, fields, kept
from tests.support.refusals import said

pytestmark = pytest.mark.once
PART = "Dossier in part, 1 of 2"


def test_template_keeps_every_column_and_the_one_before_as_history(house):
    act = {"actor": house.office}
    made, other = make_programme(house), make_programme(house, "county")
    later = NOW + timedelta(hours=1)
    first = take_template(made, "form", form("{{ 单位 }}"), "表样.docx", **act)
    rest = [
        take_template(of, paper, form("{{ 单位 }}" if paper == "form" else "{{ 标题 }}"), "旁.docx", **act)
        for of, paper in ((made, "summary"), (other, "form"), (made.title, "form"))
    ]
    untouched = [fields(one) for one in rest]
    with clock.at(later):
        second = take_template(made, "form", form("{{ 单位 }}", "{{ 标题 }}"), "新样.docx", **act)
    names = ("region", "programme", "title", "paper", "placeholders", "taken_by", "ended_at")
    base = (house.root.region_id, made.pk, None, "form")
    assert some(first, *names) == (*base, ["单位"], house.office.pk, later)
    assert some(second, *names) == (*base, second.placeholders, house.office.pk, None)
    assert set(second.placeholders) == {"单位", "标题"}
    assert (files(second), second.attachment.name) == (["新样.docx"], "新样.docx")
    about = {"name": "新样.docx", "sha256": second.attachment.file.sha256, "of": str(made)}
    assert kept(second) == [("take", house.office.pk, later, "", "", about)]
    assert [fields(one) for one in rest] == untouched
    assert (template_of(made, "form"), template_of(other, "form")) == (second, rest[1])
    assert list(templates_given(made, "form")) == [second, first]
    assert list(templates_given(made.title, "form")) == [rest[2]]
    with clock.at(later):
        drop_template(second, **act)
    assert (some(second, "ended_at"), kept(second)[-1][:3]) == ((later,), ("drop", house.office.pk, later))
    assert (template_of(made, "form"), template_of(made, "review")) == (rest[2], None)
    assert said(drop_template, second, error=Conflict, **act) == (
        "This template is used no more already. Open the page again."
    )
    assert [fields(one) for one in rest] == untouched
    for who in (lambda: drop_template(rest[0], actor=house.liaison),
                lambda: take_template(made, "form", b"", "x", actor=house.liaison)):  # fmt: skip
        with pytest.raises(PermissionDenied):
            who()
    families = make_call(with_families(house))
    for of in (families, families.title):
        assert said(take_template, of, "form", form("x"), "x.docx", **act) == (
            "Papers about families have one form alone. It holds what is kept of them, and no place for more."
        )
    assert FormTemplate.objects.count() == 5
    with clock.at(later + timedelta(hours=1)):
        take_template(made, "form", form("{{ 单位 }}"), "三.docx", **act)
    assert [some(one, "ended_at") for one in (first, second)] == [(later,), (later,)]  # each ended when it did
    drop_template(template_of(made, "form"), **act)
    drop_template(rest[2], actor=None)
    assert template_of(made, "form") is None
    with patch.object(QuerySet, "update", return_value=0):  # as if the other's were there since this moment
        words = said(take_template, other, "form", form("{{ 单位 }}"), "x.docx", actor=None, error=Conflict)
    assert words == "Somebody else took a template for this paper just now. Look at that one first."
    assert take_template(other, "review", form("{{ 单位 }}"), "x.docx", actor=None).taken_by is None


def test_applications_for_papers_are_those_of_the_programme_that_still_count(house):
    made, other = make_programme(house), make_programme(house, "county")
    units = [house.bureau, house.other, *(make_unit(house.root) for _ in range(3))]
    rows = [begin_application(made, unit, actor=None) for unit in units]
    elsewhere = begin_application(other, house.bureau, actor=None)
    states = ("submitted", "withdrawn", "draft", "awarded", "reviewed")
    for row, state, score in zip(rows, states, (None, 99, 98, 90, 95), strict=True):
        Application.objects.filter(pk=row.pk).update(state=state, score=score)
    assert list(applications_to_try(made)) == [rows[4], rows[3], rows[2], rows[0]]
    assert list(applications_to_try(made.title)) == [rows[4], rows[3], rows[2], rows[0]]
    assert list(applications_to_try(other.title)) == [elsewhere]
    assert {row.pk for row in handed_in(made)} == {rows[0].pk, rows[3].pk, rows[4].pk}
    assert [row.pk for row in handed_in(made) if row.score] == [rows[4].pk, rows[3].pk]


def told_line(points, basis="自查"):
    return LineTold(None if points is None else Decimal(points), basis)


def test_lines_keep_every_column_and_those_of_another_application_stay(house):
    version = publish(house)
    for unit in (house.bureau, house.other):
        make_dossier(version, unit, "1.1", 1, 2)
    programme, liaison, office = make_programme(house), house.liaison, house.office
    made, beside = (begin_application(programme, unit, actor=office) for unit in (house.bureau, house.other))
    whole = {"1.1": told_line(30), "2.1": told_line(40), "P1": told_line(5), "N1": told_line(0)}
    save_lines(beside, whole, {}, actor=office)
    untouched = [fields(beside), *(fields(one) for one in SelfLine.objects.order_by("pk"))]
    saved = save_lines(made, {"1.1": told_line(30, PART), "P1": told_line(None, f" {'证' * 201} ")},
                       {}, actor=liaison, self_report=" 全文 ")  # fmt: skip
    assert (saved.revisions, saved.clashes) == ({"1.1": 1, "P1": 1, "report": 1}, {})
    names = ("region", "node", "points", "basis", "taken", "taken_basis", "revision", "written_by")
    first, extra = (SelfLine.objects.get(application=made, code=code) for code in ("1.1", "P1"))
    assert some(first, *names) == (
        house.root.region_id, version.nodes.get(code="1.1").pk, Decimal(30), PART, Decimal(30), PART, 1,
        liaison.pk,
    )  # fmt: skip
    assert some(extra, *names) == (
        house.root.region_id, None, None, "证" * 200, Decimal(0), "", 1,
        liaison.pk,
    )  # fmt: skip
    lines = {"1.1": "30", "P1": None}
    assert audited("honors.application.write", made)[-1] == (
        str(liaison.pk), str(made.pk), {"lines": lines, "by_itself": True, "on_behalf": ""},
    )  # fmt: skip
    other = make_user(Role.LIAISON, house.bureau)
    with clock.at(NOW + timedelta(hours=1)):
        again = save_lines(made, {"1.1": told_line(20), "P1": told_line(None, extra.basis)}, {"1.1": 1, "P1": 0},
                           actor=other)  # fmt: skip
    assert again.revisions == {"1.1": 2, "P1": 1}
    assert some(first, "points", "basis", "revision", "written_by", "updated_at") == (
        Decimal(20), "自查", 2, other.pk, NOW + timedelta(hours=1),
    )  # fmt: skip
    late = save_lines(made, {"1.1": told_line(10), "2.1": told_line(7)}, {"1.1": 1, "report": 0}, actor=liaison,
                      self_report="别的")  # fmt: skip
    assert late.revisions == {"2.1": 1}
    clash = late.clashes["1.1"]
    assert (clash.points, clash.basis, clash.revision) == (Decimal(20), "自查", 2)
    assert clash.words == f"{other} changed it at 18 Nov, 11:00: points 20, “自查”."
    assert (late.clashes["report"].words, late.clashes["report"].basis, late.clashes["report"].revision) == (
        "Somebody else has written here: “全文”", "全文", 1,
    )  # fmt: skip
    assert audited("honors.application.write", made)[-1][2]["lines"] == {"2.1": "7"}
    with pytest.raises(Clashed) as refused:
        write_application(made, self_report="全文", lines={"1.1": told_line(1)}, seen={"1.1": 1}, actor=liaison)
    assert str(refused.value) == (
        "Somebody else changed what you have written; nothing of theirs is overwritten unseen. "
        "Look at the marked lines. Saving again keeps what you wrote."
    )
    assert list(refused.value.clashes) == ["1.1"]
    words = said(save_lines, made, {"1.1": told_line(61), "9.9": told_line(1)}, {}, actor=liaison)
    assert words == (
        "The points of 1.1, 9.9 are not among those that the standard gives. "
        "Give a number from nought to the points of the line."
    )
    assert [fields(beside), *(fields(one) for one in SelfLine.objects.filter(application=beside).order_by("pk"))] == (
        untouched
    )
    _writes_all_at_once(made, whole, office)


def _writes_all_at_once(made, whole, office):
    write_application(made, self_report="全文", lines=whole, actor=office)
    assert (made.self_score, some(made, "self_score")) == (Decimal(75), (Decimal(75),))
    found = audited("honors.application.write", made)[-1][2]
    assert found == {"self_score": "75.00", "lines": {"1.1": "30", "2.1": "40", "P1": "5", "N1": "0"},
                     "on_behalf": "市水利局"}  # fmt: skip
    SelfLine.objects.filter(application=made).delete()
    with patch.object(QuerySet, "bulk_create", side_effect=IntegrityError):
        words = said(save_lines, made, whole, {}, actor=office, error=Conflict)
    assert words == "Somebody else writes the same lines just now. Save again."
    assert said(write_application, made, self_report="x", actor=office) == (
        "The self-assessment of this programme is written criterion by criterion. Open the application again."
    )


def test_ledger_is_taken_anew_in_the_named_lines_or_in_those_nobody_touched(house):
    version = publish(house)
    dossier = make_dossier(version, house.bureau, "1.1", 1, 2)
    programme, office = make_programme(house), house.office
    made = begin_application(programme, house.bureau, actor=office)
    lines = {"1.1": told_line(30, "Dossier in part, 1 of 2"), "2.1": told_line(40), "P1": told_line(0),
             "N1": told_line(0)}  # fmt: skip
    write_application(made, self_report="", lines=lines, actor=office)
    untouched = [fields(one) for one in SelfLine.objects.exclude(code="1.1").order_by("pk")]
    assert refresh_lines(made, None, actor=office) == 0
    type(dossier).objects.filter(pk=dossier.pk).update(slots_filled=2)
    with clock.at(NOW + timedelta(hours=1)):
        assert refresh_lines(made, None, actor=office) == 1
    row = SelfLine.objects.get(code="1.1")
    full = "Dossier complete, 2 of 2"
    assert some(row, "points", "basis", "taken", "taken_basis", "revision", "written_by", "updated_at") == (
        Decimal(60), full, Decimal(60), full, 2, office.pk, NOW + timedelta(hours=1),
    )  # fmt: skip
    assert audited("honors.application.refresh", made)[-1] == (
        str(office.pk), str(made.pk), {"lines": {"1.1": ["30.00", "60.00"]}, "on_behalf": "市水利局"},
    )  # fmt: skip
    assert some(made, "self_score") == (Decimal(100),)
    assert write_and_refresh(made, {"1.1"}, self_report="新", lines={"1.1": told_line(5, "手写")}, actor=office) == 1
    assert some(row, "points", "revision") == (Decimal(60), 4)
    assert some(made, "self_report", "self_score") == ("新", Decimal(100))
    save_lines(made, {"1.1": told_line(5, "手写")}, {}, actor=office)
    assert refresh_lines(made, None, actor=office) == 0
    assert refresh_lines(made, set(), actor=office) == 0
    assert refresh_lines(made, {"2.1"}, actor=office) == 0  # no dossier speaks of it
    assert [fields(one) for one in SelfLine.objects.exclude(code="1.1").order_by("pk")] == untouched
    plain = begin_application(make_programme(house, "county", standard=None), house.bureau, actor=office)
    Programme.objects.filter(pk=plain.programme_id).update(standard=None)
    plain = Application.objects.get(pk=plain.pk)
    assert said(save_lines, plain, {}, {}, actor=office) == (
        "The self-assessment of this programme is one number. Open the application again."
    )
