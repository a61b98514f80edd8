"""Fonts that a site brings: what is taken, and what a site hears whose fonts know no Chinese."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from PIL import ImageFont
from typst import Fonts

from chuangwen.core.errors import BadUpload, Conflict, Refusal
from chuangwen.reports import pdf
from chuangwen.reports.composing import pdf_of
from chuangwen.reports.models import SiteFont
from chuangwen.reports.paper import Paper
from chuangwen.reports.pdf import families_in, source, writes_chinese
from chuangwen.reports.services import add_font, arranging, remove_font
from chuangwen.workflow.models import Step
from tests.reports.making import stranger

pytestmark = pytest.mark.once
FONT = ImageFont.load_default(20).font_bytes  # Aileron: Latin alone, of 12 kB


@pytest.fixture
def alone(monkeypatch):
    """A machine without fonts of its own."""

    def held(folders):
        return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))

    monkeypatch.setattr(pdf, "_fonts", held)


def test_font_is_kept_under_its_face_once_and_goes_again(office):
    region = office.root.region
    made = add_font(region, FONT, "aileron.ttf", actor=office.office)
    assert (made.family, made.attachment.name) == ("Aileron", "aileron.ttf")
    with pytest.raises(Conflict, match="“Aileron”已经有了"):
        add_font(region, FONT, "again.ttf", actor=office.office)
    other = stranger()
    assert add_font(other.region, FONT, "aileron.ttf", actor=other).family == "Aileron"
    with pytest.raises(PermissionDenied):
        remove_font(made, actor=other)
    remove_font(made, actor=office.office)
    assert list(SiteFont.objects.values_list("region", flat=True)) == [other.region_id]
    steps = Step.objects.filter(region=region, object_type="reports.sitefont").order_by("pk")
    assert list(steps.values_list("action", "data")) == [
        ("add", {"family": "Aileron"}),
        ("remove", {"family": "Aileron"}),
    ]


def test_what_is_no_font_too_large_or_unreadable_is_refused(office, monkeypatch):
    region = office.root.region
    for data, why in ((b"text", "不是字体"), (FONT[:40], "读不出来")):
        with pytest.raises(BadUpload, match=why):
            add_font(region, data, "a.ttf", actor=office.office)
    monkeypatch.setattr(arranging, "FONT_LIMIT", 1024 * 1024)
    with pytest.raises(BadUpload, match="超过1 MB"):
        add_font(region, FONT + bytes(1024 * 1024), "a.ttf", actor=office.office)
    with pytest.raises(PermissionDenied):
        add_font(region, FONT, "a.ttf", actor=office.liaison)
    assert SiteFont.objects.count() == 0


def test_site_with_a_font_that_has_no_chinese_still_makes_no_blank_pdf(office, alone):
    bulletin = office.draft()
    add_font(office.root.region, FONT, "aileron.ttf", actor=office.office)
    with pytest.raises(Refusal, match="没有中文字体"):
        pdf_of(bulletin)


def test_only_a_font_with_chinese_characters_counts_as_one(tmp_path: Path, alone):
    assert (families_in(tmp_path), writes_chinese([tmp_path])) == (frozenset(), False)
    (tmp_path / "font.ttf").write_bytes(FONT)
    assert (families_in(tmp_path), writes_chinese([tmp_path])) == ({"Aileron"}, False)


def test_paper_asks_for_the_faces_at_hand_else_for_the_one_that_comes_along():
    paper = Paper("云溪市创建办", "", "通报", "", [], [], "2026年11月18日")
    assert '"Noto Serif SC"' in source(paper, frozenset())
    with_own = source(paper, frozenset({"FangSong_GB2312"}))
    assert '"FangSong_GB2312"' in with_own
