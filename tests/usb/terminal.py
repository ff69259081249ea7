"""A terminal with the agent on it, in the virtual machine: installed as administrators do, and watched."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import secrets
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Final, Self

from madoguchi.device_control import sealed, signed
from tests.usb import installed
from tests.usb.channel import ANSWER_SECONDS, GuestError, MachineError
from tests.usb.guest_files import CLERK
from tests.usb.image import Image
from tests.usb.inside.arriving import RULES, Kind
from tests.usb.machine import VirtualMachine
from tests.usb.monitor import MonitorError
from tests.usb.watched import CODE, Event, Watched, Window

COLD: Final = "COLD1"
"""The serial number of the stick that is plugged in before the terminal is switched on."""

FLOOR: Final = "usbcore.authorized_default=0"
_BOOT: Final = "systemd.unit=multi-user.target systemd.mask=serial-getty@ttyS0.service"
_GONE_SECONDS: Final = 300.0
_POLL_SECONDS: Final = 0.1


class Terminal:
    """Switched on with a stick in it, before there is an agent; then it gets one.

    Args:
        arguments: of the kernel.
        plugged: kinds of other devices (`VirtualMachine.plug`) that are there from the beginning.

    Attributes:
        name: what the server calls it.
        key: what the agent and the server know.
        opened_at_boot: interfaces and disks that the kernel made while there was no agent.
        records: all that have been collected from the agent, in order.
    """

    def __init__(self, image: Image, arguments: str = FLOOR, plugged: Iterable[str] = ()) -> None:
        self.name = installed.TERMINAL
        self.key = secrets.token_bytes(sealed.KEY_BYTES)
        self.records: list[Event] = []
        self._last_mac = sealed.BEFORE_FIRST
        self._signing = signed.new_key()
        self._version = 0
        self._gadgets: list[str] = []
        self._emulated: list[str] = []

        def before(machine: VirtualMachine) -> None:
            machine.plug("storage", "cold", serial=COLD)
            for kind in plugged:
                machine.plug(kind, f"cold-{kind}")

        self.machine = VirtualMachine(
            image, kernel_arguments=f"{arguments} {_BOOT}", fresh=True, added=installed.files(), before=before
        )
        try:
            self.watch = Watched(self.machine)
            self.opened_at_boot = self.machine.sh(
                "ldconfig; cd /sys/bus/usb/devices; ls -d [0-9]*-[1-9]*:* /sys/block/sd* 2>/dev/null || true"
            ).split()
            installed.install(self.machine, self.key, signed.public_text(self._signing.public_key()))
            self.administrator = Window(self.machine, "root")
            self.give(RULES)
        except BaseException:
            self.machine.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Switch it off."""
        with contextlib.suppress(GuestError, MachineError):
            self.watch.close()
        self.machine.close()

    # -- what the administrator does ------------------------------------------------------------------------

    def sign(self, rules: str, *, version: int = 0, group: str = installed.GROUP) -> str:
        """A policy as text, of the next version if none is given."""
        if not version:
            self._version += 1
        return signed.sign(group, version or self._version, rules, self._signing)

    def give(self, rules: str) -> None:
        """Have the agent take rules, as its next policy."""
        answer = self.administrator.ask("policy", text=self.sign(rules))
        assert answer.get("version") == self._version, answer

    def back(self, since: int) -> None:
        """Wait for the agent that was started anew since, and talk to that one."""
        self.watch.wait(since, lambda event: "hello" in event.get("agent", {}), "the agent's return")
        self.administrator.close()
        self.administrator = Window(self.machine, "root")

    def become(self, name: str, key: bytes) -> None:
        """Have another server know it, by this name and key: the agent is installed over itself."""
        self.name, self.key = name, key
        # records that were made with another key are put aside
        self.records, self._last_mac = [], sealed.BEFORE_FIRST
        since = self.watch.mark()
        installed.install(self.machine, key, signed.public_text(self._signing.public_key()), name)
        self.back(since)

    def state(self) -> Event:
        """What the agent says of itself."""
        return self.administrator.ask("state")

    def starts(self) -> int:
        """How often systemd has started the agent anew, because it had ended or did not live any more."""
        return int(self.machine.sh(f"systemctl show --property NRestarts --value {installed.UNIT}"))

    def devices(self) -> list[Event]:
        """What the agent says of the devices that are there."""
        listed: list[Event] = self.administrator.ask("devices")["devices"]
        return listed

    def collect(self) -> list[Event]:
        """Take the agent's records as the server does, in order and by their MACs; return the new ones."""
        before = len(self.records)
        while listed := self.administrator.ask("records", after=self._seq)["records"]:
            for record in listed:
                seq, text = record["seq"], record["text"]
                assert seq == self._seq + 1, "a record is missing"
                line = sealed.record_text(self.name, seq, self._last_mac, text)
                assert record["mac"] == sealed.mac(self.key, line)
                self._last_mac = record["mac"]
                self.records.append(json.loads(text))
        receipt = sealed.receipt_text(self.name, self._seq, self._last_mac)
        answer = self.administrator.ask("sent", receipt=receipt, mac=sealed.mac(self.key, receipt))
        assert answer.get("up_to") == self._seq, answer
        return self.records[before:]

    def decision_ms(self, instance: str, came_at: float) -> float:
        """How long after the kernel found it (`came_at`, Unix time) a decision on it was first on record."""
        record = next(
            each
            for each in reversed(self.records)
            if each["what"] in ("allowed", "blocked") and each["instance"] == instance
        )
        return (dt.datetime.fromisoformat(record["at"]).timestamp() - came_at) * 1000

    @property
    def _seq(self) -> int:
        return len(self.records)

    # -- devices ---------------------------------------------------------------------------------------------

    def plug(self, kind: str, name: str, **properties: Any) -> None:
        """Plug in what QEMU emulates; `tidy` unplugs it."""
        self.machine.plug(kind, name, **properties)
        self._emulated.append(name)

    def unplug(self, name: str) -> None:
        """Pull it out."""
        self._emulated.remove(name)
        self.machine.unplug(name)

    def plug_gadget(self, kind: Kind, name: str = "gadget") -> list[str]:
        """Plug in a gadget; return its HID functions' nodes. `tidy` unplugs it."""
        self._gadgets.append(name)
        nodes: list[str] = self.machine.gadget(
            "up", name=name, vendor=kind.vendor, product=kind.product, functions=kind.functions,
            serial=kind.serial, title=kind.name,
        )  # fmt: skip
        return nodes

    def unplug_gadget(self, name: str = "gadget") -> None:
        """Pull it out."""
        self._gadgets.remove(name)
        self.machine.gadget("down", name=name)

    def tidy(self) -> None:
        """Everything that was plugged in is out, and the agent knows it."""
        for name in [*self._emulated]:
            with contextlib.suppress(MonitorError):
                self.unplug(name)
        for name in [*self._gadgets]:
            self.unplug_gadget(name)
        end = time.monotonic() + ANSWER_SECONDS
        while [each for each in self.devices() if each["why"] != "root_hub" and each["serial"] != COLD]:
            assert time.monotonic() < end, self.devices()
            time.sleep(_POLL_SECONDS)

    # -- what became of them ---------------------------------------------------------------------------------

    def decided(self, since: int, vendor: int, product: int) -> Event:
        """The agent's word on such a device that came since; `came_at`: the kernel found it (Unix time)."""
        wanted = f"{vendor:x}/{product:x}/"
        came = self.watch.wait(
            since,
            lambda event: (
                (event.get("kernel"), event.get("type")) == ("add", "usb_device")
                and event["product"].startswith(wanted)
            ),
            f"the device {wanted}",
        )
        port = came["path"].rpartition("/")[2]
        before = {each["instance"] for event in self.watch.events()[:since] for each in _at(event, port)}

        def said(event: Event) -> Event | None:
            return next((each for each in _at(event, port) if each["instance"] not in before), None)

        told = self.watch.wait(since, lambda event: said(event) is not None, f"the word on {port}")
        word = said(told)
        assert word is not None
        found = self.watch.wait(since, lambda event: event.get("found") == port, f"the log of {port}")
        return {**word, "came_at": found["t"] + self.watch.clock}

    def usable(self, since: int, port: str) -> list[str]:
        """What the kernel made of a device since: its interfaces. None, if it never could be used."""
        made = [event["path"] for event in self.watch.events(since) if _is_interface(event, "add", port)]
        there = self.machine.sh(
            f"cd /sys/bus/usb/devices; ls -d {port}:* 2>/dev/null; grep -H 1 {port}/authorized || true"
        )
        return made + there.split()

    def opened(self, since: int, port: str) -> Event:
        """Wait for the kernel to make interfaces of a device."""
        return self.watch.wait(since, lambda event: _is_interface(event, "add", port), f"{port} to be usable")

    def closed(self, since: int, port: str, seconds: float = _GONE_SECONDS) -> Event:
        """Wait for the kernel to take its interfaces away."""
        return self.watch.wait(
            since, lambda event: _is_interface(event, "remove", port), f"{port} to be closed", seconds
        )

    def disk(self, since: int, port: str, action: str, seconds: float = _GONE_SECONDS) -> Event:
        """Wait for a stick's disk to come (`add`) or go (`remove`)."""
        return self.watch.wait(
            since,
            lambda event: (
                (event.get("kernel"), event.get("type")) == (action, "disk") and f"/{port}/" in event["path"]
            ),
            f"{action} of the disk at {port}",
            seconds,
        )

    # -- an exception ----------------------------------------------------------------------------------------

    def window(self) -> Window:
        """A window of the counter's account."""
        return Window(self.machine, CLERK)

    def challenge(self, window: Window, device: Event, minutes: int = 1) -> sealed.Challenge:
        """What a window gets when it asks for a device; the MAC is looked at as the server does."""
        answer = window.ask("ask_lease", device=device["instance"], minutes=minutes)
        assert "challenge" in answer, answer
        assert answer["mac"] == sealed.mac(self.key, answer["challenge"])
        return sealed.Challenge.parse(answer["challenge"])

    def approved(self, challenge: sealed.Challenge) -> str:
        """The MAC that the server would give a second person's approval."""
        text = sealed.grant_text(challenge.terminal, challenge.nonce, challenge.minutes)
        return sealed.mac(self.key, text)

    def lend(self, window: Window, device: Event, minutes: int = 1) -> tuple[str, str]:
        """Have a stick opened, and wait for it to be mounted; return its disk's node and the folder."""
        since = self.watch.mark()
        told = len(window.told)
        challenge = self.challenge(window, device, minutes)
        answer = window.ask("grant", nonce=challenge.nonce, mac=self.approved(challenge))
        assert answer.get("device") == device["instance"], answer
        node = self.disk(since, device["port"], "add")["path"].rpartition("/")[2]
        mounted = [each for each in window.told[told:] if each["told"] == "lease" and each["place"]]
        place = (mounted or [window.hear("lease", lambda line: bool(line["place"]))])[0]["place"]
        return f"/dev/{node}", place

    def program(
        self, name: str, *arguments: str, account: str = "root", seconds: float = ANSWER_SECONDS
    ) -> str:
        """Run one of the tests' programs in the guest to its end; return what it wrote. Raises GuestError."""
        ran = self.machine.start(
            "python3", "-m", f"tests.usb.inside.{name}", *arguments, account=account, directory=CODE
        ).wait(seconds)
        if ran.status:
            raise GuestError(f"{name} ended with {ran.status}: {ran.stdout[-2000:]}{ran.stderr}")
        return ran.stdout


def _at(event: Event, port: str) -> list[Event]:
    return [each for each in event.get("agent", {}).get("devices", ()) if each["port"] == port]


def _is_interface(event: Event, action: str, port: str) -> bool:
    is_one = (event.get("kernel"), event.get("type")) == (action, "usb_interface")
    return is_one and f"/{port}/{port}:" in event["path"]
