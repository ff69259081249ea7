"""Texts under a MAC: byte for byte as published, and none that could be read as another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.device_control.device import InterfaceClass
from madoguchi.device_control.sealed import (
    BEFORE_FIRST,
    LONGEST_RECORD,
    BadText,
    Challenge,
    grant_text,
    key_of,
    mac,
    receipt_seq,
    receipt_text,
    record_text,
    same,
)
from tests.device_control import vectors as v
from tests.device_control.devices import STORAGE, UAS, classes, device

ASKED = Challenge(v.TERMINAL, v.NONCE, 0x0951, 0x1666, "60A44C413FAE", classes(STORAGE), v.DIGEST, 15)
WITHOUT_SERIAL = replace(ASKED, serial="", interfaces=classes(f"{UAS},{STORAGE}"), minutes=1)


@pytest.mark.parametrize(
    ("made", "text", "sealed"),
    [
        (ASKED.text, v.CHALLENGE, v.CHALLENGE_MAC),
        (WITHOUT_SERIAL.text, v.CHALLENGE_WITHOUT_SERIAL, v.CHALLENGE_WITHOUT_SERIAL_MAC),
        (grant_text(v.TERMINAL, v.NONCE, 15), v.GRANT, v.GRANT_MAC),
        (record_text(v.TERMINAL, 1, BEFORE_FIRST, v.FIRST_JSON), v.FIRST_RECORD, v.FIRST_RECORD_MAC),
        (record_text(v.TERMINAL, 2, v.FIRST_RECORD_MAC, v.SECOND_JSON), v.SECOND_RECORD, v.SECOND_RECORD_MAC),
        (receipt_text(v.TERMINAL, 2), v.RECEIPT, v.RECEIPT_MAC),
    ],
)
def test_the_published_examples_are_made(made: str, text: str, sealed: str) -> None:
    assert made == text
    assert mac(key_of(v.KEY_HEX + "\n"), made) == sealed
    assert mac(bytes(32), made) != sealed


def test_texts_are_read_back() -> None:
    assert Challenge.parse(v.CHALLENGE) == ASKED
    assert Challenge.parse(v.CHALLENGE_WITHOUT_SERIAL) == WITHOUT_SERIAL
    assert receipt_seq(v.RECEIPT, v.TERMINAL) == 2


def test_a_challenge_is_about_a_device() -> None:
    stick = device(STORAGE, id="0951:1666", serial="60A44C413FAE")
    asked = Challenge.about(v.TERMINAL, v.NONCE, stick, 15)
    assert asked == replace(ASKED, digest=stick.digest)


def test_macs_are_compared_whatever_they_are() -> None:
    assert same(v.GRANT_MAC, v.GRANT_MAC)
    for other in (v.GRANT_MAC[:-1], v.GRANT_MAC.upper(), "", "鍵" * 64, "\ud800", v.CHALLENGE_MAC):
        assert not same(v.GRANT_MAC, other)


@pytest.mark.parametrize("text", ["", "00", v.KEY_HEX.upper(), v.KEY_HEX + "00", "g" * 64])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadText):
        key_of(text)


def test_a_key_has_its_length_and_a_text_its_bytes() -> None:
    for key, text in ((b"", "x"), (bytes(31), "x"), (bytes(32), "\ud800")):
        with pytest.raises(BadText):
            mac(key, text)


# What ends a line somewhere: to Python, to PostgreSQL, to a terminal.
ENDS = ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\0"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    "make",
    [
        lambda end: replace(ASKED, terminal=f"a{end}b"),
        lambda end: replace(ASKED, nonce=v.NONCE + end),
        lambda end: replace(ASKED, nonce=v.NONCE[1:] + end),
        lambda end: replace(ASKED, serial=f"a{end}b"),
        lambda end: replace(ASKED, serial=end),
        lambda end: replace(ASKED, digest=v.DIGEST + end),
        lambda end: grant_text(f"a{end}b", v.NONCE, 1),
        lambda end: grant_text("a", v.NONCE[1:] + end, 1),
        lambda end: record_text(f"a{end}", 1, BEFORE_FIRST, "{}"),
        lambda end: record_text("a", 1, BEFORE_FIRST + end, "{}"),
        lambda end: record_text("a", 1, BEFORE_FIRST, "{" + end + "}"),
        lambda end: record_text("a", 1, BEFORE_FIRST, "{}" + end),
        lambda end: receipt_text(f"{end}a", 1),
    ],
)
def test_no_field_holds_a_lines_end(make: Callable[[str], object], end: str) -> None:
    with pytest.raises(BadText):
        make(end)


@pytest.mark.parametrize(
    "make",
    [
        lambda: replace(ASKED, terminal=""),
        lambda: replace(ASKED, terminal="　"),
        lambda: replace(ASKED, terminal="x" * 101),
        lambda: replace(ASKED, serial="-"),
        lambda: replace(ASKED, serial="x" * 101),
        lambda: replace(ASKED, interfaces=()),
        lambda: replace(ASKED, vendor_id=0x10000),
        lambda: replace(ASKED, product_id=-1),
        lambda: replace(ASKED, digest=""),
        lambda: replace(ASKED, minutes=0),
        lambda: replace(ASKED, minutes=61),
        lambda: grant_text("a", v.NONCE.upper(), 1),
        lambda: grant_text("a", v.NONCE, 61),
        lambda: record_text("a", 0, BEFORE_FIRST, "{}"),
        lambda: record_text("a", 1, "", "{}"),
        lambda: record_text("a", 1, BEFORE_FIRST, ""),
        lambda: record_text("a", 1, BEFORE_FIRST, "x" * (LONGEST_RECORD + 1)),
        lambda: receipt_text("a", 0),
    ],
)
def test_what_is_none_gets_no_text(make: Callable[[], object]) -> None:
    with pytest.raises(BadText):
        make()


@pytest.mark.parametrize(
    "text",
    [
        "",
        v.CHALLENGE[:-1],
        v.CHALLENGE + "\n",
        v.CHALLENGE + "15\n",
        v.CHALLENGE.replace("challenge 1", "challenge 2"),
        v.CHALLENGE.replace("0951:1666", "0951:166"),
        v.CHALLENGE.replace("0951:1666", "0951:166A"),
        v.CHALLENGE.replace("60A44C413FAE", ""),
        v.CHALLENGE.replace("08:06:50", ""),
        v.CHALLENGE.replace("08:06:50", "08:06:50,"),
        v.CHALLENGE_WITHOUT_SERIAL.replace("08:06:50,08:06:62", "08:06:62,08:06:50"),
        v.CHALLENGE.replace("\n15\n", "\n015\n"),
        v.CHALLENGE.replace("\n15\n", "\n１５\n"),
        v.CHALLENGE.replace("\n15\n", "\n+15\n"),
        v.CHALLENGE.replace("\n", "\r\n"),
        v.GRANT,
    ],
)
def test_what_is_no_challenge_is_refused(text: str) -> None:
    with pytest.raises(BadText):
        Challenge.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        v.RECEIPT[:-1],
        v.RECEIPT + "\n",
        v.RECEIPT.replace("2", "02"),
        v.RECEIPT.replace("2", "0"),
        v.GRANT,
    ],
)
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(BadText):
        receipt_seq(text, v.TERMINAL)


def test_a_receipt_is_for_one_terminal() -> None:
    with pytest.raises(BadText):
        receipt_seq(v.RECEIPT, "分館 窓口１")


byte = st.integers(0, 255)
hex_ = st.integers(0, 2**128 - 1).map(lambda n: f"{n:032x}")
seen = st.text(st.characters(codec="utf-8").filter(lambda c: c.isprintable()), max_size=100)
challenges = st.builds(
    Challenge,
    seen.filter(lambda text: bool(text.strip())),
    hex_,
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
    seen.filter(lambda text: text != "-"),
    st.lists(st.builds(InterfaceClass, byte, byte, byte), min_size=1, max_size=4).map(tuple),
    st.binary(min_size=32, max_size=32).map(bytes.hex),
    st.integers(1, 60),
)


@given(challenges)
def test_a_challenge_comes_back_as_it_was(asked: Challenge) -> None:
    assert Challenge.parse(asked.text) == asked
    assert asked.text.count("\n") == 8


@given(challenges, challenges)
def test_two_challenges_have_two_texts(one: Challenge, other: Challenge) -> None:
    assert (one.text == other.text) is (one == other)


@given(st.text(st.sampled_from("madoguchi usb challenge 1\n-0123456789abcdef:,"), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(BadText):
        Challenge.parse(text)
