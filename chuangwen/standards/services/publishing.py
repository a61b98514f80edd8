"""Publishes versions of standards. A published version never changes; a correction is a new version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_region
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.models import Region
from chuangwen.standards import tree
from chuangwen.standards.fileformat.document import document_of
from chuangwen.standards.models import Check, Node, PlaceType, ProblemType, StandardDocument, StandardVersion
from chuangwen.standards.queries import digest_of

# Parts of addresses that are pages of their own; a standard's own address never takes one.
RESERVED: Final = frozenset({"compare", "import", "ship", "place-types", "problem-types"})
Sized = tuple[str, str, str, int]  # what it is, its code, its words, how many characters fit


def publish_standard(standard: tree.Standard, *, region: Region, actor: Any) -> tuple[StandardVersion, bool]:
    """Keep a faultless standard as a published version of the region; returns (version, whether it is new).

    The very same content again returns the version that is there. Other content under the same
    urn and version is refused: published versions never change (spec/standard.md).
    """
    require_region(actor, "standards.edit", region.pk)
    document = document_of(standard)
    digest = digest_of(document)
    refuse_misfits(standard)
    try:
        with transaction.atomic():
            existing = published_version(standard, digest, region)
            if existing:
                return existing, False
            version = _write_version(standard, digest, region)
            StandardDocument.objects.create(version=version, content=document)
            nodes = _write_nodes(version, standard)
            place_types = _keep_place_types(region, standard)
            problem_types = _keep_problem_types(region, standard)
            _write_checks(version, standard, nodes, place_types, problem_types)
            record("standards.version.publish", version, actor=actor, data={"urn": standard.urn, "digest": digest})
    except IntegrityError as error:
        raise Conflict(
            _("Somebody else is publishing the same standard at this moment."), _("Look at the list of standards.")
        ) from error
    return version, True


def published_version(standard: tree.Standard, digest: str, region: Region) -> StandardVersion | None:
    """The version that is there with this very content; None where none is. Refusal where its content is another."""
    existing = StandardVersion.objects.filter(region=region, urn=standard.urn, version=standard.version).first()
    if existing and existing.digest != digest:
        raise Refusal(
            _("Version %s of this standard is already published with other content.") % standard.version,
            _("Give the corrected file a new version and import it again."),
        )
    return existing


def refuse_misfits(standard: tree.Standard) -> None:
    """Refusal for a version that cannot stand in an address, and for texts longer than their column (five named)."""
    if "/" in standard.version or standard.version in {".", ".."}:
        raise Refusal(
            _("The version “%s” cannot stand in an address.") % standard.version, _("Write a full stop instead of “/”.")
        )
    found = [f"{what} {code}" for what, code, words, limit in _sized(standard) if len(words) > limit]
    if found:
        raise Refusal(
            _("Too long: %s.") % ", ".join(found[:5]) + (_(" And %d more.") % (len(found) - 5) if found[5:] else ""),
            _("Titles hold 300 characters, names 60; move explanations into the manual."),
        )


def _sized(standard: tree.Standard) -> Iterator[Sized]:
    title, name = _("Title of"), _("Name of")
    yield _("Address of"), standard.urn[:40], standard.urn, 120
    for words in (standard.title.zh, standard.title.en):
        yield title, standard.version, words, 120
    texts = [*((n.code, n.title) for n in standard.walk()), *((c.code, c.text) for c in standard.checks)]
    for code, text in texts:
        yield title, code, text.zh, 300
        yield title, code, text.en, 300
    kinds = [*((p.code, p.name) for p in standard.place_types), *((p.code, p.name) for p in standard.problem_types)]
    for code, called in kinds:
        yield name, code, called.zh, 60
        yield name, code, called.en, 60
    for problem_type in standard.problem_types:
        yield _("Source of"), problem_type.code, problem_type.source, 120
    for check in standard.checks:
        yield _("Group of"), check.code, check.group, 60
        yield _("Quantity of"), check.code, check.quantity.label if check.quantity else "", 60


def _write_version(standard: tree.Standard, digest: str, region: Region) -> StandardVersion:
    return StandardVersion.objects.create(
        region=region,
        urn=standard.urn,
        version=standard.version,
        slug=_slug(standard.urn, region),
        title_zh=standard.title.zh,
        title_en=standard.title.en,
        subject=standard.subject,
        scale=standard.scale,
        criteria_count=sum(1 for _leaf in standard.leaves()),
        check_count=len(standard.checks),
        digest=digest,
        published_at=clock.now(),
    )


def _slug(urn: str, region: Region) -> str:
    """The address of a standard: the last part of its urn, told apart where another urn has it already."""
    known = StandardVersion.objects.filter(region=region)
    same = known.filter(urn=urn).values_list("slug", flat=True).first()
    if same:
        return str(same)
    base = re.sub(r"[^\w.-]+", "-", urn.rsplit(":", 1)[-1]).strip("-.")[:70] or "standard"
    taken = RESERVED | set(known.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 1000))) if slug not in taken)


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
    known = _by_code(PlaceType, region)
    after = _after(PlaceType, region)
    PlaceType.objects.bulk_create(
        [
            PlaceType(
                region=region,
                code=one.code,
                name_zh=one.name.zh,
                name_en=one.name.en,
                ad_hoc=one.ad_hoc,
                quota=one.quota,
                position=after + position,
            )
            for position, one in enumerate(standard.place_types)
            if one.code not in known
        ]
    )
    return _by_code(PlaceType, region)


def _keep_problem_types(region: Region, standard: tree.Standard) -> dict[str, ProblemType]:
    """The region's problem types with those of the standard added; deadlines a site has edited stay."""
    known = _by_code(ProblemType, region)
    after = _after(ProblemType, region)
    ProblemType.objects.bulk_create(
        [
            ProblemType(
                region=region,
                code=one.code,
                name_zh=one.name.zh,
                name_en=one.name.en,
                problem_class=one.problem_class,
                within=one.within,
                lead_hints=list(one.lead),
                source=one.source,
                position=after + position,
            )
            for position, one in enumerate(standard.problem_types)
            if one.code not in known
        ]
    )
    return _by_code(ProblemType, region)


def _by_code(model: Any, region: Region) -> dict[str, Any]:
    return {row.code: row for row in model.objects.filter(region=region)}


def _after(model: Any, region: Region) -> int:
    """The first position after those that are taken."""
    last = model.objects.filter(region=region).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


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
