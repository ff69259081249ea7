"""A staff card at the sign-in and at the lock: it says who, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.app.staff.cards import StaffCards
from madoguchi.app.training.situations import STAFF, TRAINING_PASSWORD, staff_number
from madoguchi.widgets.look.lock_panel import LockPanel
from madoguchi.widgets.look.views import Answer
from tests.counter.harness import (
    COLLEAGUE,
    PASSWORD,
    Counter,
    CounterLibrary,
    SlowServer,
    both,
    where_said,
)
from tests.counter.program import Terminal, built, terminal
from tests.support.xvfb import wait_for

__all__ = ["built", "terminal"]

MINE, THEIRS, NOBODYS = staff_number(101), staff_number(102), staff_number(103)
UNKNOWN = "このカードは、この端末ではまだ使われていません。職員番号を入力してください。"


@pytest.fixture
def cards() -> StaffCards:
    """What this terminal has learned."""
    known = StaffCards()
    known.learn("clerk", MINE)
    known.learn(COLLEAGUE, THEIRS)
    return known


@pytest.fixture
def counter(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, cards: StaffCards
) -> Iterator[Counter]:
    """A counter at which nobody is signed in."""
    # what a sign-in tells of a card must be what is known here
    with library.engine.connect() as connection:
        for login, number in (("clerk", MINE), (COLLEAGUE, THEIRS)):
            connection.execute(t.staff.update().where(t.staff.c.login == login).values(card_number=number))
    made = Counter(qtbot, qapp, library, SlowServer(library), cards=cards)
    yield made
    made.close()


def fields(counter: Counter) -> tuple[str, str]:
    """Login and password as they stand in the fields."""
    front = counter.window.sign_in.front()
    return front.user_field().text(), front.password_field().text()


def asks_for_password(counter: Counter) -> bool:
    """Whether typing goes into the password."""
    return counter.window.sign_in.front().password_field().edit().hasFocus()


def lock(counter: Counter, library: CounterLibrary) -> None:
    """The clerk leaves a patron at the counter."""
    counter.sign_in()
    counter.open_visit(library.patron())
    counter.f(12)
    counter.until(lambda: not counter.window.away.leaving)
    assert isinstance(counter.window.sign_in.front(), LockPanel)


@both
@pytest.mark.parametrize("half_typed", ["login", "password", "nothing"])
def test_it_says_who_and_the_password_proves_it(counter: Counter, half_typed: str) -> None:
    panel = counter.window.sign_in.panel
    if half_typed == "login":
        counter.type("someb", enter=False)
    elif half_typed == "password":
        panel.start("somebody")
        counter.type("half a passw", enter=False)
    counter.scan(MINE)
    counter.turn()
    assert fields(counter) == ("clerk", "")
    assert asks_for_password(counter)
    assert counter.window.page is None
    counter.type(PASSWORD)
    counter.until(lambda: counter.window.page is not None)
    assert where_said("訓練 太郎") != []


def test_enter_behind_it_and_the_card_alone_sign_nobody_in(counter: Counter) -> None:
    for _ in range(3):
        counter.scan(MINE)
        counter.press(Qt.Key.Key_Return, "\r")
    counter.turn()
    counter.settled()
    assert counter.window.page is None
    assert fields(counter) == ("clerk", "")
    assert counter.window.sign_in.panel.message() == ""


def test_a_card_unknown_here_is_told_of_until_one_is_known(counter: Counter) -> None:
    counter.type("half", enter=False)
    counter.scan(NOBODYS)
    assert counter.window.sign_in.panel.message() == UNKNOWN
    counter.until(lambda: fields(counter) == ("half", ""))
    counter.scan(MINE)
    assert counter.window.sign_in.panel.message() == ""
    assert fields(counter) == ("clerk", "")


def test_what_was_said_of_the_sign_in_stays(counter: Counter) -> None:
    counter.try_to_sign_in("clerk", "wrong")
    panel = counter.window.sign_in.panel
    counter.until(lambda: "違うか" in panel.message())
    counter.scan(NOBODYS)
    counter.scan(THEIRS)
    assert "違うか" in panel.message()
    assert fields(counter) == (COLLEAGUE, "")


@both
def test_at_the_lock_the_owner_or_a_colleague(
    counter: Counter, library: CounterLibrary, cards: StaffCards
) -> None:
    lock(counter, library)
    cards.learn("clerk", MINE)
    counter.type("half", enter=False)
    counter.scan(THEIRS)
    counter.turn()
    assert fields(counter) == (COLLEAGUE, "")
    assert asks_for_password(counter)
    counter.scan(NOBODYS)
    assert where_said(UNKNOWN) != []
    assert fields(counter) == (COLLEAGUE, "")
    counter.scan(MINE)
    assert fields(counter) == ("clerk", "")
    assert where_said(UNKNOWN) == []
    counter.type(PASSWORD)
    counter.until(lambda: counter.window.page is not None)


@pytest.mark.parametrize("answer", [Answer.STOP, Answer.OFFERED])
def test_it_answers_no_question(counter: Counter, library: CounterLibrary, answer: Answer) -> None:
    lock(counter, library)
    counter.sign_in(COLLEAGUE)
    counter.f(12)
    counter.try_to_sign_in("clerk")
    sign_in = counter.window.sign_in
    counter.until(sign_in.offer.isVisible)
    before = fields(counter)
    counter.pass_guard()
    for number in (MINE, THEIRS, NOBODYS):
        counter.scan(number)
    counter.turn()
    assert sign_in.offer.isVisible()
    assert fields(counter) == before
    assert sign_in.panel.message() == ""
    counter.f(answer.value)
    counter.until(lambda: counter.window.page is not None)


def test_while_a_sign_in_is_on_its_way_it_changes_nothing(counter: Counter) -> None:
    server = counter.server
    assert isinstance(server, SlowServer)
    counter.settled()
    server.hold()
    counter.try_to_sign_in("clerk", "wrong")
    counter.scan(THEIRS)
    assert fields(counter) == ("clerk", "")
    server.let_go()
    counter.until(lambda: "違うか" in counter.window.sign_in.panel.message())
    assert fields(counter) == ("clerk", "")


def test_while_signed_in_it_is_what_it_was(counter: Counter) -> None:
    counter.sign_in()
    counter.scan(THEIRS)
    counter.turn()
    assert where_said("職員カード") != []
    assert counter.window.page is not None


@both
def test_each_sign_in_tells_the_card_of_whoever_it_is(
    counter: Counter, library: CounterLibrary, cards: StaffCards
) -> None:
    new = staff_number(104)
    with library.engine.connect() as connection:
        connection.execute(t.staff.update().where(t.staff.c.login == "clerk").values(card_number=new))
    counter.try_to_sign_in("clerk", "wrong")
    counter.until(lambda: "違うか" in counter.window.sign_in.panel.message())
    assert cards.login_of(new) is None, "a wrong password tells nothing"
    counter.sign_in()
    assert (cards.login_of(new), cards.login_of(MINE)) == ("clerk", None)
    counter.f(12)
    counter.scan(new)
    assert fields(counter) == ("clerk", "")


def test_in_the_real_program_it_is_learned_and_known_after_a_new_start(
    terminal: Terminal, tmp_path: Path
) -> None:
    """Digits of a card in the password would make it wrong; Enter behind it would send it."""
    screen, person = terminal.screen, STAFF[0]
    card = staff_number(person.serial)

    def type_password() -> None:
        screen.type_like_a_clerk(TRAINING_PASSWORD)
        screen.key("Return")
        wait_for(terminal.signed_in, "the checkout page")

    screen.type_like_a_clerk(person.login)
    screen.key("Return")
    type_password()
    known = tmp_path / "home" / "staff_cards.json"
    wait_for(known.is_file, "what was learned")
    assert terminal.end() == 0
    terminal.start()
    while not screen.type_like_a_scanner(card):
        # too slow to be a scan: begin anew with empty fields
        assert terminal.end() == 0
        terminal.start()
    type_password()
    assert "Traceback" not in terminal.said()
