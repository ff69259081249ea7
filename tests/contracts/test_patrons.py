"""Patrons, found, opened, registered once, compared, changed; what does not fit is not kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedOut
from madoguchi.app.lending.checkout import cancel_checkout, check_out
from madoguchi.app.patrons.answers import (
    Done,
    NotDone,
    PatronFile,
    PatronFound,
    PatronRefusal,
    PatronsFound,
    Registered,
    SamePerson,
)
from madoguchi.app.patrons.finding import (
    Likeness,
    PatronQuery,
    alike,
    categories,
    details,
    find,
    open_card,
    open_patron,
)
from madoguchi.app.patrons.likeness import Match
from madoguchi.app.patrons.person import Category, NoticeBy, Person, Proof
from madoguchi.app.patrons.registering import NewPatron, change, register
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import LendingServer
from tests.support.library import MINAMI, SOGO, TODAY, SmallLibrary, new_id

BORN = dt.date(1980, 4, 1)
HANAKO = Person(
    "見本 花子",
    "ミホン ハナコ",
    BORN,
    Category.RESIDENT,
    postal_code="2510001",
    address="藤沢市西富一丁目2-3",
    telephone="0466-00-4321",
    email="hanako@example.jp",
    notice_by=NoticeBy.MAIL,
    proof=Proof.LICENCE,
)
CARD = "2000000710"


def ask(server: LendingServer, act, library: SmallLibrary, **how: object):
    """Asks as a page does: a visit of its own, at the clerk's desk."""
    return server.run(partial(act, **({"visit": new_id(), "desk": library.desk()} | how)))


def look_for(server: LendingServer, library: SmallLibrary, words: str = "", **query: object) -> list[str]:
    """The names of those who are found."""
    answer = ask(server, find, library, query=PatronQuery(words, **query))
    assert isinstance(answer, PatronsFound), answer
    return [patron.name for patron in answer.patrons]


def enrol(
    server: LendingServer, library: SmallLibrary, person: Person = HANAKO, card: str = CARD, **how: object
):
    """Registers somebody."""
    how = {"operation": new_id(), "desk": library.desk()} | how
    return server.run(partial(register, new=NewPatron(person, card), **how))


def contents(library: SmallLibrary) -> list[object]:
    """All that a registration or a change may write."""
    tables = (t.patron, t.patron_search, t.card, t.operation)
    return [library.rows(sa.select(table).order_by(*table.primary_key)) for table in tables]


# -- finding -----------------------------------------------------------------------------------------


def test_two_letters_anywhere_are_enough(library: SmallLibrary, server: LendingServer) -> None:
    for name, kana, telephone in (
        ("渡辺 恵", "ワタナベ メグミ", "0466-00-1234"),
        ("渡邊 大輔", "ワタナベ ダイスケ", "0466-00-1111"),
        ("高橋 ジョン", "タカハシ ジョン", "090-0000-1234"),
    ):
        library.patron(name=name, kana=kana, telephone=telephone)
    for typed, found in (
        ("ナベ", ["渡邊 大輔", "渡辺 恵"]),
        ("なべ めぐ", ["渡辺 恵"]),
        ("メグミ　わたなべ", ["渡辺 恵"]),
        ("ﾒｸﾞ", ["渡辺 恵"]),
        ("渡辺", ["渡邊 大輔", "渡辺 恵"]),
        ("渡", ["渡邊 大輔", "渡辺 恵"]),
        ("髙橋", ["高橋 ジョン"]),
        ("ダイスケ 恵", []),
        ("ワタナベメグミ", ["渡辺 恵"]),
        ("いない", []),
    ):
        assert look_for(server, library, typed) == found, typed
    assert look_for(server, library, telephone_end="1234") == ["高橋 ジョン", "渡辺 恵"]
    assert look_for(server, library, telephone_end="１２３４") == ["高橋 ジョン", "渡辺 恵"]
    assert look_for(server, library, "わた", telephone_end="1234") == ["渡辺 恵"]
    assert look_for(server, library, birth_date=BORN) == ["高橋 ジョン", "渡邊 大輔", "渡辺 恵"]
    assert look_for(server, library, birth_date=TODAY) == []


