"""Keeps the forms of a region: taken after a check, used from when a person has looked at them, replaced, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require_region
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import attach, read
from chuangwen.core.files.sniffing import XLSX
from chuangwen.core.imports.queries import book_of, kept_mapping, known_words, likeliest_sheet
from chuangwen.core.imports.services import chosen_sheet, keep_mapping
from chuangwen.core.models import Region, TableForm
from chuangwen.core.workbook_templates.proposing import Proposal, named_headers, propose
from chuangwen.core.workbook_templates.queries import realm_of, vocabulary_of
from chuangwen.core.workbook_templates.registry import OwnTable
from chuangwen.core.workbook_templates.table import Table
from chuangwen.core.workbook_templates.taking import Looked, looked_at, looked_into, tried
from chuangwen.core.workbook_templates.vocabulary import Vocabulary
from chuangwen.core.workbooks.cells import Sheet, column_letters
from chuangwen.core.workbooks.layout import guess_header
from chuangwen.core.workbooks.mapping import Mapping, Match, suggest_mapping

LONGEST_NAME = 60
MOST_LINES = 100_000

# A form of a region was taken into use or out of it: `form`, `action` (take | withdraw | drop), `user`, `data`.
# A higher area keeps it (audit), which this one must not know. Sent inside the transaction.
form_changed = Signal()


def take_form(
    table: OwnTable, data: bytes, file_name: str, *, name: str, region: Region, actor: Any,
    replaces: TableForm | None = None,
) -> tuple[TableForm, Looked]:  # fmt: skip
    """Keep a workbook as a form that waits to be looked at, with what is proposed for its table.

    Raises BadUpload with each fault's sheet and cell, and Refusal where another form has the name; then nothing is
    kept.
    """
    require_region(actor, table.keep, region.pk)
    name = (replaces.name if replaces else " ".join(name.split()))[:LONGEST_NAME]
    if not name:
        raise Refusal(_("The form has no name."), _("Say by which name it is chosen, such as that of the authority."))
    _refuse_second(table, region, name, replaces)
    looked = looked_at(file_name, data, vocabulary_of(table))
    proposed = None if looked.marked.rows else proposed_table(table, looked, region)
    tried(file_name, data, vocabulary_of(table), proposed.table if proposed else None)
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=region.pk)  # the second of two at the same moment is told
        _refuse_second(table, region, name, replaces)
        form = TableForm.objects.create(
            region=region, table=table.key, name=name, replaces=replaces,
            layout=proposed.table.to_json() if proposed else {},
        )  # fmt: skip
        form.file = attach(data, file_name, owner=form, region=region, actor=actor, accept=frozenset({XLSX}))
        TableForm.objects.filter(pk=form.pk).update(file=form.file)
    return form, looked


def _refuse_second(table: OwnTable, region: Region, name: str, replaces: TableForm | None) -> None:
    """Raises Refusal where another form has the name: one in use, or, unless it is to be replaced, one that waits."""
    if _is_taken(table, region, name, replaces):
        raise Refusal(_("A form is called “%s” already.") % name, _("Replace that one, or give this one another name."))
    waiting = TableForm.objects.filter(region=region, table=table.key, name=name, withdrawn_at__isnull=True)
    if replaces is None and waiting.filter(used_from__isnull=True).exists():
        raise Refusal(
            _("A form called “%s” waits already to be looked at.") % name,
            _("Go on with that one, or give it up first; or give this one another name."),
        )


def _is_taken(table: OwnTable, region: Region, name: str, *but: TableForm | None) -> bool:
    """Whether another form in use has the name."""
    others = TableForm.objects.filter(region=region, table=table.key, name=name, withdrawn_at__isnull=True)
    return others.filter(used_from__isnull=False).exclude(pk__in=[one.pk for one in but if one]).exists()


def proposed_table(table: OwnTable, looked: Looked, region: Region) -> Proposal | None:
    """The table that the form probably has; None where its sheets hold no header."""
    sheet = looked.book.sheets[likeliest_sheet(looked.book, vocabulary_of(table).fields())]
    header = header_of(sheet, table)
    return proposed_columns(table, looked, sheet, header, region) if header else None


def header_of(sheet: Sheet, table: OwnTable) -> tuple[int, ...]:
    """The zero-based header rows that a sheet of a form of the table probably has."""
    return guess_header(sheet, known_words(vocabulary_of(table).fields()))


def proposed_columns(
    table: OwnTable, looked: Looked, sheet: Sheet, header: Sequence[int], region: Region
) -> Proposal:  # fmt: skip
    """The table below the header, its columns as they were chosen for such heads before."""
    return propose(
        looked.package, sheet, vocabulary_of(table), header,
        lambda headers: kept_mapping(region, realm_of(table), headers),
    )  # fmt: skip


def looked_again(form: TableForm, table: OwnTable) -> Looked:
    """The form as it was looked at when it was taken. Raises BadUpload where the table knows less than it did then."""
    file = form.workbook.file
    return looked_into(book_of(file, form.workbook.name), read(file), vocabulary_of(table))


def choose_sheet(form: TableForm, table: OwnTable, *, sheet: int, header: list[int], actor: Any) -> None:
    """Say where the table's header is (zero-based rows); its columns are proposed anew. Raises Refusal."""
    require_region(actor, table.keep, form.region_id)
    looked = looked_again(form, table)
    chosen = chosen_sheet(looked.book, sheet, header, named=True)
    proposed = proposed_columns(table, looked, chosen, header, form.region)
    tried(form.workbook.name, read(form.workbook.file), vocabulary_of(table), proposed.table)
    _update(form, layout=proposed.table.to_json())


