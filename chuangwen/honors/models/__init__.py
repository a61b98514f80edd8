"""Programmes and their rules, applications with what was said of them, awards and what befalls them, contests."""

from chuangwen.honors.models.applications import (
    Application,
    Deliberation,
    Objection,
    ReviewSheet,
    RuleFinding,
    SelfLine,
)
from chuangwen.honors.models.awards import (
    Appeal,
    Award,
    Card,
    Contest,
    Contestant,
    JudgeSheet,
    Reverification,
    year_end,
)
from chuangwen.honors.models.families import Family
from chuangwen.honors.models.programmes import Aspect, EligibilityRule, HonorSetting, LadderStep, Programme
from chuangwen.honors.models.templates import FormTemplate
from chuangwen.honors.models.yearly import YearlyFigures

__all__ = [
    "Appeal", "Application", "Aspect", "Award", "Card", "Contest", "Contestant", "Deliberation", "EligibilityRule",
    "Family", "FormTemplate", "HonorSetting", "JudgeSheet", "LadderStep", "Objection", "Programme", "Reverification",
    "ReviewSheet", "RuleFinding", "SelfLine", "YearlyFigures", "year_end",
]  # fmt: skip
