"""Documents and candidates for tests of this area."""

from __future__ import annotations

from datetime import date
from typing import Any

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign
from chuangwen.directives.models import Candidate, Document
from chuangwen.directives.services import add_document
from chuangwen.organizations.enums import Branch, PostKind, UnitKind
from chuangwen.organizations.services import name_post
from tests.support.factories import make_campaign, make_root, make_unit, make_user

DAY = date(2026, 11, 16)
SPEECH = """在创建工作推进会上的讲话

（2026年11月16日）

同志们：

一、盯住短板

这一个月大家下了功夫，应当肯定。由市城管局牵头，各街道配合，11月30日前把登记在册的46条背街小巷全部整治到位。相关单位要抓紧研究，12月10日前拿出飞线充电治理方案，报创建办。

二、压实责任

市教育局要每周检查一次校园周边。各街道要在会后三天内召开专题会议传达部署。
"""


class Desk:
    """A city with two lines and two streets, its campaign, and people who work there."""

    def __init__(self) -> None:
        self.root = make_root()
        self.city = make_unit(self.root, name="云溪市城市管理局", short_name="市城管局")
        self.schools = make_unit(self.root, name="云溪市教育局", short_name="市教育局")
        streets = {"kind": UnitKind.STREET, "branch": Branch.TERRITORY}
        self.east = make_unit(self.root, name="东关街道办事处", short_name="东关街道", **streets)
        self.west = make_unit(self.root, name="西门街道办事处", short_name="西门街道", **streets)
        for unit in (self.city, self.schools, self.east, self.west):
            name_post(unit, PostKind.ACTING, "分管领导", actor=None)
        self.campaign: Campaign = make_campaign(self.root)
        self.office = make_user(Role.OFFICE, self.root)
        self.colleague = make_user(Role.OFFICE, self.root)

    def document(self, text: str = SPEECH, **given: Any) -> Document:
        """`text` as a file uploaded by the office."""
        values: dict[str, Any] = {"actor": self.office, "name": "讲话.txt"}
        return add_document(self.campaign, text.encode(), **values | given)


RHYTHM = """工作要点

（2026年11月16日）

一、常态

各街道要每周巡查一次背街小巷。市教育局要定期检查校园周边。市城管局要在12月1日前清理楼道，做到无堆物。

二、规矩

凡是接到群众来电，一律不得推诿。
"""


def candidate(document: Document, words: str) -> Candidate:
    """The one candidate whose passage holds `words`."""
    return document.candidates.exclude(state="merged").select_related("document", "region").get(quote__contains=words)
