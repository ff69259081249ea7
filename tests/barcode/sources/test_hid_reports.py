"""Reports put together to scans: whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.barcode.sources.hid_descriptor import Kind, read_descriptor
from madoguchi.barcode.sources.hid_layout import scan_layouts, vendor_reports
from madoguchi.barcode.sources.hid_reports import (
    MAX_RAW_BYTES,
    MAX_TEXT_BYTES,
    Assembler,
    BarCodeAssembler,
    PacketJoiner,
    RawText,
    RawTextAssembler,
)
from madoguchi.barcode.sources.source import Received
from tests.support.hid_forms import COUNTED, PLAIN, SMALL, Form, vendor_descriptor

PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=200)


def assembler(form: Form) -> BarCodeAssembler:
    return BarCodeAssembler(scan_layouts(read_descriptor(form.descriptor())))


def raw_assembler(form: RawText, report_id: int = 0, room: int = 64) -> RawTextAssembler:
    reports = read_descriptor(vendor_descriptor(report_id, room))
    return RawTextAssembler(form, vendor_reports(reports), reports.lengths(Kind.INPUT))


def fed(scans: Assembler, reports: Iterable[bytes]) -> list[Received]:
    """Everything that the reports bring, a hundredth of a second apart."""
    return [each for at, report in enumerate(reports) for each in scans.feed(report, at / 100)]


def texts(scans: Assembler, reports: Iterable[bytes]) -> list[str]:
    return [each.text_untrusted for each in fed(scans, reports)]


# The bar code scanner page ----------------------------------------------------------------------------------


def test_a_scan_in_one_report() -> None:
    (report,) = COUNTED.reports("A1000000016A", b"]F0")
    assert assembler(COUNTED).feed(report, 7.5) == [Received("A1000000016A", 7.5, 0.0, "]F0", report)]


def test_a_scan_over_several_reports() -> None:
    text = "".join(str(number % 10) for number in range(130))
    reports = COUNTED.reports(text, b"]Q1")
    assert len(reports) == 3
    (one,) = fed(assembler(COUNTED), reports)
    assert one == Received(text, 0.02, 20.0, "]Q1", b"".join(reports))


def test_the_reports_of_a_real_scanner() -> None:
    """What a Voyager 1602g sent when it was asked for its version, as the README of
    github.com/HenkVanAsselt/python_hon_usbhid prints it: the first and the last of six reports, and the
    answer behind them. Its descriptor is not printed there: this one is ours.
    """
    head = b"\x02\x38]X0Product Name: Voyager 1602g\r\nBoot Revision: : 8992\r\nSoft?\0\x01"
    tail = b"\x02\x09]X0um: N/A\r\n" + bytes(47) + b"?\0\0"
    answer = b"\x02\x08]Z6REVINF\x06." + bytes(48) + b"6\0\0"
    one, two = fed(assembler(COUNTED), [head, tail, answer])
    assert one.text_untrusted == "Product Name: Voyager 1602g\r\nBoot Revision: : 8992\r\nSoftum: N/A"
    assert (one.symbology_untrusted, two.symbology_untrusted) == ("]X0", "]Z6")
    assert two.text_untrusted == "REVINF\x06."


def test_the_printed_example_of_a_makers_manual() -> None:
    """Access-IS, "LSR118 Product manual", appendix B.1.1: 60 bytes in two reports, 56 and 4, the second
    filled up with zeros. The last four bytes are ours: the copy that was read breaks off before them."""
    first = b"\x02\x38]Q0M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23  ".ljust(61, b" ") + b"s\0\x01"
    second = b"\x02\x04]Q0MORE" + bytes(52) + b"s\0\0"
    assert len(first) == len(second) == 64
    (one,) = fed(assembler(COUNTED), [first, second])
    assert one.text_untrusted.startswith("M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23")
    assert one.text_untrusted.endswith("MORE")
    assert len(one.text_untrusted) == 60


def test_without_a_count_zeros_at_the_end_fill_up() -> None:
    assert texts(assembler(PLAIN), PLAIN.reports("123") + PLAIN.reports("12345678")) == ["123", "12345678"]
    assert texts(assembler(SMALL), SMALL.reports("1234567890")) == ["1234567890"]


def test_a_scanners_own_line_end_is_none_of_the_text() -> None:
    assert texts(assembler(COUNTED), COUNTED.reports("123\r\n") + COUNTED.reports("45\r")) == ["123", "45"]
    assert texts(assembler(COUNTED), COUNTED.reports("\r") + COUNTED.reports("")) == []


def test_a_byte_that_was_misread_does_not_become_a_digit() -> None:
    (one,) = fed(assembler(COUNTED), [COUNTED.report(b"10\xb2")])
    assert one.text_untrusted == "10\\xb2"


def test_a_report_that_is_cut_takes_its_whole_scan_with_it() -> None:
    first, second, third = COUNTED.reports("x" * 120)
    for cut in (
        [first[:-1], second, third],
        [first, second[:10], third],
        [first, second, third[:40], COUNTED.report(b"")],
        [first, second, b"\x02", COUNTED.report(b"")],
    ):
        assert texts(assembler(COUNTED), [*cut, *COUNTED.reports("next")]) == ["next"]


def test_a_cut_report_where_none_goes_on_is_lost_alone() -> None:
    assert texts(assembler(PLAIN), [b"1234", *PLAIN.reports("56")]) == ["56"]


def test_a_count_beyond_the_data_takes_its_whole_scan_with_it() -> None:
    first, second = COUNTED.reports("x" * 60)
    wrong = COUNTED.report(b"y" * 56, count=57)
    continued = COUNTED.report(b"y" * 56, count=57, continued=True)
    assert texts(assembler(COUNTED), [wrong, continued, second, first, second]) == ["x" * 60]


def test_another_symbology_is_another_scan() -> None:
    first, _ = COUNTED.reports("x" * 60, b"]C0")
    assert texts(assembler(COUNTED), [first, *COUNTED.reports("123", b"]E0")]) == ["123"]


def test_an_identifier_that_is_sent_once_holds_for_the_scan() -> None:
    first = COUNTED.report(b"x" * 56, b"]C0", continued=True)
    (one,) = fed(assembler(COUNTED), [first, COUNTED.report(b"yz", b"\0\0\0")])
    assert (one.text_untrusted, one.symbology_untrusted) == ("x" * 56 + "yz", "]C0")


def test_silence_drops_the_half_that_is_there() -> None:
    scans = assembler(COUNTED)
    assert not scans.waits
    first, second = COUNTED.reports("x" * 60)
    assert texts(scans, [first]) == []
    assert scans.waits
    scans.silence()
    assert not scans.waits
    assert texts(scans, COUNTED.reports("123")) == ["123"]
    scans.feed(first, 0)
    scans.lost()
    assert texts(scans, [second, *COUNTED.reports("456")]) == ["456"]
    scans.lost()  # between scans nothing was lost
    assert texts(scans, COUNTED.reports("789")) == ["789"]


def test_reports_of_other_numbers_disturb_nothing() -> None:
    first, second = COUNTED.reports("x" * 60)
    assert texts(assembler(COUNTED), [first, b"\x07\x01", b"", second]) == ["x" * 60]


def test_a_report_that_is_longer_than_declared_is_read_as_declared() -> None:
    assert texts(assembler(SMALL), [each + bytes(19) for each in SMALL.reports("1234567890")]) == [
        "1234567890"
    ]


def test_a_scan_without_an_end_is_bounded() -> None:
    scans = assembler(COUNTED)
    for report in [COUNTED.report(b"x" * 56, continued=True)] * 200:
        assert scans.feed(report, 0) == []
        assert scans._scan is not None
        assert len(scans._scan.text) <= MAX_TEXT_BYTES
        assert len(scans._scan.raw) <= MAX_RAW_BYTES
    assert texts(scans, [COUNTED.report(b"tail"), *COUNTED.reports("next")]) == ["next"]


def test_empty_reports_without_an_end_are_bounded() -> None:
    scans = assembler(COUNTED)
    reports = [COUNTED.report(b"", continued=True)] * (MAX_RAW_BYTES // 64 + 2)
    assert texts(scans, [*reports, COUNTED.report(b"123"), *COUNTED.reports("next")]) == ["next"]


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Reports of any layout: numbered or not, in any order, on no byte's border."""
    parts = draw(st.permutations(["count", "symbology", "data", "vendor", "flag", "flags", "pad3", "pad7"]))
    kept = [part for part in parts if part == "data" or draw(st.booleans())]
    if "flag" in kept and "flags" in kept:
        kept.remove("flag")
    return Form(draw(st.integers(0, 255)), tuple(kept), draw(st.integers(1, 64)))


