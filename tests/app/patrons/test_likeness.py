"""Who is shown as likely the same person: those who are, however written, and none of their family."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product

import pytest

from madoguchi.app.patrons.comparing import Matches, compare, keys_typed
from madoguchi.app.patrons.finding import Likeness
from madoguchi.app.patrons.likeness import LIKELY, MOST, Compared, Match, likely

MOTHER = Likeness("山田 花子", "ヤマダ ハナコ", dt.date(1980, 4, 12), "0466-00-1234", "藤沢市鵠沼海岸1-2-3")


def compared(matches: Matches, patron_id: int = 1) -> Compared:
    return Compared(
        patron_id,
        name="",
        kana="",
        number_end="",
        name_match=matches.name_match,
        kana_match=matches.kana_match,
        birth_match=matches.birth_match,
        telephone_match=matches.telephone_match,
        address_match=matches.address_match,
    )


def shown(typed: Likeness, there: Likeness) -> bool:
    return likely((compared(compare(keys_typed(typed), keys_typed(there))),)) != ()


@pytest.mark.parametrize(
    "typed",
    [
        MOTHER,
        replace(MOTHER, telephone="", address=""),
        replace(MOTHER, telephone="090-1111-2222", address="横浜市戸塚区9-8-7"),
        replace(MOTHER, kana="ヤマタ ハナコ", name="山田 はなこ"),
        replace(MOTHER, kana="ヤマダ ハナオ", telephone="090-1111-2222"),
        replace(MOTHER, birth_date=dt.date(1980, 12, 4)),
        replace(MOTHER, birth_date=dt.date(1980, 4, 13), telephone=""),
        replace(MOTHER, birth_date=dt.date(1979, 5, 1)),
        # married: another family name, moved, the telephone kept or not
        replace(MOTHER, name="鈴木 花子", kana="スズキ ハナコ", address="藤沢市辻堂9-8-7"),
        replace(MOTHER, name="鈴木 花子", kana="スズキ ハナコ", telephone="", address=""),
        # not all is typed yet
        Likeness(kana="ヤマダハナコ", birth_date=MOTHER.birth_date),
        Likeness(name="山田花子", telephone="0466001234"),
    ],
)
def test_the_same_person_is_shown(typed: Likeness) -> None:
    assert shown(typed, MOTHER)


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        # a family: mother and daughter, twins, twins whose names differ by one sound, while little is typed
        (replace(MOTHER, name="山田 花", kana="ヤマダ ハナ", birth_date=dt.date(2010, 5, 6)), MOTHER),
        (replace(MOTHER, name="山田 次郎", kana="ヤマダ ジロウ"), MOTHER),
        (replace(MOTHER, name="山田 花恵", kana="ヤマダ ハナエ"), MOTHER),
        (replace(MOTHER, name="", kana=""), MOTHER),
        (replace(MOTHER, name="", kana="", birth_date=None), MOTHER),
        (replace(MOTHER, name="", kana="ヤマダ ハナエ"), MOTHER),
        (replace(MOTHER, name="山田", kana="ヤマダ"), MOTHER),
        # a brother whose name sounds alike, written otherwise
        (replace(MOTHER, name="山田 波奈子", birth_date=dt.date(1984, 7, 8)), MOTHER),
        # of the same name alone
        (Likeness(name=MOTHER.name, kana=MOTHER.kana), MOTHER),
        (replace(MOTHER, birth_date=dt.date(1955, 7, 8), telephone="", address=""), MOTHER),
        (replace(MOTHER, birth_date=dt.date(1955, 7, 8), telephone="1", address="藤沢市鵠沼海岸9"), MOTHER),
        (replace(MOTHER, birth_date=dt.date(1980, 4, 13), telephone="1", address="横浜市戸塚区9"), MOTHER),
        # born on the same day
        (Likeness("鈴木 一郎", "スズキ イチロウ", MOTHER.birth_date), MOTHER),
        (Likeness(), MOTHER),
    ],
)
def test_another_person_is_not_shown(typed: Likeness, there: Likeness) -> None:
    assert not shown(typed, there)


def test_the_likeliest_come_first_and_no_more_than_five() -> None:
    same = Matches(Match.SAME, Match.SAME, Match.SAME, Match.SAME, Match.SAME)
    less = replace(same, telephone_match=Match.DIFFERENT, address_match=Match.DIFFERENT)
    other = replace(same, name_match=Match.DIFFERENT, kana_match=Match.NEAR)
    found = likely((compared(less, 1), compared(other, 2), *(compared(same, key) for key in range(9, 4, -1))))
    assert [alike.compared.patron_id for alike in found] == [5, 6, 7, 8, 9]
    assert len(found) == MOST
    found = likely((compared(less, 1), compared(other, 2), compared(same, 3)))
    assert [alike.compared.patron_id for alike in found] == [3, 1]
    assert [alike.score for alike in found] == [100, 82]


def test_a_better_match_never_makes_less_likely() -> None:
    def score(matches: Matches) -> int:
        return next((alike.score for alike in likely((compared(matches),))), 0)

    names = ("birth_match", "telephone_match", "address_match")
    for values in product(Match, repeat=5):
        matches = Matches(*values)
        assert score(matches) == 0 or LIKELY <= score(matches) <= 100
        for name in names:
            if getattr(matches, name) in (Match.DIFFERENT, Match.NEAR):
                better = replace(matches, **{name: Match(getattr(matches, name) + 1)})
                assert score(better) >= score(matches)
