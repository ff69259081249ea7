"""What a device is to us."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.device_control.device import InterfaceClass, interfaces_text, is_plain, plain
from tests.device_control.devices import HUB, KEYBOARD, MOUSE, POS, STORAGE, UAS, classes, device


def test_an_interface_class_is_written_as_rules_have_it() -> None:
    assert str(InterfaceClass(3, 1, 0xAB)) == "03:01:ab"
    assert InterfaceClass.parse("03:01:ab") == InterfaceClass(3, 1, 0xAB)
    assert interfaces_text(classes(f"{STORAGE},{KEYBOARD}")) == f"{KEYBOARD},{STORAGE}"


@pytest.mark.parametrize("text", ["", "03:01", "03:01:0g", "03:01:AB", " 03:01:01", "03:01:01\n", "３:01:01"])
def test_what_is_no_class_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a class"):
        InterfaceClass.parse(text)


@given(st.text())
def test_what_a_device_calls_itself_is_kept_plain_and_short(text: str) -> None:
    kept = replace(device(), serial_untrusted=text, maker_untrusted=text, name_untrusted=text)
    assert kept.serial_untrusted == kept.maker_untrusted == kept.name_untrusted == plain(text)
    assert is_plain(plain(text))
    assert len(plain(text)) <= 100


def test_what_cannot_be_seen_goes() -> None:
    assert plain("A\n\x00\u202e\ud800\u200bB　C") == "AB　C"
    assert plain("x" * 101) == "x" * 100


@pytest.mark.parametrize(
    "change",
    [{"vendor_id": 0x10000}, {"product_id": -1}, {"port": "1-"}, {"port": "../1"}, {"digest": "AB"}],
)
def test_a_value_that_is_none_is_not_made(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"numbers of 16 bits|not a port|64 hex digits"):
        replace(device(), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("interfaces", "device_class", "said"),
    [
        (KEYBOARD, 0, ["is_keyboard", "is_boot_keyboard_only"]),
        (MOUSE, 0, ["is_keyboard"]),
        (f"{POS},{STORAGE}", 0, ["is_keyboard", "is_more_than_hid"]),
        (f"{UAS},{STORAGE}", 0, ["is_more_than_hid", "is_storage_only"]),
        (STORAGE, 9, ["is_hub", "is_more_than_hid"]),
        (HUB, 0, ["is_hub", "is_more_than_hid"]),
        ("", 0, []),
    ],
)
def test_what_it_could_do(interfaces: str, device_class: int, said: list[str]) -> None:
    found = device(interfaces, device_class=device_class)
    names = ["is_hub", "is_keyboard", "is_more_than_hid", "is_boot_keyboard_only", "is_storage_only"]
    assert [name for name in names if getattr(found, name)] == said
