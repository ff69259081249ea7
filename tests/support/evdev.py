"""A scanner that types, without a kernel's input device: sysfs as files, and its events through a pipe."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_devices import Keyboard, Keyboards
from madoguchi.barcode.sources.evdev_keys import EV_KEY, EV_SYN, KeyEvent, KeyLayout
from madoguchi.barcode.sources.evdev_source import EvdevSource
from madoguchi.barcode.sources.framing import Frame
from madoguchi.barcode.sources.source import Device, ScanSource

VENDOR, PRODUCT = 0x0C2E, 0x0901
# what a USB keyboard has: every key up to 127 and more, as sysfs writes it
EVERY_KEY = "10000000000000 e080ffdf01cfffff fffffffffffffffe"
MOUSE_BUTTONS = "1f0000 0 0 0 0"
LEFT_SHIFT = 42

# The codes of a US keyboard, written down once more from linux/input-event-codes.h and not taken from the
# code under test: characters without and with Shift.
US_KEYS = {
    **{sign: (2 + place, False) for place, sign in enumerate("1234567890-=")},
    **{sign: (2 + place, True) for place, sign in enumerate("!@#$%^&*()_+")},
    **{sign: (16 + place, False) for place, sign in enumerate("qwertyuiop[]")},
    **{sign: (16 + place, True) for place, sign in enumerate("QWERTYUIOP{}")},
    **{sign: (30 + place, False) for place, sign in enumerate("asdfghjkl;'`")},
    **{sign: (30 + place, True) for place, sign in enumerate('ASDFGHJKL:"~')},
    **{sign: (43 + place, False) for place, sign in enumerate("\\zxcvbnm,./")},
    **{sign: (43 + place, True) for place, sign in enumerate("|ZXCVBNM<>?")},
    " ": (57, False),
    "\r": (28, False),
    "\t": (15, False),
}


def presses(text: str, at: float | None = None, gap: float = 0.0) -> list[KeyEvent]:
    """The events of a scanner that is set to a US keyboard."""
    moment = time.monotonic() if at is None else at
    events: list[KeyEvent] = []
    for sign in text:
        code, shifted = US_KEYS[sign]
        keys = [(LEFT_SHIFT, 1), (code, 1), (code, 0), (LEFT_SHIFT, 0)] if shifted else [(code, 1), (code, 0)]
        for key, value in keys:
            events += [KeyEvent(moment, EV_KEY, key, value), KeyEvent(moment, EV_SYN, 0, 0)]
        moment += gap
    return events


def packed(events: Iterable[KeyEvent]) -> bytes:
    """As the kernel hands them over."""
    return b"".join(event.packed() for event in events)


class MadeUpSysfs:
    """Input devices as sysfs shows them."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "sys"
        (self.root / "class/input").mkdir(parents=True)

    def add(
        self,
        number: int,
        *,
        port: str = "1-4.2",
        serial: str = "S1",
        product: int = PRODUCT,
        keys: str = EVERY_KEY,
    ) -> None:
        """A USB device with the node ``event<number>``."""
        usb = self.root / "devices/pci0000:00/usb1" / port
        usb.mkdir(parents=True, exist_ok=True)
        self._write(usb, idVendor=f"{VENDOR:04x}", idProduct=f"{product:04x}", serial=serial)
        self._input(usb / f"{port}:1.{number}/0003:X/input/input{number}", number, keys)

    def add_built_in(self, number: int) -> None:
        """A keyboard that is no USB device."""
        self._input(self.root / f"devices/platform/i8042/serio0/input/input{number}", number, EVERY_KEY)

    def remove(self, port: str = "1-4.2") -> None:
        """It is unplugged."""
        for link in (self.root / "class/input").iterdir():
            if f"/{port}/" in str(link.resolve()):
                link.unlink()
        shutil.rmtree(self.root / "devices/pci0000:00/usb1" / port)

    def _input(self, at: Path, number: int, keys: str) -> None:
        event = at / f"event{number}"
        event.mkdir(parents=True)
        (event / "device").symlink_to("..")
        (at / "capabilities").mkdir()
        (at / "capabilities/key").write_text(f"{keys}\n")
        self._write(at, name="Scanner of somebody", phys="usb-1/input0")
        (self.root / f"class/input/event{number}").symlink_to(event)

    @staticmethod
    def _write(directory: Path, **files: str) -> None:
        for name, text in files.items():
            if text:
                (directory / name).write_text(f"{text}\n")


class PipedKeyboards(Keyboards):
    """Keyboards whose events come through pipes that a test writes to."""

    def __init__(self, sysfs: Path) -> None:
        super().__init__(sysfs)
        self.refused: OSError | None = None
        self.writing: dict[str, int] = {}
        self.taken: set[int] = set()

    def take(self, keyboard: Keyboard) -> int:
        if self.refused is not None:
            raise self.refused
        reading, self.writing[keyboard.node.name] = os.pipe()
        os.set_blocking(reading, False)
        self.taken.add(reading)
        return reading

    def let_go(self, port: int) -> None:
        self.taken.discard(port)
        super().let_go(port)

    def unplug(self) -> None:
        """What was taken is at its end."""
        for port in self.writing.values():
            os.close(port)
        self.writing.clear()


class EvdevRig:
    """The source of `madoguchi.barcode.sources.evdev_source` as `tests.support.scanners.Rig` has it."""

    def __init__(self, folder: Path, frame: Frame | None = None, layout: KeyLayout = KeyLayout.US) -> None:
        self.sysfs = MadeUpSysfs(folder)
        self.keyboards = PipedKeyboards(self.sysfs.root)
        self.source: ScanSource = EvdevSource(
            Device(Source.EVDEV, VENDOR, PRODUCT, "S1"), layout, frame,
            keyboards=self.keyboards, look_every_seconds=0.02, silence_seconds=0.3,
        )  # fmt: skip
        self.plug()

    def send(self, text: str) -> None:
        """With Enter."""
        self.write(packed(presses(f"{text}\r")))

    def send_half(self, text: str) -> None:
        """Without."""
        self.write(packed(presses(text)))

    def send_noise(self, noise: bytes) -> None:
        """What can be typed is typed; any other byte is the code of a key.

        A keyboard tells a thousand keys a second at most: no more than two seconds' worth is sent.
        """
        self.write(_typed_noise(noise[:2000], time.monotonic()))

    def write(self, data: bytes) -> None:
        """These bytes; nobody gets them while nobody has taken the device."""
        port = self.keyboards.writing.get("event7")
        # after close there is no reader left
        with contextlib.suppress(BrokenPipeError):
            while port is not None and data:
                data = data[os.write(port, data) :]

    def unplug(self) -> None:
        """Nothing of what it had begun to send arrives any more."""
        self.sysfs.remove()
        self.keyboards.unplug()

    def plug(self) -> None:
        """It is there again."""
        self.sysfs.add(7)

    def close(self) -> None:
        """Everything of the rig ends."""
        self.keyboards.unplug()


def _typed_noise(noise: bytes, at: float) -> bytes:
    keys = {byte: US_KEYS.get(chr(byte), (byte, False))[0] for byte in set(noise)}
    both = {
        byte: KeyEvent(at, EV_KEY, code, 1).packed() + KeyEvent(at, EV_KEY, code, 0).packed()
        for byte, code in keys.items()
    }
    return b"".join(both[byte] for byte in noise)
