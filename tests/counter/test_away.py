"""A clerk leaves their desk: nothing is seen, nothing is lost, and only a sign-in leads back."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.staff.kept import KeptFiles, KeptWork
from madoguchi.barcode.commands import Command
from madoguchi.widgets.checkin_page import CheckinPage
from madoguchi.widgets.checkout_page import CheckoutPage
from madoguchi.widgets.counter_session import CounterSession
from madoguchi.widgets.look.lock_panel import LockPanel
from madoguchi.widgets.look.views import Answer, Sign
from madoguchi.widgets.reservations_page import RESERVATIONS
from madoguchi.widgets.scan_page import ScanPage
from madoguchi.widgets.way_page import WAY
from tests.counter.harness import (
    COLLEAGUE,
    PASSWORD,
    Counter,
    CounterLibrary,
    CutLine,
    SlowServer,
    both,
    where_said,
)
from tests.counter.test_commands import command
from tests.support.keyring_backend import MemoryKeyring, ring
from tests.support.library import JST, TODAY

__all__ = ["ring"]


def is_away(counter: Counter) -> bool:
    """Whether the lock is all there is."""
    lock = counter.window.sign_in.lock
    return isinstance(counter.window.sign_in.front(), LockPanel) and lock.isVisible()


def leave(counter: Counter) -> None:
    counter.f(12)
    counter.until(lambda: counter.window.sign_in.front().isVisible() and not counter.window.away.leaving)


def come_back(counter: Counter, login: str = "clerk") -> None:
    counter.try_to_sign_in(login)
    counter.until(lambda: counter.window.page is not None)
    counter.settled()


def leave_to_the_owner(counter: Counter) -> None:
    """The colleague leaves; who left work before signs in again, and is asked about it."""
    leave(counter)
    counter.try_to_sign_in("clerk")
    counter.until(counter.window.sign_in.offer.isVisible)


def scan_pages(counter: Counter) -> dict[int, ScanPage]:
    """The pages with a list of items that were read, by their key."""
    pages = session_of(counter).pages
    return {key: page for key, page in pages.items() if isinstance(page, ScanPage) and key != RESERVATIONS}


def session_of(counter: Counter) -> CounterSession:
    """Whoever is signed in."""
    session = counter.window.pages.session
    assert session is not None
    return session


def connections(library: CounterLibrary) -> int:
    """How many members of staff are connected to this database."""
    with library.engine.connect() as connection:
        return int(
            connection.exec_driver_sql(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and usename like 'clerk%%'"
            ).scalar_one()
        )


# -- nothing is seen ------------------------------------------------------------------------------------


@both
def test_nothing_of_anybody_is_seen_or_connected(counter: Counter, library: CounterLibrary) -> None:
    name, title = "離席 ためし", "離席のための本"
    card, item = library.patron(name=name), library.item(title=title)
    counter.open_visit(card)
    counter.scan_and_wait(item)
    counter.type("200000", enter=False)
    assert where_said(name, title, card, item) != []
    if library.on_postgresql:
        assert connections(library) >= 1
    leave(counter)
    assert is_away(counter)
    counter.turn()
    assert where_said(name, title, card, item, "200000") == []
    assert where_said("訓練 太郎") != [], "whose work waits is said"
    if library.on_postgresql:
        counter.until(lambda: connections(library) == 0)


@both
@pytest.mark.parametrize("way", ["F12", "card", "idle"])
def test_every_way_to_leave(counter: Counter, library: CounterLibrary, way: str) -> None:
    counter.open_visit(library.patron())
    if way == "F12":
        counter.f(12)
    elif way == "card":
        command(counter, Command.LOCK)
    else:
        counter.window.idle.start(0.3)
    counter.until(lambda: is_away(counter))
    come_back(counter)
    assert counter.window.page is not None


def test_with_nothing_to_keep_it_is_an_ordinary_sign_in(counter: Counter) -> None:
    leave(counter)
    assert not is_away(counter)
    assert counter.window.sign_in.panel.isVisible()
    assert where_said("訓練 太郎") == []


@both
def test_keys_and_scans_do_nothing_while_away(counter: Counter, library: CounterLibrary) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    leave(counter)
    for key in range(1, 13):
        counter.f(key)
    for number in (card, item):
        counter.scan(number)
    command(counter, Command.YES, Command.LEND)
    counter.turn()
    assert is_away(counter)
    assert library.loans() == []
    assert counter.window.sign_in.front().password_field().text() == ""
    assert where_said(card, item) == []


@pytest.mark.parametrize("password", ["wrong", "", PASSWORD.upper()])
def test_only_the_password_leads_back(counter: Counter, library: CounterLibrary, password: str) -> None:
    counter.open_visit(library.patron())
    leave(counter)
    counter.try_to_sign_in("clerk", password)
    counter.settled()
    assert is_away(counter)
    assert counter.window.page is None


# -- nothing is lost --------------------------------------------------------------------------------------


@both
def test_the_same_person_finds_the_visit_as_it_was(counter: Counter, library: CounterLibrary) -> None:
    card = library.patron(name="訪問 つづき")
    lent, refused, more = library.item(), library.item(reference_only=True), library.item()
    counter.open_visit(card)
    counter.scan_and_wait(lent)
    counter.scan_and_wait(refused)
    counter.f(9)
    counter.type("0520")
    counter.type("2000", enter=False)
    rows = counter.rows()
    leave(counter)
    come_back(counter)
    assert [(row.number, row.sign, row.title, row.state, row.right) for row in counter.rows()] == [
        (row.number, row.sign, row.title, row.state, row.right) for row in rows
    ]
    assert "訪問 つづき" in counter.left_text()
    assert "図書・雑誌 1/" in counter.left_text(), "what was lent in this visit is counted as before"
    assert "5/20" in counter.banner_text()
    assert counter.window.typed.text() == "2000"
    # and goes on: the refusal is still a question, the next item is the third of the same visit
    counter.window.typed.clear()
    assert counter.scan_and_wait(more).number == 3
    assert library.loans() == [(card, lent), (card, more)]
    counter.f(10)
    assert counter.window.frame.question.view() is not None
    counter.scan_and_wait(lent)
    assert counter.rows()[-1].sign is Sign.SAME_ITEM


@both
def test_returns_and_renewals_are_found_too(counter: Counter, library: CounterLibrary) -> None:
    card = library.patron()
    back, other, renewed = library.item(), library.item(), library.item()
    for item in (back, other, renewed):
        library.lent(card, item, due_on=TODAY + dt.timedelta(days=1))
    counter.f(3)
    counter.scan_and_wait(renewed)
    renewals = counter.rows()
    counter.f(2)
    counter.scan_and_wait(back)
    counter.scan_and_wait(other)
    counter.f(11)
    returns, piles = counter.rows(), counter.left_text()
    leave(counter)
    come_back(counter)
    assert [(row.title, row.right) for row in counter.rows()] == [(row.title, row.right) for row in returns]
    assert counter.left_text() == piles
    assert counter.banner_text() != "", "the book drop's day still holds"
    counter.f(11)
    counter.f(9)
    counter.settled()
    assert counter.row(other).sign is Sign.NOTICE
    assert library.loans() == [(card, other), (card, renewed)], "the last return can still be undone"
    counter.f(3)
    assert [(row.title, row.right) for row in counter.rows()] == [(row.title, row.right) for row in renewals]


@pytest.mark.parametrize("whose", ["same", "colleague"])
@pytest.mark.parametrize("key", [1, 2, 3], ids=["checkout", "returns", "renewal"])
def test_every_page_waits_for_its_owner(
    counter: Counter, library: CounterLibrary, key: int, whose: str
) -> None:
    """With a patron at the counter, and rows on every page; which page was in sight is kept, too.

    On a central server, and after a kill -9, it is tried in test_crash_on_server.py.
    """
    name = "全頁 まもる"
    card, other = library.patron(name=name), library.patron()
    lent, back, renewed = library.item(), library.item(), library.item()
    for item in (back, renewed):
        library.lent(other, item, due_on=TODAY + dt.timedelta(days=1))
    counter.open_visit(card)
    counter.scan_and_wait(lent)
    counter.f(2)
    counter.scan_and_wait(back)
    counter.f(3)
    counter.scan_and_wait(renewed)
    counter.f(WAY)
    counter.scan_and_wait(back)
    counter.f(key)
    rows = {page: found.list.rows() for page, found in scan_pages(counter).items()}
    assert all(len(found) == 1 for found in rows.values())
    leave(counter)
    if whose == "colleague":
        come_back(counter, COLLEAGUE)
        assert all(page.list.rows() == () for page in scan_pages(counter).values())
        assert where_said(name, card, lent, back, renewed) == []
        leave_to_the_owner(counter)
        assert where_said(name, card, lent, back, renewed) == []
        counter.pass_guard()
        counter.f(10)
        counter.until(lambda: counter.window.page is not None)
        counter.settled()
    else:
        come_back(counter)
    pages = scan_pages(counter)
    assert {page: found.list.rows() for page, found in pages.items()} == rows
    assert counter.page is pages[key]
    counter.f(1)
    assert name in counter.left_text()


@both
def test_a_colleague_works_meanwhile_and_the_owner_is_asked(
    counter: Counter, library: CounterLibrary
) -> None:
    name = "待つ 利用者"
    card, item, others_card = library.patron(name=name), library.item(), library.patron()
    counter.open_visit(card)
    counter.scan_and_wait(item)
    leave(counter)
    come_back(counter, COLLEAGUE)
    assert counter.rows() == ()
    assert where_said(name, card, item) == []
    counter.open_visit(others_card)
    counter.f(11)
    leave_to_the_owner(counter)
    assert where_said(name, card, item) == []
    counter.pass_guard()
    counter.f(10)
    counter.until(lambda: counter.window.page is not None)
    counter.until(lambda: name in counter.left_text())
    assert [row.title for row in counter.rows()] == [library.title_of(item)]


@pytest.mark.parametrize("later", [True, False])
def test_who_does_not_want_it_now_is_asked_again(
    counter: Counter, library: CounterLibrary, later: bool
) -> None:
    card = library.patron()
    counter.open_visit(card)
    leave(counter)
    come_back(counter, COLLEAGUE)
    leave_to_the_owner(counter)
    counter.pass_guard()
    counter.f(9)
    counter.until(lambda: counter.window.page is not None)
    assert counter.rows() == ()
    if not later:
        other = library.patron()
        counter.open_visit(other)
        leave(counter)
        come_back(counter)
        assert other in counter.left_text(), "the newer work took the place of the older"
        return
    leave_to_the_owner(counter)


def test_who_leaves_the_offer_standing_is_signed_out(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    leave(counter)
    come_back(counter, COLLEAGUE)
    leave_to_the_owner(counter)
    sign_in = counter.window.sign_in
    counter.window.idle.start(0.2)
    counter.until(sign_in.panel.isVisible)
    assert not sign_in.half_way()


def test_at_closing_time_it_is_gone(counter: Counter, library: CounterLibrary) -> None:
    card = library.patron()
    counter.open_visit(card)
    leave(counter)
    library.set_clock(dt.datetime.combine(TODAY, dt.time(20), JST))
    come_back(counter)
    assert counter.rows() == ()
    assert card not in counter.left_text()


def test_it_is_gone_at_closing_time_also_when_nobody_comes_back(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, ring: MemoryKeyring, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    now = partial(dt.datetime.astimezone, tz=JST)
    kept = KeptWork(lambda: now(library.now), KeptFiles(folder, lambda: now(library.now)))
    counter = Counter(qtbot, qapp, library, SlowServer(library), kept=kept)
    counter.sign_in()
    counter.open_visit(library.patron())
    leave(counter)
    counter.until(folder.is_dir)
    assert is_away(counter)
    library.set_clock(dt.datetime.combine(TODAY, dt.time(20), JST))
    # as each minute
    counter.window._looker.look()
    counter.until(lambda: not folder.exists() and ring.kept == {})
    assert not is_away(counter)
    assert where_said("訓練 太郎") == []
    counter.close()


def test_the_next_program_finds_it_in_the_files(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, ring: object, tmp_path: Path
) -> None:
    """What a process that is killed leaves behind is tried in test_lock_tricks.py."""
    del ring
    card, item = library.patron(name="再起 動子"), library.item()

    def program() -> Counter:
        files = KeptFiles(tmp_path / "kept", lambda: library.now.astimezone(JST))
        kept = KeptWork(lambda: library.now.astimezone(JST), files)
        return Counter(qtbot, qapp, library, SlowServer(library), kept=kept)

    first = program()
    first.sign_in()
    first.open_visit(card)
    first.scan_and_wait(item)
    leave(first)
    first.application.kept._behind.submit(int).result()
    second = program()
    second.settled()
    second.try_to_sign_in("clerk")
    second.until(second.window.sign_in.offer.isVisible)
    second.pass_guard()
    second.f(10)
    second.until(lambda: "再起 動子" in second.left_text())
    assert [row.title for row in second.rows()] == [library.title_of(item)]
    second.close()
    first.close()


# -- between a scan and its answer ------------------------------------------------------------------------


@both
def test_what_was_asked_is_answered_first(
    counter: Counter, library: CounterLibrary, slow: SlowServer
) -> None:
    name, card, item = "途中 答子", "", library.item()
    card = library.patron(name=name)
    counter.open_visit(card)
    slow.hold()
    counter.scan(item)
    counter.type("200000", enter=False)
    counter.f(12)
    counter.turn()
    assert counter.window.away.leaving
    assert where_said(name, library.title_of(item), "200000") == [], "nobody sees what is waited for"
    counter.scan(library.item())
    slow.let_go()
    counter.until(lambda: is_away(counter) and not counter.window.away.leaving)
    assert where_said(name, library.title_of(item)) == []
    assert library.loans() == [(card, item)]
    come_back(counter)
    assert [(row.sign, row.title) for row in counter.rows()] == [(Sign.DONE, library.title_of(item))]


def test_with_the_line_down_nobody_waits_and_the_book_stays(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary
) -> None:
    line = CutLine(library)
    counter = Counter(qtbot, qapp, library, line)
    counter.sign_in()
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    line.down = True
    counter.scan(item)
    counter.until(lambda: counter.rows()[-1].sign is Sign.OUTAGE)
    counter.f(12)
    counter.turn()
    assert is_away(counter)
    assert where_said(card) == []
    counter.try_to_sign_in("clerk")
    counter.until(lambda: where_said("サーバーに届きません。少し待って、もう一度どうぞ。") != [])
    assert counter.window.page is None, "it stays locked"
    line.down = False
    counter.settled()
    come_back(counter)
    assert library.loans() == []
    assert counter.row(item).sign is Sign.REFUSED
    assert counter.row(item).answered
    counter.close()


# -- nobody there -----------------------------------------------------------------------------------------


def test_the_last_seconds_are_counted_and_a_key_ends_them(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    counter.window.idle.start(9.5)
    counter.until(lambda: "10秒" in counter.banner_text() or "9秒" in counter.banner_text())
    counter.type("2", enter=False)
    counter.until(lambda: counter.banner_text() == "")
    assert counter.window.page is not None


def test_a_scan_is_somebody(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    counter.window.idle.start(9.5)
    counter.until(lambda: counter.banner_text() != "")
    counter.scan(library.item())
    counter.until(lambda: counter.banner_text() == "")


@pytest.mark.parametrize("answer", [Answer.STOP, Answer.OFFERED])
def test_the_card_of_a_patron_answers_no_offer(
    counter: Counter, library: CounterLibrary, answer: Answer
) -> None:
    """A scan while somebody is asked whether to go on decides nothing."""
    counter.open_visit(library.patron())
    leave(counter)
    come_back(counter, COLLEAGUE)
    leave_to_the_owner(counter)
    offer = counter.window.sign_in.offer
    counter.pass_guard()
    counter.scan(library.patron())
    counter.turn()
    assert offer.isVisible()
    counter.f(answer.value)
    counter.until(lambda: counter.window.page is not None)


@pytest.mark.parametrize(("said", "holds"), [("{}", 180), ('{"idle_seconds": 45}', 45)])
def test_the_server_says_for_each_terminal_how_long_it_may_stand(
    qtbot: QtBot, qapp: QApplication, served: CounterLibrary, said: str, holds: float
) -> None:
    with served.engine.connect() as connection:
        connection.exec_driver_sql(f"update account.terminal set settings = '{said}'")
    counter = Counter(qtbot, qapp, served, SlowServer(served))
    counter.sign_in()
    assert counter.window.idle.seconds == holds
    counter.close()


@pytest.mark.parametrize("page", [CheckoutPage, CheckinPage], ids=["checkout", "checkin"])
def test_what_goes_wrong_while_it_locks_leaves_it_locked(
    counter: Counter,
    library: CounterLibrary,
    monkeypatch: pytest.MonkeyPatch,
    page: type[CheckoutPage] | type[CheckinPage],
) -> None:
    def fails(_page: object) -> None:
        raise ValueError("a bug")

    name = "故障 しても"
    card, item = library.patron(name=name), library.item()
    counter.open_visit(card)
    counter.scan_and_wait(item)
    monkeypatch.setattr(page, "keep", fails)
    with pytest.raises(ValueError, match="a bug"):
        counter.f(12)
    counter.until(counter.window.sign_in.front().isVisible)
    counter.settled()
    assert counter.window.page is None
    assert where_said(name, card, item) == []
    monkeypatch.undo()
    come_back(counter)
    assert counter.window.page is not None
