"""What a start is made of, without a server: variables, preparation, serving, the worker's loop."""

from __future__ import annotations

import fcntl
import signal
import threading
from argparse import Namespace
from contextlib import nullcontext
from types import SimpleNamespace
from urllib.error import URLError

import pytest

from chuangwen.config import cli, environment, preparing, refusing, serving, working

SERVE = Namespace(host="127.0.0.1", port=8123, workers=2, threads=3, reset=False)


@pytest.fixture
def done(monkeypatch):
    """What `serving` would do, in order."""
    calls = []
    for name in ("_refuse_taken", "_prepare", "_granian", "_greet", "reset"):
        monkeypatch.setattr(serving, name, lambda *given, name=name, **named: calls.append((name, *given, named)))
    monkeypatch.setattr(serving, "sole_server", lambda url: nullcontext(calls.append(("sole", url))))
    return calls


def test_serve_prepares_before_it_listens(done):
    assert serving.serve(SERVE) == 0
    assert done == [
        ("_refuse_taken", "127.0.0.1", 8123, {}),
        ("_prepare", {"demo": False}),
        ("_granian", "chuangwen.config.wsgi:application", "127.0.0.1", 8123, 2, 3, {}),
    ]


@pytest.mark.parametrize(
    ("host", "reset", "hosts", "url"),
    [
        ("127.0.0.1", False, None, "http://127.0.0.1:8123/"),
        ("0.0.0.0", True, "*", "http://127.0.0.1:8123/"),  # noqa: S104 (nothing listens)
        ("10.0.0.7", False, "*", "http://10.0.0.7:8123/"),
    ],
)
def test_demo_names_its_address_and_begins_anew_when_told(done, monkeypatch, host, reset, hosts, url):
    monkeypatch.setenv("CHUANGWEN_DEMO", "")
    monkeypatch.setenv("ALLOWED_HOSTS", "")
    monkeypatch.delenv("ALLOWED_HOSTS")
    monkeypatch.setenv("SITE_URL", "")
    monkeypatch.delenv("SITE_URL")
    assert serving.demo(Namespace(host=host, port=8123, threads=3, reset=reset)) == 0
    names = [call[0] for call in done if call[0] != "_greet"]
    assert names == ["sole", "_refuse_taken", *["reset"] * reset, "_prepare", "_granian"]
    assert (done[0], serving.os.environ.get("ALLOWED_HOSTS")) == (("sole", url), hosts)
    assert serving.os.environ["CHUANGWEN_DEMO"] == "1"
    assert serving.os.environ["SITE_URL"] + "/" == url


def test_greeting_waits_for_the_first_answer(monkeypatch, capsys):
    answers = iter([URLError("not yet"), 503, 200])

    def ask(_url, timeout):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return nullcontext(SimpleNamespace(status=answer))

    monkeypatch.setattr(serving.urllib.request, "urlopen", ask)
    monkeypatch.setattr(serving.time, "sleep", lambda _seconds: None)
    serving._greet("http://127.0.0.1:8123/")
    said = capsys.readouterr().out
    assert ("is ready: http://127.0.0.1:8123/" in said, "office" in said, next(answers, None)) == (True, True, None)


def test_site_that_never_answers_is_not_waited_for(monkeypatch, capsys):
    monkeypatch.setattr(serving, "READY_WITHIN", 0)
    monkeypatch.setattr(serving.urllib.request, "urlopen", lambda *_given, **_named: pytest.fail("asked"))
    serving._greet("http://127.0.0.1:8123/")
    assert "http://127.0.0.1:8123/" in capsys.readouterr().out


