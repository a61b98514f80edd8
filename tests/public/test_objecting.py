"""A stranger's objection: taken by the office's own service, refused with words, found again by its number alone."""

import pytest

from chuangwen.accounts.models import Throttle
from chuangwen.core.errors import Refusal
from chuangwen.honors.models import Objection
from chuangwen.notifications.models import Notice
from chuangwen.public.models import ObjectionSlip
from chuangwen.public.services import look_up, raise_objection
from chuangwen.public.services.objecting import LONGEST, MOST_A_DAY, MOST_LOOKUPS, Said
from chuangwen.workflow.models import Step
from tests.public.making import Town

pytestmark = pytest.mark.django_db
TEXT = "十月三日该单位窗口无人值守，群众等了两个小时。"
WHERE = "192.0.2.7"


@pytest.fixture
def town():
    return Town()


@pytest.fixture
def application(town):
    return town.application(town.programme())


def test_objection_reaches_the_office_and_its_number_finds_it(town, application):
    slip = raise_objection(application, Said(f" {TEXT} ", " 赵某 ", " 0571-1 "), address=WHERE)
    made = Objection.objects.get()
    assert (made.text, made.sender, made.contact, made.entered_by) == (TEXT, "赵某", "0571-1", None)
    assert slip.startswith(f"{made.number}-")
    assert look_up(town.region, slip.lower(), address=WHERE) == made
    assert Notice.objects.get(user=town.office).title.endswith(str(application))
    assert Step.objects.get(action="objection").data == {"number": made.number}


def test_neither_the_number_nor_the_address_is_kept(application):
    slip = raise_objection(application, Said(TEXT), address=WHERE)
    kept = [str(row) for row in (*ObjectionSlip.objects.values(), *Throttle.objects.values(), *Step.objects.values())]
    assert [one for one in kept if slip in one or WHERE in one] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("短", "太短"),
        (" " * 40, "太短"),
        ("长" * (LONGEST + 1), "超过2000字"),
        ("看 http://a.example http://b.example www.c.example 这里都写着", "多个网址"),
    ],
)
def test_what_cannot_be_looked_into_is_refused(application, text, words):
    with pytest.raises(Refusal, match=words):
        raise_objection(application, Said(text), address=WHERE)
    assert Objection.objects.count() == 0
    assert Throttle.objects.count() == 0


def test_same_words_are_taken_once(application):
    raise_objection(application, Said(TEXT), address=WHERE)
    with pytest.raises(Refusal, match="已经收到过"):
        raise_objection(application, Said(TEXT), address="192.0.2.8")
    assert Objection.objects.count() == 1


def test_one_address_objects_a_few_times_a_day(application):
    for number in range(MOST_A_DAY):
        raise_objection(application, Said(f"{TEXT}{number}"), address=WHERE)
    with pytest.raises(Refusal, match="多件异议"):
        raise_objection(application, Said(f"{TEXT}又"), address=WHERE)
    raise_objection(application, Said(f"{TEXT}又"), address="192.0.2.8")
    assert Objection.objects.count() == MOST_A_DAY + 1


@pytest.mark.parametrize(
    ("state", "first", "last"), [("refused", -2, 5), ("recommended", -2, 5), ("noticed", -9, -1), ("noticed", 1, 9)]
)
def test_objection_outside_the_notice_is_refused(town, state, first, last):
    one = town.application(town.programme(first=first, last=last), state=state)
    with pytest.raises(Refusal):
        raise_objection(one, Said(TEXT), address=WHERE)
    assert (Objection.objects.count(), ObjectionSlip.objects.count()) == (0, 0)


def test_numbers_cannot_be_found_by_trying(town, application):
    slip = raise_objection(application, Said(TEXT), address=WHERE)
    for number in range(MOST_LOOKUPS):
        with pytest.raises(Refusal, match="没有这个编号"):
            look_up(town.region, f"Y2026-001-AAAAA-{number:05d}", address=WHERE)
    with pytest.raises(Refusal, match="查询次数过多"):
        look_up(town.region, slip, address=WHERE)
    assert look_up(town.region, slip, address="192.0.2.8") == Objection.objects.get()


def test_number_leads_nowhere_in_another_region(application):
    slip = raise_objection(application, Said(TEXT), address=WHERE)
    with pytest.raises(Refusal, match="没有这个编号"):
        look_up(Town().region, slip, address=WHERE)
