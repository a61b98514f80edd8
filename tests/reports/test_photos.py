"""Photos before and after in a paper: chosen, looked at, printed small, shown to whoever sees the paper."""

import io
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from docx import Document
from PIL import Image
from pypdf import PdfReader

from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import attach
from chuangwen.rectification.models import ProblemPhoto
from chuangwen.reports.composing import paper_of
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import PaperForm, PhotoPair
from chuangwen.reports.paper import PHOTO_MM, Pairs, Photo, Text, blocks_of
from chuangwen.reports.queries import pictured_rows
from chuangwen.reports.services import MOST_PAIRS, choose_photos, ensure_defaults, set_template, submit_bulletin
from chuangwen.reports.views import photos as photo_views
from chuangwen.workflow.services import StaleState
from tests.rectification.making import photo_bytes
from tests.reports.test_placeholders import template
from tests.support.factories import NOON, make_place, make_problem

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def with_photos(problem, roles=("before", "after"), seed=1):
    for number, role in enumerate(roles):
        kept = attach(photo_bytes(seed + number), f"{role}.jpg", owner=problem, region=problem.region, actor=None)
        ProblemPhoto.objects.create(
            region=problem.region, problem=problem, attachment=kept, role=role, taken_at=NOON
        )  # fmt: skip
    return problem


def closed(office, number=1, **fields):
    values = {"state": "closed", "closed_at": NOON, "fixed_at": NOON, "closed_in_time": True, "spot": "南门"}
    return with_photos(make_problem(office.unit, **values | fields), seed=10 * number)


def pictures_in(data):
    return [
        part for part in Document(io.BytesIO(data)).part.package.iter_parts() if part.partname.startswith("/word/media")
    ]


def test_offered_is_what_was_closed_in_the_period_with_both_photos(office):
    shown = closed(office)
    with_photos(make_problem(office.unit, state="closed", closed_at=NOON), roles=("before",), seed=50)
    with_photos(make_problem(office.unit), seed=60)
    closed(office, 7, closed_at=NOON.replace(month=9))
    bulletin = office.draft()
    assert list(pictured_rows(bulletin)) == [shown]
    assert list(pictured_rows(office.draft(kind=PaperKind.SUPERIOR))) == []


def test_chosen_photos_stand_in_word_and_pdf_with_place_day_and_unit(office, client):
    first, second = closed(office), closed(office, 2)
    bulletin = office.draft()
    choose_photos(bulletin, [second.pk, first.pk], looked=True, revision=1, actor=office.office)
    client.force_login(office.office, backend="allauth.account.auth_backends.AuthenticationBackend")
    word = client.get(reverse("reports:word", args=[bulletin.pk])).content
    document = Document(io.BytesIO(word))
    cells = [cell.text for row in document.tables[-1].rows for cell in row.cells]
    assert f"南门：{second.title}（市城管局）" in cells
    assert "整改前（2026年11月18日）" in cells
    assert len(pictures_in(word)) == 4
    assert max(shape.width.mm for shape in document.inline_shapes) <= PHOTO_MM[0] + 0.1
    pdf = PdfReader(io.BytesIO(client.get(reverse("reports:pdf", args=[bulletin.pk])).content))
    assert sum(len(page.images) for page in pdf.pages) == 4


def test_printed_copy_says_nothing_of_place_and_device(office):
    problem = make_problem(office.unit, state="closed", closed_at=NOON)
    exif = Image.Exif()
    exif[0x010F] = "Phone"
    for number, role in enumerate(("before", "after")):
        data = photo_bytes(90 + number, exif=exif.tobytes())
        kept = attach(data, "a.jpg", owner=problem, region=problem.region, actor=None)
        ProblemPhoto.objects.create(region=problem.region, problem=problem, attachment=kept, role=role)
    bulletin = office.draft()
    choose_photos(bulletin, [problem.pk], looked=True, revision=1, actor=office.office)
    block = next(one for one in paper_of(bulletin, None).blocks if isinstance(one, Pairs))
    assert b"Phone" not in block.pairs[0].before.data
    assert dict(Image.open(io.BytesIO(block.pairs[0].before.data)).getexif()) == {}


