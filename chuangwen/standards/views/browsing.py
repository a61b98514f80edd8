"""Reading standards: the list, a version by section, checklists, two versions side by side, downloads."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.files.sniffing import XLSX
from chuangwen.core.lists import respond
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.standards import queries
from chuangwen.standards.comparison import compare
from chuangwen.standards.enums import Method
from chuangwen.standards.fileformat import FORMATS, write_standard
from chuangwen.standards.forms import CompareForm
from chuangwen.standards.listing import STANDARDS, version_url
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.tree import Standard

MEDIA_TYPES = {
    "yaml": "application/yaml",
    "json": "application/json",
    "xlsx": XLSX,
}
WHOLE = "all"
COMPARED = ("moved", "reworded", "reweighted", "added", "dropped", "kept")


@signed_in("standards.view")
def standard_list(request: HttpRequest) -> HttpResponse:
    """All versions that one may see."""
    return respond(request, STANDARDS)


def _version(request: HttpRequest, slug: str, version: str) -> StandardVersion:
    """The version of this address. Who works for two regions may see it twice: the own region's goes first."""
    rows = StandardVersion.objects.visible_to(request.user).filter(slug=slug, version=version)
    found: list[StandardVersion] = sorted(rows, key=lambda row: row.region_id != request.user.region_id)  # type: ignore[union-attr]
    if not found:
        raise Http404
    return found[0]


def _page(version: StandardVersion, standard: Standard, *crumbs: dict[str, Any]) -> dict[str, Any]:
    """What every page of a version shows: title, crumbs, downloads."""
    above = [{"label": _("Standards"), "url": reverse("standards:list")}]
    own = {"label": f"{version.title} {version.version}", "url": version_url(version) if crumbs else ""}
    return {
        "version": version,
        "standard": standard,
        "page_title": crumbs[-1]["label"] if crumbs else version.title,
        "breadcrumbs": [*above, own, *crumbs],
    }


