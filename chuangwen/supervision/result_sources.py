"""What supervision brings into rounds: veto events, consequences and rewards, exposures not put right."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.campaigns.result_sources import ResultSource, register_result_source
from chuangwen.core.templatetags.wording import span
from chuangwen.supervision.models import CountingRule
from chuangwen.supervision.queries.counting import consequence_rows, counted_since, exposure_rows, veto_rows

VETO, CONSEQUENCE, STORY = "veto-event", "consequence", "exposure"  # names under which results remember them


def _note(round_: Any, version: Any) -> str:
    """Which days count, by the rules that are set."""
    rules = CountingRule.objects.filter(version=version).exclude(code="")
    sinces = sorted(set(rules.values_list("since", flat=True)))
    if not sinces:
        return _("Nothing of supervision counts under this standard until somebody sets what counts as which code.")
    spans = {str(span(counted_since(round_, since), round_.ends)) for since in sinces}
    return _("Only what happened within %s counts.") % _(" or ").join(sorted(spans))


def _rules(version: Any) -> str:
    return reverse("supervision:counting", args=[version.pk])


def _source(name: str, label: Any, feeds: set[str], rows: Any, url: str) -> ResultSource:
    return ResultSource(
        name, label, frozenset(feeds), rows, lambda key: reverse(url, args=[key]), "supervision.view", _note, _rules
    )


register_result_source(_source(VETO, gettext_lazy("Veto events"), {"veto", "penalty"}, veto_rows, "supervision:event"))
register_result_source(
    _source(
        CONSEQUENCE, gettext_lazy("Consequences and rewards"), {"veto", "penalty", "bonus"}, consequence_rows,
        "supervision:consequence",
    )
)  # fmt: skip
register_result_source(
    _source(STORY, gettext_lazy("Exposures not put right"), {"penalty"}, exposure_rows, "supervision:story")
)
