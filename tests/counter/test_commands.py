"""Command codes: a whole visit by scanner alone; nothing by a code of somebody else's; no override by any."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.barcode.commands import Command, command_text
from madoguchi.widgets.look.views import Answer, Sign, Tone
from tests.counter.harness import Counter, CounterLibrary, both
from tests.support.library import TODAY

DUE = TODAY + dt.timedelta(days=14)


def prefix_of(library: CounterLibrary) -> str:
    """The library's own."""
    return str(library.value(sa.select(t.policy.c.command_prefix)))


def command(counter: Counter, *commands: Command) -> None:
    """Scans command codes of this library."""
    for one in commands:
        counter.scan(command_text(one, prefix_of(counter.library)))


def digits(text: str) -> list[Command]:
    """The codes that spell a number."""
    return [Command(digit) for digit in text]


@both
def test_a_visit_by_scanner_alone(counter: Counter, library: CounterLibrary) -> None:
    card, chosen, typed, reference, own = (library.patron(), *(library.item() for _ in range(2)),
        library.item(reference_only=True), library.item())  # fmt: skip
    library.lent(card, own, due_on=TODAY)
    command(counter, Command.LEND)
    counter.open_visit(card)
    command(counter, Command.DUE, *digits("0520"), Command.ENTER)
    assert counter.scan_and_wait(chosen).right == "5/20(水)"
    command(counter, Command.DUE, *digits(typed + "7"), Command.ERASE, Command.ENTER)
    counter.settled()
    assert counter.row(typed).sign is Sign.DONE
    # refused, opened, left alone
    counter.scan_and_wait(reference)
    command(counter, Command.ATTEND)
    assert counter.window.frame.question.view() is not None
    counter.pass_guard()
    command(counter, Command.NO)
    assert counter.window.frame.question.view() is None
    assert counter.row(reference).answered
    # their own loan, renewed
    counter.scan_and_wait(own)
    command(counter, Command.ATTEND)
    counter.pass_guard()
    command(counter, Command.YES)
    counter.settled()
    assert counter.row(own).state == "延長"
    command(counter, Command.FINISH)
    assert counter.rows() == ()
    assert {item for _, item in library.loans()} == {chosen, typed, own}
    # taken back, undone, the book drop, renewed by item, back to the patron, gone
    command(counter, Command.RETURN)
    counter.scan_and_wait(chosen)
    command(counter, Command.UNDO)
    counter.settled()
    assert chosen in {item for _, item in library.loans()}
    command(counter, Command.DROP)
    assert "返却ポスト" in counter.banner_text()
    command(counter, Command.DROP, Command.RENEW)
    assert counter.scan_and_wait(typed).state == "延長"
    command(counter, Command.LAST)
    counter.until(lambda: card in counter.left_text())
    command(counter, Command.HIDE)
    assert card not in counter.left_text()
    command(counter, Command.LOCK)
    assert counter.window.page is None


def test_what_a_command_does_not_do_here_is_said(counter: Counter, library: CounterLibrary) -> None:
    before = library.dump()
    for one in (Command.UNDO, Command.FINISH, Command.DUE, Command.ATTEND, Command.LAST, Command.YES):
        counter.window.frame.strip.set_view(counter.page.idle_strip())
        command(counter, one)
        assert counter.strip().tone is Tone.NOTICE, one
        assert counter.strip().side_first == "何も変わっていません"
    counter.scan(prefix_of(library) + "OVERRIDE")
    assert counter.strip().word == "この操作コードはありません"
    assert counter.rows() == ()
    assert library.dump() == before


@pytest.mark.parametrize("change", [str.swapcase, lambda prefix: prefix[::-1], lambda prefix: "FGHJKMNP"])
def test_a_code_stuck_on_a_book_does_nothing(
    counter: Counter, library: CounterLibrary, change: object
) -> None:
    card = library.patron()
    counter.open_visit(card)
    counter.scan_and_wait(library.item())
    before = library.dump()
    strangers = change(prefix_of(library))  # type: ignore[operator]
    if strangers.upper() == prefix_of(library):
        # a scanner with caps lock on types its own library's codes in the other case: they are the same
        return
    for one in Command:
        counter.scan(strangers + one.value)
    assert all(row.sign is Sign.REFUSED for row in counter.rows()[1:])
    assert len(counter.rows()) == 1 + len(Command)
    assert counter.window.page is counter.page
    assert card in counter.left_text()
    counter.settled()
    assert library.dump() == before


@both
def test_no_scan_gives_an_override(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    counter.scan_and_wait(library.item(reference_only=True))
    prefix = prefix_of(library)
    names = [one.value for one in Command if one not in (Command.NO, Command.LOCK, Command.FINISH)]
    names += ["OVERRIDE", "UNUSUAL", "F11", "11", "REASON", "APPROVE", "WITHDRAW", "YES11", "APPROVED"]
    for name in names:
        if counter.window.frame.question.view() is None:
            counter.f(1)
            counter.f(10)
            counter.pass_guard()
            counter.window.frame.question.reasons().buttons()[0].setChecked(True)
        counter.scan(prefix + name)
    counter.settled()
    assert library.rows(sa.select(t.loan_override)) == []
    assert library.loans() == []


def test_every_act_by_mouse_alone(counter: Counter, library: CounterLibrary, qtbot: QtBot) -> None:
    """Even the number of a forgotten card and a due date of one's own."""
    window = counter.window
    card, item, reference = library.patron(), library.item(), library.item(reference_only=True)

    def click(target: object) -> None:
        qtbot.mouseClick(target, Qt.MouseButton.LeftButton)  # type: ignore[arg-type]

    def enter(number: str) -> None:
        if window.frame.card() is None:
            qtbot.mouseClick(counter.page.list.next_line(), Qt.MouseButton.LeftButton)
        pad = window.frame.card()
        assert pad is not None
        assert pad.isVisible()
        for digit in number:
            click(pad.key(digit))  # type: ignore[union-attr]
        click(pad.key("enter"))  # type: ignore[union-attr]

    click(window.frame.rail.key(1))
    enter(card)
    counter.until(lambda: card in counter.left_text())
    click(window.frame.rail.key(9))
    enter("0520")
    assert "期限指定" in counter.banner_text()
    enter(item)
    counter.settled()
    assert counter.row(item).right == "5/20(水)"
    click(window.frame.banner.button())
    assert counter.banner_text() == ""
    enter(reference)
    counter.settled()
    click(window.frame.rail.key(10))
    counter.pass_guard()
    question = window.frame.question
    click(question.reasons().buttons()[0])
    click(question.button(Answer.UNUSUAL))
    counter.settled()
    counter.settled()
    assert library.loans() == [(card, item), (card, reference)]
    click(window.frame.rail.key(11))
    assert counter.rows() == ()
    click(window.frame.rail.key(8))
    counter.until(lambda: card in counter.left_text())
    click(window.frame.corner.hide_key())
    assert card not in counter.left_text()
    click(window.frame.banner.button())
    assert card in counter.left_text()
    click(window.frame.rail.key(2))
    enter(item)
    counter.settled()
    click(window.frame.rail.key(9))
    counter.settled()
    assert len(library.loans()) == 2
    click(window.frame.rail.key(12))
    assert window.page is None
