"""The samples of the addresses of documents and their directives, for the doors' world."""

from __future__ import annotations

from typing import Any

DOCUMENT = ("facts", "discard", "table", "review", "units", "presence", "mark", "undo", "issue")
CANDIDATE = ("edit", "split", "turn")


def document_samples(world: Any) -> dict[str, dict[str, Any]]:
    """Address name -> what its sample needs."""
    document, candidate = {"pk": world.document.pk}, {"pk": world.candidate.pk}
    return {
        **{f"directives:{name}": document for name in DOCUMENT},
        **{f"directives:{name}": candidate for name in CANDIDATE},
        "directives:decide": candidate | {"act": "accept"},
    }
