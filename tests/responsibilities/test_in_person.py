"""What first responsibles do in person: counted from what the ledgers hold, never ranked; visits on the spot."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Attachment
from chuangwen.directives.models import Meeting, PassingOn, Seat
from chuangwen.inspections.models import Visit
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Holding, Post
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.in_person import Ask, acts_of
from chuangwen.responsibilities.levels import period_of
from chuangwen.responsibilities.models import Instruction, LevelMark, SiteVisit
from chuangwen.responsibilities.queries.in_person import heads_of
from chuangwen.responsibilities.services import note_visit, withdraw_visit
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.workflow.queries import history_of
from tests.responsibilities.making import make_city
from tests.responsibilities.test_instructions import picture
from tests.support.factories import DAY, NOON, make_place, make_problem, make_round, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
QUARTER = period_of(DAY, 3)


@pytest.fixture
def city():
    """A bureau with its head, who has an account, and another bureau that has nobody yet."""
    made = make_city()
    bureau = made.unit("城管局")
    made.unit("住建局")
    made.head = make_user("", region=made.root.region)
    made.post = Post.objects.create(region=made.root.region, unit=bureau, kind=PostKind.FIRST, title="局长")
    Holding.objects.create(region=made.root.region, post=made.post, user=made.head, starts=date(2026, 1, 5))
    return made


def acts(city, *units, user=None, period=QUARTER):
    """By unit's name what is counted: (source, day, words)."""
    several = [city.units[name] for name in units or ("城管局",)]
    found = acts_of(Ask(city.campaign, heads_of(several), period, user or city.office))
    names = {unit.pk: unit.name for unit in several}
    return {names[pk]: [(s.key, act.day, str(act.line.text)) for s, act in told] for pk, told in found.items()}


def instruct(city, post, written=DAY, **fields):
    return Instruction.objects.create(
        region=city.root.region, campaign=city.campaign, number=f"P{Instruction.objects.count()}", post=post,
        signed_as=str(post), written_on=written, about="整治南门", content="抓紧", medium="paper", **fields,
    )  # fmt: skip


def visit(city, **fields):
    said = {"day": DAY, "found": "南门占道经营", "spot": "南门", "actor": city.office} | fields
    return note_visit(city.campaign, city.units["城管局"], **said)


def test_instructions_of_the_post_and_visits_count_for_the_unit_in_their_quarter(city):
    instruct(city, city.post)
    instruct(city, city.post, withdrawn_at=NOON)
    instruct(city, city.post, QUARTER.before.last)
    other = Post.objects.create(
        region=city.root.region, unit=city.units["住建局"], kind=PostKind.CHARGE, title="副局长"
    )
    instruct(city, other)
    visit(city, day=DAY - timedelta(days=1))
    assert acts(city, "城管局", "住建局") == {
        "城管局": [("instructions", DAY, "整治南门"), ("visits", DAY - timedelta(days=1), "南门占道经营")]
    }
    assert acts(city, period=QUARTER.before) == {"城管局": [("instructions", QUARTER.before.last, "整治南门")]}


def test_meetings_count_where_the_post_sat_or_was_in_the_chair_and_not_who_came_for_it(city):
    region, bureau = city.root.region, city.units["城管局"]

    def meeting(name, **fields):
        given = {"kind": "regular", "state": "held", "day": DAY, "planned_day": DAY} | fields
        return Meeting.objects.create(region=region, campaign=city.campaign, name=name, **given)

    for name, presence, fields in (
        ("月例会", "present", {}), ("通报会", "represented", {}), ("计划会", "present", {"state": "planned"}),
        ("局务会", "present", {"chair": "城管局局长"}),
    ):  # fmt: skip
        Seat.objects.create(
            region=region, meeting=meeting(name, **fields), unit=bureau, post=city.post, presence=presence
        )
    meeting("别局会", chair="局长")  # whose, nobody can say
    passed = meeting("部署会")
    PassingOn.objects.create(
        region=region, meeting=passed, unit=bureau, due_on=DAY, held_on=DAY, state="done", form="special"
    )
    PassingOn.objects.create(region=region, meeting=passed, unit=city.units["住建局"], due_on=DAY)
    assert sorted(acts(city, "城管局", "住建局")["城管局"]) == [
        ("attended", DAY, "月例会"), ("chaired", DAY, "局务会"), ("passed_on", DAY, "部署会"),
    ]  # fmt: skip


