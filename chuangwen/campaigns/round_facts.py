"""Facts of higher areas beside a round: its pages in the field, its score.

One question for all rounds of a page, so that the number of queries does not grow with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class RoundFact:
    """One short fact of one round, with the page behind it."""

    text: str | Promise
    url: str = ""


Provider = Callable[[HttpRequest, Sequence[Any]], Mapping[int, RoundFact]]
_providers: list[Provider] = []


def register_round_facts(provider: Provider) -> None:
    """Show what `provider(request, rounds)` says, by the round's key."""
    if provider not in _providers:
        _providers.append(provider)


def round_facts(request: HttpRequest, rounds: Sequence[Any]) -> dict[int, list[RoundFact]]:
    """The facts of these rounds, in the order in which the areas registered."""
    found: defaultdict[int, list[RoundFact]] = defaultdict(list)
    for provider in _providers:
        for key, fact in provider(request, rounds).items():
            found[key].append(fact)
    return found
