"""A list's long work: exports and bulk actions over many rows, run by the worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import resolve
from django.utils.translation import gettext as _

from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import working_folder
from chuangwen.core.jobs import Progress, job_kind, start_job
from chuangwen.core.lists.bulk import act, chosen_rows
from chuangwen.core.lists.export import MEDIA_TYPES, tell_exported, write_list
from chuangwen.core.lists.own_forms import asked_form, list_in_form
from chuangwen.core.lists.page import Listing
from chuangwen.core.lists.registry import list_page
from chuangwen.core.models import Job, TableForm
from chuangwen.core.workbook_templates.queries import own_form_name

KEPT_FROM_SESSION = ("campaign",)  # a person's choice that campaigns.context keeps; core may not import it
CHUNK = 200


def start_export(listing: Listing) -> Job:
    """Queue the whole list as a workbook for the person who asked."""
    title = _("Export: %s") % listing.page.title
    params = _params(listing)
    return start_job("export_list", owner=listing.request.user, title=title, params=params, back=_page_of(**params))


def start_bulk(listing: Listing, key: str, *, ids: list[str], everything: bool, data: str) -> Job:
    """Queue a bulk action; `data` is the submitted form. The rows are chosen when it runs, by the rights held then."""
    action = next(one for one in listing.page.bulk if one.key == key)
    params = _params(listing) | {"action": key, "ids": ids, "everything": everything, "data": data}
    title = f"{listing.page.title}: {action.label}"
    back = _page_of(listing.request.path, listing.params.urlencode())
    return start_job("bulk_list", owner=listing.request.user, title=title, params=params, back=back)


def _params(listing: Listing) -> dict[str, Any]:
    session = listing.request.session
    return {
        "name": listing.page.name,
        "path": listing.request.path,
        "query": listing.params.urlencode(),
        "session": {key: session[key] for key in KEPT_FROM_SESSION if key in session},
    }


def _page_of(path: str, query: str, **_others: Any) -> str:
    """The address of the list as it was narrowed."""
    return f"{path}?{query}" if query else path


def _listing(owner: Any, name: str, path: str, query: str, session: dict[str, Any]) -> Listing:
    """The list as its owner would see it now, outside of a request. Refusal where the right is gone."""
    page = list_page(name)
    if page is None or (page.permission and not may(owner, page.permission)):
        raise Refusal(_("This list is no longer open to you."), _("Ask the campaign office."))
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.user, request.session = owner, session  # type: ignore[assignment]
    request.GET = QueryDict(query)
    request.resolver_match = resolve(path)
    return Listing(page, request, request.GET)


@job_kind("export_list")
def export_list(progress: Progress, *, owner: Any, name: str, path: str, query: str, session: dict[str, Any]) -> None:
    """Write the whole list for its owner to download from the job's page: a workbook, or a zip of several."""
    listing = _listing(owner, name, path, query, session)
    rows = listing.ordered()
    progress.total(rows.count())

    def counted() -> Iterator[Any]:
        for row in rows.iterator(chunk_size=500):
            yield row
            progress.step()

    try:
        form = asked_form(listing)
    except Http404:
        raise Refusal(_("This form is no longer used."), _("Choose one that is offered at the list's head.")) from None
    if form is not None:
        _fill_form(progress, listing, form)
        return
    period = str(listing.page.period(listing.request))
    with working_folder() as folder:
        written = write_list(listing.page, counted(), folder, period=period)
        progress.made(written, written.name, MEDIA_TYPES[written.suffix])
    tell_exported(listing, progress.job.total)


def _fill_form(progress: Progress, listing: Listing, form: TableForm) -> None:
    """The whole list in an authority's own form, for its owner to download."""
    data = list_in_form(listing, form)
    with working_folder() as folder:
        written = folder / "form.xlsx"
        written.write_bytes(data)
        progress.made(written, own_form_name(form), MEDIA_TYPES[".xlsx"])
    tell_exported(listing, progress.job.total)


@job_kind("bulk_list")
def bulk_list(
    progress: Progress, *, owner: Any, name: str, path: str, query: str, session: dict[str, Any],
    action: str, ids: list[str], everything: bool, data: str,
) -> None:  # fmt: skip
    """Act on each chosen row and say what became of them."""
    listing = _listing(owner, name, path, query, session)
    wanted = next((one for one in listing.bulk_actions if one.key == action), None)
    if wanted is None:
        raise Refusal(_("This is up to somebody with another role."), _("Ask the campaign office."))
    form = wanted.form(QueryDict(data), actor=owner) if wanted.form else None
    if form and not form.is_valid():
        raise Refusal(_("What was chosen no longer fits."), _("Choose again and start anew."))
    rows = chosen_rows(listing, wanted, ids=ids, everything=everything)
    if form and wanted.check is not None:
        wanted.check(rows, form)
        if form.errors:
            raise Refusal(_("What was chosen no longer fits."), _("Choose again and start anew."))
    keys = list(rows.values_list("pk", flat=True))
    progress.total(len(keys))
    chosen = _in_chunks(listing, keys)
    outcome = act(wanted, chosen, actor=owner, data=form.cleaned_data if form else {}, step=progress.step)
    progress.result(_page_of(path, query), outcome.words(str(wanted.label)))


def _in_chunks(listing: Listing, keys: list[int]) -> Iterator[Any]:
    """The rows of `keys` in their order. The keys are fixed beforehand, since acting moves rows out of the filter."""
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        found = {row.pk: row for row in listing.page.rows(listing.request).filter(pk__in=part)}
        yield from (found[key] for key in part if key in found)
