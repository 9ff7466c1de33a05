"""Real files: photos with a place in them, papers, drawn signatures, and files that are not what they say."""

import hashlib
import io
import random
import struct
import zlib

from PIL import Image, ImageDraw
from reportlab.pdfgen import canvas
from sqlalchemy.orm import Session

from joint_inspections.evidence.services import add_piece, begin_file
from supervision.permissions import Actor

PLACE = (31.2304, 121.4737)


def photo(number: int = 0, *, size: tuple[int, int] = (800, 600), turned: int = 1, kind: str = "JPEG") -> bytes:
    """A photo of coloured boxes with EXIF: when, where, which camera. Another number is another picture."""
    source = random.Random(number)  # noqa: S311 - a picture, not a secret
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = source.randrange(size[0]), source.randrange(size[1])
        corners = (x, y, x + source.randrange(40, size[0] // 2), y + source.randrange(40, size[1] // 2))
        pen.rectangle(corners, fill=tuple(source.randrange(256) for _ in range(3)))
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "Canary Camera"
    exif.get_ifd(0x8769)[0x9003] = "2026:03:04 09:30:00"
    exif.get_ifd(0x8769)[0x9011] = "+08:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (31.0, 13.0, 49.44), "E", (121.0, 28.0, 25.32)
    stream = io.BytesIO()
    image.save(stream, kind, exif=exif, quality=90)
    return stream.getvalue()


def again(data: bytes, *, width: int) -> bytes:
    """The same picture scaled and saved anew, as a messenger does."""
    with Image.open(io.BytesIO(data)) as opened:
        small = opened.convert("RGB").resize((width, width * opened.height // opened.width))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=60)
    return stream.getvalue()


def drawing(number: int = 0) -> bytes:
    """A drawn signature as PNG; another number is another hand."""
    source = random.Random(number)  # noqa: S311 - a picture, not a secret
    image = Image.new("RGBA", (600, 200), (255, 255, 255, 0))
    points = [(source.randrange(20, 580), source.randrange(20, 180)) for _ in range(12)]
    ImageDraw.Draw(image).line(points, fill=(0, 0, 80, 255), width=6)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def empty_drawing() -> bytes:
    """A field in which nobody signed."""
    stream = io.BytesIO()
    Image.new("RGB", (600, 200), "white").save(stream, "PNG")
    return stream.getvalue()


def paper(text: str = "signed") -> bytes:
    """A PDF."""
    stream = io.BytesIO()
    page = canvas.Canvas(stream, invariant=1)
    page.drawString(72, 720, text)
    page.save()
    return stream.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that would fill the memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" * (width + 1)) for _ in range(min(height, 2000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def digest(data: bytes) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()


def send(session: Session, data: bytes, media_type: str, actor: Actor, *, piece: int = 1 << 20) -> str:
    """Send a file in pieces; return its digest."""
    sha256 = digest(data)
    file = begin_file(session, sha256=sha256, size=len(data), media_type=media_type, actor=actor)
    for start in range(0, len(data), piece):
        add_piece(session, file, start, data[start : start + piece], actor=actor)
    return sha256
