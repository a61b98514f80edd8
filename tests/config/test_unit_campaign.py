"""A unit's own campaign has no places, draws and streets: none of its pages talks of them (ui.md, Who sees what)."""

from __future__ import annotations

import re

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.organizations.enums import Branch, UnitKind
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.services import publish_standard
from tests.support.factories import make_campaign, make_root, make_round, make_unit, make_user

pytestmark = pytest.mark.django_db
STANDARD = """
urn: urn:chuangwen:standard:own
version: "1"
title: 文明单位
subject: unit
scale: 100
nodes:
  - code: "1"
    title: 组织领导
    children:
      - {code: "1.1", title: 列入年度工作, points: 100, method: material, evidence: [{slot: 文, kind: document}]}
""".encode()
OTHER_SHAPE = re.compile("点位|抽签|抽中|随机查看|街道|属地|全市")


@pytest.fixture
def world(sign_in):
    root = make_root()
    make_unit(root, name="东关办", kind=UnitKind.STREET, branch=Branch.TERRITORY)
    bureau = make_unit(root, name="市档案局")
    make_unit(bureau, name="办公室")
    version, _new = publish_standard(read_standard(STANDARD, "s.yaml"), region=root.region, actor=None)
    campaign = make_campaign(bureau, version=version, subject_kind="unit", name="市档案局创建文明单位")
    return sign_in(make_user(Role.OFFICE, root)), campaign, make_round(campaign, name="年度自评")


def _main(client, address):
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode().split('<main class="cw-main"')[1].split("</main>")[0], answer


def test_no_page_of_a_units_campaign_talks_of_places_draws_and_streets(world):
    client, campaign, round_ = world
    here, rounds = f"/campaigns/{campaign.pk}/", f"/rounds/{round_.pk}/"
    for address in (
        "/desk/", here, f"{here}plan/", f"{here}rounds/new/", "/breakdown/", "/breakdown/?units=all", "/tasks/",
        "/rounds/", "/rounds/new/", rounds, f"{rounds}draw/", f"{rounds}results/", "/scores/", "/scores/new/",
        "/problems/new/", "/directives/", "/dossiers/", "/dossiers/completeness/",
        "/dossiers/open/", "/dossiers/pieces/",
        "/problems/new/", "/directives/", "/instructions/", "/instructions/new/",
    ):  # fmt: skip
        main, _answer = _main(client, address)
        assert not re.findall(f".{{0,30}}(?:{OTHER_SHAPE.pattern}).{{0,20}}", main), address


def test_units_round_leads_to_its_results_and_back_to_the_campaign(world):
    client, campaign, round_ = world
    main, answer = _main(client, f"/rounds/{round_.pk}/")
    assert answer.redirect_chain[-1][0] == f"/rounds/{round_.pk}/results/"
    assert f'href="/campaigns/{campaign.pk}/"' in main
    assert f'href="/rounds/{round_.pk}/results/"' in _main(client, f"/campaigns/{campaign.pk}/")[0]


def test_unit_shares_its_criteria_out_among_its_own_offices(world):
    client, _campaign, _round = world
    main, _answer = _main(client, "/breakdown/")
    heads = re.findall(r'class="cw-matrix__unit[^>]*data-unit="\d+"><a [^>]*title="([^"]*)"', main)
    assert heads == ["市档案局", "办公室"]
