"""What the pages inside say of the public ones: the address of what is open, and how much would open."""

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.public.beside import draw_address, notice_address, release_address
from chuangwen.public.models import PublicSite
from chuangwen.public.queries import what_opens
from tests.public.making import Town
from tests.support.asking import asked_by
from tests.support.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def town():
    return Town()


def test_address_stands_beside_what_everybody_may_read_and_beside_nothing_else(town, settings):
    settings.SITE_URL = "https://yunxi.example"
    request = asked_by(town.office)
    for panel, obj, name in (
        (notice_address(request, shown := town.programme()), shown, "notices"),
        (release_address(request, shown := town.release()), shown, "bulletins"),
        (draw_address(request, shown := town.drawn()[0]), shown, "draws"),
    ):
        path = town.address(f"{name}/{obj.pk}/")
        assert (panel.template, panel.context["path"]) == ("public/parts/address.html", path)
        assert panel.context["address"] == f"https://yunxi.example{path}"
    hidden = (
        notice_address(request, town.programme("明天", first=1)),
        release_address(request, town.release("proposed", town.bulletin("待公开"))),
        draw_address(request, town.drawn("running")[0]),
    )
    assert hidden == (None, None, None)


def test_closed_pages_are_told_to_who_may_open_them_alone(town):
    programme = town.programme()
    PublicSite.objects.update(is_open=False)
    assert notice_address(asked_by(town.office), programme).template == "public/parts/closed.html"
    assert notice_address(asked_by(make_user(Role.LIAISON, town.unit)), programme) is None


def test_who_decides_about_opening_is_told_how_much_everybody_would_see(town):
    assert what_opens(town.region) == {"notices": 0, "titles": 0, "bulletins": 0}
    town.programme("进行中"), town.programme("已过", first=-9, last=-1)
    town.award(), town.award(town.other, state="suspended")
    town.release()
    other = Town()
    other.award(), other.drawn()
    assert what_opens(town.region) == {"notices": 1, "titles": 1, "bulletins": 1}
    town.drawn("running")
    assert what_opens(town.region) == {"notices": 1, "titles": 1, "bulletins": 1, "draws": 0}
    town.drawn()
    assert what_opens(town.region)["draws"] == 1
