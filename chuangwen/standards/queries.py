"""Reads published standards."""

from __future__ import annotations

import json
from functools import lru_cache

from django.db.models import QuerySet

from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Check, Node, PlaceType, StandardDocument, StandardVersion
from chuangwen.standards.tree import Standard


def tree_of(version: StandardVersion) -> Standard:
    """The version as plain data. Read once a process for each content, since it never changes."""
    return _tree(version.pk, version.digest)


@lru_cache(maxsize=16)
def _tree(pk: int, digest: str) -> Standard:
    """`digest` is part of the key, so that another database's version never answers for this one."""
    document = StandardDocument.objects.get(version_id=pk, version__digest=digest)
    return read_standard(json.dumps(document.content, ensure_ascii=False).encode(), "standard.json")


def criteria(version: StandardVersion) -> QuerySet[Node]:
    """The leaves of a version in the order of the file."""
    return Node.objects.filter(version=version, is_leaf=True).order_by("position")


def checks_for(version: StandardVersion, place_type: PlaceType) -> QuerySet[Check]:
    """What an inspector answers at a place of this type, in the order of the file."""
    return (
        Check.objects.filter(version=version, place_types=place_type)
        .select_related("problem_type")
        .order_by("position")
    )
