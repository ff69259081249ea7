"""The form of quick-add: every wrong field told at once, and what is taken fits the columns."""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.catalogue.from_record import fields_of
from madoguchi.app.catalogue.ndl import BibRecord, shipped_records
from madoguchi.app.catalogue.ndl_names import Creator
from madoguchi.app.catalogue.ndl_text import clean
from madoguchi.app.catalogue.new_item import (
    HIDDEN,
    LONGEST,
    LONGEST_NAME,
    LONGEST_TYPED,
    MOST_CREATORS,
    OF_THE_ITEM,
    ItemField,
    ItemProblem,
    NewCreator,
    NewItem,
    NewTitle,
    check_new_item,
    fits,
)
from madoguchi.app.lending.materials import MaterialKind
from madoguchi.app.server import schema
from madoguchi.app.server import tables as t
from madoguchi.barcode.symbology import TRAINING_PLAN, complete

TODAY = dt.date(2026, 5, 12)
ITEM = complete(TRAINING_PLAN.rules[0], 71)
CARD = complete(TRAINING_PLAN.rules[1], 71)
GOOD = {"item_number": ITEM, "title": "こころ"}


def checked(title_id: int | None = None, **typed: str) -> object:
    return check_new_item(GOOD | typed, plan=TRAINING_PLAN, today=TODAY, title_id=title_id)


def title(**typed: str) -> NewTitle:
    found = checked(**typed)
    assert isinstance(found, NewItem), found
    assert isinstance(found.title, NewTitle)
    return found.title


def test_a_title_is_enough_and_a_book_is_what_it_is() -> None:
    assert checked() == NewItem(ITEM, NewTitle("こころ"), MaterialKind.BOOK)


def test_all_of_it() -> None:
    found = checked(
        kind="dvd",
        attachments="解説書 1冊",
        title="　坊っちゃん\u200b\t",
        title_kana="ﾎﾞｯﾁｬﾝ　上",
        creators="夏目 漱石 ; 佐藤 花；",
        creators_kana="なつめ そうせき；",
        publisher="新潮社",
        year="２００４",
        isbn="ISBN 4-10-101013-7",
        ndc="９１３．６",
        volume="１",
        series="新潮文庫",
        edition="改版",
        extent="２０８ｐ",
    )
    assert found == {ItemField.TITLE_KANA: ItemProblem.NOT_KANA}, "上 is no kana"
    found = title(
        title="　坊っちゃん\u200b\t",
        title_kana="ﾎﾞｯﾁｬﾝ　じょう 3",
        creators="夏目 漱石 ; 佐藤 花；",
        creators_kana="なつめ そうせき；",
        year="２００４",
        isbn="ISBN 4-10-101013-7",
        ndc="９１３．６",
        volume="１",
        extent="２０８ｐ",
    )
    assert found == NewTitle(
        "坊っちゃん",
        "ボッチャン ジョウ 3",
        (NewCreator("夏目 漱石", "ナツメ ソウセキ"), NewCreator("佐藤 花")),
        year=2004,
        isbn="9784101010137",
        ndc="913.6",
        volume="1",
        extent="208p",
    )
    assert found.statement == "夏目 漱石・佐藤 花"


