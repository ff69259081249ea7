"""Check digits: examples from published descriptions, and what each scheme catches and does not."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.barcode.check_digits import (
    CODE39_CHARACTERS,
    NW7_CHARACTERS,
    CheckDigit,
    check_character,
    is_valid,
)

PUBLISHED = [
    # AIM Japan, page on NW-7
    (CheckDigit.MODULUS_10_2_1_SPLIT, "12345678", "2"),
    (CheckDigit.MODULUS_10_2_1_WHOLE, "12345678", "4"),
    # yoshi389111, "チェックデジットの計算方法" (qiita)
    (CheckDigit.MODULUS_10_2_1_SPLIT, "20151119", "3"),
    (CheckDigit.MODULUS_10_2_1_SPLIT, "20151149", "0"),
    # Y. Masuda's NW-7 check digits (doctests)
    (CheckDigit.LUHN, "938745343", "5"),
    (CheckDigit.MODULUS_10_2_1_WHOLE, "938745343", "7"),
    (CheckDigit.SEVEN_DR, "8745343", "5"),
    (CheckDigit.MODULUS_11, "243124", "6"),
    (CheckDigit.WEIGHTED_MODULUS_11, "5012924346", "4"),
    (CheckDigit.WEIGHTED_MODULUS_11, "0200290068", "1"),
    (CheckDigit.MODULUS_43, "ABCD1234+", "B"),
    # barcode-net.com and technical.jp, handbooks
    (CheckDigit.MODULUS_10_3_1, "491234567890", "4"),
    (CheckDigit.MODULUS_10_3_1, "1456995111617", "6"),
    (CheckDigit.MODULUS_10_3_1, "4912345", "6"),
    # slip makers and carriers: mimosa.gr.jp, nanoappli.com, okusu.net
    (CheckDigit.SEVEN_DR, "123456", "4"),
    (CheckDigit.SEVEN_DR, "12345678901", "3"),
    (CheckDigit.SEVEN_DR, "99991234567", "0"),
    # Songmu, Math::CheckDigits; yamarkz, go-codabar (M11W2-7)
    (CheckDigit.MODULUS_11, "12345678", "5"),
    (CheckDigit.MODULUS_11, "12345", "5"),
    (CheckDigit.MODULUS_11, "67890", "2"),
    (CheckDigit.MODULUS_11, "123456", "0"),
    (CheckDigit.MODULUS_11, "222222", "1"),
    # ISBNs in print
    (CheckDigit.ISBN_10, "488380478", "X"),
    (CheckDigit.ISBN_10, "476612854", "0"),
    (CheckDigit.ISBN_10, "907000234", "5"),
    (CheckDigit.ISBN_10, "007003892", "9"),
    (CheckDigit.EAN_13, "400763000011", "6"),
    # a magazine in print, 天文ガイド of February 2012: 雑誌 06541-02 (k-ichi.blogspot.com, 2012-01-09)
    (CheckDigit.EAN_13, "491006541022", "4"),
    # ISSN: Wikipedia's example (Hearing Research), and that of the ISSN Manual with its EAN-13
    (CheckDigit.ISSN, "0378595", "5"),
    (CheckDigit.ISSN, "0317847", "1"),
    (CheckDigit.EAN_13, "977031784700", "1"),
    (CheckDigit.ISSN, "2434561", "X"),
    # by hand, from the definition: 123456 = 7 * 17636 + 4 = 9 * 13717 + 3
    (CheckDigit.SEVEN_DSR, "123456", "3"),
    (CheckDigit.SEVEN_DSR, "14", "0"),
    (CheckDigit.NINE_DR, "123456", "3"),
    (CheckDigit.NINE_DSR, "123456", "6"),
    (CheckDigit.NINE_DSR, "18", "0"),
]


@pytest.mark.parametrize(("scheme", "body", "check"), PUBLISHED)
def test_published_examples(scheme: CheckDigit, body: str, check: str) -> None:
    assert check_character(scheme, body) == check
    assert is_valid(scheme, body + check)


@pytest.mark.parametrize(
    ("body", "start", "stop", "check"),
    [
        ("37859", "A", "B", "+"),  # barcode-net.com, technical.jp
        ("01234", "A", "B", "5"),  # Intermec 1800 reference manual
        ("0", "a", "a", "0"),  # 32 is a multiple of 16: 0, never A (gwtcenter.com)
        ("1", "c", "D", "-"),  # 1 + 18 + 19 = 38, and 10 more make 48
    ],
)
def test_modulus_16_counts_the_letters(body: str, start: str, stop: str, check: str) -> None:
    assert check_character(CheckDigit.MODULUS_16, body, start=start, stop=stop) == check
    assert is_valid(CheckDigit.MODULUS_16, body + check, start=start, stop=stop)


def test_modulus_16_with_other_letters_is_another_number() -> None:
    assert is_valid(CheckDigit.MODULUS_16, "37859+", start="A", stop="B")
    assert not is_valid(CheckDigit.MODULUS_16, "37859+", start="A", stop="A")


BODIES = {
    CheckDigit.ISBN_10: st.text("0123456789", min_size=9, max_size=9),
    CheckDigit.ISSN: st.text("0123456789", min_size=7, max_size=7),
    CheckDigit.EAN_13: st.text("0123456789", min_size=12, max_size=12),
    CheckDigit.WEIGHTED_MODULUS_11: st.text("0123456789", min_size=1, max_size=12),
    CheckDigit.MODULUS_16: st.text(NW7_CHARACTERS, min_size=1, max_size=20),
    CheckDigit.MODULUS_43: st.text(CODE39_CHARACTERS, min_size=1, max_size=20),
}
SCHEMES = [scheme for scheme in CheckDigit if scheme is not CheckDigit.NONE]


def _bodies(scheme: CheckDigit) -> st.SearchStrategy[str]:
    return BODIES.get(scheme, st.text("0123456789", min_size=1, max_size=20))


def _body_alphabet(scheme: CheckDigit) -> str:
    return scheme.alphabet if scheme in (CheckDigit.MODULUS_16, CheckDigit.MODULUS_43) else "0123456789"


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_what_is_generated_validates(scheme: CheckDigit, data: st.DataObject) -> None:
    body = data.draw(_bodies(scheme))
    check = check_character(scheme, body)
    assert len(check) == 1
    assert check in scheme.alphabet
    assert [c for c in scheme.alphabet if is_valid(scheme, body + c)] == [check]


CATCH_EVERY_WRONG_DIGIT = [
    CheckDigit.MODULUS_10_2_1_SPLIT,
    CheckDigit.MODULUS_10_3_1,
    CheckDigit.EAN_13,
    CheckDigit.ISBN_10,
    CheckDigit.ISSN,
    CheckDigit.MODULUS_16,
    CheckDigit.MODULUS_43,
]


def _wrong_digit(scheme: CheckDigit, data: st.DataObject) -> tuple[str, str, int]:
    body = data.draw(_bodies(scheme))
    number = body + check_character(scheme, body)
    place = data.draw(st.integers(0, len(number) - 1))
    alphabet = scheme.alphabet if place == len(body) else _body_alphabet(scheme)
    wrong = data.draw(st.sampled_from(sorted(set(alphabet) - {number[place]})))
    return number, number[:place] + wrong + number[place + 1 :], place


def _exchanged(scheme: CheckDigit, data: st.DataObject) -> tuple[str, str, int] | None:
    """A number, the same with two neighbours exchanged, and the place of the first; None if alike."""
    body = data.draw(_bodies(scheme))
    number = body + check_character(scheme, body)
    place = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    return (number, swapped, place) if swapped != number else None


@pytest.mark.parametrize("scheme", CATCH_EVERY_WRONG_DIGIT)
@given(data=st.data())
def test_every_wrong_digit_is_caught(scheme: CheckDigit, data: st.DataObject) -> None:
    _, wrong, _ = _wrong_digit(scheme, data)
    assert not is_valid(scheme, wrong)


@pytest.mark.parametrize(
    ("scheme", "apart"),
    [
        (CheckDigit.SEVEN_DR, {7}),
        (CheckDigit.SEVEN_DSR, {7}),
        (CheckDigit.NINE_DR, {9}),
        (CheckDigit.NINE_DSR, {9}),
        (CheckDigit.MODULUS_10_2_1_WHOLE, {5}),
    ],
)
@given(data=st.data())
def test_a_wrong_digit_is_caught_unless_it_lies_that_far_apart(
    scheme: CheckDigit, apart: set[int], data: st.DataObject
) -> None:
    number, wrong, place = _wrong_digit(scheme, data)
    if is_valid(scheme, wrong):
        assert place < len(number) - 1
        assert abs(int(number[place]) - int(wrong[place])) in apart


@given(data=st.data())
def test_modulus_11_catches_every_wrong_digit_while_no_check_digit_is_0(data: st.DataObject) -> None:
    number, wrong, _ = _wrong_digit(CheckDigit.MODULUS_11, data)
    if is_valid(CheckDigit.MODULUS_11, wrong):
        assert number.endswith("0")
        assert wrong.endswith("0")


@pytest.mark.parametrize("scheme", [CheckDigit.MODULUS_10_2_1_WHOLE, CheckDigit.ISBN_10, CheckDigit.ISSN])
@given(data=st.data())
def test_every_exchange_is_caught(scheme: CheckDigit, data: st.DataObject) -> None:
    exchanged = _exchanged(scheme, data)
    assert exchanged is None or not is_valid(scheme, exchanged[1])


@pytest.mark.parametrize(
    ("scheme", "apart"),
    [
        (CheckDigit.MODULUS_10_2_1_SPLIT, {9}),
        (CheckDigit.MODULUS_10_3_1, {5}),
        (CheckDigit.EAN_13, {5}),
        (CheckDigit.SEVEN_DR, {7}),
    ],
)
@given(data=st.data())
def test_an_exchange_is_caught_unless_the_two_lie_that_far_apart(
    scheme: CheckDigit, apart: set[int], data: st.DataObject
) -> None:
    exchanged = _exchanged(scheme, data)
    if exchanged is not None and is_valid(scheme, exchanged[1]):
        number, _, place = exchanged
        assert abs(int(number[place]) - int(number[place + 1])) in apart


@given(data=st.data())
def test_modulus_11_misses_exchanges_only_where_a_0_is_involved(data: st.DataObject) -> None:
    exchanged = _exchanged(CheckDigit.MODULUS_11, data)
    if exchanged is not None and is_valid(CheckDigit.MODULUS_11, exchanged[1]):
        number, swapped, _ = exchanged
        assert "0" in (number[-1], swapped[-1])


@pytest.mark.parametrize("scheme", [CheckDigit.SEVEN_DSR, CheckDigit.NINE_DR])
@given(data=st.data())
def test_the_last_pair_exchanged(scheme: CheckDigit, data: st.DataObject) -> None:
    body = data.draw(_bodies(scheme))
    number = body + check_character(scheme, body)
    swapped = number[:-2] + number[-1] + number[-2]
    if scheme is CheckDigit.NINE_DR:
        assert swapped == number or not is_valid(scheme, swapped)
    elif number[-2] < "7":
        assert is_valid(scheme, swapped)


@pytest.mark.parametrize(
    ("scheme", "right", "wrong"),
    [
        (CheckDigit.MODULUS_10_2_1_SPLIT, "1094", "1904"),
        (CheckDigit.MODULUS_10_2_1_WHOLE, "1234567", "1234562"),
        (CheckDigit.MODULUS_10_3_1, "160", "610"),
        (CheckDigit.SEVEN_DR, "120", "190"),
        (CheckDigit.SEVEN_DR, "180", "810"),
        (CheckDigit.SEVEN_DSR, "120", "190"),
        (CheckDigit.NINE_DR, "1203", "1293"),
        (CheckDigit.NINE_DR, "123", "213"),
        (CheckDigit.NINE_DSR, "123", "321"),
        (CheckDigit.MODULUS_16, "123", "321"),
        (CheckDigit.MODULUS_43, "123", "321"),
    ],
)
def test_known_blind_spots_are_real(scheme: CheckDigit, right: str, wrong: str) -> None:
    assert check_character(scheme, right) == check_character(scheme, wrong)


def test_blind_spots_where_modulus_11_folds_10_into_0() -> None:
    # 6 * 2 = 12 leaves 10 and 0 leaves 11: both print a 0.
    assert check_character(CheckDigit.MODULUS_11, "6") == check_character(CheckDigit.MODULUS_11, "0") == "0"


def test_weighted_modulus_11_gives_no_guarantee() -> None:
    checks = [check_character(CheckDigit.WEIGHTED_MODULUS_11, digit) for digit in "0123456789"]
    assert len(set(checks)) < len(checks)


def test_the_second_weights_of_weighted_modulus_11_never_leave_10() -> None:
    # Only the remainder, and the one digit whose two weights are no complements, decide: all cases are few.
    digits = set()
    for body in product("0123456789", repeat=4):
        number = body[0] + "0000" + "".join(body[1:3]) + body[3]
        digits.add(check_character(CheckDigit.WEIGHTED_MODULUS_11, number))
    assert digits == set("0123456789")


def test_luhn_is_the_split_scheme() -> None:
    assert CheckDigit.LUHN is CheckDigit.MODULUS_10_2_1_SPLIT


def test_none_has_no_check_character() -> None:
    assert check_character(CheckDigit.NONE, "12") == ""
    assert is_valid(CheckDigit.NONE, "12")
    assert not is_valid(CheckDigit.NONE, "")


@pytest.mark.parametrize(
    ("scheme", "body"),
    [
        (CheckDigit.LUHN, ""),
        (CheckDigit.LUHN, "12a"),
        (CheckDigit.LUHN, "１２"),
        (CheckDigit.LUHN, "१२"),
        (CheckDigit.WEIGHTED_MODULUS_11, "1234567890123"),
        (CheckDigit.ISBN_10, "12345678"),
        (CheckDigit.ISSN, "123456"),
        (CheckDigit.EAN_13, "1234567890123"),
        (CheckDigit.MODULUS_16, "A1"),
        (CheckDigit.MODULUS_43, "a1"),
    ],
)
def test_what_a_scheme_has_no_answer_for(scheme: CheckDigit, body: str) -> None:
    with pytest.raises(ValueError, match=r"digit|value"):
        check_character(scheme, body)


@pytest.mark.parametrize(("start", "stop"), [("E", "A"), ("", "A"), ("A", "AB"), ("1", "A")])
def test_modulus_16_refuses_other_letters(start: str, stop: str) -> None:
    with pytest.raises(ValueError, match="start and a stop letter"):
        check_character(CheckDigit.MODULUS_16, "1", start=start, stop=stop)
    assert not is_valid(CheckDigit.MODULUS_16, "1-", start=start, stop=stop)


@pytest.mark.parametrize("scheme", SCHEMES)
@given(text=st.text(), start=st.text(max_size=2))
def test_is_valid_never_raises(scheme: CheckDigit, text: str, start: str) -> None:
    assert is_valid(scheme, text, start=start) in (True, False)
