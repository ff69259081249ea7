"""What is typed to find a patron, made into a question."""

from __future__ import annotations

import datetime as dt

import pytest

from madoguchi.app.patrons.asked import BIRTH, TELEPHONE, WORDS, AskProblem, query_of
from madoguchi.app.patrons.birth_dates import BirthDateProblem
from madoguchi.app.patrons.finding import PatronQuery

TODAY = dt.date(2026, 5, 12)
BORN = dt.date(1980, 4, 1)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ({WORDS: "ふじ"}, PatronQuery("ふじ")),
        ({WORDS: "　藤沢　花子 "}, PatronQuery("藤沢 花子")),
        # the one box understands all three
        ({WORDS: "1234"}, PatronQuery("", "1234")),
        ({WORDS: "１２３４"}, PatronQuery("", "1234")),
        ({WORDS: "S55.4.1"}, PatronQuery("", "", BORN)),
        ({WORDS: "昭和５５年４月１日"}, PatronQuery("", "", BORN)),
        ({WORDS: "ふじ 1980/4/1 1234"}, PatronQuery("ふじ", "1234", BORN)),
        ({WORDS: "1234 5678"}, PatronQuery("5678", "1234")),
        ({WORDS: "2千円"}, PatronQuery("2千円")),
        # what stands in its own field is meant
        ({WORDS: "ふじ", TELEPHONE: "12-34", BIRTH: "19800401"}, PatronQuery("ふじ", "1234", BORN)),
        ({WORDS: "5678", TELEPHONE: "1234"}, PatronQuery("5678", "1234")),
        ({WORDS: "S55.4.1", BIRTH: "H1.1.8"}, PatronQuery("S55.4.1", "", dt.date(1989, 1, 8))),
        ({}, PatronQuery()),
        ({WORDS: " 　", TELEPHONE: " ", BIRTH: "　"}, PatronQuery()),
    ],
)
def test_what_is_typed_is_understood(typed: dict[str, str], query: PatronQuery) -> None:
    assert query_of(typed, today=TODAY) == query


def test_every_field_that_is_wrong_is_told_at_once() -> None:
    assert query_of({WORDS: "ふじ", TELEPHONE: "123", BIRTH: "55.4.1"}, today=TODAY) == {
        TELEPHONE: AskProblem.NOT_FOUR_DIGITS,
        BIRTH: BirthDateProblem.ERA_MISSING,
    }
    assert query_of({TELEPHONE: "千二百三十四", BIRTH: "R30.1.1"}, today=TODAY) == {
        TELEPHONE: AskProblem.NOT_FOUR_DIGITS,
        BIRTH: BirthDateProblem.IN_FUTURE,
    }


def test_nothing_typed_stands_in_the_repr() -> None:
    query = query_of({WORDS: "藤沢", TELEPHONE: "1234", BIRTH: "S55.4.1"}, today=TODAY)
    assert not any(word in repr(query) for word in ("藤沢", "1234", "1980"))
