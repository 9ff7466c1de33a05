"""Rebuild `sRGB.icc`, the colour profile that printed documents name as their output intent.

    python reports/documents/profiles/build_profile.py

Little CMS (MIT licence), which Pillow brings along, computes the profile from the definition of sRGB (IEC 61966-2-1);
the profile itself says "No copyright, use freely". Its date is fixed: the same file each time.
"""

from pathlib import Path

from PIL import ImageCms

DATE_AT, DATE = 24, (2026, 1, 1, 0, 0, 0)


def build(target: Path) -> int:
    """Write the profile to `target` and return its size."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for place, value in enumerate(DATE):
        made[DATE_AT + 2 * place : DATE_AT + 2 * place + 2] = value.to_bytes(2, "big")
    return target.write_bytes(made)


if __name__ == "__main__":
    build(Path(__file__).with_name("sRGB.icc"))
