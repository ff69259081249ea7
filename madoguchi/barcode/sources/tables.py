"""The tables ``[[scanner]]`` of ``settings.toml``, made into scanners; a slip is refused with its key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from madoguchi.barcode.safe_text import is_control, is_hidden_mark
from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_keys import KeyLayout
from madoguchi.barcode.sources.framing import Frame, Terminator, is_affix
from madoguchi.barcode.sources.kinds import FRAME_KEYS, KINDS, LINE_KEYS, USB_KEYS
from madoguchi.barcode.sources.scanner import Scanner, Use
from madoguchi.barcode.sources.serial_source import (
    BAUDS,
    DATA_BITS,
    FLOWS,
    PARITIES,
    STOP_BITS,
    SerialLine,
)

T = TypeVar("T")
U = TypeVar("U")

LONGEST_NAME: Final = 20
_LONGEST_PATH: Final = 200
_LONGEST_REPORT: Final = 1024
_ALWAYS: Final = ("name", "read", "use")
_USB: Final = re.compile(r"([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})")


class BadScanner(ValueError):
    """A table names no scanner that could be read; the message says which, which key, and what is right."""


def scanners_of(tables: Iterable[object]) -> tuple[Scanner, ...]:
    """The scanners that the tables name, in their order.

    Raises:
        BadScanner: one of them is not right, or two of them would be one.
    """
    found: list[Scanner] = []
    for number, table in enumerate(tables, 1):
        try:
            scanner = _scanner(table)
            _apart(scanner, found)
        except BadScanner as error:
            raise BadScanner(f"number {number}: {error}") from error
        found.append(scanner)
    return tuple(found)


def table_text(scanner: Scanner) -> str:
    """The table of a scanner that was learned by its device, as ``scanners_of`` reads it."""
    said: dict[str, str] = {"name": scanner.name, "read": scanner.read, "use": scanner.use.value}
    said["device"] = scanner.device_name
    if scanner.vendor_id >= 0 and scanner.product_id >= 0:
        said["usb"] = f"{scanner.vendor_id:04x}:{scanner.product_id:04x}"
    said |= {"serial_number": scanner.serial_number, "port": scanner.port}
    # a text of JSON is one of TOML
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items() if value]
    return "\n".join(["[[scanner]]", *lines, ""])


def _apart(scanner: Scanner, others: Iterable[Scanner]) -> None:
    for other in others:
        if scanner.name == other.name:
            raise BadScanner(f"name: another scanner is called {scanner.name!r}")
        if scanner.place == other.place:
            raise BadScanner(f"read: nothing tells it from the scanner {other.name!r}")


def _scanner(table: object) -> Scanner:
    if not isinstance(table, Mapping):
        raise BadScanner(f"not a table like [[scanner]], but {table!r}")
    for key in ("name", "read"):
        if key not in table:
            raise BadScanner(f"{key}: is missing")
    read = _choice(table, "read", {name: name for name in KINDS}, "")
    kind = KINDS[read]
    for key in table:
        if key not in (*_ALWAYS, *kind.keys):
            known = ", ".join(sorted({*_ALWAYS, *kind.keys}))
            raise BadScanner(f"{key}: a scanner read by {read!r} has no such key, only {known}")
    if read == Source.WEDGE.value and "device" not in table and {*table} & (USB_KEYS | {"layout"}):
        raise BadScanner(
            "device: is missing; what else is said of a scanner that types is said of its device"
        )
    for key in sorted(kind.needed):
        if key not in table:
            raise BadScanner(f"{key}: is missing; a scanner read by {read!r} needs it")
    vendor_id, product_id = _usb(table)
    return Scanner(
        _words(table, "name", LONGEST_NAME),
        read,
        _choice(table, "use", {use.value: use for use in Use}, Use.ALL),
        _words(table, "port", _LONGEST_PATH) if "port" in table else "",
        vendor_id,
        product_id,
        _words(table, "serial_number", _LONGEST_PATH) if "serial_number" in table else "",
        _switch(table, "vendor_text"),
        _words(table, "device", _LONGEST_PATH) if "device" in table else "",
        _choice(table, "layout", {each.value: each for each in KeyLayout}, None),
        vendor_skip=_bytes_of_report(table, "vendor_skip"),
        vendor_room=_bytes_of_report(table, "vendor_room"),
        line=_line(table) if kind.keys & LINE_KEYS else SerialLine(),
        frame=_frame(table) if kind.keys & FRAME_KEYS else Frame(),
    )


def _line(table: Mapping[str, object]) -> SerialLine:
    usual = SerialLine()
    baud = table.get("baud", usual.baud)
    if not isinstance(baud, int) or isinstance(baud, bool) or baud not in BAUDS:
        raise BadScanner(f"baud: from {BAUDS.start} to {BAUDS.stop - 1}, not {baud!r}")
    return SerialLine(
        baud,
        _choice(table, "data_bits", {bits: bits for bits in DATA_BITS}, usual.data_bits),
        _choice(table, "parity", {parity: parity for parity in PARITIES}, usual.parity),
        _choice(table, "stop_bits", {bits: bits for bits in STOP_BITS}, usual.stop_bits),
        _choice(table, "flow", {flow: flow for flow in FLOWS}, usual.flow),
    )


def _frame(table: Mapping[str, object]) -> Frame:
    usual = Frame()
    return Frame(
        _choice(table, "terminator", {each.value: each for each in Terminator}, usual.terminator),
        _affix(table, "prefix"),
        _affix(table, "suffix"),
        _switch(table, "aim"),
    )


def _switch(table: Mapping[str, object], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise BadScanner(f"{key}: true or false, not {value!r}")
    return value


def _bytes_of_report(table: Mapping[str, object], key: str) -> int:
    value = table.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LONGEST_REPORT:
        raise BadScanner(f"{key}: from 0 to {_LONGEST_REPORT} bytes, not {value!r}")
    if value and not _switch(table, "vendor_text"):
        raise BadScanner(f"{key}: only with vendor_text = true")
    return value


def _affix(table: Mapping[str, object], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or not is_affix(value):
        raise BadScanner(f"{key}: up to 16 plain characters, without the one that ends a scan, not {value!r}")
    return value


def _usb(table: Mapping[str, object]) -> tuple[int, int]:
    if "usb" not in table:
        return -1, -1
    value = table["usb"]
    found = _USB.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise BadScanner(f"usb: vendor and product like '05e0:1200', not {value!r}")
    return int(found[1], 16), int(found[2], 16)


def is_name(text: str) -> bool:
    """Whether a scanner can be called so."""
    return _can_be_seen(text, LONGEST_NAME)


def _can_be_seen(text: str, longest: int) -> bool:
    hidden = any(is_control(each) or is_hidden_mark(each) for each in text)
    return bool(text.strip()) and len(text) <= longest and not hidden


def _words(table: Mapping[str, object], key: str, longest: int) -> str:
    value = table[key]
    if not isinstance(value, str) or not _can_be_seen(value, longest):
        raise BadScanner(f"{key}: a text of at most {longest} characters that can be seen, not {value!r}")
    return value


def _choice(table: Mapping[str, object], key: str, choices: Mapping[object, T], usual: U) -> T | U:
    value = table.get(key)
    if key not in table:
        return usual
    # True is 1 to a dictionary
    if isinstance(value, bool) or not isinstance(value, str | int) or value not in choices:
        raise BadScanner(f"{key}: one of {', '.join(map(str, choices))}, not {value!r}")
    return choices[value]