def test_what_is_found_by_follows_the_record(library: SmallLibrary, server: LendingServer) -> None:
    card = library.patron(kana="ミホン")
    with library.engine.connect() as connection:
        connection.execute(t.patron.update().values(kana="カワリ", name="変 利", telephone="03-0000-9999"))
    assert look_for(server, library, "みほ") == []
    assert look_for(server, library, "わり", telephone_end="9999") == ["変 利"]
    with library.engine.connect() as connection:
        connection.execute(t.card.delete().where(t.card.c.number == card))
        connection.execute(t.patron.delete())
    assert library.rows(sa.select(t.patron_search)) == []


@pytest.mark.parametrize("words", ["", " ", "ア", "あー", "ー・ー", "%", "__", "　"])
def test_everybody_is_no_answer(library: SmallLibrary, server: LendingServer, words: str) -> None:
    library.patron(kana="アア")
    for query in (PatronQuery(words), PatronQuery(words, "")):
        answer = ask(server, find, library, query=query)
        assert answer == NotDone(PatronRefusal.SEARCH_TOO_WIDE)


def test_what_is_no_question_is_none(library: SmallLibrary, server: LendingServer) -> None:
    for query in (
        PatronQuery("ミホン", "12"),
        PatronQuery("ミホン", "12345"),
        PatronQuery("", "%%%%"),
        PatronQuery("ア" * 201),
    ):
        assert ask(server, find, library, query=query) == NotDone(PatronRefusal.NOT_ALLOWED)
    # whatever is in it, it is only text
    for words in ("'; drop table patron; --", "a\0b", "\ud800ア", "%_\\", "\u202eアイ", "👪見"):
        assert isinstance(ask(server, find, library, query=PatronQuery(words)), PatronsFound | NotDone)


def test_a_list_shows_what_tells_them_apart(library: SmallLibrary, server: LendingServer) -> None:
    first = library.patron(name="見本 一", kana="ミホン ハジメ")
    second = library.patron(name="見本 元", kana="ミホン　ハジメ", birth_date=dt.date(1980, 12, 31))
    third = library.patron(name="見本 始", kana="ミホン ハジメ", birth_date=dt.date(1981, 4, 1))
    with library.engine.connect() as connection:
        connection.execute(t.card.delete().where(t.card.c.number == third))
    answer = ask(server, find, library, query=PatronQuery("ハジメ"))
    by_name = {patron.name: patron for patron in answer.patrons}
    assert by_name == {
        "見本 一": PatronFound(
            library.id_of_patron(first), "見本 一", "ミホン ハジメ", first[-4:], 1980, BORN
        ),
        "見本 元": PatronFound(
            library.id_of_patron(second),
            "見本 元",
            "ミホン　ハジメ",
            second[-4:],
            1980,
            dt.date(1980, 12, 31),
        ),
        "見本 始": replace(by_name["見本 始"], number_end="", birth_year=1981, birth_date=None),
    }
    assert not answer.more


def test_fifty_are_shown_in_the_order_of_their_kana(library: SmallLibrary, server: LendingServer) -> None:
    library.let_look_freely()
    kana = [f"ケン {'アイウエオ'[place % 5]}" for place in range(51)]
    rows = [
        {
            "id": 1000 + place,
            "name": f"{place}",
            "kana": each,
            "birth_date": BORN,
            "category": "resident",
            "last_used_on": TODAY,
            "registered_on": TODAY,
        }
        for place, each in enumerate(kana)
    ]
    with library.engine.connect() as connection:
        connection.execute(t.patron.insert(), rows)
    answer = ask(server, find, library, query=PatronQuery("ケン"))
    ordered = sorted(rows, key=lambda row: (row["kana"], row["id"]))
    assert [patron.patron_id for patron in answer.patrons] == [row["id"] for row in ordered[:50]]
    assert answer.more


