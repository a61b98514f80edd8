"""The command line: which command runs what, how it refuses, and that file commands start without Django."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import Namespace
from pathlib import Path

import pytest
from django.db import connection, transaction

from chuangwen.audit.services import record
from chuangwen.config import cli, preparing, serving, site_commands
from chuangwen.config.backup import BadArchive, NotEmpty, Written

ROOT = Path(__file__).resolve().parent.parent.parent
STANDARD = ROOT / "chuangwen" / "standards" / "data" / "city-2026.yaml"


def run(*words, **environment):
    """The command in a process of its own: (exit code, output, errors)."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DEBUG"}}
    done = subprocess.run(
        [sys.executable, "-m", "chuangwen.config.cli", *words],
        capture_output=True, text=True, check=False, cwd=ROOT, env=kept | environment, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    commands = [
        "serve",
        "work",
        "demo",
        "found",
        "standard",
        "directives",
        "draw",
        "score",
        "audit",
        "backup",
        "restore",
    ]
    assert [name for name in commands if f"\n    {name}" not in told] == []


@pytest.mark.parametrize("command", sorted(cli.PURE))
def test_every_file_command_mounts_its_area(command, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert f"chuangwen {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [["dance"], ["serve", "--port", "0"], ["serve", "--port", "x"], ["demo", "--threads", "0"]]
)
def test_wrong_words_end_with_two_and_say_why(words, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_command_for_files_loads_no_django(tmp_path):
    program = (
        "import sys; from chuangwen.config.cli import main; "
        f"code = main(['standard', 'check', {str(STANDARD)!r}]); "
        "sys.exit(code or ('django' in sys.modules and 'Django was loaded'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ok: ")


def test_reader_that_has_seen_enough_is_no_fault():
    command = f"{sys.executable} -m chuangwen.config.cli directives extract {ROOT}/README.md | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
class TestAudit:
    def write(self, number=2):
        for _index in range(number):
            with transaction.atomic():
                record("thing.done", actor=None, region="north")

    def test_verify_says_ok_with_the_heads(self, capsys):
        self.write()
        assert cli.main(["audit", "verify"]) == 0
        first, second = capsys.readouterr().out.splitlines()
        assert first == "ok: 2 entries"
        assert second.startswith("north\t")

    def test_verify_names_the_first_broken_entry_and_ends_with_one(self, capsys):
        self.write(3)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE audit_entry SET actor_name = 'x' WHERE sequence = 2")
        assert cli.main(["audit", "verify", "--region", "north"]) == 1
        assert capsys.readouterr().out == ("broken: region north, entry 2: its content does not fit its digest\n")

    def test_verify_of_a_region_without_a_chain_is_not_ok(self, capsys):
        self.write()
        assert cli.main(["audit", "verify", "--region", "south"]) == 1

    def test_verify_compares_with_kept_heads(self, capsys, tmp_path):
        self.write()
        cli.main(["audit", "head"])
        kept = tmp_path / "heads.txt"
        kept.write_text(capsys.readouterr().out, encoding="utf-8")
        self.write()
        assert cli.main(["audit", "verify", "--heads", str(kept)]) == 0
        kept.write_text(f"north\t3\t{'a' * 64}\n", encoding="utf-8")
        capsys.readouterr()
        assert cli.main(["audit", "verify", "--heads", str(kept)]) == 1
        assert capsys.readouterr().out.startswith("broken: region north, entry 3: it is not the one that the kept")
        assert cli.main(["audit", "verify", "--heads", str(kept), "--region", "south"]) == 1
        kept.write_text("north 3\n", encoding="utf-8")
        assert cli.main(["audit", "verify", "--heads", str(kept)]) == 1
        assert "line 1 is no head" in capsys.readouterr().out
        assert cli.main(["audit", "verify", "--heads", str(tmp_path / "none")]) == 1

    def test_heads_are_region_length_and_digest(self, capsys):
        self.write()
        assert cli.main(["audit", "head"]) == 0
        region, length, head = capsys.readouterr().out.strip().split("\t")
        assert (region, length, len(head)) == ("north", "2", 64)


@pytest.mark.parametrize(
    ("words", "environment", "told"),
    [
        ("audit verify", {}, "no such table"),
        ("backup a.tar", {"DATABASE_URL": "sqlite:////nowhere/at/all/x.sqlite3"}, "unable to open database file"),
        ("audit head", {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "127.0.0.1"),
        ("restore a.tar", {"DATABASE_URL": "nonsense"}, "The settings cannot be used"),
        ("audit head", {"AUDIT_HASH": "md5"}, "AUDIT_HASH is 'md5'; it must be sha256 or sm3"),
        ("work", {"UPLOAD_LIMIT_MB": "much"}, "The settings cannot be used (invalid literal for int()"),
        ("backup a.tar", {"CHUANGWEN_VAR": "/dev/null/var"}, "The settings cannot be used ([Errno 20] Not a directory"),
    ],
)
def test_site_that_cannot_be_reached_is_told_in_a_line(tmp_path, words, environment, told):
    code, out, err = run(*words.split(), **{"CHUANGWEN_VAR": str(tmp_path / "var")} | environment)
    assert (code, out) == (1, "")
    assert told in err
    assert err.count("\n") == 1
    assert not (ROOT / "a.tar").exists()


class TestBackupCommands:
    def test_site_goes_there_and_back_by_command(self, tmp_path, migrated):
        site, other, archive = tmp_path / "site", tmp_path / "other", tmp_path / "a.tar"
        found = (
            "import django; django.setup(); "
            "from chuangwen.organizations.services import found_region; found_region('yx', '云溪市', actor=None)"
        )
        subprocess.run([sys.executable, "-c", found], check=True, cwd=ROOT, env=migrated.site(site))
        code, out, _err = run("backup", str(archive), CHUANGWEN_VAR=str(site))
        assert code == 0
        assert "sha256" in out
        code, out, err = run("restore", str(archive), CHUANGWEN_VAR=migrated.site(other)["CHUANGWEN_VAR"])
        assert (code, err) == (0, "")
        assert "the audit chain is whole" in out

    def test_backup_never_overwrites(self, tmp_path, capsys):
        (tmp_path / "a.tar").write_text("x")
        assert site_commands.back_up(Namespace(file=tmp_path / "a.tar")) == 1
        assert "never overwrites" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("fault", "told"),
        [(NotEmpty(), "--yes"), (BadArchive("It is damaged."), "It is damaged. Nothing was changed.")],
    )
    def test_restore_that_is_refused_says_the_way_out(self, tmp_path, capsys, monkeypatch, fault, told):
        def refuse(*_args, **_kwargs):
            raise fault

        monkeypatch.setattr(site_commands, "call_command", lambda *_args, **_kwargs: None)
        monkeypatch.setattr(site_commands, "restore_site", refuse)
        (tmp_path / "a.tar").touch()
        assert site_commands.restore(Namespace(file=tmp_path / "a.tar", yes=False)) == 1
        assert told in capsys.readouterr().out

    def test_file_that_the_storage_lost_is_named(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setattr(site_commands, "write_backup", lambda _file: Written(missing=["abc"]))
        assert site_commands.back_up(Namespace(file=tmp_path / "a.tar")) == 1
        assert "abc" in capsys.readouterr().out

    def test_folder_that_cannot_be_written_is_told(self, tmp_path, capsys, monkeypatch):
        def fail(_file):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(site_commands, "write_backup", fail)
        assert site_commands.back_up(Namespace(file=tmp_path / "a.tar")) == 1
        assert "No space left on device" in capsys.readouterr().out


class TestServing:
    def test_taken_port_is_told_with_the_way_out(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with pytest.raises(SystemExit, match=f"--port {port + 1}"):
                serving.serve(Namespace(host="127.0.0.1", port=port, workers=1, threads=1))

    def test_reset_forgets_the_embedded_site_alone(self, tmp_path, monkeypatch):
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.setattr(preparing, "VAR_DIR", tmp_path)
        monkeypatch.setattr(preparing, "STAMP", tmp_path / "prepared")
        for name in ("chuangwen.sqlite3", "chuangwen.sqlite3-wal", "prepared", "secret.key"):
            (tmp_path / name).write_text("x")
        (tmp_path / "files" / "ab").mkdir(parents=True)
        preparing.reset()
        assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]

    @pytest.mark.parametrize("name", ["DATABASE_URL", "STORAGE_URL"])
    def test_reset_of_a_site_elsewhere_is_refused(self, name, tmp_path, monkeypatch):
        monkeypatch.setattr(preparing, "VAR_DIR", tmp_path)
        monkeypatch.setenv(name, "elsewhere://host/name")
        (tmp_path / "chuangwen.sqlite3").write_text("x")
        with pytest.raises(SystemExit, match="Unset"):
            preparing.reset()
        assert (tmp_path / "chuangwen.sqlite3").exists()

    def test_serve_answers_runs_queued_work_and_ends_at_a_signal(self, tmp_path, migrated):
        """Web and worker in one process, as the demo starts them, on an empty site."""
        env = migrated.site(tmp_path) | {"STATIC_ROOT": str(tmp_path / "static")}
        subprocess.run([sys.executable, "-m", "chuangwen.config.preparing"], check=True, cwd=ROOT, env=env)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        target = "chuangwen.config.together:application"
        program = f"from chuangwen.config.serving import _granian; _granian({target!r}, '127.0.0.1', {port}, 1, 2)"
        server = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=env)
        try:
            assert wait_for(f"http://127.0.0.1:{port}/healthz/") == (200, "ok")
            status, page = ask(f"http://127.0.0.1:{port}/nothing-here/")
            assert status == 404
            style = re.search(r'href="(/static/chuangwen/main\.[0-9a-f]{12}\.css)"', page)[1]
            assert ask(f"http://127.0.0.1:{port}{style}")[0] == 200
            queue = (
                "import django, time; django.setup(); from types import SimpleNamespace; "
                "from chuangwen.core.jobs import start_job; from chuangwen.core.models import Job\n"
                "job = start_job('no-such-kind', owner=SimpleNamespace(pk=1), title='x', params={})\n"
                "end = time.monotonic() + 20\n"
                "while not (job := Job.objects.get(pk=job.pk)).is_over and time.monotonic() < end: time.sleep(0.1)\n"
                "print(job.status)"
            )
            done = subprocess.run(
                [sys.executable, "-c", queue], capture_output=True, text=True, check=True, cwd=ROOT, env=env
            )
            assert done.stdout.strip() == "failed"
        finally:
            server.send_signal(signal.SIGINT)
            code = server.wait(timeout=30)
        assert code == 0


def ask(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (our own server)
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read().decode()


def wait_for(url: str) -> tuple[int, str]:
    end = time.monotonic() + 60
    while True:
        try:
            return ask(url)
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_stamp_changes_with_what_preparation_depends_on(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert preparing.wanted_stamp(demo=True) != preparing.wanted_stamp(demo=False)
    assert preparing.wanted_stamp(demo=True) == preparing.wanted_stamp(demo=True)
    monkeypatch.setattr(preparing, "VAR_DIR", tmp_path)
    assert preparing.is_prepared(demo=False) is False


def test_shown_accounts_are_one_of_each_role():
    from chuangwen.accounts.roles import Role
    from chuangwen.config.demo.accounts import shown_lines

    lines = list(shown_lines())[1:]
    told = [line.split()[1] for line in lines]
    assert sorted(told[: len(Role)]) == sorted(role.value for role in Role)
    assert told[len(Role) :] == ["office", "leader", "liaison", "liaison"]  # of the committee


def test_version_is_the_packages(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out.startswith("chuangwen 0.")


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    program = "from chuangwen.config.environment import secret_key; print(secret_key())"
    environment = {**os.environ, "CHUANGWEN_VAR": str(tmp_path / "var"), "SECRET_KEY": ""}
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment)
        for _number in range(4)
    ]
    keys = {process.communicate()[0].strip() for process in started}
    assert len(keys) == 1
    (key,) = keys
    assert len(key) >= 60
    kept = tmp_path / "var" / "secret.key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret.key"]


def test_second_server_of_the_same_data_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(preparing, "VAR_DIR", tmp_path)
    program = (
        "import sys; from pathlib import Path; from chuangwen.config import preparing\n"
        f"preparing.VAR_DIR = Path({str(tmp_path)!r})\n"
        "with preparing.sole_server('http://127.0.0.1:8000/'): print('held', flush=True); sys.stdin.read()"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert first.stdout.readline() == "held\n"
        with pytest.raises(SystemExit, match=rf"http://127.0.0.1:8000/ \(process {first.pid}\)"):  # noqa: SIM117
            with preparing.sole_server("http://127.0.0.1:8001/"):
                pytest.fail("two servers of one folder")
    finally:
        first.kill()
        first.communicate()
    with preparing.sole_server("http://127.0.0.1:8001/"):  # a killed one holds nothing
        assert "8001" in (tmp_path / "serving.lock").read_text()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_ended_preparation_ends_its_child_and_says_so(how, tmp_path):
    program = (
        "import signal, sys; from chuangwen.config import serving\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background work ignores it
        "serving.is_prepared = lambda demo: False\n"
        "serving.sys = type('S', (), {'executable': sys.argv[1], 'exit': staticmethod(sys.exit)})\n"
        "serving._prepare(demo=True)"
    )
    sleeper = tmp_path / "sleeper"
    sleeper.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")
    sleeper.chmod(0o755)
    parent = subprocess.Popen([sys.executable, "-c", program, str(sleeper)], cwd=ROOT)
    end = time.monotonic() + 30
    while not (tmp_path / "pid").exists() and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.1)
    parent.send_signal(how)
    assert parent.wait(timeout=30) != 0
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("command", ["serve", "work", "demo", "found", *cli.PURE, "audit", "backup", "restore"])
def test_help_of_a_command_says_what_it_does(command, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    told = capsys.readouterr().out.split("\n\n")
    assert (ended.value.code, told[0].startswith(f"usage: chuangwen {command}"), told[1].endswith(".")) == (
        0,
        True,
        True,
    )


def test_no_command_at_all_shows_the_commands(capsys):
    assert cli.main([]) == 2
    assert "restore" in capsys.readouterr().err


def test_number_that_is_none_is_told_in_words(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["serve", "--port", "abc"])
    assert (ended.value.code, "argument --port: 'abc' is no whole number" in capsys.readouterr().err) == (2, True)


def test_host_that_is_not_here_is_told_with_another():
    with pytest.raises(SystemExit, match=r"Choose another: --host 127\.0\.0\.1"):
        serving._refuse_taken("999.1.1.1", 8000)


def test_restore_of_no_file_says_so_before_it_asks_for_anything(tmp_path, capsys):
    asked = Namespace(file=tmp_path / "none.tar", yes=False)
    assert site_commands.restore(asked) == 1
    assert capsys.readouterr().out == f"{asked.file}: There is no such file. Check the name. Nothing was changed.\n"
