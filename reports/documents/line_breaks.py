"""Where a line of Chinese may end (GB/T 15834-2011, 5.1): no mark that closes begins a line, none that opens ends one.

Words and numbers in Latin letters stay whole where a line has room for them.
"""

from collections.abc import Sequence

# marks that close belong to what stands before them
NOT_FIRST = frozenset("，。、；：？！”’）》〉】〕」』％‰℃·…—,.;:?!)]}%°")
NOT_LAST = frozenset("“‘（《〈【〔「『([{￥¥§#")
# below it letters and digits of the West, which form words
FIRST_WIDE = "\u2e80"
FUZZ = 1e-6
Line = list[float | str]  # the room that is left, and the text: what the PDF library takes


def break_lines(text: str, widths: Sequence[float], available: Sequence[float]) -> list[Line]:
    """Return the lines of ``text``, each with its unused room; the last width holds for all further lines.

    ``widths`` are those of the characters, ``available`` those of the lines, in points.
    """
    lines: list[Line] = []
    start = 0
    while start < len(text):
        room = available[min(len(lines), len(available) - 1)]
        end = _end_of_line(text, widths, start, room)
        shown = text[start:end].rstrip()
        lines.append([room - sum(widths[start : start + len(shown)]), shown])
        start = end
        while start < len(text) and text[start] == " ":
            start += 1
    return lines


def _end_of_line(text: str, widths: Sequence[float], start: int, room: float) -> int:
    """Return where the line that begins at ``start`` ends: at the last fitting place where it may, else where full."""
    used, full = 0.0, start
    while full < len(text) and (used + widths[full] <= room + FUZZ or text[full] == " "):
        used += widths[full]
        full += 1
    if full == len(text):
        return full
    end = next((place for place in range(full, start, -1) if _may_break(text, place)), 0)
    return end or max(full, start + 1)


def _may_break(text: str, place: int) -> bool:
    """Tell whether a line may end before the character at ``place``."""
    # a space between them is left out where the line ends
    spaced = " " in text[place - 1 : place + 1]
    before, after = text[:place].rstrip(" ")[-1:], text[place:].lstrip(" ")[:1]
    if after in NOT_FIRST or before in NOT_LAST:
        return False
    return spaced or before >= FIRST_WIDE or after >= FIRST_WIDE
