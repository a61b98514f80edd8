"""Results of the other methods: judged by the assessor from material, surveys and figures, confirmed by the office."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date

from chuangwen.campaigns.models import Round
from chuangwen.config.demo.city import City
from chuangwen.core.files.services import store_bytes
from chuangwen.inspections.enums import ResultKind
from chuangwen.inspections.models import EnteredResult
from chuangwen.inspections.services.results import Judged, Proof, confirm_result, enter_result, return_result
from chuangwen.inspections.wording import measure_words
from chuangwen.standards.grading import Asked, asked_of, enterable
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.queries import tree_of
from chuangwen.standards.tree import Node

SOURCES = {
    "material": ("材料审核评分表", "责任单位报送材料，抽查原件"),
    "survey": ("问卷调查汇总表", "入户和街头问卷"),
    "record": ("部门数据汇总表", "主管部门本季度数据，盖章件"),
    "report": ("听取汇报评分表", "现场汇报，三人评分取平均"),
    "impression": ("整体观察评分表", "三名测评员分别观察后合议"),
    "field": ("专项察看记录", "没有检查项的实地标准，专项察看"),
}


def judge_round(
    city: City, round_: Round, version: StandardVersion, on: date, *, limit: int | None = None
) -> list[EnteredResult]:
    """Enter a result for every leaf that visits do not feed (the first `limit` of them), each with its score sheet."""
    standard = tree_of(version)
    rng = random.Random(f"results {round_}")  # noqa: S311  (the same demo at every run)
    leaves = list(enterable(standard).values())[:limit]
    asked = [asked_of(leaf, standard.grades) for leaf in leaves]
    judged = [_judged(version, leaf, one, on, rng) for leaf, one in zip(leaves, asked, strict=True)]
    lines = [(leaf, _words(*pair)) for leaf, pair in zip(leaves, zip(asked, judged, strict=True), strict=True)]
    papers = {method: _paper(round_, method, lines) for method in SOURCES}
    actor = city.people["assessor"]
    return [
        enter_result(round_, one, actor=actor, proof=papers[leaf.method or "material"])
        for one, leaf in zip(judged, leaves, strict=True)
    ]


def confirm_all(city: City, results: Iterable[EnteredResult]) -> None:
    """The office has compared them with their papers."""
    for one in results:
        confirm_result(one, revision=one.revision, actor=city.office)


def fill_results(city: City, round_: Round, version: StandardVersion, on: date) -> None:
    """A whole round: every leaf, one bonus and one penalty, all confirmed."""
    results = judge_round(city, round_, version, on)
    standard, actor = tree_of(version), city.people["assessor"]
    for kind, listed, points, source, name in (
        (ResultKind.BONUS, standard.bonuses, 1.0, "省文明办简报第12期推广“巷长制”", "省文明办简报第12期.txt"),
        (ResultKind.PENALTY, standard.penalties, 0.5, "电视问政曝光的夜市油烟，逾期3天整改", "电视问政交办单.txt"),
    ):
        paper = Proof(name, f"{source}。\n".encode())
        judged = Judged(
            version, listed[0].code, source=source, judged_by=str(actor), judged_on=on, kind=kind, value=points
        )
        results.append(enter_result(round_, judged, actor=actor, proof=paper))
    confirm_all(city, results)


def begin_results(city: City, round_: Round, version: StandardVersion, on: date) -> None:
    """A round under way: some are confirmed, some wait, one was returned."""
    results = judge_round(city, round_, version, on, limit=14)
    confirm_all(city, results[:8])
    return_result(results[8], reason="评分表缺第2页，请补齐后再报", revision=results[8].revision, actor=city.office)


def _judged(version: StandardVersion, leaf: Node, asked: Asked, on: date, rng: random.Random) -> Judged:
    _sheet, source = SOURCES[leaf.method or "material"]
    judged_by = "测评组"
    weight = 600.0 + rng.randrange(60) if asked.weighed else 1.0
    letters = list(asked.grades)
    if letters and leaf.method not in {"survey", "record"}:
        grade = rng.choices(letters, [8, 4, 2, 1][: len(letters)])[0]
        return Judged(version, leaf.code, source, judged_by, on, grade=grade)
    return Judged(version, leaf.code, source, judged_by, on, value=_value(leaf, rng), weight=weight)


def _value(leaf: Node, rng: random.Random) -> float:
    """A believable measure: mostly good, seldom full."""
    rule, part = leaf.map, 0.62 + 0.36 * rng.random()
    if rule.kind == "linear":
        value = rule.start + (rule.stop - rule.start) * part
    elif rule.kind == "required":
        return float(max(0, round(rule.n) - rng.choice((0, 0, 1, 2))))
    elif rule.kind == "deduct":
        return float(rng.choice((0, 1, 2)))
    elif rule.kind == "bands":
        mins = [band.min for band in rule.bands if band.min is not None]
        value = rng.choice(mins[:2])
    else:
        value = part
    return round(value, 3 if leaf.measure == "rate" else 1)


def _paper(round_: Round, method: str, lines: list[tuple[Node, str]]) -> Proof:
    """The score sheet of one method, with every line that rests on it."""
    title, _source = SOURCES[method]
    told = [f"{leaf.code}\t{leaf.title.zh}\t{words}" for leaf, words in lines if (leaf.method or "material") == method]
    text = "\n".join(
        [f"{round_.name} {title}", "标准号\t标准\t结果", *told, "", "评定：测评组（签字）", "复核：创建办（签字）"]
    )
    return Proof(f"{title}（{round_.name}）.txt", stored=store_bytes((text + "\n").encode()))


def _words(asked: Asked, one: Judged) -> str:
    value = asked.graded(one.grade) if one.grade else one.value
    return measure_words(asked, one.grade, value, one.weight)
