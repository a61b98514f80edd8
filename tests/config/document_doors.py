"""Documents in the doors' world: one, its revised version, and the samples of their addresses."""

from __future__ import annotations

from typing import Any

from chuangwen.accounts.roles import Role
from chuangwen.directives.models import Candidate, Carried, Document, Proposal, SecondReading
from tests.support.factories import DAY

DOCUMENT = (
    "facts", "discard", "table", "review", "units", "presence", "mark", "undo", "issue", "changes", "revises", "names",
    "proposals", "excerpt",
)  # fmt: skip
CANDIDATE = ("edit", "split", "turn")
TEXT = "由市城管局牵头，月底前完成清理。"


def add_documents(world: Any) -> None:
    """A document that revises an earlier one, and what became of the earlier one's directive."""
    region, campaign = world.root.region, world.campaign
    earlier = Document.objects.create(
        region=region, campaign=campaign, title="讲话初稿", day=DAY, text=TEXT, digest="earlier"
    )
    old = Candidate.objects.create(region=region, document=earlier, start=0, end=8, quote=TEXT[:8], action="清理")
    world.document = Document.objects.create(
        region=region, campaign=campaign, title="讲话", day=DAY, text=TEXT, replaces=earlier
    )
    world.candidate = Candidate.objects.create(
        region=region, document=world.document, start=0, end=8, quote=TEXT[:8], action="清理"
    )
    world.carried = Carried.objects.create(
        region=region, document=world.document, old=old, new=world.candidate, change="same"
    )
    reading = SecondReading.objects.create(
        region=region, document=world.document, host="reader", model="m", pieces=1, asked_by=world.people[Role.OFFICE]
    )
    world.proposal = Proposal.objects.create(
        region=region, reading=reading, candidate=world.candidate, act="remove", start=0, end=8, quote=TEXT[:8]
    )


def document_samples(world: Any) -> dict[str, dict[str, Any]]:
    """Address name -> what its sample needs."""
    document, candidate = {"pk": world.document.pk}, {"pk": world.candidate.pk}
    return {
        **{f"directives:{name}": document for name in DOCUMENT},
        **{f"directives:{name}": candidate for name in CANDIDATE},
        "directives:decide": candidate | {"act": "accept"},
        "directives:settle": {"pk": world.carried.pk},
        "directives:proposal": {"pk": world.proposal.pk, "act": "leave"},
    }
