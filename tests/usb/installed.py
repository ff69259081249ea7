"""What is put into the guest to make it a terminal with the agent, and how: by the agent's own installer."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import usb

import madoguchi
from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_access import RULE_FILE, SCANNER_GROUP, udev_rule
from madoguchi.barcode.sources.source import Device
from madoguchi.device_control import install as installer
from madoguchi.device_control.places import Places
from tests.usb.guest_files import CLERK
from tests.usb.inside.arriving import Kind
from tests.usb.machine import VirtualMachine, packed
from tests.usb.watched import CODE

UNIT: Final = installer.UNIT
GROUP: Final = "counters"
TERMINAL: Final = "counter-1"
STATE: Final = str(Places().state)

# where Debian's `python3-cryptography` puts it
_LIBRARIES: Final = "/usr/lib/python3/dist-packages"
_KEPT: Final = "/run/kept-state"


def files() -> bytes:
    """Everything, packed: the program as far as it is needed, the tests' programs, the libraries of both."""
    program, here = Path(madoguchi.__file__).parent, Path(__file__).parent
    inside = ("__init__.py", "devices.py", "guest", "inside")
    return packed({
        program / "__init__.py": f"{CODE}/madoguchi/__init__.py",
        program / "barcode": f"{CODE}/madoguchi/barcode",
        program / "device_control": f"{CODE}/madoguchi/device_control",
        program.parent / "installer" / UNIT: f"{CODE}/installer/{UNIT}",
        here.parent / "__init__.py": f"{CODE}/tests/__init__.py",
        **{here / name: f"{CODE}/tests/usb/{name}" for name in inside},
        Path(usb.__file__).parent: f"{CODE}/usb",
        **_libraries(),
    })  # fmt: skip


def _libraries() -> dict[Path, str]:
    """`cryptography`, from where these tests have it: the same Python as the guest's."""
    import _cffi_backend
    import cffi
    import cryptography

    assert sys.version_info[:2] == (3, 11)
    backend = Path(_cffi_backend.__file__)
    return {
        Path(cryptography.__file__).parent: f"{_LIBRARIES}/cryptography",
        Path(cffi.__file__).parent: f"{_LIBRARIES}/cffi",
        backend: f"{_LIBRARIES}/{backend.name}",
    }


def install(machine: VirtualMachine, key: bytes, policy_key: str, terminal: str = TERMINAL) -> str:
    """Install the agent as the administrator of a terminal does; return what the installer said."""
    machine.write("/root/agent.key", f"{key.hex()}\n")
    machine.write("/root/policy.pub", policy_key)
    return machine.sh(
        f"cd {CODE} && python3 -m madoguchi.device_control.program install --terminal {shlex.quote(terminal)}"
        f" --group {GROUP} --account {CLERK} --policy-key /root/policy.pub --key /root/agent.key"
    )


def grant_scanner(machine: VirtualMachine, kind: Kind) -> None:
    """Let the counter's account read a scanner, as `installer/scanner_rule.py` does."""
    rule = udev_rule(Device(Source.EVDEV, kind.vendor, kind.product, kind.serial))
    machine.write(f"/etc/udev/rules.d/{RULE_FILE}", rule)
    machine.sh(f"echo {SCANNER_GROUP}:x:2000:{CLERK} >>/etc/group; udevadm control --reload")


@contextlib.contextmanager
def small_disk(machine: VirtualMachine) -> Iterator[Callable[[bool], None]]:
    """The agent's records lie on a disk of their own, which is filled (True) and emptied again (False)."""
    machine.sh(
        f"systemctl stop {UNIT} && cp -a {STATE} {_KEPT}"
        f" && mount -t tmpfs -o size=256k,mode=700 small {STATE}"
        f" && cp -a {_KEPT}/. {STATE}/ && rm -r {_KEPT} && systemctl start {UNIT}"
    )

    def full(is_full: bool) -> None:
        if is_full:
            machine.sh(f"dd if=/dev/zero of={STATE}/filled bs=4k 2>/dev/null; test -s {STATE}/filled")
        else:
            machine.sh(f"rm {STATE}/filled")

    yield full
    machine.sh(
        f"systemctl stop {UNIT} && cp -a {STATE} {_KEPT} && umount {STATE} && rm -r {STATE}"
        f" && mv {_KEPT} {STATE} && rm -f {STATE}/filled && systemctl start {UNIT}"
    )
