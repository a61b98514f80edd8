"""The scoring engine: one pure function from tables to tables, the same on every machine.

It opens no database and imports no Django. `score` is the whole of the scoring specification,
`combine_years` joins the years of a cycle. docs/scoring.md says where each rule is.

What computes is loaded at its first use: polars and DuckDB take most of a second, which no page
that only shows a figure should wait for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chuangwen.scoring.engine.bad_input import BadInput, NoSpark
from chuangwen.scoring.engine.figures import show

if TYPE_CHECKING:
    from chuangwen.scoring.engine.run import score
    from chuangwen.scoring.engine.scores import Scores
    from chuangwen.scoring.engine.tally import LiveScores
    from chuangwen.scoring.engine.totals import shown
    from chuangwen.scoring.engine.years import YearRule, combine_years

__all__ = ["BadInput", "LiveScores", "NoSpark", "Scores", "YearRule", "combine_years", "score", "show", "shown"]

_AT_FIRST_USE = {
    "score": "run", "LiveScores": "tally", "Scores": "scores", "shown": "totals", "YearRule": "years",
    "combine_years": "years",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _AT_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_AT_FIRST_USE[name]}"), name)
