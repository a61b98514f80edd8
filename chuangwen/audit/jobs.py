"""Verifies the chains of an auditor's regions, with progress."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.audit.queries import Break, chains_of, verify_chain
from chuangwen.core.errors import Refusal
from chuangwen.core.jobs import Progress, job_kind


@job_kind("audit.verify")
def verify(progress: Progress, *, owner: Any) -> None:
    """Recompute every digest of the chains that the owner may read; say ok, or name the first broken entry."""
    chains = list(chains_of(owner))
    progress.total(max(1, sum(chain.length for chain in chains)))
    entries, broken = 0, []
    for chain in chains:
        verdict = verify_chain(chain.region_code)
        entries += verdict.entries
        broken += verdict.breaks
        progress.step(chain.length)
    if broken:
        raise Refusal(
            " ".join(_words(one) for one in broken), _("Keep the database as it is and call the maintainers.")
        )
    words = ngettext("The chain is whole: %d entry.", "The chain is whole: %d entries.", entries) % entries
    progress.result(reverse("audit:chains"), words)


def _words(one: Break) -> str:
    reasons = {
        "missing": _("is missing"),
        "changed": _("was changed afterwards"),
        "reordered": _("does not follow the one before it"),
        "cut": _("and later ones were cut off, or added past the program"),
        "unreadable": _("has a hash that this machine cannot compute"),
    }
    return _("Chain %(chain)s: entry %(number)d %(reason)s.") % {
        "chain": one.region_code, "number": one.sequence, "reason": reasons[one.reason],
    }  # fmt: skip
