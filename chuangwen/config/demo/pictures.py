"""Draws the demo's photos: plain scenes, so that no real place or person is shown.

Each picture differs in its details, since the program points out pictures that are used twice.
"""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

SIZE = (480, 360)
SKIES = ((221, 230, 236), (214, 226, 235), (229, 233, 236), (205, 219, 230))
WALLS = ((231, 216, 190), (222, 208, 196), (214, 219, 222), (236, 224, 205), (206, 196, 186))
ROOFS = ((168, 84, 62), (122, 110, 100), (96, 112, 128), (148, 98, 74))
GROUND = (202, 200, 194)
ROAD = (158, 160, 163)
CLUTTER = ((120, 140, 70), (170, 110, 60), (90, 120, 150), (180, 70, 60), (210, 190, 120), (70, 80, 90))


def scene(key: str, *, messy: bool, take: int = 0) -> bytes:
    """A JPEG of the scene called `key`, with the problem or put right; the same key, the same
    view. Another `take` is another picture of it."""
    rng = random.Random(key)  # noqa: S311 (a drawing, not a secret)
    picture = Image.new("RGB", SIZE, rng.choice(SKIES))
    draw = ImageDraw.Draw(picture)
    horizon = rng.randint(190, 240)
    draw.rectangle((0, horizon, *SIZE), fill=GROUND)
    draw.rectangle((0, rng.randint(310, 335), *SIZE), fill=ROAD)
    _buildings(draw, rng, horizon)
    details = random.Random(f"{key}-{messy}-{take}")  # noqa: S311
    if messy:
        _clutter(draw, details)
    else:
        _order(draw, details)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=72)
    return buffer.getvalue()


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


def _clutter(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    for _number in range(rng.randint(8, 16)):
        x, y, size = rng.randint(10, 440), rng.randint(245, 330), rng.randint(8, 34)
        colour = rng.choice(CLUTTER)
        if rng.random() < 0.5:
            draw.ellipse((x, y, x + size, y + size * 0.6), fill=colour)
        else:
            draw.polygon([(x, y + size), (x + size // 2, y), (x + size, y + size * 0.8)], fill=colour)


def _order(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    for x in range(rng.randint(20, 60), 470, rng.randint(70, 110)):
        draw.rectangle((x, 275, x + 8, 312), fill=(232, 190, 60))
        draw.rectangle((x, 288, x + 8, 296), fill=(50, 52, 56))
    x = rng.randint(60, 380)
    draw.rectangle((x, 250, x + 34, 290), fill=(62, 104, 84))
    draw.ellipse((x - 10, 218, x + 44, 258), fill=(104, 146, 84))
