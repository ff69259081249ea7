"""What a report descriptor says, and that no descriptor does any harm."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.barcode.sources.hid_descriptor import (
    MAX_BYTES,
    MAX_REPORT_BYTES,
    DescriptorError,
    Kind,
    read_descriptor,
    usage,
)
from madoguchi.barcode.sources.hid_layout import (
    DECODE_DATA_CONTINUED,
    DECODED_DATA,
    Place,
    ScanLayout,
    scan_layouts,
    vendor_reports,
)
from tests.support import hid_forms as forms
from tests.support.hid_forms import COUNTED, PLAIN, SMALL, item, vendor_descriptor

SCANNER = item(forms.PAGE, 0x8C) + item(forms.USAGE, 0x02) + item(forms.COLLECTION, forms.APPLICATION)
END = item(forms.END_COLLECTION)
BYTES = item(forms.SIZE, 8)
DATA = item(forms.INPUT, forms.DATA_VARIABLE)


def layouts(body: bytes) -> tuple[ScanLayout, ...]:
    return scan_layouts(read_descriptor(SCANNER + body + END))


def only(body: bytes) -> ScanLayout:
    (layout,) = layouts(body)
    return layout


def test_the_report_of_a_common_make_is_read_to_the_bit() -> None:
    (layout,) = scan_layouts(read_descriptor(COUNTED.descriptor()))
    assert layout == ScanLayout(
        report_id=2,
        report_bytes=64,
        data=Place(5 * 8, 8, 56),
        length=Place(1 * 8, 8, 1),
        symbology=(Place(2 * 8, 8, 1), Place(3 * 8, 8, 1), Place(4 * 8, 8, 1)),
        continued=Place(63 * 8, 1, 8),
    )


def test_a_report_without_number_or_anything_else_begins_with_its_data() -> None:
    (layout,) = scan_layouts(read_descriptor(PLAIN.descriptor()))
    assert layout == ScanLayout(0, 8, Place(0, 8, 8))


def test_a_range_of_usages_is_spread_over_the_elements_and_the_last_goes_on() -> None:
    body = (
        BYTES
        + item(forms.COUNT, 12)
        + item(forms.USAGE_MINIMUM, 0xFB)
        + item(forms.USAGE_MAXIMUM, 0xFE)
        + DATA
    )
    layout = only(body)
    assert [part.bit for part in layout.symbology] == [0, 8, 16]
    assert layout.data == Place(24, 8, 9)
    assert layout.continued is None


def test_the_page_that_holds_at_the_main_item_is_the_one_that_counts() -> None:
    late = BYTES + item(forms.COUNT, 4) + item(forms.PAGE, 0xFF00) + item(forms.USAGE, 0xFE)
    assert only(late + item(forms.PAGE, 0x8C) + DATA).data.count == 4
    assert layouts(late + DATA) == ()


def test_a_usage_of_four_bytes_has_its_own_page() -> None:
    body = item(forms.PAGE, 0x01) + BYTES + item(forms.COUNT, 4) + item(forms.USAGE, DECODED_DATA, 4) + DATA
    assert only(body).data == Place(0, 8, 4)


def test_what_was_put_aside_comes_back() -> None:
    body = (
        BYTES
        + item(forms.COUNT, 6)
        + item(forms.PUSH)
        + item(forms.SIZE, 1)
        + item(forms.COUNT, 1)
        + item(forms.POP)
        + item(forms.USAGE, 0xFE)
        + DATA
    )
    assert only(body).data == Place(0, 8, 6)


def test_of_usages_that_mean_the_same_the_first_is_taken() -> None:
    body = (
        BYTES
        + item(forms.COUNT, 6)
        + item(forms.DELIMITER, 1)
        + item(forms.USAGE, 0xFE)
        + item(forms.USAGE, 0x10)
        + item(forms.DELIMITER, 0)
        + DATA
    )
    layout = only(body)
    assert layout.data == Place(0, 8, 6)


def test_padding_arrays_and_other_ways_move_on_or_do_not_count() -> None:
    before = item(forms.SIZE, 3) + item(forms.COUNT, 1) + item(forms.INPUT, forms.CONSTANT)
    feature = (
        BYTES + item(forms.COUNT, 9) + item(forms.USAGE, 0xFE) + item(forms.FEATURE, forms.DATA_VARIABLE)
    )
    array = BYTES + item(forms.COUNT, 2) + item(forms.USAGE, 0xFE) + item(forms.INPUT, 0)
    data = BYTES + item(forms.COUNT, 7) + item(forms.USAGE, 0xFE) + DATA
    assert only(before + feature + array + data).data == Place(3 + 16, 8, 7)
    assert layouts(feature) == layouts(array) == layouts(b"") == ()


def test_decoded_data_counts_in_an_application_of_the_bar_code_page_alone() -> None:
    data = item(forms.PAGE, 0x8C) + BYTES + item(forms.COUNT, 7) + item(forms.USAGE, 0xFE) + DATA
    vendors = item(forms.PAGE, 0xFF8C) + item(forms.USAGE, 2) + item(forms.COLLECTION, forms.APPLICATION)
    reports = read_descriptor(vendors + data + END)
    assert scan_layouts(reports) == ()
    assert vendor_reports(reports) == {0}
    assert scan_layouts(read_descriptor(data)) == ()


def test_a_keyboard_is_no_scanner() -> None:
    keyboard = (
        item(forms.PAGE, 0x01)
        + item(forms.USAGE, 0x06)
        + item(forms.COLLECTION, forms.APPLICATION)
        + item(forms.PAGE, 0x07)
        + item(forms.USAGE_MINIMUM, 0xE0)
        + item(forms.USAGE_MAXIMUM, 0xE7)
        + item(forms.SIZE, 1)
        + item(forms.COUNT, 8)
        + DATA
        + item(forms.USAGE_MINIMUM, 0)
        + item(forms.USAGE_MAXIMUM, 255, 2)
        + BYTES
        + item(forms.COUNT, 7)
        + item(forms.INPUT, 0)
        + END
    )
    reports = read_descriptor(keyboard)
    assert reports.lengths(Kind.INPUT) == {0: 8}
    assert scan_layouts(reports) == ()
    assert vendor_reports(reports) == frozenset()


def test_each_numbered_report_is_counted_by_itself() -> None:
    other = item(forms.REPORT_ID, 9) + BYTES + item(forms.COUNT, 3) + item(forms.USAGE, 0x12) + DATA
    reports = read_descriptor(SMALL.descriptor()[:-1] + other + END)
    assert reports.is_numbered
    assert reports.lengths(Kind.INPUT) == {5: 1 + 3 + 8 + 1, 9: 1 + 3}
    assert reports.lengths(Kind.OUTPUT) == {}
    assert [layout.report_id for layout in scan_layouts(reports)] == [5]


def test_vendors_reports_are_known_by_their_page() -> None:
    assert vendor_reports(read_descriptor(vendor_descriptor())) == {0}
    assert vendor_reports(read_descriptor(vendor_descriptor(7))) == {7}
    assert vendor_reports(read_descriptor(COUNTED.descriptor())) == frozenset()


def test_a_long_item_is_passed_over() -> None:
    long = bytes([0xFE, 3, 0xF0, 1, 2, 3])
    assert only(long + BYTES + item(forms.COUNT, 8) + item(forms.USAGE, 0xFE) + long + DATA).data.count == 8


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (bytes([0x05]), "cut within an item"),
        (bytes([0xFE]), "cut within an item"),
        (bytes([0xFE, 200, 0, 1]), "cut within an item"),
        (SCANNER, "not closed"),
        (END, "not open"),
        (item(forms.POP), "nothing was put aside"),
        (item(forms.PUSH) * 9, "put aside"),
        (item(forms.COLLECTION, 1) * 33, "collections within each other"),
        (item(forms.REPORT_ID, 0), "1 to 255"),
        (item(forms.REPORT_ID, 256, 2), "1 to 255"),
        (item(forms.SIZE, 257, 2), "bits"),
        (item(forms.COUNT, 0xFFFFFFFF), "more elements"),
        (item(forms.PAGE, 0x10000), "usage page"),
        (item(forms.SIZE, 32) + item(forms.COUNT, 1025, 2) + DATA, "a report longer"),
        (item(forms.SIZE, 32) + item(forms.COUNT, 1024, 2) + DATA + DATA, "a report longer"),
        (item(forms.SIZE, 0) + item(forms.COUNT, 0) + DATA * 1025, "fields"),
        (item(forms.USAGE, 1) * 1025, "usages"),
        (item(forms.USAGE_MINIMUM, 2) + item(forms.USAGE_MAXIMUM, 1), "range"),
        (item(forms.USAGE_MINIMUM, 1, 4) + item(forms.USAGE_MAXIMUM, 2), "range"),
        (item(forms.USAGE_MINIMUM, 1) + DATA, "left open"),
        (item(forms.DELIMITER, 1) + DATA, "left open"),
        (item(forms.DELIMITER, 1) * 2, "within each other"),
        (item(forms.DELIMITER, 0), "within each other"),
        (BYTES + item(forms.COUNT, 1) + DATA + item(forms.REPORT_ID, 1) + DATA, "some have none"),
        (bytes(MAX_BYTES + 1), "longer than"),
    ],
)
def test_what_is_no_descriptor_is_refused_and_it_is_said_why(wrong: bytes, why: str) -> None:
    with pytest.raises(DescriptorError, match=why):
        read_descriptor(wrong)


ITEMS = st.builds(
    lambda prefix, data: bytes([prefix & 0xFC | (0, 1, 2, 2, 3)[len(data)]]) + data,
    st.integers(0, 255),
    st.sampled_from([b"", b"\x00", b"\x01", b"\x08", b"\xfe", b"\xff\x00", b"\x8c\x00", b"\xff\xff\xff\xff"]),
)


@given(st.one_of(st.binary(max_size=300), st.lists(ITEMS, max_size=60).map(b"".join)))
@example(b"\x95\x01" * 2000)
def test_no_bytes_do_harm(descriptor: bytes) -> None:
    try:
        reports = read_descriptor(descriptor)
    except DescriptorError:
        return
    for kind in Kind:
        assert all(length <= MAX_REPORT_BYTES for length in reports.lengths(kind).values())
    for layout in scan_layouts(reports):
        # Whatever was declared, reading it stays within a report.
        report = bytes([0xFF]) * layout.report_bytes
        assert layout.data.octets(report) == b"\xff" * layout.data.count
        for place in (layout.length, layout.continued, *layout.symbology):
            if place is not None:
                assert place.value(report) == (1 << place.element_bits) - 1
    vendor_reports(reports)


@given(st.data())
def test_a_descriptor_with_a_byte_that_is_wrong_does_no_harm(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([COUNTED, SMALL, PLAIN])).descriptor()
    at = data.draw(st.integers(0, len(whole) - 1))
    test_no_bytes_do_harm.hypothesis.inner_test(  # type: ignore[attr-defined]
        whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    )


@given(
    st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 40)), min_size=1, max_size=20),
    st.integers(0, 600),
    st.integers(0, 0xFFFF),
)
def test_the_elements_of_a_usage_are_those_that_counting_one_by_one_finds(
    ranges: list[tuple[int, int]], count: int, wanted: int
) -> None:
    """The run is reckoned, never spelt out; here it is spelt out beside it."""
    declared = b"".join(
        item(forms.USAGE_MINIMUM, first, 2) + item(forms.USAGE_MAXIMUM, min(0xFFFF, first + more), 2)
        for first, more in ranges
    )
    body = item(forms.PAGE, 0x8C) + item(forms.SIZE, 1) + item(forms.COUNT, count) + declared + DATA
    (one,) = read_descriptor(body).fields
    spelt = [each for first, more in ranges for each in range(first, min(0xFFFF, first + more) + 1)]
    elements = (spelt + [spelt[-1]] * count)[:count]
    for number in (wanted, ranges[0][0], spelt[-1]):
        run = one.run_of(usage(0x8C, number))
        if run is None:
            assert number not in elements
        else:
            first, length = run
            assert elements[first : first + length] == [number] * length
            assert first == elements.index(number)


def test_the_usages_are_those_of_the_tables() -> None:
    assert (DECODED_DATA, DECODE_DATA_CONTINUED) == (0x008C00FE, 0x008C00FF)
