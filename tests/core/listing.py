"""A list over places, for the tests of lists: ties in the sort field, a filter, tabs, bulk actions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from chuangwen.config.urls import urlpatterns as site_urls
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import BulkAction, Column, Filter, ListPage, Tab, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.places.models import Place


class NewAddress(forms.Form):
    address = forms.CharField(max_length=20)

    def __init__(self, *args: Any, actor: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.actor = actor


def move(row: Place, *, actor: Any, data: dict[str, Any]) -> None:
    """Gives a place a new address; the place called 不动 refuses."""
    if row.name == "不动":
        raise Refusal("这一处不能搬。")
    Place.objects.filter(pk=row.pk).update(address=data.get("address", "搬过了"))


class PlacesForTest(ListPage):
    name = "places-for-test"
    title = "点位"
    noun = "处"
    permission = "places.view"
    definition = "在册点位。"
    columns: ClassVar = [
        Column("name", "名称", lambda p: p.name, lambda p: two_lines(p.name, p.code), css="cw-table__title"),
        Column("code", "编号", lambda p: p.code, sort="code"),
        Column("address", "地址", lambda p: p.address, sort="address"),
        Column("territory", "属地", lambda p: p.territory.name),
        Column("phone", "电话", lambda p: p.phone, screen=False),
    ]
    filters: ClassVar = [
        Filter(
            "unit",
            "属地",
            lambda request: (
                Place.objects.visible_to(request.user).values_list("territory_id", "territory__name").distinct()
            ),
            lambda rows, value: rows.filter(territory_id=int(value)),
        )
    ]
    tabs: ClassVar = [Tab("all", "全部", Q()), Tab("addressed", "有地址", ~Q(address=""))]
    search: ClassVar = ["name__icontains", "code__icontains"]
    sort = "address"
    bulk: ClassVar = [
        BulkAction("move", "搬", move, permission="places.edit"),
        BulkAction("address", "改地址", move, permission="places.edit", form=NewAddress),
        BulkAction("leave", "撤下", move, permission="places.edit", confirm="撤下以后不再抽到。"),
    ]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Place.objects.visible_to(request.user).select_related("territory")

    def message_line(self, row: Any) -> tuple[str, str]:
        return row.territory.name, row.name


LIST = PlacesForTest()


@signed_in("places.view")
def places_for_test(request: HttpRequest) -> HttpResponse:
    return respond(request, LIST)


urlpatterns = [path("places-for-test/", places_for_test), *site_urls]
handler403 = "chuangwen.config.views.forbidden"
