"""What the clerk answered or asked, and a slow server, a cut line or a bug on its way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.widgets import scan_page
from madoguchi.widgets.look.views import RowView, Sign, StripView, Tone
from tests.counter.harness import Counter, CounterLibrary, CutLine, unique, where_said
from tests.support.library import TODAY


@pytest.fixture
def line(library: CounterLibrary) -> CutLine:
    return CutLine(library)


@pytest.fixture
def counter(qtbot: QtBot, qapp: QApplication, library: CounterLibrary, line: CutLine) -> Iterator[Counter]:
    made = Counter(qtbot, qapp, library, line)
    made.sign_in()
    yield made
    line.down = False
    made.close()


def let_go(counter: Counter, line: CutLine) -> None:
    """What was held goes on; waits for all answers."""
    line.let_go()
    line.let_through(20)
    for _ in range(3):
        counter.settled()


def scan_while_cut(counter: Counter, line: CutLine, item: str) -> None:
    """The line breaks, and an item's row says so."""
    line.down = True
    counter.scan(item)
    counter.until(lambda: counter.rows()[-1].sign is Sign.OUTAGE)


def mend(counter: Counter, line: CutLine) -> None:
    """The line is well again, and all that waited has been answered."""
    line.down = False
    counter.settled()
    counter.settled()


def ask_for_override(counter: Counter) -> None:
    """F10, the first reason, F11."""
    counter.f(10)
    counter.pass_guard()
    counter.window.frame.question.reasons().buttons()[0].click()
    counter.f(11)


def ask_for_renewal(counter: Counter) -> None:
    """F10, and F10 again."""
    counter.f(10)
    counter.pass_guard()
    counter.f(10)


def renewed_once(library: CounterLibrary) -> None:
    """What is on loan was renewed already."""
    with library.engine.connect() as connection:
        connection.execute(t.loan.update().values(renewals=1))


def overrides(library: CounterLibrary) -> int:
    """How many were granted."""
    return len(library.rows(sa.select(t.loan_override)))


# -- an answer is given once ----------------------------------------------------------------------------


def test_a_renewal_asked_for_twice_is_renewed(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=TODAY)
    counter.open_visit(card)
    counter.scan_and_wait(item)
    line.hold()
    for _ in range(2):
        counter.f(10)
        counter.pass_guard()
        counter.f(10)
    let_go(counter, line)
    assert counter.row(item).sign is Sign.DONE
    assert counter.strip().tone is Tone.DONE