@given(forms(), st.lists(PRINTABLE, min_size=1, max_size=4))
def test_whatever_the_layout_what_is_scanned_is_what_is_read(form: Form, scanned: list[str]) -> None:
    if not {"flag", "flags"} & set(form.parts):
        scanned = [text[: form.room] for text in scanned]
    reports = [form.reports(text) for text in scanned]
    got = fed(assembler(form), [each for one in reports for each in one])
    assert [one.text_untrusted for one in got] == scanned
    assert [one.raw_untrusted for one in got] == [b"".join(one) for one in reports]
    assert {one.symbology_untrusted for one in got} == {"]C0" if "symbology" in form.parts else ""}


@given(st.data(), PRINTABLE)
def test_a_part_that_is_missing_never_makes_a_wrong_scan(data: st.DataObject, text: str) -> None:
    """Whatever was cut of one report, there is no scan with less or other text, only none."""
    reports = SMALL.reports(text)
    at = data.draw(st.integers(0, len(reports) - 1))
    reports[at] = reports[at][: data.draw(st.integers(1, SMALL.length - 1))]
    assert texts(assembler(SMALL), reports) == []


@given(st.lists(st.one_of(st.binary(max_size=80), st.binary(min_size=63, max_size=63).map(b"\x02".__add__))))
def test_no_reports_do_harm(reports: list[bytes]) -> None:
    for scans in (
        assembler(COUNTED),
        assembler(PLAIN),
        raw_assembler(RawText()),
        raw_assembler(RawText(b"")),
    ):
        for each in fed(scans, reports):
            assert each.text_untrusted
            each.text_untrusted.encode("ascii")
            each.symbology_untrusted.encode("ascii")