def test_contract_staff_find_and_open_those_of_their_branches(
    library: SmallLibrary, server: LendingServer
) -> None:
    library.add_staff("hired", "contract_staff", "委託 一", branches=(MINAMI,))
    desk = library.desk(MINAMI, "hired")
    cards = {
        branch: library.patron(kana="ケイヤク", birth_date=BORN, branch_id=branch)
        for branch in (SOGO, MINAMI, None)
    }
    found = ask(server, find, library, query=PatronQuery("ケイヤク"), desk=desk)
    own = library.id_of_patron(cards[MINAMI])
    assert [patron.patron_id for patron in found.patrons] == [own]
    assert isinstance(ask(server, open_patron, library, patron_id=own, desk=desk), PatronFile)
    for branch in (SOGO, None):
        theirs, visit = library.id_of_patron(cards[branch]), new_id()
        answer = ask(server, open_patron, library, patron_id=theirs, desk=desk)
        assert answer == NotDone(PatronRefusal.NOT_ALLOWED)
        # by the card anybody's, and what belongs to it
        opened = ask(server, open_card, library, card_number=cards[branch], desk=desk, visit=visit)
        assert opened.patron_id == theirs
        assert isinstance(ask(server, details, library, patron_id=theirs, desk=desk, visit=visit), Person)
    typed = Likeness(kana="ケイヤク", birth_date=BORN)
    shown = ask(server, alike, library, typed=typed, desk=desk)
    assert [one.compared.patron_id for one in shown] == [own]
    # a second record of one person they make no more than anybody else
    again = replace(HANAKO, kana="ケイヤク")
    said = enrol(server, library, again, desk=desk)
    assert said == SamePerson(tuple(sorted(map(library.id_of_patron, cards.values()))))


# -- opening -----------------------------------------------------------------------------------------


def test_an_opened_record_says_how_things_stand(library: SmallLibrary, server: LendingServer) -> None:
    card = library.patron(
        name="見本 花子", kana="ミホン ハナコ", category="child", lost_card="2999999999", address="藤沢市"
    )
    key = library.id_of_patron(card)
    items = [library.item() for _ in range(3)]
    library.lent(card, items[0], due_on=TODAY - dt.timedelta(days=1))
    library.lent(card, items[1], due_on=TODAY)
    library.reserved(card, items[2])
    opened = ask(server, open_card, library, card_number=card)
    assert opened == PatronFile(
        patron_id=key,
        card_number=card,
        name="見本 花子",
        kana="ミホン ハナコ",
        category=Category.CHILD,
        category_name=opened.category_name,
        notice_by=NoticeBy.TELEPHONE,
        registered_on=dt.date(2024, 4, 1),
        last_used_on=TODAY - dt.timedelta(days=20),
        valid_until=dt.date(2029, 4, 22),
        today=TODAY,
        version=1,
        open_loans=2,
        overdue_items=1,
        reservations=1,
        lost_cards=1,
    )
    assert opened.category_name
    assert not opened.idle
    assert ask(server, open_patron, library, patron_id=key) == opened
    assert ask(server, open_card, library, card_number="2999999999") == NotDone(PatronRefusal.CARD_LOST)
    assert ask(server, open_card, library, card_number="2") == NotDone(PatronRefusal.UNKNOWN_CARD)
    assert ask(server, open_card, library, card_number="2\0") == NotDone(PatronRefusal.UNKNOWN_CARD)
    assert ask(server, open_patron, library, patron_id=77) == NotDone(PatronRefusal.UNKNOWN_PATRON)
    assert ask(server, details, library, patron_id=77) == NotDone(PatronRefusal.UNKNOWN_PATRON)


def test_somebody_without_a_card_is_opened_all_the_same(library: SmallLibrary, server: LendingServer) -> None:
    card = library.patron(last_used_on=dt.date(2024, 2, 29), birth_date=BORN)
    key = library.id_of_patron(card)
    with library.engine.connect() as connection:
        connection.execute(t.card.update().values(state="lost"))
        connection.execute(t.policy.update().values(card_idle_years=1))
    opened = ask(server, open_patron, library, patron_id=key)
    assert (opened.card_number, opened.lost_cards, opened.valid_until) == ("", 1, dt.date(2025, 2, 28))
    assert opened.idle
    kept = ask(server, details, library, patron_id=key)
    assert kept == Person(opened.name, "ミホン", BORN, Category.RESIDENT)


def test_the_categories_are_those_that_everything_is_lent_by(
    library: SmallLibrary, server: LendingServer
) -> None:
    with library.engine.connect() as connection:
        connection.execute(t.patron_category.insert().values(code="staff", name="職員"))
    named = server.run(partial(categories, desk=library.desk()))
    assert [code for code, _ in named] == list(Category)
    assert all(name for _, name in named)


