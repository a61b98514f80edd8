"""Several people at once: what two presses at the same moment come to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from chuangwen.core.errors import Refusal


def race(*acts: Callable[[], Any]) -> list[Any]:
    """Run `acts` at the same moment in threads of their own; their results, or the Refusal that came instead."""
    outcomes: list[Any] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            outcomes[number] = act()
        except Exception as error:  # noqa: BLE001  (raised below: a thread of its own would swallow it)
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refusal):
            raise outcome
    return outcomes


def refusals(outcomes: list[Any]) -> list[Refusal]:
    """Those who came too late, with what they were told."""
    return [one for one in outcomes if isinstance(one, Refusal)]
