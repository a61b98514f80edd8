"""Waiting for what a browser sends by itself, which no sign on the page announces before it begins."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def arrives(asked: Callable[[], Any], wanted: Any, seconds: float = 10.0) -> None:
    """Returns as soon as `asked()` equals `wanted`; fails with the last answer once `seconds` have gone by."""
    end = time.monotonic() + seconds
    while (found := asked()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert found == wanted
