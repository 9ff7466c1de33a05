"""Compiled loops that hash the lines or units of a frame, fold the hashes of lines, and keep the small tickets.

`sm3` is None for SHA-256 and True for SM3, so that numba compiles only the one that is asked for.
"""

from typing import Any  # numba and its arrays are untyped

import numpy as np

from sampling.backends.compiling import compiled
from sampling.backends.lanes import LANES, SHA256_START, compress_sha256, compress_sm3, load_word
from sampling.sm3 import START as SM3_START

_STARTS = np.array([SHA256_START, SM3_START], dtype=np.uint32)
_MOST_BLOCKS = 3
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_NONE = np.uint64(0)
_PADDING = np.uint64(0x8000000000000000)
_BYTE, _THREE_BYTES = np.uint32(8), np.uint32(24)
_WITHOUT_FIRST_BYTE = np.uint32(0x00FFFFFF)
_NODE_MARK, _NODE_END = np.uint32(0x01000000), np.uint32(0x00800000)
_NODE_BITS = np.uint32(65 * 8)


@compiled
def _compress(sm3: Any, state: Any, words: Any) -> None:
    if sm3 is None:
        compress_sha256(state, words)
    else:
        compress_sm3(state, words)


@compiled
def _begin(sm3: Any, state: Any) -> None:
    for row in range(8):
        for lane in range(LANES):
            state[row, lane] = _STARTS[0 if sm3 is None else 1, row]


@compiled
def _fill(data: Any, origins: Any, rests: Any, first: int, words: Any) -> None:
    """Load one block of each lane's message, cut off behind its end and padded, from the pair of words `first` on.

    `origins` is where the block would begin in the data, `rests` how many bytes of the message are left there.
    """
    for pair in range(first, 8):
        for lane in range(LANES):
            word = load_word(data, origins[lane] + 8 * pair)
            rest = rests[lane] - 8 * pair
            # In two steps, since a shift by all 64 bits is not defined.
            half = np.uint64(4 * min(max(rest, 0), 8))
            padding = (_PADDING >> (half + half)) if 0 <= rest < 8 else _NONE
            word = (word & ~((_ALL >> half) >> half)) | padding
            words[2 * pair, lane] = np.uint32(word >> np.uint64(32))
            words[2 * pair + 1, lane] = np.uint32(word)


@compiled
def _set_prefix(prefix: Any, mark: int, words: Any) -> None:
    """Put the prefix, and the mark behind it, over the beginning of the first block."""
    row = len(prefix)
    for lane in range(LANES):
        for number in range(row):
            words[number, lane] = prefix[number]
        words[row, lane] = (words[row, lane] & _WITHOUT_FIRST_BYTE) | np.uint32(mark << 24)