def test_what_the_account_signed_found_checked_and_judged_counts_while_it_headed_the_unit(city):
    region, head, bureau = city.root.region, city.head, city.units["城管局"]
    section = make_unit(bureau, name="市容科")
    notice = {"region": region, "unit": city.units["住建局"], "signer": "clerk", "state": "sent", "signed_name": "局长",
              "proposed_at": NOON, "due_at": NOON, "day": DAY, "signed_at": NOON}  # fmt: skip
    SupervisionNotice.objects.create(**notice, number="2026-0001", colour="white", signed_by=head)
    SupervisionNotice.objects.create(**notice, number="2026-0002", colour="yellow", signed_by=city.office)
    make_problem(city.units["住建局"], campaign=city.campaign, title="井盖缺失", found_by=head)
    early = make_problem(city.units["住建局"], campaign=city.campaign, title="早先的问题", found_by=head)
    Problem.objects.filter(pk=early.pk).update(found_at=clock.midnight(QUARTER.first) + timedelta(days=1))
    Visit.objects.create(
        region=region, round=make_round(city.campaign), place=make_place(name="南门市场"), inspector=head,
        planned_on=DAY, state="finished", finished_at=NOON,
    )  # fmt: skip
    LevelMark.objects.create(
        region=region, campaign=city.campaign, judge=bureau, unit=section, first=DAY, months=1, facts={},
        closes_on=DAY, judged_at=NOON, judged_by=head,
    )  # fmt: skip
    found = {"notices": "2026-0001 白单", "problems": "井盖缺失", "checked": "南门市场"}
    told = {key: words for key, _day, words in acts(city)["城管局"] if words != "早先的问题"}
    assert told == found  # of another unit's judgement the office reads nothing
    assert {key for key, *_rest in acts(city, user=city.liaison(bureau))["城管局"]} == {"marks"}
    Holding.objects.update(starts=DAY)  # the account headed the unit only from this day on
    assert [words for key, _day, words in acts(city)["城管局"] if key == "problems"] == ["井盖缺失"]
    Holding.objects.update(slot="B")  # who stands in is not the head in person
    assert acts(city) == {}


def test_visit_needs_a_place_words_and_a_day_that_has_come(city):
    place = make_place(city.units["城管局"], name="南门市场")
    made = visit(city, places=[place], spot="", photos=[])
    assert (made.number, made.seen_as, list(made.places.all())) == ("V2026-0001", "城管局 局长", [place])
    assert [step.action for step in history_of(made)] == ["note"]
    for wrong, words in (
        ({"spot": " "}, "请写清在哪里。请选择点位，或填写其他地点。"),
        ({"found": " "}, "请写清发现了什么。一句话就行。"),
        ({"day": DAY + timedelta(days=1)}, "时间还没到。请填实际发生的时间。"),
    ):
        with pytest.raises(Refusal) as told:
            visit(city, **wrong)
        assert str(told.value) == words
    with pytest.raises(Refusal, match="住建局还没有第一责任人"):
        note_visit(city.campaign, city.units["住建局"], day=DAY, found="x", spot="x", actor=city.office)
    with pytest.raises(PermissionDenied):
        visit(city, actor=city.liaison(city.units["住建局"]))
    assert SiteVisit.objects.count() == 1


def test_visit_taken_back_counts_no_longer_and_keeps_its_reason(city):
    made = visit(city, actor=city.liaison(city.units["城管局"]))
    with pytest.raises(Refusal, match="请简单写明原因。理由留在办理记录中。"):
        withdraw_visit(made, reason=" ", actor=city.office)
    withdraw_visit(made, reason="重复登记", actor=city.office)
    with pytest.raises(Refusal, match="这次到场检查已经撤回"):
        withdraw_visit(made, reason="重复登记", actor=city.office)
    assert (acts(city), history_of(made).last().note) == ({}, "重复登记")


