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


class Browser:
    """What one person's browser sends: the session, and the cookies that answers set and took back."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._jar = SimpleCookie(headers.get("Cookie", ""))

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": _cookies(self._jar)} if self._jar else {}

    def take(self, told: list[str]) -> None:
        """Keep what an answer's Set-Cookie lines say; one that lasts no longer goes."""
        for line in told:
            self._jar.load(line)
        for gone in [name for name, one in self._jar.items() if one["max-age"] == "0"]:
            del self._jar[gone]


def _ask(line: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> tuple[int, list[str]]:
    """The answer's status and what cookies it sets, once its last byte is there."""
    line.request("GET", path, headers=headers)
    answer = line.getresponse()
    answer.read()
    return answer.status, answer.headers.get_all("Set-Cookie", [])


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
            _timed(line, page.path, headers, found, lock)
        line.close()

    _together([client] * clients)
    return found


def live(port: int, pages: list[Page], headers: dict[str, dict[str, str]], *, people: int, seconds: float) -> Sample:
    """`people` open pages by their weight and think for THINKING seconds before the next, for `seconds`.

    Each has a browser of her own, which keeps the cookies that pages set; the session is shared by those of a kind.
    """
    found, lock = Sample(), threading.Lock()
    until = time.monotonic() + seconds

    def person(number: int) -> None:
        rng = random.Random(number)  # noqa: S311
        line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        browsers = {name: Browser(sent) for name, sent in headers.items()}
        wait = rng.uniform(0, THINKING[1])  # they did not all come at once
        while time.monotonic() + wait < until:
            time.sleep(wait)
            page = rng.choices(pages, [page.weight for page in pages])[0]
            line.close()  # after so long a browser comes anew
            browser = browsers[page.person]
            browser.take(_timed(line, page.path, browser.headers, found, lock))
            wait = rng.uniform(*THINKING)
        line.close()

    _together([partial(person, number) for number in range(people)])
    return found


def _timed(
    line: http.client.HTTPConnection, path: str, headers: dict[str, str], found: Sample, lock: threading.Lock
) -> list[str]:
    """Ask once, note the time, and give the cookies that were set."""
    told: list[str] = []
    began = time.perf_counter()
    try:
        status, told = _ask(line, path, headers)
    except (OSError, http.client.HTTPException):
        line.close()
        status = 0
    took = time.perf_counter() - began
    with lock:
        found.times.append(took)
        found.refused += status != 200
    return told


def _together(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work, daemon=True) for work in works]  # an interrupt does not wait for them
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
