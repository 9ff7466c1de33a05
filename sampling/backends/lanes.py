"""Compression functions of SHA-256 and SM3 over many messages at once, one message in each lane of a vector.

The text of the standards (FIPS 180-4, GB/T 32905-2016) is written once, over vectors of 32-bit words, and handed to
the compiler of numba. No instruction of a certain processor is named: sixteen lanes fill a register of AVX-512, eight
one of AVX2, four any other. Nothing here decides anything; `sampling.backends.kernel` compares it with hashlib before
its first use.
"""

import itertools
from collections.abc import Callable, Iterator
from math import isqrt
from typing import Any  # the compiler's own objects are untyped

from llvmlite import binding, ir
from numba import extending, types
from numba.np import arrayobj

from sampling.sm3 import ROUND_CONSTANTS as SM3_CONSTANTS

Vector = Any
make_array: Any = arrayobj.make_array


def _lanes_of_host() -> int:
    """Give the number of 32-bit lanes that was fastest for this kind of processor."""
    features = binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 16
    return 8 if features.get("avx2") else 4


def _primes() -> Iterator[int]:
    return (n for n in itertools.count(2) if all(n % divisor for divisor in range(2, isqrt(n) + 1)))


def _cube_root(number: int) -> int:
    low, high = 0, 1 << 40
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**3 <= number else (low, middle)
    return low


LANES = _lanes_of_host()
_PRIMES = tuple(itertools.islice(_primes(), 64))
# FIPS 180-4: the first 32 bits of the fractions of the square roots of the first 8 primes, cube roots of the first 64.
SHA256_START = tuple(isqrt(prime << 64) & 0xFFFFFFFF for prime in _PRIMES[:8])
_SHA256_CONSTANTS = tuple(_cube_root(prime << 96) & 0xFFFFFFFF for prime in _PRIMES)
_EARLY_ROUNDS = 16
_WORD = ir.VectorType(ir.IntType(32), LANES)


class _Circuit:
    """Writes vector instructions: the operations both standards are made of."""

    def __init__(self, builder: Any) -> None:
        """Write at the builder's place; each operation is the builder's own."""
        self.xor2 = builder.xor
        self.both = builder.and_
        self.either = builder.or_
        self.inverse = builder.not_
        self._builder = builder

    def word(self, value: int) -> Vector:
        """Give the same word in all lanes."""
        return ir.Constant(_WORD, [value] * LANES)

    def add(self, first: Vector, *others: Vector) -> Vector:
        """Add modulo 2**32."""
        for other in others:
            first = self._builder.add(first, other)
        return first

    def xor(self, first: Vector, *others: Vector) -> Vector:
        """Add without carry."""
        for other in others:
            first = self.xor2(first, other)
        return first

    def right(self, word: Vector, by: int) -> Vector:
        """Shift to the right."""
        return self._builder.lshr(word, self.word(by))

    def turn(self, word: Vector, by: int) -> Vector:
        """Turn to the left; a turn to the right is one by 32 minus as much."""
        name = f"llvm.fshl.v{LANES}i32"
        function = self._builder.module.globals.get(name)
        if function is None:
            function = ir.Function(self._builder.module, ir.FunctionType(_WORD, [_WORD] * 3), name)
        return self._builder.call(function, [word, word, self.word(by % 32)])


def _sha256_rounds(do: _Circuit, state: list[Vector], words: list[Vector]) -> list[Vector]:
    """FIPS 180-4 section 6.2.2; the message schedule turns in sixteen words."""
    a, b, c, d, e, f, g, h = state
    for t in range(64):
        if t >= 16:
            x, y = words[(t - 15) % 16], words[(t - 2) % 16]
            small_0 = do.xor(do.turn(x, 32 - 7), do.turn(x, 32 - 18), do.right(x, 3))
            small_1 = do.xor(do.turn(y, 32 - 17), do.turn(y, 32 - 19), do.right(y, 10))
            words[t % 16] = do.add(words[t % 16], small_0, words[(t - 7) % 16], small_1)
        large_1 = do.xor(do.turn(e, 32 - 6), do.turn(e, 32 - 11), do.turn(e, 32 - 25))
        choice = do.xor(do.both(e, f), do.both(do.inverse(e), g))
        first = do.add(h, do.add(do.word(_SHA256_CONSTANTS[t]), words[t % 16]), do.add(large_1, choice))
        large_0 = do.xor(do.turn(a, 32 - 2), do.turn(a, 32 - 13), do.turn(a, 32 - 22))
        majority = do.xor(do.both(a, b), do.both(a, c), do.both(b, c))
        a, b, c, d, e, f, g, h = do.add(first, do.add(large_0, majority)), a, b, c, do.add(d, first), e, f, g
    return [do.add(old, new) for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True)]


