"""Two hundred scans, one behind the other, into the real window: none lost, none out of order.

Keys come from one xdotool through a real X server, at 5 to 30 ms a key, mostly without a pause between two
scans, while the focus moves from widget to widget. Whether a key was in time is judged by the X server's
time stamps. A scan in which it was not, as only happens where this machine is too slow, is told apart by them
and replaced by a further one. Nothing is ever typed twice.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from madoguchi.app.server import tables as t
from madoguchi.app.training.situations import item_number
from tests.counter.harness import CounterLibrary
from tests.support.library import SOGO, TODAY
from tests.support.xvfb import Screen, ScreenError, Stroke, late_scans, wait_for

SCANS: Final = 200
SPARE: Final = 60
KEYS_A_SCAN: Final = 11
KEY_MS: Final = (5, 10, 5, 5, 5, 5, 5, 20, 5, 5, 10, 5, 5, 10, 5, 5, 5, 5, 5, 30)
PAUSE_MS: Final = (0, 0, 0, 30, 0, 0, 0, 0, 0, 80, 0)
BUSY: Final = "while True: pass"
PATIENCE_SECONDS: Final = 60.0


class Terminal:
    """The window under test, in a process of its own."""

    def __init__(self, screen: Screen, library: CounterLibrary, environment: dict[str, str]) -> None:
        self._screen = screen
        self.program = self._start(library, environment)
        assert self._answer() == "ready"
        screen.xdotool("search", "--sync", "--onlyvisible", "--name", "^窓口$")
        self.tell("sign_in")
        wait_for(lambda: self.tell("page") == "CheckoutPage", "the checkout page")
        wait_for(self._has_the_keyboard, "the window to have the keyboard")

    def _start(self, library: CounterLibrary, environment: dict[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [
                sys.executable, "-m", "tests.counter.watched_terminal",
                library.terminal_url().render_as_string(hide_password=False),
            ],
            env=self._screen.environment | environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def tell(self, do: str, **what: object) -> Any:
        """Has the program do something; returns its answer."""
        assert self.program.stdin is not None
        self.program.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self.program.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self.program.stdout is not None
        line = self.program.stdout.readline()
        assert line, "the program under test has ended"
        return json.loads(line)

    def _has_the_keyboard(self) -> bool:
        self._screen.key("F1")
        return bool(self.tell("counts")["keys"])

    def go_to(self, key: str, page: str) -> None:
        """Goes to a page by its function key."""
        self._screen.key(key)
        wait_for(lambda: self.tell("page") == page, page)

    def close(self) -> int:
        """Ends it as its input ends; returns the exit status."""
        assert self.program.stdin is not None
        self.program.stdin.close()
        return self.program.wait(60)

    def kill(self) -> None:
        """Ends it if it has not ended, and lets go of its pipes."""
        self.program.kill()
        with self.program:
            pass


@contextmanager
def terminal_on(
    folder: Path, library: CounterLibrary, **environment: str
) -> Iterator[tuple[Screen, Terminal]]:
    """A screen and the window on it, signed in."""
    with Screen(folder) as screen:
        made = Terminal(screen, library, environment)
        try:
            yield screen, made
            assert made.close() == 0
        finally:
            made.kill()


@contextmanager
def busy_machine() -> Iterator[None]:
    """Two processes that compute for nothing."""
    burners = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(2)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def stock(library: CounterLibrary, *, on_loan_to: str = "") -> list[str]:
    """So many items that every scan is of another one; on loan to somebody, or on the shelf."""
    serials = range(1000, 1000 + SCANS + SPARE)
    with library.engine.connect() as connection:
        titles = [
            {"id": n, "title": f"こころ {n}", "statement": "夏目 漱石", "ndc": "913.6"} for n in serials
        ]
        connection.execute(t.title.insert(), titles)
        items = [
            {"id": n, "number": item_number(n), "title_id": n, "home_branch_id": SOGO, "kind": "book"}
            for n in serials
        ]
        connection.execute(t.item.insert(), items)
        if on_loan_to:
            loan = {"patron_id": library.id_of_patron(on_loan_to), "branch_id": SOGO, "due_on": TODAY}
            connection.execute(t.loan.insert(), [loan | {"item_id": n, "lent_on": TODAY} for n in serials])
    return [item_number(n) for n in serials]


def type_until_enough(screen: Screen, terminal: Terminal, numbers: list[str]) -> tuple[list[str], set[str]]:
    """Types until two hundred scans were typed in time.

    Returns all the numbers that were typed, and those of which the X server says that a key came too late.
    """
    strokes = [
        Stroke(number, key_ms, pause_ms)
        for number, key_ms, pause_ms in zip(numbers, cycle(KEY_MS), cycle(PAUSE_MS), strict=False)
    ]
    already = len(terminal.tell("report")["keys"])
    typed: list[Stroke] = []
    late: set[str] = set()
    while (missing := SCANS + len(late) - len(typed)) > 0:
        if len(typed) + missing > len(strokes):
            raise ScreenError(f"this machine is too busy to type like a scanner: {len(late)} scans were late")
        more = strokes[len(typed) : len(typed) + missing]
        screen.type_scans(more)
        typed += more
        keys = len(typed) * KEYS_A_SCAN
        wait_for(lambda: terminal.tell("counts")["keys"] - already >= keys, "every key", PATIENCE_SECONDS)  # noqa: B023
        stamps = terminal.tell("report")["keys"][already:]
        # by way of X, nothing is lost, doubled or out of order
        assert "".join(text for _, text in stamps) == "".join(f"{stroke.code}\r" for stroke in typed)
        late = late_scans(typed, [stamp for stamp, _ in stamps])
    gaps = [b[0] - a[0] for a, b in pairwise(stamps) if a[1] != "\r"]
    print(
        f"{len(stamps)} keys, {len(typed)} scans, {len(late)} of them late by the X server's time; "
        f"gaps within a scan of {min(gaps)} to {max(gaps)} ms"
    )
    return [stroke.code for stroke in typed], late


def in_time(numbers: list[str], late: set[str]) -> list[str]:
    """Without the scans that were typed too slowly, and what little became of them."""
    return [number for number in numbers if number not in late and (number or not late)]


def must_be_whole(report: dict[str, Any], typed: list[str], late: set[str]) -> None:
    """Every scan a row, at once and in order; nothing of one anywhere else."""
    expected = in_time(typed, late)
    print(
        f"{len(expected)} scans, blocked {report['blocked']} times, focus in {', '.join(report['focused'])}"
    )
    caught = [number for number in report["scans"] if number in set(expected)]
    assert caught == expected
    assert in_time(report["rows"], late) == expected
    if not late:
        assert report["scans"] == expected
        assert report["row_when_caught"] == expected
        assert report["rows_when_caught"] == list(range(1, len(expected) + 1))
        assert report["field"] == ""
    assert in_time(report["answered"], late) == expected
    assert {"QLineEdit", "RailKey", "RowsView"} <= set(report["focused"])


def all_answered(terminal: Terminal) -> bool:
    """Whether no row waits for its answer any more."""
    return not terminal.tell("counts")["pending"]


def returned(library: CounterLibrary) -> set[str]:
    """The items that were on loan and are no more."""
    statement = sa.select(t.item.c.number).join(t.loan).where(t.loan.c.returned_at.is_not(None))
    return {str(row["number"]) for row in library.rows(statement)}


def test_two_hundred_loans(tmp_path: Path, embedded: CounterLibrary) -> None:
    card = embedded.patron()
    numbers = stock(embedded)
    with embedded.engine.connect() as connection:
        connection.execute(t.loan_term.update().values(max_loans=SCANS + SPARE))
    with terminal_on(tmp_path, embedded) as (screen, terminal):
        screen.type_scans([Stroke(card, 5, 100)])
        wait_for(lambda: terminal.tell("counts")["scans"] == 1, "the card's scan")
        terminal.tell("forget")
        terminal.tell("wander", on=True)
        typed, late = type_until_enough(screen, terminal, numbers)
        wait_for(lambda: all_answered(terminal), "every answer", PATIENCE_SECONDS)
        report = terminal.tell("report")
    must_be_whole(report, typed, late)
    lent = [item for _, item in embedded.loans()]
    assert in_time(lent, late) == in_time(typed, late), "in the library, too, in this order"
    assert report["page"] == "CheckoutPage"


def test_two_hundred_returns_while_each_answer_takes_a_second(
    tmp_path: Path, embedded: CounterLibrary
) -> None:
    numbers = stock(embedded, on_loan_to=embedded.patron())
    with terminal_on(tmp_path, embedded) as (screen, terminal):
        terminal.go_to("F2", "CheckinPage")
        terminal.tell("wander", on=True)
        terminal.tell("delay", seconds=1.0)
        typed, late = type_until_enough(screen, terminal, numbers)
        counts = terminal.tell("counts")
        assert counts["pending"] > counts["answered"], "every scan has its row, and most are still unanswered"
        assert counts["pending"] + counts["answered"] >= SCANS
        terminal.tell("delay", seconds=0.0)
        wait_for(lambda: all_answered(terminal), "every answer", PATIENCE_SECONDS)
        report = terminal.tell("report")
    must_be_whole(report, typed, late)
    assert returned(embedded) - late == set(in_time(typed, late))
    assert report["page"] == "CheckinPage"


def test_two_hundred_returns_on_a_busy_machine(tmp_path: Path, served: CounterLibrary) -> None:
    numbers = stock(served, on_loan_to=served.patron())
    with terminal_on(tmp_path, served) as (screen, terminal):
        terminal.go_to("F2", "CheckinPage")
        terminal.tell("wander", on=True)
        with busy_machine():
            terminal.tell("block", milliseconds=[300, 600, 450])
            typed, late = type_until_enough(screen, terminal, numbers)
            terminal.tell("block", milliseconds=[])
        wait_for(lambda: all_answered(terminal), "every answer", PATIENCE_SECONDS)
        report = terminal.tell("report")
    must_be_whole(report, typed, late)
    assert report["blocked"] >= 5, "the window was kept busy, too"
    assert returned(served) - late == set(in_time(typed, late))


def test_scans_while_the_window_is_blocked_in_the_middle_of_each(
    tmp_path: Path, embedded: CounterLibrary
) -> None:
    numbers = stock(embedded, on_loan_to=embedded.patron())[:6]
    # Qt's own event loop lets every timer that is due go before the keys that wait
    with terminal_on(tmp_path, embedded, QT_NO_GLIB="1") as (screen, terminal):
        terminal.go_to("F2", "CheckinPage")
        terminal.tell("focus_field")
        for place, number in enumerate(numbers):
            terminal.tell("block_once", keys=1 + place % 4, milliseconds=600)
            screen.type_scans([Stroke(number, 20, 100)])
            wait_for(lambda: terminal.tell("counts")["scans"] == place + 1, "the scan")  # noqa: B023
        report = terminal.tell("report")
    assert report["scans"] == report["rows"] == numbers
    assert report["field"] == ""


def test_scans_while_the_whole_program_stands_still(tmp_path: Path, embedded: CounterLibrary) -> None:
    numbers = stock(embedded, on_loan_to=embedded.patron())[:6]
    with terminal_on(tmp_path, embedded) as (screen, terminal):
        terminal.go_to("F2", "CheckinPage")
        terminal.tell("focus_field")
        for number in numbers:
            typist = screen.begin_typing([Stroke(number, 20)])
            time.sleep(0.1)
            os.kill(terminal.program.pid, signal.SIGSTOP)
            assert typist.wait(10) == 0
            time.sleep(0.3)
            os.kill(terminal.program.pid, signal.SIGCONT)
            wait_for(lambda: number in terminal.tell("report")["scans"], "the scan")  # noqa: B023
        report = terminal.tell("report")
    assert report["scans"] == report["rows"] == numbers
    assert report["field"] == ""


def test_scanners_with_ways_of_their_own(tmp_path: Path, embedded: CounterLibrary) -> None:
    numbers = stock(embedded, on_loan_to=embedded.patron())
    with terminal_on(tmp_path, embedded) as (screen, terminal):
        terminal.go_to("F2", "CheckinPage")
        terminal.tell("focus_field")

        def play(*lines: str) -> list[str]:
            """Has these keys pressed, in this order; returns what was caught since."""
            before = len(terminal.tell("report")["scans"])
            assert screen.play(lines).wait(20) == 0
            wait_for(lambda: terminal.tell("counts")["scans"] > before, "a scan")
            caught: list[str] = terminal.tell("report")["scans"][before:]
            return caught

        number = iter(numbers)
        # every key within the same millisecond: Qt then says of a double digit that its key is held down
        doubled = next(number)
        assert "00" in doubled
        assert play(f"type --delay 0 {doubled}", "key --delay 0 Return") == [doubled]
        # start and stop letters with Shift, while the capitals are locked
        capitals = next(number)
        assert play(
            "key Caps_Lock", "sleep 0.2", f"type --delay 10 A{capitals}A", "key --delay 0 Return"
        ) == [f"a{capitals}a"]
        screen.key("Caps_Lock")
        # the keypad's digits and its Enter
        pad = next(number)
        keys = [f"key --delay 0 KP_{digit}\nsleep 0.01" for digit in pad]
        assert play("key Num_Lock", *keys, "key --delay 0 KP_Enter", "key Num_Lock") == [pad]
        # Tab behind the number; CR and LF behind it
        tab, both = next(number), next(number)
        assert play(f"type --delay 10 {tab}", "key --delay 0 Tab") == [tab]
        assert play(f"type --delay 10 {both}", "key --delay 0 Return ctrl+j") == [both]
        # a book lies on the keyboard
        book = next(number)
        assert play(
            "keydown j", "sleep 1.2", f"type --delay 10 {book}", "key --delay 0 Return", "keyup j"
        ) == [book]
        # a separator in the middle arrives as Ctrl with ]: no number of ours, and it is said so
        separated = next(number)
        assert play(
            f"type --delay 10 {separated[:5]}", "key --delay 0 ctrl+bracketright",
            f"type --delay 10 {separated[5:]}", "key --delay 0 Return",
        ) == [f"{separated[:5]}\x1d{separated[5:]}"]  # fmt: skip
        report = terminal.tell("report")
    assert report["rows"] == [doubled, capitals, pad, tab, both, book, ""]
    assert set(report["field"]) == {"j"}, "of all that only the book has typed"
