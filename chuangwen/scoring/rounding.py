"""Figures of two digits that add up to their total as shown (largest remainder). Pure.

A figure alone is rounded as `engine.show` does; parts rounded one by one need not add up, so what each part
lacks of its next hundredth decides who gets one more.
"""

from __future__ import annotations

from collections.abc import Sequence

from chuangwen.scoring.engine.figures import hundredths

NANO = 1_000_000_000  # figures are first rounded to nine decimals, as everything that is shown
HUNDREDTH = NANO // 100


def shown_parts(
    parts: Sequence[float], total: float | None = None, most: Sequence[int] | None = None
) -> tuple[list[float], float]:
    """(the parts as shown, their sum as shown); each is less than a hundredth off, and they add up exactly.

    `parts` are not negative; `total` is what they come to (their sum where it is not given). `most` caps each part,
    in hundredths: a part of another figure is never shown larger than that one. What caps take from one part the
    greatest others with room get, which may be off by more than a hundredth: the same total in every way of sharing
    it matters more. Where the caps leave no room at all the sum stays behind the total by what is missing.
    """
    nano = [max(0, round(part * NANO)) for part in parts]
    found = [value // HUNDREDTH for value in nano]
    if most is not None:
        found = [min(value, cap) for value, cap in zip(found, most, strict=True)]
    wanted = hundredths(sum(parts) if total is None else total)
    order = sorted(range(len(nano)), key=lambda i: (-(nano[i] % HUNDREDTH), -nano[i], i))
    with_rest = [i for i in order if nano[i] % HUNDREDTH]
    _give(found, wanted, with_rest, most)
    if most is not None:
        _give(found, wanted, sorted(range(len(nano)), key=lambda i: (-nano[i], i)), most)
    return [value / 100 for value in found], sum(found) / 100


def _give(found: list[int], wanted: int, order: Sequence[int], most: Sequence[int] | None) -> None:
    """One hundredth more to each in `order` that has room, until `wanted` is reached."""
    lacking = wanted - sum(found)
    for i in order:
        if lacking > 0 and (most is None or found[i] < most[i]):
            found[i] += 1
            lacking -= 1
