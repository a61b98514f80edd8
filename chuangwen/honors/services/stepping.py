"""Steps of honours: as everywhere, but no word that is kept for good may name a family or hold its numbers.

History and audit are never changed. So whoever writes a reason about a family writes it without the family's name, and
a withdrawal of consent finds nothing there that would have to be taken out. All services of this area step through
here; a test looks that none goes past it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from chuangwen.core.errors import Refusal
from chuangwen.honors.discreet import kept_private, names_family
from chuangwen.honors.models import Family
from chuangwen.workflow import services as workflow
from chuangwen.workflow.models import Step
from chuangwen.workflow.transitions import Workflow


def advance(obj: Any, flow: Workflow, action: str, *, actor: Any, note: str = "", **more: Any) -> Step:
    """As workflow.services.advance; Refusal where the words name the family that it is about."""
    refuse_naming(obj, note)
    _refuse_name(obj, _texts(more.get("data")))
    return workflow.advance(obj, flow, action, actor=actor, note=note, **more)


def note_step(obj: Any, action: str, *, actor: Any, note: str = "", **more: Any) -> Step:
    """As workflow.services.note_step; Refusal where the words name the family that it is about."""
    refuse_naming(obj, note)
    _refuse_name(obj, _texts(more.get("data")))
    return workflow.note_step(obj, action, actor=actor, note=note, **more)


def family_of(obj: Any) -> Family | None:
    """The family that a matter is about: of an application, an award, or what hangs on one; None for units."""
    if isinstance(obj, Family):
        return obj
    for name in ("application", "award"):
        if getattr(obj, "family_id", None) is None and getattr(obj, f"{name}_id", None) is not None:
            obj = getattr(obj, name)
    return obj.family if getattr(obj, "family_id", None) is not None else None


def refuse_naming(obj: Any, *texts: str) -> None:
    """Refusal where a text about a family names it, or holds a number, a birthday or an address."""
    if family_of(obj) is not None:
        _refuse_name(obj, texts)
        for text in texts:
            refuse_private(text)


def _refuse_name(obj: Any, texts: Iterable[str]) -> None:
    family = family_of(obj)
    if family is not None and any(names_family(text, family.name) for text in texts):
        raise Refusal(
            _("The words name the family: they are kept for good, also when it withdraws its consent."),
            _("Write “the family” in place of the name."),
        )


def refuse_private(text: str) -> None:
    """Refusal where a text about a family holds what shall not be kept of private people."""
    told = {
        "number": _("There is a number in it that looks like a telephone, an identity card or an account."),
        "born": _("There is a day of birth in it."),
        "address": _("There is an address in it."),
    }
    if what := kept_private(text):
        raise Refusal(told[what], _("Leave it out: nothing of the kind is kept of families."))


def _texts(data: Any) -> list[str]:
    return [value for value in (data or {}).values() if isinstance(value, str)]
