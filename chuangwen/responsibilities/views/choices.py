"""The chips and menus above the matrix: each choice is an address, so that a view can be sent."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.responsibilities.queries import Counts
from chuangwen.responsibilities.queries.matrix import Matrix, View, title_of
from chuangwen.standards.enums import Method


def with_params(params: QueryDict, **changes: str) -> str:
    """The address of the same page with parameters changed; empty ones are left out."""
    query = params.copy()
    for key, value in changes.items():
        query[key] = value
    for key in [key for key, values in query.lists() if not any(values)]:
        del query[key]
    return f"?{query.urlencode()}" if query else "?"


def chips(params: QueryDict, counts: Counts) -> list[dict[str, Any]]:
    """Everything, or what needs an eye; a chip with nothing behind it is left out."""
    entries = [
        ("all", _("All"), counts.criteria, "", ""),
        ("gap", _("Nobody leads"), len(counts.gaps), "bad", "alert-octagon"),
        ("overlap", _("Several lead"), len(counts.overlaps), "warn", "alert-triangle"),
        ("heavy", _("Overloaded units"), len(counts.heavy), "bad", "scale"),
        ("objected", _("A unit objects"), len(counts.objected), "", "messages"),
    ]
    chosen = params.get("show") or "all"
    return [
        {
            "label": label, "n": n, "tone": tone, "icon": icon, "current": key == chosen,
            "url": with_params(params, show="" if key == "all" else key, page=""),
        }
        for key, label, n, tone, icon in entries
        if n or key in {"all", chosen}
    ]  # fmt: skip


def filters(params: QueryDict, campaign: Campaign, matrix: Matrix, view: View) -> list[dict[str, Any]]:
    """The menus: part of the standard, method, standard where there are several, set of units."""
    menus = [_sections(params, matrix, view), _methods(params, matrix, view)]
    versions = [s.version for s in campaign.standards.select_related("version")]
    if len(versions) > 1:
        menus.append(_standards(params, versions, view))
    return [menu for menu in [*menus, _units(params, matrix, view)] if menu]


def pages(params: QueryDict, matrix: Matrix) -> dict[str, str]:
    """The addresses of the pages of units beside this one."""
    return {
        "before": with_params(params, page=str(matrix.page - 1)) if matrix.page > 1 else "",
        "after": with_params(params, page=str(matrix.page + 1)) if matrix.page < matrix.pages else "",
    }


def _menu(key: str, label: str, chosen: str, options: list[dict[str, Any]]) -> dict[str, Any]:
    return {"key": key, "label": label, "chosen": chosen, "options": options}


def _option(label: Any, url: str, *, current: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "current": current}


def _sections(params: QueryDict, matrix: Matrix, view: View) -> dict[str, Any]:
    """Sections add up: choosing one more shows both."""
    options = [_option(_("All"), with_params(params, section=""), current=not view.sections)]
    for node in matrix.all_sections:
        chosen = view.sections ^ {node.pk}
        query = params.copy()
        query.setlist("section", [str(pk) for pk in sorted(chosen)])
        label = f"{node.code} {title_of(node)}"
        options.append(_option(label, with_params(query), current=node.pk in view.sections))
    words = "、".join(node.code for node in matrix.all_sections if node.pk in view.sections) or _("All")
    return _menu("section", _("Section"), words, options)


def _methods(params: QueryDict, matrix: Matrix, view: View) -> dict[str, Any]:
    labels = dict(Method.choices)
    options = [_option(_("All"), with_params(params, method=""), current=not view.method)]
    options += [
        _option(labels.get(key, key), with_params(params, method=key), current=key == view.method)
        for key in matrix.methods
    ]
    return _menu("method", _("Method"), str(labels.get(view.method, _("All"))), options)


def _standards(params: QueryDict, versions: list[Any], view: View) -> dict[str, Any]:
    chosen = next((str(version) for version in versions if version.pk == view.version), _("All"))
    options = [_option(_("All"), with_params(params, standard=""), current=not view.version)]
    options += [
        _option(version, with_params(params, standard=str(version.pk)), current=version.pk == view.version)
        for version in versions
    ]
    return _menu("standard", _("Standard"), chosen, options)


def _units(params: QueryDict, matrix: Matrix, view: View) -> dict[str, Any]:
    sets = {
        "duty": _("With a duty"),
        "all": _("All units"),
        "line": _("Departments (lines)"),
        "territory": _("Streets and towns (territories)"),
    }
    if matrix.own:
        del sets["line"], sets["territory"]
    chosen = sets.get(view.units)
    if chosen is None:
        chosen = str(matrix.columns[0].unit) if matrix.columns else view.units
    options = [
        _option(label, with_params(params, units="" if key == "duty" else key, page=""), current=key == view.units)
        for key, label in sets.items()
    ]
    return _menu("units", _("Units"), chosen, options)
