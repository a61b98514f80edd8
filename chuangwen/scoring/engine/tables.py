"""Tables in: from whatever the caller holds to columns of known names and types.

Types come from the lists below and are never guessed: a CSV file is read as text throughout and only
value, weight and size become numbers, so that the code `1.10` stays `1.10`. Empty text and a missing
column are null. Source: scoring specification, Tables in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from chuangwen.scoring.engine.bad_input import BadInput, TableName

Source = Any  # a polars, pandas or pyarrow frame, or the path of a Parquet or CSV file

TEXTS: dict[TableName, tuple[str, ...]] = {
    "observations": ("subject", "code", "place", "unit", "group"),
    "places": ("subject", "place", "stratum", "unit"),
    "frames": ("subject", "stratum"),
    "leads": ("subject", "code", "unit"),
}
NUMBERS: dict[TableName, tuple[str, ...]] = {
    "observations": ("value", "weight"),
    "places": (),
    "frames": ("size",),
    "leads": (),
}
_NO_TEXT = "is {} and must be text (as a number 1.10 would be 1.1); store it as text"
_NO_NUMBER = "is {} and must be a number; store it as one"
_TEXTUAL = (pl.String, pl.Categorical, pl.Enum, pl.Null)


def read_table(name: TableName, source: Source | None) -> pl.DataFrame:
    """A small table with exactly its columns, typed, and `row` (from 1); empty where source is None."""
    texts, numbers = TEXTS[name], NUMBERS[name]
    if source is None:
        types = {"row": pl.Int64} | dict.fromkeys(texts, pl.String) | dict.fromkeys(numbers, pl.Float64)
        return pl.DataFrame(schema=types)
    with _readable(name, source):
        scan = _typed(name, _scan(name, source))
        held = scan.collect_schema()
        absent = [pl.lit(None, pl.String).alias(c) for c in texts if c not in held]
        absent += [pl.lit(None, pl.Float64).alias(c) for c in numbers if c not in held]
        row = pl.col("row").cast(pl.Int64)
        return scan.with_columns(absent).select(row, *texts, *numbers).collect()


def observation_file(source: Source, folder: Path) -> Path:
    """The path of a Parquet file whose columns have acceptable types and whose rows keep their order.

    A Parquet file is used where it lies, however large; everything else is written into `folder`.
    Raises BadInput as `read_table`.
    """
    with _readable("observations", source):
        scan = _scan("observations", source)
        held = scan.collect_schema()
        typed = _typed("observations", scan).drop("row")
        as_text = any(held.get(c) == pl.String for c in NUMBERS["observations"])
        if isinstance(source, str | Path) and Path(source).suffix == ".parquet" and not as_text:
            return _plainly_named(Path(source), folder)
        written = folder / "observations.parquet"
        typed.sink_parquet(written)
        return written


def _plainly_named(path: Path, folder: Path) -> Path:
    """The same file under a name that no engine takes for a pattern."""
    if not set(str(path)) & set("*?[]{}"):
        return path
    alias = folder / "observations.parquet"
    alias.symlink_to(path.resolve())
    return alias


def check_types(name: TableName, schema: nw.Schema) -> None:
    """Refuse a table that is read where it lies and lacks all columns, or has one of a wrong type."""
    known = (*TEXTS[name], *NUMBERS[name])
    if not any(column in schema for column in known):
        raise BadInput(name, f"the table has none of the columns {', '.join(known)}; store it with these")
    for column, kind in schema.items():
        if column in TEXTS[name] and not (kind == nw.String or kind.is_integer() or kind == nw.Unknown):
            raise BadInput(name, _NO_TEXT.format(kind), column=column)
        if column in NUMBERS[name] and not (kind.is_numeric() or kind in (nw.Boolean, nw.Unknown)):
            raise BadInput(name, _NO_NUMBER.format(kind), column=column)


@contextmanager
def _readable(name: TableName, source: Source) -> Iterator[None]:
    try:
        yield
    except pl.exceptions.PolarsError as error:
        raise BadInput(name, unreadable(_named(source), error)) from error


def unreadable(what: Path | str, error: Exception) -> str:
    """The fault of a file that a library cannot read; of its words only the first line is for people."""
    why = str(error).strip().partition("\n")[0]
    return f"{what} cannot be read ({why}); save it as Parquet, or as CSV in UTF-8"


def _named(source: Source) -> Path | str:
    return source if isinstance(source, str | Path) else "the table"


def _scan(name: TableName, source: Source) -> pl.LazyFrame:
    known = (*TEXTS[name], *NUMBERS[name])
    if isinstance(source, str | Path):
        scan = _scan_file(name, Path(source))
    elif isinstance(source, pl.DataFrame | pl.LazyFrame):
        scan = source.lazy()
    else:
        frame = nw.from_native(source, eager_only=True)
        scan = frame.select([c for c in frame.columns if c in known]).to_polars().lazy()
    held = [column for column in known if column in scan.collect_schema()]
    if not held:
        fault = f"{_named(source)} has none of the columns {', '.join(known)}; name them in its first line"
        raise BadInput(name, fault)
    return scan.select(held).with_row_index("row", offset=1)


def _scan_file(name: TableName, path: Path) -> pl.LazyFrame:
    if not path.is_file():
        raise BadInput(name, f"there is no file {path}; check the path")
    if path.suffix == ".parquet":
        return pl.scan_parquet(path, glob=False)
    if path.suffix == ".csv":
        return pl.scan_csv(path, infer_schema=False, glob=False)
    raise BadInput(name, f"{path} is neither .parquet nor .csv; save it as one of these")


def _typed(name: TableName, scan: pl.LazyFrame) -> pl.LazyFrame:
    held = scan.collect_schema()
    texts = [_text(name, column, held[column]) for column in TEXTS[name] if column in held]
    numbers = [_number(name, column, held[column], scan) for column in NUMBERS[name] if column in held]
    return scan.with_columns(*texts, *numbers)


def _text(name: TableName, column: str, held: pl.DataType) -> pl.Expr:
    if not (held in _TEXTUAL or held.is_integer()):
        raise BadInput(name, _NO_TEXT.format(held), column=column)
    text = pl.col(column).cast(pl.String)
    return pl.when(text != "").then(text).alias(column)


def _number(name: TableName, column: str, held: pl.DataType, scan: pl.LazyFrame) -> pl.Expr:
    number = pl.col(column)
    if held == pl.String:
        number = pl.when(number != "").then(number)
        _refuse_words(name, column, scan)
    elif not (held.is_numeric() or held in (pl.Boolean, pl.Null)):
        raise BadInput(name, _NO_NUMBER.format(held), column=column)
    return number.cast(pl.Float64, strict=False).alias(column)


def _refuse_words(name: TableName, column: str, scan: pl.LazyFrame) -> None:
    text = pl.col(column)
    words = scan.filter(text != "", text.cast(pl.Float64, strict=False).is_null())
    first = words.select("row", column).head(1).collect()
    if first.height:
        row, word = first.row(0)
        raise BadInput(name, "is not a number; correct it or leave it empty", row=row, column=column, value=word)