def _sm3_rounds(do: _Circuit, state: list[Vector], words: list[Vector]) -> list[Vector]:
    """GB/T 32905-2016 sections 5.3.2 and 5.3.3, as `sampling.sm3` has them."""
    for j in range(16, 68):
        mixed = do.xor(words[j - 16], words[j - 9], do.turn(words[j - 3], 15))
        spread = do.xor(mixed, do.turn(mixed, 15), do.turn(mixed, 23))
        words.append(do.xor(spread, do.turn(words[j - 13], 7), words[j - 6]))
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        a12 = do.turn(a, 12)
        ss1 = do.turn(do.add(a12, e, do.word(SM3_CONSTANTS[j])), 7)
        if j < _EARLY_ROUNDS:
            boolean_ab, boolean_ef = do.xor(a, b, c), do.xor(e, f, g)
        else:
            boolean_ab = do.xor(do.both(a, b), do.both(a, c), do.both(b, c))
            boolean_ef = do.either(do.both(e, f), do.both(do.inverse(e), g))
        tt1 = do.add(boolean_ab, d, do.xor(ss1, a12), do.xor(words[j], words[j + 4]))
        tt2 = do.add(boolean_ef, h, ss1, words[j])
        a, b, c, d = tt1, a, do.turn(b, 9), c
        e, f, g, h = do.xor(tt2, do.turn(tt2, 9), do.turn(tt2, 17)), e, do.turn(f, 19), g
    return [do.xor(old, new) for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True)]


def _instructions(typed: Callable[..., Any]) -> Any:
    """Give a function that writes its own instructions into whatever calls it."""
    return extending.intrinsic(typed)


def _compression(rounds: Callable[[_Circuit, list[Vector], list[Vector]], list[Vector]]) -> Any:
    """Make the function `compress(state, words)` over arrays of 8 and 16 rows with one column for each lane."""

    def typed(_context: Any, state: Any, words: Any) -> Any:
        def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            def rows(which: int, count: int) -> list[Any]:
                array = make_array(signature.args[which])(context, builder, arguments[which])
                first = builder.bitcast(array.data, _WORD.as_pointer())
                return [builder.gep(first, [ir.Constant(ir.IntType(64), row)]) for row in range(count)]

            places = rows(0, 8)
            loaded = [builder.load(place, align=4) for place in rows(1, 16)]
            after = rounds(_Circuit(builder), [builder.load(place, align=4) for place in places], loaded)
            for place, word in zip(places, after, strict=True):
                builder.store(word, place, align=4)
            return context.get_dummy_value()

        return types.void(state, words), write

    return _instructions(typed)


compress_sha256 = _compression(_sha256_rounds)
compress_sm3 = _compression(_sm3_rounds)


@_instructions
def load_word(_context: Any, data: Any, position: Any) -> Any:
    """Load the eight bytes of an array of bytes from a position on, the first being the highest."""

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _place(context, builder, signature, arguments)
        word = builder.load(builder.bitcast(place, ir.IntType(64).as_pointer()), align=1)
        return builder.bswap(word)

    return types.uint64(data, position), write


def _place(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array = make_array(signature.args[0])(context, builder, arguments[0])
    return builder.gep(array.data, [arguments[1]])


_BYTES = ir.VectorType(ir.IntType(8), 64)


def _byte_mask(test: Callable[[Any, Any], Any]) -> Any:
    """Make a function that tests 64 bytes at once and gives one bit for each, the first byte's being the lowest."""

    def typed(_context: Any, data: Any, position: Any) -> Any:
        def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            place = _place(context, builder, signature, arguments)
            loaded = builder.load(builder.bitcast(place, _BYTES.as_pointer()), align=1)
            return builder.bitcast(test(builder, loaded), ir.IntType(64))

        return types.uint64(data, position), write

    return _instructions(typed)


def _all_bytes(character: str) -> Any:
    return ir.Constant(_BYTES, [ord(character)] * 64)


def _is(character: str) -> Callable[[Any, Any], Any]:
    return lambda builder, loaded: builder.icmp_unsigned("==", loaded, _all_bytes(character))


def _is_foreign(builder: Any, loaded: Any) -> Any:
    """Test for what is neither TAB nor LF nor one of the characters of an identifier (section 0)."""
    forbidden = [_is(character)(builder, loaded) for character in ":,"]
    outside = [
        builder.icmp_unsigned("<", loaded, _all_bytes("!")),
        builder.icmp_unsigned(">", loaded, _all_bytes("~")),
    ]
    separator = builder.or_(_is("\t")(builder, loaded), _is("\n")(builder, loaded))
    foreign = builder.or_(builder.or_(*forbidden), builder.or_(*outside))
    return builder.and_(foreign, builder.not_(separator))


line_ends = _byte_mask(_is("\n"))
tabs = _byte_mask(_is("\t"))
foreign_bytes = _byte_mask(_is_foreign)


@_instructions
def lowest_bit(_context: Any, mask: Any) -> Any:
    """Give the number of the lowest bit set in a mask that is not 0."""

    def write(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(mask), write


@_instructions
def count_bits(_context: Any, mask: Any) -> Any:
    """Count the bits set in a mask."""

    def write(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(mask), write
