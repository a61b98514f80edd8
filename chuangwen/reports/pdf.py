"""A paper as PDF, set by typst in the same layout as the Word file.

Fonts: those that the site uploaded, else Noto Serif SC and Noto Sans SC, else what the machine has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from PIL import ImageFont

from chuangwen.reports import paper as measures
from chuangwen.reports.paper import Heading, Pairs, Paper, Photo, Table, Text

NO_CHARACTER = "\U0010ffff"  # drawn as what stands for a missing one
OWN_FONTS = Path(__file__).resolve().parent / "data" / "fonts"
SERIF = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Noto Sans SC", "Noto Sans CJK SC")
SANS = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "SimHei", "Noto Serif SC")
# A face by the names under which fonts of it come
FACES = {
    measures.FANGSONG: ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", *SERIF),
    measures.KAITI: ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", *SERIF),
    measures.XIAOBIAOSONG: ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", *SERIF),
    measures.HEITI: ("SimHei", "黑体", *SANS),
    measures.SONGTI: ("SimSun", "宋体", *SERIF),
}
HEADINGS = {1: (measures.HEITI, "regular"), 2: (measures.KAITI, "regular"), 3: (measures.FANGSONG, "bold"),
            4: (measures.FANGSONG, "regular")}  # fmt: skip

BREAK = "\u200b"  # a zero width space
_RUN, _FOURS, _STROKE = re.compile(r"[A-Za-z0-9]{7,}"), re.compile(r".{1,4}"), re.compile(r"([-/_@])(?=[A-Za-z0-9])")


def pdf_file(paper: Paper, fonts: Sequence[Path] = ()) -> bytes:
    """The paper as PDF; `fonts` are folders with the site's own."""
    with TemporaryDirectory(prefix="paper-") as root:
        for name, photo in _pictures(paper):
            Path(root, name).write_bytes(photo.data)
        text = source(paper, families(fonts)).encode()
        # typst's types want text and folder to be of one kind, which they need not be
        made = typst.compile(text, root=root, font_paths=_fonts(tuple(fonts)))  # type: ignore[type-var]
    if not isinstance(made, bytes):
        raise TypeError("typst gave more than one file")
    return made


def _pictures(paper: Paper) -> Iterator[tuple[str, Photo]]:
    """The paper's photos with the file names under which typst finds them."""
    pairs = [pair for block in paper.blocks if isinstance(block, Pairs) for pair in block.pairs]
    for number, pair in enumerate(pairs):
        yield f"{number}-before.jpg", pair.before
        yield f"{number}-after.jpg", pair.after


def families(fonts: Sequence[Path] = ()) -> frozenset[str]:
    """The families at hand, so that typst is not asked for others."""
    return frozenset(_fonts(tuple(fonts)).families())


def writes_chinese(fonts: Sequence[Path] = ()) -> bool:
    """Whether a font at hand has Chinese characters: typst leaves out in silence what no font has."""
    held = _fonts(tuple(fonts))
    known = {name.lower() for names in FACES.values() for name in names}
    return any(one.lower() in known for one in held.families()) or any(map(_has_chinese, held.fonts()))


def _has_chinese(font: typst.FontInfo) -> bool:
    try:
        face = ImageFont.truetype(font.path or "", index=font.index)
    except OSError:
        return False
    return bytes(face.getmask("国")) != bytes(face.getmask(NO_CHARACTER))


def families_in(folder: Path) -> frozenset[str]:
    """The families of the fonts in one folder alone; empty where it holds none that can be read."""
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    return frozenset(found.families())


@lru_cache(maxsize=4)
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    paths = [*folders, *([OWN_FONTS] if OWN_FONTS.exists() else [])]
    return typst.Fonts(include_embedded_fonts=False, font_paths=list(paths))


def source(paper: Paper, at_hand: frozenset[str]) -> str:
    """The paper in typst's language. Every text is a string literal, so that none of it is ever markup."""
    faces = {face: _family(names, at_hand) for face, names in FACES.items()}
    parts = [_page(faces), _head(paper, faces)]
    if paper.addressee:
        parts.append(f"#par(first-line-indent: 0pt)[#text({_text(paper.addressee + '：')})]")
    for block in paper.blocks:
        if isinstance(block, Heading):
            face, weight = HEADINGS[block.level]
            parts.append(
                f'#block(sticky: true)[#par[#text(font: {faces[face]}, weight: "{weight}")[#{_text(block.text)}]]]'
            )
        elif isinstance(block, Text):
            parts.append(f"#par[#{_text(block.text)}]")
        elif isinstance(block, Pairs):
            parts.append(_photos(block, faces))
        else:
            parts.append(_table(block, faces))
    parts.append(_foot(paper))
    return "\n".join(parts)


def _family(names: Sequence[str], at_hand: frozenset[str]) -> str:
    known = {one.lower(): one for one in at_hand}
    found = [known[name.lower()] for name in names if name.lower() in known]
    if not found:
        return '"Noto Serif SC"'
    return f"({', '.join(_text(one) for one in found)},)"


def _text(text: str) -> str:
    """A string literal of typst."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ").replace("\t", " ")
    return f'"{quoted}"'


def breakable(text: str) -> str:
    """`text` with places to break a number or a word that is wider than its cell, which would run into the next one:
    behind a dash or stroke, and every four characters of a long run. Nothing that is seen is added."""
    return _RUN.sub(lambda found: BREAK.join(_FOURS.findall(found[0])), _STROKE.sub(f"\\1{BREAK}", text))


def _page(faces: dict[str, str]) -> str:
    leading = measures.LINE_PT - measures.BODY_PT
    number = f"text(font: {faces[measures.SONGTI]}, size: {measures.PAGE_NUMBER_PT}pt)[— #n —]"
    return f"""#set document(date: none)
