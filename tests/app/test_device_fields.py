"""What is typed about USB devices: made into values, or each field that is wrong said at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.devices.fields import (
    DeviceProblem,
    disposal,
    group_of,
    minutes_of,
    new_device,
    reason_of,
    virus_check_of,
)
from madoguchi.app.devices.values import DeviceKind, Disposal, NewDevice
from madoguchi.device_control.policy import Policy, Rule, format_rules, parse_rules

TODAY = dt.date(2026, 5, 12)

STICK = {
    "kind": DeviceKind.STICK,
    "vendor_id_untrusted": "0951",
    "product_id_untrusted": "1666",
    "serial_untrusted": "60A44C413FAE",
    "interfaces_untrusted": ("08:06:50",),
    "label_untrusted": "貸出用　1号",
    "owner_untrusted": "総務課",
}


def test_a_device_as_the_agent_read_it() -> None:
    typed = STICK | {
        "vendor_id_untrusted": "0C2E",
        "interfaces_untrusted": ["08:06:62", "08:06:50", "08:06:50"],
        "label_untrusted": "  貸出用　1号 ",
    }
    assert new_device(**typed) == NewDevice(  # type: ignore[arg-type]
        DeviceKind.STICK,
        "0c2e",
        "1666",
        "60A44C413FAE",
        ("08:06:50", "08:06:50", "08:06:62"),
        "貸出用　1号",
        "総務課",
    )


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"serial_untrusted": ""}, {"serial": DeviceProblem.NO_SERIAL}),
        ({"serial_untrusted": 'a"b'}, {"serial": DeviceProblem.NOT_PLAIN}),
        ({"serial_untrusted": "a\\b"}, {"serial": DeviceProblem.NOT_PLAIN}),
        ({"serial_untrusted": "a\u202eb"}, {"serial": DeviceProblem.NOT_PLAIN}),
        ({"serial_untrusted": " a"}, {"serial": DeviceProblem.NOT_PLAIN}),
        ({"serial_untrusted": "a" * 101}, {"serial": DeviceProblem.TOO_LONG}),
        ({"vendor_id_untrusted": "951"}, {"usb_id": DeviceProblem.UNREADABLE}),
        ({"product_id_untrusted": "１666"}, {"usb_id": DeviceProblem.UNREADABLE}),
        ({"interfaces_untrusted": ()}, {"interfaces": DeviceProblem.UNREADABLE}),
        ({"interfaces_untrusted": ("08:06",)}, {"interfaces": DeviceProblem.UNREADABLE}),
        ({"interfaces_untrusted": ("08:06:50",) * 65}, {"interfaces": DeviceProblem.UNREADABLE}),
        (
            {"label_untrusted": " ", "owner_untrusted": "x" * 101},
            {"label": DeviceProblem.NEEDED, "owner": DeviceProblem.TOO_LONG},
        ),
        ({"label_untrusted": 'の"札"'}, {"label": DeviceProblem.NOT_PLAIN}),
        ({"owner_untrusted": "総務課\n佐藤"}, {"owner": DeviceProblem.NOT_PLAIN}),
    ],
)
def test_what_is_wrong_with_a_device(changes: dict[str, Any], problems: dict[str, DeviceProblem]) -> None:
    assert new_device(**(STICK | changes)) == problems


def test_a_scanner_may_have_no_serial_number() -> None:
    made = new_device(**(STICK | {"kind": DeviceKind.SCANNER, "serial_untrusted": ""}))  # type: ignore[arg-type]
    assert isinstance(made, NewDevice)
    assert made.serial == ""


@given(st.text(max_size=110), st.text(max_size=70))
def test_whatever_is_enrolled_can_stand_in_a_rule(serial: str, label: str) -> None:
    made = new_device(  # type: ignore[misc]
        **(STICK | {"kind": DeviceKind.OTHER, "serial_untrusted": serial, "label_untrusted": label})
    )
    if isinstance(made, NewDevice):
        rule = Rule(True, made.label, "台帳", 0x0951, 0x1666, made.serial or None, interfaces=())
        line = format_rules(Policy((rule,))).replace("interfaces ", "interfaces 08:06:50")
        (read,) = parse_rules(line).rules
        assert (read.label, read.serial) == (made.label, made.serial or None)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2026-05-12", dt.date(2026, 5, 12)),
        ("2025/12/1", dt.date(2025, 12, 1)),
        ("２０２６０５１１", dt.date(2026, 5, 11)),
        # without a year it is the last one there was
        ("0512", dt.date(2026, 5, 12)),
        ("5/13", dt.date(2025, 5, 13)),
        ("12/31", dt.date(2025, 12, 31)),
        ("2026-05-13", DeviceProblem.TO_COME),
        ("13/32", DeviceProblem.NOT_A_DAY),
        ("昨日", DeviceProblem.NOT_A_DAY),
        (" ", DeviceProblem.NEEDED),
    ],
)
def test_the_day_of_a_disposal(typed: str, found: object) -> None:
    made = disposal(on_untrusted=typed, what_untrusted="破砕", person_untrusted="佐藤", today=TODAY)
    if isinstance(found, dt.date):
        assert made == Disposal(found, "破砕", "佐藤")
    else:
        assert made == {"on": found}


def test_a_disposal_says_what_and_who() -> None:
    made = disposal(on_untrusted="", what_untrusted="x" * 501, person_untrusted="\t", today=TODAY)
    assert made == {
        "on": DeviceProblem.NEEDED,
        "what": DeviceProblem.TOO_LONG,
        "person": DeviceProblem.NEEDED,
    }


def test_a_reason_is_a_line() -> None:
    assert reason_of(" 市史の原稿を　移すため ") == "市史の原稿を　移すため"
    assert reason_of("　 ") is DeviceProblem.NEEDED
    assert reason_of("x" * 201) is DeviceProblem.TOO_LONG
    assert reason_of("a\nb") is DeviceProblem.NOT_PLAIN


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("15", 15),
        ("１５", 15),
        (" 60 ", 60),
        ("1", 1),
        ("0", DeviceProblem.MINUTES),
        ("61", DeviceProblem.MINUTES),
        ("1e1", DeviceProblem.MINUTES),
        ("-5", DeviceProblem.MINUTES),
        ("٣", DeviceProblem.MINUTES),
        ("9" * 5000, DeviceProblem.MINUTES),
        ("", DeviceProblem.NEEDED),
    ],
)
def test_minutes(typed: str, found: object) -> None:
    assert minutes_of(typed) == found


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "/usr/bin/clamdscan {file}",
        [],
        ["/usr/bin/clamdscan"],
        ["clamdscan", "{file}"],
        ["{file}", "{file}"],
        ["/usr/bin/clamdscan", "file"],
        ["/usr/bin/clamdscan", "{file}", 7],
        ["/usr/bin/clamdscan", "{file}", ""],
        ["/usr/bin/clamdscan", "{file}\n"],
        ["/usr/bin/clamdscan", "{file}", "x" * 201],
        ["/usr/bin/clamdscan", *["{file}"] * 20],
        {"/usr/bin/clamdscan": "{file}"},
    ],
)
def test_what_is_no_virus_check(value: object) -> None:
    with pytest.raises(ValueError, match="whole path"):
        virus_check_of(value)


def test_a_virus_check_and_a_group() -> None:
    assert virus_check_of(["/bin/a", "--in={file}"]) == ("/bin/a", "--in={file}")
    assert group_of(None) == "counters"
    assert group_of("back-office-2") == "back-office-2"
    for value in ("", "Counters", "a b", "x" * 31, 7, ["counters"]):
        with pytest.raises(ValueError, match="hyphens"):
            group_of(value)
