"""Draws the demo's photos: plain scenes, so that no real place or person is shown.

A view has a backdrop that fits the type of place and something in it that fits the type of problem,
wrong or put right. Each differs in its details, since the program points out pictures used twice.
"""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

from chuangwen.config.demo.matters import MATTERS, scattered

SIZE = (480, 360)
SHAKE = 24  # nobody stands twice at the same spot
SKIES = ((221, 230, 236), (214, 226, 235), (229, 233, 236), (205, 219, 230))
WALLS = ((231, 216, 190), (222, 208, 196), (214, 219, 222), (236, 224, 205), (206, 196, 186))
ROOFS = ((168, 84, 62), (122, 110, 100), (96, 112, 128), (148, 98, 74))
GROUND, ROAD, TILES, LAWN, EARTH = (202, 200, 194), (158, 160, 163), (216, 214, 208), (150, 174, 122), (190, 172, 142)
INDOORS = frozenset({
    "community", "supermarket", "hospital", "service-hall", "service-counter", "hotel", "library-culture",
    "practice-station", "public-toilet", "small-restaurant", "entertainment", "internet-cafe", "walk-in-hall",
    "bus-line",
})  # fmt: skip
OUTDOORS = frozenset({
    "parking", "traffic", "charging", "street-trade", "loose-wires", "lamp", "paving", "tactile", "rubble", "dust",
    "drains",
})  # fmt: skip
GREEN, BARE = frozenset({"park"}), frozenset({"building-site", "urban-fringe"})


def scene(key: str, *, messy: bool, take: int = 0, place_type: str = "", problem_type: str = "") -> bytes:
    """A JPEG of the scene called `key`, with the problem or put right; the same key, the same
    view. Another `take` is another picture of it."""
    rng = random.Random(key)  # noqa: S311 (a drawing, not a secret)
    picture = Image.new("RGB", SIZE, rng.choice(SKIES))
    draw = ImageDraw.Draw(picture)
    horizon = rng.randint(190, 240)
    if place_type in INDOORS and problem_type not in OUTDOORS:
        _room(draw, rng, horizon)
    else:
        _street(draw, rng, horizon, place_type)
    details = random.Random(f"{key}-{messy}-{take}")  # noqa: S311
    MATTERS.get(problem_type, scattered)(draw, rng, details, messy)
    x, y = details.randint(0, SHAKE), details.randint(0, SHAKE * 3 // 4)
    picture = picture.crop((x, y, x + SIZE[0] - SHAKE, y + SIZE[1] - SHAKE * 3 // 4))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=72)
    return buffer.getvalue()


def _street(draw: ImageDraw.ImageDraw, rng: random.Random, horizon: int, place_type: str) -> None:
    _buildings(draw, rng, horizon)
    ground = LAWN if place_type in GREEN else EARTH if place_type in BARE else GROUND
    draw.rectangle((0, horizon, *SIZE), fill=ground)
    draw.rectangle((0, rng.randint(310, 335), *SIZE), fill=ROAD)
    for _tree in range(rng.randint(0, 3)):
        x, top = rng.randint(10, 460), horizon - rng.randint(60, 100)
        draw.rectangle((x, top + 40, x + 7, horizon + 14), fill=(112, 88, 66))
        draw.ellipse((x - 30, top, x + 37, top + 62), fill=rng.choice(((104, 146, 84), (122, 156, 92), (92, 132, 88))))


def _buildings(draw: ImageDraw.ImageDraw, rng: random.Random, horizon: int) -> None:
    left = rng.randint(-40, 10)
    while left < SIZE[0]:
        width, height = rng.randint(90, 200), rng.randint(70, 170)
        top = horizon - height
        draw.rectangle((left, top, left + width, horizon), fill=rng.choice(WALLS))
        draw.rectangle((left - 4, top - 8, left + width + 4, top), fill=rng.choice(ROOFS))
        for x in range(left + 14, left + width - 20, 36):
            for y in range(top + 16, horizon - 36, 40):
                draw.rectangle((x, y, x + 18, y + 22), fill=(140, 166, 184))
        left += width + rng.randint(0, 26)


def _room(draw: ImageDraw.ImageDraw, rng: random.Random, horizon: int) -> None:
    """A wall with windows, doors and pictures in a row of chance, and a tiled floor."""
    draw.rectangle((0, 0, SIZE[0], horizon), fill=rng.choice(WALLS))
    draw.rectangle((0, rng.randint(110, 150), SIZE[0], horizon), fill=rng.choice(((224, 222, 214), (210, 218, 214))))
    left = rng.randint(-20, 30)
    while left < SIZE[0]:
        width = rng.randint(40, 110)
        top, bottom = rng.choice(((horizon - 150, horizon), (40, 110), (60, 130)))
        fill = (128, 102, 80) if bottom == horizon else rng.choice(((168, 192, 206), (236, 236, 230), (150, 170, 160)))
        draw.rectangle((left, top, left + width, bottom), fill=fill, outline=(110, 106, 98))
        left += width + rng.randint(24, 80)
    draw.rectangle((0, horizon, *SIZE), fill=TILES)
    for x in range(rng.randint(-30, 0), 520, 48):
        draw.line((x, horizon, x + (x - 240) // 2, SIZE[1]), fill=(198, 196, 190))
    for y in (horizon + 24, horizon + 62):
        draw.line((0, y, SIZE[0], y), fill=(198, 196, 190))
