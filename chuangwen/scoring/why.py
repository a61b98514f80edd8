"""Why a criterion got its points: the steps from what was seen to the points, with figures that hold. Pure.

Source: scoring specification, Share of a leaf; Up the tree. Each step is a kind with its figures as text; sentences are
made of them in why_words. Every equation is true as it is read: its figures get as many digits as that takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chuangwen.scoring.engine import show
from chuangwen.standards.tree import Node, Standard, points_of

NEAR = 1e-9
MOST_DIGITS = 9
TERMS = 6  # addends named one by one; the others are one more


@dataclass(frozen=True, slots=True)
class Sums:
    """What a leaf's rows held: see models.LeafSum; `places` were seen there."""

    rows: int = 0
    n: int = 0
    met: int = 0
    unmet: int = 0
    positive: int = 0
    weight: float = 0.0
    total: float = 0.0
    places: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """A node's figures in a run, as the engine gave them."""

    points: float
    effective: float | None
    share: float | None
    attained: float | None
    lost: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the sentence: what it says, with its figures as text."""

    kind: str
    figures: Mapping[str, str] = field(default_factory=dict)
    count: int = 0  # for words with a plural


def reasons(standard: Standard, code: str, results: Mapping[str, Result], sums: Sums | None) -> list[Step]:
    """The steps by which the node of `code` got its points; `results` are the nodes of the run by code.

    `sums` None: the run did not keep what the rows held, and the steps begin at the share.
    """
    line = _line(standard, code)
    node, result = line[-1], results[code]
    if result.share is None:
        return [_unassessed(node, sums)]
    if node.children:
        return [*_inner(node, result, results), *_points(line, result, results)]
    if sums is not None and sums.rows == 0:  # under the policy zero: else it would be unassessed
        return [Step("zero"), *_points(line, result, results)]
    seen = [] if sums is None else [*_measured(node, sums), *_mapped(node, _measure(node, sums), result.share)]
    return [*seen, *_points(line, result, results, is_told=bool(seen))]


def _line(standard: Standard, code: str) -> list[Node]:
    """The node and all above it, the implied root first."""

    def down(node: Node) -> list[Node] | None:
        if node.code == code:
            return [node]
        for child in node.children:
            if below := down(child):
                return [node, *below]
        return None

    found = down(standard.root)
    if found is None:
        raise LookupError(code)
    return found


def _unassessed(node: Node, sums: Sums | None) -> Step:
    if node.children:
        return Step("inner-unassessed")
    if sums is not None and sums.rows and not sums.n:
        return Step("not-applicable", count=sums.rows)
    return Step("weightless" if sums is not None and sums.n else "unseen")


# What was seen


def _measure(node: Node, sums: Sums) -> float:
    if node.measure == "count":
        return float(sums.positive)
    return sums.total if node.measure == "sum" else sums.total / sums.weight


def _measured(node: Node, sums: Sums) -> list[Step]:
    """How many rows there were and what their measure is."""
    figures = {"n": str(sums.n), "places": str(sums.places), "met": str(sums.met)}
    if node.measure == "count":
        return [Step("count", figures | {"x": str(sums.positive)})]
    x = _measure(node, sums)
    if node.measure == "sum":
        return [Step("sum", figures | {"x": number(x)})]
    if sums.n == 1 and not sums.places:
        return [Step(f"{node.measure}-one", figures | {"x": percent(x) if node.measure == "rate" else number(x)})]
    counted = abs(sums.weight - sums.n) < NEAR and abs(sums.total - sums.met) < NEAR  # as if each row weighed 1
    plain = sums.n == sums.met + sums.unmet and counted
    if node.measure == "rate" and plain:
        kind = "rate-places" if sums.places == sums.n else "rate-rows" if sums.places else "rate"
        return [Step(kind, figures | {"equation": _quotient(sums.met, sums.n, x, rate=True)})]
    equation = _quotient(sums.total, sums.weight, x, rate=node.measure == "rate")
    return [Step(f"{node.measure}-weighted", figures | {"equation": equation})]


def _quotient(above: float, below: float, x: float, *, rate: bool) -> str:
    """12÷17=70.6%, with more digits where the quotient needs them."""
    shown = percent if rate else number
    return equation(lambda d: (f"{number(above, d)}÷{number(below, d)}", _read(above, d) / _read(below, d)), x, shown)


# From the measure to the share


def _mapped(node: Node, x: float, share: float) -> list[Step]:
    rate = node.measure == "rate"
    shown = percent if rate else number
    figures = {"x": shown(x), "share": percent(share)}
    shape = node.map
    if shape.kind == "bands":
        reached = next(band for band in shape.bands if band.min is None or x >= band.min - NEAR)
        return [
            Step("band-last", figures)
            if reached.min is None
            else Step("band", figures | {"min": shown(reached.min, MOST_DIGITS)})
        ]
    if shape.kind == "proportional":
        kept = abs(share - x) < NEAR
        return [] if rate and kept else [Step("as-share" if kept else "held", figures)]
    raw, told = _scaled(node, x)
    kind = shape.kind if abs(raw - share) < NEAR else f"{shape.kind}-held"
    return [Step(kind, figures | told)]


def _scaled(node: Node, x: float) -> tuple[float, dict[str, str]]:
    """The share before it is held between 0 and 1, and the equation that gives it."""
    shape = node.map
    if shape.kind == "required":
        raw = x / shape.n
        return raw, {"n": number(shape.n), "equation": _quotient(x, shape.n, raw, rate=True)}
    if shape.kind == "linear":
        raw = (x - shape.start) / (shape.stop - shape.start)

        def part(digits: int) -> tuple[str, float]:
            a, b, c = (_read(one, digits) for one in (x, shape.start, shape.stop))
            start = _signed(shape.start, digits)
            words = f"({number(x, digits)}−{start})÷({number(shape.stop, digits)}−{start})"
            return words, (a - b) / (c - b) if c != b else float("inf")

        figures = {"start": _stated(shape.start), "stop": _stated(shape.stop)}
        return raw, figures | {"equation": equation(part, raw, percent)}
    worth = points_of(node)
    raw = 1.0 - shape.each * x / worth

    def less(digits: int) -> tuple[str, float]:
        a, b, c = (_read(one, digits) for one in (shape.each, x, worth))
        return (
            f"1−{number(shape.each, digits)}×{_signed(x, digits)}÷{number(worth, digits)}",
            1.0 - a * b / c if c else float("inf"),
        )

    return raw, {"each": _stated(shape.each), "equation": equation(less, raw, percent)}


# Inner nodes


def _inner(node: Node, result: Result, results: Mapping[str, Result]) -> list[Step]:
    """What an inner node's aggregate made of its children."""
    shares = [(child, results[child.code]) for child in node.children]
    assessed = [(child, one) for child, one in shares if one.share is not None]
    left = len(shares) - len(assessed)
    unseen = [Step("children-unassessed", count=left)] if left else []
    share = result.share or 0.0
    if node.aggregate == "met":
        reached = sum(1 for _child, one in shares if one.share is None or one.share >= node.threshold - NEAR)
        figures = {
            "all": str(len(shares)),
            "reached": str(reached),
            "threshold": percent(node.threshold, MOST_DIGITS),
            "share": percent(share),
        }
        return [Step("met", figures), *([Step("met-unassessed", count=left)] if left else [])]
    if node.aggregate == "min":
        least, _one = min(assessed, key=lambda pair: pair[1].share or 0.0)
        return [Step("min", {"code": least.code, "share": percent(share)}, len(assessed)), *unseen]
    if node.aggregate == "mean":
        terms = _addition([one.share or 0.0 for _child, one in assessed], len(assessed), share)
        return [Step("mean", {"equation": terms}, len(assessed)), *unseen]
    whole = sum(one.points for _child, one in assessed)
    earned = _addition([one.points * (one.share or 0.0) for _child, one in assessed], whole, share)
    return [Step("weighed", {"equation": earned}, len(assessed)), *unseen]


