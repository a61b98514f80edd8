"""Up the tree and down again: shares of inner nodes, effective points, lost points.

All subjects move together, one depth of the tree at a time. Source: scoring specification, Up the
tree; Who lost what (a node's loss is shared among its assessed children).
"""

from __future__ import annotations

import polars as pl

from chuangwen.scoring.engine.outline import Outline
from chuangwen.scoring.engine.shares import NEAR

_NOTHING = 1e-12  # gaps that sum to no more are those of children that lost nothing
_FAMILY = ["subject", "parent"]


def node_table(outline: Outline, subjects: pl.DataFrame, leaves: pl.DataFrame) -> pl.DataFrame:
    """Every node of every subject with n, share, effective, attained and lost.

    `leaves` is the table of `leaf_shares`. Null share: unassessed. Columns: subject, node, code,
    points, effective, share, attained, lost, n, and the outline's of the node.
    """
    levels = _climb(outline, _levels(outline, subjects, leaves))
    table = pl.concat(_descend(outline, levels))
    return table.with_columns(attained=pl.col("effective") * pl.col("share")).sort("subject", "node")


def _levels(outline: Outline, subjects: pl.DataFrame, leaves: pl.DataFrame) -> list[pl.DataFrame]:
    shape = ["node", "code", "parent", "depth", "points", "aggregate", "above", "reach", "leaf", "by_rows"]
    nodes = subjects.select("subject").join(outline.nodes.select(*shape, "in_interval"), how="cross")
    table = nodes.join(leaves, on=["subject", "node"], how="left")
    deepest = max(outline.nodes["depth"])
    return [table.filter(pl.col("depth") == depth) for depth in range(deepest + 1)]


def _climb(outline: Outline, levels: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """From the deepest level up: each inner node's share and n from its children's."""
    done = [levels[-1]]
    for level in reversed(levels[:-1]):
        made = _from_children(done[0]).join(outline.met, on=["node", "reached"], how="left")
        wide = level.join(made, on=["subject", "node"], how="left")
        wide = wide.with_columns(
            share=pl.when("leaf").then("share").otherwise(_inner_share()),
            n=pl.when("leaf").then("n").otherwise("below"),
        )
        done.insert(0, wide.select(level.columns))
    return done


def _from_children(children: pl.DataFrame) -> pl.DataFrame:
    share, points = pl.col("share"), pl.col("points")
    assessed = share.is_not_null()
    return (
        children.group_by(_FAMILY)
        .agg(
            assessed=assessed.sum(),
            whole=points.filter(assessed).sum(),
            earned=(points * share).sum(),
            mean=share.mean(),
            least=share.min(),
            reached=(share.is_null() | (share >= pl.col("reach") - NEAR)).sum(),
            below=pl.col("n").sum(),
        )
        .rename({"parent": "node"})
        .with_columns(pl.col("reached").cast(pl.UInt32))
    )


def _inner_share() -> pl.Expr:
    kind = pl.col("aggregate")
    return (
        pl.when(pl.col("assessed") == 0)
        .then(None)
        .when(kind == "mean")
        .then(pl.col("mean"))
        .when(kind == "min")
        .then(pl.col("least"))
        .when(kind == "met")
        .then(pl.col("met"))
        .when(pl.col("whole") > 0)
        .then(pl.col("earned") / pl.col("whole"))
    )


def _descend(outline: Outline, levels: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """From the root down: effective points by aggregate, losses by what each child left open."""
    share, scale = pl.col("share"), pl.lit(outline.scale, pl.Float64)
    root = levels[0].with_columns(effective=pl.when(share.is_not_null()).then(scale), lost=scale * (1.0 - share))
    done = [root]
    for level in levels[1:]:
        above = done[-1].select("subject", "effective", "lost", parent="node")
        done.append(_to_children(level.join(above, on=_FAMILY, how="left")))
    return done


def _to_children(children: pl.DataFrame) -> pl.DataFrame:
    share, points, above = pl.col("share"), pl.col("points"), pl.col("above")
    siblings = share.count().over(_FAMILY)
    whole = pl.when(share.is_not_null()).then(points).sum().over(_FAMILY)
    gap = pl.when(above == "sum").then(points * (1.0 - share)).otherwise(1.0 - share)
    gaps = gap.sum().over(_FAMILY)
    part = pl.when(gaps > _NOTHING).then(gap / gaps).otherwise(1.0 / siblings)
    into = pl.when(above == "sum").then(points / whole).when(above == "mean").then(1.0 / siblings)
    assessed = share.is_not_null()
    return children.with_columns(
        effective=pl.when(assessed).then(pl.col("effective") * into),
        lost=pl.when(assessed).then(pl.col("lost") * part),
    )
