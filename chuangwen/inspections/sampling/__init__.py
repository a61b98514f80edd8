"""The draw (电脑抽签): which places are inspected, so that nobody can bend it and anybody can check it.

Pure: no Django, no database, no clock of its own. Owns the pool's canonical form, commitments, tickets,
records and their verification; not who may draw or when, not storage. Source: spec/draw.md.
"""

from __future__ import annotations

from chuangwen.inspections.sampling.chain import (
    Chain,
    Commitment,
    make_commitment,
    new_secret,
    opens,
    read_secret,
)
from chuangwen.inspections.sampling.draw import draw_by_computer, run_draw, substitute
from chuangwen.inspections.sampling.errors import Difference, SamplingError
from chuangwen.inspections.sampling.pool import Pool, Stratum, build_pool, read_pool, read_quotas
from chuangwen.inspections.sampling.randomness import dice_text, index_text, lottery_text
from chuangwen.inspections.sampling.record import Record, Substitute, Times, record_dict, record_text
from chuangwen.inspections.sampling.tickets import METHODS, Method, Ticket
from chuangwen.inspections.sampling.verify import load_record, read_record, verify_record

__all__ = [
    "METHODS",
    "Chain",
    "Commitment",
    "Difference",
    "Method",
    "Pool",
    "Record",
    "SamplingError",
    "Stratum",
    "Substitute",
    "Ticket",
    "Times",
    "build_pool",
    "dice_text",
    "draw_by_computer",
    "index_text",
    "load_record",
    "lottery_text",
    "make_commitment",
    "new_secret",
    "opens",
    "read_pool",
    "read_quotas",
    "read_record",
    "read_secret",
    "record_dict",
    "record_text",
    "run_draw",
    "substitute",
    "verify_record",
]
