"""Reads a HID report descriptor: what a USB scanner says about the bytes that it sends. Pure: no USB, no Qt.

Sources: "Device Class Definition for Human Interface Devices (HID)", version 1.11, sections 5.4 to 5.8 and
6.2.2 (items, state, reports); "HID Point of Sale Usage Tables", version 1.02, section 3 (page 0x8C, bar code
scanner; "HID Usage Tables" has the same table, and the Generic Desktop page with 0x3B, byte count).

A descriptor comes from whatever was plugged in, so it is hostile until read. Every item moves the reading
on, nothing is expanded by a number that the device chose, and whatever goes beyond what a scanner can need is
refused with `DescriptorError`. The bounds are those of Linux (`include/linux/hid.h`) or tighter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

MAX_BYTES: Final = 4096
"""The longest descriptor that is read."""
MAX_REPORT_BYTES: Final = 4096
"""The longest report that is believed, its number included."""

_MAX_FIELDS: Final = 1024
_MAX_DEPTH: Final = 32
_MAX_PUSHED: Final = 8
_MAX_ELEMENT_BITS: Final = 256
_MAX_USAGES: Final = 1024

_BYTE: Final = 8


class DescriptorError(ValueError):
    """This is no report descriptor, or not one that a scanner can have; the message says why."""


class Kind(Enum):
    """Which way a report goes; the value is the tag of its main item."""

    INPUT = 0x8
    OUTPUT = 0x9
    FEATURE = 0xB


def usage(page: int, number: int) -> int:
    """A usage with its page, as the 32 bits of an extended usage (HID 1.11, 6.2.2.8)."""
    return page << 16 | number


@dataclass(frozen=True, slots=True)
class Field:
    """What one main item declares: a run of elements of one size.

    Attributes:
        kind: which way it goes.
        report_id: the number of its report; 0: reports have no numbers.
        bit: where it begins, counted from the report's first byte, its number included.
        element_bits: how long each element is.
        count: how many there are.
        is_data: it says something; False: it is padding (constant).
        is_variable: each element has a usage of its own; False: it is an array of usages.
        usages: first and last of each range that was declared, pages included.
        application: the usage of the outermost collection, page included; 0: it stands in none.
    """

    kind: Kind
    report_id: int
    bit: int
    element_bits: int
    count: int
    is_data: bool
    is_variable: bool
    usages: tuple[tuple[int, int], ...]
    application: int

    def run_of(self, wanted: int) -> tuple[int, int] | None:
        """The place and number of the elements of a usage; None: there is none.

        The last usage that is declared goes on for all elements that are left (HID 1.11, 6.2.2.8).
        """
        if not (self.is_data and self.is_variable):
            return None
        place = 0
        for number, (first, last) in enumerate(self.usages):
            is_last = number == len(self.usages) - 1
            if first <= wanted <= last:
                place += wanted - first
                length = self.count - place if is_last and wanted == last else 1
                return (place, length) if place < self.count else None
            place += last - first + 1
        return None


@dataclass(frozen=True, slots=True)
class ReportMap:
    """Everything that a descriptor declares.

    Attributes:
        fields: in the order in which they are declared.
        is_numbered: each report begins with a byte that is its number.
    """

    fields: tuple[Field, ...]
    is_numbered: bool

    def lengths(self, kind: Kind) -> dict[int, int]:
        """How many bytes each report of a kind has, its number included, by its number."""
        bits: dict[int, int] = {}
        for each in self.fields:
            if each.kind is kind:
                end = each.bit + each.element_bits * each.count
                bits[each.report_id] = max(end, bits.get(each.report_id, 0))
        return {number: (end + _BYTE - 1) // _BYTE for number, end in bits.items()}


def read_descriptor(descriptor: bytes) -> ReportMap:
    """Reads a report descriptor. Raises `DescriptorError`, and nothing else, for whatever is none."""
    if len(descriptor) > MAX_BYTES:
        raise DescriptorError(f"longer than {MAX_BYTES} bytes")
    reader = _Reader()
    for item in _items(descriptor):
        reader.take(*item)
    return reader.finish()


# Items (HID 1.11, 6.2.2.2 and 6.2.2.3): a prefix of tag, type and size, and the data. ----------------------

_LONG: Final = 0xFE
_MAIN, _GLOBAL, _LOCAL = 0, 1, 2
_SIZES: Final = (0, 1, 2, 4)


def _items(descriptor: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Type, tag and data of each item. Long items are none that the class defines: they are passed over."""
    at = 0
    while at < len(descriptor):
        prefix = descriptor[at]
        if prefix == _LONG:
            size = descriptor[at + 1] if at + 1 < len(descriptor) else 0
            begins = at + 3
        else:
            size, begins = _SIZES[prefix & 0x3], at + 1
        if begins + size > len(descriptor):
            raise DescriptorError("cut within an item")
        if prefix != _LONG:
            yield prefix >> 2 & 0x3, prefix >> 4, descriptor[begins : begins + size]
        at = begins + size


@dataclass(frozen=True, slots=True)
class _Globals:
    page: int = 0
    element_bits: int = 0
    count: int = 0
    report_id: int = 0


@dataclass(slots=True)
class _Locals:
    """What holds for the next main item alone. Usages of two bytes get their page when it comes."""

    usages: list[tuple[int, int, bool]] = field(default_factory=list)
    minimum: tuple[int, bool] | None = None
    maximum: tuple[int, bool] | None = None
    in_set: bool = False
    in_set_already: bool = False


