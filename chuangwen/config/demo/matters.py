"""What the demo's photos are of: each kind of matter drawn wrong and put right.

A function takes the drawing, the chance of the view (the same before and after), the chance of this
picture, and whether it is wrong.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL.ImageDraw import ImageDraw

Matter = Callable[[ImageDraw, random.Random, random.Random, bool], None]
BRIGHT = ((120, 140, 70), (170, 110, 60), (90, 120, 150), (180, 70, 60), (210, 190, 120), (70, 80, 90))
CARS = ((178, 62, 58), (72, 96, 132), (226, 226, 222), (64, 66, 70), (150, 154, 158))
INK, PAPER, RED, STEEL, BOX = (70, 74, 78), (244, 242, 234), (178, 52, 44), (150, 156, 160), (176, 140, 96)


def scattered(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """Litter on the ground; put right: swept, with a bin."""
    left = view.randint(60, 360)
    if messy:
        for _piece in range(now.randint(14, 26)):
            x, y, size = now.randint(left - 60, left + 140), now.randint(250, 330), now.randint(4, 14)
            if now.random() < 0.5:
                draw.ellipse((x, y, x + size, y + size * 0.6), fill=now.choice(BRIGHT))
            else:
                draw.polygon([(x, y + size), (x + size // 2, y), (x + size, y + size * 0.8)], fill=now.choice(BRIGHT))
        return
    _bin(draw, left + now.randint(-8, 8), 262, (62, 104, 84))


def heaped(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """Bins that run over, bags and heaps beside them; put right: the bins closed and in line."""
    left = view.randint(70, 280)
    if messy:
        for _bag in range(now.randint(6, 11)):
            x, y, size = now.randint(left - 50, left + 150), now.randint(256, 306), now.randint(22, 44)
            draw.ellipse((x, y, x + size, y + size * 0.8), fill=now.choice(((54, 56, 60), (86, 84, 78), *BRIGHT)))
    for number, colour in enumerate(((62, 104, 84), (72, 96, 132), (120, 84, 62))):
        _bin(draw, left + 44 * number, 258 + (now.randint(-6, 6) if messy else 0), colour, is_open=messy)


def wet(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """A puddle round a gully; put right: dry, the gully open."""
    left = view.randint(90, 300)
    if messy:
        for _pool in range(now.randint(2, 4)):
            x, y, width = left + now.randint(-60, 60), now.randint(262, 304), now.randint(90, 190)
            draw.ellipse((x, y, x + width, y + width // 4), fill=now.choice(((120, 138, 146), (104, 118, 118))))
            draw.line((x + 20, y + 12, x + width // 2, y + 12), fill=(186, 200, 206), width=2)
    draw.rectangle((left + 40, 292, left + 96, 308), fill=INK)
    for x in range(left + 44, left + 94, 8):
        draw.line((x, 293, x, 307), fill=STEEL, width=2)


def vehicles(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """Cars and bicycles where people walk; put right: the way free between posts."""
    start = view.randint(10, 70)
    if messy:
        for number in range(now.randint(2, 4)):
            x, colour = start + number * now.randint(96, 112), now.choice(CARS)
            draw.rectangle((x, 268, x + 88, 296), fill=colour)
            draw.polygon([(x + 14, 268), (x + 28, 248), (x + 64, 248), (x + 78, 268)], fill=colour)
            draw.rectangle((x + 32, 252, x + 60, 266), fill=(176, 198, 208))
            for wheel in (x + 10, x + 60):
                draw.ellipse((wheel, 286, wheel + 18, 304), fill=(40, 42, 44))
        return
    for x in range(start, 470, 62 + now.randint(0, 6)):
        draw.rectangle((x, 272, x + 8, 308), fill=(232, 190, 60))
        draw.rectangle((x, 284, x + 8, 292), fill=INK)


def stalls(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """Stalls before the shops; put right: a painted line and nothing beyond it."""
    start = view.randint(20, 110)
    if not messy:
        draw.rectangle((0, 270 + now.randint(-2, 2), 480, 275), fill=(232, 190, 60))
        _bin(draw, start + 260, 262, (62, 104, 84))
        return
    for number in range(now.randint(2, 3)):
        x = start + number * now.randint(110, 130)
        draw.polygon([(x - 14, 218), (x + 42, 190), (x + 98, 218)], fill=now.choice(BRIGHT))
        draw.line((x + 42, 200, x + 42, 262), fill=INK, width=3)
        draw.rectangle((x, 262, x + 84, 292), fill=BOX)
        for fruit in range(x + 4, x + 78, 13):
            draw.ellipse((fruit, 252, fruit + 12, 264), fill=now.choice(BRIGHT))


def sheets(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """Bills and scrawl on the wall; put right: the wall painted over."""
    left = view.randint(60, 240)
    draw.rectangle((left - 20, 120, left + 190, 246), fill=(214, 206, 192))
    if not messy:
        draw.rectangle((left + now.randint(-14, 0), 126, left + 184, 240), fill=(220, 212, 198))
        return
    for _sheet in range(now.randint(7, 12)):
        x, y, tilt = now.randint(left - 10, left + 150), now.randint(126, 214), now.randint(-6, 6)
        corners = [(x, y + tilt), (x + 30, y), (x + 30, y + 24), (x, y + 24 + tilt)]
        draw.polygon(corners, fill=now.choice((PAPER, (236, 210, 120), (220, 170, 160))))
        draw.line((x + 5, y + 9, x + 25, y + 9), fill=INK, width=2)


def boards(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """A notice board faded, torn or empty; put right: sheets in line below a heading."""
    left = view.randint(90, 200)
    draw.rectangle((left, 108, left + 200, 244), fill=(126, 130, 132) if messy else (92, 112, 124))
    draw.rectangle((left + 8, 116, left + 192, 136), fill=(196, 160, 150) if messy else RED)
    for number in range(3):
        x, tilt = left + 14 + 60 * number, now.randint(-9, 9) if messy else 0
        if messy and now.random() < 0.4:
            continue
        colour = (214, 210, 192) if messy else PAPER
        draw.polygon([(x, 146 + tilt), (x + 50, 146 - tilt), (x + 50, 232), (x, 232 + tilt)], fill=colour)
        for y in range(156, 226, 9 + now.randint(0, 2)):
            draw.line((x + 7, y, x + now.randint(30, 43), y), fill=(176, 172, 160) if messy else INK, width=2)


def wires(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """Wires that hang down, a lamp that is out; put right: straight lines and light."""
    poles = (view.randint(20, 80), view.randint(220, 270), view.randint(400, 450))
    for x in poles:
        draw.rectangle((x, 50, x + 8, 300), fill=(128, 124, 118))
        draw.ellipse((x - 12, 44, x + 20, 66), fill=(110, 112, 112) if messy else (252, 226, 128))
    for first, second in ((poles[0], poles[1]), (poles[1], poles[2])):
        for number in range(5):
            sag = now.randint(60, 170) if messy else 6
            y, middle = 80 + 7 * number, (first + second) // 2
            points = [(first + 4, y), (middle - 30, y + sag - 6), (middle + 20, y + sag), (second + 4, y)]
            draw.line(points, fill=(44, 46, 50), width=2)


def boxes(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """A way or a door blocked by boxes; put right: free, with a line on the floor."""
    left = view.randint(130, 260)
    draw.rectangle((left, 120, left + 96, 262), fill=(86, 118, 104), outline=INK, width=3)
    draw.rectangle((left + 26, 96, left + 70, 114), fill=(66, 148, 98))
    if messy:
        for _box in range(now.randint(6, 9)):
            x, y, size = now.randint(left - 46, left + 96), now.randint(210, 272), now.randint(28, 46)
            draw.rectangle((x, y, x + size, y + size * 0.8), fill=BOX, outline=(128, 98, 62))
        return
    for x in range(left - 10, left + 110, 24 + now.randint(0, 3)):
        draw.polygon([(x, 300), (x + 12, 300), (x + 4, 272), (x - 6, 272)], fill=(232, 190, 60))


def surface(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """Slabs broken or missing; put right: laid even, the tactile strip through."""
    top = view.randint(252, 268)
    for x in range(view.randint(-30, 0), 480, 40):
        for y in (top, top + 22):
            gone = messy and now.random() < 0.3
            draw.rectangle((x, y, x + 38, y + 20), fill=(128, 116, 100) if gone else (188, 186, 180))
            if messy and now.random() < 0.3:
                draw.line((x + 4, y + 3, x + now.randint(16, 34), y + 18), fill=(96, 92, 86), width=2)
    for x in range(0, 480, 20):
        if not messy or now.random() < 0.55:
            draw.rectangle((x, top + 46, x + 18, top + 58), fill=(222, 186, 72))


def counters(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """A counter or post with nobody at it; put right: somebody there, without a face."""
    left = view.randint(80, 210)
    if not messy:
        x = left + 70 + now.randint(-14, 30)
        draw.ellipse((x, 176, x + 26, 204), fill=(206, 178, 152))
        draw.rectangle((x - 12, 204, x + 38, 250), fill=(70, 92, 122))
        draw.rectangle((x + 6, 214, x + 22, 220), fill=RED)
    draw.rectangle((left, 236, left + 200, 296), fill=(142, 108, 78))
    draw.rectangle((left, 230, left + 200, 238), fill=(196, 176, 148))
    draw.rectangle((left + 20, 212, left + 64, 231), fill=(230, 230, 224) if messy else RED)
    if messy:
        for _thing in range(now.randint(3, 6)):
            x = now.randint(left + 70, left + 180)
            draw.rectangle((x, 220, x + now.randint(8, 18), 231), fill=now.choice(BRIGHT))


def red_gear(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """Extinguishers toppled and hidden; put right: two of them in their place, with their card."""
    left = view.randint(140, 260)
    draw.rectangle((left, 150, left + 80, 196), fill=RED if not messy else (150, 78, 70))
    for number in range(2):
        x = left + 8 + 36 * number + (now.randint(-30, 30) if messy else 0)
        if messy and number:
            draw.rectangle((x - 20, 282, x + 36, 300), fill=(160, 58, 50))
            continue
        draw.rectangle((x, 238, x + 20, 292), fill=RED)
        draw.rectangle((x + 4, 228, x + 16, 238), fill=INK)
        if not messy:
            draw.rectangle((x + 4, 254, x + 16, 270), fill=PAPER)
    if messy:
        for _box in range(now.randint(2, 4)):
            x = now.randint(left - 40, left + 70)
            draw.rectangle((x, 234, x + 40, 286), fill=BOX, outline=(128, 98, 62))


def shelves(draw: ImageDraw, view: random.Random, now: random.Random, messy: bool) -> None:
    """Goods or dishes uncovered and out of order; put right: in rows below a cover, with labels."""
    left = view.randint(80, 180)
    for y in (168, 216, 264):
        draw.rectangle((left, y, left + 220, y + 7), fill=(142, 108, 78))
        x = left + 4
        while x < left + 200:
            height = now.randint(10, 36) if messy else 24
            draw.rectangle((x, y - height, x + 16, y - 1), fill=now.choice(BRIGHT))
            x += now.randint(18, 40) if messy else 22
        if not messy:
            draw.rectangle((left, y - 32, left + 220, y - 28), fill=(206, 224, 230))
            for tag in range(left + 6, left + 210, 44):
                draw.rectangle((tag, y + 1, tag + 18, y + 6), fill=PAPER)


def _bin(draw: ImageDraw, x: int, y: int, colour: tuple[int, int, int], *, is_open: bool = False) -> None:
    draw.rectangle((x, y, x + 34, y + 44), fill=colour)
    if is_open:
        draw.polygon([(x, y), (x + 34, y), (x + 42, y - 22), (x + 10, y - 22)], fill=INK)
    else:
        draw.rectangle((x - 3, y - 6, x + 37, y), fill=INK)


_BY_KIND: tuple[tuple[Matter, str], ...] = (
    (scattered, "litter green-litter dogs smoking replant"),
    (heaped, "exposed-rubbish waste-sorting rubble dust illegal-building"),
    (wet, "standing-water drains toilet"),
    (vehicles, "parking traffic charging"),
    (stalls, "street-trade"),
    (sheets, "posters facade"),
    (boards, "advert public-notice rules records certificates"),
    (wires, "loose-wires lamp"),
    (boxes, "fire-lane stairwell access"),
    (surface, "paving tactile facilities"),
    (counters, "service queue volunteer-post"),
    (red_gear, "fire-gear"),
    (shelves, "food-hygiene pricing minors lodging"),
)
MATTERS: dict[str, Matter] = {kind: draw for draw, kinds in _BY_KIND for kind in kinds.split()}
