"""Cleaning keeps the way back to the original through every step."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.directives.cleaning import clean_text


@pytest.mark.parametrize(
    ("original", "clean"),
    [
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("\ufeff同\u200b志们", "同志们"),
        ("各单位,,要落实。。", "各单位,要落实。"),
        ("各单位，，要落实，。", "各单位，要落实。"),
        ("各单位要落实,。", "各单位要落实。"),
        ("同 志 们,  大家好 ABC def", "同志们,大家好 ABC def"),
        ("完成整改.\n各单位要落实.各科室照办", "完成整改。\n各单位要落实。各科室照办"),
        ("阿卜杜.热合曼要求。完成率3.5%。", "阿卜杜.热合曼要求。完成率3.5%。"),
        ("等等。。。。。还有………………完", "等等。还有……完"),
        ("x书记、×年、**市、某某", "x书记、×年、**市、某某"),
        ("x x x县、╳╳县、□□局", "xxx县、××县、××局"),
        ("手机app(测试)上报", "手机app(测试)上报"),
    ],
)
def test_clean_text(original, clean):
    assert clean_text(original).text == clean


@pytest.mark.parametrize(
    ("original", "clean"),
    [
        ("近年來(lái)創(chuàng)建工作的(de)開展", "近年来创建工作的开展"),
        ("近年來（lái）創（ chuàng ）建", "近年来创建"),
        ("來(lai2)開(kai1)展會(ㄏㄨㄟˋ)議", "来开展会议"),
        ("創(chuang)建(jian)文(wen)明(ming)城(cheng)市(app)", "创建文明城市(app)"),
        ("联系局(ban)和(ma)", "联系局(ban)和(ma)"),
    ],
)
def test_pinyin_behind_its_character_goes(original, clean):
    assert clean_text(original).text == clean


@pytest.mark.parametrize(
    ("original", "clean"),
    [
        ("“创建”&nbsp;&ldquo;文明&rdquo;&#183;城&amp;nbsp;AT&T&x;", "“创建”“文明”·城 AT&T&x;"),
        ("<p>各单位要落实。</p><span style='x'>要</span>整改A<B<!--x-->", "\n各单位要落实。\n要整改A<B"),
        ("锟斤拷单位、\ufffd\ufffd局、烫烫烫", "×单位、×局、×"),
        ("我们谶@里召开", "我们这里召开"),
        ("## 工作要求\n**一、重点任务**\n- 清理垃圾\n● 整治\n**市要", "工作要求\n一、重点任务\n清理垃圾\n整治\n**市要"),
        ("café的Übung", "café的Übung"),
    ],
)
def test_fragments_of_markup_and_wrong_decoding(original, clean):
    assert clean_text(original).text == clean


@pytest.mark.parametrize("words", ["各单位要落实", "“文明”创建", "會議"])
def test_utf8_read_as_western_letters_is_read_again(words):
    web = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in words.encode())
    expected = words.replace("會議", "会议")
    assert clean_text("请看" + web + "，完").text in {f"请看{expected}，完", f"请看{words}，完"}
    assert clean_text("请看" + words.encode().decode("latin1") + "。").text.startswith(
        ("请看" + words, "请看" + expected)
    )


GONE = """
来源:网络整理 免责声明:仅限学习
扫码关注我们
更多精彩内容请点击阅读原文
上一篇：关于某县的讲话
首页 > 范文 > 讲话
字号：[大 中 小] 打印本页 关闭窗口
发布时间：2026-03-01 浏览次数：123
当前位置：首页>>公文
Copyright © 2026 某网 京ICP备1号
http://www.abc.com/1.html
希望对大家有所帮助！
以上就是小编整理的全部内容
本文标签：讲话 创建
[1][2][3]下一页
(未完待续)
共3页 第1页
阅读量:1.2万
版权所有 侵权必究
QQ群：12345678
相关文章：
推荐阅读
点击下载Word文档
开通VIP会员免费下载
广告
您可能还喜欢：最新讲话
责任编辑：张三
- 3 -
— 12 —
第3页
Page 3 of 10
3/10
document.write('x')
""".strip().splitlines()


@pytest.mark.parametrize("noise", GONE)
def test_what_a_site_wrote_goes(noise):
    assert clean_text(f"各单位要落实。\n{noise}\n结束。").text.split() == ["各单位要落实。", "结束。"]


STAYS = """
各单位要通过微信扫一扫上报问题。
市民可关注公众号“文明清河”参与。
利用集团网站、公众号及时编发创建工作动态信息。
登录http://wm.gov.cn填报，各单位3月1日前完成。
要提高点击率，浏览次数达到1万。
剩余30%的小区月底前完成。
对举报内容逐一核查。
在网站首页设置创建专栏。
推出更多优秀作品。
对侵权行为依法处理。
将经验分享到各单位。
联系人：张三，QQ：12345678
2026/03
工会会员单位要带头。
完善无障碍阅读设施。
各级要转载文明倡议书。
""".strip().splitlines()


@pytest.mark.parametrize("prose", STAYS)
def test_prose_that_names_sites_stays(prose):
    assert clean_text(prose).text == prose


@pytest.mark.parametrize(
    ("original", "clean"),
    [
        ("正文……(某网省略701字，正式会员可完整阅读)……继续", "正文继续"),
        ("各单位要落实。（责任编辑：张三）", "各单位要落实。"),
        ("要抓好落实。本文来自文秘网，转载请注明出处。各街道要清扫。", "要抓好落实。各街道要清扫。"),
        ("此处内容需要权限查看\n会员免费查看三、加强领导", "\n三、加强领导"),
        ("统筹安排各项创建任务的部\n- 3 -\n署要求要落实到位。", "统筹安排各项创建任务的部\n署要求要落实到位。"),
    ],
)
def test_notices_inside_of_prose_go_alone(original, clean):
    assert clean_text(original).text == clean


BROKEN = """关于做好文明城市创建工作的通知
各乡镇人民政府街道办事处县直各单位要认真贯彻落实会
议精神切实做好文明城市创建工作各项任务安排好部署好
在十月底前完成整改任务并将结果报送县创建办公室备查
同时要加强督导检查对工作不力的单位进行通报批评并追
究责任。
一、加强领导落实责任切实做好文明城市创建工作各项任
各单位要成立领导小组由主要领导任组长分管领导任副组
长，落实责任。
"""


@pytest.mark.parametrize(
    ("original", "clean"),
    [
        (
            "今天召开推进会,主要任务是对下一阶段创建工作进行安排\n部署,请各单位落实。",
            "今天召开推进会,主要任务是对下一阶段创建工作进行安排部署,请各单位落实。",
        ),
        ("各单位要认真\n，抓好落实。", "各单位要认真，抓好落实。"),
        ("责任到人、任务到人、措施到人、\n奖惩到人。", "责任到人、任务到人、措施到人、奖惩到人。"),
        ("要在10\n月底前完成30\n%以上。", "要在10月底前完成30%以上。"),
        (
            "关于做好文明城市创建工作推进情况的通知\n各单位认真落实。",
            "关于做好文明城市创建工作推进情况的通知\n各单位认真落实。",
        ),
        (
            "我们要认真推进文明城市创建的各项工作并且落到实处\n同志们！",
            "我们要认真推进文明城市创建的各项工作并且落到实处\n同志们！",
        ),
        (
            "甲\n乙\n丙\n各单位要抓好整改，月底前完成\n一、加强领导，落实责任",
            "甲\n乙\n丙\n各单位要抓好整改，月底前完成。\n一、加强领导，落实责任",
        ),
        ("甲\t各单位要认真\n,乙\t丙", "甲\t各单位要认真\n,乙\t丙"),
    ],
)
def test_broken_lines_and_missing_stops(original, clean):
    assert clean_text(original).text == clean


def test_text_broken_throughout_is_joined_by_its_width():
    lines = clean_text(BROKEN).text.splitlines()
    assert [len(line) for line in lines] == [15, 104, 25, 32]
    assert lines[2].startswith("一、")


def test_heading_line_is_not_joined_to_its_paragraph():
    text = "一、近些年来文明部局创建活动的主要做法、成效及存在的问题\n机关各部门开展了创建"
    assert clean_text(text).text == text


def test_simplified_text_is_not_touched_by_script_conversion():
    text = "显著成效,乾坤湾景区要抓好整治。" * 3
    assert clean_text(text).text == text


def test_span_of_the_original_covers_what_was_taken_out():
    original = "來(lái)創(chuàng)建。"
    cleaned = clean_text(original)
    start, end = cleaned.original_span(0, 3)
    assert (cleaned.text[0:3], original[start:end]) == ("来创建", "來(lái)創(chuàng)建")


def test_traditional_lines_of_a_mixed_text_are_simplified():
    simple = "显著成效要抓好整治，各单位要认真落实。\n" * 20
    assert clean_text(simple + "各單位要認真執行會議決定。").text == simple + "各单位要认真执行会议决定。"


PIECES = [
    "创建", "創(chuàng)", "來（lái）", "。", ",", "，", ";", "\r\n", "\n", " ", "\u3000", "\ufeff", "x",
    "×", "*", "……", "(会员", "可阅读)",
    "一、", "&nbsp;", "&#8220;",
    "<br/>", "<p>", "Ã¤", "æœƒ", "谶@", "锟斤拷", "上一篇", "http://a.cn", "- 3 -", "□", "**", ".", "的",
    "要落实", "10", "\t",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=50).map("".join) | st.text(max_size=80))
def test_offsets_are_ordered_and_inside(original):
    cleaned = clean_text(original)
    assert len(cleaned.starts) == len(cleaned.ends) == len(cleaned.text)
    assert all(0 <= start < end <= len(original) for start, end in zip(cleaned.starts, cleaned.ends, strict=True))
    assert list(cleaned.starts) == sorted(cleaned.starts)
    assert list(cleaned.ends) == sorted(cleaned.ends)
    assert all(0 <= cleaned.position(at) <= len(cleaned.text) for at in range(len(original)))
    again = clean_text(cleaned.text).text
    assert clean_text(original).text == cleaned.text
    assert len(again) <= len(cleaned.text) + 1


HOSTILE = [
    "x", " ", "\u3000", "&", "&amp;", "<p ", "<!--", "(", "來(lái)", ".", "……", ",,", "谶@", "ä", "- ", "[1] ",
    "是\n", "□", "**a",
    "(会员", "http://", "本文由", "欢迎", "\t", "责任单位:\n", "ab-", "x x ", "市.市",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear_on_hostile_text(unit):
    def seconds(length: int) -> float:
        begun = time.process_time()
        clean_text(unit * (length // len(unit)))
        return time.process_time() - begun

    assert seconds(64_000) < 24 * max(seconds(8_000), 0.01)
