"""What keys type on the keyboards that scanners pretend to be."""

from __future__ import annotations

import pytest

from madoguchi.barcode.wedge import Key
from madoguchi.barcode.wedge_device import LOST
from madoguchi.widgets.x11_layout import Layout, NoLayout, Typed

SHIFT, LOCK, CONTROL, ALT, NUM = 1, 2, 4, 8, 16


@pytest.mark.parametrize(
    ("layout", "code", "modifiers", "typed"),
    [
        ("us", 10, 0, Typed(Key.CHARACTER, "1")),
        ("us", 11, SHIFT, Typed(Key.CHARACTER, "@")),
        ("jp", 11, SHIFT, Typed(Key.CHARACTER, '"')),
        ("jp", 34, 0, Typed(Key.CHARACTER, "@")),
        ("us", 21, SHIFT, Typed(Key.CHARACTER, "+")),
        ("jp", 47, SHIFT, Typed(Key.CHARACTER, "+")),
        ("jp", 38, LOCK, Typed(Key.CHARACTER, "A")),
        ("us", 36, 0, Typed(Key.ENTER, "\r")),
        ("us", 104, 0, Typed(Key.ENTER, "\r")),
        ("us", 58, CONTROL, Typed(Key.ENTER, "\r")),
        ("us", 44, CONTROL, Typed(Key.ENTER, "\n")),
        ("us", 31, CONTROL, Typed(Key.TAB, "\t")),
        ("us", 23, 0, Typed(Key.TAB, "\t")),
        ("us", 23, SHIFT, Typed(Key.TAB, "")),
        ("us", 35, CONTROL, Typed(Key.CONTROL, "\x1d")),
        ("us", 22, 0, Typed(Key.CONTROL, "\x08")),
        ("us", 50, 0, Typed(Key.MODIFIER, "")),
        ("jp", 66, 0, Typed(Key.MODIFIER, "")),
        ("us", 67, 0, Typed(Key.OTHER, "")),
        ("jp", 49, 0, Typed(Key.OTHER, "")),
        ("us", 38, ALT, Typed(Key.OTHER, "a")),
        ("us", 87, NUM, Typed(Key.CHARACTER, "1")),
        ("fr", 34, 0, Typed(Key.CHARACTER, LOST)),
    ],
)
def test_what_a_key_types(layout: str, code: int, modifiers: int, typed: Typed) -> None:
    made = Layout.named(layout)
    assert made.typed(code, modifiers) == typed
    made.close()


def test_a_scanners_own_modifiers_count_and_no_others() -> None:
    us = Layout.named("us")
    us.follow(50, pressed=True)
    assert us.own_typed(38).text == "A"
    us.follow(50, pressed=False)
    assert us.own_typed(38).text == "a"
    # the keypad's digits, whether its lock is on or not
    assert us.own_typed(87) == Typed(Key.CHARACTER, "1")
    us.follow(37, pressed=True)
    assert us.own_typed(35) == Typed(Key.CONTROL, "\x1d")
    us.close()


def test_a_layout_that_is_none() -> None:
    with pytest.raises(NoLayout, match="nonsense"):
        Layout.named("nonsense")