def _addition(parts: Sequence[float], whole: float, share: float) -> str:
    """(2.12+1.50)÷5.00=72.4%: the greatest by themselves, the others as one addend."""
    ordered = sorted(parts, reverse=True)
    terms = [*ordered[:TERMS], *([sum(ordered[TERMS:])] if len(ordered) > TERMS else [])]

    def added(digits: int) -> tuple[str, float]:
        words = "+".join(number(term, digits, least=2) for term in terms)
        return f"({words})÷{number(whole, digits)}", sum(_read(t, digits) for t in terms) / _read(whole, digits)

    return equation(added, share, percent)


# From the share to the points


def _points(line: list[Node], result: Result, results: Mapping[str, Result], *, is_told: bool = True) -> list[Step]:
    """Points times share; where others were not assessed or the scale is another one, also what they became.

    `is_told`: the steps before end with the share, so that it is not said a second time.
    """
    share = result.share or 0.0
    if result.effective is None or result.attained is None:
        blind = next(
            (n for n in reversed(line[:-1]) if n.aggregate in ("min", "met") or results[n.code].share is None), None
        )
        figures = {"share": percent(share), "code": blind.code if blind else ""}
        kind = "no-points" if blind and blind.aggregate in ("min", "met") else "unassessed-above"
        return [*([] if is_told else [Step("share", figures)]), Step(kind, figures)]
    if abs(result.effective - result.points) < 5e-10:
        return [Step("points", {"equation": _product(result.points, share, result.attained)})]
    steps = (
        []
        if not result.points
        else [Step("points", {"equation": _product(result.points, share, result.points * share)})]
    )
    steps += _because(line, results)
    return [
        *steps,
        Step(
            "rescaled",
            {
                "effective": number(result.effective, 2, least=2),
                "equation": _product(result.effective, share, result.attained),
            },
        ),
    ]


