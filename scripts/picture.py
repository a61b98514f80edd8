"""Renews docs/pictures/desk.png, the picture in README: the office's start page of a demo.

Fills and serves a demo of its own in a folder that goes afterwards; `--url` takes one that is running.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "pictures" / "desk.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 300  # seconds until the demo must be ready


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="", help="a demo that is running, such as http://127.0.0.1:8000")
    parser.add_argument("--account", default="office")
    parser.add_argument("--out", type=Path, default=PICTURE)
    options = parser.parse_args()
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        print("picture: no Chromium on this machine. Install it: apt-get install chromium", file=sys.stderr)
        return 1
    if options.url:
        take(options.url.rstrip("/"), options.account, options.out, browser)
    else:
        with own_demo() as url:
            take(url, options.account, options.out, browser)
    print(f"picture: {options.out} renewed")
    return 0


def take(url: str, account: str, out: Path, browser: str) -> None:
    """Sign in and keep the first screen of the start page."""
    sys.path.insert(0, str(ROOT))
    from chuangwen.config.demo.accounts import PASSWORD

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )  # fmt: skip
        page.goto(f"{url}/account/login/")
        page.fill("[name=login]", account)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{url}/desk/")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=out)
        chromium.close()


@contextmanager
def own_demo() -> Iterator[str]:
    """Fill and serve a demo; yields its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="chuangwen-picture-") as var:
        kept = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "STORAGE_URL", "DEBUG"}
        }
        command = [sys.executable, "-m", "chuangwen.config.cli", "demo", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=kept | {"CHUANGWEN_VAR": var}, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/healthz/", timeout=2).close()  # noqa: S310 (our own address)
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
        else:
            return
    sys.exit("picture: the demo did not start; run `make demo` to see why")


if __name__ == "__main__":
    sys.exit(main())
