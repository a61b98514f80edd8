"""What the template of a bulletin may ask for: words, paragraphs, the rows of its table and their sum, photos."""

from __future__ import annotations

from collections.abc import Sequence

from chuangwen.core.word_templates.placeholders import Rows, Vocabulary

SINGLE = ("标题", "文号", "发文机关", "主送", "期间", "统计截止", "成文日期", "签发人", "抄送")
LINES = ("正文", "口径")
ROWS = "表"
TOTAL = "合计"
PHOTOS, PHOTO_WORDS = "图", ("前", "后", "问题", "点位", "单位", "整改前", "整改后")


def vocabulary(columns: Sequence[str]) -> Vocabulary:
    """What a paper knows whose table's rows have the words `columns`."""
    photos = Rows(PHOTOS, PHOTO_WORDS, each="对", pictures=frozenset(PHOTO_WORDS[:2]))
    return Vocabulary(SINGLE, LINES, (Rows(ROWS, tuple(columns)), photos), {TOTAL: tuple(columns)})
