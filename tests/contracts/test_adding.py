"""Quick-add on both databases: added, lent and found at once; what is refused; nothing is half done."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.catalogue.adding import AddAnswer, AddRefusal, ItemAdded, NotAdded, SameTitle, add_item
from madoguchi.app.catalogue.look_up import open_title, search
from madoguchi.app.catalogue.new_item import NewCreator, NewItem, NewTitle
from madoguchi.app.catalogue.search import TitleQuery
from madoguchi.app.lending.answers import CheckedOut
from madoguchi.app.lending.checkout import cancel_checkout, check_out
from madoguchi.app.lending.facts import ItemShown
from madoguchi.app.lending.materials import MaterialKind
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import LendingServer
from tests.support.library import MINAMI, TODAY, SmallLibrary, new_id

NUMBER = "1000000728"
TITLE = NewTitle(
    "藤沢の坂",
    "フジサワ ノ サカ",
    (NewCreator("坂井 歩", "サカイ アユム"), NewCreator("John O'Neil")),
    publisher="湘南書房",
    year=2026,
    isbn="9784101010137",
    ndc="291.37",
    volume="上",
    series="湘南の本",
    edition="新版",
    extent="208p",
)
ITEM = NewItem(NUMBER, TITLE, attachments="地図 1枚")


@pytest.fixture(autouse=True)
def _keys_go_on(library: SmallLibrary) -> None:
    """What a test puts in comes with its keys; those of the server's sequences begin beyond them."""
    if library.on_postgresql:
        with library.engine.connect() as connection:
            for table in ("title", "item"):
                connection.exec_driver_sql(f"alter sequence {table}_id_seq restart with 500000")


def add(library: SmallLibrary, server: LendingServer, new: NewItem = ITEM, **how: object) -> AddAnswer:
    how = {"operation": new_id(), "desk": library.desk()} | how
    return server.run(partial(add_item, new=new, **how))


def count(library: SmallLibrary, table: sa.Table) -> object:
    return library.value(sa.select(sa.func.count()).select_from(table))


def contents(library: SmallLibrary) -> list[object]:
    tables = (t.title, t.title_creator, t.title_search, t.item, t.operation)
    return [library.rows(sa.select(table).order_by(*table.primary_key)) for table in tables]


def found(library: SmallLibrary, server: LendingServer, **query: str) -> list[int]:
    answer = server.run(partial(search, query=TitleQuery(**query), desk=library.desk()))
    return [title.title_id for title in answer.titles]


def test_it_is_there_lent_and_found_at_once(library: SmallLibrary, server: LendingServer) -> None:
    operation = new_id()
    added = add(library, server, operation=operation)
    assert isinstance(added, ItemAdded)
    shown = ItemShown(NUMBER, "藤沢の坂 上", "坂井 歩・John O'Neil", MaterialKind.BOOK, "地図 1枚")
    assert added == ItemAdded(operation, shown, added.title_id, True)
    card = server.run(partial(open_title, title_id=added.title_id, desk=library.desk()))
    assert card is not None
    assert (card.title, card.title_kana, card.creators) == (
        TITLE.title,
        TITLE.title_kana,
        TITLE.statement,
    )
    assert (card.isbn, card.ndc, card.volume, card.year) == (TITLE.isbn, TITLE.ndc, TITLE.volume, TITLE.year)
    assert (card.publisher, card.series, card.edition, card.extent) == (
        TITLE.publisher,
        TITLE.series,
        TITLE.edition,
        TITLE.extent,
    )
    assert [(copy.number, copy.home, copy.here) for copy in card.copies] == [(NUMBER, "総合", True)]
    for typed in ("ふじさわ", "藤沢の坂 上", "サカイ アユム", "oneil", "湘南書房", "291.3", NUMBER):
        assert found(library, server, anywhere=typed) == [added.title_id], typed
    for isbn in ("9784101010137", "4-10-101013-7"):
        assert found(library, server, anywhere=isbn) == [added.title_id]
    assert found(library, server, item_number=NUMBER) == [added.title_id]
    assert library.rows(sa.select(t.title.c.quick_added_on)) == [{"quick_added_on": TODAY}]
    lent = server.run(
        partial(
            check_out,
            operation=new_id(),
            visit=new_id(),
            card_number=library.patron(),
            item_number=NUMBER,
            desk=library.desk(),
        )
    )
    assert isinstance(lent, CheckedOut)
    assert lent.item == shown


