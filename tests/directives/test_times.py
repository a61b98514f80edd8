"""By when and how often, as people write and say it: what is read, to its last character, and what only looks alike."""

from __future__ import annotations

from datetime import date

import pytest

from chuangwen.directives.extraction.deadlines import BARE, FIRM, VAGUE, find_deadline
from chuangwen.directives.extraction.frequencies import find_frequency
from tests.directives.finding import only


def told(phrase):
    return (phrase.text, phrase.rank) if phrase is not None else None


RANGES = [
    ("从今天起到验收结束不准请假", ("从今天起到验收结束", FIRM)),
    ("从即日起到9月20日值班人员不离岗", ("从即日起到9月20日", FIRM)),
    ("8月1日至8月17日集中清理", ("8月1日至8月17日", BARE)),
    ("现场核验定于6月2日-9日", ("6月2日-9日", BARE)),
    ("于3月1日至4月底前完成", ("3月1日至4月底前", FIRM)),
    ("3月至5月集中清理", ("3月至5月", BARE)),
]
PARTS_OF_MONTHS = [
    ("8月上旬完成初审", ("8月上旬", BARE)),
    ("城建局8月中旬要交图纸", ("8月中旬", BARE)),
    ("本月中旬前交表", ("本月中旬前", FIRM)),
    ("下月上旬组织初审", ("下月上旬", BARE)),
    ("本月下旬要验收", ("本月下旬", BARE)),
]
DAYS = [
    ("18日组织复核", ("18日", BARE)),
    ("城管局28日组织复核", ("28日", BARE)),
    ("十五号要交表", ("十五号", BARE)),
    ("3号楼要清理", None),
    ("一号文件要学习", None),
    ("一日三扫要坚持", None),
    ("今天下午就把表送来", ("今天下午", FIRM)),
    ("今晚八点前报结果", ("今晚八点前", FIRM)),
    ("明早七点全部到岗", ("明早七点", FIRM)),
    ("明天中午前报结果", ("明天中午前", FIRM)),
    ("今天上午召开动员会", None),
    ("早上六点半前出完摊", ("早上六点半前", FIRM)),
    ("17:30前报送", ("17:30前", FIRM)),
    ("提三点要求", None),
    ("看不到一点前途", None),
    ("每逢重大节日前检查一遍", None),
]
WEEKS = [
    ("这周要把名单报上来", ("这周", BARE)),
    ("这个礼拜之内换完", ("这个礼拜之内", FIRM)),
    ("本周内核对一遍", ("本周内", FIRM)),
    ("下周三前交表", ("下周三前", FIRM)),
    ("下个礼拜三以前交表", ("下个礼拜三以前", FIRM)),
    ("本周四下班前发到各科", ("本周四下班前", FIRM)),
    ("下周三次会议都要参加", ("下周", FIRM)),
]
TERMS = [
    ("下学期起全部错峰放学", ("下学期起", FIRM)),
    ("开学前把牌子立好", ("开学前", FIRM)),
    ("期中以前评一次", ("期中以前", FIRM)),
    ("期末考试前清完", ("期末考试前", FIRM)),
    ("秋收之前硬化完", ("秋收之前", FIRM)),
    ("暑假期间招募学生", ("暑假期间", BARE)),
]
EVENTS = [
    ("方案批准之前维持原样", ("方案批准之前", BARE)),
    ("老市场拆除以前照常保洁", ("老市场拆除以前", BARE)),
    ("碰头会以前交进度", ("碰头会以前", FIRM)),
    ("在围挡没有撤掉之前洒水", ("围挡没有撤掉之前", BARE)),
    ("几年之前这里是荒地", None),
    ("很久以前就有集市", None),
    ("在此之前没有人管", None),
]
PERIODS = [
    ("给十天期限把摊子搬走", ("十天", FIRM)),
    ("用五天时间走一遍", ("五天", FIRM)),
    ("十天之内搬走", ("十天之内", FIRM)),
    ("三个工作日内办结", ("三个工作日内", FIRM)),
    ("限三天改好", ("限三天", FIRM)),
    ("连夜更换破损的画面", ("连夜", VAGUE)),
    ("经过五年时间的努力", None),
]


@pytest.mark.parametrize(("clause", "phrase"), [*RANGES, *PARTS_OF_MONTHS, *DAYS, *WEEKS, *TERMS, *EVENTS, *PERIODS])
def test_by_when(clause, phrase):
    assert told(find_deadline(clause)) == phrase


