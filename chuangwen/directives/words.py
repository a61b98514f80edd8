"""Sums of what was or would be issued, in words."""

from __future__ import annotations

from django.utils.translation import ngettext, npgettext, pgettext

from chuangwen.directives.services import Issued


def sum_words(tasks: int, duties: int, rules: int) -> str:
    """5 tasks, 2 recurring duties and 1 standing rule; what is none is left out."""
    words = []
    if tasks or not (duties or rules):
        words.append(npgettext("sum", "%d task", "%d tasks", tasks) % tasks)
    if duties:
        words.append(ngettext("%d recurring duty", "%d recurring duties", duties) % duties)
    if rules:
        words.append(ngettext("%d standing rule", "%d standing rules", rules) % rules)
    return pgettext("between names", ", ").join(words)


def issued_words(issued: Issued) -> str:
    """What one press issued."""
    return sum_words(issued.tasks, issued.duties, issued.rules)
