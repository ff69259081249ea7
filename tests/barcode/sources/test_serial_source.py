"""A scanner on a serial port: pyserial itself, on a pseudo-terminal."""

from __future__ import annotations

import os
import termios
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.framing import Frame, Terminator
from madoguchi.barcode.sources.serial_source import SerialLine, SerialSource
from madoguchi.barcode.sources.source import Device, Received, SourceState
from tests.support.scanners import Heard, PtyRig

Begin = Callable[..., tuple[PtyRig, Heard]]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Begins to listen to a scanner that is set so."""
    made: list[PtyRig] = []

    def begin(*args: Any, **options: Any) -> tuple[PtyRig, Heard]:
        made.append(PtyRig(tmp_path, *args, **options))
        heard = Heard()
        made[-1].source.start(heard.received, heard.changed)
        heard.until_stands(SourceState.READY)
        return made[-1], heard

    yield begin
    for rig in made:
        rig.source.close()
        rig.close()


def test_it_says_where_it_is(begin: Begin) -> None:
    rig, _ = begin()
    assert rig.source.device == Device(Source.SERIAL, port=str(rig.link))


@pytest.mark.parametrize(
    ("terminator", "end"),
    [
        (Terminator.CR, b"\r"),
        (Terminator.LF, b"\n"),
        (Terminator.CRLF, b"\r\n"),
        (Terminator.TAB, b"\t"),
        (Terminator.ANY, b"\r\n"),
    ],
)
def test_every_end_a_scanner_can_be_set_to(begin: Begin, terminator: Terminator, end: bytes) -> None:
    rig, heard = begin(Frame(terminator), end=end)
    for text in ("A1000000016A", "A1000000024A"):
        rig.send(text)
    heard.until(lambda: heard.texts() == ["A1000000016A", "A1000000024A"])


def test_nothing_is_changed_on_the_way(begin: Begin) -> None:
    """No byte of a terminal's own meaning is acted upon: no echo, no line's end, no interrupt, no XOFF."""
    rig, heard = begin(Frame(Terminator.LF), end=b"\n")
    sent = bytes(each for each in range(1, 128) if each != ord("\n")).decode()
    rig.send(sent)
    heard.until(lambda: len(heard.scans) == 1)
    assert heard.texts() == [sent]
    os.set_blocking(rig._ours, False)
    with pytest.raises(BlockingIOError):
        os.read(rig._ours, 1)


def test_prefix_and_identifier_are_taken_off(begin: Begin) -> None:
    rig, heard = begin(Frame(prefix="#", suffix="!", aim=True))
    rig.send("#]F0A1000000016A!")
    heard.until(lambda: len(heard.scans) == 1)
    (scan,) = heard.scans
    assert (scan.text_untrusted, scan.symbology_untrusted) == ("A1000000016A", "]F0")
    assert scan.raw_untrusted == b"#]F0A1000000016A!\r"


def test_half_a_scan_is_dropped_after_a_silence(begin: Begin) -> None:
    rig, heard = begin(silence_seconds=0.05)
    rig.send_half("A10000")
    silent = threading.Event()
    silent.wait(0.5)
    rig.send("A1000000024A")
    heard.until(lambda: len(heard.scans) == 1)
    assert heard.texts() == ["A1000000024A"]


def test_a_scan_that_lay_there_while_we_were_held_up_is_whole(tmp_path: Path) -> None:
    """No silence of the scanner's: its rest came while whoever listens was busy."""
    rig, heard = PtyRig(tmp_path, silence_seconds=0.05), Heard()
    busy, may_go_on = threading.Event(), threading.Event()

    def slow(scan: Received) -> None:
        heard.received(scan)
        busy.set()
        may_go_on.wait(10)

    rig.source.start(slow, heard.changed)
    heard.until_stands(SourceState.READY)
    rig.write(b"A1000000016A\rA10000")
    assert busy.wait(10)
    threading.Event().wait(0.3)
    rig.write(b"00024A\r")
    may_go_on.set()
    heard.until(lambda: heard.texts() == ["A1000000016A", "A1000000024A"])
    rig.source.close()
    rig.close()