#set page(
  paper: "a4",
  margin: (top: {measures.TOP_MM}mm, bottom: {measures.BOTTOM_MM}mm,
    left: {measures.INNER_MM}mm, right: {measures.OUTER_MM}mm),
  footer-descent: {measures.PAGE_NUMBER_BELOW_MM}mm,
  footer: context {{
    let n = counter(page).get().first()
    let side = if calc.odd(n) {{ right }} else {{ left }}
    align(side, pad(left: {measures.PAGE_NUMBER_PT}pt, right: {measures.PAGE_NUMBER_PT}pt, {number}))
  }},
)
#set text(font: {faces[measures.FANGSONG]}, size: {measures.BODY_PT}pt, lang: "zh", region: "cn",
  top-edge: 0.88em, bottom-edge: -0.12em, tracking: -0.2pt, cjk-latin-spacing: none)
#set par(first-line-indent: (amount: 2em, all: true), justify: true,
  leading: {leading:.2f}pt, spacing: {leading:.2f}pt)
#set block(spacing: {leading:.2f}pt)"""


def _head(paper: Paper, faces: dict[str, str]) -> str:
    title_face = faces[measures.XIAOBIAOSONG]
    lines = []
    if paper.draft:
        lines.append(f"#par(first-line-indent: 0pt)[#text(font: {faces[measures.HEITI]})[#{_text(paper.draft)}]]")
    lines += [
        "#set par(first-line-indent: 0pt, justify: false)",
        (
            f"#align(center, text(font: {title_face}, size: {measures.masthead_pt(paper.issuer)}pt, "
            f'weight: "bold", fill: rgb("{measures.RED}"))[#{_text(paper.issuer)}])'
        ),
        "#v(6pt)",
        f"#align(center)[#{_text(paper.number)}]",
        f'#line(length: 100%, stroke: 1.5pt + rgb("{measures.RED}"))',
        "#v(14pt)",
        f'#align(center, text(font: {title_face}, size: {measures.TITLE_PT}pt, weight: "bold")[#{_text(paper.title)}])',
        "#v(14pt)",
        "#set par(first-line-indent: (amount: 2em, all: true), justify: true)",
    ]
    return "\n".join(lines)


def _table(block: Table, faces: dict[str, str]) -> str:
    columns = ", ".join(f"{one}fr" for one in block.widths)
    sides = ", ".join("center + horizon" if one else "left + horizon" for one in block.numeric)
    heads = ", ".join(f"text(font: {faces[measures.HEITI]})[#{_text(one)}]" for one in block.heads)
    cells = ",\n".join(", ".join(f"[#{_text(breakable(one))}]" for one in row) for row in block.rows)
    caption = f"#align(center, text(font: {faces[measures.HEITI]}, size: 12pt)[#{_text(block.caption)}])\n"
    return (caption if block.caption else "") + (
        f"#[#set text(size: {measures.TABLE_PT}pt, tracking: 0pt)\n#set par(first-line-indent: 0pt, justify: false, "
        f"leading: 4pt)\n#table(columns: ({columns}), inset: 3pt, stroke: 0.5pt,\n"
        f"align: (x, y) => if y == 0 {{ center + horizon }} else {{ ({sides},).at(x) }},\n"
        f"table.header({heads}),\n{cells})]"
    )


def _photos(block: Pairs, faces: dict[str, str]) -> str:
    """Pairs side by side, each with its days and words under it; no pair is cut in two."""
    heiti = faces[measures.HEITI]
    parts = [f"#align(center, text(font: {heiti}, size: 12pt)[#{_text(block.caption)}])"]
    for number, pair in enumerate(block.pairs):
        cells = []
        for side, name, photo in (("before", "整改前", pair.before), ("after", "整改后", pair.after)):
            width, height = photo.size_mm
            picture = f'image("/{number}-{side}.jpg", width: {width:.1f}mm, height: {height:.1f}mm)'
            cells.append(f"[#{picture} #v(-4pt) #{_text(f'{name}（{photo.day}）')}]")
        parts.append(
            f"#block(breakable: false, width: 100%)[#set text(size: {measures.TABLE_PT}pt, tracking: 0pt)\n"
            f"#set par(first-line-indent: 0pt, leading: 6pt, spacing: 6pt)\n#set align(center)\n"
            f"#grid(columns: (1fr, 1fr), align: center + bottom, {', '.join(cells)})\n"
            f"#text(font: {heiti})[#{_text(pair.words)}]]"
        )
    return "\n".join(parts)


def _foot(paper: Paper) -> str:
    lines = []
    if paper.notes:
        notes = "\n".join(f"#par[#{_text(note)}]" for note in paper.notes)
        lines.append(
            f"#[#set text(size: {measures.NOTE_PT}pt, tracking: 0pt)\n#set par(leading: 6pt, spacing: 6pt)\n{notes}]"
        )
    lines.append("#v(14pt)")
    signed = " \\ ".join(f"#{_text(one)}" for one in (paper.issuer, paper.dated) if one)
    lines.append(f"#block(breakable: false, width: 100%)[#align(right, pad(right: 4em, align(center, box[{signed}])))]")
    if paper.signatory:
        lines.append(f"#par[#{_text(f'（签发人：{paper.signatory}）')}]")
    if paper.copy_to:
        copied = f"#text(size: {measures.PAGE_NUMBER_PT}pt)[#{_text(f'抄送：{paper.copy_to}')}]"
        rule = "#line(length: 100%, stroke: 0.75pt)"
        both = f"#block(breakable: false, width: 100%)[{rule}\n{copied}\n{rule}]"  # a rule alone on a page says nothing
        lines.append(f"#v(1fr)\n#set par(first-line-indent: 0pt)\n{both}")
    return "\n".join(lines)
