"""Magazine codes and ISSN: examples in print, round trips, and that a wrong digit is never put right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.barcode.check_digits import CheckDigit, check_character
from madoguchi.barcode.periodicals import Issn, Magazine, issn_of, looks_like_issn, magazine_of
from madoguchi.barcode.symbology import TRAINING_PLAN, Meaning, Unknown, UnknownReason, parse

DIGITS = "0123456789"


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=count, max_size=count)


def test_a_magazine_in_print() -> None:
    # 天文ガイド, February 2012, 743 yen without tax: "4910065410224 00743" and "雑誌 06541-02" on its cover
    # (k-ichi.blogspot.com, 2012-01-09)
    found = parse("491006541022400743", TRAINING_PLAN)
    assert found == Magazine("06541", "02", 2, 743, "4910065410224")
    assert isinstance(found, Magazine)
    assert (found.written, found.month) == ("06541-02", 2)


@pytest.mark.parametrize(
    ("code", "issue", "month"),
    [
        ("01234", "12", 12),
        ("01234", "13", None),
        ("01234", "00", None),
        ("20123", "05", 5),
        ("30123", "05", 5),
        # comics and mooks are counted, not dated
        ("45678", "05", None),
        ("67890", "05", None),
    ],
)
def test_the_month_of_a_magazine_that_is_dated(code: str, issue: str, month: int | None) -> None:
    body = f"4910{code}{issue}7"
    found = magazine_of(body + check_character(CheckDigit.EAN_13, body))
    assert found is not None
    assert (found.month, found.year_digit) == (month, 7)


@given(
    code=_digits(5),
    issue=_digits(2),
    year=_digits(1),
    price=st.integers(0, 9999),
    add_on=st.sampled_from([0, 2, 5]),
)
def test_a_magazine_reads_back(code: str, issue: str, year: str, price: int, add_on: int) -> None:
    body = f"4910{code}{issue}{year}"
    digits = body + check_character(CheckDigit.EAN_13, body)
    behind = f"0{price:04}"[:add_on]
    found = parse(digits + behind, TRAINING_PLAN)
    assert found == Magazine(code, issue, int(year), price or None if add_on == 5 else None, digits)


@given(body=_digits(7), variant=_digits(2), add_on=st.sampled_from(["", "03", "00203"]))
def test_an_issn_reads_back_scanned_and_written(body: str, variant: str, add_on: str) -> None:
    issn = f"{body[:4]}-{body[4:]}{check_character(CheckDigit.ISSN, body)}"
    ean = "977" + body + variant
    ean += check_character(CheckDigit.EAN_13, ean)
    assert parse(ean + add_on, TRAINING_PLAN) == Issn(issn, variant, add_on)
    for written in (issn, f"ISSN {issn}", f"issn:{issn}", f"ISSN{issn}", f"ISSN {issn.replace('-', '')}"):
        assert parse(written, TRAINING_PLAN) == Issn(issn), written


@given(body=_digits(10), prefix=st.sampled_from(["977", "491"]), data=st.data())
def test_a_wrong_digit_is_never_put_right(body: str, prefix: str, data: st.DataObject) -> None:
    number = (prefix + body)[:12]
    number += check_character(CheckDigit.EAN_13, number)
    place = data.draw(st.integers(3, 12))
    wrong = data.draw(st.sampled_from(sorted(set(DIGITS) - {number[place]})))
    misread = number[:place] + wrong + number[place + 1 :]
    looked_like = Meaning.ISSN if prefix == "977" else Meaning.MAGAZINE
    assert parse(misread, TRAINING_PLAN) == Unknown(UnknownReason.WRONG_CHECK_DIGIT, misread, looked_like)


def test_eight_bare_digits_are_nobodys_issn() -> None:
    assert issn_of("03178471") is None
    assert not looks_like_issn("03178471")
    assert issn_of("03178-471") is None
    assert magazine_of("9784003101018") is None


@given(text=st.text(st.characters(exclude_categories=()), max_size=30))
def test_no_text_makes_them_raise(text: str) -> None:
    assert issn_of(text) is None or looks_like_issn(text)
    assert magazine_of(text) is None or text.startswith("491")