WRONG: list[tuple[str, str, ItemProblem]] = [
    ("item_number", "", ItemProblem.NEEDED),
    ("item_number", CARD, ItemProblem.A_PATRONS_CARD),
    ("item_number", "9784101010137", ItemProblem.NOT_AN_ITEM),
    ("item_number", "1920193004003", ItemProblem.NOT_AN_ITEM),
    ("item_number", ITEM[:-1] + str((int(ITEM[-1]) + 1) % 10), ItemProblem.ITEM_CHECK_DIGIT),
    ("item_number", ITEM + "0", ItemProblem.ITEM_LENGTH),
    ("item_number", "\u202e" + ITEM, ItemProblem.NOT_AN_ITEM),
    ("item_number", "1" * 5000, ItemProblem.NOT_AN_ITEM),
    ("kind", "bok", ItemProblem.NO_SUCH_KIND),
    ("title", "", ItemProblem.NEEDED),
    ("title", "\u3000\u200b\u202e\x00", ItemProblem.NEEDED),
    *(
        (field.value, "あ" * (longest + 1), ItemProblem.TOO_LONG)
        for field, longest in LONGEST.items()
        if field not in (ItemField.ITEM_NUMBER, ItemField.NDC)
    ),
    ("title", "あ" * (LONGEST_TYPED + 1), ItemProblem.TOO_LONG),
    ("title", "あ" + " " * LONGEST_TYPED, ItemProblem.TOO_LONG),
    ("title_kana", "心", ItemProblem.NOT_KANA),
    ("title_kana", "Сердце", ItemProblem.NOT_KANA),
    ("creators", "a" * (LONGEST_NAME + 1), ItemProblem.TOO_LONG),
    ("creators", "a;" * (MOST_CREATORS + 1), ItemProblem.TOO_MANY_NAMES),
    ("creators_kana", "ナツメ", ItemProblem.MORE_READINGS_THAN_NAMES),
    ("creators_kana", "漱石", ItemProblem.NOT_KANA),
    ("year", "昔", ItemProblem.NOT_A_YEAR),
    ("year", "20040", ItemProblem.NOT_A_YEAR),
    ("year", "昭和99", ItemProblem.NOT_A_YEAR),
    ("year", "0999", ItemProblem.YEAR_OUT_OF_RANGE),
    ("year", "2028", ItemProblem.YEAR_OUT_OF_RANGE),
    ("isbn", "9784101010138", ItemProblem.ISBN_CHECK_DIGIT),
    ("isbn", "4-10-101013-8", ItemProblem.ISBN_CHECK_DIGIT),
    ("isbn", "97841010101", ItemProblem.NOT_AN_ISBN),
    ("isbn", "1920193004003", ItemProblem.NOT_AN_ISBN),
    ("isbn", "9" * 100, ItemProblem.NOT_AN_ISBN),
    ("ndc", "91", ItemProblem.NOT_AN_NDC),
    ("ndc", "小説", ItemProblem.NOT_AN_NDC),
]


@pytest.mark.parametrize(("field", "typed", "problem"), WRONG)
def test_each_field_that_is_wrong(field: str, typed: str, problem: ItemProblem) -> None:
    assert checked(**{field: typed}) == {ItemField(field): problem}


def test_all_that_is_wrong_is_told_at_once() -> None:
    last = {field: (typed, problem) for field, typed, problem in WRONG}
    found = checked(**{field: typed for field, (typed, _) in last.items()})
    assert found == {ItemField(field): problem for field, (_, problem) in last.items()}
    assert set(found) == set(ItemField)


@pytest.mark.parametrize(
    ("typed", "year"),
    [("1000", 1000), ("2027", 2027), ("2004年", 2004), ("昭和55", 1980), ("S55", 1980), ("令和元年", 2019)],
)
def test_a_year_of_either_calendar(typed: str, year: int) -> None:
    assert title(year=typed).year == year


def test_of_a_copy_only_what_is_the_items_is_looked_at() -> None:
    assert set(ItemField) >= set(OF_THE_ITEM)
    assert checked(7, title="", isbn="x", year="x") == NewItem(ITEM, 7)
    assert checked(7, kind="x") == {ItemField.KIND: ItemProblem.NO_SUCH_KIND}


def test_the_lengths_are_the_columns() -> None:
    columns = {
        ItemField.ITEM_NUMBER: t.item.c.number,
        ItemField.ATTACHMENTS: t.item.c.attachments,
        ItemField.CREATORS: t.title.c.statement,
    }
    for field, longest in LONGEST.items():
        column = columns.get(field) if field in columns else t.title.c.get(field.value)
        assert column is None or column.type.length == longest, field
    assert t.title_creator.c.name.type.length == t.title_creator.c.reading.type.length == LONGEST_NAME