def _product(points: float, share: float, attained: float) -> str:
    def times(digits: int) -> tuple[str, float]:
        words = f"{number(points, digits, least=2)}×{percent(share, digits - 1)}"
        return words, _read(points, max(2, digits)) * _read(share * 100, digits - 1) / 100

    return equation(times, attained, lambda value, _digits=2: show(value))


def _because(line: list[Node], results: Mapping[str, Result]) -> list[Step]:
    """Why the points of a node are not those that the standard states: what happened above it, from below."""
    steps = []
    for node in reversed(line[:-1]):
        left = sum(1 for child in node.children if results[child.code].share is None)
        if node.aggregate == "mean":
            steps.append(Step("because-mean", {"code": node.code}))
        elif left:
            steps.append(Step("because-unassessed", {"code": node.code}, left))
    return steps or [Step("because-scale")]


# Figures


def _read(value: float, digits: int) -> float:
    return float(f"{value:.{digits}f}")


def number(value: float, digits: int = 2, *, least: int = 0) -> str:
    """`value` with at most `digits` behind the point; at least `least`, noughts at the end else left out."""
    text = f"{value:.{max(digits, least)}f}"
    whole, _point, rest = text.partition(".")
    rest = rest.rstrip("0")
    kept = rest.ljust(least, "0")
    found = f"{whole}.{kept}" if kept else whole
    return found.replace("-", "−") if float(found) else found.lstrip("-")


def _stated(value: float) -> str:
    """A figure of the standard, as it stands there: 0.125 is no 0.13."""
    return number(value, MOST_DIGITS)


def _signed(value: float, digits: int) -> str:
    """A figure after a minus or a times: in brackets where it is negative."""
    text = number(value, digits)
    return f"({text})" if text.startswith("−") else text


def percent(share: float, digits: int = 1) -> str:
    return f"{number(share * 100, digits)}%"


def equation(left: Callable[[int], tuple[str, float]], right: float, shown: Callable[..., str]) -> str:
    """`left`=`right`: with the fewest digits (from 2) by which the left side comes to the right one as it is shown."""
    for digits in range(2, MOST_DIGITS + 1):
        words, value = left(digits)
        if shown(value) == shown(right):
            break
    return f"{words}={shown(right)}"
