"""Demonstration: small drawn pictures in the place of photos and signatures; the same number gives the same bytes."""

import io
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

PHOTO_SIZE, QUALITY = (1024, 768), 78
SIGNATURE_SIZE = (640, 240)
# fill of what is drawn, dark to light
STEEL, WOOD, LEAF, RED, PAPER = (96, 112, 122), (150, 108, 70), (78, 128, 74), (186, 40, 36), (246, 244, 236)


def photo(motif: str, number: int) -> bytes:
    """Return a JPEG of a kitchen shelf, a cold room's display, a licence on the wall or a fire extinguisher."""
    source = random.Random(f"photo/{motif}/{number}")  # noqa: S311 - invented data
    picture = _room(source)
    MOTIFS[motif](ImageDraw.Draw(picture), source)
    stored = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.8)).save(stored, "JPEG", quality=QUALITY)
    return stored.getvalue()


def signature(number: int) -> bytes:
    """Return a PNG of a drawn signature."""
    source = random.Random(f"signature/{number}")  # noqa: S311 - invented data
    picture = Image.new("L", SIGNATURE_SIZE, 255)
    pen, (x, y) = ImageDraw.Draw(picture), (60, 130)
    for _stroke in range(source.randrange(5, 8)):
        points = [(x, y)]
        for _step in range(source.randrange(4, 9)):
            points.append((points[-1][0] + source.randrange(-6, 24), 120 + source.randrange(-70, 70)))
        pen.line(points, fill=20, width=5, joint="curve")
        x, y = points[-1][0] + source.randrange(4, 30), 120 + source.randrange(-50, 50)
        if x > SIGNATURE_SIZE[0] - 120:
            break
    stored = io.BytesIO()
    picture.filter(ImageFilter.SMOOTH).save(stored, "PNG")
    return stored.getvalue()


def _room(source: random.Random) -> Image.Image:
    """A tiled wall over a floor, in the light of the hour."""
    light = source.randrange(190, 235)
    picture = Image.new("RGB", PHOTO_SIZE, (light, light, light - source.randrange(4, 26)))
    pen, (width, height), size = ImageDraw.Draw(picture), PHOTO_SIZE, source.randrange(64, 110)
    for place in range(0, width, size):
        pen.line((place, 0, place, height), fill=(light - 26,) * 3, width=2)
    for place in range(0, height, size):
        pen.line((0, place, width, place), fill=(light - 26,) * 3, width=2)
    pen.rectangle((0, height - 130, width, height), fill=(light - 84, light - 88, light - 96))
    return picture


def _shelf(pen: ImageDraw.ImageDraw, source: random.Random) -> None:
    """Boxes and vegetables on steel shelves, some on the floor."""
    for row in range(3):
        top = 150 + row * 180
        pen.rectangle((110, top, 914, top + 16), fill=STEEL)
        place = 130
        while place < 820:
            wide, high = source.randrange(50, 130), source.randrange(50, 130)
            pen.rectangle((place, top - high, place + wide, top), fill=source.choice((WOOD, LEAF, PAPER, RED)))
            place += wide + source.randrange(6, 50)


def _display(pen: ImageDraw.ImageDraw, source: random.Random) -> None:
    """The door of a cold room with its thermometer."""
    pen.rectangle((240, 60, 790, 700), fill=(206, 212, 216), outline=STEEL, width=8)
    pen.rectangle((700, 330, 730, 470), fill=STEEL)
    pen.rectangle((380, 130, 650, 250), fill=(24, 30, 32))
    pen.text((408, 146), f"{source.randrange(-190, 60) / 10:+.1f} C", fill=(255, 92, 64), font_size=72)


def _licence(pen: ImageDraw.ImageDraw, source: random.Random) -> None:
    """A framed licence: seal, code and lines."""
    pen.rectangle((200, 110, 830, 590), fill=PAPER, outline=(172, 132, 52), width=18)
    for row in range(7):
        pen.rectangle((260, 210 + row * 44, 260 + source.randrange(220, 480), 222 + row * 44), fill=(120, 120, 120))
    pen.ellipse((640, 430, 760, 550), outline=RED, width=8)
    for row in range(8):
        for column in range(8):
            if source.random() < 0.5:
                pen.rectangle((700 + column * 9, 160 + row * 9, 708 + column * 9, 168 + row * 9), fill=(30, 30, 30))


def _extinguisher(pen: ImageDraw.ImageDraw, source: random.Random) -> None:
    """Extinguishers beside an exit, one with its pressure in the red."""
    pen.rectangle((620, 90, 900, 640), fill=(214, 208, 190), outline=STEEL, width=8)
    pen.rectangle((640, 30, 880, 80), fill=(30, 140, 80))
    for number in range(source.randrange(1, 4)):
        left = 150 + number * 140
        pen.rounded_rectangle((left, 340, left + 96, 650), radius=40, fill=RED)
        pen.rectangle((left + 34, 290, left + 62, 345), fill=(40, 40, 40))
        needle = source.randrange(-18, 18)
        pen.ellipse((left + 60, 280, left + 100, 320), fill=PAPER, outline=(40, 40, 40), width=3)
        pen.line((left + 80, 300, left + 80 + needle, 286), fill=RED, width=4)


MOTIFS: dict[str, Callable[[ImageDraw.ImageDraw, random.Random], None]] = {
    "shelf": _shelf, "display": _display, "licence": _licence, "extinguisher": _extinguisher,
}  # fmt: skip
