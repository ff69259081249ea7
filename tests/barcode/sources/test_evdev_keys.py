"""What a scanner typed, from its key events."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.barcode.sources.evdev_keys import (
    EV_KEY,
    EV_SYN,
    EVENT,
    SYN_DROPPED,
    UNREADABLE,
    EventReader,
    KeyDecoder,
    KeyEvent,
    KeyLayout,
)
from tests.support.evdev import US_KEYS, packed, presses

CAPS_LOCK, ENTER, KEYPAD_ENTER, LEFT_CTRL, LEFT_SHIFT, RIGHT_SHIFT = 58, 28, 96, 29, 42, 54
JIS_SIGNS = {
    "@": (26, False), "[": (27, False), "]": (43, False), "^": (13, False), ":": (40, False),
    "\\": (124, False), '"': (3, True),
    "&": (7, True), "'": (8, True), "(": (9, True), ")": (10, True), "=": (12, True),
    "~": (13, True), "|": (124, True), "`": (26, True), "{": (27, True), "+": (39, True), "*": (40, True),
    "}": (43, True), "_": (89, True), ";": (39, False), "/": (53, False), "?": (53, True), "-": (12, False),
}  # fmt: skip


def typed(events: list[KeyEvent], layout: KeyLayout = KeyLayout.US) -> str:
    decoder = KeyDecoder(layout)
    return "".join(decoder.feed(event) for event in events)


def key(code: int, *values: int) -> list[KeyEvent]:
    return [KeyEvent(1.0, EV_KEY, code, value) for value in values or (1, 0)]


@given(st.text(st.sampled_from(sorted(US_KEYS))))
def test_whatever_ascii_is_typed_on_a_us_keyboard_comes_out(text: str) -> None:
    assert typed(presses(text, 1.0)) == text


@given(
    st.text(st.sampled_from(sorted(US_KEYS)), min_size=1),
    st.lists(st.integers(1, 200), max_size=20),
    st.floats(0, 2**31),
)
def test_events_are_the_same_wherever_a_read_ends(text: str, cuts: list[int], at: float) -> None:
    data = packed(presses(text, at))
    reader, events = EventReader(), []
    for size in [*cuts, len(data)]:
        events += reader.feed(data[:size])
        data = data[size:]
    assert typed(events) == text
    assert all(event.at == pytest.approx(at, abs=1e-6) for event in events)


@pytest.mark.parametrize(("sign", "how"), JIS_SIGNS.items())
def test_signs_of_a_jis_keyboard(sign: str, how: tuple[int, bool]) -> None:
    code, shifted = how
    events = [*key(LEFT_SHIFT, 1), *key(code), *key(LEFT_SHIFT, 0)] if shifted else key(code)
    assert typed(events, KeyLayout.JIS) == sign


@given(st.text(st.sampled_from("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\r\t -.,/$")))
def test_what_nw7_and_code_39_have_is_the_same_on_both_but_for_a_few_signs(text: str) -> None:
    assert typed(presses(text, 1.0), KeyLayout.JIS) == text


def test_either_shift_and_both() -> None:
    events = [*key(RIGHT_SHIFT, 1), *key(30), *key(LEFT_SHIFT, 1), *key(RIGHT_SHIFT, 0), *key(48)]
    assert typed([*events, *key(LEFT_SHIFT, 0), *key(46)]) == "ABc"


def test_caps_lock_turns_letters_round_and_nothing_else() -> None:
    plain = presses("a1B-", 1.0)
    assert typed([*key(CAPS_LOCK), *plain, *key(CAPS_LOCK), *plain]) == "A1b-a1B-"


def test_on_a_jis_keyboard_caps_lock_needs_shift() -> None:
    locked = [*key(LEFT_SHIFT, 1), *key(CAPS_LOCK), *key(LEFT_SHIFT, 0)]
    assert typed([*key(CAPS_LOCK), *key(30)], KeyLayout.JIS) == "a"
    assert typed([*locked, *key(30)], KeyLayout.JIS) == "A"


@pytest.mark.parametrize(("code", "end"), [(ENTER, "\r"), (KEYPAD_ENTER, "\r"), (15, "\t")])
def test_what_ends_a_scan(code: int, end: str) -> None:
    assert typed(key(code)) == end


def test_the_keypad_types_digits() -> None:
    keypad = [82, 79, 80, 81, 75, 76, 77, 71, 72, 73]
    assert typed([event for code in keypad for event in key(code)]) == "0123456789"


def test_a_key_that_is_held_is_one_character() -> None:
    assert typed(key(2, 1, 2, 2, 2, 0)) == "1"


@pytest.mark.parametrize("code", [1, 59, 102, 105, 200, 255, 0x2FF])
def test_a_key_that_types_nothing_is_never_left_out(code: int) -> None:
    """Else a longer text would pass for a shorter one."""
    assert typed([*key(2), *key(code), *key(3)]) == f"1{UNREADABLE}2"


def test_with_ctrl_held_no_key_is_a_character() -> None:
    assert typed([*key(LEFT_CTRL, 1), *key(27), *key(LEFT_CTRL, 0), *key(2)]) == f"{UNREADABLE}1"


def test_where_the_kernel_lost_events_the_text_is_no_code() -> None:
    lost = KeyEvent(1.0, EV_SYN, SYN_DROPPED, 0)
    assert typed([*key(LEFT_SHIFT, 1), *key(30), lost, *key(48), *key(ENTER)]) == f"A{UNREADABLE}b\r"


def test_a_key_let_go_that_was_pressed_before_we_listened() -> None:
    """The grab fell into the middle of a scan."""
    assert typed([*key(2, 0), *key(3)]) == f"{UNREADABLE}2"
    assert typed([*key(ENTER, 0), *key(LEFT_SHIFT, 0), *key(3)]) == "2"


def test_other_events_type_nothing() -> None:
    assert typed([KeyEvent(1.0, kind, code, 1) for kind in (0, 2, 4, 17, 20) for code in (0, 1, 2, 4)]) == ""


@given(st.binary(max_size=EVENT.size * 40))
def test_nothing_that_can_be_read_raises(data: bytes) -> None:
    decoder = KeyDecoder(KeyLayout.JIS)
    for event in EventReader().feed(data):
        assert len(decoder.feed(event)) <= 1