@pytest.mark.parametrize(
    ("clause", "phrase"),
    [
        ("每天打捞不少于两次", "每天打捞不少于两次"),
        ("每学期不少于4课时", "每学期不少于4课时"),
        ("每周上课不少于两节", "每周上课不少于两节"),
        ("每半个月到包联小区现场办公一次", "每半个月"),
        ("河岸早晚各清理一次", "早晚各清理一次"),
        ("门诊部主任每天上午十点、下午三点各巡一次诊区", "每天上午十点、下午三点各巡一次"),
        ("每周二、周五早高峰各集中清理一次", "每周二、周五早高峰各集中清理一次"),
        ("安检不少于一年两次", "一年两次"),
        ("保洁员两小时一巡,做好登记", "两小时一巡"),
        ("早、中、晚各巡查一次", "早、中、晚各巡查一次"),
        ("晚7点到早7点对居民开放", "晚7点到早7点"),
        ("上午七点半至十一点不得载货", "上午七点半至十一点"),
        ("路口早7:00—9:00有人值守", "早7:00—9:00"),
        ("双休日和寒暑假开放操场", "双休日和寒暑假"),
        ("周末和节假日开放操场", "周末和节假日"),
        ("周一到周五放学后站岗", "周一到周五放学后"),
        ("一日一巡查、一周一排名、一月一讲评", "一日一巡查、一周一排名、一月一讲评"),
        ("玻璃一周一擦、坐垫半月一换", "一周一擦、坐垫半月一换"),
        ("一季一评", "一季一评"),
        ("每逢集日要安排人", "每逢集日"),
        ("每逢周一、周四上午到岗", "每逢周一、周四上午"),
        ("每逢重大节日前检查一遍", "每逢重大节日前"),
        ("隔天捞一次", "隔天捞一次"),
        ("隔周召开一次碰头会", "隔周召开一次"),
        ("隔一天捞一次", "隔一天捞一次"),
        ("每月20日通报", "每月20日"),
        ("每天下午五点碰头", "每天"),
        ("每周至少到包联点位一次", "每周至少到包联点位一次"),
        ("每季度向全体村民代表大会报告一次", "每季度"),
        ("每个月初一、十五捞一回", "每个月初一、十五捞一回"),
        ("每年11月评估", "每年11月"),
        ("每月最后一周的周五大扫除", "每月最后一周的周五"),
        ("实行“一日一巡查、一周一排名”", "一日一巡查、一周一排名"),
        ("开学第一周组织两次", None),
        ("八月上旬办一期", None),
        ("每月五日前报送一次", "每月"),
        ("每周二、四开放", "每周二、四"),
        ("每月末报告进展", "每月末"),
        ("把隔壁的院子也清一清", None),
        ("一天要办好", None),
        ("周末前报送", None),
        ("9点到会", None),
        ("3月5日8点到12点停水", None),
    ],
)
def test_how_often(clause, phrase):
    match = find_frequency(clause)
    assert (match.text if match else None) == phrase


@pytest.mark.parametrize(
    ("text", "deadline", "frequency"),
    [
        ("市城管局要在今年，10月底前完成改造。", "10月底前", None),
        ("今年，10月底前各镇要完成改造。", "今年，10月底前", None),
        ("各社区要每月２０日（逢节假日顺延）公示一次。", None, "每月２０日"),
        ("县水利局要在１０月３１日前清淤。", "１０月３１日前", None),
        ("各單位(wèi)要在三個(gè)工作日內(nèi)報(bào)送總結(jié)。", "三个工作日内", None),
        ("整治背街小巷。(牵头单位:县城管局;完成时限：１０月底前)", "１０月底前", None),
        ("整治背街小巷，十月底前完成(责任单位:县城管局)", "十月底前", None),
    ],
)
def test_a_time_is_told_with_its_place(text, deadline, frequency):
    directive = only(text)
    assert (directive.deadline, directive.frequency) == (deadline, frequency)
    for phrase, place in ((deadline, directive.deadline_at), (frequency, directive.frequency_at)):
        assert (place is None) == (phrase is None)
        if place is not None and "個" not in text:
            assert text[slice(*place)] == phrase


def test_a_time_in_a_cleaned_passage_stands_where_it_was():
    text = "各單位(wèi)要在三個(gè)工作日內(nèi)報(bào)送總結(jié)。"
    assert text[slice(*only(text).deadline_at)] == "三個(gè)工作日內"


def test_a_time_in_a_cell_stands_where_it_was():
    text = "任务\t责任单位\t完成时限\n清理河道\t县水利局\t10月底前"
    directive = only(text)
    assert text[slice(*directive.deadline_at)] == directive.deadline == "10月底前"


def test_the_elided_comma_moves_no_date():
    text = "今年，10月底前各镇要完成改造。"
    assert only(text, meeting_date=date(2026, 3, 1)).due == date(2026, 10, 31)