# Text on a vendor's page ------------------------------------------------------------------------------------


def filled(*pieces: bytes, room: int = 64) -> list[bytes]:
    return [piece.ljust(room, b"\0") for piece in pieces]


def test_text_up_to_a_terminator_over_several_reports() -> None:
    scans = raw_assembler(RawText(), room=8)
    got = fed(scans, filled(b"10000000", b"16\r\n", b"42\r", room=8))
    assert [each.text_untrusted for each in got] == ["1000000016", "42"]
    assert got[0].raw_untrusted == b"1000000016\r\n\0\0\0\0"
    assert got[0].took_ms == 10.0
    assert not scans.waits


def test_two_scans_in_one_report() -> None:
    assert texts(raw_assembler(RawText()), filled(b"111\r222\r33", b"3\r")) == ["111", "222", "333"]


def test_each_report_is_a_scan_where_no_terminator_is_set() -> None:
    assert texts(raw_assembler(RawText(b"")), filled(b"111", b"", b"222\r\n")) == ["111", "222"]


def test_text_between_a_length_and_a_trailer() -> None:
    """As readers of Newland's send it: number, length, up to 56 bytes, four reserved, an identifier."""
    form = RawText(b"\r", skip=1, room=56)
    report = b"\x02\x0b" + b"1000000016\r".ljust(56, b"\0") + b"\0\0\0\0\x6a\0"
    assert texts(raw_assembler(form, 2, len(report) - 1), [report, report]) == ["1000000016"] * 2


def test_a_terminator_that_is_split_over_two_reports_is_one() -> None:
    form = RawText(b"<end>")
    assert texts(raw_assembler(form, room=8), filled(b"12345<en", b"d>67<end", b">", room=8)) == [
        "12345",
        "67",
    ]


