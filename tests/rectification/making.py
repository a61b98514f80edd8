"""Makes what tests of problems need: a small city with an office, two lines, a street, and pictures."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.core.files.services import Upload
from chuangwen.organizations.enums import Branch, UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.rectification.enums import PhotoRole, Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import Finding, fix_problem, report_problem
from chuangwen.standards.models import PlaceType, ProblemType
from tests.support.factories import make_place, make_place_type, make_problem_type, make_root, make_unit, make_user

TUESDAY = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)  # Tuesday 17 November 2026, 10:00 in Shanghai
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # a week later, Tuesday 12:00 in Shanghai


@lru_cache(maxsize=64)
def photo_bytes(seed: int = 1, *, exif: bytes = b"", kind: str = "JPEG") -> bytes:
    """A small picture of coloured boxes; another seed is another picture to the eye."""
    draw_of = random.Random(seed)  # noqa: S311  (a picture, not a secret)
    picture = Image.new("RGB", (160, 120), (220, 228, 234))
    pen = ImageDraw.Draw(picture)
    for _number in range(14):
        left, top = draw_of.randrange(140), draw_of.randrange(100)
        colour = tuple(draw_of.randrange(20, 240) for _part in range(3))
        pen.rectangle((left, top, left + draw_of.randrange(10, 60), top + draw_of.randrange(10, 60)), fill=colour)
    target = io.BytesIO()
    picture.save(target, kind, exif=exif) if exif else picture.save(target, kind)
    return target.getvalue()


def photo(seed: int = 1) -> Upload:
    return Upload(f"{seed}.jpg", photo_bytes(seed))


@dataclass
class City:
    """A region with everybody a problem meets."""

    root: Unit
    line: Unit  # 城管局
    other_line: Unit  # 交警大队
    street: Unit
    place: Place
    place_type: PlaceType
    problem_type: ProblemType
    office: User
    liaison: User  # of the line
    street_liaison: User
    verifier: User

    @property
    def region(self) -> Any:
        return self.root.region

    def finding(self, **fields: Any) -> Finding:
        values = {
            "region": self.region, "problem_type": self.problem_type, "title": "南门外占道经营", "place": self.place,
            "source": Source.INSPECTION, "at": TUESDAY,
        }  # fmt: skip
        return Finding(**values | fields)

    def problem(self, **fields: Any) -> Problem:
        """Found on Tuesday at 10:00 at the place and assigned to the line (one working day)."""
        lead = fields.pop("lead", self.line)
        photos = fields.pop("photos", [photo(1)])
        problem, _new = report_problem(self.finding(**fields), actor=None, lead=lead, photos=photos)
        return problem

    def fixed(self, *, seed: int = 2, at: datetime = TUESDAY + timedelta(hours=4), **fields: Any) -> Problem:
        """Put right by the line's liaison, within the time limit unless told otherwise."""
        problem = self.problem(**fields)
        fix_problem(problem, measure="清运垃圾两车", actor=self.liaison, photos=[photo(seed)], at=at)
        return problem


def make_city(**type_fields: Any) -> City:
    """Nothing is routed yet: rules are the test's own."""
    root = make_root()
    line = make_unit(root, name="市城管局", short_name="城管局")
    other_line = make_unit(root, name="市交警大队")
    street = make_unit(root, name="东关街道", kind=UnitKind.STREET, branch=Branch.TERRITORY)
    place_type = make_place_type(root.region, name_zh="农贸市场")
    place = make_place(street, place_type=place_type, name="东关农贸市场", longitude=113.2, latitude=29.8)
    return City(
        root=root, line=line, other_line=other_line, street=street, place=place, place_type=place_type,
        problem_type=make_problem_type(root.region, name_zh="占道经营", **type_fields),
        office=make_user(Role.OFFICE, root), liaison=make_user(Role.LIAISON, line),
        street_liaison=make_user(Role.LIAISON, street), verifier=make_user(Role.VERIFIER, root),
    )  # fmt: skip


def shows(problem: Problem, role: PhotoRole) -> int:
    return problem.photos.filter(role=role).count()
