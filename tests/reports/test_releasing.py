"""Showing a paper to everybody: four eyes, nobody's name, and back again."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from docx import Document

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import read
from chuangwen.notifications.models import Notice
from chuangwen.reports.edition import from_json
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import Bulletin, PaperForm, Release, Snapshot
from chuangwen.reports.services import (
    approve_bulletin,
    choose_photos,
    drop_release,
    ensure_defaults,
    issue_bulletin,
    propose_release,
    release_bulletin,
    set_template,
    submit_bulletin,
    take_release_back,
    withdraw_bulletin,
)
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import StaleState
from tests.reports.making import LATER, Office, stranger
from tests.reports.test_photos import ASKING, closed, pictures_in
from tests.reports.test_placeholders import template
from tests.support.factories import make_task, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return Office()


def of(bulletin):
    """The paper's releases with all that a service reads of them."""
    return Release.objects.filter(bulletin=bulletin).select_related("bulletin__snapshot", "bulletin__region", "region")


def words_in(release):
    paragraphs = Document(io.BytesIO(read(release.word.file))).paragraphs
    return "\n".join(one.text for one in paragraphs)


def test_second_person_releases_what_the_first_one_saw(office):
    bulletin = office.issued()
    made = propose_release(bulletin, actor=office.office)
    release_bulletin(made, actor=office.leader)
    kept = of(bulletin).get()
    assert (kept.state, kept.proposed_by, kept.released_by) == ("released", office.office, office.leader)
    edition = from_json(kept.edition)
    assert (edition.number, edition.title) == (bulletin.number, bulletin.title)
    assert [part.rows[-1][0] for part in edition.parts if part.heads] == ["合计"]
    assert list(Step.objects.filter(object_type="reports.release").values_list("action", flat=True)) == [
        "propose", "release",
    ]  # fmt: skip


def test_nobody_signs_what_everybody_reads(office):
    bulletin = office.issued()
    assert bulletin.signatory == str(office.leader)
    made = propose_release(bulletin, actor=office.office)
    assert str(office.leader) not in words_in(made)
    assert str(office.leader) in words_in(bulletin)
    assert str(office.leader) not in str(made.edition)
    assert read(made.pdf.file)[:5] == b"%PDF-"


def test_who_proposed_does_not_release(office):
    made = propose_release(office.issued(), actor=office.office)
    with pytest.raises(Refusal, match="另一人"):
        release_bulletin(made, actor=office.office)
    assert of(made.bulletin).get().state == "proposed"
    release_bulletin(made, actor=office.colleague)


@pytest.mark.parametrize("who", ["liaison", "stranger"])
def test_others_neither_propose_nor_release(office, who):
    bulletin = office.issued()
    person = office.liaison if who == "liaison" else stranger()
    with pytest.raises(PermissionDenied):
        propose_release(bulletin, actor=person)
    made = propose_release(bulletin, actor=office.office)
    for act in (release_bulletin, lambda one, actor: drop_release(one, reason="不", actor=actor)):
        with pytest.raises(PermissionDenied):
            act(made, actor=person)


def test_only_what_is_issued_is_proposed(office):
    with pytest.raises(Refusal, match="签发后的才能公开"):
        propose_release(office.submitted(), actor=office.office)
    assert Release.objects.count() == 0


@pytest.mark.parametrize("text", ["由{name}负责", "联系电话13800001234", "证件11010519491231002X"])
def test_names_and_numbers_of_persons_keep_it_inside(office, text):
    bulletin = office.issued()
    make_user("liaison", office.unit, name="欧阳明月")
    Bulletin.objects.filter(pk=bulletin.pk).update(body=text.format(name="欧阳明月"))
    bulletin.refresh_from_db()
    with pytest.raises(Refusal, match="人名或个人号码"):
        propose_release(bulletin, actor=office.office)
    assert Release.objects.count() == 0


def test_name_that_came_to_the_region_meanwhile_stops_the_release(office):
    bulletin = office.issued()
    Bulletin.objects.filter(pk=bulletin.pk).update(body="欧阳明月到场。")
    bulletin.refresh_from_db()
    made = propose_release(bulletin, actor=office.office)
    make_user("liaison", office.unit, name="欧阳明月")
    with pytest.raises(Refusal, match="欧阳明月"):
        release_bulletin(made, actor=office.leader)


def test_kinds_with_columns_of_persons_stay_inside(office):
    bulletin = office.issued()
    row = {"name": "任务", "unit": None, "values": {"people": "某人"}, "refs": {}}
    sheet = {"columns": [{"key": "people", "kind": "text", "width": 6}], "rows": [row], "total": None}
    Snapshot.objects.filter(pk=bulletin.snapshot_id).update(sheet=sheet)
    Bulletin.objects.filter(pk=bulletin.pk).update(kind=PaperKind.TASKS)
    with pytest.raises(Refusal, match="写有个人"):
        propose_release(Bulletin.objects.select_related("snapshot", "region").get(), actor=office.office)


