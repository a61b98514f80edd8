"""Backup and restore: the same site comes back on either database, or nothing is changed."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tarfile
import textwrap
from importlib import import_module
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.audit.queries import verify_chain
from chuangwen.audit.services import record
from chuangwen.config.backup import BadArchive, NotEmpty, restore_site, tables, write_backup
from chuangwen.config.backup.guards import GUARDS
from chuangwen.core.files.services import attach, read, store_bytes
from chuangwen.core.models import Attachment, Region, StoredFile
from chuangwen.places.models import Place
from chuangwen.rectification.models import Problem
from tests.support.factories import make_place, make_problem, make_root, make_unit, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_guard_left():
    """A restore sets the triggers that guard rows, and other tests are cleaned up by deleting rows."""
    yield
    with connection.cursor() as cursor:
        for name in GUARDS:
            for statement in import_module(name).UNDO[connection.vendor]:
                cursor.execute(statement)


@pytest.fixture
def site():
    """A region with people, a place with a photo, a problem with a moment to the microsecond."""
    root = make_root(make_region_with_settings())
    unit = make_unit(root, name="东关街道")
    make_user(Role.LIAISON, unit, name="王联络")
    place = make_place(unit, name="东门市场", longitude=113.25, hours="6:00—20:00 “早市”\n")
    attach(b"one photo", "现场.txt", owner=place, region=root.region, actor=None)
    make_problem(unit)
    for number in range(3):
        with transaction.atomic():
            record("thing.done", root, actor=None, data={"number": number, "text": "中文"})
    return root


def make_region_with_settings():
    return Region.objects.create(code="yunxi", name="云溪市", settings={"office": "科室", "nothing": None})


def content():
    """Every kept table as its lines."""
    return {model._meta.label_lower: list(tables.lines(model)) for model in tables.kept_models()}


def wipe():
    with transaction.atomic():
        tables.empty_tables()


def test_site_comes_back_as_it_was(site, tmp_path):
    written = write_backup(tmp_path / "site.tar")
    before = content()
    photo = StoredFile.objects.get()
    default_storage.delete(photo.storage_name)
    wipe()
    done = restore_site(tmp_path / "site.tar", replace=False)
    after = content()
    grown = {"audit.entry", "audit.chain"}  # the restore is an entry of its own
    assert {name: rows for name, rows in after.items() if name not in grown} == {
        name: rows for name, rows in before.items() if name not in grown
    }
    assert after["audit.entry"][: len(before["audit.entry"])] == before["audit.entry"]
    assert (done.files, written.files, written.missing) == (1, 1, [])
    assert read(Attachment.objects.get().file) == b"one photo"
    assert verify_chain().ok
    assert Entry.objects.order_by("pk").last().action == "site.restore"


def test_file_that_was_damaged_meanwhile_is_whole_again(site, tmp_path):
    write_backup(tmp_path / "site.tar")
    path = Path(default_storage.path(StoredFile.objects.get().storage_name))
    path.write_bytes(b"one pho")
    restore_site(tmp_path / "site.tar", replace=True)
    assert read(Attachment.objects.get().file) == b"one photo"


def test_rows_made_after_a_restore_are_numbered_on(site, tmp_path):
    write_backup(tmp_path / "site.tar")
    restore_site(tmp_path / "site.tar", replace=True)
    last = Place.objects.order_by("pk").last()
    assert make_place(last.territory).pk > last.pk
    with transaction.atomic():
        record("thing.done", site, actor=None)
    assert verify_chain().ok


def test_audit_entries_are_guarded_again_after_a_restore(site, tmp_path):
    write_backup(tmp_path / "site.tar")
    restore_site(tmp_path / "site.tar", replace=True)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Entry.objects.update(action="other")


def test_site_with_data_is_replaced_only_when_told(site, tmp_path):
    write_backup(tmp_path / "site.tar")
    make_root()
    with pytest.raises(NotEmpty):
        restore_site(tmp_path / "site.tar", replace=False)
    assert Region.objects.count() == 2
    restore_site(tmp_path / "site.tar", replace=True)
    assert Region.objects.get().name == "云溪市"


def test_backup_sees_one_moment_while_people_go_on(site, tmp_path, monkeypatch):
    """A problem reported after the snapshot began is in none of the tables."""
    from chuangwen.config.backup import writing

    real, told = writing.lines, []

    def lines(model):
        if not told:
            told.append(model)
            _in_another_process_or_thread(lambda: make_problem(make_unit()))
        return real(model)

    monkeypatch.setattr(writing, "lines", lines)
    write_backup(tmp_path / "site.tar")
    assert Problem.objects.count() == 2
    restore_site(tmp_path / "site.tar", replace=True)
    assert Problem.objects.count() == 1


def _in_another_process_or_thread(work):
    import threading

    from django.db import connections

    def run():
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_file_that_the_storage_lost_is_named_and_the_rest_is_kept(site, tmp_path):
    lost = store_bytes(b"another")
    default_storage.delete(lost.storage_name)
    written = write_backup(tmp_path / "site.tar")
    assert (written.missing, written.files) == ([lost.sha256], 1)
    assert restore_site(tmp_path / "site.tar", replace=True).files == 1


def test_backup_never_overwrites_and_leaves_no_half_archive(site, tmp_path, monkeypatch):
    from chuangwen.config.backup import writing

    (tmp_path / "site.tar").write_bytes(b"older")
    with pytest.raises(FileExistsError):
        write_backup(tmp_path / "site.tar")

    def fail(*_args):
        raise OSError("disk full")

    monkeypatch.setattr(writing, "_add_file", fail)
    with pytest.raises(OSError, match="disk full"):
        write_backup(tmp_path / "new.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["site.tar"]
    assert (tmp_path / "site.tar").read_bytes() == b"older"


def test_archive_is_readable_by_its_owner_alone(site, tmp_path):
    write_backup(tmp_path / "site.tar")
    assert (tmp_path / "site.tar").stat().st_mode & 0o777 == 0o600


def parts(path):
    with tarfile.open(path) as tar:
        return [(member, tar.extractfile(member).read()) for member in tar]


def rebuild(path, changed):
    """The archive with its parts as `changed(name, data)` gives them; None leaves one out."""
    target = path.with_name("changed.tar")
    with tarfile.open(target, "w") as tar:
        for member, data in parts(path):
            new = changed(member.name, data)
            if new is not None:
                info = tarfile.TarInfo(member.name)
                info.size = len(new)
                tar.addfile(info, io.BytesIO(new))
    return target


def edit_lines(data, edit):
    return gzip.compress(edit(gzip.decompress(data)))


def manifest_with(**fields):
    def change(name, data):
        return json.dumps({**json.loads(data), **fields}).encode() if name == "manifest.json" else data

    return change


DAMAGES = {
    "changed row": lambda n, d: (
        edit_lines(d, lambda t: t.replace("东门".encode(), "西门".encode())) if "places.place." in n else d
    ),
    "row left out": lambda n, d: edit_lines(d, lambda t: b"") if "places.place." in n else d,
    "broken gzip": lambda n, d: d[: len(d) // 2] if "places.place." in n else d,
    "table left out": lambda n, d: None if "places.place." in n else d,
    "changed file": lambda n, d: b"two photo" if n.startswith("files/") else d,
    "file left out": lambda n, d: None if n.startswith("files/") else d,
    "no manifest": lambda n, d: None if n == "manifest.json" else d,
    "manifest no JSON": lambda n, d: b"{" if n == "manifest.json" else d,
    "manifest of another shape": lambda n, d: b"[]" if n == "manifest.json" else d,
    "newer format": manifest_with(format=99),
    "other migrations": manifest_with(migrations=["core.0001_initial"]),
    "other heads": manifest_with(heads={"yunxi": [1, "0"]}),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.once
def test_damaged_archive_is_refused_and_nothing_is_changed(site, tmp_path, damage):
    write_backup(tmp_path / "site.tar")
    archive = rebuild(tmp_path / "site.tar", DAMAGES[damage])
    before = content()
    with pytest.raises(BadArchive):
        restore_site(archive, replace=True)
    assert content() == before


@pytest.mark.parametrize("end", [b"", b"data/", b"files/", b"manifest.json", b'"missing"'])
def test_cut_off_archive_is_refused(site, tmp_path, end):
    write_backup(tmp_path / "site.tar")
    data = (tmp_path / "site.tar").read_bytes()
    cut = tmp_path / "cut.tar"
    cut.write_bytes(data[: data.rindex(end) + 3 if end else 0])
    before = content()
    with pytest.raises(BadArchive):
        restore_site(cut, replace=True)
    assert content() == before


def test_archive_that_is_none_or_is_not_there_is_refused(tmp_path):
    (tmp_path / "text.tar").write_bytes(b"hello" * 500)
    for name in ("text.tar", "absent.tar"):
        with pytest.raises(BadArchive):
            restore_site(tmp_path / name, replace=True)


@pytest.mark.parametrize(
    "name",
    [
        "../../escaped",
        "/tmp/escaped",
        "files/../../escaped",
        "files/ab/cd/../../../escaped",
        "data/../escaped.jsonl.gz",
    ],
)
def test_names_that_lead_out_of_the_site_are_refused(site, tmp_path, name):
    write_backup(tmp_path / "site.tar")
    target = tmp_path / "evil.tar"
    with tarfile.open(target, "w") as tar:
        info = tarfile.TarInfo(name)
        info.size = 4
        tar.addfile(info, io.BytesIO(b"evil"))
        for member, data in parts(tmp_path / "site.tar"):
            tar.addfile(member, io.BytesIO(data))
    with pytest.raises(BadArchive, match="does not belong"):
        restore_site(target, replace=True)
    assert not list(tmp_path.rglob("escaped*"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE])
def test_links_folders_and_devices_are_refused(tmp_path, kind):
    target = tmp_path / "evil.tar"
    with tarfile.open(target, "w") as tar:
        info = tarfile.TarInfo("files/ab/cd/" + "abcd" + "0" * 60)
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)
    with pytest.raises(BadArchive, match="not a plain file"):
        restore_site(target, replace=True)


def forge(path, edit):
    """An archive whose manifest was made to fit the changed rows, as somebody with time would do."""
    import hashlib

    data = {member.name: body for member, body in parts(path)}
    for name in [name for name in data if name.startswith("data/")]:
        data[name] = edit_lines(data[name], lambda text, name=name: edit(name, text))
    manifest = json.loads(data.pop("manifest.json"))
    for label in manifest["tables"]:
        text = gzip.decompress(data[f"data/{label}.jsonl.gz"])
        manifest["tables"][label] = {"rows": text.count(b"\n"), "sha256": hashlib.sha256(text).hexdigest()}
    data["manifest.json"] = json.dumps(manifest).encode()
    target = path.with_name("forged.tar")
    with tarfile.open(target, "w") as tar:
        for name, body in data.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    return target


def test_forged_audit_entry_is_found_by_the_chain(site, tmp_path):
    write_backup(tmp_path / "site.tar")
    forged = forge(
        tmp_path / "site.tar",
        lambda name, text: text.replace(b"thing.done", b"thing.left") if "audit.entry" in name else text,
    )
    before = content()
    with pytest.raises(BadArchive, match="broken at entry"):
        restore_site(forged, replace=True)
    assert content() == before


def test_forged_key_that_leads_nowhere_is_refused(site, tmp_path):
    write_backup(tmp_path / "site.tar")
    forged = forge(tmp_path / "site.tar", lambda name, text: b"" if "organizations.unit." in name else text)
    before = content()
    with pytest.raises(BadArchive, match="do not fit together"):
        restore_site(forged, replace=True)
    assert content() == before


def test_archive_of_an_sqlite_site_restores_here(tmp_path, migrated):
    """Another process founds a site on SQLite and backs it up; whatever database the tests use takes it."""
    program = textwrap.dedent(
        """
        import django
        django.setup()
        from pathlib import Path
        from chuangwen.config.backup import write_backup
        from tests.support.factories import *
        problem = make_problem(make_unit(name="东关街道"))
        from chuangwen.workflow.services import note_step
        note_step(problem, "remarked", actor=None, note="看过了", data={"n": None, "list": [1, "二"]})
        write_backup(Path(__import__("os").environ["CHUANGWEN_VAR"]) / "site.tar")
        """
    )
    subprocess.run([sys.executable, "-c", program], check=True, env=migrated.site(tmp_path), cwd=Path.cwd())
    done = restore_site(tmp_path / "site.tar", replace=True)
    assert Problem.objects.get().lead.name == "东关街道"
    assert done.entries == Entry.objects.count() - 1
    assert verify_chain().ok
