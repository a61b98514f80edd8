"""Automatic paragraph numbers of a docx (ECMA-376 part 1, 17.9), as far as office papers use them."""

from __future__ import annotations

import re

from lxml import etree

from chuangwen.directives.ordinals import chinese_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "japaneseCounting",
    "japaneseDigitalTenThousand",
    "ideographDigital",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
}
_PLACEHOLDER = re.compile(r"%(\d)")


def tag(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(element).localname


class Numbering:
    """Counts numbered paragraphs in reading order; `label` must be called once for each, in order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._style: dict[str, tuple[str, int]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        if numbering is not None:
            self._read_numbering(numbering)
        if styles is not None:
            self._read_styles(styles)

    def label(self, paragraph: etree._Element) -> str:
        """The number that Word shows before `paragraph`, or an empty string."""
        reference = self._reference(paragraph)
        if reference is None:
            return ""
        number, level = reference
        abstract = self._abstract.get(number)
        levels = self._levels.get(abstract or "", {})
        if abstract is None or level not in levels:
            return ""
        counters = self._counters.setdefault(abstract, {})
        counters[level] = counters.get(level, levels[level][2] - 1) + 1
        for deeper in [each for each in counters if each > level]:
            del counters[deeper]
        shape, text, _ = levels[level]
        if shape in {"bullet", "none"}:
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            form, _, start = levels.get(at, ("decimal", "", 1))
            value = counters.get(at, start)
            return chinese_number(value) if form in _CHINESE else str(value)

        return _PLACEHOLDER.sub(shown, text)

    def _reference(self, paragraph: etree._Element) -> tuple[str, int] | None:
        direct = _number_of(paragraph.find(W + "pPr"))
        if direct is not None:
            return direct if direct[0] != "0" else None
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return self._style.get(style.get(W + "val", "")) if style is not None else None

    def _read_numbering(self, root: etree._Element) -> None:
        for abstract in root.iterchildren(W + "abstractNum"):
            levels = self._levels.setdefault(abstract.get(W + "abstractNumId", ""), {})
            for level in abstract.iterchildren(W + "lvl"):
                start = _integer(_value(level, "start"), 1)
                levels[_integer(level.get(W + "ilvl"), 0)] = (
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    start,
                )
        for number in root.iterchildren(W + "num"):
            self._abstract[number.get(W + "numId", "")] = _value(number, "abstractNumId") or ""

    def _read_styles(self, root: etree._Element) -> None:
        for style in root.iterchildren(W + "style"):
            reference = _number_of(style.find(W + "pPr"))
            if reference is not None:
                self._style[style.get(W + "styleId", "")] = reference


def _number_of(properties: etree._Element | None) -> tuple[str, int] | None:
    node = properties.find(W + "numPr") if properties is not None else None
    if node is None:
        return None
    number = _value(node, "numId")
    return (number, _integer(_value(node, "ilvl"), 0)) if number is not None else None


def _value(parent: etree._Element, child: str) -> str | None:
    node = parent.find(W + child)
    return node.get(W + "val") if node is not None else None


def _integer(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() else default
