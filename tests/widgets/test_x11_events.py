"""Keys in an X server's events: what stands in their bytes, and which device they came from."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from madoguchi.widgets.x11_devices import place_of
from madoguchi.widgets.x11_events import (
    KEY_PRESS,
    KEY_RELEASE,
    SENT,
    CoreKey,
    Origins,
    RawKey,
    core_key,
    is_hierarchy_change,
    raw_key,
)

XI = 131
SCANNER = 7


def core(code: int, at: int, *, pressed: bool = True) -> CoreKey:
    """A key, as it reaches the window."""
    return CoreKey(pressed, code, at, 0x800007, 0, sent=False, wire=b"")


def raw(code: int, at: int, *, pressed: bool = True, source: int = SCANNER) -> RawKey:
    """The same, as its device sent it."""
    return RawKey(pressed, code, at, source)


def test_a_key_that_a_server_sent() -> None:
    wire = struct.pack(
        "<BBHIIII4hHBx", KEY_PRESS, 57, 9, 78_337_491, 0x4FB, 0x800007, 0, 5, 6, 7, 8, 0x2011, 1
    )
    key = core_key(wire)
    assert (key.pressed, key.code, key.time_ms, key.window) == (True, 57, 78_337_491, 0x800007)
    assert (key.modifiers, key.group, key.sent, key.wire) == (0x11, 1, False, wire)
    again = core_key(bytes([KEY_RELEASE | SENT]) + wire[1:])
    assert (again.pressed, again.sent) == (False, True)


@pytest.mark.parametrize(("kind", "pressed"), [(13, True), (14, False)])
def test_a_raw_key(kind: int, pressed: bool) -> None:
    wire = struct.pack("<BBHIHHIIHHII", 35, XI, 9, 0, kind, 3, 4_294_967_295, 10, SCANNER, 0, 0, 0)
    assert raw_key(wire, XI) == RawKey(pressed, 10, 4_294_967_295, SCANNER)
    assert raw_key(wire, XI + 1) is None
    assert not is_hierarchy_change(wire, XI)


def test_other_generic_events() -> None:
    wire = struct.pack("<BBHIHHIIHHII", 35, XI, 9, 0, 11, 1, 5, 2, 0, 0, 0, 0)
    assert raw_key(wire, XI) is None
    assert is_hierarchy_change(wire, XI)
    assert not is_hierarchy_change(wire, XI + 1)


def test_the_raw_key_before_it_tells_the_device() -> None:
    origins = Origins()
    origins.note(raw(10, 100))
    assert origins.take(core(10, 100)) == (SCANNER, False, set())
    # the clerk's, in the middle
    assert origins.take(core(40, 101)) == (None, False, set())
    origins.note(raw(10, 103, pressed=False))
    assert origins.take(core(10, 103, pressed=False)) == (SCANNER, False, set())
    # the clerk's, of the same key
    assert origins.take(core(10, 300)) == (None, False, set())


def test_several_at_once() -> None:
    origins = Origins()
    for code in (10, 11, 12):
        origins.note(raw(code, 100))
    assert [origins.take(core(code, 100))[0] for code in (10, 11, 12)] == [SCANNER] * 3


def test_a_key_that_repeats_is_that_of_its_device() -> None:
    origins = Origins()
    origins.note(raw(10, 100))
    origins.take(core(10, 100))
    assert origins.take(core(10, 760)) == (SCANNER, True, set())
    origins.note(raw(10, 800, pressed=False))
    # its release went elsewhere: what comes next is the clerk's own
    assert origins.take(core(10, 900)) == (None, False, set())
    origins.forget()
    assert origins.take(core(10, 1000)) == (None, False, set())


def test_a_key_that_went_elsewhere_is_told() -> None:
    origins = Origins()
    origins.note(raw(10, 100))
    origins.note(raw(10, 103, pressed=False))
    origins.note(raw(11, 105, source=9))
    origins.note(raw(12, 110))
    assert origins.take(core(12, 110)) == (SCANNER, False, {SCANNER, 9})
    # long ago: another scan
    origins.note(raw(10, 200))
    origins.note(raw(12, 9_000))
    assert origins.take(core(12, 9_000)) == (SCANNER, False, set())


def test_where_a_device_is_plugged_in(tmp_path: Path) -> None:
    folder = tmp_path / "event5" / "device"
    folder.mkdir(parents=True)
    (folder / "phys").write_text("usb-0000:00:14.0-4.2/input0\n", encoding="utf-8")
    (folder / "uniq").write_text("S123\n", encoding="utf-8")
    assert place_of("/dev/input/event5", tmp_path) == ("S123", "usb-0000:00:14.0-4.2")
    assert place_of("/dev/input/event6", tmp_path) == ("", "")
