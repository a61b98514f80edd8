"""Open pages: what everybody sees, what nobody sees, and how they answer."""

import io
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from chuangwen.honors.models import Card, Objection
from chuangwen.inspections.sampling import read_record, verify_record
from chuangwen.public.models import PublicSite
from tests.public.making import Town, later
from tests.support.factories import make_unit

pytestmark = pytest.mark.django_db
SLIP = re.compile(r"Y\d{4}-\d{3}-[A-Z2-9]{5}-[A-Z2-9]{5}")
CELL = re.compile(r'cw-table__title">([^<]+)<')
TEXT = "十月三日该单位窗口无人值守，群众等了两个小时。"


@pytest.fixture
def town():
    return Town()


class Full:
    """A region with everything, and the addresses of all its open pages."""

    def __init__(self, town):
        self.programme = town.programme("年度评选")
        self.application = town.application(
            self.programme, self_report="自评的秘密", responsible="负责人钱某", decided_note="研究时的话"
        )
        town.application(self.programme, make_unit(town.root, name="落选的单位"), state="refused")
        self.award = town.award(state="yellow")
        Card.objects.create(region=town.region, award=self.award, reason="黄牌的缘由", decided_by="孙某",
                            issued_on=self.award.granted_on, until=self.award.granted_on)  # fmt: skip
        town.objection(self.application)
        self.release = town.release()
        town.release("proposed", town.bulletin("还没公开的通报"))
        town.bulletin("草稿里的通报", "draft")
        self.draw, self.places = town.drawn()
        self.secret, self.unseen = town.drawn("running", strict=True, commitment="c" * 64, times=10)
        code, pk = town.region.code, {"code": town.region.code, "pk": 0}
        named = {"notice": self.programme, "notice_paper": self.programme, "bulletin": self.release,
                 "word": self.release, "pdf": self.release, "draw": self.draw, "record": self.draw}  # fmt: skip
        self.pages = [
            reverse(f"public:{name}", args=[code])
            for name in ("start", "notices", "titles", "titles_export", "bulletins", "draws")
        ]
        self.pages += [reverse(f"public:{name}", kwargs=pk | {"pk": one.pk}) for name, one in named.items()]
        self.pages += [reverse("public:regions"), reverse("public:tool"), town.address(f"draws/{self.secret.pk}/")]
        self.forms = [town.address(f"notices/{self.programme.pk}/object/"), town.address("objections/")]


def test_everybody_sees_what_is_public(town, client):
    full = Full(town)
    wanted = {
        town.address(): ["年度评选", "市水利局", "十月整改通报"],
        town.address("notices/"): ["年度评选"],
        town.address(f"notices/{full.programme.pk}/"): ["市水利局", "市文明委", "市创建办", "0571-8800", "人民路1号"],
        town.address(f"notices/{full.programme.pk}/paper/"): ["市水利局", "cw-qr", "市创建办"],
        town.address("titles/"): ["市水利局", "市级文明单位", "2024年1月8日"],
        town.address(f"bulletins/{full.release.pk}/"): ["整体向好。", "城管局", "口径：按期"],
        town.address(f"draws/{full.draw.pk}/"): [full.draw.pool_sha256, "cw-note--good"],
        town.address(f"draws/{full.secret.pk}/"): [full.secret.pool_sha256, "c" * 64],
        "/public/": ["市创建办"],
    }
    for address, words in wanted.items():
        page = client.get(address)
        assert page.status_code == 200
        assert [word for word in words if word not in page.content.decode()] == []


def test_nothing_else_leaks(town):
    """Every page is read for what lies beside its rows, by a stranger and by the office signed in."""
    full = Full(town)
    elsewhere = Town()
    elsewhere.application(elsewhere.programme("别处的评选"), make_unit(elsewhere.root, name="别处的单位"))
    elsewhere.award(make_unit(elsewhere.root, name="别处的称号单位"))
    secret = ["梁志远", "自评的秘密", "钱某", "研究时的话", "落选的单位", "黄牌", "孙某", "异议的内容", "赵某某",
              "13900001111", "Y2026-007", "还没公开的通报", "草稿里的通报", "签发人", "别处",
              *(place.name for place in full.unseen), *(place.code for place in full.unseen),
              full.secret.record["randomness"], town.office.username]  # fmt: skip
    signed = Client()
    signed.force_login(town.office, backend="allauth.account.auth_backends.AuthenticationBackend")
    read = 0
    for address in (*full.pages, *full.forms):
        for client in (Client(), signed):
            answer = client.get(address)
            assert answer.status_code == 200
            text = answer.content.decode(errors="replace")
            assert [(address, word) for word in secret if word in text] == []
            read += 1
    assert read == 2 * 18


