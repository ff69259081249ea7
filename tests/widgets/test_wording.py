"""Every answer has its words, in Japanese, and no two answers have the same."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from madoguchi.app.lending.answers import Refused
from madoguchi.app.lending.materials import LoanGroup
from madoguchi.app.lending.rules import Refusal
from madoguchi.barcode.symbology import (
    CommandCode,
    Isbn,
    ItemCode,
    Meaning,
    ParsedCode,
    PatronCode,
    StaffCode,
    Unknown,
    UnknownReason,
)
from madoguchi.widgets import wording
from madoguchi.widgets.wording import Words

DUE = dt.date(2026, 12, 5)
CODES: dict[str, ParsedCode] = {
    "ISBN": Isbn("9784003101018"),
    "staff": StaffCode("90000015"),
    "patron": PatronCode("2000000017"),
    "command": CommandCode("UNDO"),
    "item": ItemCode("1000000016"),
    **{reason.value: Unknown(reason, "shown") for reason in UnknownReason},
}


def assert_words(words: Words) -> None:
    """They are whole sentences or words in Japanese, with nothing left to fill in."""
    for text in (words.state, words.detail):
        assert re.search("[ぁ-んァ-ヶ一-龠]", text), text
        assert not re.search(r"[{}]|None|\s$|^\s", text), text


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_has_words(refusal: Refusal) -> None:
    assert_words(wording.refused(Refused(refusal, due_on=DUE, waiting=2, limit=10)))


def test_no_two_refusals_say_the_same() -> None:
    said = [wording.refused(Refused(refusal, due_on=DUE, waiting=2, limit=10)) for refusal in Refusal]
    assert len({(words.state, words.detail) for words in said}) == len(Refusal)
    # undoing apart, which is refused for two reasons, the state alone tells them apart
    assert len({words.state for words in said}) >= len(Refusal) - 2


@pytest.mark.parametrize("refusal", Refusal)
def test_a_bare_refusal_has_words_too(refusal: Refusal) -> None:
    words = wording.refused(Refused(refusal))
    assert words.state
    assert words.detail


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (Refused(Refusal.ON_LOAN_TO_PATRON, due_on=DUE), "12/5(土)"),
        (Refused(Refusal.RENEWED_ALREADY, due_on=DUE), "12/5(土)"),
        (Refused(Refusal.OVERDUE, due_on=DUE), "12/5(土)"),
        (Refused(Refusal.OVER_LIMIT, limit=5), "5点"),
        (Refused(Refusal.RESERVED, waiting=3), "3人待ち"),
        (Refused(Refusal.RESERVED), "別の利用者の取置"),
    ],
)
def test_a_refusal_says_the_number_or_the_day(answer: Refused, part: str) -> None:
    assert part in wording.refused(answer).detail


def test_a_card_is_unknown_or_lost() -> None:
    unknown, lost = (
        wording.card_refused(Refused(refusal)) for refusal in (Refusal.UNKNOWN_CARD, Refusal.CARD_LOST)
    )
    assert_words(unknown)
    assert_words(lost)
    assert unknown.state != lost.state
    assert unknown.detail != lost.detail


@pytest.mark.parametrize("kind", CODES)
def test_whatever_is_no_item_has_words(kind: str) -> None:
    assert_words(wording.not_an_item(CODES[kind]))


def test_each_kind_has_its_own_state() -> None:
    states = [wording.not_an_item(code).state for code in CODES.values()]
    assert len(set(states)) == len(CODES)


@pytest.mark.parametrize("reason", UnknownReason)
@pytest.mark.parametrize("meaning", Meaning)
def test_it_does_not_matter_what_it_looked_like(reason: UnknownReason, meaning: Meaning) -> None:
    assert_words(wording.not_an_item(Unknown(reason, "shown", meaning)))


def test_a_misread_card_is_told_from_a_misread_item() -> None:
    misread = Unknown(UnknownReason.WRONG_CHECK_DIGIT, "2000000018", Meaning.PATRON)
    card, item = (
        wording.not_an_item(replace(misread, looked_like=meaning))
        for meaning in (Meaning.PATRON, Meaning.ITEM)
    )
    assert "利用者番号" in card.detail
    assert "利用者番号" not in item.detail


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("ISBN", "9784003101018"),
        ("staff", "90000015"),
        ("command", "UNDO"),
        ("item", "1000000016"),
        ("not a code", "shown"),
    ],
)
def test_what_was_scanned_is_shown(kind: str, shown: str) -> None:
    assert wording.shown_text(CODES[kind]) == shown


def test_whose_card_it_is_is_not_shown() -> None:
    assert wording.shown_text(PatronCode("2000000017")) == "—"


def test_nothing_is_shown_as_a_dash() -> None:
    assert wording.shown_text(Unknown(UnknownReason.EMPTY, "")) == "—"


def test_days_are_written_as_at_a_counter() -> None:
    monday = dt.date(2026, 11, 30)
    days = [wording.day(monday + dt.timedelta(days=after)) for after in range(7)]
    assert days == ["11/30(月)", "12/1(火)", "12/2(水)", "12/3(木)", "12/4(金)", "12/5(土)", "12/6(日)"]


def test_each_group_of_kinds_has_a_name() -> None:
    assert len({wording.group(group) for group in LoanGroup}) == len(LoanGroup)
