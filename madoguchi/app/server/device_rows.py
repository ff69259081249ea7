"""Rows of the server's functions about USB devices, read into values."""

from __future__ import annotations

import datetime as dt
from typing import Any

from madoguchi.app.devices.values import (
    AgentSeen,
    DeviceKind,
    ExceptionState,
    HowEnded,
    KeptPolicy,
    KeptRecord,
    RecordTrouble,
    RegisteredDevice,
    UsbException,
    UsbReport,
    Verdict,
)
from madoguchi.device_control.device import is_plain

Row = dict[str, Any]


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _moment_or_none(text: str | None) -> dt.datetime | None:
    return None if text is None else _moment(text)


def _one_line(text_untrusted: str) -> str:
    """The text, with a mark in place of each character that nobody sees: what is approved is read as it is.

    The server takes none such; whoever else wrote the row is not asked here.
    """
    return "".join(each if is_plain(each) else "\N{REPLACEMENT CHARACTER}" for each in text_untrusted)


def registered_device(row: Row) -> RegisteredDevice:
    """A row of the register."""
    day = row["disposed_on"]
    return RegisteredDevice(
        number=row["number"],
        kind=DeviceKind(row["kind"]),
        vendor_id=row["vendor_id"],
        product_id=row["product_id"],
        serial=row["serial"],
        interfaces=tuple(row["interfaces"].split(",")),
        label=row["label"],
        owner=row["owner"],
        enrolled_at=_moment(row["enrolled_at"]),
        enrolled_by=row["enrolled_by"],
        lent_to=row["lent_to"] or "",
        lent_at=_moment_or_none(row["lent_at"]),
        returned_at=_moment_or_none(row["returned_at"]),
        disposed_on=None if day is None else dt.date.fromisoformat(day),
        disposed_what=row["disposed_what"] or "",
        disposed_by=row["disposed_by"] or "",
        disposal_noted_by=row["disposal_noted_by"] or "",
    )


def usb_exception(row: Row) -> UsbException:
    """A row of the exceptions."""
    return UsbException(
        number=row["number"],
        state=ExceptionState(row["state"]),
        terminal=row["terminal"],
        device_number=row["device_number"],
        device_label=row["device_label"],
        device_owner=row["device_owner"],
        usb_id=row["usb_id"],
        serial=row["serial"],
        login=row["login"],
        name=row["name"],
        reason=_one_line(row["reason"]),
        minutes=row["minutes"],
        asked_at=_moment(row["asked_at"]),
        left_seconds=row["left_seconds"],
        decided_by=row["decided_by"] or "",
        decided_at=_moment_or_none(row["decided_at"]),
        begun_at=_moment_or_none(row["begun_at"]),
        ended_at=_moment_or_none(row["ended_at"]),
        how_ended=None if row["how_ended"] is None else HowEnded(row["how_ended"]),
        verdicts=tuple(Verdict(word) for word in row["verdicts"]),
        files=row["files"],
        bytes=row["bytes"],
    )


def kept_policy(row: Row) -> KeptPolicy:
    """A row of the policies."""
    return KeptPolicy(row["group"], row["version"], row["text"], _moment(row["put_at"]), row["put_by"])


def agent_seen(row: Row) -> AgentSeen:
    """A row of the agents."""
    return AgentSeen(
        terminal=row["terminal"],
        branch=row["branch"],
        group=row["group"],
        has_key=row["has_key"],
        heard_at=_moment_or_none(row["heard_at"]),
        last_seq=row["last_seq"],
        policy_version=row["policy_version"],
        newest_version=row["newest_version"],
        is_protected=row["is_protected"],
        is_silent=row["is_silent"],
        trouble=None if row["trouble"] is None else RecordTrouble(row["trouble"]),
    )


def kept_record(row: Row) -> KeptRecord:
    """A row of the agents' records."""
    return KeptRecord(
        row["terminal"], row["seq"], _moment(row["at"]), row["what"], row["said"] or {}, row["place"]
    )


def usb_report(answer: Row) -> UsbReport:
    """A month's report."""
    return UsbReport(
        first=dt.date.fromisoformat(answer["first"]),
        exceptions=tuple(map(usb_exception, answer["exceptions"])),
        enrolled=tuple(map(registered_device, answer["enrolled"])),
        disposed=tuple(map(registered_device, answer["disposed"])),
        lent=tuple(map(registered_device, answer["lent"])),
        happened=answer["happened"],
        silent_terminals=tuple(answer["silent_terminals"]),
    )
