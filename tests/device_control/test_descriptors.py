"""What a device says it is, and that no descriptors do any harm."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.device_control.descriptors import (
    MOST_BYTES,
    MOST_CONFIGURATIONS,
    MOST_INTERFACES,
    BadDescriptors,
    Described,
    parse,
)
from tests.device_control.devices import (
    HUB,
    KEYBOARD,
    MTP,
    POS,
    SERIAL,
    SERIAL_DATA,
    STORAGE,
    UAS,
    classes,
    configuration,
    described,
    interface,
    raw_of,
)


def test_a_keyboard_is_read() -> None:
    assert parse(raw_of([KEYBOARD])) == Described(0x046D, 0xC31C, 0, classes(KEYBOARD))


def test_interfaces_are_sorted_and_two_alike_count_twice() -> None:
    assert parse(raw_of([STORAGE, KEYBOARD, POS, KEYBOARD])).interfaces == classes(
        f"{POS},{KEYBOARD},{KEYBOARD},{STORAGE}"
    )


def test_nothing_hides_in_an_alternate_setting() -> None:
    raw = described(configuration(interface(0, KEYBOARD), interface(0, STORAGE, alternate=1)))
    assert parse(raw).interfaces == classes(f"{KEYBOARD},{STORAGE}")


def test_alternate_settings_that_differ_in_bandwidth_alone_count_once() -> None:
    settings = [interface(1, "0e:02:00", alternate) for alternate in range(12)]
    raw = described(configuration(interface(0, "0e:01:00"), *settings, interfaces=2))
    assert parse(raw).interfaces == classes("0e:01:00,0e:02:00")


def test_a_stick_of_both_protocols_says_both() -> None:
    raw = described(configuration(interface(0, STORAGE), interface(0, UAS, alternate=1)))
    assert parse(raw).interfaces == classes(f"{STORAGE},{UAS}")


def test_nothing_hides_in_another_configuration_nor_behind_a_wrong_count() -> None:
    second = configuration(interface(0, MTP))
    raw = described(configuration(interface(0, KEYBOARD), interface(7, STORAGE), interfaces=1), second)
    assert parse(raw).interfaces == classes(f"{KEYBOARD},{MTP},{STORAGE}")


def test_other_descriptors_are_passed_over_by_their_length() -> None:
    hid = bytes([9, 0x21, 0x11, 1, 0, 1, 0x22, 63, 0])
    # a maker's descriptor that has the bytes of an interface within it
    maker = bytes([11, 0xFF]) + interface(1, STORAGE)[:9]
    assert parse(described(configuration(interface(0, KEYBOARD), hid, maker))).interfaces == classes(KEYBOARD)


def test_a_device_with_no_interface_has_none() -> None:
    assert parse(described(configuration(interfaces=0))).interfaces == ()


@pytest.mark.parametrize(
    ("device_class", "kinds"), [(0x09, [HUB]), (0xEF, [KEYBOARD]), (0xFF, [POS]), (2, [SERIAL, SERIAL_DATA])]
)
def test_a_device_has_a_class_of_its_own(device_class: int, kinds: list[str]) -> None:
    assert parse(raw_of(kinds, device_class)).device_class == device_class


@pytest.mark.parametrize(("device_class", "own"), [(0x09, HUB), (0xE0, "e0:00:00"), (0x02, "02:00:00")])
def test_a_class_that_no_interface_has_is_one_more(device_class: int, own: str) -> None:
    assert parse(raw_of(["ff:00:00"], device_class)).interfaces == classes(f"{own},ff:00:00")
    assert parse(raw_of(["ff:00:00"])).interfaces == classes("ff:00:00")


def test_subclass_and_protocol_of_the_device_are_its_own() -> None:
    raw = bytearray(raw_of([KEYBOARD], 0xE0))
    raw[5:7] = 1, 2
    assert parse(bytes(raw)).interfaces == classes(f"{KEYBOARD},e0:01:02")


GOOD = raw_of([KEYBOARD, STORAGE])


def changed(at: int, value: int) -> bytes:
    return GOOD[:at] + bytes([value]) + GOOD[at + 1 :]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "shorter"),
        (GOOD[:17], "shorter"),
        (GOOD[:18], "missing"),
        (GOOD[:-1], "cut"),
        (GOOD + b"\0", "behind"),
        (GOOD + GOOD[18:], "behind"),
        (changed(0, 17), "begin with a device"),
        (changed(1, 2), "begin with a device"),
        (changed(17, 0), "1 to 8"),
        (changed(17, MOST_CONFIGURATIONS + 1), "1 to 8"),
        (changed(17, 2), "missing"),
        (changed(18, 8), "begin with its descriptor"),
        (changed(18, 255), "begin with its descriptor"),
        (changed(19, 4), "begin with its descriptor"),
        (changed(27, 0), "length is wrong"),
        (changed(27, 1), "length is wrong"),
        (changed(27, 255), "length is wrong"),
        (changed(27, 7), "too short"),
        (described(configuration(interface(0, KEYBOARD)[:8])), "length is wrong"),
        (described(configuration(bytes([8]) + interface(0, KEYBOARD)[1:8])), "too short"),
        (described(configuration(interface(0, KEYBOARD), b"\x02")), "head"),
        (described(configuration(configuration(interface(0, STORAGE)))), "within a configuration"),
        (described(configuration(described(configuration()))), "within a configuration"),
        (b"\0" * (MOST_BYTES + 1), "longer"),
    ],
)
def test_what_is_none_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(BadDescriptors, match=why):
        parse(raw)


def test_more_interfaces_than_any_device_needs_are_refused() -> None:
    most = [interface(number, KEYBOARD)[:9] for number in range(MOST_INTERFACES)]
    assert len(parse(described(configuration(*most))).interfaces) == MOST_INTERFACES
    with pytest.raises(BadDescriptors, match="more than"):
        parse(described(configuration(*most, interface(MOST_INTERFACES, KEYBOARD)[:9])))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        found = parse(raw)
    except BadDescriptors:
        return
    assert list(found.interfaces) == sorted(found.interfaces)


@given(st.data(), st.lists(st.sampled_from([KEYBOARD, STORAGE, POS, HUB]), max_size=6))
def test_any_slip_in_good_ones_is_read_or_refused(data: st.DataObject, kinds: list[str]) -> None:
    raw = bytearray(raw_of(kinds))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    for each in (bytes(raw), bytes(raw[:cut])):
        with suppress(BadDescriptors):
            assert len(parse(each).interfaces) <= MOST_INTERFACES + 1


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 31), st.integers(0, 3), st.sampled_from([KEYBOARD, STORAGE, MTP]))),
        min_size=1,
        max_size=MOST_CONFIGURATIONS,
    ).filter(lambda every: sum(map(len, every)) <= MOST_INTERFACES)
)
def test_every_interface_that_is_described_is_found(every: list[list[tuple[int, int, str]]]) -> None:
    raw = described(
        *(
            configuration(*(interface(number, kind, setting) for number, setting, kind in one))
            for one in every
        )
    )
    wanted = {(place, number, kind) for place, one in enumerate(every) for number, _, kind in one}
    assert [str(each) for each in parse(raw).interfaces] == sorted(kind for _, _, kind in wanted)