def test_a_title_alone_is_enough(library: SmallLibrary, server: LendingServer) -> None:
    added = add(library, server, NewItem(NUMBER, NewTitle("こころ")), desk=library.desk(MINAMI))
    assert isinstance(added, ItemAdded)
    assert found(library, server, anywhere="ここ") == [added.title_id]
    assert library.value(sa.select(t.item.c.home_branch_id)) == MINAMI
    assert library.rows(sa.select(t.title_creator)) == []


def test_a_copy_of_a_title_that_is_there(library: SmallLibrary, server: LendingServer) -> None:
    title_id = library.value(sa.select(t.item.c.title_id).where(t.item.c.number == library.item()))
    assert isinstance(title_id, int)
    added = add(library, server, NewItem(NUMBER, title_id))
    assert isinstance(added, ItemAdded)
    assert (added.title_id, added.new_title) == (title_id, False)
    assert added.item.title.startswith("こころ")
    # it was catalogued: nobody need look at it again
    assert library.rows(sa.select(t.title.c.quick_added_on)) == [{"quick_added_on": None}]
    assert add(library, server, NewItem("1000000710", 987_654)) == NotAdded(AddRefusal.TITLE_GONE)
    for kind in (MaterialKind.CD, MaterialKind.MAGAZINE):
        assert add(library, server, NewItem("1000000710", title_id, kind)) == NotAdded(AddRefusal.WRONG_KIND)
    assert count(library, t.item) == 2


def test_a_number_that_is_known_says_whose_it_is(library: SmallLibrary, server: LendingServer) -> None:
    number = library.item(note="破れあり")
    before = contents(library)
    answer = add(library, server, replace(ITEM, item_number=number))
    assert isinstance(answer, NotAdded)
    assert answer.refusal is AddRefusal.ITEM_KNOWN
    assert answer.item is not None
    assert (answer.item.number, answer.item.note) == (number, "破れあり")
    assert answer.item.title.startswith("こころ")
    assert contents(library) == before


def test_one_book_gets_no_second_record_by_accident(library: SmallLibrary, server: LendingServer) -> None:
    first = add(library, server)
    assert isinstance(first, ItemAdded)
    before = contents(library)
    other = replace(ITEM, item_number="1000000710")
    operation = new_id()
    assert add(library, server, other, operation=operation) == SameTitle((first.title_id,))
    assert contents(library) == before
    # a volume is the same however it is written; another volume of a set is another title
    wide = replace(other, title=replace(TITLE, volume=" 上　"))
    assert add(library, server, wide) == SameTitle((first.title_id,))
    second_volume = replace(other, title=replace(TITLE, volume="下"))
    assert isinstance(add(library, server, second_volume), ItemAdded)
    # the clerk has looked: under the id of the question, which wrote nothing
    third = replace(ITEM, item_number="1000000736")
    again = add(library, server, third, operation=operation, as_new_title=True)
    assert isinstance(again, ItemAdded)
    assert again.new_title
    assert add(library, server, replace(ITEM, item_number="1000000744")) == SameTitle(
        (first.title_id, again.title_id)
    )
    # without an ISBN nobody can tell
    plain = NewTitle("手づくりの本")
    for number in ("1000000751", "1000000769"):
        assert isinstance(add(library, server, NewItem(number, plain)), ItemAdded)


