"""Publishes versions of standards. A published version never changes; a correction is a new version."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.standards import tree
from chuangwen.standards.fileformat.document import document_of
from chuangwen.standards.models import Check, Node, PlaceType, ProblemType, StandardDocument, StandardVersion


def publish_standard(standard: tree.Standard, *, region: Region, actor: Any) -> tuple[StandardVersion, bool]:
    """Keep a faultless standard as a published version of the region; returns (version, whether it is new).

    The very same content again returns the version that is there. Other content under the same
    urn and version is refused: published versions never change (spec/standard.md).
    """
    document = document_of(standard)
    digest = hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    existing = StandardVersion.objects.filter(region=region, urn=standard.urn, version=standard.version).first()
    if existing and existing.digest == digest:
        return existing, False
    if existing:
        raise Refusal(
            _("Version %s of this standard is already published with other content.") % standard.version,
            _("Give the corrected file a new version and import it again."),
        )
    with transaction.atomic():
        version = StandardVersion.objects.create(
            region=region,
            urn=standard.urn,
            version=standard.version,
            slug=standard.urn.rsplit(":", 1)[-1][:80],
            title_zh=standard.title.zh,
            title_en=standard.title.en,
            subject=standard.subject,
            scale=standard.scale,
            digest=digest,
            published_at=clock.now(),
        )
        StandardDocument.objects.create(version=version, content=document)
        nodes = _write_nodes(version, standard)
        place_types = _keep_place_types(region, standard)
        problem_types = _keep_problem_types(region, standard)
        _write_checks(version, standard, nodes, place_types, problem_types)
        record("standards.version.publish", version, actor=actor, data={"urn": standard.urn, "digest": digest})
    return version, True


def _write_nodes(version: StandardVersion, standard: tree.Standard) -> dict[str, Node]:
    """Rows for all nodes, level by level since a row needs its parent's key."""
    order = {node.code: position for position, node in enumerate(standard.walk())}
    made: dict[str, Node] = {}
    level: list[tuple[tree.Node, Node | None]] = [(node, None) for node in standard.nodes]
    depth = 1
    while level:
        rows = [
            Node(
                version=version,
                parent=parent,
                code=node.code,
                title_zh=node.title.zh,
                title_en=node.title.en,
                position=order[node.code],
                depth=depth,
                is_leaf=node.is_leaf,
                points=tree.points_of(node),
                method=node.method or "",
                manual=node.manual,
                lead_hints=list(node.lead),
            )
            for node, parent in level
        ]
        Node.objects.bulk_create(rows)
        made |= {row.code: row for row in rows}
        level = [(child, row) for (node, _parent), row in zip(level, rows, strict=True) for child in node.children]
        depth += 1
    return made


def _keep_place_types(region: Region, standard: tree.Standard) -> dict[str, PlaceType]:
    """The region's place types with those of the standard added; names a site has edited stay."""
    for position, one in enumerate(standard.place_types):
        PlaceType.objects.get_or_create(
            region=region,
            code=one.code,
            defaults={
                "name_zh": one.name.zh,
                "name_en": one.name.en,
                "ad_hoc": one.ad_hoc,
                "quota": one.quota,
                "position": position,
            },
        )
    return {row.code: row for row in PlaceType.objects.filter(region=region)}


def _keep_problem_types(region: Region, standard: tree.Standard) -> dict[str, ProblemType]:
    """The region's problem types with those of the standard added; deadlines a site has edited stay."""
    for position, one in enumerate(standard.problem_types):
        ProblemType.objects.get_or_create(
            region=region,
            code=one.code,
            defaults={
                "name_zh": one.name.zh,
                "name_en": one.name.en,
                "problem_class": one.problem_class,
                "within": one.within,
                "lead_hints": list(one.lead),
                "source": one.source,
                "position": position,
            },
        )
    return {row.code: row for row in ProblemType.objects.filter(region=region)}


def _write_checks(
    version: StandardVersion,
    standard: tree.Standard,
    nodes: dict[str, Node],
    place_types: dict[str, PlaceType],
    problem_types: dict[str, ProblemType],
) -> None:
    """Rows for all checks and their links, in five statements however many there are."""
    checks = Check.objects.bulk_create(
        Check(
            version=version,
            code=one.code,
            text_zh=one.text.zh,
            text_en=one.text.en,
            group=one.group,
            position=position,
            also=list(one.also),
            problem_type=problem_types.get(one.problem_type),
            photo=one.photo,
            quantity_label=one.quantity.label if one.quantity else "",
            quantity_at_least=one.quantity.at_least if one.quantity else None,
        )
        for position, one in enumerate(standard.checks)
    )
    at_types, at_nodes = Check.place_types.through, Check.criteria.through
    pairs = list(zip(checks, standard.checks, strict=True))
    at_types.objects.bulk_create(
        at_types(check_id=row.pk, placetype_id=place_types[code].pk) for row, one in pairs for code in one.place_types
    )
    at_nodes.objects.bulk_create(
        at_nodes(check_id=row.pk, node_id=nodes[code].pk) for row, one in pairs for code in one.criteria
    )
