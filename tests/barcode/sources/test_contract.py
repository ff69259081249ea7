"""What every scanner that the program reads by itself promises, whatever it is plugged into."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from madoguchi.barcode.sources.source import SourceState
from madoguchi.barcode.symbology import TRAINING_PLAN, ItemCode, parse
from tests.support.scanners import Heard, Rig

FIRST, SECOND = "A1000000016A", "A1000000024A"
HARD_TO_TAKE = [
    pytest.param(b"\x00" * 300, id="nothing but NUL"),
    pytest.param(b"\xff" * 300, id="nothing but 0xFF"),
    pytest.param(bytes(range(256)) * 4, id="every byte"),
    pytest.param(b"8" * 10_000, id="10,000 characters without an end"),
    pytest.param(b"]", id="an identifier that is none"),
    pytest.param(b"\r\n\t\r\r\n\n" * 50, id="ends of nothing"),
    pytest.param("図書館\u202e\ufeff".encode() * 20, id="text that hides"),
]


def begin(rig: Rig, heard: Heard) -> None:
    rig.source.start(heard.received, heard.changed)
    heard.until_stands(SourceState.READY)


def test_a_scan_arrives_as_it_was_sent(rig: Rig, heard: Heard) -> None:
    before = time.monotonic()
    begin(rig, heard)
    rig.send(FIRST)
    heard.until(lambda: heard.texts() == [FIRST])
    (scan,) = heard.scans
    assert before <= scan.at <= time.monotonic()
    assert scan.took_ms >= 0
    assert FIRST.encode() in scan.raw_untrusted
    assert scan.symbology_untrusted == ""


def test_it_is_told_by_one_thread_that_is_not_ours(rig: Rig, heard: Heard) -> None:
    begin(rig, heard)
    for text in (FIRST, SECOND):
        rig.send(text)
    heard.until(lambda: heard.texts() == [FIRST, SECOND])
    assert len(heard.threads) == 1
    assert threading.current_thread() not in heard.threads
    assert not heard.overlapped


def test_of_two_hundred_in_a_row_none_is_lost(rig: Rig, heard: Heard) -> None:
    begin(rig, heard)
    sent = [f"A{number:010d}A" for number in range(200)]
    for text in sent:
        rig.send(text)
    heard.until(lambda: len(heard.scans) >= 200)
    assert heard.texts() == sent
    assert [scan.at for scan in heard.scans] == sorted(scan.at for scan in heard.scans)
    assert not heard.overlapped


def test_unplugged_it_says_so_and_is_back_as_it_was(rig: Rig, heard: Heard) -> None:
    begin(rig, heard)
    for round_number in range(1, 4):
        rig.unplug()
        heard.until_stands(SourceState.MISSING)
        rig.plug()
        heard.until_stands(SourceState.READY)
        rig.send(FIRST)
        heard.until(lambda expected=round_number: heard.texts() == [FIRST] * expected)  # type: ignore[misc]
    states = [status.state for status in heard.states]
    assert states == [SourceState.READY, *[SourceState.MISSING, SourceState.READY] * 3]


def test_half_a_scan_is_not_joined_to_the_one_after_it_is_back(rig: Rig, heard: Heard) -> None:
    begin(rig, heard)
    rig.send(FIRST)
    heard.until(lambda: heard.texts() == [FIRST])
    rig.send_half("A10000")
    rig.unplug()
    heard.until_stands(SourceState.MISSING)
    rig.plug()
    heard.until_stands(SourceState.READY)
    rig.send(SECOND)
    heard.until(lambda: len(heard.scans) >= 2)
    assert heard.texts() == [FIRST, SECOND]


def test_it_is_waited_for_that_is_not_there_yet(rig: Rig, heard: Heard) -> None:
    rig.unplug()
    rig.source.start(heard.received, heard.changed)
    heard.until_stands(SourceState.MISSING)
    rig.plug()
    heard.until_stands(SourceState.READY)
    rig.send(FIRST)
    heard.until(lambda: heard.texts() == [FIRST])


def test_after_close_nothing_is_told_and_no_thread_is_left(rig: Rig, heard: Heard) -> None:
    before = set(threading.enumerate())
    begin(rig, heard)
    rig.send(FIRST)
    heard.until(lambda: heard.texts() == [FIRST])
    rig.source.close()
    assert not [thread for thread in heard.threads if thread.is_alive()]
    assert set(threading.enumerate()) <= before
    told = len(heard.states)
    rig.send_half(SECOND)
    rig.unplug()
    time.sleep(0.1)
    assert heard.texts() == [FIRST]
    assert len(heard.states) == told
    rig.source.close()


def test_it_can_be_closed_without_having_begun(rig: Rig) -> None:
    rig.source.close()
    rig.source.close()


def test_closed_while_its_device_is_missing_it_ends_at_once(rig: Rig, heard: Heard) -> None:
    rig.unplug()
    rig.source.start(heard.received, heard.changed)
    heard.until_stands(SourceState.MISSING)
    rig.source.close()
    assert not [thread for thread in heard.threads if thread.is_alive()]


@pytest.mark.parametrize("noise", HARD_TO_TAKE)
def test_nothing_that_a_device_can_send_ends_it(rig: Rig, heard: Heard, noise: bytes) -> None:
    begin(rig, heard)
    rig.send_noise(noise)
    # what the noise has left behind may spoil the first
    rig.send("END-OF-NOISE")
    rig.send(FIRST)
    heard.until(lambda: FIRST in heard.texts())
    assert heard.texts()[-1] == FIRST
    for scan in heard.scans:
        assert len(scan.text_untrusted) <= 4096
        assert len(scan.raw_untrusted) <= 4096
    assert not [text for text in heard.texts()[:-1] if isinstance(parse(text, TRAINING_PLAN), ItemCode)]


def test_a_flood_without_an_end_fills_no_memory(rig: Rig, heard: Heard) -> None:
    begin(rig, heard)
    before = _resident_bytes()
    for _ in range(200):
        rig.send_noise(b"8" * 10_000)
    rig.send("END-OF-NOISE")
    rig.send(FIRST)
    heard.until(lambda: FIRST in heard.texts())
    assert sum(len(scan.raw_untrusted) for scan in heard.scans) < 200 * 5_000
    assert _resident_bytes() - before < 20_000_000


def test_which_device_it_is_stands_before_it_begins(rig: Rig, heard: Heard) -> None:
    device = rig.source.device
    begin(rig, heard)
    assert rig.source.device == device


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE")