_ODD = [typed for _, typed, _ in WRONG]
_ODD += [ITEM, "こころ", "4101010137", "９１３．６", "a;" * 30, "\ud800", "ﷺ" * 300]
_ANYTHING = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=60)
_ANYTHING |= st.sampled_from(_ODD)


@given(typed=st.dictionaries(st.sampled_from([field.value for field in ItemField]), _ANYTHING))
def test_whatever_is_typed_it_answers_and_what_it_takes_fits(typed: dict[str, str]) -> None:
    found = check_new_item(typed, plan=TRAINING_PLAN, today=TODAY)
    if isinstance(found, NewItem):
        assert fits(found, TODAY)
    else:
        assert found
    # each field by itself, the others good
    for field, text in typed.items():
        one = checked(**{field: text})
        if isinstance(one, NewItem):
            assert fits(one, TODAY)
            assert isinstance(one.title, NewTitle)
            assert title(**{field: text}) == one.title
        else:
            assert set(one) == {ItemField(field)}


def test_what_is_hidden_is_taken_out_and_the_servers_list_is_the_same() -> None:
    hidden = [chr(code) for code in range(sys.maxunicode + 1) if HIDDEN.match(chr(code))]
    assert len(hidden) > 100
    for character in hidden:
        assert clean(f"a{character}b", 10) in ("ab", "a b"), hex(ord(character))
    text = (Path(schema.__file__).parent / "migrations/sql/0008_quick_add.sql").read_text(encoding="utf-8")
    (listed,) = re.findall(r"~ '(\[\\u0001[^']*\])'", text)
    theirs = re.compile(listed)
    # text of PostgreSQL holds neither NUL nor half a letter
    ours = {character for character in hidden if character != "\0" and not "\ud800" <= character <= "\udfff"}
    assert {chr(code) for code in range(1, sys.maxunicode + 1) if theirs.match(chr(code))} == ours


# -- from a record -----------------------------------------------------------------------------------


def test_every_record_that_ships_fills_the_form_without_a_problem() -> None:
    records = shipped_records().records
    assert len(records) > 200
    for record in records:
        found = checked(**fields_of(record))
        assert isinstance(found, NewItem), (record, found)
        assert isinstance(found.title, NewTitle)
        assert (found.title.title, found.title.isbn, found.kind) == (record.title, record.isbn13, record.kind)
        assert found.attachments == (record.attachments or "")


def test_readings_go_with_their_names() -> None:
    creators = (
        Creator("夏目 漱石", "ナツメ, ソウセキ"),
        Creator("O;Neil"),
        Creator("佐藤 花", "サトウ, ハナ"),
    )
    found = checked(**fields_of(BibRecord("x", "題", MaterialKind.BOOK, creators=creators)))
    assert isinstance(found, NewItem)
    assert isinstance(found.title, NewTitle)
    assert found.title.creators == (
        NewCreator("夏目 漱石", "ナツメ, ソウセキ"),
        NewCreator("O,Neil"),
        NewCreator("佐藤 花", "サトウ, ハナ"),
    )


_WORDS = st.text(min_size=1, max_size=120).map(lambda text: clean(text, 120)).filter(bool)


@given(
    st.builds(
        BibRecord,
        ndl_id=st.just("x"),
        title=_WORDS,
        kind=st.sampled_from(MaterialKind),
        title_kana=st.none() | _WORDS,
        volume=st.none() | _WORDS,
        series=st.none() | _WORDS,
        creators=st.lists(
            st.builds(Creator, name=_WORDS, reading=st.none() | _WORDS | st.just("ナツメ")), max_size=40
        ).map(tuple),
        statement_of_responsibility=st.none() | _WORDS,
        edition=st.none() | _WORDS.filter(lambda text: len(text) <= 100),
        extent=st.none() | _WORDS,
    )
)
def test_a_record_of_strangers_fills_the_form_too(record: BibRecord) -> None:
    found = checked(**fields_of(record))
    assert isinstance(found, NewItem), found
    assert fits(found, TODAY)