def test_repeated_it_is_done_once_and_answers_the_same(library: SmallLibrary, server: LendingServer) -> None:
    operation = new_id()
    first = add(library, server, operation=operation)
    before = contents(library)
    assert add(library, server, operation=operation) == first
    assert add(library, library.server(), operation=operation) == first
    # also when what is known by now would refuse it
    assert add(library, server, replace(ITEM, item_number=NUMBER), operation=operation) == first
    assert contents(library) == before


def test_an_act_called_off_is_not_done_when_it_arrives(library: SmallLibrary, server: LendingServer) -> None:
    operation, lent, item = new_id(), new_id(), library.item()
    server.run(partial(cancel_checkout, operation=operation))
    assert add(library, server, operation=operation) == NotAdded(AddRefusal.CANCELLED)
    # the id of another act is none for this one
    visit, card = new_id(), library.patron()
    server.run(
        partial(
            check_out, operation=lent, visit=visit, card_number=card, item_number=item, desk=library.desk()
        )
    )
    assert add(library, server, operation=lent) == NotAdded(AddRefusal.NOT_ALLOWED)
    assert count(library, t.item) == 1


def test_two_terminals_add_one_number_at_once(library: SmallLibrary) -> None:
    rounds = 25
    servers = [library.server(limit_seconds=30) for _ in range(2)]
    start = threading.Barrier(2)

    def terminal(place: int) -> list[AddAnswer]:
        answers = []
        for number in range(rounds):
            new = NewItem(f"4{number:09}", NewTitle(f"同じ本 {number}"))
            start.wait(60)
            answers.append(add(library, servers[place], new))
        return answers

    with ThreadPoolExecutor(2) as pool:
        pairs = list(zip(*pool.map(terminal, range(2)), strict=True))
    for pair in pairs:
        (won,) = [answer for answer in pair if isinstance(answer, ItemAdded)]
        (told,) = [answer for answer in pair if isinstance(answer, NotAdded)]
        assert told == NotAdded(AddRefusal.ITEM_KNOWN, won.item)
    assert (count(library, t.item), count(library, t.title)) == (rounds, rounds)


def test_two_terminals_make_one_record_of_one_book(library: SmallLibrary) -> None:
    servers = [library.server(limit_seconds=30) for _ in range(2)]
    isbns = ["9784101010137", "9784003101018", "9784101001548", "9784150109554", "9784062749497"]
    start = threading.Barrier(2)

    def terminal(place: int) -> list[AddAnswer]:
        answers = []
        for number, isbn in enumerate(isbns):
            start.wait(60)
            new = NewItem(f"{place + 4}{number:09}", NewTitle("同じ本", isbn=isbn))
            answers.append(add(library, servers[place], new))
        return answers

    with ThreadPoolExecutor(2) as pool:
        pairs = list(zip(*pool.map(terminal, range(2)), strict=True))
    for pair in pairs:
        (won,) = [answer for answer in pair if isinstance(answer, ItemAdded)]
        assert SameTitle((won.title_id,)) in pair


_FAILS = {
    "sqlite": ("create trigger broken after insert on item begin select raise(abort, 'broken'); end",),
    "postgresql": (
        "create function broken() returns trigger language plpgsql as"
        " $$ begin raise exception using errcode = '53100'; end $$",
        "create trigger broken after insert on watch.added_item for each row execute function broken()",
    ),
}


