"""Where a scan ends, and what of it the scanner put around the code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.barcode.sources.framing import LONGEST_BYTES, SHOWS_A_CUT, Frame, Framer, Terminator, is_affix
from madoguchi.barcode.symbology import TRAINING_PLAN, Unknown, UnknownReason, parse


def texts(frame: Frame, *pieces: bytes) -> list[str]:
    framer = Framer(frame)
    return [scan.text_untrusted for at, piece in enumerate(pieces) for scan in framer.feed(piece, float(at))]


@pytest.mark.parametrize(
    ("terminator", "sent", "found"),
    [
        (Terminator.ANY, b"A1\rA2\nA3\tA4\r\nA5\n\rA6", ["A1", "A2", "A3", "A4", "A5"]),
        (Terminator.CR, b"A1\rA2\nA3\r", ["A1", "A2\nA3"]),
        (Terminator.LF, b"A1\nA2\rA3\n", ["A1", "A2\rA3"]),
        (Terminator.CRLF, b"A1\r\nA2\rA3\nA4\r\n", ["A1", "A2\rA3\nA4"]),
        (Terminator.TAB, b"A1\tA2\rA3\t", ["A1", "A2\rA3"]),
    ],
)
def test_it_ends_where_the_scanner_says(terminator: Terminator, sent: bytes, found: list[str]) -> None:
    frame = Frame(terminator)
    assert texts(frame, sent) == found
    assert texts(frame, *(bytes([each]) for each in sent)) == found


@given(
    st.lists(st.binary(max_size=30).filter(lambda each: not set(each) & set(b"\r\n\t")), max_size=8),
    st.sampled_from([b"\r", b"\n", b"\t", b"\r\n"]),
    st.data(),
)
def test_how_it_is_cut_into_pieces_does_not_matter(
    scans: list[bytes], end: bytes, data: st.DataObject
) -> None:
    stream = b"".join(scan + end for scan in scans)
    places = data.draw(st.lists(st.integers(0, len(stream)), max_size=10).map(sorted))
    pieces = [stream[a:b] for a, b in zip([0, *places], [*places, len(stream)], strict=True)]
    expected = [scan.decode("utf-8", "replace") for scan in scans if scan]
    assert texts(Frame(), *pieces) == expected


@given(st.lists(st.binary(max_size=5_000), max_size=6), st.sampled_from(Terminator))
def test_no_bytes_make_it_hold_much_or_fail(pieces: list[bytes], terminator: Terminator) -> None:
    framer = Framer(Frame(terminator, "A", "B", aim=True))
    for piece in pieces:
        for scan in framer.feed(piece, 0.0):
            assert len(scan.raw_untrusted) <= LONGEST_BYTES + 1
            assert len(scan.text_untrusted) <= LONGEST_BYTES + 1


def test_it_says_when_it_began_and_ended() -> None:
    framer = Framer(Frame())
    assert framer.feed(b"A10", 5.0) == []
    first, second = framer.feed(b"00\rA2\r", 5.25)
    assert (first.text_untrusted, first.at, first.took_ms) == ("A1000", 5.25, 250.0)
    assert (second.text_untrusted, second.at, second.took_ms) == ("A2", 5.25, 0.0)


def test_what_has_begun_can_be_dropped() -> None:
    framer = Framer(Frame())
    framer.feed(b"A10", 0.0)
    framer.drop()
    assert [scan.text_untrusted for scan in framer.feed(b"A2\r", 1.0)] == ["A2"]


@pytest.mark.parametrize("behind", [b"", b" " * 2_000, b"\x00" * 5_000])
def test_one_too_long_is_told_and_is_no_code(behind: bytes) -> None:
    """Cut short it could be one: a number with a thousand blanks, and more behind them."""
    framer = Framer(Frame())
    (scan,) = framer.feed(b"A1000000016A" + b" " * 3_000 + behind + b"X\r", 0.0)
    assert scan.text_untrusted.endswith(SHOWS_A_CUT)
    said = parse(scan.text_untrusted, TRAINING_PLAN)
    assert isinstance(said, Unknown)
    assert said.reason is UnknownReason.TOO_LONG
    assert [each.text_untrusted for each in framer.feed(b"A2\r", 1.0)] == ["A2"]


@pytest.mark.parametrize("end", [b"\r", b"\r\n"])
def test_the_longest_is_whole(end: bytes) -> None:
    terminator = Terminator.CRLF if end == b"\r\n" else Terminator.CR
    text = "8" * (LONGEST_BYTES - len(end))
    assert texts(Frame(terminator), text.encode() + end) == [text]


@pytest.mark.parametrize(
    ("frame", "sent", "text", "symbology"),
    [
        (Frame(), "]A0A1000000016A", "]A0A1000000016A", ""),
        (Frame(aim=True), "]F0A1000000016A", "A1000000016A", "]F0"),
        (Frame(aim=True), "]E09784101010137", "9784101010137", "]E0"),
        (Frame(aim=True), "A1000000016A", "A1000000016A", ""),
        (Frame(aim=True), "]", "]", ""),
        (Frame(aim=True), "]-1X", "]-1X", ""),
        (Frame(aim=True), "A]F0", "A]F0", ""),
        (Frame(prefix="<", suffix=">"), "<A1>", "A1", ""),
        (Frame(prefix="<", suffix=">"), "A1", "A1", ""),
        (Frame(prefix="<"), "<<A1", "<A1", ""),
        (Frame(prefix="<", aim=True), "<]F0A1", "A1", "]F0"),
        (Frame(prefix="<", aim=True), "]F0<A1", "A1", "]F0"),
        (Frame(prefix="<", aim=True), "<]F0<A1", "<A1", "]F0"),
        (Frame(prefix="\x02", suffix="\x03"), "\x02A1\x03", "A1", ""),
    ],
)
def test_what_stands_around_a_code(frame: Frame, sent: str, text: str, symbology: str) -> None:
    (scan,) = Framer(frame).feed(sent.encode() + b"\r", 0.0)
    assert (scan.text_untrusted, scan.symbology_untrusted) == (text, symbology)
    assert scan.raw_untrusted == sent.encode() + b"\r"


def test_control_characters_within_are_kept() -> None:
    assert texts(Frame(), b"]d20104912345\x1d10ABC\x1e\x04\r") == ["]d20104912345\x1d10ABC\x1e\x04"]


def test_bytes_that_are_no_text_are_seen_to_be_none() -> None:
    (text,) = texts(Frame(), b"\xff\xfeA\r")
    assert text == "\ufffd\ufffdA"
    text.encode()


@pytest.mark.parametrize(
    ("text", "fits"),
    [("", True), ("\x02", True), ("A" * 16, True), ("A" * 17, False), ("\r", False), ("図", False)],
)
def test_what_a_prefix_can_be(text: str, fits: bool) -> None:
    assert is_affix(text) is fits