def test_an_override_asked_for_twice_is_granted_once(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    card, item = library.patron(), library.item(reference_only=True)
    counter.open_visit(card)
    counter.scan_and_wait(item)
    line.hold()
    ask_for_override(counter)
    row = counter.row(item)
    assert (row.sign, row.detail, row.action) == (Sign.PENDING, "理由をつけて貸す", "")
    assert (counter.strip().tone, counter.strip().side_first) == (Tone.PENDING, "理由をつけて貸す")
    assert 10 not in counter.live_keys()
    counter.f(10)
    assert counter.window.frame.question.view() is None
    let_go(counter, line)
    assert [(row.sign, row.right) for row in counter.rows()] == [
        (Sign.REFUSED, "対応済み"),
        (Sign.DONE, "5/26(火)"),
    ]
    assert overrides(library) == 1
    assert library.loans() == [(card, item)]


def test_a_renewal_that_is_refused_says_why_in_its_row(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=TODAY)
    renewed_once(library)
    counter.open_visit(card)
    counter.scan_and_wait(item)
    line.hold()
    ask_for_renewal(counter)
    assert (counter.row(item).sign, counter.row(item).action) == (Sign.PENDING, "")
    let_go(counter, line)
    row = counter.row(item)
    assert (row.sign, row.state, row.action) == (Sign.REFUSED, "延長済み", "F10 対応")


def test_an_override_that_is_refused_leaves_the_row_as_it_was(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    card, item = library.patron(), library.item(reference_only=True)
    counter.open_visit(card)
    before = counter.scan_and_wait(item)
    line.hold()
    ask_for_override(counter)
    # the clerk's account is closed at this very moment
    with library.engine.connect() as connection:
        connection.execute(t.staff.update().values(active_until=TODAY - dt.timedelta(days=1)))
    let_go(counter, line)
    assert counter.rows() == (before,)
    assert counter.strip().tone is Tone.REFUSED
    assert 10 in counter.live_keys()
    assert library.loans() == []


@pytest.mark.parametrize("how", ["slow", "down"])
def test_an_override_for_a_visit_that_is_over_is_not_granted(
    counter: Counter, library: CounterLibrary, line: CutLine, how: str
) -> None:
    title = unique("事典")
    item, after = library.item(title=title, reference_only=True), library.patron()
    counter.open_visit(library.patron())
    counter.scan_and_wait(item)
    if how == "down":
        scan_while_cut(counter, line, library.item())
    else:
        line.hold()
        counter.scan(library.item())
    ask_for_override(counter)
    counter.scan(after)
    assert where_said(title) == []
    line.down = False
    let_go(counter, line)
    assert after in counter.left_text()
    assert overrides(library) == 0
    (left,) = counter.rows()
    assert (left.number, left.sign, left.title, left.answered) == (0, Sign.REFUSED, item, False)
    assert left.under == "前の利用者・貸出していません"


@pytest.mark.parametrize("done", [True, False])
def test_a_renewal_that_is_answered_after_its_visit(
    counter: Counter, library: CounterLibrary, line: CutLine, done: bool
) -> None:
    title = unique("題")
    card, item = library.patron(), library.item(title=title)
    library.lent(card, item, due_on=TODAY)
    if not done:
        renewed_once(library)
    counter.open_visit(card)
    counter.scan_and_wait(item)
    line.hold()
    ask_for_renewal(counter)
    counter.scan(library.patron())
    assert where_said(title) == []
    assert [(row.sign, row.under) for row in counter.rows()] == [(Sign.PENDING, "前の利用者")]
    let_go(counter, line)
    assert where_said(title) == []
    left = [] if done else [(0, item, "延長済み", "前の利用者・延長していません")]
    assert [(row.number, row.title, row.state, row.under) for row in counter.rows()] == left


# -- what waits, and what met a bug -----------------------------------------------------------------------


@pytest.mark.parametrize("act", ["card", "override", "renewal"])
def test_what_waits_for_the_line_says_so_and_is_done_when_it_is_back(
    counter: Counter, library: CounterLibrary, line: CutLine, act: str
) -> None:
    card, item = library.patron(), library.item(reference_only=act == "override")
    if act == "renewal":
        library.lent(card, item, due_on=TODAY)
    if act != "card":
        counter.open_visit(card)
        counter.scan_and_wait(item)

    def seen() -> tuple[StripView, tuple[RowView, ...]]:
        return counter.strip(), counter.rows()

    before = seen()
    line.down = True
    if act == "card":
        counter.scan(card)
    elif act == "override":
        ask_for_override(counter)
    else:
        ask_for_renewal(counter)
    counter.until(lambda: "回線断" in counter.banner_text())
    counter.turn()
    assert seen() != before
    assert counter.strip().tone is Tone.OUTAGE
    if act == "card":
        assert (counter.strip().title, counter.strip().side_second) == (card, "回線が戻ると照会します")
        counter.f(2)
        counter.f(1)
        assert counter.strip().tone is Tone.OUTAGE
    else:
        said = {"override": "未貸出", "renewal": "未延長"}[act]
        assert [(row.state, row.action) for row in counter.rows()] == [(said, "")]
        assert 10 not in counter.live_keys()
    mend(counter, line)
    counter.settled()
    if act == "card":
        assert card in counter.left_text()
        assert counter.strip().tone is Tone.DONE
        return
    assert counter.rows()[-1].sign is Sign.DONE
    assert "回線" not in counter.rows()[-1].under
    assert library.loans() == [(card, item)]


def test_a_bug_while_a_card_is_read_leaves_no_visit(
    counter: Counter, line: CutLine, library: CounterLibrary, qtbot: QtBot
) -> None:
    with qtbot.captureExceptions() as caught:
        line.bug = ValueError("a bug")
        counter.scan(library.patron())
        counter.until(lambda: bool(caught))
    assert 11 not in counter.live_keys()
    assert counter.scan_and_wait(library.item()).state == "利用者カードが先です"


@pytest.mark.parametrize("act", ["override", "renewal"])
def test_a_bug_in_what_the_clerk_answered_is_seen_on_its_row(
    counter: Counter, library: CounterLibrary, line: CutLine, qtbot: QtBot, act: str
) -> None:
    card, item = library.patron(), library.item(reference_only=act == "override")
    if act == "renewal":
        library.lent(card, item, due_on=TODAY)
    counter.open_visit(card)
    counter.scan_and_wait(item)
    with qtbot.captureExceptions() as caught:
        line.bug = ValueError("a bug")
        (ask_for_override if act == "override" else ask_for_renewal)(counter)
        counter.until(lambda: bool(caught))
    assert counter.row(item).state == "処理できませんでした"
    counter.f(11)
    assert counter.rows() == ()


def test_a_loan_given_up_long_ago_is_answered_when_its_row_has_gone(
    counter: Counter, library: CounterLibrary, line: CutLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_page, "MOST_ROWS", 2)
    item, after = library.item(), library.patron()
    counter.open_visit(library.patron())
    scan_while_cut(counter, line, item)
    counter.scan(after)
    for _ in range(3):
        counter.scan(library.item())
    assert [row.title for row in counter.rows() if row.title == item] == []
    mend(counter, line)
    assert [row.sign for row in counter.rows()] == [Sign.DONE] * len(counter.rows())
    assert item not in [lent for _, lent in library.loans()]


def test_a_loan_that_met_a_bug_after_an_outage_goes_with_its_visit(
    counter: Counter, library: CounterLibrary, line: CutLine, qtbot: QtBot
) -> None:
    counter.open_visit(library.patron())
    line.down = True
    counter.scan(library.item())
    counter.until(lambda: counter.rows()[-1].sign is Sign.OUTAGE)
    with qtbot.captureExceptions() as caught:
        line.bug = ValueError("a bug")
        line.down = False
        counter.until(lambda: bool(caught))
    counter.f(11)
    counter.settled()
    assert counter.rows() == ()