# -- registering -------------------------------------------------------------------------------------


def test_somebody_is_registered_found_and_lent_to_at_once(
    library: SmallLibrary, server: LendingServer
) -> None:
    operation = new_id()
    answer = enrol(server, library, operation=operation, desk=library.desk(MINAMI))
    assert isinstance(answer, Registered)
    assert answer == Registered(operation, answer.patron_id, CARD)
    (row,) = library.rows(sa.select(t.patron))
    assert row | {"id": 0} == {
        "id": 0,
        "name": HANAKO.name,
        "kana": HANAKO.kana,
        "birth_date": BORN,
        "category": "resident",
        "address": HANAKO.address,
        "telephone": HANAKO.telephone,
        "last_used_on": TODAY,
        "registered_on": TODAY,
        "branch_id": MINAMI,
        "postal_code": "2510001",
        "email": "hanako@example.jp",
        "notice_by": "mail",
        "proof": "licence",
        "proof_seen_on": TODAY,
        "version": 1,
    }
    assert look_for(server, library, "はなこ") == [HANAKO.name]
    assert ask(server, details, library, patron_id=answer.patron_id) == HANAKO
    lent = server.run(
        partial(
            check_out,
            operation=new_id(),
            visit=new_id(),
            card_number=CARD,
            item_number=library.item(),
            desk=library.desk(),
        )
    )
    assert isinstance(lent, CheckedOut)


@pytest.mark.parametrize("proof", [None, Proof.NOT_NEEDED])
def test_no_proof_was_seen_on_no_day(
    library: SmallLibrary, server: LendingServer, proof: Proof | None
) -> None:
    child = replace(HANAKO, category=Category.CHILD, birth_date=dt.date(2018, 4, 1), proof=proof)
    assert isinstance(enrol(server, library, child), Registered)
    (row,) = library.rows(sa.select(t.patron.c.proof, t.patron.c.proof_seen_on))
    assert row == {"proof": proof, "proof_seen_on": None}


def test_nobody_is_registered_twice_by_accident(library: SmallLibrary, server: LendingServer) -> None:
    first = enrol(server, library)
    before, other = contents(library), "2000000728"
    operation = new_id()
    for kana in ("ミホン ハナコ", "ミホンハナコ", "ミホン バナコ", "ミーホン ハナコ", "ミホン ハナゴー"):
        written = replace(HANAKO, name="三本 華子", kana=kana, telephone="")
        assert enrol(server, library, written, other, operation=operation) == SamePerson((first.patron_id,))
    assert contents(library) == before
    # another day of birth is another person; so is whoever the clerk has looked at
    twin = replace(HANAKO, birth_date=dt.date(1980, 4, 2))
    assert isinstance(enrol(server, library, twin, "2000000736"), Registered)
    second = enrol(server, library, HANAKO, other, operation=operation, as_new=True)
    assert isinstance(second, Registered)
    assert enrol(server, library, HANAKO, "2000000744") == SamePerson((first.patron_id, second.patron_id))


def test_a_family_is_registered_one_after_the_other(library: SmallLibrary, server: LendingServer) -> None:
    keys = []
    for place, kana in enumerate(("ハナコ", "タロウ", "ジロウ")):
        new = NewPatron(
            replace(HANAKO, name=kana, kana=f"ミホン {kana}", birth_date=BORN + dt.timedelta(days=place)),
            f"200000071{place}",
            family_of=keys[-1] if keys else None,
        )
        operation = new_id()
        for _ in range(2):
            answer = server.run(partial(register, operation=operation, new=new, desk=library.desk()))
        assert isinstance(answer, Registered)
        keys.append(answer.patron_id)
    opened = ask(server, open_patron, library, patron_id=keys[1])
    assert [relative.patron_id for relative in opened.family] == [keys[0], keys[2]]
    before = contents(library)
    alone = NewPatron(replace(HANAKO, kana="ミホン シロウ"), "2000000719", family_of=77)
    answer = server.run(partial(register, operation=new_id(), new=alone, desk=library.desk()))
    assert answer == NotDone(PatronRefusal.UNKNOWN_PATRON)
    assert contents(library) == before


