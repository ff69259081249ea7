"""Keys stay alike over ways of writing, and only over those; fields compare as the rules say."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given as with_given
from hypothesis import strategies as st

from madoguchi.app.catalogue.folding import folded
from madoguchi.app.patrons.comparing import (
    PERSON_LETTERS,
    address_key,
    blocks,
    compare,
    given,
    keys_of,
    keys_typed,
    one_edit,
    person_key,
    telephone_key,
)
from madoguchi.app.patrons.finding import Likeness
from madoguchi.app.patrons.likeness import Match

KANA = st.text("".join(chr(code) for code in range(0x30A1, 0x30FD)) + " 　ーっゃがぱ", max_size=20)


@pytest.mark.parametrize(
    "alike",
    [
        ("オオノ ユウコ", "オーノ ユーコ", "オノ ユコ", "おおの　ゆうこ", "ｵｵﾉ ﾕｳｺ", "オウノユウコ"),
        ("サトウ ショウコ", "サトー シヨウコ", "サトウ シヨーコ", "サドウ ジョウコ"),
        ("カトウ ウメコ", "カトー ウメコ"),
        ("ハットリ ケイイチ", "ハツトリ ケーイチ"),
        ("ナカジマ", "ナカシマ", "ナカヂマ"),
        ("ミズノ", "ミヅノ", "ミスノ"),
        ("ヰノウヱ", "イノウエ", "イノーエ"),
        ("ヴィクトリア", "ビクトリア", "ピクトリア"),
        ("メアリー・アン", "メアリ アン"),
    ],
)
def test_a_person_written_otherwise_has_one_key(alike: tuple[str, ...]) -> None:
    assert len({person_key(kana) for kana in alike}) == 1
    assert person_key(alike[0]) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("タナカ", "タカナ"), ("アイ", "アオイ"), ("サトウ アイ", "サトウ アオイ"), ("キノ", "キンノ")],
)
def test_other_people_have_other_keys(one: str, other: str) -> None:
    assert person_key(one) != person_key(other)


@with_given(KANA)
def test_a_key_has_no_more_than_it_needs(kana: str) -> None:
    key = person_key(kana)
    assert person_key(key) == key
    assert not set(key) & (set(PERSON_LETTERS) | set(" 　ー"))
    assert person_key(folded(kana)) == key
    assert person_key(re.sub("[ 　]", "", kana)) == key


@pytest.mark.parametrize(
    "alike",
    [
        (
            "神奈川県藤沢市鵠沼海岸１丁目２番３号",
            "藤沢市鵠沼海岸一丁目2-3",
            "藤沢市鵠沼海岸１－２－３",
            "藤沢市 鵠沼海岸1ー2ー3",
            "〒251-0037 神奈川県藤沢市鵠沼海岸1の2の3 ハイツ湘南",
            "藤沢市鵠沼海岸一−二−三",
        ),
        ("茅ヶ崎市十間坂12番地の5", "茅ケ崎市十間坂十二番地5", "茅が崎市十間坂12‐5"),
        ("港区三田二十一丁目4番10号", "東京都港区三田21-4-10"),
        ("千代田区一番町3-4", "東京都千代田区一番町三番四号"),
        (
            "藤沢市石川1-2-3 第二ハイツ101",
            "藤沢市大字石川1丁目2番3号第2ハイツ101号室",
            "藤沢市石川1-2-3-2-101",
        ),
        ("横浜市戸塚区", "神奈川県横浜市戸塚区"),
    ],
)
def test_an_address_written_otherwise_has_one_key(alike: tuple[str, ...]) -> None:
    assert len({address_key(address) for address in alike}) == 1


def test_other_addresses_have_other_keys() -> None:
    keys = [
        address_key(text)
        for text in (
            "藤沢市石川1-23",
            "藤沢市石川12-3",
            "藤沢市三田1-23",
            "藤沢市四田1-23",
            "藤沢市石川",
            "1-23",
        )
    ]
    assert len(set(keys)) == len(keys)
    assert address_key("藤沢市三田12-3") == "藤沢市三田 12-3"
    assert address_key(" ・") == ""


def test_a_telephone_is_its_digits() -> None:
    assert telephone_key("（０４６６）00－1234") == telephone_key("0466-00-1234") == "0466001234"
    assert telephone_key("なし") == ""


@with_given(st.text(max_size=40))
def test_no_text_breaks_a_key(text: str) -> None:
    assert set(telephone_key(text)) <= set("0123456789")
    assert address_key(text) == "" or " " in address_key(text)
    assert isinstance(person_key(text), str)


def test_the_given_name_stands_after_the_space() -> None:
    assert given("山田　花子") == given("山田 花子") == "花子"
    assert given("山田花子") == given("山田 ") == ""


THERE = keys_of(
    name="山田 花子",
    kana="ヤマダ ハナコ",
    birth_date=dt.date(1980, 4, 12),
    telephone="0466-00-1234",
    address="藤沢市鵠沼海岸1-2-3",
)
TYPED = {
    "name": "山田 花子",
    "kana": "やまだ　はなこ",
    "birth_date": dt.date(1980, 4, 12),
    "telephone": "0466001234",
} | {"address": "鵠沼海岸"}


@pytest.mark.parametrize(
    ("what", "typed", "expected"),
    [
        ("name", "山田花子", Match.SAME),
        ("name", "鈴木 花子", Match.NEAR),
        ("name", "山田 花江", Match.DIFFERENT),
        ("name", "鈴木花子", Match.DIFFERENT),
        ("name", "", Match.UNKNOWN),
        ("kana", "ヤマタハナコ", Match.SAME),
        ("kana", "スズキ ハナコ", Match.NEAR),
        ("kana", "ヤマダ ハナエ", Match.NEAR),
        ("kana", "ヤマダ ハナ", Match.NEAR),
        ("kana", "ヤマダ イチロウ", Match.DIFFERENT),
        ("kana", " ・", Match.UNKNOWN),
        ("birth_date", dt.date(1980, 4, 12), Match.SAME),
        ("birth_date", dt.date(1980, 12, 4), Match.NEAR),
        ("birth_date", dt.date(1908, 4, 12), Match.NEAR),
        ("birth_date", dt.date(1980, 4, 13), Match.NEAR),
        ("birth_date", dt.date(1980, 5, 12), Match.NEAR),
        ("birth_date", dt.date(1981, 12, 4), Match.DIFFERENT),
        ("birth_date", dt.date(1980, 5, 13), Match.DIFFERENT),
        ("birth_date", None, Match.UNKNOWN),
        ("telephone", "０４６６－００－１２３４", Match.SAME),
        ("telephone", "090-9999-1234", Match.NEAR),
        ("telephone", "234", Match.DIFFERENT),
        ("telephone", "なし", Match.UNKNOWN),
        ("address", "神奈川県藤沢市鵠沼海岸一丁目2番3号", Match.SAME),
        ("address", "藤沢市鵠沼海岸4-5-6", Match.NEAR),
        ("address", "藤沢市辻堂1-2-3", Match.DIFFERENT),
        ("address", "1-2-3", Match.DIFFERENT),
        ("address", "", Match.UNKNOWN),
    ],
)
def test_a_field_compares(what: str, typed: object, expected: Match) -> None:
    likeness = Likeness(**(TYPED | {what: typed}))
    found = compare(keys_typed(likeness), THERE)
    assert getattr(found, f"{what.removesuffix('_date')}_match") is expected
    # it makes no difference which of the two is typed
    assert compare(THERE, keys_typed(likeness)) == found


@with_given(st.text("アイウ", max_size=6), st.text("アイウ", max_size=6))
def test_one_edit_is_one_step(one: str, other: str) -> None:
    steps = {one[:place] + one[place + 1 :] for place in range(len(one))}
    steps |= {one[:place] + letter + one[place + 1 :] for place in range(len(one)) for letter in "アイウ"}
    steps |= {one[:place] + letter + one[place:] for place in range(len(one) + 1) for letter in "アイウ"}
    long_enough = max(len(one), len(other)) >= 4
    assert one_edit(one, other) == (long_enough and other in steps)


def test_who_is_looked_at() -> None:
    def seen(**typed: object) -> bool:
        return blocks(keys_typed(Likeness(**typed)), THERE)

    assert seen(kana="ヤマタ ハナコ")
    assert seen(birth_date=dt.date(1980, 4, 12))
    assert seen(telephone="0466001234")
    assert not seen(name="山田 花子", address="藤沢市鵠沼海岸1-2-3", birth_date=dt.date(1980, 4, 13))
    assert not blocks(keys_typed(Likeness()), keys_typed(Likeness()))
