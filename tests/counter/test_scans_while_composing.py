"""A scanner that types while a clerk composes kana: with ibus and Mozc, under a real X server.

A thousand scans of each kind: ``test_thousand_scans.py`` (``docs/decisions/0032``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from madoguchi.app.server.engine import embedded_url
from madoguchi.barcode.wedge_device import LOST
from tests.counter.composing import LEARNED, Composing, composing_on
from tests.counter.harness import CounterLibrary
from tests.counter.test_two_hundred_scans import busy_machine, stock
from tests.support.japanese_session import PRODUCT_ID, SCANNER, VENDOR_ID
from tests.support.xvfb import promptly, wait_for

NUMBERS: list[str] = []


@pytest.fixture(scope="module")
def terminal(counter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composing]:
    """One window for all tests of this file: to start a session takes longer than most of them."""
    folder = tmp_path_factory.mktemp("composing")
    path = folder / "library.sqlite"
    shutil.copyfile(counter_file, path)
    library = CounterLibrary(embedded_url(path))
    NUMBERS[:] = stock(library, on_loan_to=library.patron())
    with composing_on(folder, library) as made:
        yield made
    library.close()


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_a_learned_scanner_while_the_clerk_goes_on_composing(terminal: Composing, busy: bool) -> None:
    numbers = NUMBERS[:30]
    terminal.begin(LEARNED)
    terminal.compose("ni", "に")
    machine: AbstractContextManager[None] = busy_machine() if busy else nullcontext()
    with machine:
        scanner = terminal.session.begin_scanning_at(numbers, (1, 5, 12, 30, 2))
        # at the same time: its keys and the clerk's lie between each other
        terminal.session.screen.type_like_a_clerk("honngonosyoseki", key_ms=90)
        assert scanner.wait(60) == 0
        assert terminal.scans(len(numbers)) == numbers
    wait_for(lambda: terminal.tell("field")[1] == "にほんごのしょせき", "what was half composed")
    assert terminal.tell("scanned_by") == [LEARNED["name"]]
    terminal.finish("にほんごのしょせき")


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_a_scanner_nobody_knows_while_the_clerk_composes(terminal: Composing, busy: bool) -> None:
    if busy and not promptly():
        pytest.skip("only root can type like a scanner on a busy machine")
    numbers = NUMBERS[40:56]
    terminal.begin()
    terminal.compose("ni", "に")
    machine: AbstractContextManager[None] = busy_machine() if busy else nullcontext()
    lines: list[str] = []
    for place, number in enumerate(numbers):
        # one keyboard for both, as where the scanner has no device of its own
        key_ms = (1, 5, 12, 20)[place % 4]
        lines += [f"type --delay {2 * key_ms} {number}", "key --delay 0 Return", "sleep 0.2"]
        lines += [f"key --delay 0 {letter}\nsleep 0.15" for letter in ("h", "o")] if place % 2 else []
    with machine:
        assert terminal.session.screen.play(lines).wait(60) == 0
        assert terminal.scans(len(numbers)) == numbers
    kana = "に" + "ほ" * (len(numbers) // 2)
    wait_for(lambda: terminal.tell("field")[1] == kana, "what was half composed")
    terminal.finish(kana)


def test_capitals_are_locked(terminal: Composing) -> None:
    terminal.begin(LEARNED)
    terminal.tell("focus_field")
    terminal.session.screen.key("Caps_Lock")
    terminal.session.scan("A1000000016A", "b2000000017C")
    # what is printed is what is read, whatever the clerk has locked
    assert terminal.scans(2) == ["A1000000016A", "b2000000017C"]
    terminal.begin()
    terminal.session.scan("1000000016", "A1000000016A")
    # unknown to the system, it is read as the machine's keyboard has it
    assert terminal.scans(2) == ["1000000016", "a1000000016a"]
    terminal.session.screen.key("Caps_Lock")
    assert terminal.tell("field")[0] == ""


@pytest.mark.parametrize(
    ("machine", "scanner", "told"),
    [("jp", "us", "us"), ("us", "jp", "jis"), ("jp", "jp", ""), ("us", "us", ""), ("us", "us", "us")],
)
def test_layouts(terminal: Composing, machine: str, scanner: str, told: str) -> None:
    code = "A10$20+30:4*5@6=7/8-9.D"
    terminal.begin(LEARNED | ({"layout": told} if told else {}), layout=machine)
    terminal.session.scan(code, layout=scanner)
    assert terminal.scans(1) == [code]


@pytest.mark.parametrize("layout", ["us", "jp"])
def test_layouts_by_timing(terminal: Composing, layout: str) -> None:
    code = "A10$20+30:4*5@6=7/8-9.D"
    terminal.begin(layout=layout)
    terminal.session.scan(code, layout=layout)
    assert terminal.scans(1) == [code]


def test_prefix_and_end(terminal: Composing) -> None:
    terminal.begin(LEARNED | {"prefix": "ZZ", "terminator": "tab"})
    terminal.compose("ni", "に")
    first, second = NUMBERS[:2]
    terminal.session.scan(f"ZZ{first}\\t", f"{second}\\t")
    # without its prefix it has lost its beginning
    assert terminal.scans(2) == [first, second + LOST]
    terminal.finish("に")


def test_a_scanner_that_sends_no_end_is_refused_aloud(terminal: Composing) -> None:
    terminal.begin(LEARNED | {"terminator": "tab"})
    terminal.session.scan(NUMBERS[0])
    assert terminal.scans(1) == [f"{NUMBERS[0]}\r{LOST}"]


def test_a_scan_that_begins_in_another_window_is_no_number(terminal: Composing) -> None:
    terminal.begin(LEARNED)
    screen = terminal.session.screen
    with terminal.another_window() as other:
        scanner = terminal.session.begin_scanning_at([NUMBERS[0], NUMBERS[1]], (300, 5))
        wait_for(lambda: len(other.typed()) >= 4, "half a scan in another window")
        screen.xdotool("windowfocus", "--sync", terminal.window)
        assert scanner.wait(60) == 0
        caught = terminal.scans(2)
    assert caught[0] != NUMBERS[0]
    assert caught[0].endswith(LOST)
    assert caught[1] == NUMBERS[1]


def test_a_scanner_that_was_away_is_known_again(terminal: Composing) -> None:
    terminal.begin(LEARNED)
    device = [SCANNER, VENDOR_ID, PRODUCT_ID]
    assert terminal.tell("stands", name=LEARNED["name"]) == "ready"
    terminal.session.plug(False)
    wait_for(lambda: device not in terminal.tell("present"), "the scanner to be gone")
    assert terminal.tell("stands", name=LEARNED["name"]) == "missing"
    terminal.session.plug(True)
    wait_for(lambda: device in terminal.tell("present"), "the scanner to be back")
    assert terminal.tell("stands", name=LEARNED["name"]) == "ready"
    terminal.session.scan(f"a{NUMBERS[0]}A")
    assert terminal.scans(1) == [f"a{NUMBERS[0]}A"]
    assert terminal.tell("scanned_by") == [LEARNED["name"]]


def test_a_scanner_is_learned_by_one_scan(terminal: Composing) -> None:
    terminal.begin()
    assert [SCANNER, VENDOR_ID, PRODUCT_ID] in terminal.tell("present")
    terminal.tell("learn", on=True)
    terminal.session.scan(NUMBERS[0])
    terminal.scans(1)
    # what a program types has no device, however quick it is
    terminal.session.screen.play([f"type --delay 10 {NUMBERS[1]}", "key --delay 0 Return"]).wait(20)
    terminal.scans(1)
    terminal.session.screen.type_like_a_clerk("abc")
    assert terminal.tell("hands") == []
    heard = terminal.tell("learn", on=False)
    assert [one[:3] for one in heard] == [
        [NUMBERS[0], [SCANNER, VENDOR_ID, PRODUCT_ID], ""],
        [NUMBERS[1], None, ""],
    ]
    assert heard[0][3] >= 9 * 5, "from its first key to its last"


def test_what_somebody_types_on_while_a_scanner_is_learned_is_told(terminal: Composing) -> None:
    terminal.begin()
    terminal.tell("learn", on=True)
    scanner = [SCANNER, VENDOR_ID, PRODUCT_ID]
    # capitals press Shift by themselves
    terminal.session.scan(f"A{NUMBERS[0]}A")
    terminal.scans(1)
    assert terminal.tell("hands") == []
    # the same keys at a hand's pace
    terminal.session.begin_scanning_at(["120"], (250,)).wait(20)
    wait_for(lambda: terminal.tell("hands") == [scanner], "hands on the scanner's own device")
    terminal.tell("learn", on=True)
    assert terminal.tell("hands") == []
    terminal.tell("learn", on=False)
