"""Who is taken for whom: invented shops of an invented county."""

import doctest
import importlib
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.matching import (
    Certainty,
    NameForm,
    Premises,
    candidates,
    distance_m,
    normalize_address,
    normalize_name,
    normalize_phone,
    score_pair,
    search,
)

TOWN, OTHER_TOWN = "410199100", "410199101"
STRIP = ["安和县", "城关镇", "清河镇"]

SHOP = Premises(
    "R1",
    "安和县好又多超市有限公司",
    address="安和县城关镇解放路12号",
    phone="0398-7870001",
    division=TOWN,
    latitude=34.05,
    longitude=111.05,
    credit_code="92410199000000011A",
    licence="JY14101990000017",
)
SEEN = Premises("C1", "好又多超市", address="解放路12号", phone="7870001", division=TOWN)


def only(entry, *register):
    return candidates([entry], register, strip=STRIP)


@pytest.mark.parametrize("name", ["texts", "scoring"])
def test_examples_in_the_docstrings_run(name):
    failed, attempted = doctest.testmod(importlib.import_module(f"fangxin.engines.matching.{name}"))
    assert attempted
    assert not failed


@pytest.mark.parametrize(
    ("typed", "core", "weak"),
    [
        ("安和县城关镇老李面馆", "老李", ("面馆",)),
        ("安和縣老李麵館（個體工商戶）", "老李", ("面馆",)),
        ("好又多生活超市（东街店）", "好又多", ("生活超市",)),
        ("清源酒坊有限责任公司", "清源", ("酒坊", "有限责任公司")),
        ("小吃店", "小吃店", ()),
        ("（小吃店）", "小吃店", ()),
        ("城关镇", "城关镇", ()),
        ("ＡＢＣ 便利店", "ABC", ("便利店",)),
        ("", "", ()),
    ],
)
def test_names_come_apart(typed, core, weak):
    assert normalize_name(typed, strip=STRIP) == NameForm(core, weak)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("安和县城关镇解放路１２号", "解放路12号"),
        ("解放路十二号二楼", "解放路12号2楼"),
        ("清河镇柳树村三组", "柳树村3组"),
        ("一百零五号", "105号"),
        ("二〇三号", "203号"),
        ("十字街口", "十字街口"),
    ],
)
def test_addresses_are_brought_to_one_form(typed, plain):
    assert normalize_address(typed, strip=STRIP) == plain


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("0398 7870001", "7870001"),
        ("7870001", "7870001"),
        ("+86 138-0000-0001", "13800000001"),
        ("无", ""),
        ("110", ""),
    ],
)
def test_telephones_are_brought_to_one_form(typed, digits):
    assert normalize_phone(typed) == digits


def test_one_degree_of_latitude_is_about_111_km():
    # Mean earth radius 6371.0088 km: one degree of a great circle is 111.195 km.
    assert distance_m((34.0, 111.0), (35.0, 111.0)) == pytest.approx(111_195, abs=1)
    assert distance_m((0.0, 179.5), (0.0, -179.5)) == pytest.approx(111_195, abs=1)


def test_the_same_licence_and_name_is_exact():
    [found] = only(Premises("C1", "好又多超市", licence="jy14101990000017"), SHOP)
    assert (found.register, found.certainty) == ("R1", Certainty.EXACT)


def test_an_exact_row_leaves_no_room_for_near_ones():
    twin = replace(SHOP, key="R2", credit_code="", licence="", phone="")
    entry = replace(SEEN, credit_code=SHOP.credit_code)
    assert [found.register for found in only(entry, twin, SHOP)] == ["R1"]


def test_name_street_and_telephone_agree():
    [found] = only(SEEN, SHOP)
    assert found.certainty is Certainty.LIKELY
    assert [reason.token for reason in found.match.reasons] == ["name", "address", "phone", "township"]


def test_the_score_is_the_sum_of_its_reasons():
    match = score_pair(SEEN, SHOP, strip=STRIP)
    assert match.score == pytest.approx(min(1.0, sum(reason.contribution for reason in match.reasons)))


def test_a_chain_in_two_townships_is_not_sure():
    branch = Premises("C1", "好又多超市", address="清河镇中心街3号", division=OTHER_TOWN)
    assert score_pair(branch, SHOP, strip=STRIP).score < search.POSSIBLE_FROM
    with_head_office_phone = replace(branch, phone="0398-7870001", credit_code=SHOP.credit_code)
    assert {found.certainty for found in only(with_head_office_phone, SHOP)} == {Certainty.POSSIBLE}


def test_two_shops_of_one_name_and_holder_in_one_township_are_not_exact():
    second = Premises(
        "C1",
        "好又多超市",
        address="人民路250号",
        division=TOWN,
        credit_code=SHOP.credit_code,
        latitude=34.07,
        longitude=111.05,
    )
    assert all(found.certainty is Certainty.POSSIBLE for found in only(second, SHOP))


def test_a_renamed_shop_at_the_same_address_is_offered_but_not_sure():
    renamed = Premises(
        "C1", "喜洋洋超市", address="解放路12号", phone="7870001", division=TOWN, latitude=34.05, longitude=111.05
    )
    [found] = only(renamed, SHOP)
    assert found.certainty is Certainty.POSSIBLE
    assert found.match.has("address")
    assert not found.match.has("name")


def test_a_telephone_shared_by_two_shops_of_one_owner_is_not_enough():
    restaurant = Premises("C1", "福满楼酒店", address="人民路250号", phone="0398-7870001", division=TOWN)
    assert only(restaurant, SHOP) == []


