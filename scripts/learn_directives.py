"""Learn the weights of directives/extraction from marked texts, or measure them on texts left out.

    scripts/learn_directives.py MARKS.jsonl...            writes weights.tsv (which clauses make a directive) and
                                                          leading.tsv (who leads it) beside labelling.py
    scripts/learn_directives.py --across MARKS.jsonl...   writes nothing: each tenth of the documents is read with
                                                          weights learned without it; prints the pooled figures

The texts stand beside their marks; a line of marks is a directive as docs/directives.md ("Marked texts") describes
it. `--together A.txt,B.txt` names versions of one text, which are left out together. `--held MARKS.jsonl` adds texts
that are read and measured but never learned from; `--twice MARKS.jsonl` lets texts count double; `--odd MARKS.jsonl`
learns from the texts with odd numbers and holds the even ones.

A linear-chain conditional random field by python-crfsuite (L-BFGS, one thread): the same texts give the same weights.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pycrfsuite

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from learn_leaders import Case, cases_of, learn_leaders  # noqa: E402

from chuangwen.directives.cleaning import Cleaned, clean_text  # noqa: E402
from chuangwen.directives.extraction import labelling  # noqa: E402
from chuangwen.directives.extraction.context import Placed  # noqa: E402
from chuangwen.directives.extraction.engine import extract_with, read_passages  # noqa: E402
from chuangwen.directives.extraction.features import passage_features  # noqa: E402
from chuangwen.directives.extraction.labelling import BEGIN, INSIDE, LABELS, OUTSIDE, Weights, parse_weights  # noqa: E402
from chuangwen.directives.extraction.leading import by_weights, parse_leading  # noqa: E402
from chuangwen.directives.extraction.parties import Parties  # noqa: E402
from chuangwen.directives.reading import Document, read_document  # noqa: E402
from tests.directives.agreement import evaluate  # noqa: E402

RESULTS: Final = Path(labelling.__file__).parent / "data"
SMOOTHING: Final = 2.0  # weight of the squares of the weights: chosen across documents, flat between 1 and 5
ROUNDS: Final = 150
LEAST: Final = 0.02  # weights smaller than this in all three places are left out
FOLDS: Final = 10
HALF: Final = 0.5

Chain = tuple[list[list[str]], list[int]]
Row = dict[str, Any]


@dataclass(frozen=True)
class Marked:
    """A text with its marks; `name` is unique over all sets."""

    name: str
    document: Document
    marks: list[Row]
    sequences: list[Chain]
    weight: int = 1


@dataclass(frozen=True)
class Learned:
    """Weights of both kinds."""

    labels: Weights
    leaders: dict[str, float]


def main() -> int:
    """Learn or measure, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("marks", nargs="+", type=Path)
    parser.add_argument("--held", nargs="*", type=Path, default=[])
    parser.add_argument("--twice", nargs="*", type=Path, default=[])
    parser.add_argument("--odd", nargs="*", type=Path, default=[])
    parser.add_argument("--across", action="store_true")
    parser.add_argument("--together", action="append", default=[], help="A.txt,B.txt")
    options = parser.parse_args()
    texts = [text for path in options.marks for text in read_marked(path)]
    texts += [twice(text) for path in options.twice for text in read_marked(path)]
    halves = [text for path in options.odd for text in read_marked(path)]
    texts += [text for text in halves if is_odd(text)]
    held = [text for path in options.held for text in read_marked(path)] + [text for text in halves if not is_odd(text)]
    sys.stdout.write(f"{len(texts)} texts, {sum(len(text.marks) for text in texts)} directives\n")
    if options.across:
        together = [frozenset(names.split(",")) for names in options.together]
        tell("across", texts, across(texts, together))
        return 0
    write(texts, held)
    return 0


def write(texts: Sequence[Marked], held: Sequence[Marked]) -> None:
    """Learn from `texts`, tell how well the weights do on `held`, set by set, and write them."""
    lines = learn(texts)
    leaders = learn_leaders(leader_cases(texts, parse_weights(lines)))
    for name, group in groupby(held, key=lambda text: text.name.partition("/")[0]):
        those = list(group)
        tell(f"held {name}", those, found(those, Learned(parse_weights(lines), parse_leading(leaders))))
    for file, content in (("weights.tsv", lines), ("leading.tsv", leaders)):
        (RESULTS / file).write_text(content, encoding="utf-8")
        sys.stdout.write(f"{file}: {content.count(chr(10))} names\n")


def is_odd(text: Marked) -> bool:
    """Whether the number in the file's name is odd."""
    return int(re.sub(r"\D", "", text.document.name)) % 2 == 1


def leader_cases(texts: Iterable[Marked], model: Weights) -> list[Case]:
    """What there is to choose from in each directive that `model` finds in `texts`."""
    return [case for text in texts for case in cases_of(text.document, text.marks, model, text.weight)]


