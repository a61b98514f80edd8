"""Says in words what an entered result says: B, 86.4%（600份）, +1.5."""

from __future__ import annotations

from django.utils.translation import get_language, npgettext, pgettext
from django.utils.translation import gettext as _

from chuangwen.inspections.enums import ResultKind
from chuangwen.inspections.models import EnteredResult
from chuangwen.standards.grading import Asked, asked_of, enterable
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.queries import tree_of
from chuangwen.standards.tree import Adjustment, Standard, Text, Veto
from chuangwen.standards.wording import number_words


def measure_words(asked: Asked | None, grade: str, value: float | None, weight: float) -> str:
    """A leaf's measure as people say it; `asked` None where the version has no such leaf any more."""
    if value is None:
        return str(_("Not applicable"))
    if grade:
        return grade
    is_rate = asked is not None and asked.form == "rate"
    words = f"{number_words(value * 100)}%" if is_rate else number_words(value)
    if asked is not None and asked.weighed:
        answers = npgettext("survey", "%d answer", "%d answers", int(weight)) % weight
        return pgettext("survey", "%(rate)s of %(answers)s") % {"rate": words, "answers": answers}
    return words


def result_words(result: EnteredResult) -> str:
    """What the result says: a measure, points added or taken, or that a veto occurred."""
    if result.kind == ResultKind.VETO:
        return str(pgettext("veto", "Occurred"))
    if result.kind != ResultKind.LEAF:
        sign = "+" if result.kind == ResultKind.BONUS else "−"
        return f"{sign}{number_words(result.value or 0)}"
    return measure_words(asked_at(result.version, result.code), result.grade, result.value, result.weight)


def asked_at(version: StandardVersion, code: str) -> Asked | None:
    """What the leaf with this code asks for; None where it is no leaf whose result is entered."""
    standard = tree_of(version)
    leaf = enterable(standard).get(code)
    return asked_of(leaf, standard.grades) if leaf else None


def name_of(result: EnteredResult) -> str:
    """The code and title of the leaf, veto, bonus or penalty."""
    found = titles_of(tree_of(result.version)).get(result.code)
    return f"{result.code} {in_words(found)}" if found else result.code


def in_words(title: Text) -> str:
    """A title in the reader's language."""
    return title.en if title.en and (get_language() or "").startswith("en") else title.zh


def titles_of(standard: Standard) -> dict[str, Text]:
    """Every code that a result may have, with its title; codes are one space."""
    listed: list[Veto | Adjustment] = [*standard.vetoes, *standard.bonuses, *standard.penalties]
    return {leaf.code: leaf.title for leaf in standard.leaves()} | {one.code: one.title for one in listed}