def test_whoever_is_signed_in_gets_the_very_same_page(town, sign_in):
    full = Full(town)
    told = {address: Client().get(address).content for address in full.pages}
    client = sign_in(town.office)
    assert [address for address, content in told.items() if client.get(address).content != content] == []


def test_closed_pages_answer_as_if_there_were_none(town, client):
    full = Full(town)
    PublicSite.objects.update(is_open=False)
    addresses = [one for one in (*full.pages, *full.forms) if one != reverse("public:tool")]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(full.forms[0], {"text": TEXT}).status_code == 404


def test_what_is_not_public_answers_404(town, client):
    full = Full(town)
    other, hidden = Town(), town.programme("没到期的", "open")
    theirs = other.release()
    for rest in (
        f"notices/{hidden.pk}/", f"notices/{hidden.pk}/paper/", f"notices/{hidden.pk}/object/",
        f"bulletins/{full.release.pk + 1}/", f"bulletins/{full.release.pk + 1}/pdf/", f"bulletins/{theirs.pk}/",
        f"bulletins/{theirs.pk}/word/", f"draws/{full.secret.pk}/record/", "draws/99999999999999999999999/",
        "draws/0/",
    ):  # fmt: skip
        assert (rest, client.get(town.address(rest)).status_code) == (rest, 404)
    assert client.get("/public/%00/").status_code == 404
    assert client.get("/public/nowhere/").status_code == 404


def test_pages_are_kept_shortly_and_set_no_cookie(town):
    for address in Full(town).pages:
        client = Client()
        answer = client.get(address)
        assert (address, answer.headers["Cache-Control"], dict(client.cookies)) == (address, "public, max-age=60", {})
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert client.get(address, headers={"if-none-match": answer.headers["ETag"]}).status_code == 304
        assert client.post(address).status_code == 405


def test_forms_are_never_kept_and_begin_no_session(town):
    for address in Full(town).forms:
        client = Client()
        answer = client.get(address)
        assert "no-store" in answer.headers["Cache-Control"]
        assert set(client.cookies) == {"csrftoken"}


def test_search_engines_are_let_in_where_the_office_wants(town, client):
    PublicSite.objects.update(is_found=True)
    page = client.get(town.address())
    assert page.headers["X-Robots-Tag"] == "all"
    assert b'name="robots"' not in page.content
    PublicSite.objects.update(is_found=False)
    assert b'<meta name="robots" content="noindex, nofollow">' in client.get(town.address()).content


def test_stranger_objects_and_reads_the_answer(town):
    full = Full(town)
    client = Client(enforce_csrf_checks=True)
    token = client.get(full.forms[0]).cookies["csrftoken"].value
    sent = {"application": full.application.pk, "text": TEXT, "csrfmiddlewaretoken": token}
    page = client.post(full.forms[0], sent)
    slip = SLIP.search(page.content.decode())[0]
    made = Objection.objects.get(text=TEXT)
    asked = {"slip": slip, "csrfmiddlewaretoken": token}
    assert "正在调查核实" in client.post(full.forms[1], asked).content.decode()
    Objection.objects.filter(pk=made.pk).update(
        ruling="dismissed", reply="经核实，当日停电。", ruled_on=made.received_on
    )
    assert "经核实，当日停电。" in client.post(full.forms[1], asked).content.decode()
    again = client.post(full.forms[0], sent)
    assert (again.status_code, "已经收到过" in again.content.decode(), TEXT in again.content.decode()) == (
        422,
        True,
        True,
    )


def test_objection_without_the_mark_of_our_form_is_refused(town):
    full = Full(town)
    sent = {"application": full.application.pk, "text": TEXT}
    assert Client(enforce_csrf_checks=True).post(full.forms[0], sent).status_code == 403
    assert not Objection.objects.filter(text=TEXT).exists()