@pytest.mark.parametrize("kind", [PaperKind.INSTRUCTIONS, PaperKind.YEAR])
def test_instructions_and_figures_for_the_assessment_stay_inside(office, kind):
    with pytest.raises(Refusal, match="不对外"):
        propose_release(office.issued(kind=kind), actor=office.office)


def test_name_typed_for_who_checked_keeps_the_paper_inside(office):
    make_task(office.unit, campaign=office.campaign)
    bulletin = office.issued(kind=PaperKind.WORK)
    Bulletin.objects.filter(pk=bulletin.pk).update(checked={str(office.unit.pk): "欧阳明月"})
    with pytest.raises(Refusal, match="写有个人"):
        propose_release(Bulletin.objects.select_related("snapshot", "region").get(), actor=office.office)


def test_photos_and_the_offices_own_layout_stay_inside(office, settings):
    settings.SOFFICE = "0"
    ensure_defaults(office.root.region, actor=office.office)
    form = PaperForm.objects.get(kind=PaperKind.RECTIFICATION)
    with clock.at(LATER):
        bulletin = office.draft()
        choose_photos(bulletin, [closed(office).pk], looked=True, revision=1, actor=office.office)
        set_template(form, template("{{ 标题 }}", table=ASKING), "a.docx", actor=office.office)
        submit_bulletin(bulletin, actor=office.office)
        approve_bulletin(bulletin, actor=office.leader)
        issue_bulletin(bulletin, actor=office.office)
    made = propose_release(bulletin, actor=office.office)
    assert (len(pictures_in(read(bulletin.word.file))), pictures_in(read(made.word.file))) == (2, [])
    assert read(made.pdf.file)[:5] == b"%PDF-"
    assert "整改前" not in " ".join(from_json(made.edition).texts())


def test_it_waits_or_is_open_once(office):
    bulletin = office.issued()
    made = propose_release(bulletin, actor=office.office)
    with pytest.raises(Conflict):
        propose_release(bulletin, actor=office.colleague)
    drop_release(made, reason="还要改", actor=office.leader)
    again = propose_release(bulletin, actor=office.office)
    release_bulletin(again, actor=office.leader)
    with pytest.raises(Conflict):
        propose_release(bulletin, actor=office.office)
    take_release_back(again, reason="口径变了", actor=office.colleague)
    with pytest.raises(StaleState):
        release_bulletin(again, actor=office.leader)
    assert list(of(bulletin).order_by("pk").values_list("state", flat=True)) == ["dropped", "taken-back"]


def test_withdrawn_paper_is_open_to_nobody(office):
    bulletin = office.issued()
    made = propose_release(bulletin, actor=office.office)
    release_bulletin(made, actor=office.leader)
    withdraw_bulletin(bulletin, reason="数字有误", actor=office.office)
    assert of(bulletin).get().state == "taken-back"
    assert Step.objects.get(object_type="reports.release", action="take_back").note == "数字有误"


def test_proposed_paper_that_is_withdrawn_is_dropped(office):
    bulletin = office.issued()
    propose_release(bulletin, actor=office.office)
    withdraw_bulletin(bulletin, reason="数字有误", actor=office.office)
    assert of(bulletin).get().state == "dropped"


def test_second_person_hears_of_it_and_the_first_of_a_no(office):
    made = propose_release(office.issued(), actor=office.office)
    told = Notice.objects.filter(title__startswith="待公开")
    assert set(told.values_list("user", flat=True)) == {office.colleague.pk, office.leader.pk}
    drop_release(made, reason="还要改", actor=office.leader)
    no = Notice.objects.get(title__startswith="未予公开")
    assert (no.user, no.body) == (office.office, "还要改")


def test_who_proposed_hears_of_the_release_and_both_of_its_end(office):
    made = propose_release(office.issued(), actor=office.office)
    release_bulletin(made, actor=office.leader)
    assert [one.user for one in Notice.objects.filter(title__startswith="已向社会公开")] == [office.office]
    take_release_back(made, reason="口径变了", actor=office.colleague)
    ended = Notice.objects.filter(title__startswith="已从公开页面撤下")
    assert {one.user for one in ended} == {office.office, office.leader}


def test_pages_lead_from_the_paper_to_everybody(office, sign_in):
    bulletin = office.issued()
    address = reverse("reports:release", args=[bulletin.pk])
    client = sign_in(office.office)
    assert address in client.get(reverse("reports:bulletin", args=[bulletin.pk])).content.decode()
    assert "提请公开" in client.get(address).content.decode()
    assert client.post(address).url == address
    assert "另一人" in client.get(address).content.decode()
    client = sign_in(office.leader)
    assert address in client.get("/desk/").content.decode()
    act = reverse("reports:release_act", args=[bulletin.pk, "release"])
    assert client.post(act).url == address
    assert of(bulletin).get().state == "released"
    back = reverse("reports:release_act", args=[bulletin.pk, "take_back"])
    client.post(back, {"reason": ""})
    assert of(bulletin).get().state == "released"
    client.post(back, {"reason": "口径变了"})
    assert of(bulletin).get().state == "taken-back"
    assert client.post(back, {"reason": "再撤"}).status_code == 404
    assert sign_in(office.liaison).get(address).status_code == 403
