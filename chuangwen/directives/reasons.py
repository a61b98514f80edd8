"""Why the engine proposed a directive, in words for the person who decides on it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from chuangwen.directives.models import Candidate

KINDS = {
    "duty": gettext_lazy("somebody is told to do something that can be checked"),
    "deadline": gettext_lazy("it sets a deadline"),
    "frequency": gettext_lazy("it says how often"),
    "target": gettext_lazy("it sets a measure"),
    "rule": gettext_lazy("it sets a rule"),
    "sanction": gettext_lazy("it says what follows"),
}
FIELDS = {
    "lead": pgettext_lazy("field", "lead"),
    "cooperate": pgettext_lazy("field", "cooperating units"),
    "deadline": pgettext_lazy("field", "deadline"),
    "frequency": pgettext_lazy("field", "how often"),
    "action": pgettext_lazy("field", "what is to be done"),
}


def why(candidate: Candidate) -> str:
    """The engine's grounds in one line; empty for what a person marked."""
    if candidate.by_hand:
        return ""
    words = [str(KINDS[candidate.kind])] if candidate.kind in KINDS else []
    taken = [str(FIELDS[name]) for name in candidate.inherited if name in FIELDS]
    if taken:
        fields = pgettext("between names", ", ").join(taken)
        words.append(_("%s taken from an earlier sentence") % fields)
    return pgettext("between reasons", "; ").join(words)
