"""The frozen pool: which places can be drawn, in which stratum, and how many of each.

Everything that follows is a function of this set of codes, so its form is strict: two files that
look alike to a person must give the same digest, and two places must never look alike.
Source: spec/draw.md, step 1 (Freeze).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chuangwen.inspections.sampling.errors import SamplingError

# Controls, invisible format characters, lone surrogates, line and paragraph separators: none can be
# seen on paper, a tab or line feed would break the canonical form, a surrogate has no UTF-8.
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum (a place type, or type and district) and its codes, sorted bytewise."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """The pool in canonical form: strata sorted by name, each with at least one code."""

    strata: tuple[Stratum, ...]

    @property
    def size(self) -> int:
        """Number of places."""
        return sum(len(stratum.codes) for stratum in self.strata)

    def canonical_bytes(self) -> bytes:
        """One `stratum<TAB>code` a line, sorted bytewise, LF, no last newline (spec/draw.md, 1)."""
        lines = (f"{stratum.name}\t{code}".encode() for stratum in self.strata for code in stratum.codes)
        return b"\n".join(sorted(lines))

    @property
    def sha256(self) -> str:
        """SHA-256 of the canonical form, in hexadecimal."""
        return hashlib.sha256(self.canonical_bytes()).hexdigest()

    def as_dict(self) -> dict[str, list[str]]:
        """The pool as the record holds it: {stratum: [code, ...]}."""
        return {stratum.name: list(stratum.codes) for stratum in self.strata}


def text_fault(text: str) -> str:
    """Why `text` is not canonical ("" where it is): NFC, no spaces at the ends, nothing invisible."""
    for character in text:
        if unicodedata.category(character) in INVISIBLE:
            return f"it holds the invisible character U+{ord(character):04X}"
    if text != text.strip():
        return "it has spaces at its ends"
    if text != unicodedata.normalize("NFC", text):
        return "it is not in Unicode normal form C (NFC)"
    return ""


def canonical_text(text: str, *, line: int | None = None) -> str:
    """`text` trimmed and in NFC; raises where an invisible character remains inside."""
    clean = unicodedata.normalize("NFC", text.strip()).strip()
    fault = text_fault(clean)
    if fault:
        raise SamplingError("“{text}” cannot be used: {fault}; type it again", line=line, text=clean, fault=fault)
    return clean


def free_text(text: str) -> str:
    """`text` on one line, in NFC, without invisible characters: for sources and reasons, which nothing
    is computed from, so that a pasted line break need not be refused."""
    visible = "".join(c for c in " ".join(text.split()) if unicodedata.category(c) not in INVISIBLE)
    return canonical_text(visible)


def build_pool(pairs: Iterable[tuple[str, str]]) -> Pool:
    """The pool of (stratum, code) pairs in any order.

    A code is unique in the whole pool, not only in its stratum: a place is visited once. The stratum
    may be "" (one stratum, not named), a code may not. Raises `SamplingError`.
    """
    return _pool((None, stratum, code) for stratum, code in pairs)


def _pool(rows: Iterable[tuple[int | None, str, str]]) -> Pool:
    strata: dict[str, list[str]] = {}
    first: dict[str, int | None] = {}
    for line, raw_stratum, raw_code in rows:
        stratum, code = canonical_text(raw_stratum, line=line), canonical_text(raw_code, line=line)
        if not code:
            raise SamplingError("the place has no code; give every place one", line=line)
        if code in first:
            where = "" if first[code] is None else f" (first on line {first[code]})"
            raise SamplingError(
                "the code “{code}” occurs twice{where}; remove one of the two or give it another code",
                line=line,
                code=code,
                where=where,
            )
        first[code] = line
        strata.setdefault(stratum, []).append(code)
    if not strata:
        raise SamplingError("the pool is empty; add at least one place")
    return Pool(tuple(Stratum(name, tuple(sorted(strata[name]))) for name in sorted(strata)))


def decode_text(data: bytes, *, what: str) -> str:
    """UTF-8 with or without a byte order mark; raises with the line and a guess at the encoding."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        guess = "it looks like UTF-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else _gbk_guess(data)
        raise SamplingError(
            "the {what} is not UTF-8{guess}; save it again as “CSV UTF-8” or as UTF-8 text",
            line=line,
            what=what,
            guess=f" ({guess})" if guess else "",
        ) from None


def _gbk_guess(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "it looks like GBK, which Excel writes for “CSV”"


def read_pool(data: bytes) -> Pool:
    """The pool of a CSV file with the columns stratum and code (others are ignored).

    UTF-8 with or without a byte order mark, any line ends, quoted cells. Empty lines are skipped.
    Raises `SamplingError` with the line.
    """
    reader = csv.reader(io.StringIO(decode_text(data, what="pool file"), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        for name in ("stratum", "code"):
            if header.count(name) != 1:
                raise SamplingError(
                    "the first line must name the columns stratum and code once each; it reads “{header}”",
                    line=1,
                    header=", ".join(header),
                )
        columns = header.index("stratum"), header.index("code")
        rows = [
            (reader.line_num, *_cells(row, columns, len(header), reader.line_num))
            for row in reader
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as fault:
        raise SamplingError(
            "the line cannot be read as CSV ({fault}); check its quotation marks",
            line=reader.line_num,
            fault=fault,
        ) from None
    return _pool(rows)


def _cells(row: list[str], columns: tuple[int, int], width: int, line: int) -> tuple[str, str]:
    if len(row) != width:
        raise SamplingError(
            "the line has {found} cells where the first line has {width}; a comma inside a name needs quotation marks",
            line=line,
            found=len(row),
            width=width,
        )
    return row[columns[0]], row[columns[1]]


def read_quotas(data: bytes) -> dict[str, int]:
    """The quotas of a JSON file {stratum: number}; raises `SamplingError`."""
    text = decode_text(data, what="quota file")
    try:
        quotas = json.loads(text, object_pairs_hook=unique_object)
    except (ValueError, RecursionError) as fault:
        raise SamplingError("the quota file is not JSON ({fault}); correct it", fault=fault) from None
    if not isinstance(quotas, dict):
        raise SamplingError("the quota file must read like {example}", example='{"market": 2}')
    return quotas


def unique_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object whose names differ; two readers of a repeated name may see different values."""
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        raise ValueError(f"the name “{twice[0]}” occurs twice")
    return dict(pairs)


def check_quotas(pool: Pool, quotas: Mapping[str, object]) -> dict[str, int]:
    """The quota of every stratum of the pool; a stratum without one gets 0.

    Raises `SamplingError` for a stratum that the pool lacks and for a quota that is not a whole
    number from 0 on. A quota above the stratum's size is legal (spec/draw.md, 3: it takes all).
    """
    checked = dict.fromkeys((stratum.name for stratum in pool.strata), 0)
    seen: set[str] = set()
    for raw, quota in quotas.items():
        name = canonical_text(raw)
        if name in seen:
            raise SamplingError("the stratum “{name}” has two quotas; remove one", name=name)
        if name not in checked:
            raise SamplingError(
                "there is a quota for the stratum “{name}”, which has no place in the pool; the strata are {strata}",
                name=name,
                strata=", ".join(checked),
            )
        if type(quota) is not int or quota < 0:
            raise SamplingError(
                "the quota of the stratum “{name}” is {quota}; it must be a whole number, 0 or more",
                name=name,
                quota=json.dumps(quota, ensure_ascii=False),
            )
        seen.add(name)
        checked[name] = quota
    return checked