def test_what_breaks_off_at_the_end_has_left_nothing(library: SmallLibrary, server: LendingServer) -> None:
    operation, before = new_id(), contents(library)
    with library.engine.connect() as connection:
        for statement in _FAILS[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    with pytest.raises(Exception, match=r"broken|lost|Outage|outage"):
        add(library, server, operation=operation)
    assert contents(library) == before
    with library.engine.connect() as connection:
        table = " on watch.added_item" if library.on_postgresql else ""
        connection.exec_driver_sql(f"drop trigger broken{table}")
    assert isinstance(add(library, library.server(), operation=operation), ItemAdded)


_HOSTILE = ["'; drop table title; --", '"],"kind":"cd', "%_\\", "$$", "{}", "ﷺ", "👪", "שלום", "a\u0301"]


@pytest.mark.parametrize("text", _HOSTILE)
def test_whatever_a_text_says_it_is_only_text(
    library: SmallLibrary, server: LendingServer, text: str
) -> None:
    title = NewTitle(
        text, text, (NewCreator(text, text),), publisher=text, volume=text, series=text, edition=text,
        extent=text,
    )  # fmt: skip
    added = add(library, server, NewItem(NUMBER, title, attachments=text))
    assert isinstance(added, ItemAdded)
    (row,) = library.rows(sa.select(t.title))
    for field in ("title", "title_kana", "statement", "publisher", "volume", "series", "edition", "extent"):
        assert row[field] == text
    assert (added.item.attachments, added.item.title) == (text, f"{text} {text}")
    assert library.rows(sa.select(t.title_creator.c.name, t.title_creator.c.reading)) == [
        {"name": text, "reading": text}
    ]


_BAD_TITLES = {
    "title": ["", " ", "あ" * 501, "a\nb", "\u202eabc", "a\u200bb", "\x7f", "\x85"],
    "title_kana": ["ア" * 1001, "ア\tイ"],
    "publisher": ["あ" * 301, "\u2066a"],
    "volume": ["1" * 201, "\x1f"],
    "series": ["あ" * 501, "\u2028"],
    "edition": ["あ" * 101, "\ufeff"],
    "extent": ["あ" * 301, "\x1b[31m"],
    "year": [999, 0, -2000, TODAY.year + 2, 20260],
    "isbn": ["9784101010138", "4101010137", "978410101013", "９７８４１０１０１０１３７"],
    "ndc": ["91", "913.", "９１３", "913.1234567890", "x"],
    "creators": [
        (NewCreator("あ" * 201),),
        (NewCreator("あ", "ア" * 201),),
        (NewCreator(""),),
        (NewCreator("\u202e"),),
        (NewCreator("あ"),) * 41,
        tuple(NewCreator("あ" * 100) for _ in range(6)),
    ],
}


@pytest.mark.parametrize("field", _BAD_TITLES)
def test_what_a_changed_client_sends_is_refused(
    library: SmallLibrary, server: LendingServer, field: str
) -> None:
    before = contents(library)
    for value in _BAD_TITLES[field]:
        bad = NewItem(NUMBER, replace(TITLE, **{field: value}))
        assert add(library, server, bad) == NotAdded(AddRefusal.NOT_ALLOWED), value
    assert contents(library) == before


def test_no_item_without_a_number_that_can_be_printed(library: SmallLibrary, server: LendingServer) -> None:
    for number in ("", " ", "1" * 21, "１００", "10\n", "\u202e1", "1\x000"):
        bad = replace(ITEM, item_number=number)
        if "\0" in number and library.on_postgresql:
            with pytest.raises(Exception, match=r"22021|null character|0x00|NUL"):
                add(library, server, bad)
            continue
        assert add(library, server, bad) == NotAdded(AddRefusal.NOT_ALLOWED), number
    for text in ("あ" * 301, "\x01"):
        assert add(library, server, replace(ITEM, attachments=text)) == NotAdded(AddRefusal.NOT_ALLOWED)
    assert contents(library) == [[]] * 5


def test_next_years_book_is_one_and_that_of_the_year_after_is_not(
    library: SmallLibrary, server: LendingServer
) -> None:
    late = replace(ITEM, title=replace(TITLE, year=TODAY.year + 2))
    assert add(library, server, late) == NotAdded(AddRefusal.NOT_ALLOWED)
    library.set_clock(dt.datetime(TODAY.year + 1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=9))))
    assert isinstance(add(library, server, late), ItemAdded)
