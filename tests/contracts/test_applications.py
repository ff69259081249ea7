"""Provisional applications on both databases: from a file, found, opened, rejected, erased by the clock."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.checkout import cancel_checkout
from madoguchi.app.patrons.answers import (
    Done,
    NotDone,
    PatronFile,
    PatronRefusal,
    Registered,
    SamePerson,
)
from madoguchi.app.patrons.application_file import CannotRead, read_file
from madoguchi.app.patrons.applications import (
    Application,
    ApplicationFound,
    ApplicationQuery,
    ApplicationsFound,
    RejectReason,
    confirm_application,
    find_applications,
    open_application,
    reject_application,
)
from madoguchi.app.patrons.finding import open_card
from madoguchi.app.patrons.person import Category, Person, Proof
from madoguchi.app.patrons.registering import NewPatron
from madoguchi.app.patrons.web_password import WebPassword, issue_web_password
from madoguchi.app.server import tables as t
from madoguchi.app.server.application_import import Taken, categories, take_in
from madoguchi.app.server.gateway import LendingServer
from tests.support.library import TODAY, SmallLibrary, new_id

HEAD = "申請番号,氏名,カナ,生年月日,郵便番号,住所,電話番号,メール,区分,申請日\r\n"
HANAKO = (
    "W-1001,藤沢 花子,ふじさわ　はなこ,1990-04-01,251-8601,藤沢市朝日町1-1,０４６６（２５）１１１１,"
    "h@example.jp,resident,2026-05-10\r\n"
)
TARO = "W-1002,鵠沼 太郎,ｸｹﾞﾇﾏ ﾀﾛｳ,2016/7/31,,,,,児童・市内在住,\r\n"
FILE = HEAD + HANAKO + TARO


def took(
    library: SmallLibrary, text: str, encoding: str = "utf-8"
) -> list[tuple[int, Taken, tuple[str, ...]]]:
    """Takes a file in; of each row its number, what became of it, and which columns are wrong."""
    with library.engine.connect() as connection:
        known = categories(connection)
    rows = read_file(text.encode(encoding), known, library.now.date())
    return [(done.row.number, done.taken, done.row.wrong) for done in take_in(library.engine, rows)]


def find(library: SmallLibrary, server: LendingServer, login: str = "clerk", **query: object) -> object:
    wanted = ApplicationQuery(**query)
    return server.run(
        partial(find_applications, visit=new_id(), query=wanted, desk=library.desk(login=login))
    )


def numbers(library: SmallLibrary, server: LendingServer, **query: object) -> list[str]:
    found = find(library, server, **query)
    assert isinstance(found, ApplicationsFound)
    return [one.number for one in found.applications]


def test_a_file_is_taken_in_once_whatever_it_is_written_in(
    library: SmallLibrary, server: LendingServer
) -> None:
    assert took(library, FILE, "cp932") == [(2, Taken.TAKEN, ()), (3, Taken.TAKEN, ())]
    before = library.rows(sa.select(t.application))
    for encoding in ("utf-8", "utf-8-sig", "cp932"):
        assert took(library, FILE, encoding) == [(2, Taken.KNOWN, ()), (3, Taken.KNOWN, ())]
    # the day on which it was taken in is no other content where the file says none
    library.pass_time(days=1)
    assert took(library, FILE)[1] == (3, Taken.KNOWN, ())
    moved = FILE.replace("朝日町1-1", "朝日町1-2")
    assert took(library, moved) == [(2, Taken.OTHER_CONTENT, ()), (3, Taken.KNOWN, ())]
    assert library.rows(sa.select(t.application)) == before
    opened = server.run(partial(open_application, visit=new_id(), number="W-1001", desk=library.desk()))
    assert opened == Application(
        "W-1001",
        Person(
            "藤沢 花子",
            "フジサワ ハナコ",
            dt.date(1990, 4, 1),
            Category.RESIDENT,
            "2518601",
            "藤沢市朝日町1-1",
            "0466-25-1111",
            "h@example.jp",
        ),
        dt.date(2026, 5, 10),
    )
    for shown in (repr(opened), repr(find(library, server))):
        for telling in ("花子", "W-1001", "1990", "example"):
            assert telling not in shown


def test_each_row_that_is_wrong_is_told_by_its_columns_and_the_others_are_taken(
    library: SmallLibrary,
) -> None:
    wrong = (
        ",名,カナ,1990-04-01,,,,,resident,\r\n"  # 4: no number
        "W-1,\u202eevil,カナ,1990-02-30,25186,,abc,nobody,alien,2026-13-01\r\n"  # 5
        "W-2,名,,2026-05-13,,,,,resident,2026-05-13\r\n"  # 6: born tomorrow
        "W-3,名,カナ,1990-04-01,,,,,resident,,one too many\r\n"  # 7
        "\r\n"
        f"W-4,{'名' * 101},カナ,19900401,,{'地' * 201},,,resident,\r\n"  # 9
        "W-5,名,カナ,1990-04-01,,,,,resident,2026-04-11\r\n"  # 10: 31 days
        "W-1001,藤沢 花子,フジサワ ハナコ,1990-04-01,,,,,resident,\r\n"  # 11: another one in this very file
    )
    assert took(library, FILE + wrong) == [
        (2, Taken.TAKEN, ()),
        (3, Taken.TAKEN, ()),
        (4, Taken.WRONG, ("申請番号",)),
        (5, Taken.WRONG, ("氏名", "生年月日", "郵便番号", "電話番号", "メール", "区分", "申請日")),
        (6, Taken.WRONG, ("カナ", "生年月日", "申請日")),
        (7, Taken.WRONG, ("11 columns in place of 10",)),
        (9, Taken.WRONG, ("氏名", "住所")),
        (10, Taken.TOO_OLD, ()),
        (11, Taken.OTHER_CONTENT, ()),
    ]
    assert library.value(sa.select(sa.func.count()).select_from(t.application)) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "names no column"),
        (b"\x81 \xff", "neither UTF-8 nor CP932"),
        (FILE.replace("カナ", "よみ").encode(), r"カナ \(kana\)"),
        (("number," + FILE).encode(), "is there twice"),
        ((FILE + '"W-9,x\r\n').encode(), "line 4: not CSV"),
    ],
)
def test_what_is_no_file_of_applications_is_said_as_a_whole(content: bytes, words: str) -> None:
    with pytest.raises(CannotRead, match=words):
        read_file(content, {"resident": "一般"}, TODAY)


_FAILS = {
    "sqlite": "create trigger broken after insert on application when new.number = 'W-1002'"
    " begin select raise(abort, 'broken'); end",
    "postgresql": "alter table application add constraint broken check (number <> 'W-1002')",
}


def test_a_file_that_breaks_off_has_left_nothing(library: SmallLibrary) -> None:
    with library.engine.connect() as connection:
        connection.exec_driver_sql(_FAILS[connection.dialect.name])
    with pytest.raises(sa.exc.DBAPIError) as broken:
        took(library, FILE)
    assert "鵠沼" not in str(broken.value).replace(str(broken.value.orig), "")
    assert library.rows(sa.select(t.application)) == []


def test_they_are_found_by_number_name_kana_and_birth_date(
    library: SmallLibrary, server: LendingServer
) -> None:
    library.let_look_freely()
    took(library, FILE)
    found = find(library, server)
    assert found == ApplicationsFound(
        (
            ApplicationFound("W-1001", "藤沢 花子", "フジサワ ハナコ", 1990, dt.date(2026, 5, 10)),
            ApplicationFound("W-1002", "鵠沼 太郎", "クゲヌマ タロウ", 2016, TODAY),
        )
    )
    for typed in ("花子", "ふじ", "はなこ フジサワ", "ﾊﾅｺ"):
        assert numbers(library, server, words=typed) == ["W-1001"], typed
    assert numbers(library, server, number="W-1002") == ["W-1002"]
    assert numbers(library, server, birth_date=dt.date(2016, 7, 31)) == ["W-1002"]
    assert numbers(library, server, words="花子", birth_date=dt.date(2016, 7, 31)) == []
    for hostile in ("'; drop table application; --", "%", "_", "\\"):
        assert numbers(library, server, words=hostile) in ([], ["W-1001", "W-1002"])
        assert numbers(library, server, number=hostile[:20]) == []
    many = "".join(f"X-{number:03},名 {number},ナ,1990-04-01,,,,,resident,\r\n" for number in range(60))
    took(library, HEAD + many)
    found = find(library, server)
    assert isinstance(found, ApplicationsFound)
    assert (len(found.applications), found.more) == (50, True)
    assert found.applications[0].number == "W-1001", "the oldest first"
    assert find(library, server, number="W" * 21) == NotDone(PatronRefusal.NOT_ALLOWED)


def test_contract_staff_find_one_by_its_number_alone(library: SmallLibrary, server: LendingServer) -> None:
    took(library, FILE)
    library.add_staff("itaku", "contract_staff", "委託 次郎")
    with library.engine.connect() as connection:
        connection.execute(t.staff_branch.insert().values(login="itaku", branch_id=1))
    too_wide = NotDone(PatronRefusal.SEARCH_TOO_WIDE)
    assert find(library, server, "itaku") == too_wide
    assert find(library, server, "itaku", words="花子") == too_wide
    found = find(library, server, "itaku", number="W-1001")
    assert isinstance(found, ApplicationsFound)
    assert len(found.applications) == 1


NEW = NewPatron(
    Person(
        "藤沢 花子",
        "フジサワ ハナコ",
        dt.date(1990, 4, 1),
        Category.RESIDENT,
        "2518601",
        # put right by what was shown
        "藤沢市朝日町1番地の1",
        "0466-25-1111",
        proof=Proof.LICENCE,
    ),
    "2000000999",
)


def confirm(library: SmallLibrary, server: LendingServer, **how: object) -> object:
    how = {"operation": new_id(), "number": "W-1001", "new": NEW, "desk": library.desk()} | how
    return server.run(partial(confirm_application, **how))


def test_compared_with_proof_it_becomes_a_patron_with_a_card(
    library: SmallLibrary, server: LendingServer
) -> None:
    if library.on_postgresql:
        with library.engine.connect() as connection:
            connection.exec_driver_sql("alter sequence patron_id_seq restart with 500000")
    took(library, FILE)
    library.patron(kana="フジサワ ハナコ", birth_date=dt.date(1990, 4, 1))
    operation = new_id()
    # what a registration refuses and asks is refused and asked here, and the application waits
    taken = replace(NEW, card_number=library.patron())
    assert confirm(library, server, new=taken) == NotDone(PatronRefusal.CARD_TAKEN)
    assert isinstance(confirm(library, server, operation=operation), SamePerson)
    assert numbers(library, server) == ["W-1001", "W-1002"]
    done = confirm(library, server, operation=operation, as_new=True)
    assert isinstance(done, Registered)
    assert confirm(library, server, operation=operation) == done
    file = server.run(partial(open_card, visit=new_id(), card_number=NEW.card_number, desk=library.desk()))
    assert isinstance(file, PatronFile)
    assert (file.patron_id, file.name, file.category) == (done.patron_id, "藤沢 花子", Category.RESIDENT)
    assert library.value(sa.select(t.patron.c.proof).where(t.patron.c.id == done.patron_id)) == "licence"
    assert numbers(library, server) == ["W-1002"]
    # the file brings nobody back who is a patron
    assert took(library, FILE)[0] == (2, Taken.DEALT_WITH, ())
    gone = NotDone(PatronRefusal.UNKNOWN_APPLICATION)
    assert confirm(library, server, new=replace(NEW, card_number="2000000998"), as_new=True) == gone
    assert confirm(library, server, number="nobody's") == gone


def test_two_terminals_confirm_one_at_once(library: SmallLibrary) -> None:
    if library.on_postgresql:
        with library.engine.connect() as connection:
            connection.exec_driver_sql("alter sequence patron_id_seq restart with 500000")
    rounds = 8
    took(
        library,
        HEAD + "".join(f"R-{n},名 {n},ナ{'ア' * n},1990-04-01,,,,,resident,\r\n" for n in range(rounds)),
    )
    servers = [library.server(limit_seconds=30) for _ in range(2)]
    start = threading.Barrier(2)

    def terminal(place: int) -> list[object]:
        answers = []
        for n in range(rounds):
            person = replace(NEW.person, kana="ナ" + "ア" * n)
            new = NewPatron(person, f"{place + 7}{n:09}")
            start.wait(60)
            # both are sure that it is nobody who is there
            answers.append(confirm(library, servers[place], number=f"R-{n}", new=new, as_new=True))
        return answers

    with ThreadPoolExecutor(2) as pool:
        for pair in zip(*pool.map(terminal, range(2)), strict=True):
            (_won,) = [answer for answer in pair if isinstance(answer, Registered)]
            assert NotDone(PatronRefusal.UNKNOWN_APPLICATION) in pair
    assert library.value(sa.select(sa.func.count()).select_from(t.patron)) == rounds
    assert numbers(library, servers[0]) == []


def test_rejected_it_is_gone_and_the_file_does_not_bring_it_back(
    library: SmallLibrary, server: LendingServer
) -> None:
    took(library, FILE)

    def reject(number: str = "W-1001", **how: object) -> object:
        how = {"operation": new_id(), "reason": RejectReason.NO_PROOF, "desk": library.desk()} | how
        return server.run(partial(reject_application, number=number, **how))

    operation = new_id()
    assert reject(operation=operation) == Done(operation)
    assert reject(operation=operation) == Done(operation)
    gone = NotDone(PatronRefusal.UNKNOWN_APPLICATION)
    assert reject() == gone
    assert reject("nobody's") == gone
    opened = server.run(partial(open_application, visit=new_id(), number="W-1001", desk=library.desk()))
    assert opened == gone
    assert [row["number"] for row in library.rows(sa.select(t.application.c.number))] == ["W-1002"]
    assert took(library, FILE) == [(2, Taken.DEALT_WITH, ()), (3, Taken.KNOWN, ())]
    # whoever it was is nowhere, what is remembered of them says only that they were there
    remembered = [*library.rows(sa.select(t.operation)), *library.rows(sa.select(t.application_done))]
    assert "W-1001" not in str(remembered)
    cancelled = new_id()
    server.run(partial(cancel_checkout, operation=cancelled))
    assert reject("W-1002", operation=cancelled) == NotDone(PatronRefusal.CANCELLED)
    assert numbers(library, server) == ["W-1002"]


def test_nobody_came_for_it_and_the_clock_erases_it(library: SmallLibrary, server: LendingServer) -> None:
    took(library, FILE)
    server.run(
        partial(
            reject_application,
            operation=new_id(),
            number="W-1002",
            reason=RejectReason.TAKEN_BACK,
            desk=library.desk(),
        )
    )

    def erase() -> None:
        if library.on_postgresql:
            with library.engine.connect() as connection:
                connection.exec_driver_sql("select watch.erase_web_side()")
        else:
            server.run(lambda connected: connected.look_after())

    library.set_clock(library.now.replace(month=6, day=9))
    erase()
    assert numbers(library, server) == ["W-1001"]
    library.pass_time(days=1)
    erase()
    assert numbers(library, server) == []
    assert library.value(sa.select(sa.func.count()).select_from(t.application_done)) == 1
    library.pass_time(days=2)
    erase()
    assert library.rows(sa.select(t.application_done)) == []
    # by now it is too old
    assert took(library, FILE)[0] == (2, Taken.TOO_OLD, ())
    with library.engine.connect() as connection:
        connection.execute(t.policy.update().values(application_days=365))
    assert took(library, FILE)[0] == (2, Taken.TAKEN, ())


def test_a_web_password_is_of_the_central_server_alone(library: SmallLibrary, server: LendingServer) -> None:
    patron_id = library.id_of_patron(library.patron())
    issue = partial(issue_web_password, operation=new_id(), patron_id=patron_id, desk=library.desk())
    answer = server.run(issue)
    if library.on_postgresql:
        assert isinstance(answer, WebPassword)
        assert answer.expires == dt.datetime(2026, 5, 13, 10)
    else:
        assert answer == NotDone(PatronRefusal.NOT_ALLOWED)
