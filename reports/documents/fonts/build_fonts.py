"""Rebuild the two PDF fonts from the published Noto Sans SC files.

Run it with an interpreter that has fontTools, giving the folder of the npm package
`@expo-google-fonts/noto-sans-sc` named in `package.vendor.json`:

    python reports/documents/fonts/build_fonts.py node_modules/@expo-google-fonts/noto-sans-sc

reportlab draws one glyph per character and reads TrueType outlines only, so layout tables (GSUB, GPOS)
and everything about vertical text are dropped. Characters follow GB 18030-2022 implementation level 2
as far as the font has them: the symbols and scripts of the basic plane, CJK Unified Ideographs,
Extension A, and every supplementary ideograph (the general standard list of 8,105 characters).
"""

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}
KEPT = (range(0x20, 0x10000), range(0x20000, 0x33480))
DROPPED_TABLES = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx"]


def build(source: Path, target: Path) -> int:
    """Write the subset of `source` to `target` and return its number of characters."""
    font = TTFont(source, recalcTimestamp=False)
    kept = [point for point in font.getBestCmap() if any(point in block for block in KEPT)]
    options = subset.Options(
        drop_tables=[*subset.Options().drop_tables, *DROPPED_TABLES],
        layout_features=[],
        hinting=False,
        name_IDs=["*"],
        name_languages=["*"],
        notdef_outline=True,
        glyph_names=False,
        recalc_timestamp=False,
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=kept)
    subsetter.subset(font)
    font.save(target)
    return len(kept)


def main() -> None:
    """Build every weight beside this file and copy the licence."""
    package, here = Path(sys.argv[1]), Path(__file__).parent
    for weight, folder in WEIGHTS.items():
        target = here / f"NotoSansSC-{weight}.ttf"
        count = build(package / folder / f"NotoSansSC_{folder}.ttf", target)
        print(f"{target.name}: {count} characters, {target.stat().st_size} bytes")
    shutil.copyfile(package / "LICENSE_FONT", here / "OFL.txt")


if __name__ == "__main__":
    main()
