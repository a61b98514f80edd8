"""The audit's pages: for auditors of their regions, read only, verified by the worker."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.audit.services import record
from chuangwen.audit.wording import action_words
from chuangwen.core import clock
from chuangwen.core.models import Job
from tests.support.factories import make_problem, make_region, make_root, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def auditor():
    return make_user(Role.AUDITOR, make_root())


def note(action="accounts.person.create", *, region, actor=None, obj=None, **data):
    with transaction.atomic():
        return record(action, obj, actor=actor, region=region.code, data=data)


def test_auditor_reads_the_own_region_in_words(sign_in, auditor):
    person = make_user(name="周小满")
    note(region=auditor.region, actor=person, account="xiaoman")
    note("other.secret", region=make_region())
    page = sign_in(auditor).get("/audit/").content.decode()
    assert "新建账号" in page
    assert "周小满" in page
    assert "other.secret" not in page


def test_entry_shows_all_that_its_digest_is_taken_over(sign_in, auditor):
    entry = note(region=auditor.region, obj=auditor, before={"name": "<b>甲</b>"}, list=["a", "b"], empty={})
    page = sign_in(auditor).get(f"/audit/{entry.pk}/").content.decode()
    for words in ("before.name", "&lt;b&gt;甲&lt;/b&gt;", "a, b", entry.digest, entry.previous, "accounts.user"):
        assert words in page


def test_entry_tells_steps_days_and_known_facts_in_words(sign_in, auditor):
    facts = {"source": "found", "target": "assigned", "due": "2026-11-25T18:00:00+08:00", "on_site": False, "lead": ""}
    problem = make_problem(make_unit(region=auditor.region))
    entry = note("rectification.problem.assign", region=auditor.region, obj=problem, **facts)
    told = sign_in(auditor).get(f"/audit/{entry.pk}/").context["told"]
    assert told == [("状态", "待交办 → 整改中"), ("时限", "11月25日18:00"), ("到过现场", "否")]


def test_address_that_verifies_shows_the_page_with_the_button(sign_in, auditor):
    assert sign_in(auditor).get("/audit/verify/").url == "/audit/chains/"
    assert not Job.objects.exists()


def test_entry_of_another_region_is_not_there(sign_in, auditor):
    entry = note(region=make_region())
    assert sign_in(auditor).get(f"/audit/{entry.pk}/").status_code == 404


def test_what_belongs_to_no_region_is_read_where_there_is_one_region(sign_in, auditor):
    with transaction.atomic():
        entry = record("accounts.session.refuse", actor=None)
    client = sign_in(auditor)
    assert client.get(f"/audit/{entry.pk}/").status_code == 200
    make_region()
    assert client.get(f"/audit/{entry.pk}/").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_audit_is_closed_to_all_other_roles(sign_in, role):
    client = sign_in(make_user(role))
    assert [client.get(path).status_code for path in ("/audit/", "/audit/1/", "/audit/chains/")] == [403] * 3
    assert client.post("/audit/verify/").status_code == 403


def test_auditor_of_one_unit_reads_nothing(sign_in):
    auditor = make_user(Role.AUDITOR, make_unit())
    entry = note(region=auditor.region)
    assert sign_in(auditor).get(f"/audit/{entry.pk}/").status_code in {403, 404}


def test_stranger_is_led_to_the_sign_in_page(client):
    assert client.get("/audit/").url.startswith("/account/login/")


def test_nothing_can_be_changed(sign_in, auditor):
    entry = note(region=auditor.region)
    client = sign_in(auditor)
    for path in ("/audit/", f"/audit/{entry.pk}/", "/audit/chains/"):
        assert client.post(path, {"bulk": "delete", "id": entry.pk}).status_code == 405
    assert Entry.objects.count() == 1


def test_filters_narrow_by_actor_object_action_and_words(sign_in, auditor):
    person = make_user(name="周小满", region=auditor.region)
    note("accounts.link.open", region=auditor.region, actor=person, obj=person)
    note("rectification.problem.close", region=auditor.region, actor=auditor)
    client = sign_in(auditor)

    def shown(query):
        page = client.get(f"/audit/?{query}").content.decode()
        return ["accounts.link.open" in page, "rectification.problem.close" in page]

    assert shown("") == [True, True]
    assert shown(f"actor={person.pk}") == [True, False]
    assert shown(f"object=accounts.user:{person.pk}") == [True, False]
    assert shown("action=rectification.problem.close") == [False, True]
    assert shown("area=accounts") == [True, False]
    assert shown("q=%E5%91%A8%E5%B0%8F") == [True, False]
    assert shown("actor=%00&object=:::&area=%25") == [False, False]


def test_day_is_the_offices_day_and_not_the_servers(sign_in, auditor):
    with clock.at(datetime(2026, 11, 17, 16, 30, tzinfo=UTC)):  # half past midnight of the 18th in Shanghai
        note("night.work", region=auditor.region)
    client = sign_in(auditor)
    found = ["night.work" in client.get(f"/audit/?from={day}&until={day}").content.decode()
             for day in ("2026-11-17", "2026-11-18", "2026-11-19")]  # fmt: skip
    assert found == [False, True, False]
    assert client.get("/audit/?from=yesterday").status_code == 200


def test_export_holds_the_digests(sign_in, auditor):
    note(region=auditor.region)
    answer = sign_in(auditor).get("/audit/?format=xlsx")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


def test_verification_says_ok_and_shows_the_heads(sign_in, auditor, run_jobs, django_capture_on_commit_callbacks):
    entry = note(region=auditor.region)
    client = sign_in(auditor)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/audit/verify/")
    run_jobs()
    job = Job.objects.get()
    assert (job.status, job.message) == ("done", "记录链完整，共1条。")
    assert entry.digest in client.get("/audit/chains/").content.decode()


def test_verification_names_the_first_broken_entry(sign_in, auditor, run_jobs, django_capture_on_commit_callbacks):
    for _number in range(3):
        note(region=auditor.region)
    Entry.objects.filter(sequence=2).update(actor_name="别人")
    client = sign_in(auditor)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/audit/verify/")
    run_jobs()
    job = Job.objects.get()
    assert job.status == "failed"
    assert f"记录链{auditor.region.code}：第2条事后被改动。" in job.message


def test_list_costs_the_same_for_one_and_three(sign_in, auditor):
    client = sign_in(auditor)
    note(region=auditor.region)
    client.get("/audit/")
    with CaptureQueriesContext(connection) as one:
        client.get("/audit/")
    for _number in range(2):
        note(region=auditor.region)
    with CaptureQueriesContext(connection) as three:
        client.get("/audit/")
    assert len(three) == len(one)


@pytest.mark.parametrize(
    ("action", "words"),
    [("accounts.link.open", "打开链接"), ("nobody.knows.this", "nobody.knows.this"), ("plain", "plain")],
)
def test_action_is_told_in_words_or_by_its_code(action, words):
    assert action_words(action) == words


def test_step_of_a_workflow_is_told_as_its_history_tells_it():
    from chuangwen.rectification.workflow import PROBLEM_WORKFLOW

    step = PROBLEM_WORKFLOW.transitions[0]
    assert action_words(f"rectification.problem.{step.action}") == str(step.done)


@pytest.mark.parametrize("limit", [3000, 0], ids=["at once", "as a job"])
def test_list_that_leaves_as_a_file_is_kept_with_who_took_how_much(sign_in, auditor, monkeypatch, run_jobs, limit):
    monkeypatch.setattr("chuangwen.core.lists.response.DIRECT_EXPORT", limit)
    for _number in range(2):
        note(region=auditor.region)
    with TestCase.captureOnCommitCallbacks(execute=True):
        sign_in(auditor).get("/audit/?format=xlsx&q=account")
    run_jobs()
    entry = Entry.objects.get(action="core.list.export")
    assert (entry.actor_id, entry.chain.region_code) == (str(auditor.pk), auditor.region.code)
    assert (entry.data["list"], entry.data["rows"], "q=account" in entry.data["query"]) == ("audit", 2, True)
    assert action_words(entry.action) == "导出清单"