@compiled
def _hash_group(
    sm3: Any, data: Any, origins: Any, rests: Any, prefix: Any, mark: int, blocks: int, state: Any, words: Any
) -> None:
    """Hash one message in each lane, all of so many blocks."""
    _begin(sm3, state)
    for block in range(blocks):
        _fill(data, origins, rests, 0 if block else len(prefix) // 2, words)
        if block == 0:
            _set_prefix(prefix, mark, words)
        for lane in range(LANES):
            if block == blocks - 1:
                words[15, lane] = np.uint32((rests[lane] + 64 * block) * 8)
            origins[lane] += 64
            rests[lane] -= 64
        _compress(sm3, state, words)


@compiled
def hash_texts(sm3: Any, data: Any, starts: Any, ends: Any, count: int, prefix: Any, mark: int, digests: Any) -> None:
    """Hash prefix ‖ mark ‖ text for each text; row `w` of `digests` takes the word `w` of each digest.

    The prefix is of no word or of eight, the mark one byte. Messages of one, two and three blocks wait apart until
    there is one for every lane.
    """
    state, words = np.empty((8, LANES), dtype=np.uint32), np.empty((16, LANES), dtype=np.uint32)
    waiting = np.zeros((_MOST_BLOCKS + 1, LANES), dtype=np.int64)
    numbers = np.zeros(_MOST_BLOCKS + 1, dtype=np.int64)
    origins, rests = np.zeros(LANES, dtype=np.int64), np.zeros(LANES, dtype=np.int64)
    shift = len(prefix) * 4 + 1
    for text in range(count + _MOST_BLOCKS):
        if text < count:
            blocks = (shift + ends[text] - starts[text] + 9 + 63) // 64
            waiting[blocks, numbers[blocks]] = text
            numbers[blocks] += 1
        else:
            blocks = text - count + 1
        if numbers[blocks] < (LANES if text < count else 1):
            continue
        for lane in range(LANES):
            # Lanes left over at the end repeat an earlier message.
            one = waiting[blocks, lane if lane < numbers[blocks] else 0]
            origins[lane] = starts[one] - shift
            rests[lane] = ends[one] - starts[one] + shift
        _hash_group(sm3, data, origins, rests, prefix, mark, blocks, state, words)
        for lane in range(numbers[blocks]):
            for row in range(digests.shape[0]):
                digests[row, waiting[blocks, lane]] = state[row, lane]
        numbers[blocks] = 0


@compiled
def _set_nodes(digests: Any, first: int, words: Any, tail: Any) -> None:
    """Write the message 0x01 ‖ left ‖ right of the nodes from the pair `first` on: it is a block and a byte long."""
    for lane in range(LANES):
        left, right = 2 * (first + lane), 2 * (first + lane) + 1
        words[0, lane] = _NODE_MARK | (digests[0, left] >> _BYTE)
        words[8, lane] = (digests[7, left] << _THREE_BYTES) | (digests[0, right] >> _BYTE)
        tail[0, lane] = (digests[7, right] << _THREE_BYTES) | _NODE_END
    for row in range(7):
        for lane in range(LANES):
            left, right = 2 * (first + lane), 2 * (first + lane) + 1
            words[row + 1, lane] = (digests[row, left] << _THREE_BYTES) | (digests[row + 1, left] >> _BYTE)
            words[row + 9, lane] = (digests[row, right] << _THREE_BYTES) | (digests[row + 1, right] >> _BYTE)


@compiled
def _copy(source: Any, begin: int, target: Any, place: int, count: int) -> None:
    for row in range(8):
        for column in range(count):
            target[row, place + column] = source[row, begin + column]


@compiled
def fold(sm3: Any, digests: Any, count: int) -> None:
    """Fold the hashes of leaves into the head of their tree, in place; it ends up in column 0.

    `digests` must have 4 * LANES more columns than there are hashes: the last group reads and writes beyond them.
    """
    state, words = np.empty((8, LANES), dtype=np.uint32), np.empty((16, LANES), dtype=np.uint32)
    tail = np.zeros((16, LANES), dtype=np.uint32)
    for lane in range(LANES):
        tail[15, lane] = _NODE_BITS
    alone = np.empty((8, 1), dtype=np.uint32)
    while count > 1:
        pairs = count // 2
        _copy(digests, count - 1, alone, 0, 1)
        for first in range(0, pairs, LANES):
            _set_nodes(digests, first, words, tail)
            _begin(sm3, state)
            for block in (words, tail):
                _compress(sm3, state, block)
            _copy(state, 0, digests, first, LANES)
        if count % 2:
            _copy(alone, 0, digests, pairs, 1)
        count = pairs + count % 2


@compiled
def keep_small(digests: Any, count: int, numbers: Any, cut_offs: Any, kept: Any) -> int:
    """Note the lines whose ticket begins with at most their stratum's cut-off, its first 64 bits."""
    found = 0
    for line in range(count):
        ticket = (np.uint64(digests[0, line]) << np.uint64(32)) | np.uint64(digests[1, line])
        if ticket <= cut_offs[numbers[line]]:
            kept[found] = line
            found += 1
    return found
