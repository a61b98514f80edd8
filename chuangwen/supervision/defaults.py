"""The ladder and the kinds of veto events that a site begins with (practice.md, Default ladder of supervision).

Each row names its source: "customary" where a published example exists, "proposed" where it is ours. An office
edits them on the page of rules.
"""

from __future__ import annotations

from typing import Any

LADDER = "proposed: 督办梯次默认值"
STEPS: tuple[dict[str, Any], ...] = (
    {"step": "reminder", "addressee": "liaison", "source": LADDER},
    {"step": "white", "addressee": "acting", "signer": "clerk", "answer_within": "2d", "source": LADDER},
    {"step": "yellow", "addressee": "first", "copy_to": "charge", "signer": "director", "answer_within": "2d",
     "source": LADDER},
    {"step": "red", "addressee": "head", "copy_to": "supervision", "signer": "deputy", "answer_within": "1d",
     "talk_within": "5d", "source": LADDER},
)  # fmt: skip
RULES: tuple[dict[str, Any], ...] = (
    {"step": "reminder", "condition": "due-soon", "number": 1, "source": LADDER},
    {"step": "white", "condition": "late", "number": 1, "source": LADDER},
    {"step": "yellow", "condition": "after", "number": 3, "source": LADDER},
    {"step": "yellow", "condition": "returned", "number": 2, "source": LADDER},
    {"step": "yellow", "condition": "recurrence", "number": 30, "source": LADDER},
    {"step": "red", "condition": "after", "number": 3, "source": LADDER},
    {"step": "red", "condition": "falsified", "source": LADDER},
)
CUSTOMARY = "customary: 文明单位测评体系负面清单的通行条目"
VETO_KINDS: tuple[dict[str, Any], ...] = (
    {"name": "领导班子成员严重违纪违法", "source": CUSTOMARY},
    {"name": "重大安全生产、消防、交通责任事故", "source": CUSTOMARY},
    {"name": "重大食品药品安全、环境污染责任事件", "source": CUSTOMARY},
    {"name": "重大刑事案件、群体性事件", "source": CUSTOMARY},
    {"name": "造成恶劣影响的失信或违反职业道德事件", "source": CUSTOMARY},
    {"name": "创建工作弄虚作假", "falsification": True, "source": "proposed: 确认弄虚作假，同时提出红单"},
)

FLAGS, RED_FLAG = "proposed: 流动黑牌默认值", "customary: 季度红旗，90分以上且本组第一"
LISTS = "customary: 江门红黑榜，前五后三，镇街各一"
WEIGHTS = "proposed: 月度得分默认权重"
PEER_NUMBERS: tuple[dict[str, Any], ...] = (
    {"key": "black-below", "value": 80, "source": FLAGS},
    {"key": "black-due", "value": 10, "source": FLAGS},
    {"key": "black-back", "value": 85, "source": FLAGS},
    {"key": "peers", "value": 3, "source": "proposed: 少于三个单位不排名"},
    {"key": "red-from", "value": 90, "source": RED_FLAG},
    {"key": "red-due", "value": 5, "source": "proposed: 应办结问题太少的不比"},
    {"key": "top-lines", "value": 5, "source": LISTS},
    {"key": "bottom-lines", "value": 3, "source": LISTS},
    {"key": "top-territories", "value": 1, "source": LISTS},
    {"key": "bottom-territories", "value": 1, "source": LISTS},
    {"key": "flag-talk", "value": 2, "source": FLAGS},
    {"key": "flag-refer", "value": 3, "source": FLAGS},
    {"key": "list-organisation", "value": 2, "source": LISTS},
    {"key": "list-account", "value": 3, "source": LISTS},
    {"key": "reply-days", "value": 2, "source": "proposed: 曝光前两个工作日内可先答复"},
    {"key": "meeting-months", "value": 2, "source": "customary: 每两月召开一次问题反馈督办会"},
    {"key": "list-due", "value": 1, "source": "customary: 当周没有问题的单位不列入"},
)
SCORE_WEIGHTS: tuple[dict[str, Any], ...] = tuple(
    {"branch": branch, "part": part, "weight": weight, "source": WEIGHTS}
    for branch, parts in (
        ("territory", (("field", 50), ("rectification", 30), ("material", 10), ("reporting", 10))),
        ("line", (("tasks", 35), ("rectification", 30), ("material", 25), ("reporting", 10))),
    )
    for part, weight in parts
)

# Consequences and rewards, and the rules by which they are proposed (mechanisms 113, 116, 121)
USUAL = "customary: 各地创建奖惩办法的通行处理方式"
CONSEQUENCE_KINDS: tuple[dict[str, Any], ...] = (
    {"name": "通报表扬", "is_reward": True, "source": USUAL},
    {"name": "表彰奖励", "is_reward": True, "source": USUAL},
    {"name": "通报批评", "source": USUAL},
    {"name": "责令整改", "months": 3, "source": "proposed: 整改期三个月"},
    {"name": "取消年终评优评先资格", "of_year": True, "bars": True, "source": "customary: 创建工作问责办法通行条款"},
)
LINKS = "proposed: 挂钩规则默认值"
LINK_RULES: tuple[dict[str, Any], ...] = (
    {"figure": "red-year", "number": 3, "kind": "取消年终评优评先资格", "source": LINKS},
    {"figure": "black-running", "number": 2, "kind": "通报批评", "source": LINKS},
    {"figure": "list-running", "number": 2, "kind": "通报批评", "source": LINKS},
    {"figure": "exposed-year", "number": 2, "kind": "责令整改", "source": LINKS},
    {"figure": "red-flags-year", "number": 2, "kind": "通报表扬", "source": LINKS},
    {"figure": "clean-year", "number": 10, "kind": "通报表扬", "source": LINKS},
    {"figure": "lagged-year", "number": 3, "kind": "通报批评", "source": LINKS},
)
