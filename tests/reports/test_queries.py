"""What papers and their pages read: moments, matters, layouts, receipts, photos; never another region's."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chuangwen.rectification.models import Problem
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import Bulletin, PaperForm, PhotoPair, Receipt, SiteFont
from chuangwen.reports.periods import Period, month_of
from chuangwen.reports.queries import (
    as_pictured,
    bulletins_seen,
    day_of,
    fonts_of,
    lacking_forms,
    last_period_end,
    matters_of,
    moment_of,
    narrowed_pictured,
    pairs_of,
    paper_form,
    partner_of,
    pictured,
    pictured_rows,
    span_of,
    unit_names,
    waiting_receipts,
    with_photos,
)
from chuangwen.reports.services import (
    choose_photos,
    draft_round_papers,
    ensure_defaults,
    receive_bulletin,
    withdraw_bulletin,
)
from chuangwen.workflow.models import Step
from tests.reports.making import LATER, WEEK, Office, stranger
from tests.reports.test_photos import closed
from tests.reports.test_photos import with_photos as given_photos
from tests.support.factories import DAY, NOON, make_place, make_problem, make_round, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SECOND = timedelta(seconds=1)
FIRST, END = datetime(2026, 11, 15, 16, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)  # midnights in Shanghai


def test_period_is_from_midnight_to_midnight_on_the_citys_clock():
    assert moment_of(date(2026, 11, 16)) == FIRST
    span = span_of(WEEK, LATER)
    assert (span.start, span.end, span.as_of) == (FIRST, END, LATER)


def test_matters_are_those_that_a_figure_of_the_time_can_count_each_with_its_facts(office):
    Problem.objects.all().delete()
    unit, old = office.unit, NOON - timedelta(days=60)
    shut = {"state": "closed", "is_open": False, "due_at": old, "found_at": old, "assigned_at": old}
    inside = [
        make_problem(unit, **shut | {name: moment})
        for name in ("due_at", "found_at", "assigned_at") for moment in (FIRST, END - SECOND)
    ]  # fmt: skip
    for name in ("due_at", "found_at", "assigned_at"):
        for moment in (FIRST - SECOND, END):
            make_problem(unit, **shut | {name: moment})
    returned, other = make_problem(unit, **shut), make_problem(unit, **shut)
    still_open = make_problem(unit, **shut | {"is_open": True, "state": "fixed", "fixed_at": NOON})
    full = make_problem(
        unit, **shut | {"found_at": NOON, "problem_class": "long-term", "source": "self", "closed_in_time": True},
        recurrence_of=still_open,
    )  # fmt: skip
    moments = [FIRST - SECOND, FIRST, END - SECOND, END]
    steps = [(returned, "return", at) for at in moments] + [(other, "fix", NOON)]
    for problem, action, at in steps:
        values = {"object_type": "rectification.problem", "object_id": problem.pk, "action": action}
        Step.objects.create(region=problem.region, at=at, actor_name="核查员", **values)
    values = {"object_type": "responsibilities.task", "object_id": other.pk, "action": "return", "actor_name": "x"}
    Step.objects.create(region=other.region, at=NOON, **values)
    make_problem(make_unit(), found_at=NOON)  # another region's
    found = {one.pk: one for one in matters_of(office.root.region, FIRST, END)}
    assert list(found) == [one.pk for one in (*inside, returned, still_open, full)]
    assert found[returned.pk].returns == (FIRST, END - SECOND)
    one = found[full.pk]
    assert (one.unit, one.state, one.due, one.found, one.assigned, one.fixed, one.in_time) == (
        unit.pk, "closed", old, NOON, old, None, True,
    )  # fmt: skip
    assert (one.long_term, one.own, one.recurrence, one.returns) == (True, True, True, ())
    two = found[still_open.pk]
    assert (two.state, two.fixed, two.long_term, two.own, two.recurrence) == ("fixed", NOON, False, False, False)


def test_units_layouts_and_fonts_are_those_of_the_region(office):
    elsewhere = stranger()
    make_unit(office.root, name="甲局", short_name="甲", position=0)
    assert sorted(unit_names(office.root.region).values()) == sorted(["云溪市", "甲", "市城管局", "东关街道"])
    ensure_defaults(elsewhere.region, actor=elsewhere)
    assert lacking_forms(office.root.region) == list(PaperKind.values)
    assert paper_form(office.root.region, PaperKind.WORK) is None
    ensure_defaults(office.root.region, actor=office.office)
    assert lacking_forms(office.root.region) == []
    form = paper_form(office.root.region, PaperKind.WORK)
    assert form == PaperForm.objects.get(region=office.root.region, kind=PaperKind.WORK)
    for region, family in ((office.root.region, "乙体"), (office.root.region, "丙体"), (elsewhere.region, "甲体")):
        SiteFont.objects.create(region=region, family=family)
    assert [one.family for one in fonts_of(office.root.region)] == sorted(["乙体", "丙体"])


def test_papers_are_seen_with_how_many_were_to_sign_and_did(office, quick):
    paper, unsigned, draft = office.issued(), office.issued(), office.draft()
    receive_bulletin(paper.receipts.get(unit=office.unit), actor=office.liaison)
    seen = {one.pk: (one.sent_to, one.received) for one in bulletins_seen(office.office)}
    assert seen == {paper.pk: (2, 1), unsigned.pk: (2, 0), draft.pk: (0, 0)}
    assert {one.pk for one in bulletins_seen(office.liaison)} == {paper.pk, unsigned.pk}
    assert list(bulletins_seen(stranger())) == []


def test_receipts_wait_for_the_persons_own_units_while_the_paper_is_in_force(office, quick):
    papers = [office.issued() for _number in range(3)]
    receive_bulletin(papers[0].receipts.get(unit=office.unit), actor=office.liaison)
    withdraw_bulletin(papers[1], reason="有误", actor=office.office)
    assert [(one.bulletin, one.unit) for one in waiting_receipts(office.liaison)] == [(papers[2], office.unit)]
    assert list(waiting_receipts(office.office)) == []  # answers for the whole region, signs for no unit
    assert Receipt.objects.count() == 6


def test_partner_is_the_other_paper_of_the_same_figures_while_it_stands(office):
    held = make_round(office.campaign, state="closed")
    down, up = draft_round_papers(held, actor=office.office)
    draft_round_papers(make_round(office.campaign, state="closed"), actor=office.office)
    assert (partner_of(down), partner_of(up)) == (up, down)
    plain = office.draft()
    Bulletin.objects.filter(pk=plain.pk).update(snapshot=down.snapshot)
    plain.refresh_from_db()
    assert partner_of(plain) is None
    Bulletin.objects.filter(pk=plain.pk).delete()
    Bulletin.objects.filter(pk=up.pk).update(state="withdrawn")
    assert partner_of(down) is None


def test_next_period_follows_the_latest_that_stands(office):
    region, kind = office.root.region, PaperKind.RECTIFICATION
    assert last_period_end(region, kind) is None
    week = timedelta(days=7)
    office.draft(period=Period(WEEK.first - week, WEEK.last - week))
    latest = office.draft()
    office.draft(period=Period(WEEK.first - 2 * week, WEEK.last - 2 * week))
    office.draft(kind=PaperKind.BULLETIN, period=month_of(DAY))
    Office().draft(period=Period(WEEK.first, WEEK.last + timedelta(days=1)))  # another region's
    assert last_period_end(region, kind) == WEEK.last
    Bulletin.objects.filter(pk=latest.pk).update(state="withdrawn")
    assert last_period_end(region, kind) == WEEK.last - week


def test_photos_offered_are_those_of_problems_closed_in_the_period_here(office):
    first, last = closed(office, 1, closed_at=FIRST), closed(office, 2, closed_at=END - SECOND)
    for number, moment in ((3, FIRST - SECOND), (4, END)):
        closed(office, number, closed_at=moment)
    closed(office, 5, state="gone")
    given_photos(make_problem(office.unit, state="closed", closed_at=NOON), roles=("after",), seed=60)
    given_photos(make_problem(office.unit, state="closed", closed_at=NOON), roles=("before",), seed=70)
    no_picture = closed(office, 8)
    file = no_picture.photos.get(role="after").attachment.file
    type(file).objects.filter(pk=file.pk).update(media_type="application/pdf")
    closed(Office(), 9)
    paper = office.draft()
    assert set(pictured_rows(paper)) == {first, last}
    Problem.objects.filter(pk=last.pk).update(source="superior")
    assert list(pictured_rows(office.draft(kind=PaperKind.SUPERIOR))) == [last]
    assert [one.problem for one in pictured(paper, [last.pk, no_picture.pk])] == [last]
    assert as_pictured(with_photos(Problem.objects.filter(pk=no_picture.pk))) == []


def test_photos_are_narrowed_by_words_and_unit(office):
    place = make_place(office.unit, name="南门市场")
    first = make_problem(office.unit, title="占道经营", number="2025-11", place=place)
    second = make_problem(office.other, title="小广告", number="2025-72")
    rows = Problem.objects.filter(pk__in=[first.pk, second.pk])

    def found(words, unit=""):
        return set(narrowed_pictured(rows, words, unit))

    assert (found("占道"), found("南门"), found("2025-7"), found("-72")) == ({first}, {first}, {second}, set())
    assert found("", str(office.other.pk)) == {second}
    assert found("占道", str(office.other.pk)) == set()
    for unit in ("", "x", "二", "９", "9" * 18):
        assert found("", unit) == {first, second}
    assert found("", "9" * 17) == set()


def test_pair_is_the_first_photo_before_and_the_last_after_in_the_order_chosen(office):
    one, two = closed(office, 1), closed(office, 2)
    given_photos(one, seed=90)
    lone = given_photos(make_problem(office.unit), roles=("after",), seed=60)
    photos = list(one.photos.order_by("pk"))
    (found,) = as_pictured(with_photos(Problem.objects.filter(pk__in=[one.pk, lone.pk])))
    assert (found.problem, found.before, found.after) == (one, photos[0], photos[3])
    paper, beside = office.draft(), office.draft()
    choose_photos(paper, [two.pk, one.pk], looked=True, revision=1, actor=office.office)
    choose_photos(beside, [one.pk], looked=True, revision=1, actor=office.office)
    assert [pair.problem for pair in pairs_of(paper)] == [two, one]
    PhotoPair.objects.filter(bulletin=paper, problem=two).update(position=9)
    assert [pair.problem for pair in pairs_of(paper)] == [one, two]
    late = datetime(2026, 11, 18, 17, tzinfo=UTC)
    photo = photos[0]
    photo.taken_at = late
    assert day_of(photo) == date(2026, 11, 19)  # after midnight in the city
    photo.taken_at = None
    photo.attachment.created_at = late + timedelta(days=1)
    assert day_of(photo) == date(2026, 11, 20)
