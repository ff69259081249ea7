"""What is typed about USB devices, made into values; or every field that is wrong, at once. Pure.

The server checks all of it again.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from madoguchi.app.devices.values import DeviceKind, Disposal, NewDevice
from madoguchi.app.office.checks import day_of, tidy
from madoguchi.device_control.device import is_plain

LONGEST_LABEL: Final = 60
LONGEST_PERSON: Final = 100
LONGEST_REASON: Final = 200
LONGEST_WHAT: Final = 500
LONGEST_SERIAL: Final = 100
MINUTES: Final = range(1, 61)
"""For how long a stick may be opened."""
GROUP: Final = re.compile(r"[a-z0-9-]{1,30}")
"""The name of a group of terminals."""
DEFAULT_GROUP: Final = "counters"
FILE_ARGUMENT: Final = "{file}"
"""Stands for the file in the arguments of the virus check."""
_MOST_ARGUMENTS: Final = 20
_LONGEST_ARGUMENT: Final = 200
_FOUR_HEX: Final = re.compile(r"[0-9a-f]{4}")
_INTERFACE: Final = re.compile(r"[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}", re.IGNORECASE)
_MOST_INTERFACES: Final = 64


class DeviceProblem(StrEnum):
    """What is wrong with a field; each has its sentence."""

    NEEDED = "needed"
    TOO_LONG = "too_long"
    NOT_PLAIN = "not_plain"
    """It holds what nobody sees, a quotation mark or a backslash."""
    NO_SERIAL = "no_serial"
    UNREADABLE = "unreadable"
    """Not as an agent writes it."""
    MINUTES = "minutes"
    NOT_A_DAY = "not_a_day"
    TO_COME = "to_come"
    """A day that is not yet."""


Problems = dict[str, DeviceProblem]
"""By the name of the field."""


def one_line(text_untrusted: str, longest: int) -> str | DeviceProblem:
    """A line of text that must be there, without space around it."""
    text = unicodedata.normalize("NFC", text_untrusted).strip()
    if not text:
        return DeviceProblem.NEEDED
    if len(text) > longest:
        return DeviceProblem.TOO_LONG
    return text if is_plain(text) else DeviceProblem.NOT_PLAIN


def new_device(
    *,
    kind: DeviceKind,
    vendor_id_untrusted: str,
    product_id_untrusted: str,
    serial_untrusted: str,
    interfaces_untrusted: Iterable[str],
    label_untrusted: str,
    owner_untrusted: str,
) -> NewDevice | Problems:
    """The device to enrol: what the agent read of it, and the label and owner that were typed.

    A rule can name a serial number and a label, so neither may hold a quotation mark or a backslash (0036).
    """
    problems: Problems = {}
    vendor, product = vendor_id_untrusted.lower(), product_id_untrusted.lower()
    if not (_FOUR_HEX.fullmatch(vendor) and _FOUR_HEX.fullmatch(product)):
        problems["usb_id"] = DeviceProblem.UNREADABLE
    interfaces = tuple(sorted(found.lower() for found in interfaces_untrusted))
    if not 1 <= len(interfaces) <= _MOST_INTERFACES or not all(map(_INTERFACE.fullmatch, interfaces)):
        problems["interfaces"] = DeviceProblem.UNREADABLE
    if serial_untrusted:
        if len(serial_untrusted) > LONGEST_SERIAL:
            problems["serial"] = DeviceProblem.TOO_LONG
        elif not _is_quotable(serial_untrusted) or serial_untrusted != serial_untrusted.strip():
            problems["serial"] = DeviceProblem.NOT_PLAIN
    elif kind is DeviceKind.STICK:
        problems["serial"] = DeviceProblem.NO_SERIAL
    label, owner = one_line(label_untrusted, LONGEST_LABEL), one_line(owner_untrusted, LONGEST_PERSON)
    if isinstance(label, DeviceProblem):
        problems["label"] = label
    elif not _is_quotable(label):
        problems["label"] = DeviceProblem.NOT_PLAIN
    if isinstance(owner, DeviceProblem):
        problems["owner"] = owner
    if problems:
        return problems
    return NewDevice(kind, vendor, product, serial_untrusted, interfaces, str(label), str(owner))


def _is_quotable(text: str) -> bool:
    return is_plain(text) and '"' not in text and "\\" not in text


def disposal(
    *, on_untrusted: str, what_untrusted: str, person_untrusted: str, today: dt.date
) -> Disposal | Problems:
    """How a device was disposed of, as it was typed; the day is not one to come."""
    problems: Problems = {}
    # a day without a year is one of the past here, and that of an office's is of the future
    typed = tidy(on_untrusted)
    day = day_of(typed, today - dt.timedelta(days=364)) if typed else None
    if day is None:
        problems["on"] = DeviceProblem.NOT_A_DAY if typed else DeviceProblem.NEEDED
    elif day > today:
        problems["on"] = DeviceProblem.TO_COME
    what, person = one_line(what_untrusted, LONGEST_WHAT), one_line(person_untrusted, LONGEST_PERSON)
    for name, found in (("what", what), ("person", person)):
        if isinstance(found, DeviceProblem):
            problems[name] = found
    if problems or day is None:
        return problems
    return Disposal(day, str(what), str(person))


def reason_of(text_untrusted: str) -> str | DeviceProblem:
    """Why an exception is asked for."""
    return one_line(text_untrusted, LONGEST_REASON)


def minutes_of(text_untrusted: str) -> int | DeviceProblem:
    """For how many minutes an exception is asked for."""
    text = tidy(text_untrusted)
    if not text:
        return DeviceProblem.NEEDED
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0
    return number if number in MINUTES else DeviceProblem.MINUTES


def virus_check_of(value: object) -> tuple[str, ...]:
    """The command that checks a file, as a list of its arguments: no shell reads it.

    The first is the program's whole path: which program runs is not to hang on a search path. One of the
    others holds ``{file}``.

    Raises:
        ValueError: it is no such list; the sentence says what one is.
    """
    sentence = (
        f"a list of 2 to {_MOST_ARGUMENTS} texts:"
        f" the program's whole path, and {FILE_ARGUMENT} in one of the rest"
    )
    if not isinstance(value, Sequence) or isinstance(value, str) or not 2 <= len(value) <= _MOST_ARGUMENTS:
        raise ValueError(sentence)
    found = tuple(argument for argument in value if isinstance(argument, str))
    if (
        len(found) != len(value)
        or not all(
            argument and len(argument) <= _LONGEST_ARGUMENT and argument.isprintable() for argument in found
        )
        or not found[0].startswith("/")
        or not any(FILE_ARGUMENT in argument for argument in found[1:])
    ):
        raise ValueError(sentence)
    return found


def group_of(value: object) -> str:
    """The group a terminal is of, as its setting ``usb_group`` says; where it says none, the usual one.

    Raises:
        ValueError: no name of a group.
    """
    if value is None:
        return DEFAULT_GROUP
    if not isinstance(value, str) or not GROUP.fullmatch(value):
        raise ValueError("small letters, digits and hyphens, at most 30")
    return value
