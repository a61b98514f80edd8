"""What a region begins with: titles, conditions, aspects and settings, each with the source that its label shows.

practice.md asks for editable defaults, each labelled customary (a published example exists) or proposed (ours).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chuangwen.honors.eligibility import (
    BY_HAND,
    CIVIL_COUNT,
    CIVIL_SHARE,
    DOSSIERS,
    HELD,
    MODEL_COUNT,
    NO_CARD,
    NO_VETO,
    NOT_BARRED,
    NOT_HELD,
    RECOMMENDER,
    SELF_SCORE,
    VOLUNTEERS,
)

CIVIL, MODEL = "civil", "model"  # levels of the titles that offices inside a unit hold
# (name, for, level, rank on the ladder, months until re-verified)
TITLES = (
    ("文明处室", "office", CIVIL, 1, 12),
    ("标兵处室", "office", MODEL, 2, 12),
    ("区级文明单位", "unit", "county", 1, 12),
    ("市级文明单位", "unit", "city", 2, 12),
    ("省级文明单位", "unit", "province", 3, 12),
    ("全国文明单位", "unit", "nation", 4, 12),
    ("县级文明村镇", "village", "county", 1, 12),
    ("市级文明村镇", "village", "city", 2, 12),
    ("省级文明村镇", "village", "province", 3, 12),
    ("全国文明村镇", "village", "nation", 4, 12),
    ("县级文明校园", "school", "county", 1, 12),
    ("市级文明校园", "school", "city", 2, 12),
    ("省级文明校园", "school", "province", 3, 12),
    ("全国文明校园", "school", "nation", 4, 12),
    ("省级文明城市", "city", "province", 1, 12),
    ("全国文明城市", "city", "nation", 2, 12),
)
# Kind of subject -> the kinds of units that can hold its titles; None: every unit but those of the others' own kinds.
HOLDERS: dict[str, tuple[str, ...] | None] = {
    "unit": None, "village": ("village", "town"), "school": ("school",), "city": ("region",), "office": ("office",),
    "family": (),  # no unit holds a family's title
}  # fmt: skip
LADDER_SOURCE = "customary: 申报阶梯，从处室到区、市、省、全国逐级申报，每年复查"
# The ladder of families, which a region gets only where its office asks for it: it deals with private people.
FAMILY, STAR = "family", "village"  # kind of subject; level of the lowest title, which a village's own selection gives
FAMILY_TITLES = (
    ("星级文明户", FAMILY, STAR, 1, 12),
    ("镇街文明家庭", FAMILY, "town", 2, 12),
    ("区级文明家庭", FAMILY, "county", 3, 12),
    ("市级文明家庭", FAMILY, "city", 4, 24),
    ("省级文明家庭", FAMILY, "province", 5, 24),
    ("全国文明家庭", FAMILY, "nation", 6, 36),
)
FAMILY_LADDER_SOURCE = "customary: 星级文明户由村（社区）评议产生，文明家庭逐级推荐；镇街一级和复查年限为建议值"


@dataclass(frozen=True, slots=True)
class Default:
    """A condition for a title of one level; `lower` is the level of the title that must be held."""

    kind: str
    source: str
    threshold: Any = 0
    months: int = 0
    lower: str = ""
    words: str = ""


_HARD = "customary: 文明处室是各级评选的硬性标准"
_ALL = (
    Default(NO_VETO, "customary: 近12个月无一票否决事项", months=12),
    Default(NO_CARD, "customary: 黄牌警告，先整改再申报"),
    Default(NOT_BARRED, "customary: 摘牌后取消下一年度申报资格"),
    Default(NOT_HELD, "customary: 已持有的参加复查，不重复申报"),
)
_PASS = Default(SELF_SCORE, "customary: 单位测评85分合格", 85)
_WHOLE = Default(DOSSIERS, "proposed: 台账齐全率不低于95%", 95)
_WILLING = Default(VOLUNTEERS, "customary: 志愿服务人数不低于在职人数的30%", 30)


def _climb(lower: str, months: int, label: str) -> Default:
    words = {12: "1年", 24: "2年", 36: "3年"}[months]
    return Default(HELD, f"{label}: 持有下一级称号满{words}", months=months, lower=lower)


# (kind of subject, level of the title) -> its conditions
RULES: dict[tuple[str, str], tuple[Default, ...]] = {
    ("unit", "county"): (Default(CIVIL_COUNT, "customary: 文明处室是机关文明单位的基础", 1), _PASS, *_ALL),
    ("unit", "city"): (_climb("county", 12, "proposed"), Default(CIVIL_SHARE, _HARD, 30), _WHOLE, _PASS, *_ALL),
    ("unit", "province"): (
        _climb("city", 24, "customary"), Default(CIVIL_SHARE, _HARD, 50), Default(MODEL_COUNT, _HARD, 1), _WILLING,
        _WHOLE, _PASS, *_ALL,
    ),
    ("unit", "nation"): (
        _climb("province", 36, "proposed"), Default(CIVIL_SHARE, _HARD, 50), Default(MODEL_COUNT, _HARD, 1), _WILLING,
        _WHOLE, _PASS, *_ALL,
    ),
    **{
        (subject, level): (*climb, _WHOLE, _PASS, *_ALL)
        for subject in ("village", "school")
        for level, climb in (
            ("county", ()), ("city", (_climb("county", 12, "proposed"),)),
            ("province", (_climb("city", 24, "proposed"),)), ("nation", (_climb("province", 36, "proposed"),)),
        )
    },
    ("city", "province"): (*_ALL,),
    ("city", "nation"): (_climb("province", 24, "proposed"), *_ALL),
}  # fmt: skip
_FAMILY = (
    Default(NO_CARD, "customary: 黄牌警告，先整改再申报"),
    Default(NOT_BARRED, "customary: 摘牌后取消下一年度申报资格"),
    Default(NOT_HELD, "customary: 已持有的参加复查，不重复申报"),
    Default(RECOMMENDER, "proposed: 推荐单位自身不在取消申报资格期内"),
    Default(BY_HAND, "customary: 申报文明家庭征求公安等部门意见", words="家庭成员无违法行为（征求公安机关意见）"),
)
# level of a family's title -> its conditions; the lowest one is given by the village's own selection
FAMILY_RULES: dict[str, tuple[Default, ...]] = {
    "town": (_climb(STAR, 12, "proposed"), *_FAMILY),
    "county": (_climb("town", 12, "proposed"), *_FAMILY),
    "city": (_climb("county", 12, "proposed"), *_FAMILY),
    "province": (_climb("city", 12, "proposed"), *_FAMILY),
    "nation": (_climb("province", 24, "proposed"), *_FAMILY),
}
# 十星级文明户: code and name of each star
STARS = (
    ("star-country", "爱国守法星"), ("star-work", "勤劳致富星"), ("star-honesty", "诚实守信星"),
    ("star-elders", "孝老爱亲星"), ("star-home", "家庭和睦星"), ("star-neighbours", "邻里团结星"),
    ("star-learning", "重教好学星"), ("star-customs", "移风易俗星"), ("star-clean", "整洁卫生星"),
    ("star-giving", "热心公益星"),
)  # fmt: skip
STAR_SOURCE = "customary: 十星级文明户；各星名称和分值为建议值，分值为0的不评（如五星文明户）"
# What the 文明单位测评体系 asks in six aspects: code, name and weight of each
ASPECTS = (
    ("thought", "指导思想好", 20), ("volunteering", "志愿服务好", 15), ("morals", "道德风尚好", 15),
    ("culture", "学习宣传和文化体育好", 15), ("environment", "公共环境好", 15), ("example", "示范作用好", 20),
)  # fmt: skip
ASPECT_SOURCE = "customary: 文明单位测评体系的六个方面；权重为建议值"
# key -> (value, source)
SETTINGS: dict[str, tuple[int, str]] = {
    "notice-workdays": (5, "proposed: 公示不少于5个工作日"),
    "card-months": (3, "proposed: 黄牌限期3个月整改"),
    "bar-years": (1, "customary: 摘牌后取消下一年度申报资格"),
    "appeal-workdays": (10, "proposed: 10个工作日内申诉"),
    "answer-workdays": (5, "proposed: 5个工作日内答复异议"),
    "reviewers": (3, "proposed: 每件申报至少3位评审人"),
    "trimmed": (1, "proposed: 去掉一个最高分和一个最低分"),
    "contest-pass": (85, "customary: 单位测评85分合格"),
}
