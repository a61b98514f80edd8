"""What scoring asks for: which round to score (runs), what an outside sheet is (outside)."""

from chuangwen.scoring.forms.runs import RunForm

__all__ = ["RunForm"]