def read_marked(path: Path) -> list[Marked]:
    """The texts beside `path` that it marks, or that stand there without a directive."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = []
    for file in sorted(path.parent.glob("*.txt")):
        document = read_document(file.name, file.read_bytes())
        marks = [row for row in rows if row["doc"] == file.name]
        texts.append(Marked(f"{path.parent.name}/{file.name}", document, marks, sequences(document, marks)))
    return texts


def twice(text: Marked) -> Marked:
    """The same text, counting double."""
    return replace(text, weight=2)


def sequences(document: Document, marks: Sequence[Row]) -> list[Chain]:
    """The features and labels of each passage of `document`."""
    cleaned = clean_text(document.text)
    read = []
    for _, sentences in read_passages(cleaned, Parties()):
        placed = [each for sentence in sentences for each in sentence.placed]
        if placed:
            read.append((passage_features(placed), labels_of(placed, cleaned, marks)))
    return read


def labels_of(placed: Sequence[Placed], cleaned: Cleaned, marks: Sequence[Row]) -> list[int]:
    """For each clause whether it begins a marked directive, goes on with it, or stands outside.

    A clause belongs to the directive that covers half of it, or that lies by half within it.
    """
    labels = []
    before: Row | None = None
    for each in placed:
        start, end = cleaned.original_span(*each.clause.span)
        shares = [(min(end, mark["end"]) - max(start, mark["start"]), mark) for mark in marks]
        shared, mark = max(shares, key=lambda share: share[0], default=(0, None))
        if mark is None or shared <= 0 or shared < HALF * min(end - start, mark["end"] - mark["start"]):
            labels.append(OUTSIDE)
            before = None
            continue
        labels.append(INSIDE if mark is before and each.at > 0 else BEGIN)
        before = mark
    return labels


def learn(texts: Iterable[Marked]) -> str:
    """The weights learned from `texts`, as the lines of weights.tsv."""
    trainer = pycrfsuite.Trainer(verbose=False)
    numbers: dict[str, str] = {}
    for text in texts:
        for features, labels in text.sequences:
            coded = [[numbers.setdefault(name, str(len(numbers))) for name in names] for names in features]
            for _ in range(text.weight):
                trainer.append(coded, [str(label) for label in labels])
    trainer.set_params({"c1": 0.0, "c2": SMOOTHING, "max_iterations": ROUNDS})
    with tempfile.TemporaryDirectory() as folder:
        model, dump = str(Path(folder) / "model"), Path(folder) / "dump"
        trainer.train(model)
        tagger = pycrfsuite.Tagger()
        tagger.open(model)
        tagger.dump(str(dump))
        return "".join(sorted(_lines(dump.read_text(encoding="utf-8"), {code: name for name, code in numbers.items()})))


def _lines(dump: str, names: dict[str, str]) -> Iterable[str]:
    """The lines of weights.tsv from the text that crfsuite writes of a model."""
    weights: dict[str, list[float]] = {}
    for kind, source, label, weight in re.findall(r"\(([01])\) (\d+) --> (\d): (-?[\d.e+-]+)", dump):
        name = names[source] if kind == "0" else f"{labelling.STEP}{LABELS[int(source)]}"
        weights.setdefault(name, [0.0, 0.0, 0.0])[int(label)] = float(weight)
    for name, three in weights.items():
        if max(map(abs, three)) >= LEAST:
            yield "\t".join([name, *(f"{weight:.3f}" for weight in three)]) + "\n"


def across(texts: Sequence[Marked], together: Sequence[frozenset[str]]) -> list[Row]:
    """What is found in each text with weights learned without it and without its fold."""
    rows = []
    folds = {fold_of(text, together) for text in texts}
    for fold in sorted(folds):
        others = [text for text in texts if fold_of(text, together) != fold]
        model = parse_weights(learn(others))
        leaders = parse_leading(learn_leaders(leader_cases(others, model)))
        rows += found([text for text in texts if fold_of(text, together) == fold], Learned(model, leaders))
    return rows


def fold_of(text: Marked, together: Sequence[frozenset[str]]) -> int:
    """Which of FOLDS parts a text belongs to, by the checksum of its name or of its oldest version's."""
    file = text.name.rpartition("/")[2]
    group = next((min(names) for names in together if file in names), text.name)
    return zlib.crc32(group.encode()) % FOLDS


def found(texts: Iterable[Marked], model: Learned) -> list[Row]:
    """The directives that `model` finds in `texts`, as rows."""
    return [
        each.as_row() | {"doc": text.name}
        for text in texts
        for each in extract_with(text.document, model.labels, by_weights(model.leaders), Parties())
    ]


def tell(what: str, texts: Sequence[Marked], rows: Sequence[Row]) -> None:
    """Print the agreement of `rows` with the marks of `texts`."""
    marks = [mark | {"doc": text.name} for text in texts for mark in text.marks]
    sys.stdout.write(f"{what}: {json.dumps(evaluate(marks, rows))}\n")


if __name__ == "__main__":
    sys.exit(main())
