"""The scoring engine: one pure function from tables to tables, the same on every machine.

It opens no database and imports no Django. `score` is the whole of the scoring specification,
`combine_years` joins the years of a cycle. docs/scoring.md says where each rule is.
"""

from chuangwen.scoring.engine.bad_input import BadInput
from chuangwen.scoring.engine.run import score
from chuangwen.scoring.engine.scores import Scores
from chuangwen.scoring.engine.totals import show, shown
from chuangwen.scoring.engine.years import YearRule, combine_years

__all__ = ["BadInput", "Scores", "YearRule", "combine_years", "score", "show", "shown"]
