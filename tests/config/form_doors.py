"""An authority's own Excel form in the doors' world, and the samples of its addresses."""

from __future__ import annotations

from typing import Any

from chuangwen.core.workbook_templates.registry import own_table
from chuangwen.core.workbook_templates.services import take_form
from tests.core.workbook_templates.making import form, saved

TABLE = "list-problems"


def add_form(world: Any) -> None:
    """Add a form of the ledger of problems that waits to be looked at."""
    table = own_table(TABLE)
    assert table is not None
    world.table_form, _looked = take_form(
        table, saved(form()[0]), "台账.xlsx", name="省台账", region=world.root.region, actor=None
    )


def form_samples(world: Any) -> dict[str, dict[str, Any]]:
    """The arguments of each address of own forms."""
    table = {"key": TABLE}
    one = table | {"pk": world.table_form.pk}
    names = ("form", "form-sheet", "form-columns", "form-use", "form-withdraw", "form-file", "form-trial")
    return {"core:forms": table, "core:form-example": table, **{f"core:{name}": one for name in names}}
