"""Compiled loops that find the lines of a frame in its bytes and check them as section 1 says.

Everything works on an array of bytes with at least `MARGIN` bytes before the first and after the last line, and on
positions in it; no Python object is made for a unit. A function that meets anything it was not made for says so, and
the plain code looks at the file instead.
"""

from typing import Any  # numba and its arrays are untyped

import numpy as np

from sampling.backends.compiling import compiled
from sampling.backends.lanes import count_bits, foreign_bytes, line_ends, load_word, lowest_bit, tabs

MARGIN = 192
BATCH = 1 << 16
LONGEST_LINE = 64 + 1 + 64 + 1 + 32 + 1
SLOTS = BATCH * 2
UNUSUAL = -1

_LONGEST = 64
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_NONE = np.uint64(0)
_ONE = np.uint64(1)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@compiled
def _window(begin: int, end: int) -> Any:
    """Give a mask of the bytes, of the 64 from `begin` on, that come before `end`."""
    return _ALL if end - begin >= 64 else (_ONE << np.uint64(end - begin)) - _ONE


@compiled
def end_of_lines(data: Any, begin: int, end: int, most: int) -> tuple[int, int]:
    """Give the position behind the last of at most `most` whole lines, and their number."""
    found = 0
    last = begin
    position = begin
    while position < end and found < most:
        mask = line_ends(data, position) & _window(position, end)
        count = min(count_bits(mask), most - found)
        for _ in range(count - 1):
            mask &= mask - _ONE
        if count:
            last = position + lowest_bit(mask) + 1
        found += count
        position += 64
    return last, found


@compiled
def split_lines(data: Any, begin: int, end: int, columns: int, places: Any) -> int:
    """Note the places of whole lines and their columns; give the number of lines, or `UNUSUAL`.

    Rows of `places`: start of the line, end of the unit, end of the stratum, end of the line.
    """
    line = column = 0
    start = begin
    position = begin
    while position < end:
        window = _window(position, end)
        if foreign_bytes(data, position) & window:
            return UNUSUAL
        ends = line_ends(data, position) & window
        marks = (tabs(data, position) & window) | ends
        while marks:
            mark = lowest_bit(marks)
            column += 1
            at_end = (ends >> np.uint64(mark)) & _ONE != _NONE
            if line >= BATCH or at_end != (column == columns):
                return UNUSUAL
            places[column, line] = position + mark
            if at_end:
                places[0, line] = start
                places[3, line] = position + mark
                start = position + mark + 1
                column = 0
                line += 1
            marks &= marks - _ONE
        position += 64
    return line if start == end else UNUSUAL


@compiled
def leading(word: Any, count: int) -> Any:
    """Keep the first `count` bytes of a word, none if it is negative, all from 8 on."""
    if count >= 8:
        return word
    return word & (_ALL << np.uint64(64 - 8 * count)) if count > 0 else _NONE


@compiled
def _rises(data: Any, first: int, length: int, second: int) -> Any:
    """Tell whether the unit at `first`, with the TAB behind it, comes before the text at `second`."""
    for step in range(0, length + 1, 8):
        kept = length + 1 - step
        before, after = leading(load_word(data, first + step), kept), leading(load_word(data, second + step), kept)
        if before != after:
            return before < after
    return False


@compiled
def _is_salt(data: Any, start: int, length: int) -> bool:
    for position in range(start, start + length):
        # SIM110 would have `all`, which numba does not compile
        if not (48 <= data[position] <= 57 or 97 <= data[position] <= 102):
            return False
    return length == 32


@compiled
def are_frame_lines(data: Any, places: Any, count: int, columns: int) -> bool:
    """Tell whether identifiers and salts have the right length and the units rise."""
    for line in range(count):
        start, end_of_unit, end_of_stratum = places[0, line], places[1, line], places[2, line]
        if not (1 <= end_of_unit - start <= _LONGEST and 1 <= end_of_stratum - end_of_unit - 1 <= _LONGEST):
            return False
        if columns == 3 and not _is_salt(data, end_of_stratum + 1, places[3, line] - end_of_stratum - 1):
            return False
        if line and not _rises(data, places[0, line - 1], places[1, line - 1] - places[0, line - 1], start):
            return False
    return True


@compiled
def _same(data: Any, first: int, second: int, length: int) -> bool:
    for step in range(0, length, 8):
        kept = length - step
        if leading(load_word(data, first + step), kept) != leading(load_word(data, second + step), kept):
            return False
    return True


@compiled
def _slot(data: Any, start: int, length: int) -> Any:
    mixed = np.uint64(length)
    for step in range(0, length, 8):
        mixed = (mixed ^ leading(load_word(data, start + step), length - step)) * _MULTIPLIER
        mixed ^= mixed >> np.uint64(29)
    return np.int64(mixed >> np.uint64(40)) % SLOTS


@compiled
def number_strata(data: Any, places: Any, count: int, slots: Any, first_lines: Any, sizes: Any, numbers: Any) -> int:
    """Number the strata by their first occurrence and count their units; give how many strata there are.

    `slots` is room for a hash table; `first_lines` and `sizes` tell of each stratum its first line and its units,
    `numbers` the stratum of each line.
    """
    slots[:] = -1
    found = 0
    for line in range(count):
        start = places[1, line] + 1
        length = places[2, line] - start
        slot = _slot(data, start, length)
        while slots[slot] >= 0:
            first = first_lines[slots[slot]]
            known = places[1, first] + 1
            if places[2, first] - known == length and _same(data, known, start, length):
                break
            slot = (slot + 1) % SLOTS
        if slots[slot] < 0:
            slots[slot] = found
            first_lines[found] = line
            sizes[found] = 0
            found += 1
        sizes[slots[slot]] += 1
        numbers[line] = slots[slot]
    return found
