import hashlib
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.sampling import commitment_of
from fangxin.engines.sampling.stream import Stream

SEED = bytes(range(32))


def chi_square(counts, expected):
    return sum((n - expected) ** 2 / expected for n in counts)


def test_the_commitment_is_sha_256_of_seed_and_salt():
    salt = bytes(range(32, 64))
    assert commitment_of(SEED, salt) == hashlib.sha256(SEED + salt).hexdigest()


@pytest.mark.parametrize(("seed", "salt"), [(31, 33), (33, 31), (0, 64), (32, 0)])
def test_a_joined_text_cannot_be_parted_in_two_ways(seed, salt):
    with pytest.raises(ValueError, match="32"):
        commitment_of(bytes(seed), bytes(salt))


def test_the_stream_follows_its_written_definition():
    """Recomputed here from the page docs/methods/draw.md, without the engine."""
    public = b"03 07"
    key = hashlib.sha256(
        b"fangxin.draw.stream.v1\n" + (32).to_bytes(8, "big") + SEED + len(public).to_bytes(8, "big") + public
    ).digest()
    child = hashlib.sha256(key + b"child" + (5).to_bytes(8, "big") + b"order").digest()
    bits = "".join(
        f"{byte:08b}" for n in range(2) for byte in hashlib.sha256(child + b"block" + n.to_bytes(8, "big")).digest()
    )
    numbers = []
    while len(numbers) < 100:
        value, bits = int(bits[:4], 2), bits[4:]
        if value < 10:
            numbers.append(value)
        if len(bits) < 4:
            break
    stream = Stream.of(SEED, "03 07").child("order")
    assert [stream.below(10) for _ in numbers] == numbers
    assert len(numbers) > 60


def test_every_number_is_as_likely():
    stream = Stream.of(SEED, "uniform")
    counts = Counter(stream.below(7) for _ in range(21_000))
    assert sorted(counts) == list(range(7))
    assert chi_square(counts.values(), 3000) < 22.5  # 6 degrees of freedom, p = 0.001


def test_every_order_is_as_likely():
    stream = Stream.of(SEED, "orders")
    counts = Counter(tuple(stream.shuffled("abcd")) for _ in range(12_000))
    assert set(counts) == set(permutations("abcd"))
    assert chi_square(counts.values(), 500) < 49.7  # 23 degrees of freedom, p = 0.001


def test_a_chance_is_exact_at_its_ends():
    stream = Stream.of(SEED, "ends")
    assert not any(stream.chance(0, 3) for _ in range(200))
    assert all(stream.chance(3, 3) for _ in range(200))
    assert stream.below(1) == 0
    with pytest.raises(ValueError, match="bound"):
        stream.below(0)


@given(st.integers(1, 10**40))
@settings(max_examples=60)
def test_a_number_stays_below_its_bound(bound):
    stream = Stream.of(SEED, "bounds")
    assert all(0 <= stream.below(bound) < bound for _ in range(5))


def test_parts_of_a_draw_do_not_disturb_each_other():
    whole = Stream.of(SEED, "parts")
    first = [whole.child("cell", "A", "B").below(10**9) for _ in range(2)]
    whole.child("cell", "A").below(10**9)
    assert whole.child("cell", "A", "B").below(10**9) == first[0] == first[1]
    assert whole.child("cell", "AB").below(10**9) != first[0]
    assert Stream.of(SEED, "parts ").child("cell", "A", "B").below(10**9) != first[0]
