"""Every table of the score's pages as a workbook: real numbers in formats, and the sums that the page shows."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.scoring.engine import show
from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.loss_lines import By, LossBook, loss_lines
from chuangwen.scoring.queries.plans import problems_of
from tests.scoring.test_who_lost import LATE, City
from tests.scoring.winning_making import Winning, every_standing
from tests.support.factories import NOON, make_user

pytestmark = pytest.mark.django_db
HEADS = {By.UNIT: "单位", By.CRITERION: "测评标准", By.TYPE: "点位类型", By.DISTRICT: "属地"}
WAYS = {"失分按单位": By.UNIT, "失分按测评标准": By.CRITERION, "失分按点位类型": By.TYPE, "失分按属地": By.DISTRICT}


@pytest.fixture
def city() -> Any:
    with clock.at(NOON):
        yield City()


@pytest.fixture
def made() -> Any:
    with clock.at(NOON):
        yield Winning()


class Book:
    """A workbook as somebody opens it."""

    def __init__(self, client: Any, url: str, **asked: str) -> None:
        answer = client.get(url, asked)
        assert answer.status_code == 200
        self.sheets = openpyxl.load_workbook(io.BytesIO(answer.content))

    @property
    def names(self) -> list[str]:
        return self.sheets.sheetnames

    def table(self, name: str) -> list[dict[str, Any]]:
        """The rows under the head, cells by head; what is frozen is the head and all above it."""
        sheet = self.sheets[name]
        assert sheet.freeze_panes is not None
        first = int(sheet.freeze_panes[1:])
        assert sheet.print_title_rows == f"${first - 1}:${first - 1}"
        last = int(sheet.auto_filter.ref.rsplit("$", 1)[-1].split(":")[-1].lstrip("ABCDEFGHIJKLMNOP"))
        heads = [str(cell.value) for cell in sheet[first - 1]]
        return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=first, max_row=last)]

    def figures(self, name: str, head: str, number_format: str = "0.00##") -> list[float]:
        """A column's figures, each of them a number in this format."""
        cells = [row[head] for row in self.table(name)]
        assert {(cell.data_type, cell.number_format) for cell in cells} == {("n", number_format)}
        return [cell.value for cell in cells]

    def notes(self, name: str) -> list[str]:
        return [str(row[0].value) for row in self.sheets[name].iter_rows(max_col=1)]

    def words(self, name: str, head: str) -> list[str]:
        return [row[head].value for row in self.table(name)]


def lost_in_the_city(city: City) -> Run:
    city.see(0, 0.0, problem_class="long-term", state="long-term", due_at=LATE)
    for place, value in ((0, 1.0), (1, 0.0), (2, 0.0), (2, 1.0), (2, 1.0)):
        city.see(place, value)
    city.see(3, 0.0, spot=True)
    city.judging.confirmed("2.1")
    return city.run()


def test_result_has_a_sheet_for_each_way_of_the_page_and_each_comes_to_its_sums(city: City, sign_in: Any) -> None:
    run = lost_in_the_city(city)
    book = Book(sign_in(make_user(Role.LEADER, city.judging.root)), f"/scores/{run.pk}/export/")
    assert book.names == ["总分", "测评标准", "没有测评", *WAYS, "失分"]
    for name, by in WAYS.items():
        found = loss_lines(LossBook.whole(run), by)
        assert book.words(name, HEADS[by]) == [line.name for line in found.lines]
        lost, back, gone = (book.figures(name, head) for head in ("失分", "可挽回", "本周期难挽回"))
        assert show(sum(lost)) == show(found.shown) == show(100 - (run.total or 0))
        assert sum(back) == pytest.approx(found.shown_back, abs=0.01)  # exact here; parts of shown figures there
        assert f"各行之和等于总失分：{show(found.shown)}；其中可挽回{show(found.shown_back)}分" in book.notes(name)
        assert sum(gone) == pytest.approx(sum(lost) - sum(back), abs=1e-9)
        assert sum(book.figures(name, "占全部失分", "0.0%")) == pytest.approx(1.0)
    held = [words for words in book.words("失分按单位", "难挽回的问题") if words]
    assert len(held) == 1
    assert "长期整改到" in held[0]


def test_criteria_that_nobody_saw_have_a_sheet(city: City, sign_in: Any) -> None:
    city.see(0, 0.0)
    run = city.run()
    book = Book(sign_in(make_user(Role.LEADER, city.judging.root)), f"/scores/{run.pk}/export/")
    assert sum(book.figures("没有测评", "满分")) == 60


def test_unit_takes_its_own_losses_out_and_nothing_of_others(city: City, sign_in: Any) -> None:
    run = lost_in_the_city(city)
    client, here = sign_in(make_user(Role.LIAISON, city.west)), f"/scores/{run.pk}/own/"
    page = client.get(here)
    assert "?format=xlsx" in page.content.decode()
    book = Book(client, here, format="xlsx")
    assert book.names == ["失分按测评标准", "失分按点位类型", "失分按属地", "点位"]
    for name in book.names:
        assert show(sum(book.figures(name, "失分"))) == show(page.context["loss_sum"].shown)
    assert set(book.words("失分按属地", "属地")) <= {"西街道", "随机查看的点位", "不在点位上（材料、问卷等）"}
    assert "东广场" not in book.words("点位", "点位")


def test_curve_of_what_to_do_next_is_a_workbook(made: Winning, sign_in: Any) -> None:
    every_standing(made)
    run = made.score()
    client = sign_in(made.leader)
    points = client.get(f"/scores/{run.pk}/next/").context["outlook"].points
    book = Book(client, f"/scores/{run.pk}/next/", format="totals")
    (name,) = book.names
    assert book.figures(name, "销号件数", "0") == [point.number for point in points]
    assert book.figures(name, "预期总分") == pytest.approx([point.total for point in points])


def test_plan_takes_its_units_and_what_is_left_out_along(made: Winning, sign_in: Any) -> None:
    every_standing(made)
    run = made.score()
    client, here = sign_in(made.leader), f"/scores/{run.pk}/plan/"
    plan = client.get(here, {"people": "1", "days": "1"}).context["plan"]
    book = Book(client, here, people="1", days="1", format="xlsx")
    assert book.names == ["方案", "各单位任务量", "未列入的问题"]
    assert sum(book.figures(book.names[0], "人天", "General")) == plan.person_days
    assert book.words(book.names[1], "单位") == [str(part.unit) for part in plan.units]
    left = [*plan.no_room, *plan.too_long, *plan.no_points]
    assert book.words(book.names[2], "编号") == [one.number for one in problems_of(left)]


def test_efforts_are_a_workbook(made: Winning, sign_in: Any) -> None:
    every_standing(made)
    book = Book(sign_in(made.leader), "/scores/efforts/", format="xlsx")
    (name,) = book.names
    assert sorted(zip(book.words(name, "类型"), book.figures(name, "人天", "General"), strict=True)) == [
        ("垃圾", 0.5), ("破损", 5),
    ]  # fmt: skip
    assert set(book.words(name, "来源")) == {"建议值"}
