"""Makes a tree of rows that name their parents, and hangs evidence rows on their leaves."""

from __future__ import annotations

from chuangwen.standards.fileformat.faults import FaultList, shorten
from chuangwen.standards.fileformat.raw import Raw, RawList, RawMap, RawScalar, spelled


def tree_of(rows: RawList, evidence: RawList, faults: FaultList) -> RawList:
    """The top nodes, each with its children under `children`; siblings stay in the order of rows.

    A row whose parent is unknown, or that closes a circle, is noted and taken for a top node, so that
    its own faults are found too.
    """
    maps = [row for row in rows.items if isinstance(row, RawMap)]
    by_code: dict[str, RawMap] = {}
    for row in maps:
        by_code.setdefault(_word(row, "code"), row)
    by_code.pop("", None)
    parents = _parents(maps, by_code, faults)
    _cut_circles(maps, parents, faults)
    _hang_evidence(by_code, evidence, faults)
    top = RawList([], rows.place)
    for row in maps:
        parent = parents.get(id(row))
        siblings = top if parent is None else _list_of(parent, "children", parent.place)
        siblings.items.append(row)
    return top


def _parents(maps: list[RawMap], by_code: dict[str, RawMap], faults: FaultList) -> dict[int, RawMap]:
    """The parent of each row (by id), where it names one that exists."""
    parents: dict[int, RawMap] = {}
    for row in maps:
        raw = row.entries.pop("parent", None)
        if isinstance(raw, RawScalar) and not isinstance(raw.value, str):
            faults.add("number-in-code-cell", raw.place, value=spelled(raw))
            # Most likely the parent meant: without it, that one would look like a leaf.
            if raw.spelling in by_code:
                parents[id(row)] = by_code[raw.spelling]
        elif isinstance(raw, RawScalar):
            code = _normal(raw)
            if code in by_code:
                parents[id(row)] = by_code[code]
            else:
                faults.add_unknown("unknown-parent", raw.place, code, by_code)
    return parents


def _cut_circles(maps: list[RawMap], parents: dict[int, RawMap], faults: FaultList) -> None:
    done: set[int] = set()
    for start in maps:
        path: list[RawMap] = []
        on_path: set[int] = set()
        row: RawMap | None = start
        while row is not None and id(row) not in done and id(row) not in on_path:
            path.append(row)
            on_path.add(id(row))
            row = parents.get(id(row))
        if row is not None and id(row) in on_path:
            start_of_circle = [id(member) for member in path].index(id(row))
            names = [_word(member, "code") for member in path[start_of_circle:]]
            circle = shorten(" > ".join([*names, names[0]]))
            faults.add("parent-cycle", row.place_of("parent"), value=names[0], cycle=circle)
            del parents[id(row)]
        done |= on_path


def _hang_evidence(by_code: dict[str, RawMap], evidence: RawList, faults: FaultList) -> None:
    for slot in evidence.items:
        if not isinstance(slot, RawMap):
            continue
        raw = slot.entries.pop("code", None)
        code = _normal(raw) if isinstance(raw, RawScalar) else ""
        place = slot.place_of("code")
        if isinstance(raw, RawScalar) and not isinstance(raw.value, str):
            faults.add("number-in-code-cell", place, value=spelled(raw))
        elif not code:
            faults.add("missing", place, value="code")
        elif code not in by_code:
            faults.add_unknown("undeclared-criterion", place, code, by_code)
        else:
            slot.key_places.pop("code")
            _list_of(by_code[code], "evidence", place).items.append(slot)


def _list_of(row: RawMap, key: str, place: str) -> RawList:
    found: Raw | None = row.entries.get(key)
    if isinstance(found, RawList):
        return found
    row.key_places[key] = place
    row.entries[key] = made = RawList([], place)
    return made


def _word(row: RawMap, key: str) -> str:
    raw = row.entries.get(key)
    return _normal(raw) if isinstance(raw, RawScalar) else ""


def _normal(raw: RawScalar) -> str:
    return " ".join(raw.value.split()) if isinstance(raw.value, str) else ""
