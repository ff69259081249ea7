"""What is typed by hand, what is scanned, and both at once, in the counter's window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from tests.counter.harness import Counter, CounterLibrary

FULL_WIDTH = str.maketrans({character: chr(ord(character) + 0xFEE0) for character in "0123456789ABCD"})


def commit(text: str) -> None:
    """Has an input method commit a text to whatever has the focus."""
    focused = QApplication.focusWidget()
    assert focused is not None
    event = QInputMethodEvent()
    event.setCommitString(text)
    QCoreApplication.sendEvent(focused, event)


def lent(counter: Counter) -> list[str]:
    """The items on loan, in their order."""
    return [item for _, item in counter.library.loans()]


def test_full_width_digits_typed_by_hand(counter: Counter, embedded: CounterLibrary) -> None:
    card, item = embedded.patron(), embedded.item()
    counter.type(card.translate(FULL_WIDTH))
    counter.until(lambda: card in counter.left_text())
    counter.type(f"A{item}A".translate(FULL_WIDTH))
    counter.settled()
    assert lent(counter) == [item]


def test_full_width_digits_committed_by_an_input_method(counter: Counter, embedded: CounterLibrary) -> None:
    card, item = embedded.patron(), embedded.item()
    commit(card.translate(FULL_WIDTH))
    counter.type("")
    counter.until(lambda: card in counter.left_text())
    # in pieces, as somebody converts them; the rest by hand
    commit(item[:4].translate(FULL_WIDTH))
    commit(item[4:7].translate(FULL_WIDTH))
    counter.type(item[7:])
    counter.settled()
    assert lent(counter) == [item]


def test_a_half_typed_number_does_not_get_into_the_next_scan(
    counter: Counter, embedded: CounterLibrary
) -> None:
    card, item, other = embedded.patron(), embedded.item(), embedded.item()
    counter.open_visit(card)
    counter.type(item[:5], enter=False)
    counter.scan_and_wait(other)
    counter.type(item)
    counter.settled()
    assert lent(counter) == [other, item]


@pytest.mark.parametrize("slowly", [False, True])
def test_a_scan_answers_no_question(counter: Counter, embedded: CounterLibrary, slowly: bool) -> None:
    card, reader, item, other = embedded.patron(), embedded.patron(), embedded.item(), embedded.item()
    embedded.reserved(reader, item)
    counter.open_visit(card)
    counter.scan_and_wait(item)
    counter.f(10)
    counter.pass_guard()
    question = counter.window.frame.question
    assert question.isVisible()
    assert question.isAncestorOf(QApplication.focusWidget())
    if slowly:
        # a scanner too slow to be told from hands: its keys, and its Enter, go to the button in focus
        counter.type(other)
    else:
        counter.scan(other)
    counter.settled()
    assert item not in lent(counter)
    assert counter.row(item).pinned, "the refusal still waits"
    if not slowly:
        assert lent(counter) == [other]