def test_choice_that_cannot_stand_is_refused_and_changes_nothing(office):
    one = closed(office)
    bulletin = office.draft()
    choose_photos(bulletin, [one.pk], looked=True, revision=1, actor=office.office)
    refused = [
        ({"problems": [one.pk], "looked": False}, "人脸和车牌"),
        ({"problems": list(range(1, MOST_PAIRS + 2)), "looked": True}, "最多放6组"),
        ({"problems": [office.late.pk], "looked": True}, "不是在本期销号"),
    ]
    for given, why in refused:
        with pytest.raises(Refusal, match=why):
            choose_photos(bulletin, **given, revision=2, actor=office.office)
    with pytest.raises(StaleState):
        choose_photos(bulletin, [], looked=False, revision=1, actor=office.office)
    with pytest.raises(PermissionDenied):
        choose_photos(bulletin, [], looked=False, revision=2, actor=office.leader)
    assert list(bulletin.pairs.values_list("problem", flat=True)) == [one.pk]
    hard = office.draft(kind=PaperKind.HARD)
    with pytest.raises(Refusal, match="不放照片"):
        choose_photos(hard, [one.pk], looked=True, revision=1, actor=office.office)
    submit_bulletin(bulletin, actor=office.office)
    with pytest.raises(Refusal, match="只有草稿"):
        choose_photos(bulletin, [], looked=False, revision=2, actor=office.office)


def test_photos_are_chosen_on_their_page_and_taken_away_again(sign_in, office):
    one, bulletin = closed(office), office.draft()
    client, url = sign_in(office.office), reverse("reports:photos", args=[bulletin.pk])
    assert one.title in client.get(url).content.decode()
    refused = client.post(url, {"revision": 1, "problems": [one.pk]})
    assert (refused.status_code, "看不清人脸和车牌" in refused.content.decode()) == (422, True)
    assert f'value="{one.pk}" checked' in refused.content.decode()
    client.post(url, {"revision": 1, "problems": [one.pk], "looked": "1"})
    page = client.get(reverse("reports:bulletin", args=[bulletin.pk])).content.decode()
    assert reverse("reports:photo", args=[bulletin.pk, 0, "after"]) in page
    for given in ({"revision": "x"}, {"revision": 2, "problems": ["9" * 40, "x"]}):
        assert client.post(url, given).status_code in {302, 422}
    assert PhotoPair.objects.count() == 0
    assert client.get(reverse("reports:photos", args=[office.draft(kind=PaperKind.HARD).pk])).status_code == 404


def test_photos_are_searched_by_words_and_unit_and_turned_page_by_page(sign_in, office, monkeypatch):
    monkeypatch.setattr(photo_views, "SIZE", 2)
    made = [
        closed(office, n, title=f"第{n}处堆物", place=make_place(office.unit, name=f"{n}号楼")) for n in range(1, 6)
    ]
    other = with_photos(make_problem(office.other, state="closed", closed_at=NOON, title="墙面小广告"), seed=90)
    bulletin = office.draft()
    client, url = sign_in(office.office), reverse("reports:photos", args=[bulletin.pk])

    def titles(query=""):
        return re.findall(r"<b>(第\d处堆物|墙面小广告)</b>", client.get(url + query).content.decode())

    assert titles() == [other.title, made[4].title]
    following = re.search(r'href="(\?[^"]*page=[^"]+)" rel="next"', client.get(url).content.decode())[1]
    assert titles(following) == [made[3].title, made[2].title]
    assert titles("?q=3号") == titles(f"?q={made[2].number}") == [made[2].title]
    assert titles(f"?unit={office.other.pk}") == [other.title]
    assert titles(f"?unit={'9' * 40}&q=%00") == titles()
    assert "没有符合的问题" in client.get(f"{url}?q=没有的").content.decode()
    answer = client.post(f"{url}?q=3号", {"revision": 1, "problems": [made[2].pk], "looked": "1", "more": "1"})
    assert answer.url.startswith(url + "?q=")
    assert titles("?q=1号") == [made[2].title, made[0].title]  # what is chosen stands first, whatever is searched
    assert list(PhotoPair.objects.values_list("problem", flat=True)) == [made[2].pk]