def test_office_sees_the_units_in_the_order_of_the_tree_with_counts_that_open_the_acts(city, sign_in):
    visit(city)
    instruct(city, city.post)
    client = sign_in(city.office)
    page = client.get(reverse("responsibilities:in_person")).content.decode()
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    assert re.findall(r"in-person/units/\d+/\?period=2026Q4\">([^<]+)<", body) == ["云溪市", "城管局", "住建局"]
    assert "sort=" not in page
    unit = reverse("responsibilities:in_person_unit", args=[city.units["城管局"].pk])
    assert [f"{unit}?period=2026Q4#{work}" in body for work in ("deploy", "command", "inspect")] == [False, True, True]
    sheet = client.get(unit).content.decode()
    assert ("整治南门" in sheet, "南门占道经营" in sheet, "登记到场检查" in sheet) == (True, True, True)
    assert "南门占道经营" not in client.get(f"{unit}?period=2026Q3").content.decode()
    book = client.get(reverse("responsibilities:in_person") + "?format=xlsx")
    assert book["Content-Type"].endswith("sheet")


def test_number_of_queries_does_not_grow_with_units_or_acts(city, sign_in, django_assert_max_num_queries):
    client, url = sign_in(city.office), reverse("responsibilities:in_person")
    client.get(url)
    with django_assert_max_num_queries(60) as few:
        client.get(url)
    for number in range(3):
        unit = city.unit(f"第{number}局")
        post = Post.objects.create(region=city.root.region, unit=unit, kind=PostKind.FIRST, title="局长")
        instruct(city, post)
        visit(city, places=[make_place(unit)])
    with django_assert_max_num_queries(len(few) + 1):  # the places of all visits at once
        client.get(url)


def test_liaison_notes_a_visit_with_a_photo_and_it_becomes_a_problem_and_an_instruction(city, sign_in):
    bureau = city.units["城管局"]
    client = sign_in(city.liaison(bureau))
    assert client.get(reverse("responsibilities:in_person")).url == reverse(
        "responsibilities:in_person_unit", args=[bureau.pk]
    )
    new = reverse("responsibilities:new_site_visit", args=[bureau.pk])
    refused = client.post(new, {"day": DAY.isoformat(), "found": "占道", "spot": ""})
    assert (refused.status_code, "请写清在哪里" in refused.content.decode()) == (422, True)
    photo = SimpleUploadedFile("a.png", picture(), "image/png")
    sent = client.post(new, {"day": DAY.isoformat(), "found": "占道", "spot": "南门", "photos": [photo]})
    made = SiteVisit.objects.get()
    assert (sent.url, Attachment.objects.get().owner_id) == (
        reverse("responsibilities:site_visit", args=[made.pk]),
        made.pk,
    )
    page = client.get(sent.url).content.decode()
    register = re.search(r'href="(/problems/new/\?[^"]+)"', page)[1].replace("&amp;", "&")
    form = client.get(register).content.decode()
    assert f'value="{made.number}"' in form
    make_problem(bureau, title="占道经营", source_number=made.number)
    page = sign_in(city.office).get(sent.url).content.decode()
    assert "占道经营" in page
    office = sign_in(city.office)
    form = office.get(reverse("responsibilities:new_instruction") + f"?visit={made.pk}").content.decode()
    assert f"现场检查发现（{made.number}）：占道" in form
    instruct(city, city.post).__class__.objects.update(content=f"见{made.number}")
    assert "整治南门" in office.get(sent.url).content.decode()


def test_of_several_first_responsibles_one_is_chosen(city, sign_in):
    bureau = city.units["城管局"]
    second = Post.objects.create(region=city.root.region, unit=bureau, kind=PostKind.FIRST, title="党组书记")
    new, client = reverse("responsibilities:new_site_visit", args=[bureau.pk]), sign_in(city.office)
    sent = {"day": DAY.isoformat(), "found": "占道", "spot": "南门"}
    assert client.post(new, sent | {"post": "0"}).status_code == 422
    client.post(new, sent | {"post": second.pk})
    assert SiteVisit.objects.get().seen_as == "城管局 党组书记"


def test_stranger_reads_no_visit_and_the_other_unit_none(city, sign_in):
    made = visit(city)
    url = reverse("responsibilities:site_visit", args=[made.pk])
    assert sign_in(make_user(Role.OFFICE)).get(url).status_code == 404
    assert sign_in(city.liaison(city.units["住建局"])).get(url).status_code == 404
    other = reverse("responsibilities:in_person_unit", args=[city.units["城管局"].pk])
    assert sign_in(city.liaison(city.units["住建局"])).get(other).status_code == 404
