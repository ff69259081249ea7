"""What systemd does for the agent: a timer that ends a lease without it, and a leased stick mounted.

The agent itself may neither mount nor start a timer; it asks systemd, which it may as root.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FILE_SYSTEMS: Final = {"vfat": "utf8", "exfat": "iocharset=utf8"}
_TYPE: Final = re.compile(r"^E:ID_FS_TYPE=(\w+)$", re.MULTILINE)
LOCKDOWN: Final = (sys.executable, "-I", "-S", str(Path(__file__).resolve().with_name("lockdown.py")))
"""Runs `lockdown` of this very package, with this very interpreter, and nothing of anybody's account."""


@dataclass(frozen=True, slots=True)
class FileSystem:
    """A file system on a stick: its node in `/dev`, and `vfat` or `exfat`."""

    node: str
    kind: str


class Systemd:
    """The commands by which systemd is asked. `root` is where `/sys`, `/run` and `/proc` are looked for."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def guard(self, agent: int) -> list[str]:
        """Closes what can hold files when the agent, of this process number, is no more."""
        return [*LOCKDOWN, "--guard", str(agent)]

    def timer(self, nonce: str, seconds: float) -> list[str]:
        """Has the leased device closed after so long, whatever became of the agent."""
        return [
            "systemd-run",
            "--quiet",
            "--collect",
            f"--unit={_timer(nonce)}",
            f"--on-active={seconds:.1f}s",
            "--timer-property=AccuracySec=100ms",
            *LOCKDOWN,
            "--lease",
            nonce,
        ]

    def end_timer(self, nonce: str) -> list[str]:
        """Has that timer forgotten."""
        return ["systemctl", "--quiet", "--no-block", "stop", f"{_timer(nonce)}.timer"]

    def mount(self, found: FileSystem, place: Path, account: tuple[int, int]) -> list[str]:
        """Has a stick mounted for one account (its number and group) alone."""
        uid, gid = account
        options = f"nosuid,nodev,noexec,sync,uid={uid},gid={gid},umask=077,{_FILE_SYSTEMS[found.kind]}"
        return [
            "systemd-mount",
            "--quiet",
            "--no-block",
            "--collect",
            "--fsck=no",
            # a program that sits in it does not keep it
            "--property=LazyUnmount=yes",
            f"--type={found.kind}",
            f"--options={options}",
            found.node,
            str(place),
        ]

    def unmount(self, place: Path) -> list[str]:
        """Has the mount taken away."""
        return ["systemd-umount", "--quiet", str(place)]

    def is_mounted(self, place: Path) -> bool:
        """Whether a file system is mounted there."""
        try:
            raw = (self._root / "proc/self/mountinfo").read_bytes()
        except OSError:
            return False
        return any(line.split(b" ")[4:5] == [str(place).encode()] for line in raw.splitlines())

    def file_systems(self, port: str) -> list[FileSystem]:
        """The FAT and exFAT file systems of a device, as udev has found them by now.

        None: not yet, or it has none. More than one: nobody said which is meant.
        """
        device = (self._root / "sys/bus/usb/devices" / port).resolve()
        found: list[FileSystem] = []
        for block in sorted((self._root / "sys/class/block").glob("*")):
            if not block.resolve().is_relative_to(device):
                continue
            try:
                number = (block / "dev").read_text(encoding="ascii").strip()
                said = (self._root / f"run/udev/data/b{number}").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            kind = _TYPE.search(said)
            if kind is not None and kind[1] in _FILE_SYSTEMS:
                found.append(FileSystem(f"/dev/{block.name}", kind[1]))
        return found


def _timer(nonce: str) -> str:
    return f"madoguchi-usb-lease-{nonce}"
