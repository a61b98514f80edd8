"""How audit and histories tell what happens to titles besides the steps of their workflows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACTION_WORDS = {
    "honors.defaults": _("Titles and conditions made"),
    "honors.setting.save": _("Setting of titles changed"),
    "honors.aspect.save": _("Aspect of an office changed"),
    "honors.rule.save": _("Condition kept"),
    "honors.rule.drop": _("Condition taken away"),
    "honors.programme.create": _("Programme prepared"),
    "honors.programme.edit": _("Programme changed"),
    "honors.programme.award": _("Titles awarded"),
    "honors.application.award": pgettext_lazy("application", "Awarded"),
    "honors.application.begin": pgettext_lazy("application", "Begun"),
    "honors.application.write": _("Written"),
    "honors.application.refresh": _("Taken over from the ledger"),
    "honors.application.score": _("A reviewer scored"),
    "honors.application.drop-score": _("A sheet was taken away"),
    "honors.application.settle": _("A condition was settled"),
    "honors.application.objection": _("An objection came in"),
    "honors.application.objection-ruled": _("An objection was answered"),
    "honors.award.grant": _("Title granted"),
    "honors.award.plaque-back": _("Plaque taken back"),
    "honors.award.reverify": _("Re-verified"),
    "honors.award.appeal": _("Appeal raised"),
    "honors.award.appeal-ruled": _("Appeal decided"),
    "honors.award.import": _("Titles taken from a workbook"),
    "honors.programme.supplement": _("Supplementary public notice begun"),
    "honors.formtemplate.take": _("Word template taken"),
    "honors.formtemplate.drop": _("Word template dropped"),
    "honors.yearlyfigures.enter": _("Yearly figures entered"),
    "honors.family.register": _("Family taken in"),
    "honors.family.agree": _("Consent entered"),
    "honors.family.rename": _("Name on the plaque corrected"),
    "honors.family.withdraw": _("Consent withdrawn, name wiped"),
    "honors.family.hand-over": _("Handed over to another unit"),
    "honors.family.import": _("Families taken from a workbook"),
    "honors.contest.plan": pgettext_lazy("contest", "Planned"),
    "honors.contest.sheet": _("A judge's sheet"),
}