class _Reader:
    """The state of the reading (HID 1.11, 5.4)."""

    def __init__(self) -> None:
        self._fields: list[Field] = []
        self._globals = _Globals()
        self._pushed: list[_Globals] = []
        self._locals = _Locals()
        self._collections: list[int] = []
        self._bits: dict[tuple[Kind, int], int] = {}

    def take(self, kind: int, tag: int, data: bytes) -> None:
        if kind == _MAIN:
            self._main(tag, data)
        elif kind == _GLOBAL:
            self._global(tag, data)
        elif kind == _LOCAL:
            self._local(tag, data)

    def finish(self) -> ReportMap:
        if self._collections:
            raise DescriptorError("a collection is not closed")
        numbers = {each.report_id for each in self._fields}
        is_numbered = numbers not in ({0}, set())
        if is_numbered and 0 in numbers:
            raise DescriptorError("some reports have a number and some have none")
        return ReportMap(tuple(self._fields), is_numbered)

    def _main(self, tag: int, data: bytes) -> None:
        usages = self._declared()
        if tag == 0xA:
            if len(self._collections) == _MAX_DEPTH:
                raise DescriptorError(f"more than {_MAX_DEPTH} collections within each other")
            self._collections.append(usages[0][0] if usages else 0)
        elif tag == 0xC:
            if not self._collections:
                raise DescriptorError("a collection is closed that is not open")
            self._collections.pop()
        elif tag in (each.value for each in Kind):
            self._declare(Kind(tag), int.from_bytes(data, "little"), usages)
        self._locals = _Locals()

    def _declare(self, kind: Kind, flags: int, usages: tuple[tuple[int, int], ...]) -> None:
        now = self._globals
        if len(self._fields) == _MAX_FIELDS:
            raise DescriptorError(f"more than {_MAX_FIELDS} fields")
        begins = self._bits.get((kind, now.report_id), _BYTE if now.report_id else 0)
        ends = begins + now.element_bits * now.count
        if ends > MAX_REPORT_BYTES * _BYTE:
            raise DescriptorError(f"a report longer than {MAX_REPORT_BYTES} bytes")
        self._bits[kind, now.report_id] = ends
        self._fields.append(
            Field(
                kind,
                now.report_id,
                begins,
                now.element_bits,
                now.count,
                not flags & 0x1,
                bool(flags & 0x2),
                usages,
                self._collections[0] if self._collections else 0,
            )
        )

    def _global(self, tag: int, data: bytes) -> None:
        number = int.from_bytes(data, "little")
        if tag == 0x0:
            if number > 0xFFFF:
                raise DescriptorError("a usage page of more than two bytes")
            self._globals = replace(self._globals, page=number)
        elif tag == 0x7:
            if number > _MAX_ELEMENT_BITS:
                raise DescriptorError(f"an element of more than {_MAX_ELEMENT_BITS} bits")
            self._globals = replace(self._globals, element_bits=number)
        elif tag == 0x8:
            if not 1 <= number <= 0xFF:
                raise DescriptorError("a report's number is 1 to 255")
            self._globals = replace(self._globals, report_id=number)
        elif tag == 0x9:
            if number > MAX_REPORT_BYTES * _BYTE:
                raise DescriptorError("more elements than a report can have")
            self._globals = replace(self._globals, count=number)
        elif tag == 0xA:
            if len(self._pushed) == _MAX_PUSHED:
                raise DescriptorError("more is put aside than a scanner needs")
            self._pushed.append(self._globals)
        elif tag == 0xB:
            if not self._pushed:
                raise DescriptorError("nothing was put aside that could be taken back")
            self._globals = self._pushed.pop()

    def _local(self, tag: int, data: bytes) -> None:
        number, has_page = int.from_bytes(data, "little"), len(data) == 4
        state = self._locals
        if tag == 0x0:
            # Of a set of usages that mean the same the first is the one to be used (HID 1.11, 6.2.2.8).
            if not (state.in_set and state.in_set_already):
                self._add(number, number, has_page)
            state.in_set_already = state.in_set
        elif tag == 0x1:
            state.minimum = (number, has_page)
        elif tag == 0x2:
            state.maximum = (number, has_page)
        elif tag == 0xA:
            opens = bool(number)
            if opens == state.in_set:
                raise DescriptorError("sets of usages do not stand within each other")
            state.in_set, state.in_set_already = opens, False
        if state.minimum is not None and state.maximum is not None:
            (first, first_has), (last, last_has) = state.minimum, state.maximum
            if first > last or first_has != last_has or first >> 16 != last >> 16:
                raise DescriptorError("a range of usages that ends before it begins")
            state.minimum = state.maximum = None
            self._add(first, last, first_has)

    def _add(self, first: int, last: int, has_page: bool) -> None:
        if len(self._locals.usages) == _MAX_USAGES:
            raise DescriptorError(f"more than {_MAX_USAGES} usages for one field")
        self._locals.usages.append((first, last, has_page))

    def _declared(self) -> tuple[tuple[int, int], ...]:
        """The usages of the main item that has just come, with the page that holds now."""
        state = self._locals
        if state.in_set or state.minimum is not None or state.maximum is not None:
            raise DescriptorError("a set or a range of usages is left open")
        page = self._globals.page
        return tuple(
            (first, last) if has_page else (usage(page, first), usage(page, last))
            for first, last, has_page in state.usages
        )