def test_a_card_is_given_once(library: SmallLibrary, server: LendingServer) -> None:
    card = library.patron(lost_card="2000000710")
    before = contents(library)
    for number in (card, "2000000710"):
        assert enrol(server, library, card=number) == NotDone(PatronRefusal.CARD_TAKEN)
    assert contents(library) == before


def test_repeated_it_is_done_once_and_answers_the_same(library: SmallLibrary, server: LendingServer) -> None:
    operation, changing, called_off = new_id(), new_id(), new_id()
    first = enrol(server, library, operation=operation)
    amend = partial(
        change,
        operation=changing,
        patron_id=first.patron_id,
        version=1,
        person=replace(HANAKO, address="別の町"),
        desk=library.desk(),
    )
    assert server.run(amend) == Done(changing)
    before = contents(library)
    assert enrol(server, library, operation=operation) == first
    assert enrol(library.server(), library, operation=operation) == first
    assert server.run(amend) == Done(changing)
    # the id of another act is none for this one; what was called off is not done
    assert enrol(server, library, operation=changing) == NotDone(PatronRefusal.NOT_ALLOWED)
    assert contents(library) == before
    server.run(partial(cancel_checkout, operation=called_off))
    assert enrol(server, library, operation=called_off) == NotDone(PatronRefusal.CANCELLED)


def test_a_category_that_nothing_is_lent_by_is_none(library: SmallLibrary, server: LendingServer) -> None:
    key = enrol(server, library).patron_id
    with library.engine.connect() as connection:
        connection.execute(
            t.loan_term.delete().where(t.loan_term.c.category == "group", t.loan_term.c.loan_group == "video")
        )
    group = replace(HANAKO, category=Category.GROUP, kana="ドクショカイ")
    assert enrol(server, library, group, "2000000728") == NotDone(PatronRefusal.WRONG_CATEGORY)
    amend = partial(change, operation=new_id(), patron_id=key, version=1, person=group, desk=library.desk())
    assert server.run(amend) == NotDone(PatronRefusal.WRONG_CATEGORY)


_BAD = {
    "name": ["", " ", "　", "あ" * 101, "a\nb", "\u202eabc", "a\u200bb", "\x00", "\ud800", "あ" * 200_000],
    "kana": ["", " ", "みほん", "見本", "MIHON", "ミホン  ハナコ", "ミホン　ハナコ", " ミホン", "ア" * 101],
    "birth_date": [
        TODAY + dt.timedelta(days=1),
        dt.date(1896, 5, 11),
        dt.date(1, 1, 1),
        dt.date(9999, 12, 31),
    ],
    "postal_code": ["251", "251-0001", "２５１０００１", "25100011", "251000a", "\n2510001"],
    "address": ["あ" * 201, "藤沢市\t1", "\u2066a", "\x1b[31m"],
    "telephone": ["0466-", "-0466", "0466--00", "０４６６", "+81466", "1" * 31, "0466\n00"],
    "email": ["hanako", "@example.jp", "a@b", "a b@example.jp", "a@b@example.jp", "花子@example.jp",
              f"{'a' * 250}@b.jp", "a@example.jp\n"],
}  # fmt: skip


@pytest.mark.parametrize("field", _BAD)
def test_what_does_not_fit_is_refused(library: SmallLibrary, server: LendingServer, field: str) -> None:
    key = enrol(server, library).patron_id
    before = contents(library)
    for value in _BAD[field]:
        bad = replace(HANAKO, **{field: value})
        assert enrol(server, library, bad, "2000000728", as_new=True) == NotDone(PatronRefusal.NOT_ALLOWED), (
            value
        )
        amend = partial(change, operation=new_id(), patron_id=key, version=1, person=bad, desk=library.desk())
        assert server.run(amend) == NotDone(PatronRefusal.NOT_ALLOWED), value
    assert contents(library) == before


