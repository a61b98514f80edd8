"""The forms of a region, and a form with its words in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import scope_of, visible_or_404
from chuangwen.core.files.services import read
from chuangwen.core.models import Region, TableForm
from chuangwen.core.papers import WRITTEN_IN
from chuangwen.core.workbook_templates.filling import filled
from chuangwen.core.workbook_templates.registry import OwnTable
from chuangwen.core.workbook_templates.table import Table
from chuangwen.core.workbook_templates.vocabulary import Content, Vocabulary


def vocabulary_of(table: OwnTable) -> Vocabulary:
    """What the table knows, in Chinese whatever language the screen speaks."""
    with translation.override(WRITTEN_IN):
        return table.vocabulary()


def region_to_keep(user: Any, table: OwnTable) -> Region:
    """The region whose forms the person keeps. Raises PermissionDenied for who keeps those of no whole region."""
    region = Region.held_by(user, table.keep)
    if region is None:
        raise PermissionDenied(table.keep)
    return region


def forms_in_use(region_id: int | None, table: OwnTable) -> list[TableForm]:
    """The forms of a region that can be filled, by name: one query."""
    rows = TableForm.objects.filter(region_id=region_id, table=table.key, used_from__isnull=False)
    return list(rows.filter(withdrawn_at__isnull=True).order_by("name"))


def forms_to_keep(region: Region, table: OwnTable) -> list[TableForm]:
    """The forms in use and those on their way."""
    rows = TableForm.objects.filter(region=region, table=table.key, withdrawn_at__isnull=True)
    return list(rows.select_related("file", "replaces").order_by("name", "-pk"))


def form_to_keep(user: Any, table: OwnTable, pk: int) -> TableForm:
    """A form that was not withdrawn, for who keeps the forms of its region; 404 otherwise."""
    rows = TableForm.objects.filter(table=table.key, withdrawn_at__isnull=True)
    found: TableForm = visible_or_404(
        rows.select_related("region", "file__file", "replaces"), user, table.keep, pk=pk
    )  # fmt: skip
    if found.region_id not in scope_of(user, table.keep).regions:
        raise PermissionDenied(table.keep)
    return found


def chosen_form(request: HttpRequest, table: OwnTable) -> TableForm | None:
    """The form that an address asks to fill (?form=…); None where it asks for none. 404 for one that is not in use."""
    asked = request.GET.get("form", "")
    if not asked:
        return None
    rows = TableForm.objects.filter(table=table.key, used_from__isnull=False, withdrawn_at__isnull=True)
    pk = int(asked) if asked.isascii() and asked.isdigit() else 0
    found: TableForm = visible_or_404(rows.select_related("file__file"), request.user, table.view, pk=pk)
    return found


def filled_form(form: TableForm, table: OwnTable, content: Callable[[], Content]) -> bytes:
    """The form with the table's words in it, which are Chinese."""
    with translation.override(WRITTEN_IN):
        return filled(read(form.workbook.file), table.vocabulary(), content(), Table.from_json(form.layout))


def own_form_name(form: TableForm) -> str:
    """What a filled form is called: the form's name and the day."""
    return f"{form.name}{clock.today():%Y%m%d}.xlsx"


def realm_of(table: OwnTable) -> str:
    """Under what name mappings of the table's forms are kept beside those of imports."""
    return f"form:{table.key}"[:60]


def form_actions(request: HttpRequest, table: OwnTable, address: Callable[[int], str]) -> Sequence[dict[str, Any]]:
    """For the head of the table's page: each form to be filled (`address` of its key), and for who keeps them the way
    to them. One query."""
    user: Any = request.user
    found = [
        {"label": _("Fill “%s”") % form.name, "icon": "file-spreadsheet", "url": address(form.pk)}
        for form in forms_in_use(user.region_id, table)
    ]
    if scope_of(user, table.keep).regions:
        to_keep = {"label": _("Own Excel forms"), "icon": "settings"}
        found.append(to_keep | {"url": reverse("core:forms", args=[table.key])})
    return found