@pytest.mark.parametrize(("code", "said"), [(0, ""), (130, "Nothing is half done"), (3, "")])
def test_preparation_that_fails_ends_the_start(monkeypatch, capsys, code, said):
    child = SimpleNamespace(wait=lambda: code, terminate=lambda: None)
    monkeypatch.setattr(serving, "is_prepared", lambda *, demo: False)
    monkeypatch.setattr(serving.subprocess, "Popen", lambda _command: child)
    with pytest.raises(SystemExit) if code else nullcontext() as ended:
        serving._prepare(demo=True)
    assert said in capsys.readouterr().out
    assert not code or ended.value.code == code


def test_site_that_is_ready_is_not_prepared_again(monkeypatch):
    monkeypatch.setattr(serving, "is_prepared", lambda *, demo: True)
    monkeypatch.setattr(serving.subprocess, "Popen", lambda _command: pytest.fail("prepared again"))
    serving._prepare(demo=True)


def test_work_runs_the_worker(monkeypatch):
    ran = []
    monkeypatch.setattr(serving, "load_settings", lambda: ran.append("settings"))
    monkeypatch.setattr(working, "run_worker", lambda: ran.append("worker"))
    assert (serving.work(Namespace()), ran) == (0, ["settings", "worker"])


def test_worker_ends_at_a_signal_after_the_work_in_hand(monkeypatch):
    told, daily = [], threading.Event()

    def run():
        signal.raise_signal(signal.SIGTERM)
        told.append("finished")

    monkeypatch.setattr(working, "end_what_was_interrupted", lambda: told.append("interrupted"))
    monkeypatch.setattr(working, "daily_loop", lambda stop: stop.wait(20) and daily.set())
    fake = SimpleNamespace(run=run, shutdown=lambda number, _frame: told.append(number))
    monkeypatch.setattr(working, "make_worker", lambda: fake)
    before = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        working.run_worker()
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    assert told == ["interrupted", signal.SIGTERM, "finished"]
    assert daily.wait(20)


def test_daily_work_that_fails_is_logged_and_looked_at_again(monkeypatch, caplog):
    stop, looks = threading.Event(), []

    def run_due():
        looks.append(1)
        if len(looks) == 2:
            stop.set()
        raise ValueError("broken")

    monkeypatch.setattr(working, "run_due", run_due)
    monkeypatch.setattr(working, "DAILY_LOOK", 0)
    monkeypatch.setattr(working, "close_old_connections", lambda: None)
    working.daily_loop(stop)
    assert (len(looks), caplog.text.count("looking for daily work failed")) == (2, 2)