def test_what_fits_to_the_last_letter_is_taken(library: SmallLibrary, server: LendingServer) -> None:
    wide = Person(
        "'; drop table patron; --𠮷👪",
        "ァヺヴー・ヽ ン" + "ア" * 92,
        dt.date(1896, 5, 12),
        Category.WIDE_AREA,
        address="あ" * 200,
        telephone="1" * 30,
        email=f"{'a' * 249}@b.j",
    )
    answer = enrol(server, library, wide, "A" * 20)
    assert isinstance(answer, Registered), answer
    assert ask(server, details, library, patron_id=answer.patron_id) == wide
    plain = Person("あ", "ア", TODAY, Category.CHILD)
    assert isinstance(enrol(server, library, plain, "1"), Registered)


def test_no_card_without_a_number_that_can_be_printed(library: SmallLibrary, server: LendingServer) -> None:
    before = contents(library)
    for number in ("", " ", "1" * 21, "１００", "10\n", "1 0", "\u202e1", "1\x000"):
        assert enrol(server, library, card=number) == NotDone(PatronRefusal.NOT_ALLOWED), number
    assert contents(library) == before


# -- changing ----------------------------------------------------------------------------------------


def test_a_change_puts_the_new_in_place_of_the_old(library: SmallLibrary, server: LendingServer) -> None:
    key = enrol(server, library, replace(HANAKO, proof=None)).patron_id
    married = replace(
        HANAKO,
        name="試験 花子",
        kana="シケン ハナコ",
        telephone="",
        notice_by=NoticeBy.NOT_AT_ALL,
        proof=Proof.MAIL,
    )
    library.pass_time(days=3)

    def amend(person: Person, version: int):
        return server.run(
            partial(
                change,
                operation=new_id(),
                patron_id=key,
                version=version,
                person=person,
                desk=library.desk(),
            )
        )

    assert isinstance(amend(married, 1), Done)
    assert ask(server, details, library, patron_id=key) == married
    (row,) = library.rows(sa.select(t.patron))
    seen = TODAY + dt.timedelta(days=3)
    assert (row["version"], row["proof_seen_on"], row["registered_on"]) == (2, seen, TODAY)
    assert look_for(server, library, "シケン") == ["試験 花子"]
    # whoever began with what was there before has not seen what is there now
    assert amend(HANAKO, 1) == NotDone(PatronRefusal.CHANGED)
    # without proof, what was seen before stays seen
    library.pass_time(days=1)
    assert isinstance(amend(replace(married, proof=None, address="茅ヶ崎市"), 2), Done)
    (row,) = library.rows(sa.select(t.patron))
    assert (row["version"], row["proof"], row["proof_seen_on"]) == (3, "mail", seen)
    assert ask(server, open_patron, library, patron_id=key).version == 3
    nobody = partial(change, operation=new_id(), patron_id=99, version=1, person=married, desk=library.desk())
    assert server.run(nobody) == NotDone(PatronRefusal.UNKNOWN_PATRON)


# -- comparing ---------------------------------------------------------------------------------------


def test_who_may_be_the_one_is_shown(library: SmallLibrary, server: LendingServer) -> None:
    library.patron(name="他人 一", kana="タニン ハジメ", birth_date=BORN)
    same = enrol(server, library).patron_id
    mother = replace(HANAKO, name="見本 恵", kana="ミホン メグミ", birth_date=dt.date(1950, 1, 1))
    enrol(server, library, mother, "2000000728")
    shown = ask(
        server,
        alike,
        library,
        typed=Likeness("三本 花子", "ミホン　はなこ", BORN, "0466004321", "藤沢市西富1丁目2番3号"),
    )
    assert [one.compared.patron_id for one in shown][:1] == [same]
    (best, *_) = shown
    assert (best.compared.name, best.compared.kana, best.compared.number_end) == (
        HANAKO.name,
        HANAKO.kana,
        CARD[-4:],
    )
    assert (
        best.compared.name_match,
        best.compared.kana_match,
        best.compared.birth_match,
        best.compared.telephone_match,
        best.compared.address_match,
    ) == (Match.NEAR, Match.SAME, Match.SAME, Match.SAME, Match.SAME)
    assert ask(server, alike, library, typed=Likeness()) == ()
    assert ask(server, alike, library, typed=Likeness(kana="ミホン ハナコ")) == ()
    assert ask(server, alike, library, typed=Likeness("\0\ud800", "%", None, "'", "あ" * 200)) == ()
    assert ask(server, alike, library, typed=Likeness("あ" * 201)) == NotDone(PatronRefusal.NOT_ALLOWED)
