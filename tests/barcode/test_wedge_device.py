"""A scanner that types, told by its device: its keys made into scans, and which device it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.source import Device
from madoguchi.barcode.wedge import Key, KeyPress
from madoguchi.barcode.wedge_device import (
    LOST,
    REST_MS,
    DeviceRun,
    Doubt,
    Hands,
    WedgeScanner,
    closest,
    doubt_of,
    find_device,
    is_device,
    to_keep,
)

CODE = "1000000016"
ENDS = {Key.ENTER: "\r", Key.TAB: "\t"}
DEVICE = Device(Source.WEDGE, 0x1234, 0x5678, "", "usb-0000:00:14.0-4", "BarCode Scanner")


def keys(text: str, *, begin_ms: int = 1000, gap_ms: int = 5, end: Key | None = Key.ENTER) -> list[KeyPress]:
    """What a scanner types for a code."""
    presses = [KeyPress(Key.CHARACTER, begin_ms + n * gap_ms, c) for n, c in enumerate(text)]
    return presses + ([KeyPress(end, begin_ms + len(text) * gap_ms, ENDS[end])] if end else [])


def scans(run: DeviceRun, *presses: KeyPress) -> list[str]:
    """What ends while these keys are fed."""
    return [text for press in presses for text in run.feed(press)]


@given(
    st.lists(st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1), max_size=6),
    st.integers(0, 2**32 - 1),
    st.integers(0, 900),
)
def test_every_code_comes_as_it_was_typed(codes: list[str], begin_ms: int, gap_ms: int) -> None:
    run = DeviceRun()
    caught: list[str] = []
    for code in codes:
        # the server counts in 32 bits
        presses = [
            replace(press, time_ms=press.time_ms % 2**32)
            for press in keys(code, begin_ms=begin_ms, gap_ms=gap_ms)
        ]
        begin_ms += (len(code) + 1) * gap_ms
        caught += scans(run, *presses)
    assert caught == codes


def test_how_quickly_it_types_does_not_matter() -> None:
    assert scans(DeviceRun(), *keys("1", gap_ms=0), *keys(CODE, begin_ms=2000, gap_ms=600)) == ["1", CODE]


def test_a_second_end_is_no_scan() -> None:
    line_feed = KeyPress(Key.ENTER, 1060, "\n")
    assert scans(DeviceRun(), *keys(CODE), line_feed, *keys(CODE, begin_ms=2000)) == [CODE, CODE]


def test_half_a_scan_is_never_joined_to_the_next() -> None:
    run = DeviceRun()
    half = keys(CODE[:5], end=None)
    late = keys(CODE, begin_ms=half[-1].time_ms + REST_MS + 1)
    assert scans(run, *half, *late) == [CODE[:5] + LOST, CODE]


def test_what_has_no_end_is_given_up() -> None:
    run = DeviceRun()
    assert scans(run, *keys(CODE, end=None)) == []
    assert not run.is_empty
    assert run.give_up() == (CODE + LOST,)
    assert (run.is_empty, run.give_up()) == (True, ())


def test_a_lost_key_spoils_its_scan_alone() -> None:
    run = DeviceRun()
    assert scans(run, *keys(CODE[:4], end=None)) == []
    run.lose()
    assert scans(run, *keys(CODE[5:], begin_ms=1100), *keys(CODE, begin_ms=1200)) == [
        CODE[:4] + CODE[5:] + LOST,
        CODE,
    ]


def test_of_two_alike_the_one_that_was_learned_by_its_socket_is_told() -> None:
    one = Device(Source.WEDGE, 0x05E0, 0x1200, name_untrusted="A Scanner", port="1-1")
    other = replace(one, port="1-2")
    anywhere = WedgeScanner("counter", replace(one, port=""))
    there = WedgeScanner("returns", other)
    assert closest((anywhere, there), other) == there
    assert closest((anywhere, there), one) == anywhere
    assert closest((there,), one) is None


def test_the_tail_of_a_scan_long_after_another_is_no_number() -> None:
    run = DeviceRun()
    assert scans(run, *keys(CODE)) == [CODE]
    run.lose()
    assert scans(run, *keys(CODE[5:], begin_ms=11_000)) == [CODE[5:] + LOST]


def test_a_scan_of_which_all_but_the_end_was_lost() -> None:
    run = DeviceRun()
    run.lose()
    assert scans(run, *keys("")) == [LOST]


@pytest.mark.parametrize(
    ("typed", "caught"),
    [("ZZ" + CODE, CODE), (CODE, CODE + LOST), ("Z" + CODE, "Z" + CODE + LOST), ("ZZ", "")],
)
def test_a_prefix_is_taken_away_and_missed(typed: str, caught: str) -> None:
    assert scans(DeviceRun("ZZ"), *keys(typed)) == [caught]


@pytest.mark.parametrize(
    ("typed", "caught"), [(CODE + "#", CODE), (CODE, CODE + LOST), (f"{CODE}##", f"{CODE}#"), ("#", "")]
)
def test_a_suffix_is_taken_away_and_missed(typed: str, caught: str) -> None:
    assert scans(DeviceRun(suffix="#"), *keys(typed)) == [caught]


def test_the_other_end_is_part_of_the_code() -> None:
    run = DeviceRun(terminators=frozenset({Key.TAB}))
    assert scans(run, *keys("12"), *keys(CODE, begin_ms=1100, end=Key.TAB)) == [f"12\r{CODE}"]


def test_keys_that_are_no_characters() -> None:
    shift, arrow = KeyPress(Key.MODIFIER, 1001), KeyPress(Key.OTHER, 1002)
    separator = KeyPress(Key.CONTROL, 1003, "\x1d")
    repeat = KeyPress(Key.CHARACTER, 1004, "7", is_auto_repeat=True)
    run = DeviceRun()
    assert scans(run, shift, *keys("12"), shift, repeat) == ["12"]
    assert scans(run, arrow, separator, *keys("12", begin_ms=1010)) == [f"{LOST}\x1d12"]


def test_a_faulty_device_fills_no_memory() -> None:
    run = DeviceRun(max_length=20)
    (text,) = scans(run, *keys("1" * 1000, gap_ms=1))
    assert text == "1" * 20 + LOST


def test_a_scan_took_as_long_as_its_keys() -> None:
    run = DeviceRun()
    scans(run, *keys(CODE, gap_ms=7))
    assert run.took_ms == 70


def test_which_device_is_the_learned_one() -> None:
    assert is_device(DEVICE, DEVICE)
    assert is_device(replace(DEVICE, port="", vendor_id=-1, product_id=-1), DEVICE)
    for change in (
        {"name_untrusted": "Keyboard"}, {"vendor_id": 1}, {"product_id": 1}, {"port": "usb-1"},
    ):  # fmt: skip
        assert not is_device(DEVICE, replace(DEVICE, **change))  # type: ignore[arg-type]
    assert not is_device(replace(DEVICE, serial_untrusted="A"), DEVICE)
    assert find_device(DEVICE, [replace(DEVICE, vendor_id=1), DEVICE]) == DEVICE
    assert find_device(DEVICE, []) is None


def test_its_socket_is_kept_only_where_two_are_alike() -> None:
    twin = replace(DEVICE, port="usb-0000:00:14.0-5")
    keyboard = replace(DEVICE, port="usb-0000:00:14.0-6", name_untrusted="Keyboard")
    assert to_keep(DEVICE, [DEVICE, keyboard]) == replace(DEVICE, port="")
    assert to_keep(DEVICE, [DEVICE, twin]) == DEVICE
    numbered = replace(DEVICE, serial_untrusted="A1")
    assert to_keep(numbered, [numbered, replace(twin, serial_untrusted="A2")]) == replace(numbered, port="")


def test_a_scanner_without_an_end_is_refused() -> None:
    for terminators in ((), (Key.CHARACTER,)):
        with pytest.raises(ValueError, match="Enter or Tab"):
            WedgeScanner("一番", DEVICE, terminators=frozenset(terminators))


KEYBOARD = replace(DEVICE, vendor_id=1, port="usb-0000:00:14.0-6", name_untrusted="Keyboard")


@pytest.mark.parametrize(
    ("present", "hands", "doubt"),
    [
        ((DEVICE,), (), Doubt.ONLY_KEYBOARD),
        ((DEVICE, KEYBOARD), (), Doubt.NO_HANDS),
        ((DEVICE, KEYBOARD), (KEYBOARD,), None),
        ((DEVICE, KEYBOARD), (KEYBOARD, DEVICE), Doubt.SHARED),
        ((DEVICE, DEVICE), (DEVICE,), Doubt.SHARED),
    ],
)
def test_what_hands_type_on_is_no_scanner(
    present: tuple[Device, ...], hands: tuple[Device, ...], doubt: Doubt | None
) -> None:
    assert doubt_of(to_keep(DEVICE, present), present, hands) is doubt


def test_what_a_scanner_sends_around_its_codes_is_typed_by_no_hands() -> None:
    hands = Hands()
    # STX, a scan, a line feed and one more, each soon behind the other; the clock begins anew within it
    hands.typed(7, 2**32 - 20)
    hands.scanned(7, 2**32 - 10, 90)
    hands.typed(7, 200)
    hands.typed(7, 340)
    assert hands.numbers() == frozenset()
    # another device meanwhile, and the same one by itself
    hands.typed(9, 210)
    assert hands.numbers() == {9}
    hands.typed(7, 600)
    assert hands.numbers() == {7, 9}