def test_the_line_is_set_as_wanted(begin: Begin) -> None:
    rig, _ = begin(line=SerialLine(baud=38400, stop_bits=2, flow="software"))
    # our end of a pseudo-terminal shows the settings of the other
    iflag, _, cflag, lflag, ispeed, ospeed, _ = termios.tcgetattr(rig._ours)
    assert (ispeed, ospeed) == (termios.B38400, termios.B38400)
    assert cflag & termios.CSTOPB
    assert iflag & termios.IXON
    assert not lflag & (termios.ICANON | termios.ECHO | termios.ISIG)


def test_what_a_pseudo_terminal_does_not_know_is_asked_for_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []

    class NoPort(serial.Serial):  # type: ignore[misc]
        def __init__(self, **options: object) -> None:
            asked.append(options)
            super().__init__(**options)

    monkeypatch.setattr(serial, "Serial", NoPort)
    line = SerialLine(1200, 7, "even", 2, "hardware")
    source, heard = SerialSource(str(tmp_path / "nothing"), line), Heard()
    source.start(heard.received, heard.changed)
    heard.until_stands(SourceState.MISSING)
    source.close()
    expected = {
        "baudrate": 1200, "bytesize": serial.SEVENBITS, "parity": serial.PARITY_EVEN,
        "stopbits": serial.STOPBITS_TWO, "rtscts": True, "xonxoff": False, "exclusive": True,
    }  # fmt: skip
    assert expected.items() <= asked[0].items()


def test_nobody_else_reads_it_meanwhile(begin: Begin) -> None:
    rig, heard = begin()
    other, told = SerialSource(str(rig.link), retry_seconds=0.02), Heard()
    other.start(told.received, told.changed)
    told.until_stands(SourceState.REFUSED)
    assert told.states[0].reason_untrusted
    rig.send("A1000000016A")
    heard.until(lambda: heard.texts() == ["A1000000016A"])
    rig.source.close()
    told.until_stands(SourceState.READY)
    other.close()
    assert told.scans == []


def test_what_is_no_port_is_refused_and_looked_for_again(tmp_path: Path) -> None:
    file = tmp_path / "scanner"
    file.write_text("not a port")
    source, heard = SerialSource(str(file), retry_seconds=0.02), Heard()
    source.start(heard.received, heard.changed)
    heard.until_stands(SourceState.REFUSED)
    file.unlink()
    heard.until_stands(SourceState.MISSING)
    source.close()
    assert [status.state for status in heard.states] == [SourceState.REFUSED, SourceState.MISSING]


def test_a_port_that_stays_wrong_is_told_once(tmp_path: Path) -> None:
    source, heard = SerialSource(str(tmp_path / "nothing"), retry_seconds=0.01), Heard()
    source.start(heard.received, heard.changed)
    heard.until_stands(SourceState.MISSING)
    threading.Event().wait(0.2)
    source.close()
    assert len(heard.states) == 1


def test_it_is_started_once(begin: Begin) -> None:
    rig, heard = begin()
    with pytest.raises(RuntimeError):
        rig.source.start(heard.received, heard.changed)


def test_nobody_who_listens_makes_it_seem_unplugged(tmp_path: Path) -> None:
    """What a listener raises is a bug of the listener's, and no word of the port."""
    rig, heard = PtyRig(tmp_path), Heard()
    failed = threading.Event()
    hook = threading.excepthook

    def fails(_scan: Received) -> None:
        raise ValueError("a bug")

    threading.excepthook = lambda _args: failed.set()
    try:
        rig.source.start(fails, heard.changed)
        heard.until_stands(SourceState.READY)
        rig.send("A1000000016A")
        assert failed.wait(10)
    finally:
        threading.excepthook = hook
    rig.source.close()
    rig.close()
    assert [status.state for status in heard.states] == [SourceState.READY]
