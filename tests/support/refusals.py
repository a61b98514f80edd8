"""What a person reads where something is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chuangwen.core.errors import Refusal


def said(act: Callable[..., Any], *args: Any, error: type[Refusal] | None = None, **options: Any) -> str:
    """The words with which `act(*args, **options)` is refused; `error`: by exactly this kind of refusal."""
    with pytest.raises(Refusal) as refused:
        act(*args, **options)
    assert error in (None, type(refused.value))
    return str(refused.value)
