"""The screens of entered results: forms that keep what was typed, steps, lists, and who may open them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.models import Attachment
from chuangwen.inspections.models import EnteredResult, Observation
from chuangwen.inspections.services.results import return_result
from tests.inspections.results_making import Judging, make_judging
from tests.support.factories import NOON, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def judging() -> Any:
    with clock.at(NOON):
        yield make_judging()


def at(name: str, *args: Any) -> str:
    return reverse(f"inspections:{name}", args=args)


def filled(judging: Judging, **fields: Any) -> dict[str, Any]:
    paper = SimpleUploadedFile("评分表.txt", "评分表".encode())
    values = {"source": "抽查12份", "judged_by": "王评", "judged_on": "2026-11-18", "unit": "", "paper": paper}
    return {key: value for key, value in {**values, **fields}.items() if value is not None}


def enter_at(judging: Judging, code: str) -> str:
    return at("result_enter", judging.round.pk, judging.leaf(code).pk)


def test_each_form_asks_for_what_its_rule_wants_and_nothing_else(judging: Judging, sign_in: Any) -> None:
    client = sign_in(judging.first)
    wanted = {
        "2.1": {"grade", "value"}, "2.2": {"value", "weight"}, "2.3": {"value"}, "2.4": {"value"},
        "2.6": {"grade", "value"},
    }  # fmt: skip
    for code, names in wanted.items():
        form = client.get(enter_at(judging, code)).context["form"]
        assert set(form.fields) & {"grade", "value", "weight", "reason", "same"} == names
        assert form.initial["judged_by"] == str(judging.first)
    page = client.get(enter_at(judging, "2.2")).content.decode()
    assert "达标率60%得0分，95%得满分" in page


@pytest.mark.parametrize(
    ("code", "fields", "wanted"),
    [
        ("2.1", {"grade": "B"}, ("B", 0.75, 1.0)), ("2.1", {"value": "86.4"}, ("", 0.864, 1.0)),
        ("2.2", {"value": "81", "weight": "600"}, ("", 0.81, 600.0)), ("2.3", {"value": "88"}, ("", 88.0, 1.0)),
        ("2.4", {"value": "9"}, ("", 9.0, 1.0)), ("2.2", {"not_applicable": "on"}, ("", None, 1.0)),
    ],
)  # fmt: skip
def test_what_is_typed_is_kept_in_the_measure_of_the_rule(
    judging: Judging, sign_in: Any, code: str, fields: dict[str, str], wanted: tuple[Any, ...]
) -> None:
    done = sign_in(judging.first).post(enter_at(judging, code), filled(judging, unit="市城管局", **fields))
    assert done.status_code == 302
    made = EnteredResult.objects.get()
    value = None if made.value is None else round(made.value, 12)
    assert (made.grade, value, made.weight) == wanted
    assert (made.unit, made.judged_by, made.state) == (judging.bureau, "王评", "entered")
    assert Attachment.objects.get(owner_id=made.pk).name == "评分表.txt"


@pytest.mark.parametrize(
    ("code", "fields", "field"),
    [
        ("2.1", {}, "__all__"), ("2.1", {"grade": "C"}, "grade"), ("2.1", {"grade": "A", "value": "9"}, "value"),
        ("2.1", {"grade": "A", "paper": None}, "paper"), ("2.1", {"grade": "A", "unit": "没有的局"}, "unit"),
        ("2.1", {"grade": "A", "source": ""}, "source"), ("2.1", {"grade": "A", "source": "长" * 301}, "source"),
        ("2.1", {"grade": "A", "judged_on": "2026-13-01"}, "judged_on"),
        ("2.1", {"grade": "A", "judged_on": "2026-11-19"}, "__all__"), ("2.1", {"value": "101"}, "__all__"),
        ("2.1", {"value": "nan"}, "value"), ("2.2", {"value": "81"}, "weight"),
        ("2.2", {"value": "81", "weight": "0"}, "weight"), ("2.4", {"value": "1.5"}, "__all__"),
        ("2.1", {"grade": "A", "paper": SimpleUploadedFile("x.exe", b"MZ\x90\x00")}, "__all__"),
        ("2.1", {"grade": "A", "judged_by": "x" * 61}, "judged_by"),
    ],
)  # fmt: skip
def test_wrong_input_is_told_beside_its_field_and_what_was_typed_stays(
    judging: Judging, sign_in: Any, code: str, fields: dict[str, Any], field: str
) -> None:
    answer = sign_in(judging.first).post(enter_at(judging, code), filled(judging, **fields))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert fields.get("source", "抽查12份") in answer.content.decode()
    assert not EnteredResult.objects.exists()


def test_a_paper_given_once_is_offered_again_once(judging: Judging, sign_in: Any) -> None:
    client = sign_in(judging.first)
    client.post(enter_at(judging, "2.1"), filled(judging, grade="A"))
    client.post(enter_at(judging, "2.3"), filled(judging, value="88"))
    offered = client.get(enter_at(judging, "2.4")).context["form"].fields["same"].queryset
    assert len(offered) == 1
    client.post(enter_at(judging, "2.4"), filled(judging, value="3", paper=None, same=offered[0].pk))
    made = EnteredResult.objects.get(code="2.4")
    assert Attachment.objects.get(owner_id=made.pk).file == offered[0].file
    other = make_judging()
    form = sign_in(other.first).get(enter_at(other, "2.1")).context["form"]
    assert "same" not in form.fields


def test_a_bonus_needs_points_and_a_veto_none(judging: Judging, sign_in: Any) -> None:
    client = sign_in(judging.first)
    url = at("result_event", judging.round.pk)
    page = client.get(url).content.decode()
    assert "P1 上级推广(最多2分)" in page
    wrong = client.post(url, filled(judging, what="bonus:P1"))
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["value"])
    assert client.post(url, filled(judging, what="bonus:V1", value="1")).status_code == 422
    assert client.post(url, filled(judging, what="bonus:P1", value="1.5")).status_code == 302
    assert client.post(url, filled(judging, what="veto:V1", value="9")).status_code == 302
    made = EnteredResult.objects.order_by("pk").values_list("kind", "code", "value")
    assert list(made) == [("bonus", "P1", 1.5), ("veto", "V1", 1.0)]


def test_a_result_is_confirmed_by_the_second_person_on_its_page(judging: Judging, sign_in: Any) -> None:
    made = judging.entered()
    own = sign_in(judging.first).get(at("result", made.uid)).content.decode()
    assert "由第二个人复核" in own
    assert at("result_step", made.uid, "confirm") not in own
    client = sign_in(judging.second)
    assert at("result_step", made.uid, "confirm") in client.get(at("result", made.uid)).content.decode()
    client.post(at("result_step", made.uid, "confirm"), {"revision": "1"})
    assert Observation.objects.get().value == 0.75
    after = client.get(at("result", made.uid)).content.decode()
    assert at("result_step", made.uid, "confirm") not in after
    assert str(judging.second) in after


def test_a_stale_page_confirms_nothing_and_says_so(judging: Judging, sign_in: Any) -> None:
    made = judging.entered()
    EnteredResult.objects.update(revision=2)
    answer = sign_in(judging.second).post(at("result_step", made.uid, "confirm"), {"revision": "1"}, follow=True)
    assert "刚才已经被别人办理了" in answer.content.decode()
    assert EnteredResult.objects.get().state == "entered"


@pytest.mark.parametrize("data", [{}, {"revision": "x"}, {"revision": "-1"}, {"revision": "1" * 30}])
def test_steps_without_a_revision_are_not_there(judging: Judging, sign_in: Any, data: dict[str, str]) -> None:
    made = judging.entered()
    client = sign_in(judging.second)
    assert client.post(at("result_step", made.uid, "confirm"), data).status_code == 404
    assert client.post(at("result_step", made.uid, "enter"), {"revision": "1"}).status_code == 404
    assert client.get(at("result_step", made.uid, "confirm")).status_code == 405
    assert EnteredResult.objects.get().state == "entered"


def test_a_correction_shows_what_stands_and_wants_a_reason(judging: Judging, sign_in: Any) -> None:
    made = judging.confirmed("2.2", unit=judging.bureau)
    client = sign_in(judging.first)
    url = at("result_correct", made.uid)
    form = client.get(url).context["form"]
    assert (form.initial["value"], form.initial["weight"], form.initial["unit"]) == (81.0, 600, "市城管局")
    values = filled(judging, value="79", weight="640", revision="1", paper=None)
    wrong = client.post(url, values)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["reason"])
    assert client.post(url, values | {"reason": "答卷重复"}).status_code == 302
    made.refresh_from_db()
    assert (round(made.value or 0, 9), made.weight, made.state, made.revision) == (0.79, 640.0, "entered", 2)
    page = client.get(at("result", made.uid)).content.decode()
    assert "答卷重复" in page
    assert "600.0 → 640.0" in page


def test_a_result_is_returned_and_withdrawn_with_a_reason(judging: Judging, sign_in: Any) -> None:
    made = judging.entered()
    client = sign_in(judging.second)
    client.post(at("result_step", made.uid, "return"), {"revision": "1", "reason": ""})
    assert EnteredResult.objects.get().state == "entered"
    client.post(at("result_step", made.uid, "return"), {"revision": "1", "reason": "缺页"})
    assert EnteredResult.objects.get().state == "returned"
    client.post(at("result_step", made.uid, "withdraw"), {"revision": "1", "reason": "重复"})
    assert EnteredResult.objects.get().state == "withdrawn"


def _states(client: Any, judging: Judging, query: str = "") -> dict[str, str]:
    rows = client.get(at("results", judging.round.pk) + query).context["listing"].slice.rows
    from chuangwen.inspections.views.result_lists import _known

    return {row.code: _known(row)[1] for row in rows}


def test_the_sheet_says_of_every_criterion_what_is_known(judging: Judging, sign_in: Any) -> None:
    judging.entered("2.1")
    judging.confirmed("2.3")
    judging.confirmed("2.4", unit=judging.bureau)
    judging.entered("2.4")
    Observation.objects.create(
        region=judging.root.region, round=judging.round, version=judging.version, code="1.1", value=1
    )
    client = sign_in(judging.first)
    assert _states(client, judging) == {
        "1.1": "已考察", "1.2": "尚未测评", "2.1": "待复核", "2.2": "尚未测评", "2.3": "已计分", "2.4": "待复核",
        "2.5": "尚未测评", "2.6": "尚未测评",
    }  # fmt: skip
    assert set(_states(client, judging, "?tab=none")) == {"1.2", "2.2", "2.5", "2.6"}
    assert set(_states(client, judging, "?tab=waiting")) == {"2.1", "2.4"}
    assert set(_states(client, judging, "?tab=counts")) == {"2.3"}
    assert set(_states(client, judging, "?tab=inspected")) == {"1.1"}
    assert set(_states(client, judging, "?method=survey")) == {"2.2"}
    assert set(_states(client, judging, "?section=1")) == {"1.1", "1.2"}
    page = client.get(at("results", judging.round.pk)).content.decode()
    assert enter_at(judging, "2.2") in page
    assert enter_at(judging, "1.1") not in page
    assert "2条结果" in page


def test_results_of_another_round_are_not_on_the_sheet(judging: Judging, sign_in: Any) -> None:
    judging.confirmed("2.1")
    other = Round.objects.create(
        region=judging.root.region, campaign=judging.round.campaign, name="另一轮", year=2026,
        starts=judging.round.starts, ends=judging.round.ends, state="running",
    )  # fmt: skip
    other.versions.set([judging.version])
    rows = sign_in(judging.first).get(at("results", other.pk)).context["listing"].slice.rows
    assert {row.results for row in rows} == {0}
    assert sign_in(judging.first).get(at("entries", other.pk) + "?tab=all").context["listing"].total == 0


def test_all_that_wait_are_confirmed_at_once_but_not_the_own_ones(judging: Judging, sign_in: Any) -> None:
    first, second = judging.entered("2.1"), judging.entered("2.3")
    judging.entered("2.4", actor=judging.second)
    client = sign_in(judging.second)
    url = at("entries", judging.round.pk)
    chosen = {"bulk": "confirm", "id": [first.pk, second.pk, EnteredResult.objects.get(code="2.4").pk]}
    assert "和佐证文件核对过" in client.post(url, chosen).content.decode()
    assert not EnteredResult.objects.filter(state="confirmed").exists()
    told = client.post(url, chosen | {"sure": "1"}, follow=True).content.decode()
    states = dict(EnteredResult.objects.values_list("code", "state"))
    assert states == {"2.1": "confirmed", "2.3": "confirmed", "2.4": "entered"}
    assert "第二个人" in told


def test_both_lists_cost_the_same_for_one_row_and_for_many(judging: Judging, sign_in: Any) -> None:
    client = sign_in(judging.first)
    counts: dict[str, list[int]] = {}
    for codes in (["2.1"], ["2.2", "2.3", "2.4"]):
        for code in codes:
            judging.entered(code, unit=judging.bureau)
        for url in (at("results", judging.round.pk), at("entries", judging.round.pk) + "?tab=all"):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.setdefault(url, []).append(len(queries))
    assert all(first == second for first, second in counts.values())


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.OFFICE, 200, 200), (Role.ASSESSOR, 200, 200), (Role.AUDITOR, 200, 403), (Role.LEADER, 200, 403),
        (Role.LIAISON, 403, 403), (Role.INSPECTOR, 403, 403), (Role.VERIFIER, 403, 403),
    ],
)  # fmt: skip
def test_who_reads_and_who_writes(judging: Judging, sign_in: Any, role: Role, reads: int, writes: int) -> None:
    made = judging.entered()
    client = sign_in(make_user(role, judging.root))
    for url in (at("results", judging.round.pk), at("entries", judging.round.pk), at("result", made.uid)):
        assert client.get(url).status_code == reads
    for url in (enter_at(judging, "2.3"), at("result_event", judging.round.pk), at("result_correct", made.uid)):
        assert client.get(url).status_code == writes
    paper = Attachment.objects.get(owner_id=made.pk)
    assert client.get(reverse("core:file", args=[paper.uid])).status_code == (200 if reads == 200 else 404)


def test_a_stranger_from_another_region_finds_nothing(judging: Judging, sign_in: Any) -> None:
    made = judging.entered()
    client = sign_in(make_judging().first)
    addresses = (
        at("results", judging.round.pk), at("entries", judging.round.pk), at("result", made.uid),
        enter_at(judging, "2.3"), at("result_event", judging.round.pk), at("result_correct", made.uid),
        reverse("core:file", args=[Attachment.objects.get(owner_id=made.pk).uid]),
    )  # fmt: skip
    assert {client.get(url).status_code for url in addresses} == {404}
    assert client.post(at("result_step", made.uid, "confirm"), {"revision": "1"}).status_code == 404


def test_leaves_of_other_standards_and_those_that_checks_feed_are_not_there(judging: Judging, sign_in: Any) -> None:
    client = sign_in(judging.first)
    elsewhere = make_judging()
    for leaf in (judging.leaf("1.1"), judging.leaf("1"), elsewhere.leaf("2.1")):
        assert client.get(at("result_enter", judging.round.pk, leaf.pk)).status_code == 404


def test_desk_leads_a_second_person_to_what_others_entered_and_the_first_to_what_came_back(sign_in, judging):
    waiting, back = judging.entered("2.1"), judging.entered("2.2")
    return_result(back, reason="与原件不符", revision=back.revision, actor=judging.second)
    second = sign_in(judging.second).get("/desk/").content.decode()
    first = sign_in(judging.first).get("/desk/").content.decode()
    address = f"/rounds/{judging.round.pk}/results/all/?tab="
    assert waiting.state == "entered"
    assert (f"{address}waiting" in second, f"{address}returned" in second) == (True, False)
    assert (f"{address}waiting" in first, f"{address}returned" in first) == (False, True)
