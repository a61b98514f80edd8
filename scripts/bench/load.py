"""Runs the program's own server on this machine and asks it for pages, many at once."""

from __future__ import annotations

import http.client
import math
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from bench.city import PASSWORD
from bench.pages import Page
from bench.serving import HOST

ROOT = Path(__file__).resolve().parent.parent.parent
SIGN_IN = "/account/login/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
THINKING = (10, 20)  # seconds between two clicks of one person
PATIENCE = 60  # seconds for one answer


@dataclass
class Sample:
    """The times of one page's answers in seconds, and how many answers were not 200."""

    times: list[float] = field(default_factory=list)
    refused: int = 0

    def at(self, percent: float) -> float:
        """The percentile by nearest rank, in milliseconds."""
        ranked = sorted(self.times)
        return 1000 * ranked[max(0, math.ceil(percent / 100 * len(ranked)) - 1)]


def _ask(line: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    line.request("GET", path, headers=headers)
    answer = line.getresponse()
    return answer.status, answer.read()


def sign_in(port: int, person: str) -> dict[str, str]:
    """The headers of a session that was begun through the sign-in page; none for nobody."""
    if not person:
        return {}
    line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    line.request("GET", SIGN_IN)
    answer = line.getresponse()
    jar = SimpleCookie(answer.headers["Set-Cookie"] or "")
    token = TOKEN.search(answer.read().decode())
    if token is None:
        raise SystemExit(f"{SIGN_IN} shows no form (status {answer.status}).")
    form = {"login": person, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": _cookies(jar)}
    line.request("POST", SIGN_IN, urlencode(form), headers)
    answer = line.getresponse()
    answer.read()
    for told in answer.headers.get_all("Set-Cookie", []):
        jar.load(told)
    if answer.status != 302 or "sessionid" not in jar:
        raise SystemExit(f"{person} could not sign in (status {answer.status}).")
    return {"Cookie": _cookies(jar)}


def _cookies(jar: SimpleCookie) -> str:
    return "; ".join(f"{one.key}={one.value}" for one in jar.values())


def press(port: int, page: Page, headers: dict[str, str], *, clients: int, count: int, seconds: float) -> Sample:
    """Ask for one page over and over from `clients` threads, each asking again at once, until count or time is up."""
    found, lock = Sample(), threading.Lock()
    until, left = time.monotonic() + seconds, [count]

    def take() -> bool:
        with lock:
            left[0] -= 1
            enough = len(found.times) >= clients  # each page gets some answers, however slow it is
            return left[0] >= 0 and (time.monotonic() < until or not enough)

    def client() -> None:
        line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        while take():
            _timed(line, page, headers, found, lock)
        line.close()

    _together([client] * clients)
    return found


def live(port: int, pages: list[Page], headers: dict[str, dict[str, str]], *, people: int, seconds: float) -> Sample:
    """`people` open pages by their weight and think for THINKING seconds before the next, for `seconds`."""
    found, lock = Sample(), threading.Lock()
    until = time.monotonic() + seconds

    def person(number: int) -> None:
        rng = random.Random(number)  # noqa: S311
        line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        wait = rng.uniform(0, THINKING[1])  # they did not all come at once
        while time.monotonic() + wait < until:
            time.sleep(wait)
            page = rng.choices(pages, [page.weight for page in pages])[0]
            line.close()  # after so long a browser comes anew
            _timed(line, page, headers[page.person], found, lock)
            wait = rng.uniform(*THINKING)
        line.close()

    _together([partial(person, number) for number in range(people)])
    return found


def _timed(
    line: http.client.HTTPConnection, page: Page, headers: dict[str, str], found: Sample, lock: threading.Lock
) -> None:
    began = time.perf_counter()
    try:
        status = _ask(line, page.path, headers)[0]
    except (OSError, http.client.HTTPException):
        line.close()
        status = 0
    took = time.perf_counter() - began
    with lock:
        found.times.append(took)
        found.refused += status != 200


def _together(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work, daemon=True) for work in works]  # an interrupt does not wait for them
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
