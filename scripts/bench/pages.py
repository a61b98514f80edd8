"""The pages that are measured, and how many queries each asks of the database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bench.city import LIAISON, OFFICE

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
RARE = "没有这样的词"
HEALTH = "/healthz/"
# A day's clicks as we suppose them: the desk and the ledger lead to a problem, a task, a place.
WEIGHTS = {
    "desk": 6, "ledger": 6, "ledger, all": 2, "problem": 10, "problem, open": 6, "problem, closed": 2, "tasks": 4,
    "task": 4, "places": 3, "place": 3, "ledger, late": 2, "ledger, to be verified": 2,
}  # fmt: skip
NEXT_PAGE = re.compile(r'href="(\?[^"]*\bat=[^"]*)"')


@dataclass(frozen=True, slots=True)
class Page:
    """One address as one person sees it; `person` "" is nobody."""

    name: str
    person: str
    path: str
    weight: int = 1  # how often it is opened by those who have a choice


@dataclass(frozen=True, slots=True)
class Cost:
    """What one look at a page asks of the database."""

    queries: int
    seconds: float  # in all queries together
    slowest: str  # the statement that took longest


def pages() -> list[Page]:
    """The plain page first: it is the measure for all others. Needs the filled database."""
    found = [Page("plain page (healthz)", "", HEALTH)]
    for person, opened in ((OFFICE, _office_pages()), (LIAISON, _liaison_pages())):
        found += [Page(f"{name}, {person}", person, path, WEIGHTS.get(name, 1)) for name, path in opened]
    return found


def _office_pages() -> list[tuple[str, str]]:
    from chuangwen.campaigns.models import Round
    from chuangwen.organizations.models import Unit
    from chuangwen.rectification.models import Problem
    from chuangwen.responsibilities.models import Task
    from chuangwen.scoring.models import Run

    problem = Problem.objects.filter(state="assigned").order_by("pk")[0]
    closed = Problem.objects.filter(state="closed").order_by("pk")[0]
    street = Unit.objects.filter(code="S0001").get()
    score = f"/scores/{Run.objects.order_by('-pk')[0].pk}/"
    ledger = "/problems/"
    return [
        ("desk", "/desk/"),
        ("ledger", ledger),
        ("ledger, next page", f"{ledger}{_next_page(OFFICE, ledger)}"),
        ("ledger, late", f"{ledger}?tab=late"),
        ("ledger, due today", f"{ledger}?tab=today"),
        ("ledger, to be verified", f"{ledger}?tab=fixed"),
        ("ledger, closed", f"{ledger}?tab=closed"),
        ("ledger, all by day found", f"{ledger}?tab=all&sort=-found_at"),
        ("ledger, one territory", f"{ledger}?territory={problem.territory_id}"),
        ("ledger, one source", f"{ledger}?tab=all&source=hotline"),
        ("ledger, search", f"{ledger}?q=12"),
        ("ledger, rare word in all", f"{ledger}?tab=all&q={quote(RARE)}"),
        ("find by name", f"/find/?q={quote(RARE)}"),
        ("find by number", f"/find/?q={problem.number}"),
        ("problem, open", f"{ledger}{problem.number}/"),
        ("problem, closed", f"{ledger}{closed.number}/"),
        ("places", "/places/"),
        ("places, search", "/places/?q=77"),
        ("place", "/places/P000007/"),
        ("tasks", "/tasks/"),
        ("task", f"/tasks/{Task.objects.order_by('pk')[0].pk}/"),
        ("units", "/units/"),
        ("unit", f"/units/{street.pk}/"),
        ("breakdown", "/breakdown/"),
        ("breakdown, all units", "/breakdown/?units=all"),
        ("sheet of a street", f"/breakdown/units/{street.pk}/"),
        ("depth of duties", "/breakdown/depth/?tab=goes"),
        ("coverage", "/coverage/"),
        ("roads", "/roads/"),
        ("dossiers", "/dossiers/"),
        ("dossiers, incomplete", "/dossiers/?tab=missing"),
        ("completeness", "/dossiers/completeness/"),
        ("rounds", "/rounds/"),
        ("round", f"/rounds/{Round.objects.order_by('-pk')[0].pk}/"),
        ("scores", "/scores/"),
        ("score", score),
        ("score, who lost what", f"{score}losses/"),
        ("score, what to do next", f"{score}next/"),
        ("score, a plan", f"{score}plan/?people=10&days=5"),
    ]


def _liaison_pages() -> list[tuple[str, str]]:
    from chuangwen.organizations.models import Unit
    from chuangwen.rectification.models import Problem

    street = Unit.objects.get(code="S0000")
    below = Unit.objects.filter(path__startswith=street.path)
    own = Problem.objects.filter(territory__in=below, state="assigned").order_by("pk")[0]
    return [
        ("desk", "/desk/"),
        ("ledger", "/problems/"),
        ("ledger, all", "/problems/?tab=all"),
        ("problem", f"/problems/{own.number}/"),
        ("places", "/places/"),
        ("tasks", "/tasks/"),
        ("dossiers", "/dossiers/"),
    ]


def _client(person: str) -> Any:
    from django.test import Client

    from chuangwen.accounts.models import User

    client = Client(headers={"host": "127.0.0.1"})
    if person:
        client.force_login(User.objects.get(username=person), backend=BACKEND)
    return client


def _next_page(person: str, path: str) -> str:
    """The query string of the link to the second page of a list."""
    links = NEXT_PAGE.findall(_client(person).get(path).content.decode())
    if not links:
        raise SystemExit(f"{path} has no second page; fill in more (--scale)")
    return str(links[-1]).replace("&amp;", "&")


def costs(measured: list[Page]) -> dict[str, Cost]:
    """Each page's queries at its second look, when sessions are settled; asked in this process."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    clients = {person: _client(person) for person in {page.person for page in measured}}
    found = {}
    for page in measured:
        client = clients[page.person]
        if (status := client.get(page.path).status_code) != 200:
            raise SystemExit(f"{page.path} answers {status} to {page.person or 'nobody'}")
        with CaptureQueriesContext(connection) as captured:
            client.get(page.path)
        asked = captured.captured_queries
        slowest = max(asked, key=lambda one: float(one["time"]), default={"sql": "", "time": "0"})
        seconds = sum(float(one["time"]) for one in asked)
        found[page.name] = Cost(len(asked), seconds, f"{slowest['time']} s: {slowest['sql']}")
    connection.close()
    return found
