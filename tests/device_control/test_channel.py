"""Messages between the window and the agent: cut, checked, and never more than they may be."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.device_control.channel import (
    MOST_BYTES,
    AgentState,
    BadMessage,
    DeviceSeen,
    Ended,
    LeaseSeen,
    Lines,
    Shortfall,
    encode,
    word_of,
)
from madoguchi.device_control.decide import Why
from madoguchi.device_control.signed import MOST_BYTES as MOST_POLICY_BYTES
from tests.device_control.devices import KEYBOARD, STORAGE, classes
from tests.device_control.vectors import DIGEST

STICK = DeviceSeen(
    "1-4.2/7/boot", "1-4.2", 0x0951, 0x1666, "60A4", "Kingston", "USB メモリ　8", classes(STORAGE),
    False, False, "", Why.NO_RULE, DIGEST,
)  # fmt: skip
STATE = AgentState(False, (Shortfall.NO_FLOOR, Shortfall.NO_POLICY), "counters", "本館 窓口１", 0, 3)
LEASE = LeaseSeen("1-4.2/7/boot", 15, 900, "/run/madoguchi-usb/stick")


def test_a_device_is_written_as_the_decision_says() -> None:
    assert STICK.to_message() == {
        "instance": "1-4.2/7/boot", "port": "1-4.2", "vendor": "0951", "product": "1666", "serial": "60A4",
        "maker": "Kingston", "name": "USB メモリ　8", "interfaces": ["08:06:50"], "allowed": False,
        "lease": False, "rule": "", "why": "no_rule", "digest": DIGEST,
    }  # fmt: skip


def test_state_and_lease_are_written_as_the_decision_says() -> None:
    assert STATE.to_message() == {
        "protected": False, "why": ["no_floor", "no_policy"], "group": "counters", "terminal": "本館 窓口１",
        "policy_version": 0, "unsent": 3,
    }  # fmt: skip
    assert LEASE.to_message() == {
        "device": "1-4.2/7/boot", "minutes": 15, "seconds_left": 900, "place": "/run/madoguchi-usb/stick",
        "ended": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    "value", [STICK, STATE, LEASE, LeaseSeen("x", 1, 0, "", Ended.WINDOW_GONE)], ids=type
)
def test_values_come_back_over_the_wire(value: DeviceSeen | AgentState | LeaseSeen) -> None:
    (message,) = Lines().feed(encode({"told": "x", **value.to_message()}))
    assert type(value).from_message(message) == value


NEVER: list[Any] = [None, 1.5, -1, 10**16, [], {}, "\n", "x" * 301, [3], ["x"], True, "\u202e"]


@pytest.mark.parametrize("value", [STICK, STATE, LEASE], ids=type)
def test_a_field_that_is_missing_or_wrong_is_refused(value: DeviceSeen | AgentState | LeaseSeen) -> None:
    good = value.to_message()
    for key, right in good.items():
        with pytest.raises(BadMessage, match=key):
            type(value).from_message({other: good[other] for other in good if other != key})
        for wrong in NEVER:
            if type(wrong) is type(right) and wrong in ([], True):
                continue
            with pytest.raises(BadMessage, match=key):
                type(value).from_message({**good, key: wrong})


@pytest.mark.parametrize(
    "change",
    [
        {"vendor": "951"},
        {"vendor": "095A"},
        {"product": "１666"},
        {"interfaces": ["08:06"]},
        {"interfaces": [KEYBOARD] * 66},
        {"why": "because"},
        {"digest": "00"},
    ],
)
def test_a_device_that_is_none_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadMessage, match=next(iter(change))):
        DeviceSeen.from_message({**STICK.to_message(), **change})


def test_messages_are_cut_wherever_the_socket_cut_them() -> None:
    messages = [{"n": 1, "text": "改行\nと　空白"}, {"told": "state"}, {}]
    sent = b"".join(map(encode, messages))
    for size in (1, 2, 3, 7, len(sent)):
        lines, found = Lines(), list[Any]()
        for at in range(0, len(sent), size):
            found += lines.feed(sent[at : at + size])
        assert found == messages


@pytest.mark.parametrize(
    "line",
    [
        b"", b"{", b"[]", b"1", b'"x"', b"null", b"\xff{}", b'{"a":NaN}', b'{"a":-Infinity}',
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}', b'{"a":' + b"[" * 60000 + b"]" * 60000 + b"}", b'{"a":' + b"9" * 5000 + b"}",
        b"{}\x00", b"\xef\xbb\xbf{}",
    ],
    ids=range(15),
)  # fmt: skip
def test_what_is_no_message_is_refused(line: bytes) -> None:
    lines = Lines()
    with pytest.raises(BadMessage):
        lines.feed(b'{"n":1}\n' + line + b"\n")


def test_a_message_has_its_longest_length() -> None:
    room = MOST_BYTES - len(encode({"a": ""}))
    longest = encode({"a": "x" * room})
    assert len(longest) == MOST_BYTES
    assert Lines().feed(longest) == [{"a": "x" * room}]
    with pytest.raises(BadMessage, match="longer"):
        encode({"a": "x" * (room + 1)})
    with pytest.raises(BadMessage, match="longer"):
        Lines().feed(longest[:-3] + b'x"}\n')


def test_a_message_without_end_is_not_kept() -> None:
    lines = Lines()
    for _ in range(MOST_BYTES // 1024 - 1):
        assert lines.feed(b"x" * 1024) == []
    with pytest.raises(BadMessage, match="longer"):
        lines.feed(b"x" * 1024)


@pytest.mark.parametrize("filling", ['"', "\n", "鍵", "\\", "𠮟"])
def test_the_longest_policy_has_room(filling: str) -> None:
    text = filling * (MOST_POLICY_BYTES // len(filling.encode()))
    assert Lines().feed(encode({"ask": "policy", "n": 10**6, "text": text}))[0]["text"] == text


@pytest.mark.parametrize("value", ["\ud800", float("nan"), {1, 2}, b"x"])
def test_what_cannot_be_sent_is_refused(value: object) -> None:
    with pytest.raises(BadMessage):
        encode({"a": value})


def test_a_word_is_one() -> None:
    assert word_of({"refused": "not_a_stick"}, "refused") == "not_a_stick"
    for wrong in ("", "Not", "a b", "x" * 31, 1, None):
        with pytest.raises(BadMessage):
            word_of({"refused": wrong}, "refused")


json_ = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), json_, max_size=4))
def test_whatever_is_sent_arrives(message: dict[str, Any]) -> None:
    try:
        sent = encode(message)
    except BadMessage:
        sent = json.dumps(message).encode() + b"\n"
    assert sent.count(b"\n") == 1
    assert Lines().feed(sent) == [message]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(BadMessage):
        assert all(isinstance(message, dict) for message in Lines().feed(data))


@given(st.dictionaries(st.sampled_from([*STICK.to_message(), *STATE.to_message()]), json_))
def test_any_fields_are_read_or_refused(fields: dict[str, Any]) -> None:
    for kind in (DeviceSeen, AgentState, LeaseSeen):
        with suppress(BadMessage):
            kind.from_message(fields)