def test_one_name_in_two_trades_is_not_sure():
    register = Premises("R1", "好运来饭店", address="解放路12号", division=TOWN)
    entry = Premises("C1", "好运来超市", address="解放路12号", division=TOWN)
    [found] = only(entry, register)
    assert found.match.has("other_trade")
    assert found.certainty is Certainty.POSSIBLE


def test_two_equal_rows_are_left_to_a_person():
    twin = replace(SHOP, key="R2", address="解放路13号")
    found = only(replace(SEEN, address=""), SHOP, twin)
    assert [row.certainty for row in found] == [Certainty.POSSIBLE, Certainty.POSSIBLE]


def test_a_shop_found_only_by_where_it_stands():
    entry = Premises("C1", "好又多购物超市", latitude=34.0501, longitude=111.0501)
    [found] = only(entry, SHOP)
    assert found.match.has("near")


def test_an_unregistered_shop_has_no_candidate():
    assert only(Premises("C1", "李记凉皮小吃店", address="河滨路3号", division=TOWN), SHOP) == []


def test_an_entry_without_anything_has_no_candidate():
    assert only(Premises("C1", ""), SHOP, Premises("R2", "")) == []


# A county with known truth: every entry is a disturbed copy of one register row, or a stranger.

SYLLABLES = "福满顺达兴旺隆盛和美康宁佳鑫源泉祥瑞安泰丰裕嘉诚永华明德金玉"
TRADES = ["超市", "饭店", "便利店", "小吃店", "批发部", "烩面馆", "粮油店"]
STREETS = ["解放路", "人民路", "建设街", "河滨路", "文化巷", "柳树村", "东关街"]


def register_of(size, seed):
    chance = random.Random(seed)
    rows = []
    for index in range(size):
        town = chance.randrange(19)
        name = "".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3)))) + chance.choice(TRADES)
        rows.append(
            Premises(
                f"R{index}",
                name,
                address=f"{chance.choice(STREETS)}{chance.randrange(1, 300)}号",
                phone=f"138{chance.randrange(10**8):08d}" if chance.random() < 0.9 else "",
                division=f"410199{100 + town}",
                latitude=33.6 + town * 0.02 + chance.random() * 0.01,
                longitude=111.0 + chance.random() * 0.01,
            )
        )
    return rows


def disturbed(row, index, chance):
    name = chance.choice(
        [row.name, row.name.replace("烩面馆", "面馆"), row.name + "（个体工商户）", "安和县" + row.name]
    )
    return replace(
        row,
        key=f"C{index}",
        name=name,
        phone=row.phone if chance.random() < 0.7 else "",
        address=row.address if chance.random() < 0.7 else "",
        latitude=row.latitude + chance.gauss(0, 2e-4),
        longitude=row.longitude + chance.gauss(0, 2e-4),
    )


def survey_of(rows, size, seed):
    chance = random.Random(seed)
    return [disturbed(row, index, chance) for index, row in enumerate(chance.sample(rows, size))]


def truth(entries, rows):
    by_place = {row.division + row.name.replace("烩面馆", "面馆"): row.key for row in rows}
    names = {entry.key: normalize_name(entry.name, strip=STRIP).full for entry in entries}
    return {entry.key: by_place.get(entry.division + names[entry.key].replace("烩面馆", "面馆")) for entry in entries}


def test_disturbed_copies_find_their_original():
    rows = register_of(1500, seed=7)
    entries = survey_of(rows, 150, seed=8)
    best = {}
    for found in candidates(entries, rows, strip=STRIP):
        best.setdefault(found.entry, found.register)
    known = truth(entries, rows)
    right = sum(best.get(key) == original for key, original in known.items())
    assert right / len(entries) >= 0.95


def test_blocks_lose_no_likely_pair_against_comparing_everything():
    rows = register_of(300, seed=3)
    entries = survey_of(rows, 40, seed=4)
    found = {(c.entry, c.register) for c in candidates(entries, rows, strip=STRIP)}
    every = {(a.key, b.key) for a in entries for b in rows if score_pair(a, b, strip=STRIP).score >= search.LIKELY_FROM}
    assert len(every) > 20
    assert every <= found


def test_only_a_small_part_of_all_pairs_is_compared(monkeypatch):
    compared = []
    score = search.score_prepared
    monkeypatch.setattr(search, "score_prepared", lambda a, b: compared.append(1) or score(a, b))
    candidates(survey_of(register_of(2000, seed=1), 100, seed=2), register_of(2000, seed=1), strip=STRIP)
    assert len(compared) < 0.03 * 2000 * 100


def test_strangers_are_not_taken_for_registered_shops():
    found = candidates(register_of(100, seed=11), register_of(1000, seed=12), strip=STRIP)
    assert not [c for c in found if c.certainty is not Certainty.POSSIBLE]


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(chance):
    rows = register_of(80, seed=5)
    entries = survey_of(rows, 15, seed=6)
    expected = candidates(entries, rows, strip=STRIP)
    chance.shuffle(rows)
    chance.shuffle(entries)
    assert candidates(entries, rows, strip=STRIP) == expected


NAMES = st.text("好又多福满超市饭店有限公司（）12 ", max_size=10)


@settings(max_examples=80, deadline=None)
@given(NAMES, NAMES, NAMES, NAMES)
def test_a_score_is_symmetric_and_lies_between_nought_and_one(name, other, address, other_address):
    a, b = Premises("1", name, address=address), Premises("2", other, address=other_address)
    assert score_pair(a, b) == score_pair(b, a)
    assert 0 <= score_pair(a, b).score <= 1
