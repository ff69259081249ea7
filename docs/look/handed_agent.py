"""What an agent and the server could say of USB devices, made up: for `central_states.py`.

`tests/counter/test_usb_state.py` and `test_usb_exceptions.py` show the same window with a real agent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from madoguchi.app.devices.values import DeviceKind, PolicyOfTerminal, RegisteredDevice
from madoguchi.device_control.channel import AgentState, DeviceSeen
from madoguchi.device_control.decide import Why
from madoguchi.device_control.device import InterfaceClass

GROUP, TERMINAL, VERSION = "counters", "総合 1番窓口", 12
_KEYBOARD = DeviceSeen(
    "a1", "1-1", 0x046D, 0xC31C, "", "Logitech", "USB Keyboard", (InterfaceClass(3, 1, 1),),
    True, False, "窓口のキーボード", Why.RULE, "0" * 64,
)  # fmt: skip
_SCANNER = DeviceSeen(
    "a2", "1-2", 0x05E0, 0x1200, "S/N:1743", "Symbol", "Bar Code Scanner", (InterfaceClass(3, 0, 0),),
    True, False, "バーコードスキャナ", Why.RULE, "0" * 64,
)  # fmt: skip
_STICK = DeviceSeen(
    "a3", "1-4", 0x0951, 0x1666, "E0D55EA574AF", "Kingston", "DataTraveler 3.0",
    (InterfaceClass(8, 6, 0x50),), False, False, "", Why.NO_RULE, "0" * 64,
)  # fmt: skip


class HandedAgent:
    """Answers as ``AgentClient`` does; a stick can be plugged in and pulled out."""

    def __init__(self) -> None:
        self._devices = [_KEYBOARD, _SCANNER]
        self._told: Callable[[str, dict[str, Any]], None] | None = None

    def open(self, told: Callable[[str, dict[str, Any]], None], gone: Callable[[], None]) -> HandedAgent:
        """Connects."""
        del gone
        self._told = told
        return self

    def plug(self, plugged: bool) -> None:
        """The stick is there, or is not."""
        self._devices = [_KEYBOARD, _SCANNER, *([_STICK] if plugged else [])]
        if self._told is not None:
            self._told("devices", self.ask("devices"))

    def ask(self, ask: str, **fields: object) -> dict[str, Any]:
        """Answers."""
        del fields
        match ask:
            case "state":
                return AgentState(True, (), GROUP, TERMINAL, VERSION, 0).to_message()
            case "devices":
                return {"devices": [device.to_message() for device in self._devices]}
            case "ask_lease":
                return {"challenge": "", "mac": ""}
        return {"records": []}

    def close(self) -> None:
        """Nothing to do."""


class HandedDevices:
    """Answers as ``CentralDevices`` does."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now

    def read_policy(self) -> PolicyOfTerminal:
        """The one that the agent has."""
        return PolicyOfTerminal(GROUP, VERSION, "")

    def ask_exception(self, challenge: str, mac: str, reason: str) -> int:
        """It is asked for."""
        del challenge, mac, reason
        return 7

    def refuse_exception(self, number: int) -> None:
        """It is taken back."""

    def list_devices(self) -> tuple[RegisteredDevice, ...]:
        """One in each state."""
        before = self._now - dt.timedelta(days=40)

        def one(number: int, kind: DeviceKind, label: str, owner: str, **more: Any) -> RegisteredDevice:
            ids = ("05e0", "1200") if kind is DeviceKind.SCANNER else ("0951", "1666")
            serial = f"E0D55EA574A{number}"
            classes = ("03:00:00",) if kind is DeviceKind.SCANNER else ("08:06:50",)
            return RegisteredDevice(number, kind, *ids, serial, classes, label, owner, before, "joho", **more)

        return (
            one(
                1, DeviceKind.STICK, "移行用 1号", "総務課",
                lent_to="郷土資料係", lent_at=self._now - dt.timedelta(hours=1),
            ),
            one(2, DeviceKind.STICK, "移行用 2号", "総務課"),
            one(3, DeviceKind.SCANNER, "スキャナ 総合1", "総合市民図書館"),
            one(
                4, DeviceKind.STICK, "移行用 旧1号", "総務課", disposed_on=dt.date(2026, 4, 30),
                disposed_what="移行の済んだ原稿。上書き消去のうえ破砕", disposed_by="情報 守",
                disposal_noted_by="joho",
            ),
        )  # fmt: skip
