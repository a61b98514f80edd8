"""Small drawings of the ledger: how full a dossier is, and its months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.templatetags.chuangwen import bar
from chuangwen.core.templatetags.wording import month
from chuangwen.evidence.completeness import month_states
from chuangwen.evidence.models import Dossier


def months_html(months: str, year: int) -> SafeString:
    """Twelve small fields: given, missing, still to come; "" where the criterion is not shown by month."""
    return _months(months, year, clock.today(), get_language() or "") if months else SafeString("")


@lru_cache(maxsize=2048)
def _months(months: str, year: int, today: date, _language: str) -> SafeString:
    states = month_states(months, year, today)
    fields = format_html_join(
        "", '<i class="is-{}">{}</i>', ((state, number) for number, state in enumerate(states, 1))
    )
    return format_html(
        '<span class="cw-months" role="img" aria-label="{}">{}</span>', month_words(months, year), fields
    )


def month_words(months: str, year: int) -> str:
    """The months that are missing, in words; else which have something."""
    states = month_states(months, year, clock.today())
    if missing := _named(states, "missing", year):
        return _("Missing: %s") % missing
    given = _named(states, "given", year)
    return _("Given: %s") % given if given else _("Nothing for any month yet")


def _named(states: Sequence[str], wanted: str, year: int) -> str:
    return "、".join(month(date(year, number, 1)) for number, state in enumerate(states, 1) if state == wanted)


def fullness_html(dossier: Dossier) -> SafeString:
    """2/4 with a bar."""
    drawn = bar(dossier.slots_filled, dossier.slots_needed or 1, css="cw-bar--cell",
                tone="good" if dossier.is_complete else "")  # fmt: skip
    return format_html(
        '<span class="cw-row"><span class="cw-num">{}/{}</span>{}</span>',
        dossier.slots_filled, dossier.slots_needed, drawn,
    )  # fmt: skip