def test_worker_beside_a_server_begins_again(monkeypatch, caplog):
    started, waits = [], []
    monkeypatch.setattr(
        working.threading, "Thread", lambda **given: started.append(given) or SimpleNamespace(start=int)
    )
    monkeypatch.setattr(working, "end_what_was_interrupted", lambda: None)
    monkeypatch.setattr(working, "make_worker", lambda: 1 / 0)

    def sleep(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            raise SystemExit

    monkeypatch.setattr(working.time, "sleep", sleep)
    working.start_beside_server()
    with pytest.raises(SystemExit):
        started[0]["target"]()
    assert ([one["name"] for one in started], waits) == (["worker", "daily"], [5, 5])
    assert "begins again" in caplog.text


def test_database_elsewhere_is_always_looked_at(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://there")
    assert preparing.is_prepared(demo=False) is False


@pytest.mark.parametrize("filled", [True, False])
def test_preparation_does_what_is_missing_and_leaves_its_stamp(monkeypatch, tmp_path, filled):
    from django.core import management

    from chuangwen.config.demo import fill

    calls = []
    monkeypatch.setattr(preparing, "_one_at_a_time", nullcontext)
    monkeypatch.setattr(preparing, "STAMP", tmp_path / "prepared")
    monkeypatch.setattr(preparing, "_is_collected", lambda: filled)
    monkeypatch.setattr(management, "call_command", lambda name, **_named: calls.append(name))
    monkeypatch.setattr(fill, "is_empty", lambda: not filled)
    monkeypatch.setattr(fill, "fill", lambda say: calls.append("fill") or say("two"))
    preparing.prepare(demo=True)
    assert calls == (["migrate"] if filled else ["migrate", "collectstatic", "fill"])
    assert preparing.STAMP.read_text() == preparing.wanted_stamp(demo=True)


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_starts_at_once_prepare_one_after_another(monkeypatch, tmp_path, capsys, vendor):
    from django import db

    said, inside = [], []
    cursor = SimpleNamespace(execute=lambda sql, given: said.append((sql, given, list(inside))))
    monkeypatch.setattr(db, "connection", SimpleNamespace(vendor=vendor, cursor=lambda: nullcontext(cursor)))
    monkeypatch.setattr(preparing, "VAR_DIR", tmp_path)
    with (tmp_path / "prepare.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        threading.Timer(0.2, fcntl.flock, (other, fcntl.LOCK_UN)).start()
        with preparing._one_at_a_time():
            inside.append(1)
    assert "waiting for it" in capsys.readouterr().out
    lock = [preparing.ADVISORY_LOCK]
    both = [("SELECT pg_advisory_lock(%s)", lock, []), ("SELECT pg_advisory_unlock(%s)", lock, [1])]
    assert said == (both if vendor == "postgresql" else [])


@pytest.mark.parametrize(
    ("url", "endpoint", "region"),
    [
        ("s3://K%2F1:S@minio:9000/bucket/?secure=0&region=cn", "http://minio:9000", "cn"),
        ("s3://K%2F1:S@store.example/bucket", "https://store.example", None),
    ],
)
def test_files_elsewhere_are_named_by_one_address(monkeypatch, url, endpoint, region):
    monkeypatch.setenv("STORAGE_URL", url)
    found = environment.storages()["default"]
    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    assert found["OPTIONS"] == {
        "access_key": "K/1", "secret_key": "S", "bucket_name": "bucket", "endpoint_url": endpoint,
        "region_name": region, "querystring_auth": True, "file_overwrite": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "known", "told"),
    [("md5", {"md5"}, "must be sha256 or sm3"), ("sm3", {"sha256"}, "OpenSSL does not have"), ("sm3", {"sm3"}, None)],
)
def test_audit_hash_is_refused_at_the_start(monkeypatch, name, known, told):
    monkeypatch.setenv("AUDIT_HASH", name)
    monkeypatch.setattr(environment.hashlib, "algorithms_available", known)
    with pytest.raises(ValueError, match=told) if told else nullcontext():
        assert environment.audit_hash() == name


def test_key_that_is_given_is_taken_and_installed_program_keeps_its_data_with_the_user(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "given")
    assert environment.secret_key() == "given"
    monkeypatch.setattr(environment, "__file__", str(tmp_path / "site-packages/chuangwen/config/environment.py"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert environment._home() == tmp_path / "chuangwen"


@pytest.mark.parametrize("words", [["serve", "--threads", "0"], ["serve", "--port", "65536"], ["demo", "--port", "0"]])
def test_numbers_that_cannot_be_are_refused(words, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert (ended.value.code, "must" in capsys.readouterr().err) == (2, True)


def test_numbers_of_a_server_are_taken(monkeypatch):
    taken = []
    monkeypatch.setattr(serving, "serve", taken.append)
    assert cli.main(["serve", "--threads", "1", "--workers", "3", "--port", "65535"]) == 0
    assert (taken[0].threads, taken[0].workers, taken[0].port) == (1, 3, 65535)


def test_ctrl_c_ends_a_command_without_a_trace(monkeypatch):
    monkeypatch.setattr(serving, "work", lambda _args: (_ for _ in ()).throw(KeyboardInterrupt))
    assert cli.main(["work"]) == 130


def test_developers_get_the_trace_of_a_database_that_does_not_answer(monkeypatch):
    from django.db import OperationalError

    monkeypatch.setenv("DEBUG", "1")
    with pytest.raises(OperationalError), refusing.site_told():
        raise OperationalError
