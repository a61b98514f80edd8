"""Killed in the middle: nothing half done, nothing confirmed lost, and doing it again does it once."""

from __future__ import annotations

import itertools
import os
import threading
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.test import Client

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.audit.queries import verify_chain
from chuangwen.config.backup import write_backup
from chuangwen.config.backup.verifying import check_archive
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import store_bytes
from chuangwen.core.models import Attachment, StoredFile, WorkbookImport
from chuangwen.core.numbering import next_number
from chuangwen.notifications.models import Notice
from chuangwen.organizations.models import Unit
from chuangwen.rectification import services
from chuangwen.rectification.enums import PhotoRole
from chuangwen.rectification.models import Problem
from chuangwen.workflow.models import Step
from tests.core.imports.making import book
from tests.rectification.making import make_city, photo, photo_bytes, shows
from tests.support.factories import make_region, make_user
from tests.support.killing import faults_of_storage, kill_through

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
]


def signed_in(user):
    client = Client(raise_request_exception=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/desk/")  # what a session's first page keeps is none of the work that is killed
    return client


def matter_of(problem):
    """All that a step of a problem changes, in one tuple."""
    state = Problem.objects.get(pk=problem.pk).state
    steps = list(Step.objects.filter(object_id=problem.pk).values_list("action", flat=True))
    assert Step.objects.filter(object_id=problem.pk).order_by("pk").last().target == state
    counts = (Attachment.objects.count(), shows(problem, PhotoRole.AFTER), Notice.objects.count())
    return state, steps, counts, Entry.objects.filter(object_id=str(problem.pk)).count()


def test_report_with_a_photo_is_whole_or_not_there_at_all():
    city = make_city()
    problem = city.problem()
    client = signed_in(city.liaison)

    def report():
        upload = SimpleUploadedFile("后.jpg", photo_bytes(7), "image/jpeg")
        return client.post(f"/problems/{problem.number}/fix/", {"measure": "清运两车", "photos": [upload]})

    kill_through(report, partial(matter_of, problem))
    done = matter_of(problem)
    assert (done[0], done[1].count("fix"), done[2][1]) == ("fixed", 1, 1)
    report()  # the phone sends once more what it got no answer to
    assert matter_of(problem) == done


def test_state_change_is_whole_or_not_there_at_all():
    city = make_city()
    problem = city.fixed()

    def close():
        services.close_problem(Problem.objects.get(pk=problem.pk), actor=city.verifier)

    kill_through(close, partial(matter_of, problem))
    with pytest.raises(Conflict):
        close()
    assert matter_of(problem)[1].count("close") == 1


def test_import_is_whole_or_not_there_at_all():
    city = make_city()
    client = signed_in(city.office)
    header = ("编号", "单位名称", "简称", "上级单位", "类别", "条块", "业务主管")
    rows = [(f"N{number}", f"第{number}局", None, None, None, None, None) for number in range(3)]
    client.post("/imports/units/", {"file": SimpleUploadedFile("单位.xlsx", book(*rows, header=header))})
    task = WorkbookImport.objects.get()
    base = f"/imports/units/{task.uid}/"
    client.post(f"{base}sheet/", {"sheet": task.sheet, "header": task.header_rows[0]})
    form = client.get(f"{base}columns/").context["form"]
    client.post(f"{base}columns/", {key: form[key].initial for key in form.fields})

    def facts():
        entries = Entry.objects.filter(action__startswith="organizations.unit").count()
        return Unit.objects.count(), WorkbookImport.objects.get().status, entries

    before = facts()
    kill_through(partial(client.post, f"{base}run/"), facts)
    assert (facts()[0] - before[0], facts()[1]) == (3, "imported")
    client.post(f"{base}run/")
    assert facts()[0] == before[0] + 3


def test_backup_has_its_name_only_when_it_is_whole(tmp_path):
    store_bytes(photo_bytes(3))
    make_region()
    target = tmp_path / "site.tar"

    def whole():
        if not target.exists():
            return "none"
        check_archive(target)  # raises BadArchive for half a one
        return "whole"

    kill_through(lambda: target.exists() or write_backup(target), whole)


def test_bytes_of_an_upload_that_died_serve_the_next_one():
    data = photo_bytes(5)
    kill_through(partial(store_bytes, data), StoredFile.objects.count)
    assert store_bytes(data).pk == StoredFile.objects.get().pk
    assert faults_of_storage() == []


def at_once(*works):
    """Run the works in threads that start together; their results or refusals in the order of `works`."""
    start, results = threading.Barrier(len(works)), [None] * len(works)

    def run(index, work):
        try:
            start.wait()
            results[index] = work()
        except Refusal as refusal:
            results[index] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_verifiers_one_wins_and_the_other_is_told():
    city = make_city()
    problem = city.fixed()
    other = make_user(Role.VERIFIER, city.root)
    rows = [Problem.objects.get(pk=problem.pk) for _ in range(2)]
    results = at_once(
        partial(services.close_problem, rows[0], actor=city.verifier),
        partial(services.return_problem, rows[1], actor=other, reason="墙角还有垃圾"),
    )
    refusals = [result for result in results if isinstance(result, Refusal)]
    assert len(refusals) == 1
    assert (refusals[0].status, str(refusals[0].message)) == (409, f"“{problem}”刚才已经被别人办理了。")
    assert refusals[0].way_out
    actions = list(Step.objects.filter(object_id=problem.pk).values_list("action", flat=True))
    assert sum(action in ("close", "return") for action in actions) == 1
    assert Problem.objects.get(pk=problem.pk).state == ("closed" if isinstance(results[1], Refusal) else "returned")
    assert verify_chain().ok


def test_two_fixes_with_photos_at_once_leave_one():
    city = make_city()
    problem = city.problem()
    works = [
        partial(services.fix_problem, Problem.objects.get(pk=problem.pk), measure="清了", actor=city.liaison,
                photos=[photo(seed)])
        for seed in (8, 9)
    ]  # fmt: skip
    assert sum(isinstance(result, Conflict) for result in at_once(*works)) == 1
    assert shows(problem, PhotoRole.AFTER) == 1
    assert faults_of_storage() == []


def test_numbers_have_neither_holes_nor_doubles_though_some_writers_fail():
    region = make_region()

    def take(fails):
        taken = []
        for _ in range(5):
            try:
                with transaction.atomic():
                    number = next_number(region, "problem")
                    taken += [number // (not fails)]
            except ZeroDivisionError:
                continue
        return taken

    results = at_once(*(partial(take, fails) for fails in (False, True, False, True)))
    assert sorted(itertools.chain.from_iterable(results)) == list(range(1, 11))


def test_number_outside_a_transaction_is_refused():
    assert connection.in_atomic_block is False
    with pytest.raises(RuntimeError, match=r"^next_number outside a transaction$"):
        next_number(make_region(), "problem")