def test_a_cut_report_takes_everything_with_it_up_to_the_next_terminator() -> None:
    whole = filled(b"1111", b"2222\r", b"3333\r")
    assert texts(raw_assembler(RawText()), [whole[0][:20], *whole[1:]]) == ["3333"]
    assert texts(raw_assembler(RawText(b"")), [whole[0][:20], *whole[1:]]) == ["2222", "3333"]


def test_silence_drops_text_without_its_terminator() -> None:
    scans = raw_assembler(RawText())
    assert texts(scans, filled(b"1111")) == []
    assert scans.waits
    scans.silence()
    assert texts(scans, filled(b"2222\r")) == ["2222"]
    scans.feed(*filled(b"1111"), 0)
    scans.lost()
    assert texts(scans, filled(b"2222\r3333\r")) == ["3333"]


def test_text_without_an_end_is_bounded() -> None:
    scans = raw_assembler(RawText())
    for report in filled(*[b"x" * 64] * 200):
        assert scans.feed(report, 0) == []
        assert scans._scan is not None
        assert len(scans._scan.text) <= MAX_TEXT_BYTES
    assert texts(scans, filled(b"tail\r", b"next\r")) == ["next"]


@pytest.mark.parametrize(
    "wrong", [{"skip": -1}, {"room": -1}, {"terminator": b"\0"}, {"terminator": b"x" * 17}]
)
def test_what_cannot_be_is_no_setting(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"bytes|zeros"):
        RawText(**wrong)  # type: ignore[arg-type]


@given(
    st.lists(PRINTABLE.filter(lambda text: "!" not in text), max_size=5),
    st.sampled_from([b"\r", b"\r\n", b"!!"]),
    st.integers(1, 9),
)
def test_however_text_is_cut_into_reports_it_is_the_same(
    scanned: list[str], terminator: bytes, room: int
) -> None:
    stream = b"".join(text.encode("ascii") + terminator for text in scanned)
    pieces = [stream[at : at + room] for at in range(0, len(stream), room)]
    assert texts(raw_assembler(RawText(terminator), room=room), filled(*pieces, room=room)) == scanned


# Packets ----------------------------------------------------------------------------------------------------


@st.composite
def reads(draw: st.DrawFn) -> tuple[dict[int, int], int, list[bytes], list[bytes]]:
    """Reports of several lengths, and reads that brought them: each of some packets of one report."""
    packet = draw(st.sampled_from([1, 8, 64]))
    lengths = draw(st.dictionaries(st.integers(1, 255), st.integers(1, 150), min_size=1, max_size=4))
    reports, brought = [], []
    for number in draw(st.lists(st.sampled_from(sorted(lengths)), max_size=6)):
        report = bytes([number]) * lengths[number]
        reports.append(report)
        packets = [report[at : at + packet] for at in range(0, len(report), packet)]
        while packets:
            many = draw(st.integers(1, len(packets)))
            brought.append(b"".join(packets[:many]))
            del packets[:many]
    return lengths, packet, reports, brought


@given(reads())
def test_however_reads_bring_packets_they_are_the_same_reports(
    case: tuple[dict[int, int], int, list[bytes], Sequence[bytes]],
) -> None:
    lengths, packet, reports, brought = case
    joiner = PacketJoiner(lengths, True, packet)
    joined = [joiner.feed(read) for read in brought]
    assert [each for each in joined if each is not None] == reports
    assert not joiner.waits
    assert joiner.read_bytes % packet == 0
    assert max(lengths.values()) <= joiner.read_bytes < max(lengths.values()) + packet


def test_a_short_or_an_empty_packet_ends_a_report_that_was_cut() -> None:
    joiner = PacketJoiner({0: 64}, False, 8)
    assert joiner.feed(b"12345678") is None
    assert joiner.feed(b"123") == b"12345678123"
    assert joiner.feed(b"12345678") is None
    assert joiner.waits
    assert joiner.feed(b"") == b"12345678"
    assert joiner.feed(b"") is None
    assert joiner.feed(b"12345678") is None
    joiner.silence()
    assert joiner.feed(b"x" * 64) == b"x" * 64
