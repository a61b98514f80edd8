"""The steps of `why` as one plain sentence with its numbers (为什么得这个分)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from chuangwen.scoring.why import Step

CHINESE = str.maketrans({"=": "＝", "+": "＋"})
SEPARATE = ("because-unassessed", "because-mean", "because-scale")  # a new thought begins


def sentence(steps: Iterable[Step]) -> str:
    """One sentence; the equations in it hold as they are read."""
    found = ""
    for step in steps:
        part = _told(step)
        if found:
            found += _("; ") if step.kind in SEPARATE else _(", ")
        found += part
    return found + _(".") if found else ""


def _told(step: Step) -> str:
    chinese = (get_language() or "").startswith("zh")
    figures = {name: text.translate(CHINESE) if chinese else text for name, text in step.figures.items()}
    return _WORDS[step.kind](step.count) % (figures | {"count": step.count, "where": _where(figures.get("code"))})


def _where(code: str | None) -> str:
    return _("section %s") % code if code else _("the whole")


_WORDS: dict[str, Callable[[int], str]] = {
    "rate-places": lambda _n: _("%(n)s places were seen, %(met)s met, rate %(equation)s"),
    "rate-rows": lambda _n: _("%(n)s checks at %(places)s places, %(met)s met, rate %(equation)s"),
    "rate": lambda _n: _("%(n)s rows were seen, %(met)s met, rate %(equation)s"),
    "rate-one": lambda _n: _("one row, rate %(x)s"),
    "mean-one": lambda _n: _("one row, figure %(x)s"),
    "rate-weighted": lambda _n: _("%(n)s rows by their weight, rate %(equation)s"),
    "mean-weighted": lambda _n: _("%(n)s rows by their weight, mean %(equation)s"),
    "count": lambda _n: _("%(n)s rows, %(x)s of them found something"),
    "sum": lambda _n: _("%(n)s rows, together %(x)s"),
    "band": lambda _n: _("the band from %(min)s is reached and gives %(share)s"),
    "band-last": lambda _n: _("no higher band is reached, the last one gives %(share)s"),
    "as-share": lambda _n: _("as a share %(share)s"),
    "held": lambda _n: _("held between 0 and 100%%: %(share)s"),
    "linear": lambda _n: _("between %(start)s and %(stop)s that is %(equation)s"),
    "linear-held": lambda _n: _(
        "between %(start)s and %(stop)s that is %(equation)s, held between 0 and 100%%: %(share)s"
    ),
    "required": lambda _n: _("of %(n)s required that is %(equation)s"),
    "required-held": lambda _n: _("of %(n)s required that is %(equation)s, held between 0 and 100%%: %(share)s"),
    "deduct": lambda _n: _("each takes %(each)s points, which leaves %(equation)s"),
    "deduct-held": lambda _n: _(
        "each takes %(each)s points, which leaves %(equation)s, held between 0 and 100%%: %(share)s"
    ),
    "zero": lambda _n: _("nothing was seen, which counts as nought in this score"),
    "unseen": lambda _n: _("nothing was seen: not assessed, it does not count"),
    "weightless": lambda _n: _("its rows weigh nothing together: not assessed, it does not count"),
    "not-applicable": lambda n: ngettext(
        "%(count)s row, not applicable or not observable: it does not count",
        "%(count)s rows, all not applicable or not observable: it does not count", n,
    ),
    "inner-unassessed": lambda _n: _("nothing below was assessed: it does not count"),
    "met": lambda _n: _("%(reached)s of %(all)s reach %(threshold)s, for which the table gives %(share)s"),
    "met-unassessed": lambda n: ngettext(
        "%(count)s not assessed counts as reached", "%(count)s not assessed count as reached", n
    ),
    "min": lambda _n: _("of %(count)s the lowest counts (%(code)s), share %(share)s"),
    "mean": lambda _n: _("the mean of %(count)s shares is %(equation)s"),
    "weighed": lambda _n: _("%(count)s assessed, points got of points stated: %(equation)s"),
    "children-unassessed": lambda n: ngettext("%(count)s not assessed", "%(count)s not assessed", n),
    "points": lambda _n: _("by its share %(equation)s points"),
    "because-unassessed": lambda n: ngettext(
        "since %(count)s in %(where)s was not assessed", "since %(count)s in %(where)s were not assessed", n
    ),
    "because-mean": lambda _n: _("since all of %(where)s weigh the same"),
    "because-scale": lambda _n: _("since the points stated do not add up to the full marks"),
    "rescaled": lambda _n: _("it counts %(effective)s points: %(equation)s points"),
    "share": lambda _n: _("share %(share)s"),
    "no-points": lambda _n: _("%(where)s does not add up, so it has no points of its own"),
    "unassessed-above": lambda _n: _("%(where)s was not assessed as a whole: it does not count"),
}  # fmt: skip
