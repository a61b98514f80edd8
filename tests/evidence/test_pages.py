"""The ledger's pages: who sees what, giving and reviewing on screen, lists, what typed words become."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.accounts.roles import Role
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.evidence.services import return_dossier
from chuangwen.workflow.models import Step
from tests.evidence.making import PDF, Ledger, photo
from tests.support.factories import make_root, make_task, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def page(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return str(answer.content.decode())


def said(answer: Any) -> list[str]:
    """The messages that the next page shows."""
    return [str(one) for one in answer.wsgi_request._messages]


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_list_shows_what_waits_for_whom(ledger: Ledger, sign_in: Any) -> None:
    ledger.submitted("1.1")
    open_ = ledger.dossier("1.2")
    assert "志愿服务常态开展" in (shown := page(sign_in(ledger.office), "/dossiers/"))
    assert "身边好人选树" not in shown
    shown = page(sign_in(ledger.liaison), "/dossiers/")
    assert f'href="/dossiers/{open_.pk}/"' in shown
    assert "志愿服务常态开展" not in shown
    assert "这里还没有档案" in page(sign_in(ledger.stranger), "/dossiers/?tab=all")


def test_strangers_and_other_regions_find_nothing(ledger: Ledger, sign_in: Any) -> None:
    dossier = ledger.filled("1.1")
    piece = Piece.objects.get(kind="document")
    elsewhere = make_user(Role.OFFICE, make_root())
    for person in (ledger.stranger, elsewhere):
        client = sign_in(person)
        for address in (f"{dossier.pk}/", f"{dossier.pk}/write/", f"pieces/{piece.pk}/", f"pieces/{piece.pk}/edit/",
                        f"pieces/{piece.pk}/pages/1.jpg", f"units/{ledger.unit.pk}/"):  # fmt: skip
            page(client, f"/dossiers/{address}", 404)
        assert client.post(f"/dossiers/{dossier.pk}/give/", {"slot": "图"}).status_code == 404
    client = sign_in(ledger.leader)
    assert client.post(f"/dossiers/{dossier.pk}/use/", {"slot": "图"}).status_code == 403


def test_time_that_counts_names_the_years_where_they_differ(ledger: Ledger, sign_in: Any) -> None:
    shown = page(sign_in(ledger.liaison), f"/dossiers/{ledger.dossier('1.1').pk}/")
    assert "文件，2025年1月1日—2026年12月31日" in shown
    assert "照片，1月1日—12月31日" in shown


def test_many_files_are_given_at_once_and_each_is_told(ledger: Ledger, sign_in: Any) -> None:
    dossier, client = ledger.dossier("1.1"), sign_in(ledger.liaison)
    sent = {"slot": "图", "files": [file("2026-03-01 植树.jpg", photo(1)), file("2026-04-01 清河.jpg", photo(2))]}
    answer = client.post(f"/dossiers/{dossier.pk}/give/", sent)
    assert (answer["Location"], said(answer)) == (f"/dossiers/{dossier.pk}/#slot-2", ["已交2个文件。"])
    again = {"slot": "图", "files": [file("又一次.jpg", photo(1)), file("方案.pdf", PDF)]}
    told = said(client.post(f"/dossiers/{dossier.pk}/give/", again))[1:]  # the first is still there
    assert len(told) == 2
    assert "“又一次.jpg”：“植树”已在这一栏" in told[0]
    assert "“方案.pdf”：“图”要的是：照片" in told[1]
    shown = page(client, f"/dossiers/{dossier.pk}/")
    assert "2/2" in shown
    assert shown.count("cw-thumb--big") == 2


def test_offered_piece_is_used_with_one_click_and_any_other_is_looked_up(ledger: Ledger, sign_in: Any) -> None:
    ledger.filled("1.1", year=2025)
    now, client = ledger.dossier("1.1"), sign_in(ledger.liaison)
    shown = page(client, f"/dossiers/{now.pk}/")
    assert "可能已经有了" in shown
    piece = Piece.objects.get(kind="document")
    assert f'name="piece" value="#{piece.pk}"' in shown
    sent = client.post(f"/dossiers/{now.pk}/use/", {"slot": "文", "piece": f"#{piece.pk}"})
    assert (sent.status_code, now.links.get().piece) == (302, piece)
    photo_ = Piece.objects.filter(kind="photo").first()
    assert 'data-pick=""' in page(client, f"/dossiers/{now.pk}/use/?slot=图")
    client.post(f"/dossiers/{now.pk}/use/", {"slot": "图", "piece": photo_.title})
    assert now.links.filter(slot="图", piece=photo_).exists()
    wrong = client.post(f"/dossiers/{now.pk}/use/", {"slot": "图", "piece": f"#{piece.pk}"})
    assert wrong.status_code == 422  # a document is no photo


def test_example_is_written_on_one_page_for_its_three_slots(ledger: Ledger, sign_in: Any) -> None:
    dossier, client = ledger.dossier("1.2"), sign_in(ledger.liaison)
    address = f"/dossiers/{dossier.pk}/write/?slot=事"
    shown = page(client, address)
    assert [name for name in ("person", "deed", "spirit", "text") if f'name="{name}"' in shown] == [
        "person", "deed", "spirit",
    ]  # fmt: skip
    long = client.post(address, {"person": "张兰", "deed": "长" * 61, "spirit": "守望"})
    assert (long.status_code, "长" * 61 in long.content.decode()) == (422, True)
    client.post(address, {"person": "张兰", "deed": "十年如一日", "spirit": "守望", "title": "身边好人张兰"})
    assert sorted(dossier.links.values_list("slot", flat=True)) == ["事", "人", "精神"]
    assert Piece.objects.get().title == "身边好人张兰"


def test_passage_is_named_and_a_piece_taken_out_on_its_page(ledger: Ledger, sign_in: Any) -> None:
    dossier, client = ledger.filled("1.1"), sign_in(ledger.liaison)
    link = dossier.links.get(slot="文")
    address = f"/dossiers/{dossier.pk}/links/{link.pk}/"
    client.post(address, {"passage": "第3页第2段"})
    assert "第3页第2段" in page(client, f"/dossiers/{dossier.pk}/")
    client.post(address, {"drop": "1"})
    assert not Link.objects.filter(pk=link.pk).exists()
    page(client, address, 404)


def test_unit_hands_in_reads_the_reason_and_hands_in_again(ledger: Ledger, sign_in: Any) -> None:
    dossier, client = ledger.filled("1.1"), sign_in(ledger.liaison)
    address = f"/dossiers/{dossier.pk}/"
    assert 'name="note"' not in page(client, f"{address}submit/")
    assert client.post(f"{address}submit/", {"conclusion": ""}).status_code == 422
    assert client.post(f"{address}submit/", {"conclusion": "全年12次"})["Location"] == address
    assert "撤回" in page(client, address)
    assert client.get(f"{address}submit/")["Location"] == address
    return_dossier(ledger.read(dossier), reason="缺一次活动的照片", revision=2, actor=ledger.office)
    shown = page(client, address)
    assert "退回原因：缺一次活动的照片" in shown
    client.post(f"{address}submit/", {"conclusion": "补上了"})
    assert Dossier.objects.get().revision == 3


def test_office_goes_through_the_queue_by_grades_and_reasons(ledger: Ledger, sign_in: Any) -> None:
    first, second = ledger.submitted("1.1"), ledger.submitted("1.2")
    client = sign_in(ledger.office)
    address = client.get("/dossiers/review/")["Location"]
    assert address == f"/dossiers/{first.pk}/review/"
    shown = page(client, address)
    assert f'href="/dossiers/{second.pk}/review/"' in shown
    assert re.findall(r'name="result" value="(\w)"', shown) == ["A", "B", "C", "D"]
    for sent in ({"act": "accept"}, {"act": "return"}, {"act": "else"}):
        assert client.post(address, {"revision": 2, **sent}).status_code == 422
    answer = client.post(address, {"revision": 2, "act": "accept", "result": "B"})
    assert answer["Location"] == f"/dossiers/{second.pk}/review/"
    client.post(answer["Location"], {"revision": 2, "act": "return", "reason": "看不清"})
    assert list(Dossier.objects.order_by("pk").values_list("state", "grade")) == [("accepted", "B"), ("returned", "")]
    assert "没有等您审的档案" in page(client, "/dossiers/review/")


def test_leader_approves_and_the_office_enters_a_signed_sheet(ledger: Ledger, sign_in: Any) -> None:
    first, second = ledger.accepted("1.1"), ledger.accepted("1.2")
    client = sign_in(ledger.leader)
    assert client.get("/dossiers/review/")["Location"] == f"/dossiers/{first.pk}/review/"
    client.post(f"/dossiers/{first.pk}/review/", {"revision": 2, "act": "approve"})
    client = sign_in(ledger.office_too)
    address = f"/dossiers/{second.pk}/review/"
    sheet = {"revision": 2, "act": "approve", "on_behalf": "组长李明"}
    assert client.post(address, sheet).status_code == 422
    client.post(address, sheet | {"scan": file("签字页.jpg", photo(4))})
    assert set(Dossier.objects.values_list("state", flat=True)) == {"approved"}
    assert "签字页.jpg" in page(client, f"/dossiers/{second.pk}/")
    assert "由另一人" in page(sign_in(ledger.office), f"/dossiers/{ledger.accepted('1.1', year=2025).pk}/review/")


def test_leader_approves_many_at_once_but_each_by_its_rules(ledger: Ledger, sign_in: Any) -> None:
    both = [ledger.accepted("1.1"), ledger.accepted("1.2")]
    client, address = sign_in(ledger.leader), "/dossiers/?tab=accepted"
    chosen = {"bulk": "approve", "id": [one.pk for one in both], "sure": "1"}
    client.post(address, chosen)
    assert list(Dossier.objects.values_list("state", flat=True)) == ["approved", "approved"]
    assert Step.objects.filter(action="approve", actor_id=ledger.leader.pk).count() == 2


def test_unit_hands_in_all_that_is_complete_with_what_its_own_words_say(ledger: Ledger, sign_in: Any) -> None:
    told, example, thin = ledger.filled("1.1"), ledger.filled("1.2"), ledger.dossier("1.4")
    assert "hand-in" not in page(sign_in(ledger.office), "/dossiers/?tab=all")
    client = sign_in(ledger.liaison)
    assert "服务时长翻番</textarea>" in page(client, f"/dossiers/{told.pk}/submit/")
    assert "hand-in" in page(client, "/dossiers/")
    answer = client.post("/dossiers/", {"bulk": "hand-in", "select_all": "1", "sure": "1"})
    rows = dict(Dossier.objects.values_list("pk", "conclusion"))
    assert rows == {told.pk: "服务时长翻番", example.pk: "十年照看独居老人", thin.pk: ""}
    states = dict(Dossier.objects.values_list("pk", "state"))
    assert states == {told.pk: "submitted", example.pk: "submitted", thin.pk: "open"}
    assert any("结论" in one for one in said(answer))


def test_office_reminds_and_moves_the_day_of_all_that_a_filter_matches(ledger: Ledger, sign_in: Any) -> None:
    ledger.dossier("1.1")
    ledger.dossier("1.2")
    client, address = sign_in(ledger.office), "/dossiers/?tab=missing"
    client.post(address, {"bulk": "remind", "select_all": "1"})
    assert Step.objects.filter(action="remind").count() == 2
    sent = {"bulk": "due", "select_all": "1", "sure": "1", "due_on": "2026-12-18", "reason": "测评推迟"}
    client.post(address, sent)
    assert {str(day) for day in Dossier.objects.values_list("due_on", flat=True)} == {"2026-12-18"}


def test_dossiers_are_opened_for_units_named_or_right_below(ledger: Ledger, sign_in: Any) -> None:
    client = sign_in(ledger.office)
    sent = {"whom": "chosen", "units": "市档案局", "year": 2026, "due_on": "2026-12-10"}
    assert client.post("/dossiers/open/", sent | {"units": ""}).status_code == 422
    assert client.post("/dossiers/open/", sent)["Location"] == "/dossiers/completeness/?year=2026"
    assert set(Dossier.objects.values_list("unit__name", flat=True)) == {"市档案局"}
    client.post("/dossiers/open/", sent | {"whom": "below", "units": ""})
    assert Dossier.objects.filter(unit=ledger.other).count() == 3
    page(sign_in(ledger.liaison), "/dossiers/open/", 403)


def test_matrix_page_leads_to_each_dossier_and_to_each_units_list(ledger: Ledger, sign_in: Any) -> None:
    dossier = ledger.dossier("1.1")
    shown = page(sign_in(ledger.office), "/dossiers/completeness/")
    assert f'href="../{dossier.pk}/"' in shown
    assert f"unit={ledger.unit.pk}" in shown
    assert "1份档案中已齐0份，0%" in shown
    assert "还没有建档" in page(sign_in(ledger.office), "/dossiers/completeness/?year=2024")
    for odd in ("?after=%00", "?section=99999999999999999999", "?show=x", "?year=20268", "?unit=x"):
        page(sign_in(ledger.office), f"/dossiers/completeness/{odd}")


def test_piece_page_shows_its_content_and_where_it_counts(ledger: Ledger, sign_in: Any) -> None:
    dossier, client = ledger.filled("1.1"), sign_in(ledger.liaison)
    paper = Piece.objects.get(kind="document")
    shown = page(client, f"/dossiers/pieces/{paper.pk}/")
    assert f'src="/dossiers/pieces/{paper.pk}/pages/1.jpg"' in shown
    assert client.get(f"/dossiers/pieces/{paper.pk}/pages/1.jpg")["Content-Type"] == "image/jpeg"
    page(client, f"/dossiers/pieces/{paper.pk}/pages/2.jpg", 404)
    assert f'href="/dossiers/{dossier.pk}/"' in shown
    client.post(f"/dossiers/pieces/{paper.pk}/edit/", {"title": "新名称", "dated_on": "2026-01-05"})
    assert Piece.objects.get(pk=paper.pk).title == "新名称"
    assert "还在档案里" in said(client.post(f"/dossiers/pieces/{paper.pk}/drop/"))[-1]


def test_pieces_are_found_in_their_list_and_from_anywhere(ledger: Ledger, sign_in: Any) -> None:
    ledger.filled("1.1")
    client = sign_in(ledger.liaison)
    assert "志愿服务方案" in page(client, "/dossiers/pieces/?q=志愿")
    assert "志愿服务方案" in page(client, "/find/?q=志愿服务方案")
    assert "/dossiers/pieces/" not in page(sign_in(ledger.stranger), "/find/?q=志愿服务方案")


def test_desk_unit_and_task_tell_of_the_ledger(ledger: Ledger, sign_in: Any) -> None:
    dossier = ledger.dossier("1.1")
    ledger.submitted("1.2")
    task = make_task(ledger.unit, campaign=ledger.campaign, node=dossier.node)
    assert "1份档案待评等次" in page(sign_in(ledger.office), "/desk/")
    assert "1份档案还没齐" in page(sign_in(ledger.liaison), "/desk/")
    for address in (f"/units/{ledger.unit.pk}/", f"/tasks/{task.pk}/"):
        assert f'href="/dossiers/{dossier.pk}/"' in page(sign_in(ledger.office), address)
    ledger.accepted("1.1", year=2025)
    assert "1份档案待审定" in page(sign_in(ledger.leader), "/desk/")


def test_submission_table_is_offered_as_excel_word_and_package(ledger: Ledger, sign_in: Any) -> None:
    ledger.submitted("1.1")
    client, address = sign_in(ledger.liaison), f"/dossiers/units/{ledger.unit.pk}/?year=2026"
    assert "(Ⅰ-1)-①" in page(client, address)
    for form, start in (("xlsx", b"PK"), ("docx", b"PK")):
        assert client.get(f"{address}&format={form}").content[:2] == start
    answer = client.post(f"/dossiers/units/{ledger.unit.pk}/package/?year=2026")
    assert answer["Location"].startswith("/jobs/")
