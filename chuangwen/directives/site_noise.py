"""Site noise: what web pages and document sites put around and into a text that was copied from them.

Notices, navigation, member walls, advertisements, page counters. Pure; yields spans to take out, told from folded
text (folding.py). A sentence is taken out whole and never more than that; what demands something of somebody stays
where it merely names a site (登录平台填报, 扫一扫上报), unless it carries a phrase that only sites write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_ONLY_SITES: Final = r"""
免责声明
版权  版权(?:归|所有|声明|问题|与免责|信息)
转载  转载(?:请|须|时)?(?:注明|标明|保留)|(?:严禁|谢绝|请勿|不得)转载
未经授权
侵权  (?:如有|若有|如|涉及)侵权|侵权(?:请|必究|删除|联系)
网络整理
仅供  仅供(?:参考|学习|阅读|交流)
会员  (?:正式|注册|付费|高级|免费|VIP|成为|开通|升级|加入)会员
会员  会员(?:可|免费|专享|登录|注册|中心|下载|查看|才能|用户)
VIP  (?:开通|升级|成为|购买)\s?VIP|VIP\s?(?:专享|免费|用户|下载)
权限查看
登录后  登录后(?:查看|阅读|下载|复制|可见)
付费  付费(?:阅读|下载|内容|后)
一篇  [上下]一篇
一页  (?:^\W{0,4}|\]\W{0,2})[上下]一页|[上下]一页\W{0,4}[上下尾末首]
相关  ^\W{0,4}相关(?:阅读|文章|推荐|链接|新闻|资讯|文档|热词|专题|搜索|范文|附件下载)
猜你喜欢
您可能  您可能(?:还)?(?:感兴趣|喜欢|需要|会喜欢)
推荐  ^\W{0,4}(?:推荐|延伸|拓展|扩展)(?:阅读|文章|文档)|(?:小编|本站|为您|热门|精品|精彩|编辑)推荐
延伸阅读
热门  ^\W{0,4}热门(?:文章|标签|搜索|排行|专题|范文)
热点  ^\W{0,4}(?:今日|新闻|网络)?热点(?:推荐|新闻|排行)?\W{0,4}$
返回  返回(?:顶部|首页|目录|列表|搜狐)
点击  点击(?:下载|查看|阅读|这里|此处|上方|下方|蓝字|关注|进入|展开|收藏|图片)|点击(?:数|率|次数|量):
全文  全文(?:共\d|阅读|下载)|(?:阅读|查看|展开)全文
当前仅显示
省略  省略\d+字|(?:此处|下文|以下|部分内容)省略
未完  [(]未完
待续  [(]待续[)]|待续$
剩余  剩余\s?\d+\s?%?\s?(?:未读|内容|正文|页未读)
还剩  还剩\s?\d+\s?页
试读
content_  content_\d+
打印本页
关闭窗口
关闭本页
字  字[号体]:?\s?[\[【(]?\s?[大中小]\s?[|\s\]】)]
编辑  责任?编辑:|^\W{0,4}编辑:.{0,12}$
责编  责编:
浏览  浏览(?:次数|量|数|人数)?\s?:?\s?\d|浏览(?:次数|量):
阅读  阅读(?:次数|量|数)\s?:|阅读\s?[(]?\d{2,}|请?阅读下面
访问  访问(?:次数|量|人数):
发布  ^\W{0,4}(?:发布|更新|发表|上传)(?:时间|日期|者|人):|发布于\s?\d{4}
来源  ^\W{0,4}(?:信息|文章|稿件|新闻|内容|资料|本文)?来源[:于]|(?:文章|稿件|本文|内容|图片)来源
作者  ^\W{0,4}(?:本文)?作者:.{0,20}$|作者简介
当前位置
所在位置  (?:所在|现在的?)位置:
首页  首页\s?(?:[>»/|]|-{1,2})|^\W{0,2}首页\W{0,2}$|设为首页
opyright  [Cc]opyright
COPYRIGHT
©
ICP  ICP[备证]
公网安备
技术支持  技术支持:
网站标识码
分享  分享(?:到|至)(?:微信|微博|朋友圈|QQ|空间|:|$)|分享给好友|分享本文|^\W{0,4}分享\W{0,4}$|一键分享
公众号  (?:关注|搜索|添加)(?:我们的?|本站|本)(?:官方)?(?:微信)?(?:公众号|订阅号)|^\W{0,4}(?:微信)?公众号:
打赏
点赞  (?:收藏|在看|转发)\W{0,3}点赞|点赞\W{0,3}(?:收藏|在看|评论|转发)
本文  本文(?:来自|由[^。]{1,20}(?:整理|收集|提供|上传|发布)|链接|地址|网址|标题|关键词|已被|导航)
原文  ^\W{0,4}(?:阅读原文|原文(?:链接|地址|标题|网址|出处))
更多  ^\W{0,4}(?:查看|加载|了解)?更多(?:[^。]{0,12}(?:文章|范文|内容|请|推荐|>>|»|资讯|信息)|\W{0,4}$)
更多  更多(?:精彩|相关)(?:内容|文章|资讯|信息)
范文  范文(?:网|大全|参考|频道|库|之家|吧|推荐|模板)|范文[一二三四五六七八九十\d]{1,2}:?\s*$
范文  (?:优秀|精选|相关|热门)范文
文秘  文秘(?:网|资源|杂烩|工作网|114|知音)|(?:中国|新|老)文秘
文库  (?:豆丁|道客|公文|原创力)文库|文库(?:网|下载|首页)|百度文库
小编
全部内容  以上(?:就?是|内容)[^。]{0,30}全部内容
帮助  希望(?:能|可以)?(?:对|给)(?:您|你|大家)[^。]{0,10}有所?帮助
欢迎  欢迎(?:阅读|下载|收藏|访问|浏览|关注(?:我们|本站|微信)|大家(?:阅读|借鉴|参考))
下载  ^\W{0,4}(?:免费|立即|点此|本文|文档|附件)?下载(?:本文|文档|地址|次数|全文|[Ww]ord|说明|链接|币)?\W{0,3}\d*\W{0,3}$
下载  (?:立即|免费|在线|马上)下载|下载(?:本文|文档|地址|次数|券|积分|豆)|Word版下载
广告  ^\W{0,4}广告\W{0,4}$|广告(?:合作|热线|位招租|也精彩)
客服  (?:在线|联系|微信|QQ)客服|客服(?:电话|热线|微信|QQ)
加入收藏
收藏  ^收藏《|收藏本(?:文|站|页)
友情链接
网站地图
手机版  ^\W{0,4}(?:手机版|电脑版|触屏版)(?:\W|$)
无障碍  ^\W{0,4}无障碍(?:浏览|阅读)\W{0,4}$
长者  ^\W{0,4}长者(?:助手|模式)\W{0,4}$
标签  ^\W{0,4}(?:文章|本文|热门)?标签:
关键词  ^\W{0,4}(?:文章|本文|搜索)?关键词:
举报  ^\W{0,4}(?:我要)?举报\W{0,4}$|举报该文档|违法和不良信息举报
评论  ^\W{0,4}(?:发表|查看|网友|最新|全部|暂无)?评论(?:\W{0,3}\d+)?(?:条)?\W{0,4}$|网友评论
我来说两句
纠错  ^\W{0,4}(?:我要)?纠错\W{0,4}$
展开  ^\W{0,4}(?:点击)?展开(?:更多|剩余)?\W{0,4}$
收起  ^\W{0,4}收起\W{0,4}$
document.write
function  function\s?\(
var  var\s\w+\s?=
AI生成
"""
"""One a line: words that must occur, then, two spaces behind, the pattern (none: the words). ^ and $ are the line's."""

_RULES: Final = tuple(
    (word, pattern or re.escape(word))
    for word, _, pattern in (line.partition("  ") for line in _ONLY_SITES.strip().splitlines())
)
_ADDRESS: Final = re.compile(r"https?://|www\.|(?<![A-Za-z0-9-])[A-Za-z0-9-]{3,60}\.(?:com|cn|net|org)\b")
_CALL: Final = re.compile(
    r"(?m)^\W{0,4}(?:请|欢迎|敬请|更多请|微信)?(?:扫一扫|扫码|长按|扫描|识别|关注|搜索)[^。]{0,20}(?:公众号|二维码|我们|关注|下载|阅读|图片|APP)"
    r"|公众号[^。]{0,6}(?:回复|搜索)|APP下载|下载APP|投稿邮箱|^\W{0,4}(?:QQ|qq)(?:群|号)?:?\s?\d{5,}"
)
_HINT: Final = re.compile(r"://|www\.|\.(?:com|cn|net|org)|扫|长按|识别|关注|搜索|公众号|APP|投稿邮箱|QQ|qq")
"""What an address or a call has; only a line with it is compared with these."""
_MAX_ADDRESS_LINE: Final = 80
_MAX_CALL: Final = 30
"""What merely names a site is noise where it is short, and says nothing that anybody must do."""

_DEMAND: Final = re.compile(
    r"要|请各|应当|必须|务必|各(?:单位|部门|街道|乡镇|社区|科室|地|级)|填报|报送|上报|[月日周年]前|联系(?:人|电话)|邮箱"
)
_SEGMENT: Final = re.compile("[^。!?;]+[。!?;]*[\u201d\u2019」』)】]*")
_NOTE: Final = re.compile(r"[(【\[〔〈<《][^()【】\[\]〔〕]{1,120}(?:[)】\]〕〉>》]|$)")
_DOTS: Final = "….·"
_LEADING: Final = re.compile(
    r"\s*(?:此处内容需要权限查看|(?:会员|VIP|登录后?)免费(?:查看|阅读|下载)|(?:点击)?(?:展开|阅读|查看)全文)+(?=\S{2})"
)
_DASH = r"[\u2013\u2014\u00b7\u2022~-]{1,3}"
_GAP = r"[ \t]*"
_COUNTER: Final = re.compile(
    rf"(?m)^[ \t]*(?:{_DASH}{_GAP}\d{{1,4}}{_GAP}{_DASH}"
    rf"|第{_GAP}\d{{1,4}}{_GAP}页(?:{_GAP}[,/]?{_GAP}共{_GAP}\d{{1,4}}{_GAP}页)?"
    rf"|共{_GAP}\d{{1,4}}{_GAP}页(?:{_GAP},?{_GAP}第{_GAP}\d{{1,4}}{_GAP}页)?"
    rf"|\d{{1,3}}{_GAP}/{_GAP}\d{{1,3}}|(?:Page|PAGE|page|P|p)\.?{_GAP}\d{{1,4}}(?:{_GAP}(?:of|/){_GAP}\d{{1,4}})?"
    rf"|(?:\[\d{{1,3}}\]{_GAP}){{1,30}})[ \t]*(?:\n|$)"
)
_LINE_LIMIT: Final = 160
_REST: Final = 8  # characters: what is left of a line beside noise is a scrap


@lru_cache(maxsize=64)
def _active(present: tuple[bool, ...]) -> re.Pattern[str] | None:
    """One pattern of the rules whose words occur: most documents hold few or none, and pay for no others."""
    chosen = [pattern for (_, pattern), here in zip(_RULES, present, strict=True) if here]
    return re.compile("|".join(f"(?:{each})" for each in chosen)) if chosen else None


def counter_spans(text: str) -> Iterator[tuple[int, int]]:
    """Lines of folded `text` that only count pages (- 3 -, 第3页 共10页), with their line end."""
    yield from (match.span() for match in _COUNTER.finditer(text) if match[0])


def noise_spans(text: str) -> Iterator[tuple[int, int]]:
    """Disjoint spans of folded `text` that a site wrote, ascending; line ends are never part of one."""
    only = _active(tuple(word in text for word, _ in _RULES))
    if only is None and not _names_site(text):
        return
    at = 0
    for line in text.split("\n"):
        if line and ((only is not None and only.search(line)) or _names_site(line)):
            lead = _LEADING.match(line)
            begin = lead.end() if lead is not None else 0
            if begin:
                yield at, at + begin
            rest = line[begin:]
            for start, end in _notes(rest, only) or _sentences(rest, only):
                yield at + begin + start, at + begin + end
        at += len(line) + 1


def _names_site(text: str) -> bool:
    """Whether an address stands in `text`, or a call to follow, scan or load something."""
    return _HINT.search(text) is not None and (_ADDRESS.search(text) is not None or _CALL.search(text) is not None)


def _notes(line: str, only: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """Notes in brackets inside prose, with the dots around them; none where more than notes is a site's."""
    found: list[tuple[int, int]] = []
    if only is None:
        return found
    at = 0
    for match in _NOTE.finditer(line):
        if not only.search(match[0]):
            continue
        start, end = match.span()
        while start > at and line[start - 1] in _DOTS:
            start -= 1
        while end < len(line) and line[end] in _DOTS:
            end += 1
        if only.search(line[at:start]):
            return []
        found.append((start, end))
        at = end
    return found if found and not only.search(line[at:]) and found != [(0, len(line))] else []


def _sentences(line: str, only: re.Pattern[str] | None) -> Iterator[tuple[int, int]]:
    """The sentences of `line` that a site wrote; the whole line where they make most of it."""
    spans: list[tuple[int, int]] = []
    kept = 0
    for match in _SEGMENT.finditer(line):
        if _is_noise(match[0], only):
            spans.append(match.span())
        else:
            kept += len(match[0].strip())
    mostly = len(line) <= _LINE_LIMIT and kept * 2 < len(line) and not _DEMAND.search(line)
    if spans and (kept < _REST or mostly):
        yield 0, len(line)
    else:
        yield from spans


def _is_noise(sentence: str, only: re.Pattern[str] | None) -> bool:
    if len(sentence) > _LINE_LIMIT:
        return False
    if only is not None and only.search(sentence):
        return True
    short = (len(sentence) <= _MAX_ADDRESS_LINE and _ADDRESS.search(sentence)) or (
        len(sentence) <= _MAX_CALL and _CALL.search(sentence)
    )
    return bool(short) and not _DEMAND.search(sentence)
