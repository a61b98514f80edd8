"""Several names in a cell or field, as offices write them: 城管局、各街道; 公安局和交通局; 住建局/城管局(执法大队).

Commas and the like part names wherever they stand outside brackets. The words 和, 及, 与 part them only
where the text before ends like the name of an organisation and the text behind reads like one, because
they also stand inside names: 自然资源和规划局 is one bureau, 和平街道 is one street. A slash parts names too,
unless the whole is the name of something known.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# Full-width marks stand as escapes here: their half-width twins look the same in many fonts.
_ROUND = frozenset(")\uff09")
_OPEN = {"(": ")", "\uff08": ")", "[": "]", "【": "】", "《": "》", "“": "”", "〔": "〕", "「": "」"}
_MARKS, _SLASHES = frozenset("、,\uff0c;\uff1b\n\r\t|\uff5c"), frozenset("/\uff0f")
_BETWEEN_DIGITS = frozenset(",/\uff0f")  # 1,200 and 2026/11/22 stay whole

_ENDS = (
    "局|委|委员会|办|办公室|部|厅|处|科|室|院|所|站|队|会|街道|街道办|街道办事处|(?<!城)镇|(?<!城)乡|社区|公司|集团|中心|银行|政府|"
    "学校|中学|小学|大学|医院|支队|大队|中队|单位|部门|管理区|开发区|高新区|经开区"
)
_BRACKETED = r"(?:[(\uff08][^()\uff08\uff09]*[)\uff09])?"
_ENDS_LIKE_NAME = re.compile(rf"(?:{_ENDS}){_BRACKETED}$")
_READS_LIKE_NAME = re.compile(rf"^(?:各|有关|相关|其他|所有).+|(?:{_ENDS}){_BRACKETED}(?:等.{{0,6}})?$")
_DIGITS_BEFORE, _DIGITS_BEHIND = re.compile(r"[0-9]+$"), re.compile(r"[0-9]+")
_AND = re.compile(r"以及|及其|和|及|与")
_PARTING = re.compile(rf"[{''.join(sorted(_MARKS | _SLASHES))}]|{_AND.pattern}")


def split_names(text: str, known: Callable[[str], bool] | None = None) -> tuple[str, ...]:
    """The names in a text, in order, without repetition, blanks at the ends taken off.

    `known` says whether a text is the name of something as it stands; such a text is not split at 和 and
    the like, nor at a slash. It is asked only where there is something to split, since it may cost a query.
    Ranges such as 1-5号 are no lists and stay as they are.
    """
    if _is_known(text.strip(), known):
        return (text.strip(),)
    names: list[str] = []
    for piece in _split_at(_MARKS, text):
        parts = [piece] if _is_known(piece, known) else _split_at(_SLASHES, piece)
        for part in parts:
            names += [part] if _is_known(part, known) else _split_at_and(part, known)
    return tuple(dict.fromkeys(name for name in names if name))


def _is_known(text: str, known: Callable[[str], bool] | None) -> bool:
    """Whether a text in which there is something to split is one name all the same."""
    return known is not None and _PARTING.search(text) is not None and known(text)


def _split_at(marks: frozenset[str], text: str) -> list[str]:
    closed_at = _brackets(text)
    pieces, start, place = [], 0, 0
    while place < len(text):
        if place in closed_at:
            place = closed_at[place] + 1
            continue
        if text[place] in marks and not _inside_number(text, place):
            pieces.append(text[start:place])
            start = place + 1
        place += 1
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces if piece.strip()]


def _brackets(text: str) -> dict[int, int]:
    """The places of opening brackets that are closed, with those of their closing ones."""
    closed: dict[int, int] = {}
    waiting: list[tuple[str, int]] = []
    for place, mark in enumerate(text):
        if mark in _OPEN:
            waiting.append((_OPEN[mark], place))
            continue
        # Offices mix full and half width: a bracket opened in one is closed in the other.
        matching = [depth for depth, (close, _) in enumerate(waiting) if _same(close, mark)]
        if matching:
            closed[waiting[matching[-1]][1]] = place
            del waiting[matching[-1] :]
    return closed


def _same(close: str, mark: str) -> bool:
    return close == mark or (close in _ROUND and mark in _ROUND)


def _inside_number(text: str, place: int) -> bool:
    """Whether a mark stands in a number or a date: between digits, few of them, unlike in two telephones."""
    if text[place] not in _BETWEEN_DIGITS:
        return False
    before = _DIGITS_BEFORE.search(text[:place])
    behind = _DIGITS_BEHIND.match(text[place + 1 :])
    return all(digits is not None and len(digits[0]) <= 4 for digits in (before, behind))


def _split_at_and(piece: str, known: Callable[[str], bool] | None) -> list[str]:
    for word in _AND.finditer(piece):
        before, behind = piece[: word.start()].strip(), piece[word.end() :].strip()
        if not before or not behind or _in_brackets(piece, word.start()):
            continue
        if _ENDS_LIKE_NAME.search(before) and (
            _READS_LIKE_NAME.search(behind) or (known is not None and known(behind))
        ):
            return [before, *_split_at_and(behind, known)]
    return [piece]


def _in_brackets(text: str, place: int) -> bool:
    return any(start < place < end for start, end in _brackets(text).items())
