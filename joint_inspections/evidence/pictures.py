"""Looking into pictures: what the camera claims, a copy without that, a fingerprint of how it looks.

Each format is opened by its own decoder alone, after its size is known and small enough (security sheet, F9).
"""

import io
import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # EXIF values

import numpy as np
from PIL import Image

from supervision.errors import Invalid

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
VIEW, THUMB = 1600, 320
QUALITY = 82
# formats that cannot be decoded at a smaller scale need more memory for the same picture
WHOLE_SHARE = 3
# a picture whose grey hardly varies looks like every other such picture
PLAIN = 24
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ORIENTATION, EXIF_PART, GPS_PART, TAKEN, TAKEN_OFFSET = 0x0112, 0x8769, 0x8825, 0x9003, 0x9011
CAMERA_TIME = re.compile(r"\d{4}:\d{2}:\d{2} \d{2}:\d{2}:\d{2}")
OFFSET = re.compile(r"[+-]\d{2}:\d{2}")
UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, MemoryError, LookupError, TypeError,
    OverflowError, ArithmeticError, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """What was found in an image, and the copies to look at."""

    width: int
    height: int
    likeness: str
    camera_time: str
    camera_place: dict[str, float] | None
    view: bytes
    thumb: bytes


def read_picture(path: Path, media_type: str, *, megapixels: int) -> Picture:
    """Read an image, or refuse it when it is too large, broken or not what it says."""
    try:
        # one file of many pixels is refused below by our own limit; the library's warning adds nothing
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(path, formats=[FORMATS[media_type]])
        with opened:
            _refuse_large(opened, megapixels=megapixels)
            return _read(opened)
    except Image.DecompressionBombError as error:
        raise _too_large(megapixels) from error
    except UNREADABLE as error:
        raise Invalid(
            "broken-picture", "This picture cannot be read. Take or save it again and send it anew.", received=0
        ) from error


def _refuse_large(opened: Image.Image, *, megapixels: int) -> None:
    limit = megapixels * 1_000_000 // (1 if opened.format in {"JPEG", "MPO"} else WHOLE_SHARE)
    if opened.width * opened.height > limit:
        raise _too_large(limit // 1_000_000)


def _too_large(megapixels: int) -> Invalid:
    return Invalid(
        "too-many-pixels", "Pictures of this kind may have at most %(most)s million pixels. Send a smaller one.",
        most=megapixels, received=0,
    )  # fmt: skip


def _read(opened: Image.Image) -> Picture:
    exif = opened.getexif()
    turn = TURNS.get(exif.get(ORIENTATION, 1))
    width, height = opened.size
    taken, place = camera_time(exif), camera_place(exif)
    opened.draft("RGB", (2 * VIEW, 2 * VIEW))
    flat = _on_white(opened)
    flat.thumbnail((VIEW, VIEW), Image.Resampling.LANCZOS)
    view = flat.transpose(turn) if turn is not None else flat
    thumb = view.copy()
    thumb.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    if turn in {TURNS[5], TURNS[6], TURNS[7], TURNS[8]}:
        width, height = height, width
    return Picture(width, height, likeness_of(view), taken, place, _jpeg(view), _jpeg(thumb))


def _on_white(opened: Image.Image) -> Image.Image:
    """Return the picture without transparency: drawn signatures have none of their own ground."""
    if opened.has_transparency_data:
        ground = Image.new("RGB", opened.size, "white")
        drawn = opened.convert("RGBA")
        ground.paste(drawn, mask=drawn.getchannel("A"))
        return ground
    return opened.convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    # made from the pixels alone: no EXIF, no place, no colour profile, no comment goes along
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    stream = io.BytesIO()
    bare.save(stream, "JPEG", quality=QUALITY, optimize=True)
    return stream.getvalue()


def likeness_of(image: Image.Image) -> str:
    """Return the difference hash of a picture: 64 bits that survive scaling and saving again; "" for plain pictures."""
    grey = np.asarray(image.convert("L").resize((9, 8), Image.Resampling.LANCZOS), dtype=np.int16)
    if int(grey.max()) - int(grey.min()) < PLAIN:
        return ""
    bits = (grey[:, 1:] > grey[:, :-1]).ravel()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def camera_time(exif: Image.Exif) -> str:
    """Return the moment the camera says it took the picture, as ISO text; a claim."""
    part = exif.get_ifd(EXIF_PART)
    taken, offset = str(part.get(TAKEN, "")).strip("\0 "), str(part.get(TAKEN_OFFSET, "")).strip("\0 ")
    if not CAMERA_TIME.fullmatch(taken):
        return ""
    day, _, time = taken.partition(" ")
    return f"{day.replace(':', '-')}T{time}{offset if OFFSET.fullmatch(offset) else ''}"


def camera_place(exif: Image.Exif) -> dict[str, float] | None:
    """Return the place the camera says it was at; a claim."""
    part: dict[int, Any] = exif.get_ifd(GPS_PART)
    try:
        latitude = _degrees(part[2]) * (-1 if part.get(1) == "S" else 1)
        longitude = _degrees(part[4]) * (-1 if part.get(3) == "W" else 1)
    except UNREADABLE:
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return {"latitude": round(latitude, 6), "longitude": round(longitude, 6)}


def _degrees(value: Any) -> float:
    degrees, minutes, seconds = (float(one) for one in value)
    return degrees + minutes / 60 + seconds / 3600


def is_blank(path: Path) -> bool:
    """Say whether a copy shows nothing at all, like a field in which nobody signed."""
    with Image.open(path, formats=["JPEG"]) as opened:
        low, high = opened.convert("L").getextrema()
    return int(high) - int(low) < PLAIN  # type: ignore[arg-type]  # one band: a pair of numbers
