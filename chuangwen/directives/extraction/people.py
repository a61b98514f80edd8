"""People who go by name: 老张, 小李, 孙姐, 丁总, 副队长孟涛, and who speaks of himself (我来办)."""

from __future__ import annotations

import re
from typing import Final

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖"
    "石贾韦夏付方邹熊孟秦邱侯江尹薛闫段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁"
    "岳翟申耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤"
    "阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄"
)
_ALSO_WORDS: Final = "区城路车花水高商时康农师成常关解管和应全连项党边房单向简景"
"""What follows 小 or 老 in everyday words too (小康, 小时, 老路, 老成): no nickname by itself."""
_NICK: Final = "".join(each for each in SURNAMES if each not in _ALSO_WORDS)
_TITLED: Final = "".join(each for each in _NICK if each not in "任应包向计明从")
KIN_END: Final = (
    f"[姐哥叔婶嫂伯姨](?<=[{SURNAMES}][姐哥叔婶嫂伯姨])|总(?<=[{_NICK}]总)|工(?<=[{_NICK}]工)(?<!施工)|师傅"
)
"""How a person is called who goes by surname and kind: 孙姐, 丁总, 陈工, 门卫师傅."""
PERSON_END: Final = f"老[{_NICK}]|小[{_NICK}]|{KIN_END}"
_NAMED: Final = re.compile(
    rf"(?:[老小][{_NICK}]|[{SURNAMES}](?:[姐哥叔婶嫂伯姨]|师傅)|[{_NICK}](?:总|(?<!施)工)"
    rf"|[\u4e00-\u9fff]{{0,8}}(?:[队科处组站所班社院校厂店部]长|主任|书记|经理|干事)[{_TITLED}][\u4e00-\u9fff]{{1,2}}(?<!同志))"
)
_POSTS: Final = frozenset("老小姐哥叔婶嫂伯姨总工傅长任记理事")
"""One of these stands among the last three characters of such a name."""


def is_person(name: str) -> bool:
    """Whether `name` is somebody who goes by name: 老张, 孙姐, 副队长孟涛."""
    return not _POSTS.isdisjoint(name[-3:]) and _NAMED.fullmatch(name) is not None


MYSELF: Final = re.compile(
    r"(?:这(?:个|件|块|项)?[\u4e00-\u9fff]{0,4}|[\u4e00-\u9fff]{2,6}(?:的事|问题|这边))?"
    r"(?P<who>我)(?:来(?![讲说谈自到之的看])|去(?![年看过了的])|亲自(?=[抓管盯带])|负责(?!任|[地的])|牵头|带队|主抓|盯着|包联?(?![括含]))"
)
"""Who speaks takes something on: 这件事我来办, 我负责协调."""
LATER: Final = re.compile(rf"[\u4e00-\u9fff]{{2,8}}?(?<![给跟和与对向把让叫请帮替找问由个])(?P<who>[老小][{_NICK}])")
"""A nickname behind what is spoken of (告知书小李今天印出来)."""
CALLED: Final = re.compile(
    r"(?P<who>[^,、。]{2,6}?)[,]?你们?(?:[所队科办局站处室]|中队|大队|社区|[那这]边)?(?=[^的][^,。]*)(?![说看讲想听们知])"
)
"""Who is spoken to by name before being told (李处长你亲自抓)."""
