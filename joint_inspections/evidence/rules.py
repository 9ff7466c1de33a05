"""What may be kept as evidence, and how it is recognised (security sheet, T23, T33, T34)."""

import re

from supervision.labels import N_, Labeled

DIGEST = re.compile(r"[0-9a-f]{64}")
# how somebody without an account is named where pieces of files are gathered
STRANGER = re.compile(r"[a-z]+[0-9]+")
PIECE = 1 << 20
MEGABYTE = 1 << 20
# names under which phones and browsers declare the same thing
ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/mp3": "audio/mpeg",
    "audio/x-aac": "audio/aac",
    "video/webm": "audio/webm",
}
# kept type -> ending of the name under which it is handed out
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/webm": "webm",
}
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
# what begins a file of each kind: (where, what) pairs that must all fit
MAGIC: tuple[tuple[str, tuple[tuple[int, bytes], ...]], ...] = (
    ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    ("image/png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    ("image/webp", ((0, b"RIFF"), (8, b"WEBP"))),
    ("application/pdf", ((0, b"%PDF-"),)),
    ("audio/wav", ((0, b"RIFF"), (8, b"WAVE"))),
    ("audio/ogg", ((0, b"OggS"),)),
    ("audio/amr", ((0, b"#!AMR"),)),
    ("audio/webm", ((0, b"\x1a\x45\xdf\xa3"),)),
    ("audio/mpeg", ((0, b"ID3"),)),
)
SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"iso5", b"iso6", b"dash"})
HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
HEIC = "image/heic"
# bytes of a file that recognise() needs
HEAD = 16


class Purpose(Labeled):
    """What a file is for, as somebody declared it."""

    PHOTO = "photo", N_("Photo"), "info"
    DOCUMENT = "document", N_("Document"), "info"
    SOUND = "sound", N_("Sound recording"), "info"


class Verdict(Labeled):
    """What a laboratory found (检验结论)."""

    PASSED = "passed", N_("Meets the standard"), "success"
    FAILED = "failed", N_("Does not meet the standard"), "danger"
    UNDECIDED = "undecided", N_("No conclusion"), "neutral"


def plain_type(declared: str) -> str:
    """Return the declared media type without parameters, under one name for each kind."""
    bare = declared.partition(";")[0].strip().lower()
    return ALIASES.get(bare, bare)


def recognise(head: bytes) -> str:
    """Return the media type that the first bytes speak for, "" when they fit none that is kept."""
    for media_type, marks in MAGIC:
        if all(head[place : place + len(mark)] == mark for place, mark in marks):
            return media_type
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return HEIC if brand in HEIC_BRANDS else "audio/mp4" if brand in SOUND_BRANDS else ""
    return _headless_sound(head)


def _headless_sound(head: bytes) -> str:
    """Recognise MPEG sound that begins with a frame: eleven bits set, then version and layer."""
    if len(head) < 2 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return ""
    layer = head[1] & 0x06
    if layer == 0:
        return "audio/aac" if head[1] & 0xF0 == 0xF0 else ""
    return "audio/mpeg" if layer == 0x02 else ""


def fits_purpose(purpose: Purpose, media_type: str) -> bool:
    """Say whether a file of this type can be what it is said to be."""
    if purpose is Purpose.PHOTO:
        return media_type in IMAGES
    if purpose is Purpose.SOUND:
        return media_type.startswith("audio/")
    return media_type in IMAGES or media_type == "application/pdf"


def purpose_of(media_type: str) -> Purpose:
    """Return what a file of this type most likely is, where nobody said."""
    if media_type in IMAGES:
        return Purpose.PHOTO
    return Purpose.SOUND if media_type.startswith("audio/") else Purpose.DOCUMENT


def distance(one: str, other: str) -> int:
    """Count in how many of their 64 bits two likenesses differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
