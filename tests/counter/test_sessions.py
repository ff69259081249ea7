"""Who may work here, what sign-out leaves, and answers that come home when nobody waits for them."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.widgets.look.views import Sign
from tests.counter.harness import (
    COLLEAGUE,
    PASSWORD,
    Counter,
    CounterLibrary,
    SlowServer,
    both,
    unique,
    where_said,
)
from tests.support.library import MINAMI, SOGO, TODAY

DUE = TODAY + dt.timedelta(days=14)


def test_the_training_library_has_the_counters_pages_alone(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    counter = Counter(qtbot, qapp, embedded, SlowServer(embedded))
    counter.try_to_sign_in("keeper")
    counter.until(lambda: bool(where_said("練習用ライブラリにあるのは、窓口のページだけです。")))
    assert (counter.window.page, counter.window.office) == (None, None)
    counter.close()


@both
@pytest.mark.parametrize(
    ("login", "password", "message"),
    [
        ("itaku", PASSWORD, "この館の端末では使えない職員番号です。"),
        ("clerk", "wrong", "職員番号かパスワードが違うか、使えない職員番号です。"),
        ("nobody", PASSWORD, "職員番号かパスワードが違うか、使えない職員番号です。"),
    ],
)
def test_who_is_not_let_in(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, login: str, password: str, message: str
) -> None:
    counter = Counter(qtbot, qapp, library, SlowServer(library))
    counter.try_to_sign_in(login, password)
    counter.until(lambda: bool(where_said(message)))
    assert counter.window.page is None
    assert counter.window.sign_in.panel.password_field().text() == ""
    counter.scan(library.item())
    counter.f(1)
    assert counter.window.page is None
    counter.close()


def test_contract_staff_work_at_their_own_branch(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary
) -> None:
    counter = Counter(qtbot, qapp, library, SlowServer(library), branch=("minami", "南市民図書館"))
    counter.sign_in("itaku")
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    assert counter.scan_and_wait(item).sign is Sign.DONE
    assert library.value(sa.select(t.loan.c.branch_id)) == MINAMI != SOGO
    counter.close()


def test_what_is_asked_twice_while_a_sign_in_is_on_its_way_is_one_session(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary
) -> None:
    server = SlowServer(library)
    counter = Counter(qtbot, qapp, library, server)
    counter.settled()
    server.hold()
    counter.try_to_sign_in("clerk")
    counter.scan(library.item())
    assert where_said("サインインしてから読み取ってください。") != []
    counter.try_to_sign_in("clerk")
    server.let_go()
    counter.until(lambda: counter.window.page is not None)
    page = counter.window.page
    counter.settled()
    counter.turn()
    assert counter.window.page is page
    counter.close()


def test_sign_out_leaves_nothing(counter: Counter, library: CounterLibrary) -> None:
    name, titles = unique("見本"), [unique("本") for _ in range(4)]
    card = library.patron(name=name)
    lent, reference, renewed, returned = (
        library.item(title=title, reference_only=place == 1) for place, title in enumerate(titles)
    )
    library.lent(card, renewed, due_on=TODAY)
    library.lent(card, returned, due_on=TODAY)
    counter.f(3)
    counter.scan_and_wait(renewed)
    counter.f(2)
    counter.scan_and_wait(returned)
    counter.f(1)
    counter.open_visit(card)
    counter.scan_and_wait(lent)
    counter.scan_and_wait(reference)
    counter.f(10)
    assert len(where_said(*titles)) > 3
    counter.f(12)
    assert counter.window.page is None
    counter.settled()
    counter.turn()
    assert where_said(name, card, *titles, lent, reference, renewed, returned) == []
    counter.sign_in(COLLEAGUE)
    for page in (1, 2, 3):
        counter.f(page)
        assert counter.rows() == ()
    assert where_said(name, card, *titles) == []


# -- answers that come late ----------------------------------------------------------------------


@pytest.fixture
def strangers(library: CounterLibrary) -> tuple[str, list[str], list[str]]:
    """A patron, and items of theirs: free, 禁帯出, on loan to somebody else; with the titles."""
    titles = [unique("題") for _ in range(3)]
    items = [library.item(title=title, reference_only=place == 1) for place, title in enumerate(titles)]
    library.lent(library.patron(), items[2], due_on=DUE)
    return library.patron(), items, titles


def test_answers_that_come_home_to_the_next_patron(
    counter: Counter, library: CounterLibrary, slow: SlowServer, strangers: tuple[str, list[str], list[str]]
) -> None:
    card, items, titles = strangers
    name = unique("次")
    nobody_yet = library.patron(name=name)
    counter.open_visit(card)
    slow.hold()
    for item in items:
        counter.scan(item)
    counter.scan(nobody_yet)
    assert [row.sign for row in counter.rows()] == [Sign.PENDING] * 3
    slow.let_through(3)
    counter.until(lambda: [row.sign for row in counter.rows()] == [Sign.REFUSED] * 2)
    counter.turn()
    assert where_said(*titles) == []
    slow.let_go()
    counter.until(lambda: name in counter.left_text())
    counter.turn()
    # the book had gone over the counter: lent to whose it was; what was refused stays as a number
    assert library.loans()[1:] == [(card, items[0])]
    assert [(row.title, row.sign) for row in counter.rows()] == [(n, Sign.REFUSED) for n in items[1:]]
    assert where_said(*titles) == []
    assert counter.strip().title == name
    assert counter.page.header().count == 0
    assert counter.scan_and_wait(library.item()).sign is Sign.DONE


def test_answers_that_come_home_after_sign_out(
    counter: Counter, library: CounterLibrary, slow: SlowServer, strangers: tuple[str, list[str], list[str]]
) -> None:
    card, items, titles = strangers
    renewable, returned, also_lent = (library.item(title=titles[0]) for _ in range(3))
    for item in (renewable, returned):
        library.lent(card, item, due_on=TODAY)
    counter.f(2)
    counter.scan_and_wait(returned)
    counter.f(1)
    counter.open_visit(card)
    counter.scan_and_wait(items[1])
    counter.scan_and_wait(renewable)
    slow.hold()
    counter.scan(also_lent)
    counter.scan(items[2])
    counter.f(10)
    counter.pass_guard()
    counter.window.frame.question.reasons().buttons()[0].click()
    counter.f(11)  # an override is on its way
    counter.page._attend(counter.page.entries()[1])
    counter.pass_guard()
    counter.f(10)  # a renewal, too
    counter.f(2)
    counter.f(9)  # and the undo of a return
    counter.scan(items[2])
    counter.f(3)
    counter.scan(items[2])
    counter.scan("1000009002")
    counter.f(12)
    slow.let_go()
    counter.settled()
    counter.turn()
    assert where_said(*titles, *items, card) == []
    counter.sign_in(COLLEAGUE)
    assert where_said(*titles, *items, card) == []
    assert counter.rows() == ()


def test_a_renewal_on_its_way_says_nothing_to_the_next_patron(
    counter: Counter, library: CounterLibrary, slow: SlowServer
) -> None:
    title, card = unique("題"), library.patron()
    own = library.item(title=title)
    library.lent(card, own, due_on=TODAY)
    counter.open_visit(card)
    counter.scan_and_wait(own)
    counter.f(10)
    counter.pass_guard()
    slow.hold()
    counter.f(10)
    counter.scan(library.patron())
    slow.let_through(1)
    counter.until(lambda: library.value(sa.select(t.loan.c.renewals)) == 1)
    counter.turn()
    assert where_said(title) == []
    slow.let_go()
    counter.settled()
    assert where_said(title) == []


def test_a_bug_in_an_act_is_seen_on_its_row(counter: Counter, library: CounterLibrary, qtbot: QtBot) -> None:
    """The row does not wait for ever, and the next scan goes on."""
    card, first, second = library.patron(), library.item(), library.item()
    counter.open_visit(card)
    server = counter.server
    run = server.run

    def defective(act):
        server.run = run
        raise ZeroDivisionError

    server.run = defective
    with qtbot.captureExceptions() as bugs:
        counter.scan(first)
        counter.until(lambda: counter.rows()[-1].sign is Sign.REFUSED)
    assert [kind for kind, _, _ in bugs] == [ZeroDivisionError]
    assert counter.rows()[-1].state == "処理できませんでした"
    assert counter.scan_and_wait(second).sign is Sign.DONE
    assert library.loans() == [(card, second)]