def choose_columns(form: TableForm, table: OwnTable, columns: dict[str, str], last: int, *, actor: Any) -> None:
    """Say which word goes in which column, and to which row the table reaches. Kept for the next form like it.

    Raises Refusal where no column is chosen, the last row lies above the first, or the form cannot be filled so.
    """
    require_region(actor, table.keep, form.region_id)
    kept = Table.from_json(form.layout)
    if kept is None:
        raise Refusal(_("This form has placeholders for its table."), _("Look at it and take it into use."))
    if not any(columns.values()):
        raise Refusal(_("No column of the form is chosen."), _("Choose at least one column that is filled in."))
    if not kept.first <= last <= kept.first + MOST_LINES:
        raise Refusal(
            _("The table cannot end in row %(last)d: it begins in row %(first)d.")
            % {"last": last, "first": kept.first},
            _("Name the last row of the table, above sums and signatures."),
        )  # fmt: skip
    chosen = replace(kept, last=last, columns={column: word for column, word in columns.items() if word})
    vocabulary = vocabulary_of(table)
    tried(form.workbook.name, read(form.workbook.file), vocabulary, chosen)
    with transaction.atomic():
        _update(form, layout=chosen.to_json())
        keep_mapping(form.region, realm_of(table), _chosen_mapping(form, vocabulary, chosen))


def _chosen_mapping(form: TableForm, vocabulary: Vocabulary, chosen: Table) -> Mapping:
    """What goes under the words of the headers."""
    sheet = book_of(form.workbook.file, form.workbook.name).sheet(chosen.sheet)
    headers = named_headers(sheet, [row - 1 for row in chosen.header])
    places = {word: place for place, header in reversed(list(enumerate(headers)))
              if (word := chosen.columns.get(column_letters(header.column)))}  # fmt: skip
    matches = tuple(
        Match(one.name, places.get(one.name), "chosen" if one.name in places else "none", 1.0)
        for one in vocabulary.columns
    )
    return replace(suggest_mapping([one.text for one in headers], []), matches=matches)


def use_form(form: TableForm, table: OwnTable, *, actor: Any) -> None:
    """From now on the form is offered wherever the table is taken out; the one that it replaces is no more.

    Raises Refusal where nothing says what goes in it, Conflict where it was taken into use or withdrawn meanwhile, or
    another one of its name was.
    """
    require_region(actor, table.keep, form.region_id)
    looked = looked_again(form, table)
    layout = Table.from_json(form.layout)
    if not looked.marked.rows and (layout is None or not layout.columns):
        raise Refusal(_("No column of the form is chosen."), _("Choose the columns that are filled in."))
    tried(form.workbook.name, read(form.workbook.file), vocabulary_of(table), layout)
    now = clock.now()
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=form.region_id)
        if _is_taken(table, form.region, form.name, form.replaces, form):
            raise Conflict(
                _("Another form called “%s” was taken into use meanwhile.") % form.name,
                _("Give this one up. Where it is the right one, replace the other with its workbook."),
            )
        if form.replaces_id:
            TableForm.objects.filter(pk=form.replaces_id, withdrawn_at__isnull=True).update(withdrawn_at=now)
        _update(form, used_from=now)
        data = {"table": table.key, "name": form.name, "file": form.workbook.name, "sha256": form.workbook.file.sha256}
        form_changed.send(sender=None, form=form, action="take", user=actor, data=data)


def withdraw_form(form: TableForm, table: OwnTable, *, actor: Any) -> None:
    """The form is offered no more, or one on its way is given up. Papers made in it stay what they are."""
    require_region(actor, table.keep, form.region_id)
    action = "withdraw" if form.used_from else "drop"
    with transaction.atomic():
        rows = TableForm.objects.filter(pk=form.pk, withdrawn_at__isnull=True, used_from=form.used_from)
        if not rows.update(withdrawn_at=clock.now(), updated_at=clock.now()):
            raise Conflict(_("This form is no longer used."), _("Look at the list of forms."))
        data = {"table": table.key, "name": form.name}
        form_changed.send(sender=None, form=form, action=action, user=actor, data=data)


def _update(form: TableForm, **changes: Any) -> None:
    """Write fields of a form that is still on its way. Raises Conflict where it is used or withdrawn by now."""
    rows = TableForm.objects.filter(pk=form.pk, used_from__isnull=True, withdrawn_at__isnull=True)
    if rows.update(**changes, updated_at=clock.now()) != 1:
        raise Conflict(_("This form was taken into use or given up meanwhile."), _("Look at the list of forms."))
    for name, value in changes.items():
        setattr(form, name, value)
