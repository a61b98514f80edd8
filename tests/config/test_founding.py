"""The first region of an empty site and its administrator."""

from __future__ import annotations

import pytest

from chuangwen.accounts.models import User
from chuangwen.audit.queries import verify_chain
from chuangwen.config import cli
from chuangwen.config.founding import begin_region
from chuangwen.core.access import may
from chuangwen.core.models import Region
from chuangwen.honors.models import EligibilityRule, LadderStep
from chuangwen.organizations.models import Unit
from chuangwen.reports.models import PaperForm
from chuangwen.supervision.models import NoticeRule, NoticeStep, PeerNumber, VetoKind

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture(autouse=True)
def _migrated(monkeypatch):
    """The tables of the test's database are there; to migrate again would end the test's transaction."""
    monkeypatch.setattr("chuangwen.config.founding.call_command", lambda *_words, **_options: None)


def test_empty_site_gets_region_unit_and_administrator(capsys, client):
    assert "chuangwen found" in client.get("/account/login/").content.decode()
    assert cli.main(["found", "云溪市", "--code", "yunxi", "--admin", "root", "--person", "潘启明"]) == 0
    told = capsys.readouterr().out
    user = User.objects.get()
    assert (user.username, user.name, user.region.code) == ("root", "潘启明", "yunxi")
    assert list(Unit.objects.values_list("code", "name", "depth")) == [("root", "云溪市", 1)]
    assert user.check_password(told.split("first sign-in: ")[1].split()[0])
    assert user.must_change_password is True
    assert (may(user, "accounts.manage"), may(user, "campaigns.edit")) == (True, False)
    assert verify_chain("yunxi").breaks == []
    assert "chuangwen found" not in client.get("/account/login/").content.decode()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["云溪市", "--code", "yunxi"], "There is a region 'yunxi' already."),
        (["南岭县", "--code", "nanling", "--admin", "ROOT"], "The account 'ROOT' is already in use."),
        (["南岭县", "--code", "Nan Ling"], "A region's code has"),
        ([" ", "--code", "nanling"], "A region's name has"),
        (["南岭县", "--code", "nanling", "--admin", "a b"], "An account has"),
    ],
)
def test_wrong_or_taken_words_change_nothing(words, told, capsys):
    cli.main(["found", "云溪市", "--code", "yunxi", "--admin", "root"])
    capsys.readouterr()
    assert cli.main(["found", *words]) == 1
    assert told in capsys.readouterr().out
    assert (Region.objects.count(), User.objects.count(), Unit.objects.count()) == (1, 1, 1)


def test_region_begins_with_rules_tables_and_papers_that_nobody_overwrites(capsys):
    assert cli.main(["found", "云溪市", "--code", "yunxi", "--admin", "root"]) == 0
    assert "written: the ladder of notices" in capsys.readouterr().out
    region = Region.objects.get()
    assert {one.step for one in NoticeStep.objects.filter(region=region)} == {"reminder", "white", "yellow", "red"}
    made = [
        NoticeRule.objects.filter(region=region, is_on=True).count(), VetoKind.objects.filter(region=region).count(),
        PeerNumber.objects.filter(region=region).count(), LadderStep.objects.filter(region=region).count(),
        EligibilityRule.objects.filter(region=region).count(), PaperForm.objects.filter(region=region).count(),
    ]  # fmt: skip
    assert all(made)
    PeerNumber.objects.filter(key="black-below").update(value=70)
    NoticeRule.objects.filter(step="white").delete()
    VetoKind.objects.all()[0].delete()
    begin_region(region)
    assert PeerNumber.objects.get(key="black-below").value == 70
    assert not NoticeRule.objects.filter(step="white").exists()
    assert VetoKind.objects.count() == made[1] - 1