@pytest.mark.parametrize(
    "wrong",
    [{"application": "0"}, {"application": "x\x00"}, {"text": "a\x00" * 20}, {"text": "长" * 9000}, {"website": "http://x"},
     {"sender": "名" * 81}, {"text": "<script>alert(1)</script>"}],
)  # fmt: skip
def test_wrong_objection_changes_nothing(town, client, wrong):
    full = Full(town)
    page = client.post(full.forms[0], {"application": full.application.pk, "text": TEXT} | wrong)
    if wrong.get("text", "").startswith("<script>"):
        assert b"<script>alert" not in page.content
        return
    assert page.status_code == 422
    assert Objection.objects.count() == 1


def test_register_is_searched_and_exported(town, client):
    town.award()
    town.award(town.other)
    for words, found in ((" 水利 ", 1), ("市", 2), ("没有", 0), ("a\x00b", 0), ("%", 0)):
        page = client.get(town.address("titles/"), {"q": words}).content.decode()
        assert (words, page.count('class="cw-table__title"')) == (words, found)
    assert client.get(town.address("titles/"), {"title": "9" * 30, "page": "x"}).status_code == 200
    for sort, first in (("unit", "市水利局"), ("-unit", "市财政局"), ("nothing", "市财政局")):
        page = client.get(town.address("titles/"), {"sort": sort}).content.decode()
        assert (sort, CELL.search(page)[1]) == (sort, first)
    file = client.get(town.address("titles/export/"), {"q": "财政", "title": town.title.pk})
    rows = [[str(cell or "") for cell in row] for row in read_rows(file.content)]
    assert sum("市财政局" in row for row in rows) == 1
    assert sum("市水利局" in row for row in rows) == 0


def read_rows(data):
    """The cells of the first sheet."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_public_record_verifies_with_the_stand_alone_check(town, client):
    draw, _places = town.drawn()
    data = client.get(town.address(f"draws/{draw.pk}/record/")).content
    read_record(data)
    assert verify_record(json.loads(data)) == ()


@pytest.mark.parametrize("page", ["", "notices/", "titles/", "bulletins/", "draws/"])
def test_one_row_and_three_rows_cost_the_same(town, client, page, django_assert_num_queries):
    def more(number):
        town.programme(f"评选{number}")
        town.award(make_unit(town.root))
        town.award(make_unit(town.root), state="delisted", ended_on=later(-60))
        town.release(bulletin=town.bulletin(f"通报{number}"))
        town.drawn()

    more(1)
    with CaptureQueriesContext(connection) as one:
        client.get(town.address(page))
    more(2)
    more(3)
    with django_assert_num_queries(len(one)):
        client.get(town.address(page))


def test_no_word_about_draws_where_there_are_none(town, client):
    assert {word for word in ("抽签", "点位") if word in client.get(town.address()).content.decode()} == set()
    assert client.get(town.address("draws/")).status_code == 404


def test_office_opens_the_pages_by_the_form(town, sign_in):
    client = sign_in(town.office)
    PublicSite.objects.all().delete()
    page = client.get(reverse("public:settings"))
    assert page.status_code == 200
    refused = client.post(reverse("public:settings"), {"is_open": "on", "office_name": "市创建办"})
    assert (refused.status_code, "找谁" in refused.content.decode()) == (422, True)
    done = client.post(reverse("public:settings"), {"is_open": "on", "office_name": "市创建办", "telephone": "0571-1"})
    assert done.url == reverse("public:settings")
    assert PublicSite.objects.get().is_open
    assert town.address() in client.get(reverse("public:settings")).content.decode()


def test_public_address_stands_beside_what_is_public(town, sign_in):
    full = Full(town)
    client = sign_in(town.office)
    inside = {
        reverse("honors:programme", args=[full.programme.pk]): f"notices/{full.programme.pk}/",
        reverse("reports:release", args=[full.release.bulletin_id]): f"bulletins/{full.release.pk}/",
        reverse("inspections:draw", args=[full.draw.round_id]): f"draws/{full.draw.pk}/",
    }
    for address, rest in inside.items():
        page = client.get(address).content.decode()
        assert f'href="{town.address(rest)}"' in page
        assert "cw-qr" in page
    PublicSite.objects.update(is_open=False)
    for address, rest in inside.items():
        page = client.get(address).content.decode()
        assert town.address(rest) not in page
        assert reverse("public:settings") in page
