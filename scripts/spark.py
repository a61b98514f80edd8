"""A Spark cluster on this machine: a standalone master, two workers and a Connect server, all on loopback.

scripts/spark.py                          starts one, says its address, stops it at Ctrl-C
scripts/spark.py score ARGUMENTS          `chuangwen score run` on it: --standard …, --observations …, --out …
scripts/spark.py example                  scores the worked example of the tests, and shows what came out

Spark lives in an environment of its own (.spark), made from scripts/spark.lock at the first use; the program needs its
client alone. Java 17 comes from Debian where root may install it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from setup import ROOT, apt_install, install_into

HOME = ROOT / ".spark"
LOCK = ROOT / "scripts" / "spark.lock"
EXAMPLE = ROOT / "tests" / "scoring" / "engine" / "examples" / "mixed-zero"
PATIENCE = 180  # seconds until the cluster stands, on a busy machine
QUIET = "rootLogger.level = warn\nrootLogger.appenderRef.stderr.ref = stderr\nappender.stderr.type = Console\nappender.stderr.name = stderr\nappender.stderr.target = SYSTEM_ERR\nappender.stderr.layout.type = PatternLayout\nappender.stderr.layout.pattern = %p %c{1}: %m%n\n"  # noqa: E501


class NoSparkHere(RuntimeError):  # noqa: N818  what is missing, not what went wrong
    """Spark cannot run on this machine; the message says why."""


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] not in ("score", "example"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with cluster() as remote:
            if not arguments:
                print(f"{remote}  (Ctrl-C stops it)", flush=True)
                with contextlib.suppress(KeyboardInterrupt):
                    while True:
                        time.sleep(3600)
                return 0
            return scored(remote, arguments[1:] if arguments[0] == "score" else example())
    except NoSparkHere as error:
        print(f"spark: {error}", file=sys.stderr)
        return 1


def scored(remote: str, arguments: list[str]) -> int:
    """`chuangwen score run` on the cluster."""
    program = [sys.executable, "-m", "chuangwen.config.cli", "score", "run"]
    command = [*program, "--engine", "spark", "--remote", remote, *arguments]
    return subprocess.run(command, check=False, cwd=ROOT).returncode


def example(out: Path | None = None) -> list[str]:
    """The arguments that score the worked example; its tables go to `out`."""
    tables = [f"--{name}={EXAMPLE / name}.csv" for name in ("observations", "places", "frames", "leads")]
    out = out or Path(tempfile.gettempdir()) / "chuangwen-spark-example"
    return [f"--standard={EXAMPLE / 'standard.json'}", *tables, "--missing=zero", f"--out={out}", "--csv"]


@contextlib.contextmanager
def cluster(*, workers: int = 2, memory: str = "1g") -> Iterator[str]:
    """Starts the cluster and gives the address of its Connect server; stops all of it at the end.

    Raises NoSparkHere where Java or the packages cannot be had, or a part does not come up.
    """
    home, java = environment(), find_java()
    with tempfile.TemporaryDirectory(prefix="chuangwen-spark-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        (folder / "log4j2.properties").write_text(QUIET)
        told = {
            **os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_CONF_DIR": name,
            "SPARK_LOCAL_DIRS": str(folder / "local"), "PYTHONPATH": "", "JAVA_HOME": str(java),
        }  # fmt: skip
        master, connect = free_port(), free_port()
        url = f"spark://127.0.0.1:{master}"

        def start(part: str, *command: str) -> None:
            stack.enter_context(_running(folder / f"{part}.log", [str(home / "bin" / command[0]), *command[1:]], told))

        start("master", "spark-class", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1",
              "--port", str(master), "--webui-port", "0")  # fmt: skip
        _wait(master, folder)
        for number in range(workers):
            start(f"worker{number}", "spark-class", "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1",
                  "--cores", "1", "--memory", memory, "--webui-port", "0", "--work-dir", str(folder / str(number)),
                  url)  # fmt: skip
        settings = {
            "spark.connect.grpc.binding.address": "127.0.0.1", "spark.connect.grpc.binding.port": str(connect),
            "spark.driver.host": "127.0.0.1", "spark.executor.memory": "512m", "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": str(workers * 2),  # of 200 nearly all would be empty
        }  # fmt: skip
        start("connect", "spark-submit", "--master", url,
              "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
              *(part for key, value in settings.items() for part in ("--conf", f"{key}={value}")),
              "spark-internal")  # fmt: skip
        _wait(connect, folder)
        yield f"sc://127.0.0.1:{connect}"


def environment() -> Path:
    """Spark's home in an environment of its own, made where it is missing."""
    done, wanted = HOME / "made", LOCK.read_text()
    with (ROOT / ".spark.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)  # who comes second waits and finds it made
        if not done.exists() or done.read_text() != wanted:
            print("spark: the environment of the server, once", flush=True)
            shutil.rmtree(HOME, ignore_errors=True)
            made = subprocess.run([sys.executable, "-m", "venv", HOME], check=False).returncode
            if made or not install_into(HOME / "bin" / "python", LOCK):
                raise NoSparkHere("its packages cannot be installed; see above")
            done.write_text(wanted)
    return next(HOME.glob("lib/python*/site-packages/pyspark"))


def find_java() -> Path:
    """The home of a Java that Spark runs on; installed from Debian where root may."""
    if not shutil.which("java") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("spark: Java 17 from Debian, once", flush=True)
        with contextlib.suppress(subprocess.CalledProcessError):
            apt_install("openjdk-17-jre-headless")
    found = shutil.which("java")
    if not found:
        raise NoSparkHere("there is no Java; apt-get install openjdk-17-jre-headless")
    return Path(found).resolve().parent.parent


@contextlib.contextmanager
def _running(log: Path, command: list[str], told: dict[str, str]) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=told, stdout=out, stderr=out, start_new_session=True)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


def _wait(port: int, folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    said = "\n".join(path.read_text(errors="replace")[-800:] for path in sorted(folder.glob("*.log")))
    raise NoSparkHere(f"it did not come up within {PATIENCE} s:\n{said}")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