@signed_in("standards.view")
def version_detail(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """A version: its sections; one of them whole; or what fits a search."""
    found = _version(request, slug, version)
    standard = queries.tree_of(found)
    narrowed = {key: request.GET.get(key, "").strip()[:200] for key in ("q", "method", "place_type")}
    if any(narrowed.values()):
        return _search(request, found, standard, narrowed)
    code = request.GET.get("section", "")
    if code:
        return _section(request, found, standard, code)
    context = _page(found, standard) | {
        "sections": queries.sections(standard),
        "methods": queries.method_counts(standard),
        "versions": [v for v in queries.versions_of(found)[:20] if v.pk != found.pk],
        "formats": FORMATS,
        "page_actions": _actions(found, standard),
        **_filters(standard, narrowed),
    }
    return render(request, "standards/version.html", context)


def _actions(version: StandardVersion, standard: Standard) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = [{"label": _("Print the whole"), "url": f"?section={WHOLE}", "icon": "printer"}]
    if standard.checks:
        address = reverse("standards:checklists", args=[version.slug, version.version])
        actions.append({"label": _("Checklists"), "url": address, "icon": "clipboard-check", "primary": True})
    return actions


def _filters(standard: Standard, chosen: dict[str, str]) -> dict[str, Any]:
    methods = {leaf.method for leaf in standard.leaves()}
    return {
        "chosen": chosen,
        "method_choices": [(value, label) for value, label in Method.choices if value in methods],
        "place_type_choices": [(one.code, one.name) for one in standard.place_types],
    }


def _section(request: HttpRequest, version: StandardVersion, standard: Standard, code: str) -> HttpResponse:
    tops = list(standard.nodes)
    numbers = [number for number, node in enumerate(tops) if node.code == code]
    if not numbers and code != WHOLE:
        raise Http404
    shown = [tops[numbers[0]]] if numbers else tops
    label = _("The whole standard") if not numbers else f"{shown[0].code} {shown[0].title}"
    context = _page(version, standard, {"label": label, "url": ""}) | {
        "entries": queries.entries(standard, shown),
        "place_type_names": {one.code: one.name for one in standard.place_types},
        "previous": tops[numbers[0] - 1] if numbers and numbers[0] else None,
        "next": tops[numbers[0] + 1] if numbers and numbers[0] + 1 < len(tops) else None,
        "tops": tops,
        "code": code,
        "page_actions": [{"label": _("Print"), "print": True}],
    }
    return render(request, "standards/section.html", context)


def _search(
    request: HttpRequest, version: StandardVersion, standard: Standard, narrowed: dict[str, str]
) -> HttpResponse:
    found = queries.search(standard, words=narrowed["q"], method=narrowed["method"], place_type=narrowed["place_type"])
    context = _page(version, standard, {"label": _("Search"), "url": ""}) | {
        "found": found,
        **_filters(standard, narrowed),
    }
    return render(request, "standards/search.html", context)


@signed_in("standards.view")
def checklists(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The place types of a version; each leads to its checklist."""
    found = _version(request, slug, version)
    standard = queries.tree_of(found)
    context = _page(found, standard, {"label": _("Checklists"), "url": ""})
    return render(
        request, "standards/checklists.html", context | {"place_types": queries.checks_by_place_type(standard)}
    )


@signed_in("standards.view")
def checklist(request: HttpRequest, slug: str, version: str, code: str) -> HttpResponse:
    """What is looked at in a place of one type; `?format=print` is the A4 sheet (实地考察检查表)."""
    found = _version(request, slug, version)
    standard = queries.tree_of(found)
    place_type = next((one for one in standard.place_types if one.code == code), None)
    if place_type is None:
        raise Http404
    address = reverse("standards:checklists", args=[found.slug, found.version])
    context = _page(
        found, standard, {"label": _("Checklists"), "url": address}, {"label": str(place_type.name), "url": ""}
    ) | {
        "place_type": place_type,
        "groups": queries.checklist(standard, code),
        "criteria": {leaf.code: leaf.title for leaf in standard.leaves()},
        "problem_types": {one.code: one for one in standard.problem_types},
        "page_actions": [
            {"label": _("Print the checklist"), "url": "?format=print", "icon": "printer", "primary": True}
        ],
        "now": clock.now(),
    }
    template = "standards/checklist_paper.html" if request.GET.get("format") == "print" else "standards/checklist.html"
    return render(request, template, context)


@signed_in("standards.view")
def compare_versions(request: HttpRequest) -> HttpResponse:
    """What became of each node from one version to another of the same standard."""
    form = CompareForm(request.GET)
    if not form.is_valid():
        raise Http404
    old, new = (
        visible_or_404(StandardVersion.objects, request.user, pk=form.cleaned_data[key]) for key in ("old", "new")
    )
    if old.urn != new.urn or old.region_id != new.region_id:
        raise Http404
    comparison = compare(queries.tree_of(old), queries.tree_of(new))
    counts = {key: len(getattr(comparison, key)) for key in COMPARED}
    shown = request.GET.get("show", "")
    shown = shown if shown in counts or shown == "proposals" else next((k for k in COMPARED if counts[k]), "kept")
    context = {
        "old": old,
        "new": new,
        "versions": queries.versions_of(new)[:50],
        "comparison": comparison,
        "tabs": _compare_tabs(old, new, counts, len(comparison.proposals), shown),
        "shown": shown,
        "pairs": getattr(comparison, shown) if shown in {"moved", "reworded", "reweighted", "kept"} else (),
        "nodes": getattr(comparison, shown) if shown in {"added", "dropped"} else (),
        "page_title": _("Compare versions"),
        "page_subtitle": f"{new.title}: {old.version} → {new.version}",
        "breadcrumbs": [
            {"label": _("Standards"), "url": reverse("standards:list")},
            {"label": f"{new.title} {new.version}", "url": version_url(new)},
            {"label": _("Compare versions"), "url": ""},
        ],
        "may_edit": may(request.user, "standards.edit", new),
    }
    return render(request, "standards/compare.html", context)


def _compare_tabs(
    old: StandardVersion, new: StandardVersion, counts: dict[str, int], proposals: int, shown: str
) -> list[dict[str, Any]]:
    labels = {
        "moved": pgettext("node", "Moved"), "reworded": _("Reworded"), "reweighted": _("Reweighted"),
        "added": pgettext("node", "Added"), "dropped": pgettext("node", "Dropped"),
        "kept": pgettext("node", "Kept"), "proposals": _("For a person to decide"),
    }  # fmt: skip
    numbers = counts | {"proposals": proposals}
    return [
        {
            "label": labels[key],
            "count": number,
            "url": f"?old={old.pk}&new={new.pk}&show={key}",
            "current": key == shown,
        }
        for key, number in numbers.items()
    ]


@signed_in("standards.view")
def download(request: HttpRequest, slug: str, version: str, file_format: str) -> HttpResponse:
    """The version as a standard file."""
    found = _version(request, slug, version)
    if file_format not in FORMATS:
        raise Http404
    data = write_standard(queries.tree_of(found), file_format)
    return file_response(data, f"{found.slug}-{found.version}.{file_format}", MEDIA_TYPES[file_format])