def test_page_without_a_pair_says_when_there_is_one(sign_in, office):
    page = sign_in(office.office).get(reverse("reports:photos", args=[office.draft().pk])).content.decode()
    assert "本期没有前后照片齐全的问题" in page


def test_photo_is_for_who_sees_the_paper(sign_in, office):
    bulletin = office.draft()
    choose_photos(bulletin, [closed(office).pk], looked=True, revision=1, actor=office.office)
    url = reverse("reports:photo", args=[bulletin.pk, 0, "before"])
    answer = sign_in(office.leader).get(url)
    assert (answer.status_code, answer["Content-Type"], answer.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert sign_in(office.leader).get(url.replace("/0/", "/1/")).status_code == 404
    assert sign_in(office.leader).get(url.replace("before", "proof")).status_code == 404
    assert sign_in(office.liaison).get(url).status_code == 404


ASKING = [
    ["{%tr for 对 in 图 %}", ""],
    ["{{ 对.前 }}", "{{ 对.后 }}"],
    ["{{ 对.点位 }}", "{{ 对.整改后 }} {{ 对.单位 }}"],
    ["{%tr endfor %}", ""],
]


def test_template_of_the_office_places_the_photos_and_one_that_does_not_is_told(sign_in, office):
    ensure_defaults(office.root.region, actor=office.office)
    form = PaperForm.objects.get(kind=PaperKind.RECTIFICATION)
    bulletin = office.draft()
    choose_photos(bulletin, [closed(office).pk], looked=True, revision=1, actor=office.office)
    client, page = sign_in(office.office), reverse("reports:bulletin", args=[bulletin.pk])
    set_template(form, template("{{ 标题 }}"), "a.docx", actor=office.office)
    assert "没有照片占位符" in client.get(page).content.decode()
    asked = set_template(form, template("{{ 标题 }}", table=ASKING), "b.docx", actor=office.office)
    assert asked == ["标题", "图", "图.前", "图.后", "图.点位", "图.整改后", "图.单位"]
    assert "没有照片占位符" not in client.get(page).content.decode()
    word = client.get(reverse("reports:word", args=[bulletin.pk])).content
    assert len(pictures_in(word)) == 2
    assert [cell.text for cell in Document(io.BytesIO(word)).tables[0].rows[1].cells] == [
        "南门",
        "2026年11月18日 市城管局",
    ]


def test_photos_stand_where_their_mark_stands_else_at_the_end():
    pairs = Pairs([])
    assert list(blocks_of("甲\n【图】\n乙", None, pairs)) == [Text("甲"), pairs, Text("乙")]
    assert list(blocks_of("甲", None, pairs)) == [Text("甲"), pairs]
    assert list(blocks_of("甲\n【图】\n【图】", None, None)) == [Text("甲")]


@pytest.mark.parametrize(("width", "height"), [(4000, 3000), (3000, 4000), (4000, 1000), (1, 1)])
def test_photo_fits_its_half_of_the_page_and_keeps_its_shape(width, height):
    wide, tall = Photo(b"", width, height, "").size_mm
    assert wide <= PHOTO_MM[0] + 1e-9
    assert tall <= PHOTO_MM[1] + 1e-9
    assert abs(wide / tall - width / height) < 1e-9
    assert min(abs(wide - PHOTO_MM[0]), abs(tall - PHOTO_MM[1])) < 1e-9
