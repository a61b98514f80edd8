"""What readers of YAML, JSON and workbooks say of a broken file, in Chinese.

They know one language. What is said often is translated here, the signs that were expected or found kept; what is
not known is said in general, for half a sentence in English helps nobody who reads the other half in Chinese.
"""

from __future__ import annotations

import re
from typing import Final

SAID: Final = frozenset({"problem", "first", "limit"})  # words of a fault that may be English
_UNKNOWN: Final = "内容读不懂"
_LINE: Final = re.compile(r"line (\d+)")
_PATTERNS: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        # our own reader of JSON, and what is shared
        (r"a value is missing", "缺少值"),
        (r"a key in quotes expected", "此处应为带引号的键"),
        (r"something follows the end of the value", "内容已经结束，后面还有多余的文字"),
        (r"a bad escape in a text", "文本中有无效的转义符"),
        (r"a key must be a single word", "键只能是一个词"),
        (r"([\[\]{},:]) expected", "此处应为 {0}"),
        (r"unexpected (.+)", "此处不应出现 {0}"),
        # the reader of YAML
        (r"mapping values are not allowed.*", "此处不能有冒号（多半是缩进不齐，或文本里的冒号没有加引号）"),
        (r"mapping keys are not allowed.*", "此处不能有键"),
        (r"sequence entries are not allowed.*", "此处不能有列表项"),
        (r"block sequence entries are not allowed.*", "此处不能有列表项"),
        (r"could not find expected ':'", "缺少冒号"),
        (r"expected <block end>, but found .*", "缩进与上文不一致，或上文的括号、引号没有结束"),
        (r"expected ',' or '([\]}])', but got .*", "缺少逗号或 {0}"),
        (r"expected the node content, but found .*", "缺少内容"),
        (r"expected '<document start>', but found .*", "内容已经结束，后面还有多余的文字"),
        (r"found character '(.+)' that cannot start any token.*", "不能以 {0} 开头（文本里有此字符时请加引号）"),
        (r"found unexpected end of stream", "引号没有结束"),
        (r"found unexpected document separator", "引号没有结束，就出现了 ---"),
        (r"found unknown escape character .*", "文本中有无效的转义符"),
        (r"expected escape sequence of .*", "文本中有无效的转义符"),
        (r"found duplicate anchor .*", "同一个 & 标记用了两次"),
        (r"found (?:incompatible|duplicate) YAML.*", "开头的 %YAML 一行无效"),
        (r"expected (?:alphabetic or numeric character|a digit|a comment).*", "此处有多余或无效的字符"),
        (r"expected (?:chomping or )?indentation ind.*", "| 或 > 之后的写法无效"),
        # workbooks
        (r"File is not a zip file", "这不是 .xlsx 文件"),
        (r"Bad CRC-32 for file .*", "文件已损坏"),
        (r"cell (.+)", "单元格 {0}"),
        (r".*encrypted, password required.*", "文件有密码"),
        (r"(\d+) parts", "{0} 个部分"),
        (r"(\d+) rows, (\d+) columns \((.+)\)", "{0} 行、{1} 列（{2}）"),
    )
)


def chinese_words(said: object) -> str:
    """`said` in Chinese: a place such as "line 5", or what a reader said; what holds no English word stays."""
    text = str(said)
    if found := _LINE.fullmatch(text):
        return place_zh(found[0])
    for pattern, words in _PATTERNS:
        if found := pattern.fullmatch(text):
            return words.format(*found.groups())
    return _UNKNOWN if " " in text and re.search(r"[a-z]{3}", text) else text


def place_zh(place: str) -> str:
    """A fault's place in Chinese; a cell such as nodes!C7 is the same in both languages."""
    if found := _LINE.fullmatch(place):
        return f"第 {found[1]} 行"
    return "整个文件" if place == "file" else place
