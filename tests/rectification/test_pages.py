"""Who opens which page, what a page does, and that its queries do not grow."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chuangwen.accounts.roles import Role
from chuangwen.core.files.services import preview_name
from chuangwen.core.lists import response
from chuangwen.core.workbooks.writing import UNREADABLE_PICTURE
from chuangwen.notifications.models import Notice
from chuangwen.rectification import services
from chuangwen.rectification.enums import ProblemState, Source
from chuangwen.rectification.models import Problem, RoutingRule
from chuangwen.rectification.views.acting import ACTS
from tests.rectification.making import NOW, TUESDAY, make_city, photo, photo_bytes
from tests.support.factories import make_campaign, make_place, make_problem_type, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def upload(name="后.jpg", seed=2):
    return SimpleUploadedFile(name, photo_bytes(seed), "image/jpeg")


def url(problem, action=""):
    return f"/problems/{problem.number}/{action + '/' if action else ''}"


def all_pages(problem, rule):
    sheets = [url(problem, "sheet/assignment"), url(problem, "sheet/feedback")]
    return [
        "/problems/",
        "/problems/?format=print",
        "/problems/rules/",
        url(problem),
        *sheets,
        f"{url(problem)}map.geojson",
    ]


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADER, Role.VERIFIER, Role.AUDITOR])
def test_pages_open_for_who_sees_the_region(sign_in, role):
    city = make_city()
    problem = city.fixed()
    client = sign_in(make_user(role, city.root))
    for page in all_pages(problem, None):
        assert client.get(page).status_code == 200, page


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ASSESSOR, Role.INSPECTOR])
def test_pages_stay_shut_for_who_has_no_use_for_them(sign_in, role):
    city = make_city()
    client = sign_in(make_user(role, city.root))
    for page in all_pages(city.problem(), None):
        assert client.get(page).status_code == 403, page


def test_stranger_signs_in_first(client):
    assert client.get("/problems/").status_code == 302


def test_person_of_another_region_or_unit_finds_nothing(sign_in):
    city, other = make_city(), make_city()
    problem = city.problem()
    for user in (other.office, make_user(Role.LIAISON, city.other_line)):
        client = sign_in(user)
        assert problem.title not in client.get("/problems/").content.decode()
        for page in [*all_pages(problem, None)[3:], url(problem, "explain")]:
            assert client.get(page).status_code == 404, page
        assert client.post(url(problem, "receive")).status_code == 404
        photo_url = f"/files/{problem.photos.get().attachment.uid}/"
        assert client.get(photo_url).status_code == 404


def test_photo_opens_for_who_sees_the_problem(sign_in):
    city = make_city()
    uid = city.problem().photos.get().attachment.uid
    assert sign_in(city.street_liaison).get(f"/files/{uid}/").status_code == 200


def cost(client, page):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "page", ["/problems/", "/problems/?format=print", "/problems/?format=message", "/problems/?tab=long-term"]
)
def test_ledger_costs_the_same_for_one_row_and_three(sign_in, page):
    city = make_city()
    client = sign_in(city.office)
    plan = services.LongTermPlan("围挡", [("设计", (NOW + timedelta(days=9)).date())])

    def add():
        fixed = city.fixed(place=make_place(city.street, place_type=city.place_type), seed=3)
        long = city.problem(place=make_place(city.street, place_type=city.place_type))
        services.make_long_term(long, reason="要钱", plan=plan, actor=None)
        return fixed

    add()
    client.get(page)
    one = cost(client, page)
    add(), add()
    assert cost(client, page) == one


def test_detail_costs_the_same_for_a_long_history(sign_in):
    city = make_city()
    problem = city.problem()
    client = sign_in(city.office)

    def add(number):
        services.explain_problem(problem, text=f"说明{number}", actor=city.liaison, photos=[photo(10 + number)])
        city.problem(problem_type=make_problem_type(city.region))
        city.problem(place=make_place(city.street))

    add(1)
    client.get(url(problem))
    one = cost(client, url(problem))
    for number in range(2, 5):
        add(number)
    assert cost(client, url(problem)) == one


def test_ledger_exports_with_photos(sign_in):
    city = make_city()
    city.fixed()
    answer = sign_in(city.office).get("/problems/?format=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert {"2026-0001", "南门外占道经营", "清运垃圾两车"} <= texts
    assert len(sheet._images) == 2


def test_ledger_of_many_rows_exports_as_a_job_and_minds_no_lost_photo(
    sign_in, monkeypatch, django_capture_on_commit_callbacks, run_jobs
):
    city = make_city()
    city.fixed()
    lost = city.problem(place=make_place(city.street), photos=[photo(7)]).photos.get().attachment.file
    default_storage.delete(lost.storage_name)
    default_storage.delete(preview_name(lost, "small"))
    monkeypatch.setattr(response, "DIRECT_PICTURES", 1)
    client = sign_in(city.office)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.get("/problems/?format=xlsx")
    run_jobs()
    sheet = load_workbook(io.BytesIO(client.get(f"{answer.url}file/").getvalue())).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert cells.count(UNREADABLE_PICTURE) == 1
    assert {"2026-0001", "2026-0002"} <= set(cells)


def test_ledger_narrows_by_every_filter(sign_in):
    city = make_city()
    city.problem(source=Source.MEDIA)
    other = make_place(city.street)
    city.problem(place=other, lead=city.other_line, problem_type=make_problem_type(city.region), at=NOW)
    client = sign_in(city.office)
    for query in (
        f"lead={city.line.pk}", f"type={city.problem_type.code}", "source=media", f"place={city.place.code}",
        "since=2026-11-20", "until=2026-11-20", f"place_type={city.place_type.code}", "q=2026-0001", "q=东关农贸",
    ):  # fmt: skip
        assert client.get(f"/problems/?{query}").context["listing"].total == 1, query
    assert client.get(f"/problems/?territory={city.street.pk}").context["listing"].total == 2
    assert client.get("/problems/?round=7").context["listing"].total == 0
    for nonsense in (
        "since=x",
        "since=0001-01-01",
        "until=9999-12-31",
        "lead=x",
        "round=x",
        "place=%00",
        "type=%27%3B--",
        "at=%%%",
    ):
        assert client.get(f"/problems/?{nonsense}").status_code == 200


def test_every_tab_opens_and_counts(sign_in):
    city = make_city()
    city.problem()
    client = sign_in(city.office)
    answer = client.get("/problems/")
    assert {tab["label"]: tab["count"] for tab in answer.context["tabs"]}.popitem()[1] == 1
    for tab in answer.context["tabs"]:
        assert client.get(f"/problems/{tab['url']}" if tab["url"].startswith("?") else tab["url"]).status_code == 200


def test_bulk_acts_on_the_chosen_and_tells_the_refused(sign_in):
    city = make_city()
    first, second = city.problem(), city.fixed(place=make_place(city.street))
    client = sign_in(city.office)
    ids = {"id": [first.pk, second.pk], "bulk": "remind"}
    client.post("/problems/", ids)
    assert Notice.objects.filter(urgent=True).count() == 1
    data = {"id": [first.pk], "bulk": "reassign", "sure": "1", "lead": city.other_line.pk, "reason": "归交警"}
    client.post("/problems/", data)
    first.refresh_from_db()
    assert first.lead == city.other_line
    due = {"id": [first.pk], "bulk": "deadline", "sure": "1", "due_at": "2026-11-27T18:00", "reason": "下雨"}
    client.post("/problems/", due)
    first.refresh_from_db()
    assert first.due_at.isoformat() == "2026-11-27T10:00:00+00:00"


def test_bulk_is_the_offices(sign_in):
    city = make_city()
    problem = city.problem()
    assert sign_in(city.liaison).post("/problems/", {"id": [problem.pk], "bulk": "remind"}).status_code == 403


def test_message_has_a_line_for_each_unit_with_links(sign_in):
    city = make_city()
    city.problem()
    text = sign_in(city.office).get("/problems/?format=message").content.decode()
    assert "城管局：" in text
    assert "/problems/2026-0001/" in text


def test_forms_of_all_steps_open(sign_in):
    city = make_city()
    problem = city.problem()
    services.raise_dispute(problem, reason="不归我", actor=None, at=TUESDAY, proposed_lead=city.other_line)
    client = sign_in(city.office)
    for action in ACTS:
        assert client.get(url(problem, action)).status_code == 200, action
    assert client.get(url(problem, "burn")).status_code == 404


def test_steps_show_what_they_are_decided_by(sign_in):
    city = make_city()
    client = sign_in(city.office)
    disputed, fixed = city.problem(place=make_place(city.street)), city.fixed()
    services.raise_dispute(disputed, reason="产权属开发企业", proposed_lead=None, actor=city.liaison, at=TUESDAY)
    assert "产权属开发企业" in client.get(url(disputed, "rule")).content.decode()
    assert "/large.jpg" in client.get(url(fixed, "return")).content.decode()
    assert url(fixed, "return") in client.get(url(fixed, "close_on_site")).content.decode()
    merging = client.get(url(disputed, "merge") + f"?into={fixed.number}").content.decode()
    assert f'value="{fixed.number}"' in merging
    assert f'href="?into={fixed.number}"' in merging


def test_ended_problem_shows_no_place_for_a_photo_and_leads_on(sign_in):
    city = make_city()
    one, other = city.problem(), city.problem(place=make_place(city.street))
    client = sign_in(city.office)
    assert "还没有照片" in client.get(url(one)).content.decode()
    services.merge_problem(one, into=other, actor=city.office)
    page = client.get(url(one)).content.decode()
    assert "还没有照片" not in page
    assert f"打开{other.number}" in page


def test_liaison_reports_a_fix_with_photo(sign_in):
    city = make_city()
    problem = city.problem()
    answer = sign_in(city.liaison).post(url(problem, "fix"), {"measure": "清了", "photos": [upload(), upload(seed=3)]})
    problem.refresh_from_db()
    assert (answer.status_code, problem.state, problem.photos.count()) == (302, ProblemState.FIXED, 3)


def test_refused_form_keeps_what_was_typed(sign_in):
    city = make_city()
    problem = city.problem()
    answer = sign_in(city.liaison).post(url(problem, "fix"), {"measure": "清运垃圾两车"})
    assert answer.status_code == 422
    assert "清运垃圾两车" in answer.content.decode()


@pytest.mark.parametrize(
    "files",
    [
        [SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>", "image/jpeg")],
        [SimpleUploadedFile("a.jpg", b"", "image/jpeg")],
        [SimpleUploadedFile("a.jpg", b"\xff\xd8\xff broken", "image/jpeg")],
        [SimpleUploadedFile(f"{number}.jpg", photo_bytes(1), "image/jpeg") for number in range(10)],
    ],
    ids=["html", "empty", "broken", "too many"],
)
def test_bad_files_are_refused_with_the_form(sign_in, files):
    city = make_city()
    problem = city.problem()
    answer = sign_in(city.liaison).post(url(problem, "fix"), {"measure": "清了", "photos": files})
    problem.refresh_from_db()
    assert (answer.status_code, problem.state, problem.photos.count()) == (422, ProblemState.ASSIGNED, 1)


def test_office_enters_a_fix_from_paper(sign_in):
    city = make_city()
    problem = city.problem()
    page = sign_in(city.office).get(url(problem, "fix")).content.decode()
    assert 'name="at"' in page
    data = {
        "measure": "清了", "photos": [upload()], "at": "2026-11-18T17:59",
        "scans": [SimpleUploadedFile("反馈单.pdf", b"%PDF-1.4", "application/pdf")],
    }  # fmt: skip
    assert sign_in(city.office).post(url(problem, "fix"), data).status_code == 302
    problem.refresh_from_db()
    assert problem.fixed_at < problem.due_at
    page = sign_in(city.verifier).get(url(problem)).content.decode()
    assert "反馈单.pdf" in page
    assert "城管局(" in page


def test_verifier_closes_with_one_press_and_may_undo(sign_in):
    city = make_city()
    problem = city.fixed()
    client = sign_in(city.verifier)
    page = client.get(url(problem))
    assert [button["key"] for button in page.context["step"].buttons] == ["close", "return", "close_on_site"]
    answer = client.post(url(problem, "close"), follow=True)
    assert url(problem, "reopen") in answer.content.decode()
    client.post(url(problem, "reopen"))
    problem.refresh_from_db()
    assert problem.state == ProblemState.FIXED
    client.post(url(problem, "close_on_site"))
    problem.refresh_from_db()
    assert problem.verified_on_site


def test_get_never_changes_anything(sign_in):
    city = make_city()
    problem = city.fixed()
    client = sign_in(city.office)
    client.get(url(problem, "close"))
    problem.refresh_from_db()
    assert problem.state == ProblemState.FIXED
    assert client.get(f"{url(problem)}steps/1/done/").status_code == 405


def test_step_for_another_role_is_403(sign_in):
    city = make_city()
    problem = city.fixed()
    assert sign_in(city.street_liaison).post(url(problem, "close")).status_code == 403


def test_stale_step_says_so_and_keeps_the_text(sign_in):
    city = make_city()
    problem = city.fixed()
    services.close_problem(problem, actor=city.office)
    answer = sign_in(city.verifier).post(url(problem, "return"), {"reason": "没清净"})
    assert answer.status_code == 422
    assert "没清净" in answer.content.decode()


def test_office_merges_rules_and_plans(sign_in):
    city = make_city()
    first, second = city.problem(), city.problem(place=make_place(city.street))
    client = sign_in(city.office)
    assert client.post(url(first, "merge"), {"into": "2026-9999"}).status_code == 422
    assert client.post(url(first, "merge"), {"into": second.number}).status_code == 302
    plan = {"reason": "要钱", "interim_measure": "围挡", "step_1": "设计", "day_1": "2026-12-10"}
    assert client.post(url(second, "make_long_term"), {**plan, "step_2": "开工"}).status_code == 422
    assert client.post(url(second, "make_long_term"), plan).status_code == 302
    step = second.milestones.get()
    assert client.post(f"{url(second)}steps/{step.pk}/done/").status_code == 302
    assert client.post(f"{url(first)}steps/{step.pk}/done/").status_code == 404
    page = sign_in(make_user(Role.LEADER, city.root)).get(url(second))
    assert [button["key"] for button in page.context["step"].buttons] == ["renew"]
    assert page.context["step"].buttons[0]["primary"]
    merged = client.get(url(first)).content.decode()
    assert second.number in merged


@pytest.mark.parametrize("state", list(ProblemState))
def test_page_opens_in_every_state_for_everybody(sign_in, state):
    city = make_city()
    problem = city.fixed()
    Problem.objects.filter(pk=problem.pk).update(state=state)
    for user in (city.office, city.liaison, city.street_liaison, city.verifier, make_user(Role.LEADER, city.root)):
        assert sign_in(user).get(url(problem)).status_code == 200


def test_office_registers_a_problem(sign_in):
    city = make_city()
    make_campaign(city.root)
    services.save_rule(city.problem_type, None, None, lead=city.line, actor=None)
    client = sign_in(city.office)
    assert client.get(f"/problems/new/?place={city.place.code}").context["place"] == city.place
    data = {
        "place": city.place.code, "problem_type": city.problem_type.pk, "title": "南门外占道", "source": "hotline",
        "source_number": "12345-7", "photos": [upload()],
    }  # fmt: skip
    answer = client.post("/problems/new/", data)
    problem = Problem.objects.get()
    assert (answer.status_code, answer.url) == (302, url(problem))
    assert (problem.lead, problem.source_number, problem.campaign.subject) == (city.line, "12345-7", city.root)
    again = client.post("/problems/new/", {**data, "photos": [upload(seed=5)]}, follow=True)
    assert Problem.objects.count() == 1
    assert problem.number in again.content.decode()


def test_unit_registers_for_itself_alone(sign_in):
    city = make_city()
    client = sign_in(city.street_liaison)
    page = client.get("/problems/new/").content.decode()
    assert 'name="lead"' not in page
    data = {"place": city.place.code, "problem_type": city.problem_type.pk, "title": "自查", "source": "self"}
    assert client.post("/problems/new/", {**data, "source": "hotline"}).status_code == 422
    assert client.post("/problems/new/", data).status_code == 302
    assert Problem.objects.get().source == Source.SELF


def test_registering_names_what_is_missing(sign_in):
    city, other = make_city(), make_city()
    client = sign_in(city.office)
    assert client.post("/problems/new/", {}).status_code == 422
    data = {"problem_type": city.problem_type.pk, "title": "占道", "source": "media"}
    assert client.post("/problems/new/", data).status_code == 422
    assert client.post("/problems/new/", {**data, "place": other.place.code}).status_code == 422
    assert client.post("/problems/new/", {**data, "spot": "x" * 400}).status_code == 422
    assert client.post("/problems/new/", {**data, "spot": "路边", "found_at": "2031-01-01T00:00"}).status_code == 422
    assert Problem.objects.count() == 0
    assert client.post("/problems/new/", {**data, "spot": "路边<script>"}).status_code == 302
    page = client.get(url(Problem.objects.get())).content.decode()
    assert "<script>" not in page.replace('<script type="module"', "")


def test_picker_and_suggestion_answer_while_typing(sign_in):
    city, other = make_city(), make_city()
    client = sign_in(city.office)
    services.save_rule(city.problem_type, city.place_type, city.street, lead=city.line, actor=None)
    found = client.get("/pick/places-to-report/?q=东关").content.decode()
    assert city.place.name in found
    assert other.place.code not in found
    assert "data-key" not in client.get("/pick/places-to-report/?q=%00没有").content.decode()
    query = f"problem_type={city.problem_type.pk}&place={city.place.code}"
    words = client.get(f"/problems/new/route/?{query}").content.decode()
    assert "城管局" in words
    assert "占道经营 × 农贸市场 × 东关街道" in words
    assert client.get("/problems/new/route/?problem_type=x").status_code == 200


def test_office_keeps_the_rules(sign_in):
    city = make_city(lead_hints=["城管局"])
    client = sign_in(city.office)
    assert client.get("/problems/rules/new/").status_code == 200
    data = {"problem_type": city.problem_type.pk, "territory": city.street.pk, "lead": city.line.pk}
    assert client.post("/problems/rules/new/", {}).status_code == 422
    assert client.post("/problems/rules/new/", data).status_code == 302
    rule = RoutingRule.objects.get()
    assert client.get(f"/problems/rules/{rule.pk}/").status_code == 200
    assert client.post(f"/problems/rules/{rule.pk}/", {"lead": city.other_line.pk}).status_code == 302
    now = RoutingRule.objects.get(ends__isnull=True)
    assert (now.lead, now.territory) == (city.other_line, city.street)
    assert client.post(f"/problems/rules/{now.pk}/end/").status_code == 302
    assert client.get("/problems/rules/hints/").status_code == 200
    assert client.post("/problems/rules/hints/").status_code == 302
    assert RoutingRule.objects.filter(ends__isnull=True).count() == 1
    assert client.get("/problems/rules/?tab=ended").context["listing"].total == 2
    assert client.get("/problems/rules/?format=xlsx").status_code == 200


def test_rules_of_another_region_are_out_of_reach(sign_in):
    city, other = make_city(), make_city()
    rule = services.save_rule(city.problem_type, None, None, lead=city.line, actor=None)
    client = sign_in(other.office)
    assert client.get(f"/problems/rules/{rule.pk}/").status_code == 404
    assert client.post(f"/problems/rules/{rule.pk}/end/").status_code == 404
    assert sign_in(city.liaison).get("/problems/rules/new/").status_code == 403


def test_rules_cost_the_same_for_one_row_and_three(sign_in):
    city = make_city()
    client = sign_in(city.office)
    services.save_rule(city.problem_type, city.place_type, city.street, lead=city.line, actor=None)
    client.get("/problems/rules/")
    one = cost(client, "/problems/rules/")
    for _number in range(2):
        services.save_rule(make_problem_type(city.region), city.place_type, None, lead=city.line, actor=None)
    assert cost(client, "/problems/rules/") == one


def test_sheets_are_of_two_kinds(sign_in):
    city = make_city()
    problem = city.fixed()
    client = sign_in(city.liaison)
    assert "清运垃圾两车" in client.get(url(problem, "sheet/feedback")).content.decode()
    assert "清运垃圾两车" not in client.get(url(problem, "sheet/assignment")).content.decode()
    assert client.get(url(problem, "sheet/other")).status_code == 404
